"""Brings the .po files up to date with the sources: new messages come in empty, unused ones go, the rest stays.

Nothing is guessed (gettext's fuzzy matching puts wrong words before a reader) and nothing but the words is in a file
(no line numbers, no dates, one order), so that a change of a file is a change of words.
"""

import sys
from pathlib import Path

import polib

from scripts.check_messages import COMPLETE, LOCALES, Key, key, messages_of_sources
from scripts.compile_messages import ROOT
from scripts.system_packages import find_gettext

# Finnish and Swedish alike: one, and everything else.
PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
FORMS = (0, 1)


def header(locale: str) -> dict[str, str]:
    """The metadata of a file: what gettext needs, and nothing that changes by itself."""
    return {
        "Project-Id-Version": "",
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }


def fitting(source: polib.POEntry, old: polib.POEntry | None) -> polib.POEntry:
    """A source message with the translation it has, if the translation has its form."""
    entry = polib.POEntry(msgid=source.msgid, msgctxt=source.msgctxt, comment=source.comment, flags=source.flags)
    if source.msgid_plural:
        entry.msgid_plural = source.msgid_plural
        entry.msgstr_plural = dict(old.msgstr_plural) if old and old.msgid_plural else dict.fromkeys(FORMS, "")
    elif old and not old.msgid_plural:
        entry.msgstr = old.msgstr
    entry.tcomment = old.tcomment if old else ""
    return entry


def renewed(path: Path, sources: dict[Key, polib.POEntry]) -> polib.POFile:
    """The catalogue at `path` with the messages of the sources. Selkosuomi keeps only what it says in its own words."""
    locale = path.parts[-3]
    old = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = header(locale)
    for which in sorted(sources, key=lambda pair: (pair[1].casefold(), pair[1], pair[0] or "")):
        if locale in COMPLETE or which in old:
            catalogue.append(fitting(sources[which], old.get(which)))
    return catalogue


def main() -> int:
    """Write each file and tell how many messages it still lacks; 1 when gettext is missing."""
    if not find_gettext():
        print("gettext is missing: messages cannot be collected.")
        return 1
    sources = messages_of_sources()
    folders = {ROOT / LOCALES / locale for locale in COMPLETE} | set((ROOT / LOCALES).glob("*/"))
    for folder in sorted(folders):
        path = folder / "LC_MESSAGES" / "django.po"
        catalogue = renewed(path, sources)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        empty = len(catalogue.untranslated_entries())
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {empty} without words.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
