"""Figures and tables of the measurements, and the document they land in."""

import re

import pytest

from scripts.bench_requests import tables_of as tables_of_pages
from scripts.measuring import REPORT, medians, percentile, site_environment, spread, table, write_tables


def test_percentile_of_one():
    assert percentile([3.0], 0.95) == 3.0


def test_percentile():
    assert percentile(range(100), 0.95) == 95


def test_spread():
    assert spread([1.0, 2.0, 300.0]) == "2.00 / 300 / 300"


def test_table():
    assert table(("what", "ms"), [("a", 1), ("b", 2)]).splitlines() == [
        "| what | ms |",
        "| --- | ---: |",
        "| a | 1 |",
        "| b | 2 |",
    ]


def test_every_way_gets_every_query():
    asked = []
    ways = {name: [lambda name=name, query=query: asked.append((name, query)) for query in range(3)] for name in "ab"}
    times = medians(ways, 2, "seed")
    assert sorted(asked) == sorted([(name, query) for name in "ab" for query in range(3)] * 2)
    assert [len(each) for each in times.values()] == [3, 3]


def test_tables_replace_what_stood_between_their_markers(tmp_path):
    report = tmp_path / "report.md"
    report.write_text("before\n<!-- one -->\nold\n<!-- /one -->\nafter\n", encoding="utf-8")
    for _ in range(2):
        write_tables({"one": "new"}, report)
    assert report.read_text(encoding="utf-8") == "before\n<!-- one -->\n\nnew\n\n<!-- /one -->\nafter\n"


def test_lost_marker_is_told(tmp_path):
    report = tmp_path / "report.md"
    report.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="one"):
        write_tables({"one": "new"}, report)


def test_report_has_a_place_for_every_table():
    """The names of markers, as the scripts write them."""
    text = REPORT.read_text(encoding="utf-8")
    scripts = [REPORT.parents[1] / "scripts" / f"bench_{name}.py" for name in ("search", "speed", "requests")]
    named = {
        name
        for script in scripts
        for name in re.findall(r'"((?:quality|speed)(?:-[a-z]+)?)":', script.read_text(encoding="utf-8"))
    }
    assert named
    assert {name for name in named if f"<!-- {name} -->" not in text or f"<!-- /{name} -->" not in text} == set()


def test_pages_table():
    result = {
        "size": 1_000,
        "queries": 2,
        "rounds": 3,
        "kilobytes": 90.0,
        "times": {"bare": [10.0, 10.0], "page": [20.0, 40.0], "find": [1.0, 1.0]},
    }
    row = next(line for line in tables_of_pages([result])["speed-pages"].splitlines() if "the search page" in line)
    assert row.endswith("| 3.00 | 3.00 |")


def test_measurements_leave_the_developers_database_alone(tmp_path):
    environment = site_environment(tmp_path)
    assert str(tmp_path) in environment["DATABASE_URL"]
    assert environment["VAR_DIR"] == str(tmp_path)
