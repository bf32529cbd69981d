"""Asks whether the interface is whole in Finnish and Swedish: every message of the sources is translated, and no other.

English is the language of the msgids; selkosuomi falls back to Finnish string by string, so its file may have gaps.
Nothing is written here: messages are collected in a copy of the sources.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polib

from scripts.compile_messages import ROOT
from scripts.system_packages import IN_CI, find_gettext

COMPLETE = ("fi", "sv")
LOCALES = Path("portal/locale")
LEFT_OUT = (".git", ".venv", ".ci", "var", "docs", "tests", "scripts", "node_modules", "__pycache__", "static")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


def key(entry: polib.POEntry) -> Key:
    """What identifies a message: its context and its English text."""
    return entry.msgctxt, entry.msgid


def messages_of_sources() -> dict[Key, polib.POEntry]:
    """Every message that `makemessages` finds in the sources, as they are on the disk now."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        shutil.rmtree(copy / LOCALES, ignore_errors=True)
        (copy / LOCALES).mkdir(parents=True)
        command = [sys.executable, "manage.py", "makemessages", "--locale", "en", "--keep-pot", "--no-location"]
        done = subprocess.run(command, cwd=copy, text=True, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(f"makemessages failed:\n{done.stdout}{done.stderr}")
        return {key(entry): entry for entry in polib.pofile(str(copy / LOCALES / "django.pot"))}


def placeholders(text: str) -> set[str]:
    """The parts of a message that values are put into."""
    return set(PLACEHOLDER.findall(text))


def entry_faults(entry: polib.POEntry, *, may_be_empty: bool = False) -> Iterable[str]:
    """What is wrong with one translated message."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield f"still marked fuzzy: {entry.msgid!r}"
    if not all(texts):
        if not may_be_empty:
            yield f"not translated: {entry.msgid!r}"
        return
    allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    # A singular may leave its number out ("one place"), so a plural message is asked only for strangers.
    wanted = set() if entry.msgid_plural else allowed
    for text in texts:
        if not wanted <= placeholders(text) <= allowed:
            yield f"other placeholders than the original: {entry.msgid!r} → {text!r}"


def catalogue_faults(catalogue: polib.POFile, sources: dict[Key, polib.POEntry]) -> Iterable[str]:
    """What is wrong with a catalogue that must be whole."""
    entries = {key(entry): entry for entry in catalogue if not entry.obsolete}
    for missing in sources.keys() - entries.keys():
        yield f"missing: {missing[1]!r}"
    for unused in entries.keys() - sources.keys():
        yield f"in no source any more: {unused[1]!r}"
    for found in entries.keys() & sources.keys():
        if bool(entries[found].msgid_plural) != bool(sources[found].msgid_plural):
            yield f"plural on one side only: {found[1]!r}"
        yield from entry_faults(entries[found])


def main() -> int:
    """Print every fault; 1 when there is one."""
    if not find_gettext():
        print("gettext is missing: messages were not compared with the sources.")
        return 1 if IN_CI else 0
    sources = messages_of_sources()
    faults = []
    for language in COMPLETE:
        path = ROOT / LOCALES / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        faults += [f"{path.relative_to(ROOT)}: {fault}" for fault in sorted(catalogue_faults(catalogue, sources))]
    for path in sorted((ROOT / LOCALES).glob("*/LC_MESSAGES/django.po")):
        if path.parts[-3] not in COMPLETE:
            entries = (entry for entry in polib.pofile(str(path)) if not entry.obsolete)
            found = [fault for entry in entries for fault in entry_faults(entry, may_be_empty=True)]
            faults += [f"{path.relative_to(ROOT)}: {fault}" for fault in found]
    print("\n".join(faults) if faults else f"{len(sources)} messages, whole in {' and '.join(COMPLETE)}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
