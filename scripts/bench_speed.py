"""Measures how fast search is on 1,000 to 100,000 invented listings, each as a ratio to the bare FTS5 query.

`make bench-speed ARGS="--sizes 1000 10000 100000 --write"`. Everything happens in a temporary directory, or in the one
that `--dir` names, where what was built is taken up again. The index is built by search.indexing as a rebuild does,
only that the documents come from scripts/listings_for_bench.py; `--requests` imports the same listings into a site
instead and times whole pages.

Every size is measured in a process of its own. Ways to answer take turns for each query in random order; the figure of
a query is its median over the rounds.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from scripts.measuring import (
    ROOT,
    copy_site,
    figure,
    machine,
    make_site,
    medians,
    say,
    site_environment,
    spread,
    write_tables,
)
from scripts.measuring import table as markdown

SIZES = (1_000, 10_000)
ROUNDS = 7
WRITES = 30
# Beginnings of the queries, as a person types them.
PREFIXES = (1, 2, 3, 5, 8)
# A word that no document has: the dictionary is loaded for it.
UNHEARD = "lämmittelykierroksellammekaan"


# --- the process of one size -----------------------------------------------------------------------------------------
class Clock:
    """Seconds of work by name; what runs inside another named part counts for the inner one alone."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.wall: dict[str, float] = defaultdict(float)
        self._running: list[str] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._running.append(name)
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            self._running.pop()
            self.cpu[name] += cpu
            self.wall[name] += wall
            if self._running:
                self.cpu[self._running[-1]] -= cpu
                self.wall[self._running[-1]] -= wall

    def around(self, owner: Any, name: str, part: str) -> Any:
        """A patch that counts the time of a function of a class or module."""
        inner = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(part):
                return inner(*args, **kwargs)

        return patch.object(owner, name, timed)


@contextmanager
def invented(count: int, clock: Clock | None = None) -> Iterator[None]:
    """Inside, the first so many invented listings are what is public."""
    from scripts import listings_for_bench
    from search import indexing, sources

    numbers = {f"service:{listings_for_bench.uuid_of(number)}": number for number in range(count)}
    clock = clock or Clock()

    def documents(ids: Any, batch: int = indexing.BATCH) -> Iterator[list[Any]]:
        wanted = sorted(numbers[id] for id in ids)
        for start in range(0, len(wanted), batch):
            with clock.part("inventing"):
                found = [listings_for_bench.listing(number).document() for number in wanted[start : start + batch]]
            yield found

    with (
        patch.object(sources, "public_ids", lambda: set(numbers)),
        patch.object(indexing, "public_documents", documents),
    ):
        yield


def build(engine_name: str, count: int) -> dict[str, Any]:
    """Rebuild an index and tell where the time went."""
    from search import indexing
    from search.lexicon import Lexicon
    from search.suggesting import Suggestions

    clock, engine = Clock(), type(indexing.engine(engine_name))
    indexing._language_of.cache_clear()
    with ExitStack() as stack:
        stack.enter_context(invented(count, clock))
        for owner, name, part in (
            (Lexicon, "learn", "analysis"),
            (indexing, "entry_of", "analysis"),
            (Lexicon, "count", "words"),
            (engine, "build", "engine"),
            (Suggestions, "put", "suggestions"),
            (engine, "swap", "swap"),
        ):
            stack.enter_context(clock.around(owner, name, part))
        stack.enter_context(clock.part("rest"))
        indexing.rebuild(engine_name, _progress(count))
    del clock.cpu["inventing"], clock.wall["inventing"]
    return {"cpu": dict(clock.cpu), "wall": dict(clock.wall)}


def _progress(count: int) -> Callable[[int], None]:
    done, told = 0, 0

    def progress(more: int) -> None:
        nonlocal done, told
        done += more
        if done - told >= count / 5:
            told = done
            say(f"  {done:,} of {count:,} listings")

    return progress


