"""Finds what is no Python package (Chromium, PostgreSQL, gettext, Maven, Pango) and installs it where that is allowed.

Knows names and places of programs, and nothing of what they are used for. `python -m scripts.system_packages [PART…]`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    places = (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    )
    found = (shutil.which(name) for name in (*names, *places))
    return next((path for path in found if path), None)


def find_postgres() -> Path | None:
    """The directory that holds initdb and pg_ctl, or None. Debian keeps it out of PATH."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    places += [*Path("/usr").glob("pgsql-*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def find_gettext() -> str | None:
    """The path of xgettext when msgfmt is there too, or None."""
    return shutil.which("xgettext") if shutil.which("msgfmt") else None


def find_maven() -> str | None:
    """The path of mvn, which fetches Elasticsearch, or None."""
    return shutil.which("mvn")


def find_pango() -> str | None:
    """The library with which PDFs are drawn, when what it needs beside it is there too, or None."""
    found = [find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")]
    return found[0] if all(found) else None


@dataclass(frozen=True)
class Part:
    """Something the tests need from the system, and what each package manager calls it."""

    name: str
    find: Callable[[], object]
    apt: str
    dnf: str
    brew: str


PARTS = (
    Part("chromium", find_chromium, apt="chromium", dnf="chromium", brew="--cask chromium"),
    Part("postgresql", find_postgres, apt="postgresql", dnf="postgresql-server", brew="postgresql@17"),
    Part("gettext", find_gettext, apt="gettext", dnf="gettext", brew="gettext"),
    Part(
        "pango",
        find_pango,
        apt="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        dnf="pango harfbuzz",
        brew="pango",
    ),
    Part("maven", find_maven, apt="maven", dnf="maven", brew="maven"),
)


def commands(missing: list[Part]) -> tuple[list[str], bool]:
    """The shell commands that install `missing` on this system, and whether they may be run without a question."""
    root = os.geteuid() == 0
    sudo_is_free = (
        not root
        and shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    sudo = "" if root else "sudo "
    if shutil.which("apt-get"):
        packages = " ".join(part.apt for part in missing)
        install = f"{sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {packages}"
        return [f"{sudo}apt-get update -qq", install], root or sudo_is_free
    if shutil.which("dnf"):
        return [f"{sudo}dnf install -y {' '.join(part.dnf for part in missing)}"], root or sudo_is_free
    if shutil.which("brew"):
        return [f"brew install {part.brew}" for part in missing], True
    return [], False


def main(names: list[str]) -> int:
    """Make sure the named parts (all, when none is named) are there; the exit code."""
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        print(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(part.name for part in PARTS)}.")
        return 2

    def still_missing() -> list[Part]:
        return [part for part in PARTS if (not names or part.name in names) and not part.find()]

    missing = still_missing()
    if not missing:
        return 0
    lines, allowed = commands(missing)
    if allowed:
        print(f"Installing {', '.join(part.name for part in missing)}")
        for line in lines:
            # The package manager's own story is told only when it ends badly.
            done = subprocess.run(
                line.split(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode:
                print(f"{line}\n{done.stdout[-3000:]}")
        missing = still_missing()
    for part in missing:
        lines, _ = commands([part])
        print(
            f"{part.name} is missing; what needs it is left out. To install: {' && '.join(lines) or 'see its own site'}"
        )
    return 1 if missing and IN_CI else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
