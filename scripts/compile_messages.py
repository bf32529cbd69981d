"""Compiles every .po file of ours to the .mo that is read at run time; needs no gettext, only polib.

The .mo files are not committed: they are made from the .po files wherever the site is installed.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("portal", "directory", "cards", "search", "referrals")


def catalogues() -> list[Path]:
    """Every .po file of the project."""
    return sorted(path for room in ROOMS for path in (ROOT / room).glob("**/locale/*/LC_MESSAGES/*.po"))


def main() -> int:
    """Compile what is newer than its .mo."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            print(f"Compiled {source.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