def bytes_in_use() -> int:
    """The size of the site's database less its empty pages."""
    from django.db import connection

    with connection.cursor() as cursor:
        sizes: dict[str, int] = {}
        for name in ("page_count", "freelist_count", "page_size"):
            cursor.execute(f"PRAGMA {name}")
            sizes[name] = cursor.fetchone()[0]
    return (sizes["page_count"] - sizes["freelist_count"]) * sizes["page_size"]


class Bare:
    """The same words straight to FTS5: the winning step of the ladder, ranked, twenty rows, and nothing else."""

    def __init__(self, path: str) -> None:
        from search.documents import FIELDS

        self._connection = sqlite3.connect(path)
        weights = ", ".join(str(weight) for weight in FIELDS.values())
        self._ids = "SELECT group_concat(n) FROM (SELECT rowid AS n FROM search_text WHERE search_text MATCH ?)"
        self._statement = (
            f"SELECT rowid FROM search_text WHERE search_text MATCH ? ORDER BY bm25(search_text, {weights}) LIMIT 20"  # noqa: S608
        )

    def ask(self, match: str) -> list[Any]:
        return self._connection.execute(self._statement, [match]).fetchall()

    def ids(self, match: str) -> list[Any]:
        """Every row that matches, unranked, as one text."""
        return self._connection.execute(self._ids, [match]).fetchall()


def winning_match(step: Any) -> str:
    """What a step of a plan's ladder asks of FTS5, without any weighing of terms."""
    groups = ["(" + " OR ".join(f'"{term}"' for term in terms) + ")" for terms in step.groups]
    return " OR ".join("(" + " AND ".join(chosen) + ")" for chosen in combinations(groups, step.needed))


