"""The list of what the sources hold: long enough, true to our content, and every page of it public on the site."""

from pathlib import Path

import pytest
import yaml
from wagtail.models import Page

from portal.base import languages
from portal.base.loading import identity
from scripts import content_coverage as coverage

FEWEST_ITEMS = 250
SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
# What stands in records of its own, and the page that shows it.
SHOWN_BY = {"directory/partnership.yaml": "kumppanuus"}


@pytest.fixture(scope="module")
def items() -> list[coverage.Item]:
    return coverage.items()


def test_every_source_is_in_the_list_and_the_list_is_long_enough(items: list[coverage.Item]):
    assert {item.source for item in items} == set(coverage.SOURCES)
    assert len(items) >= FEWEST_ITEMS


def test_every_item_is_carried_by_the_page_it_names(items: list[coverage.Item]):
    assert coverage.faults(items) == []


def test_a_page_that_vanishes_and_words_that_go_are_noticed(items: list[coverage.Item]):
    gone = coverage.Item("x-1", "CARDS", (1, 2), "…", "cards/practice-models/a/99-ei-ole.yaml", "ei ole täällä")
    silent = coverage.Item("x-2", "CARDS", (1, 2), "…", items[0].page, "tätä ei sanota missään")
    assert len(coverage.faults([gone, silent])) == 2


def test_the_table_is_written_of_the_list(items: list[coverage.Item]):
    assert coverage.TABLE.read_text(encoding="utf-8") == coverage.table(items), "make content-coverage"


def test_every_page_of_the_list_is_public(site: None, items: list[coverage.Item]):
    live = Page.objects.live().public().filter(locale__language_code=languages.FINNISH)
    keys = set(live.values_list("translation_key", flat=True))
    for page in {item.page for item in items}:
        if page in SHOWN_BY:
            assert live.filter(slug=SHOWN_BY[page]).exists()
            continue
        assert identity(_without_language(page)) in keys, page


def _without_language(page: str) -> str:
    room, _, name = page.partition("/")
    first, _, rest = name.partition("/")
    return f"{room}/{rest}" if room == "content" and first in languages.CODES else page


def test_lines_are_lines_of_the_sources(items: list[coverage.Item]):
    files = sorted(SEEDS.glob("00*.txt"))
    if not files:
        pytest.skip("the source texts are not on this machine")
    length = {
        source: len(path.read_text(encoding="utf-8").splitlines())
        for source, path in zip(coverage.SOURCES, files, strict=True)
    }
    wrong = [item.id for item in items if not 1 <= item.lines[0] <= item.lines[1] <= length[item.source]]
    assert wrong == []


def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(coverage, "LISTS", tmp_path)
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([{"id": "x-1", "source": "CARDS"}]))
    assert coverage.main(["--check"]) == 1
    assert "x.yaml" in capsys.readouterr().err
