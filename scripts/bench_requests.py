"""Measures whole pages: the search page on imported listings, as a ratio to a view that only renders the same template.

Run by `make bench-speed ARGS="--requests"` (scripts/bench_speed.py). The bare view gives the page's template the very
context that the search page gave it, kept in memory, so what it costs is Django, the middleware and the template.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scripts.measuring import copy_site, figure, manage, medians, spread, table

ADDRESS, BARE_ADDRESS = "/fi/hae/", "/fi/pelkka-sivu/"


def make_site(base: Path, site: Path, count: int) -> None:
    """A site with so many invented listings, imported as anybody's would be. One that is there already is kept."""
    done = site / "imported"
    if done.exists():
        return
    from scripts.listings_for_bench import write_records

    copy_site(base, site)
    records = site / "listings.ndjson"
    write_records(range(count), records)
    manage(site, "import_services", str(records), "--format", "hsds", "--verbosity", "0")
    manage(site, "rebuild_index", "--verbosity", "0")
    done.touch()


def measure(count: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of the search page and of the bare one, for every query."""
    import django

    django.setup()
    from django.template.response import TemplateResponse
    from django.test import Client, override_settings
    from django.urls import clear_url_caches, path

    from portal import urls
    from scripts.listings_for_bench import queries
    from search import indexing
    from search.query import SearchRequest

    contexts: dict[str, Any] = {}

    def bare(request: Any) -> TemplateResponse:
        return TemplateResponse(request, "search/search.html", contexts[request.GET["q"]])

    urls.urlpatterns.insert(0, path(BARE_ADDRESS[1:], bare))
    clear_url_caches()
    with override_settings(
        SECURE_SSL_REDIRECT=False,
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        client = Client(SERVER_NAME="testserver")

        def get(address: str, text: str) -> Any:
            response = client.get(address, {"q": text})
            if response.status_code != 200:
                raise RuntimeError(f"{address}?q={text} answered {response.status_code}")
            return response

        texts = [query.text for query in queries()]
        sizes, lengths = [], []
        for text in texts:
            response = get(ADDRESS, text)
            contexts[text] = response.context_data
            sizes.append(len(response.content))
            lengths.append((len(response.content), len(get(BARE_ADDRESS, text).content)))
        if different := [text for text, (real, same) in zip(texts, lengths, strict=True) if abs(real - same) > 2_000]:
            print(f"The bare page differs for {different[:5]}", file=sys.stderr)
        finder = indexing.finder()
        ways = {
            "bare": [partial(get, BARE_ADDRESS, text) for text in texts],
            "page": [partial(get, ADDRESS, text) for text in texts],
            "find": [partial(finder.find, SearchRequest(text)) for text in texts],
        }
        medians(ways, 1, "warm")
        times = medians(ways, rounds, "pages")
    return {"size": count, "times": times, "queries": len(texts), "kilobytes": statistics.median(sizes) / 1000}


LABELS = {
    "bare": "the template alone, from a constant context",
    "page": "the search page",
    "find": "of it the search (`Finder.find`)",
}


def tables_of(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name of a marker in docs/benchmarks.md → what stands there."""
    rows = []
    for one in results:
        bare = one["times"]["bare"]
        for name, label in LABELS.items():
            times = one["times"][name]
            by_half = statistics.median(times) / statistics.median(bare)
            rows.append((label, f"{one['size']:,}", spread(times), figure(by_half), figure(sum(times) / sum(bare))))
    head = ("what", "listings", "ms p50 / p95 / max", "× bare, p50", "× bare, sum")
    told = f"{results[0]['queries']} queries, {results[0]['rounds']} rounds"
    return {"speed-pages": f"{table(head, rows)}\n\n{told}; a page is {figure(results[0]['kilobytes'])} kB."}