def winning_step(engine: Any, plan: Any) -> tuple[Any, int]:
    """(the last step of the ladder that gave results, how many results there were)."""
    total, per_page = engine.search(plan).total, 100
    if not total:
        return plan.ladder[-1], 0
    last = replace(plan, request=replace(plan.request, per_page=per_page, page=-(-total // per_page)))
    number = max(hit.step for hit in engine.search(last).hits)
    return next((step for step in plan.ladder if step.number == number), plan.ladder[0]), total


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything of one size but whole pages."""
    import django

    django.setup()
    from django.conf import settings

    from scripts.listings_for_bench import queries
    from search import indexing
    from search.finding import Finder, Serving
    from search.query import SearchRequest

    count = options.one
    found: dict[str, Any] = {"size": count}
    names = indexing.engine_names()
    told = Path(settings.VAR_DIR) / "built.json"
    if told.exists():
        found |= json.loads(told.read_text())
    else:
        empty = bytes_in_use()
        say(f"{count:,} listings: building, every form new")
        found["cold"] = build(names[0], count)
        found["bytes"] = bytes_in_use() - empty
        say(f"{count:,} listings: building again, forms known")
        again = partial(build, names[0], count)
        found["warm"] = profiled("a rebuild, forms known", again) if options.profile else again()
        told.write_text(json.dumps({key: found[key] for key in ("cold", "warm", "bytes")}))
    elastic = indexing.engine(names[1]) if len(names) > 1 else None
    if elastic is not None:
        elastic.create()
        if elastic.digests() != indexing.engine(names[0]).digests():
            say(f"{count:,} listings: building on Elasticsearch")
            found["elastic"] = build(names[1], count)

    engine = indexing.engine(names[0])
    finder = indexing.finder()
    embedded = Finder(Serving(engine), finder._planner, finder._vocabulary)
    asked = [SearchRequest(query.text, language=query.language) for query in queries()]
    plans = [finder.plan(request) for request in asked]
    worded = [(request, plan) for request, plan in zip(asked, plans, strict=True) if plan.groups]
    steps = [winning_step(engine, plan) for _request, plan in worded]
    bare = Bare(settings.DATABASES["default"]["NAME"])
    matches = [winning_match(step) for step, _total in steps]
    totals = [total for _step, total in steps]
    found["queries"], found["matches"] = len(worded), totals
    found["without"] = [plan.request.text for plan in plans if not plan.groups]
    found["steps"] = Counter(step.number for step, _total in steps)
    found["terms"] = _rows("search_term")
    found["forms"] = _rows("search_form")

    if options.profile:
        profile(engine, finder, worded)
    ways: dict[str, list[Callable[[], object]]] = {
        "bare": [partial(bare.ask, match) for match in matches],
        "ids": [partial(bare.ids, match) for match in matches],
        "embedded": [partial(engine.search, plan) for _request, plan in worded],
        "find": [partial(embedded.find, request) for request, _plan in worded],
    }
    if elastic is not None:
        ways["elasticsearch"] = [partial(elastic.search, plan) for _request, plan in worded]
    say(f"{count:,} listings: {len(worded)} queries, {options.rounds} rounds")
    medians(ways, 1, "warm")
    found["times"] = medians(ways, options.rounds, "queries")
    found["planning"] = planning(asked, options.rounds)
    found["suggesting"] = suggesting(options.rounds)
    found["writes"] = writes(engine, finder, names[0])
    found["memory"] = memory(options, "--memory")
    return found


def _rows(name: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 - names above
        return int(cursor.fetchone()[0])


def planning(asked: Sequence[Any], rounds: int) -> dict[str, list[float]]:
    """Plans made for the first time in a process, and again. The dictionary is loaded already."""
    from search import indexing

    firsts: list[list[float]] = [[] for _ in asked]
    for _ in range(3):
        indexing._language_of.cache_clear()
        finder = indexing.finder()
        finder.plan(replace(asked[0], text=UNHEARD))
        for position, request in enumerate(asked):
            began = time.perf_counter()
            finder.plan(request)
            firsts[position].append((time.perf_counter() - began) * 1000)
    again = medians({"again": [partial(finder.plan, request) for request in asked]}, rounds, "plans")
    return {"first": [statistics.median(each) for each in firsts], "again": again["again"]}


def suggesting(rounds: int) -> list[float]:
    """Suggestions for the beginnings of every query."""
    from scripts.listings_for_bench import queries
    from search.suggesting import suggestions

    store = suggestions()
    typed = sorted({query.text[:length] for query in queries() for length in (*PREFIXES, len(query.text))})
    calls = [partial(store.suggest, text, "fi") for text in typed]
    return medians({"suggest": calls}, min(rounds, 3), "suggestions")["suggest"]


def writes(engine: Any, finder: Any, name: str) -> dict[str, list[float]]:
    """One listing replaced, and the first search after it, which has to find what is new."""
    from scripts.listings_for_bench import listing
    from search import indexing, sources
    from search.query import SearchRequest

    found: dict[str, list[float]] = {"write": [], "search after it": [], "search once more": []}

    def put(document: Any) -> None:
        with patch.object(sources, "services", lambda keys: [document]):
            indexing.reindex(name, indexing.SERVICE, [document.uuid])

    for number in range(WRITES):
        before = listing(number).document()
        marker = f"muutettusana{number}"
        after = replace(before, fields={**before.fields, "title": (("fi", f"{before.title} {marker}"),)})
        began = time.perf_counter()
        put(after)
        found["write"].append((time.perf_counter() - began) * 1000)
        plan = finder.plan(SearchRequest(marker, as_typed=True))
        for each in ("search after it", "search once more"):
            began = time.perf_counter()
            result = engine.search(plan)
            found[each].append((time.perf_counter() - began) * 1000)
            if [hit.id for hit in result.hits] != [before.id]:
                raise RuntimeError("A replaced listing was not found.")
        put(before)
    return found


# --- memory of a worker ----------------------------------------------------------------------------------------------
def memory(options: argparse.Namespace, flag: str) -> dict[str, Any]:
    """What a web process takes, measured in one of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "scripts.bench_speed", flag], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def memory_of_a_worker() -> None:
    """Load what `gunicorn --preload` loads, part ways as its workers do, search, and print megabytes."""
    from portal.wsgi import application  # noqa: F401

    found = {"the first process, which others are made of": _megabytes()}
    if os.fork():
        os.wait()
        return
    from scripts.listings_for_bench import queries
    from search import indexing
    from search.query import SearchRequest

    found["a worker, before anything is asked"] = _megabytes()
    finder = indexing.finder()
    finder.find(SearchRequest(queries()[0].text))
    found["a worker after one search"] = _megabytes()
    for query in queries():
        finder.find(SearchRequest(query.text, language=query.language))
    found["a worker after all the queries"] = _megabytes()
    print(json.dumps({"steps": found}), flush=True)
    os._exit(0)


def _megabytes() -> list[float]:
    sizes = dict.fromkeys(("Rss", "Private_Clean", "Private_Dirty"), 0)
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        name, _sign, size = line.partition(":")
        if name in sizes:
            sizes[name] = int(size.split()[0])
    return [sizes["Rss"] / 1024, (sizes["Private_Clean"] + sizes["Private_Dirty"]) / 1024]


# --- where the time goes ---------------------------------------------------------------------------------------------
def profiled(name: str, call: Callable[[], Any]) -> Any:
    """Call, and print the functions that most of the time was spent in."""
    profiler = cProfile.Profile()
    profiler.enable()
    found = call()
    profiler.disable()
    say(f"--- {name}")
    pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(15)
    return found


def _call_all(calls: Sequence[Callable[[], object]]) -> None:
    for call in calls:
        call()


def profile(engine: Any, finder: Any, worded: Sequence[tuple[Any, Any]]) -> None:
    """Where searches and plans spend their time, once everything is warm."""
    for name, calls in {
        "engine.search": [partial(engine.search, plan) for _request, plan in worded],
        "finder.plan": [partial(finder.plan, request) for request, _plan in worded],
    }.items():
        _call_all(calls)
        profiled(f"{name}, {len(calls)} queries", partial(_call_all, calls))


# --- tables ----------------------------------------------------------------------------------------------------------
def speed_table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in results:
        bare = one["times"]["bare"]
        for name, label in (
            ("bare", "bare FTS5, winning step, 20 rows"),
            ("ids", "bare FTS5, every row number and no rank"),
            ("embedded", "embedded engine: total, page, all facets"),
            ("find", "the same with planning (`Finder.find`)"),
            ("elasticsearch", "Elasticsearch: total, page, all facets"),
        ):
            if times := one["times"].get(name):
                by_half = statistics.median(times) / statistics.median(bare)
                rows.append((f"{one['size']:,}", label, spread(times), figure(by_half), figure(sum(times) / sum(bare))))
    head = ("listings", "what answers", "ms p50 / p95 / max", "× bare, p50", "× bare, sum")
    return _swapped(markdown(head, rows))


def _swapped(text: str) -> str:
    """The second column holds words too."""
    return text.replace("| --- | ---: |", "| ---: | --- |", 1)


def words_table(results: Sequence[Mapping[str, Any]]) -> str:
    rows: list[tuple[object, ...]] = []
    for one in results:
        size = f"{one['size']:,}"
        rows.append((size, "a plan, for the first time", spread(one["planning"]["first"])))
        rows.append((size, "the same plan again", spread(one["planning"]["again"])))
        rows.append((size, "suggestions for a beginning", spread(one["suggesting"])))
        rows += [
            (size, {"write": "one listing written"}.get(name, name), spread(times))
            for name, times in one["writes"].items()
        ]
    return _swapped(markdown(("listings", "what", "ms p50 / p95 / max"), rows))


PARTS = {
    "analysis": "texts → terms",
    "engine": "engine",
    "words": "how common a term is",
    "suggestions": "suggestions",
    "swap": "optimise and swap",
    "rest": "the rest",
}


def build_table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in results:
        for way, label in (("cold", "first"), ("warm", "forms known"), ("elastic", "Elasticsearch, forms known")):
            if told := one.get(way):
                cpu, wall = sum(told["cpu"].values()), sum(told["wall"].values())
                parts = [figure(told["cpu"].get(part, 0)) for part in PARTS]
                rows.append((f"{one['size']:,}", label, f"{one['size'] / cpu:,.0f}", figure(wall), *parts))
    head = ("listings", "build", "listings per CPU-second", "seconds", *(f"CPU s: {label}" for label in PARTS.values()))
    return _swapped(markdown(head, rows))


def size_table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in results:
        totals = one["matches"]
        rows.append(
            (
                f"{one['size']:,}",
                f"{one['bytes'] / 1e6:,.0f}",
                f"{one['forms']:,}",
                f"{one['terms']:,}",
                f"{statistics.median(totals):,.0f}",
                f"{statistics.mean(totals):,.0f}",
                f"{max(totals):,}",
                " / ".join(str(count) for _step, count in sorted(one["steps"].items())),
            )
        )
    head = (
        "listings",
        "MB on disk",
        "Finnish forms",
        "terms",
        "matches p50",
        "mean",
        "max",
        "queries won by each step",
    )
    return markdown(head, rows)


def memory_table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in results:
        rows += [
            (f"{one['size']:,}", step, *(f"{each:,.0f}" for each in sizes))
            for step, sizes in one["memory"]["steps"].items()
        ]
    return _swapped(markdown(("listings", "what", "MB resident", "MB not shared"), rows))


def growth(results: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for small, large in pairwise(results):
        times = {name: sum(large["times"][name]) / sum(small["times"][name]) for name in small["times"]}
        told = ", ".join(f"{name} × {figure(by)}" for name, by in times.items())
        lines.append(f"- {small['size']:,} → {large['size']:,} listings (× {large['size'] // small['size']}): {told}.")
    return "\n".join(lines)


def tables_of(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name of a marker in docs/benchmarks.md → what stands there."""
    return {
        "speed": f"{speed_table(results)}\n\n{growth(results)}",
        "speed-words": words_table(results),
        "speed-build": build_table(results),
        "speed-sizes": size_table(results),
        "speed-memory": memory_table(results),
        "speed-machine": f"{machine()}; {results[0]['queries']} queries, {results[0]['rounds']} rounds.",
    }


# --- the command -----------------------------------------------------------------------------------------------------
def main(arguments: list[str]) -> int:
    """Measure each size in a process of its own; 1 when one failed."""
    parser = argparse.ArgumentParser(description="How fast search is, as a ratio to the bare FTS5 query.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many listings")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--elastic", default=os.environ.get("ELASTICSEARCH_TEST_URL", ""), help="elasticsearch://…")
    parser.add_argument("--requests", action="store_true", help="whole pages instead of the engine alone")
    parser.add_argument("--dir", type=Path, help="keep what is built here, and take it up again")
    parser.add_argument("--profile", action="store_true", help="tell where the time of searches and plans goes")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.memory:
        memory_of_a_worker()
        return 0
    if options.one:
        from scripts import bench_requests

        measured = bench_requests.measure(options.one, options.rounds) if options.requests else measure(options)
        print(json.dumps(measured))
        return 0
    with ExitStack() as stack:
        folder = options.dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        tables = _measured(folder.resolve(), options)
    for name, content in tables.items():
        print(f"\n## {name}\n\n{content}")
    if options.write:
        write_tables(tables)
    return 0


def _measured(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    from scripts import bench_requests

    make_site(folder / "base", ("load_content", "--no-sample", "--verbosity", "0"))
    results = []
    for size in options.sizes:
        site = folder / f"{'requests' if options.requests else 'speed'}-{size}"
        if options.requests:
            bench_requests.make_site(folder / "base", site, size)
        else:
            copy_site(folder / "base", site)
        search_url = f"{options.elastic}/bench-{size}" if options.elastic and not options.requests else "embedded://"
        command = [sys.executable, "-m", "scripts.bench_speed", "--one", str(size), "--rounds", str(options.rounds)]
        command += [flag for flag in ("--requests", "--profile") if getattr(options, flag[2:])]
        answer = subprocess.run(
            command, cwd=ROOT, env=site_environment(site, search_url), check=True, stdout=subprocess.PIPE, text=True
        )
        results.append({**json.loads(answer.stdout), "rounds": options.rounds})
    return bench_requests.tables_of(results) if options.requests else tables_of(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
