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


def sources_of(catalogue: Path) -> list[Path]:
    """The catalogue, and before it the one of its base language.

    fi_Simple holds only what is said more simply. Without the rest of fi in the same file, Django's and Wagtail's own
    Finnish would come before ours.
    """
    locale = catalogue.parent.parent
    base = locale.with_name(locale.name.split("_")[0]) / catalogue.relative_to(locale)
    return [base, catalogue] if base != catalogue and base.exists() else [catalogue]


def merged(sources: list[Path]) -> polib.POFile:
    """The last file with what only the earlier ones translate."""
    *bases, last = (polib.pofile(str(source)) for source in sources)
    known = {(entry.msgctxt, entry.msgid) for entry in last.translated_entries()}
    for base in bases:
        for entry in base.translated_entries():
            if (entry.msgctxt, entry.msgid) not in known:
                last.append(entry)
    return last


def main() -> int:
    """Compile what is newer than its .mo."""
    for catalogue in catalogues():
        sources, target = sources_of(catalogue), catalogue.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            merged(sources).save_as_mofile(str(target))
            print(f"Compiled {catalogue.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
