"""Measures how well search finds, on the judged set, beside plainer ways to search the same listings.

`make bench-search ARGS="--write"`. The listings take the way of any import into a site in a temporary directory (or in
the one that `--dir` names, where it is taken up again), so what is measured is what the public would get. `--misses 20`
lists the worst queries, of the half for tuning alone: whoever reads what the other half misses has used it up.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from scripts.measuring import figure, machine, make_site, say, site_environment, table, write_tables
from tests.search import judged
from tests.search.judged.metrics import ndcg_at, overlap_at, recall_at, zero_share

DEPTH = 20
# Each search is timed so many times.
ROUNDS = 3
OURS, OURS_ELASTIC = "**ours, embedded**", "**ours, Elasticsearch**"

# A query → ids of services, best first.
Way = Callable[[judged.Query], Sequence[str]]


# --- plainer ways ----------------------------------------------------------------------------------------------------
class PlainIndex:
    """The words of the listings in FTS5, as they stand or as a function makes them."""

    def __init__(self, words_of: Callable[[str], list[str]]) -> None:
        self._words_of = words_of
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE listing USING fts5(id UNINDEXED, title, text)")
        self._connection.executemany(
            "INSERT INTO listing VALUES (?, ?, ?)",
            [(each.id, self._row(each.title), self._row(" ".join(_texts(each)))) for each in judged.listings()],
        )

    def _row(self, text: str) -> str:
        return " ".join(self._words_of(text))

    def find(self, text: str, operator: str) -> list[str]:
        words = [f'"{word}"' for word in self._words_of(text)]
        if not words:
            return []
        statement = "SELECT id FROM listing WHERE listing MATCH ? ORDER BY rank LIMIT ?"
        return [id for (id,) in self._connection.execute(statement, [f" {operator} ".join(words), DEPTH])]


def _texts(listing: judged.Listing) -> Iterator[str]:
    """Every text that the record of a listing holds."""
    yield from (listing.alternate_name, listing.summary, listing.text, listing.organisation, listing.area)
    yield from (*listing.topics, *listing.groups)


def plain_ways() -> dict[str, Way]:
    """FTS5 on raw words, and on Snowball's Finnish stems."""
    import Stemmer

    from search.analysis import tokenize

    stemmer = Stemmer.Stemmer("finnish")
    raw, stems = PlainIndex(tokenize), PlainIndex(lambda text: stemmer.stemWords(tokenize(text)))
    return {
        "FTS5, raw words, all of them": lambda query: raw.find(query.text, "AND"),
        "FTS5, raw words, any": lambda query: raw.find(query.text, "OR"),
        "Snowball stems in FTS5, any": lambda query: stems.find(query.text, "OR"),
    }


def wagtail_ways() -> dict[str, Way]:
    """Wagtail's own database search, given every text of a service and the labels of its terms."""
    from django.core.management import call_command
    from django.db import connection
    from wagtail.search import index
    from wagtail.search.backends import get_search_backend

    from directory.models import Service

    texts = ("description", "for_whom", "how_to_join", "how_to_refer", "eligibility", "keywords")
    labels = [index.SearchField("labels_text")]
    every_text = [
        *Service.search_fields,
        *(index.SearchField(name) for name in texts),
        index.RelatedFields("topics", labels),
        index.RelatedFields("target_groups", labels),
        index.RelatedFields("municipalities", [index.SearchField("names_text")]),
    ]
    with patch.object(Service, "search_fields", every_text):
        call_command("update_index", "--verbosity", "0")
    with connection.cursor() as cursor:
        # Without it SQLite reads the index once for each row.
        cursor.execute("ANALYZE")
    # Everything is public here, and this backend filters by indexed fields only.
    backend, rows = get_search_backend(), Service.objects.filter(live=True)

    def find(text: str, operator: str) -> list[str]:
        with patch.object(Service, "search_fields", every_text):
            return [str(row.uuid) for row in backend.search(text, rows, operator=operator)[:DEPTH]]

    return {
        "Wagtail's database search, all words": lambda query: find(query.text, "and"),
        "Wagtail's database search, any word": lambda query: find(query.text, "or"),
    }


# --- ours ------------------------------------------------------------------------------------------------------------
def our_ways(elastic: bool) -> dict[str, Way]:
    """Search as the public has it, on each engine."""
    from search import indexing
    from search.finding import Finder, Serving
    from search.query import SearchRequest

    finder = indexing.finder()

    def way(name: str) -> Way:
        ours = Finder(Serving(indexing.engine(name)), finder._planner, finder._vocabulary)

        def find(query: judged.Query) -> list[str]:
            request = SearchRequest(
                query.text, language=query.language, facets={"type": (indexing.SERVICE,)}, per_page=DEPTH
            )
            return [str(hit.uuid) for hit in ours.find(request).hits]

        return find

    found = {OURS: way(indexing.EMBEDDED)}
    if elastic:
        indexing.rebuild(indexing.ELASTICSEARCH)
        found[OURS_ELASTIC] = way(indexing.ELASTICSEARCH)
    return found


