"""Every module says first what lives in it."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import python_files, shown


def says_what_lives_here(source: str) -> bool:
    """Whether a module begins with a docstring of more than one word; an empty file has nothing to tell of."""
    module = ast.parse(source)
    return not module.body or len((ast.get_docstring(module) or "").split()) >= 2


@pytest.mark.parametrize("path", python_files(), ids=shown)
def test_module_has_a_docstring(path: Path):
    assert says_what_lives_here(path.read_text()), f"{shown(path)}: say what lives here and what may not"


@pytest.mark.parametrize(
    "source", ["import os\n", '"""Views."""\nimport os\n', "# A comment is no docstring.\nx = 1\n"]
)
def test_a_silent_module_is_seen(source: str):
    assert not says_what_lives_here(source)
