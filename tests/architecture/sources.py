"""Which files the architecture tests read: what is in git or would be added to it, less what a program wrote."""

from functools import cache
from pathlib import Path

from scripts.check_repository import ROOT, committed_files

ROOMS = ("portal", "directory", "cards", "search", "referrals")


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of ours; migrations are written by Django."""
    return tuple(path for path in committed_files() if path.suffix == ".py" and "migrations" not in path.parts)


@cache
def templates() -> tuple[Path, ...]:
    """Every template of ours."""
    return tuple(path for path in committed_files() if "templates" in path.parts and path.suffix in {".html", ".txt"})


def shown(path: Path) -> str:
    """A path as a test's name."""
    return str(path.relative_to(ROOT))