# --- the measurement -------------------------------------------------------------------------------------------------
class Measured:
    """The rankings of one way for every query, and how long each took."""

    def __init__(self, way: Way) -> None:
        self.rankings: dict[str, Sequence[str]] = {}
        self._times: dict[str, float] = {}
        queries = judged.queries()
        for query in queries:
            self.rankings[query.id] = way(query)
        for query in queries:
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                way(query)
                times.append((time.perf_counter() - began) * 1000)
            self._times[query.id] = statistics.median(times)

    def ndcg(self, queries: Iterable[judged.Query]) -> float:
        return statistics.mean(ndcg_at(self.rankings[query.id], judged.grades(query)) for query in queries)

    def recall(self, queries: Iterable[judged.Query]) -> float:
        graded = [(query, judged.grades(query)) for query in queries]
        return statistics.mean(
            recall_at(self.rankings[query.id], grades) for query, grades in graded if max(grades.values()) >= 2
        )

    def zero(self, queries: Iterable[judged.Query]) -> float:
        return zero_share([self.rankings[query.id] for query in queries])

    def milliseconds(self, queries: Iterable[judged.Query]) -> float:
        return statistics.median(self._times[query.id] for query in queries)


def quality_table(measured: Mapping[str, Measured]) -> str:
    halves = {"all": judged.queries(), "tune": judged.queries("tune"), "test": judged.queries("test")}
    rows = []
    for name, one in measured.items():
        row = [name]
        for queries in halves.values():
            row += [f"{one.ndcg(queries):.3f}", f"{one.recall(queries):.3f}", f"{one.zero(queries):.3f}"]
        rows.append([*row, figure(one.milliseconds(halves["all"]))])
    marks = ("nDCG@10", "recall@20", "no result")
    head = ["", *(f"{half}: {mark}" for half in halves for mark in marks), "ms, median"]
    return table(head, rows)


def kinds_table(measured: Mapping[str, Measured]) -> str:
    kinds: dict[str, list[judged.Query]] = {}
    for query in judged.queries():
        kinds.setdefault(query.kind, []).append(query)
    rows = [
        (f"{kind} ({len(queries)})", *(f"{one.ndcg(queries):.2f}" for one in measured.values()))
        for kind, queries in kinds.items()
    ]
    return table(("nDCG@10", *measured), rows)


def overlap_line(measured: Mapping[str, Measured]) -> str:
    """How alike the two engines' first ten are."""
    if OURS_ELASTIC not in measured:
        return "No Elasticsearch was there to compare with."
    shares = [
        overlap_at(measured[OURS].rankings[query.id], measured[OURS_ELASTIC].rankings[query.id])
        for query in judged.queries()
    ]
    least = sum(share < 0.7 for share in shares)
    return f"Top-10 overlap of the two engines: {statistics.mean(shares):.3f}; below .7 for {least} queries."


def misses(one: Measured, most: int) -> str:
    """The worst queries of the half for tuning: what was found, and what was looked for."""
    titles = {listing.id: f"{listing.title} ({listing.area})" for listing in judged.listings()}
    worst = sorted(judged.queries("tune"), key=lambda query: ndcg_at(one.rankings[query.id], judged.grades(query)))
    lines = []
    for query in worst[:most]:
        grades, ranking = judged.grades(query), one.rankings[query.id]
        lines.append(f"\n{query.kind}: {query.text}  (nDCG {ndcg_at(ranking, grades):.2f}, {query.language})")
        lines += [f"  {place:2} [{grades.get(id, 0)}] {titles[id]}" for place, id in enumerate(ranking[:10], start=1)]
        missing = sorted((-grade, titles[id]) for id, grade in grades.items() if grade > 1 and id not in ranking[:10])
        lines += [f"   – [{-grade}] {title}" for grade, title in missing]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Import, search in every way, print."""
    parser = argparse.ArgumentParser(description="How well search finds, on the judged set.")
    parser.add_argument("--elastic", default=os.environ.get("ELASTICSEARCH_TEST_URL", ""), help="elasticsearch://…")
    parser.add_argument("--dir", type=Path, help="keep the site here, and take it up again (its index is built anew)")
    parser.add_argument("--ours", action="store_true", help="leave the plainer ways out")
    parser.add_argument("--misses", type=int, default=0, help="list so many of the worst queries for tuning")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = options.dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        measured = _measured(folder.resolve(), options)
    tables = {
        "quality": f"{quality_table(measured)}\n\n{overlap_line(measured)}",
        "quality-kinds": kinds_table(measured),
        "quality-machine": f"{machine()}; {len(judged.queries())} queries, {len(judged.listings())} listings.",
    }
    for name, content in tables.items():
        print(f"\n## {name}\n\n{content}")
    if options.misses:
        print(misses(measured[OURS], options.misses))
    if options.write:
        write_tables(tables)
    return 0


def _measured(folder: Path, options: argparse.Namespace) -> dict[str, Measured]:
    folder.mkdir(exist_ok=True)
    records = folder / "judged.ndjson"
    records.write_text("".join(json.dumps(record) + "\n" for record in judged.hsds_records()), encoding="utf-8")
    site = folder / "quality"
    make_site(
        site,
        ("load_content", "--no-sample", "--verbosity", "0"),
        ("import_services", str(records), "--format", "hsds", "--verbosity", "0"),
    )
    os.environ.update(site_environment(site, f"{options.elastic}/bench-quality" if options.elastic else "embedded://"))
    import django

    django.setup()
    from search import indexing

    # Words, topics and analysers may have changed since the site was made.
    indexing.rebuild(indexing.EMBEDDED)
    ways = our_ways(bool(options.elastic))
    if not options.ours:
        ways = {**plain_ways(), **wagtail_ways(), **ways}
    measured = {}
    for name, way in ways.items():
        say(name.strip("*"))
        measured[name] = Measured(way)
    return measured


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
