"""A module is called after what lives in it; these names would tell nothing."""

from pathlib import Path

import pytest

from tests.architecture.sources import python_files, shown

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "mixins", "misc", "tools_misc", "lib"}


def empty_words(path: Path) -> set[str]:
    """The parts of a path that say nothing."""
    return EMPTY_WORDS & {Path(part).stem for part in path.parts}


@pytest.mark.parametrize("path", python_files(), ids=shown)
def test_module_name_says_something(path: Path):
    assert not empty_words(Path(shown(path)))


def test_an_empty_name_is_seen():
    assert empty_words(Path("directory/utils.py"))
    assert empty_words(Path("portal/common/views.py"))
    assert not empty_words(Path("cards/models/tools.py"))
