"""What the measurements share: a site of their own to measure on, the facts of the machine, and tables of results.

A measurement never touches the developer's database: `site_environment` names another one, and it is read before the
settings are.
"""

from __future__ import annotations

import os
import platform
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "benchmarks.md"


# --- a site to measure on --------------------------------------------------------------------------------------------
def site_environment(folder: Path, search_url: str = "embedded://") -> dict[str, str]:
    """The environment of a site whose data lies in a folder: production settings, nothing of the developer's `.env`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "false",
        "SECRET_KEY": "for-measuring-only-" + "x" * 50,
        "ALLOWED_HOSTS": "testserver",
        "SITE_URL": "http://testserver",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "SEARCH_URL": search_url,
        "CACHE_URL": "locmem://",
        "EMAIL_URL": "memory://",
        "BEHIND_PROXY": "false",
        "LOG_LEVEL": "ERROR",
        "PYTHONUNBUFFERED": "1",
    }


def make_site(folder: Path, *commands: Sequence[str]) -> None:
    """A migrated, empty site in a folder, after these management commands. One that is there already is kept."""
    if (folder / "site.sqlite3").exists():
        return
    (folder / "static").mkdir(parents=True, exist_ok=True)
    begun = folder / "begun.sqlite3"
    begun.unlink(missing_ok=True)
    for command in (("migrate", "--verbosity", "0"), *commands):
        manage(folder, *command, database=begun)
    with closing(sqlite3.connect(begun)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    begun.rename(folder / "site.sqlite3")


def manage(folder: Path, *command: str, database: Path | None = None) -> None:
    """Run a command of manage.py on the site in a folder. What it prints is no result of a measurement."""
    say(f"manage.py {command[0]}")
    environment = site_environment(folder)
    if database:
        environment["DATABASE_URL"] = f"sqlite:///{database}"
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)


def copy_site(source: Path, folder: Path) -> None:
    """Another site like one that nobody is using. One that is there already is kept."""
    if not (folder / "site.sqlite3").exists():
        (folder / "static").mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "site.sqlite3", folder / "site.sqlite3")


def say(line: str) -> None:
    """Tell how far a measurement is. Tables alone go to the standard output."""
    print(line, file=sys.stderr, flush=True)


# --- figures ---------------------------------------------------------------------------------------------------------
def machine() -> str:
    """What the figures were measured on, without the name of the machine."""
    facts = [f"{os.cpu_count()} cores ({_processor()})", f"Python {platform.python_version()}"]
    return ", ".join([*facts, f"SQLite {sqlite3.sqlite_version}"])


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.machine()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float]) -> str:
    """p50 / p95 / max."""
    return " / ".join(figure(each) for each in (statistics.median(values), percentile(values, 0.95), max(values)))


def figure(value: float) -> str:
    """A number with as many decimals as say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def medians(ways: Mapping[str, Sequence[Callable[[], object]]], rounds: int, seed: str) -> dict[str, list[float]]:
    """Milliseconds of each way for each query; all ways have the same queries in the same order."""
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    count = len(next(iter(ways.values())))
    times: dict[str, list[list[float]]] = {name: [[] for _ in range(count)] for name in ways}
    for _ in range(rounds):
        for query in chance.sample(range(count), count):
            for name in chance.sample(list(ways), len(ways)):
                call = ways[name][query]
                began = time.perf_counter()
                call()
                times[name][query].append((time.perf_counter() - began) * 1000)
    return {name: [statistics.median(each) for each in found] for name, found in times.items()}


# --- tables ----------------------------------------------------------------------------------------------------------
def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown; all but the first column hold figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write_tables(tables: Mapping[str, str], report: Path = REPORT) -> None:
    """Put each text between its markers, `<!-- name -->` and `<!-- /name -->`. Raises ValueError for a lost marker."""
    text = report.read_text(encoding="utf-8")
    for name, content in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"{report.name}: the markers of {name!r} are missing")
        before, _begin, rest = text.partition(begin)
        _old, _end, after = rest.partition(end)
        text = f"{before}{begin}\n\n{content}\n\n{end}{after}"
    report.write_text(text, encoding="utf-8")
