"""What of the five source texts stands where: reads docs/content-coverage/*.yaml, checks it, writes the table.

The list is written by hand: one item for each thing of substance, with the file of ours that carries it and a few words
of that file by which one can see it. `python -m scripts.content_coverage` writes docs/content-coverage.md;
with --check it only says what is wrong.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
LISTS = ROOT / "docs" / "content-coverage"
TABLE = ROOT / "docs" / "content-coverage.md"
SOURCES = {
    "CARDS": "action cards of the PAKU project (Central Finland, 2018–2021)",
    "MODEL": "workshop slides on the same model",
    "BASICS": "webinar on the starting points of client-oriented guidance",
    "PATHWAY": "organisations on the client-oriented service pathway (POSOTE20)",
    "FORM": "the structured service-description form (Uusimaa)",
}
KEYS = {"id", "source", "lines", "substance", "page", "words"}
# Where the files of a room lie: the first part of an item's `page` names the room.
ROOMS = {
    "cards": ROOT / "cards" / "content",
    "content": ROOT / "portal" / "content" / "content",
    "directory": ROOT / "directory" / "content",
}


class CoverageError(Exception):
    """The list and the content do not agree; the message says where."""


@dataclass(frozen=True)
class Item:
    """One thing of substance. lines: first and last line in the source. words: a piece of our text that carries it."""

    id: str
    source: str
    lines: tuple[int, int]
    substance: str
    page: str
    words: str


def items() -> list[Item]:
    """Every item of every list, in order. Raises CoverageError."""
    found = [
        _item(each, path.name) for path in sorted(LISTS.glob("*.yaml")) for each in yaml.safe_load(path.read_text())
    ]
    twice = [key for key, times in Counter(item.id for item in found).items() if times > 1]
    if twice:
        raise CoverageError(f"ids that stand twice: {', '.join(twice)}")
    return found


def _item(data: Any, where: str) -> Item:
    if not isinstance(data, dict) or set(data) != KEYS:
        raise CoverageError(f"{where}: expected {', '.join(sorted(KEYS))} in {data!r}")
    lines = re.fullmatch(r"(\d+)(?:-(\d+))?", str(data["lines"]))
    if lines is None:
        raise CoverageError(f"{where}: {data['id']}: lines: {data['lines']!r}")
    if data["source"] not in SOURCES:
        raise CoverageError(f"{where}: {data['id']}: source: {data['source']!r}")
    first = int(lines[1])
    return Item(
        id=str(data["id"]),
        source=data["source"],
        lines=(first, int(lines[2] or first)),
        substance=str(data["substance"]),
        page=str(data["page"]),
        words=str(data["words"]),
    )


def content_file(page: str) -> Path:
    """The file that an item's page is made of. An editorial page without a language is the Finnish one."""
    room, _, name = page.partition("/")
    if room not in ROOMS:
        raise CoverageError(f"{page}: no such room")
    path = ROOMS[room] / name
    return path if path.exists() or room != "content" else ROOMS[room] / "fi" / name


def text_of(path: Path) -> str:
    """The words of a content file, without marks, in one line."""
    return " ".join(_squeeze(each) for each in _strings(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for each in data.values():
            yield from _strings(each)
    elif isinstance(data, list):
        for each in data:
            yield from _strings(each)
    elif data is not None:
        yield str(data)


def _squeeze(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).casefold().split())


def faults(found: list[Item]) -> list[str]:
    """What is wrong: an item whose page is gone, or whose page does not hold its words."""
    texts: dict[str, str] = {}
    wrong = []
    for item in found:
        path = content_file(item.page)
        if not path.is_file():
            wrong.append(f"{item.id}: there is no {item.page}")
            continue
        text = texts.setdefault(item.page, text_of(path))
        if len(item.words) < 6 or _squeeze(item.words) not in text:
            wrong.append(f"{item.id}: {item.page} does not say «{item.words}»")
    return wrong


def title_of(page: str) -> str:
    """What readers see the page called; the file's name where it is no page."""
    data = yaml.safe_load(content_file(page).read_text(encoding="utf-8"))
    title = data.get("title") if isinstance(data, dict) else None
    return (title.get("fi") if isinstance(title, dict) else title) or page


def table(found: list[Item]) -> str:
    """The table as Markdown."""
    counts = Counter(item.source for item in found)
    lines = [
        "# What of the sources stands where",
        "",
        "Written by `make content-coverage` from the lists in [content-coverage/](content-coverage/). Each item is a",
        "thing of substance in one of the five source texts, told in our words; beside it the page that carries it.",
        f"{len(found)} items.",
    ]
    for source, name in SOURCES.items():
        lines += [
            "",
            f"## {source}: {name} ({counts[source]})",
            "",
            "| id | lines | substance | page |",
            "|---|---|---|---|",
        ]
        for item in sorted((each for each in found if each.source == source), key=lambda each: (each.lines, each.id)):
            span = f"{item.lines[0]}–{item.lines[1]}" if item.lines[1] != item.lines[0] else str(item.lines[0])
            page = content_file(item.page).relative_to(ROOT)
            lines.append(f"| {item.id} | {span} | {item.substance} | {title_of(item.page)} (`{page}`) |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """0 when all is well."""
    try:
        found = items()
        wrong = faults(found)
    except CoverageError as error:
        wrong, found = [str(error)], []
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if "--check" not in arguments:
        TABLE.write_text(table(found), encoding="utf-8")
        print(f"{TABLE.relative_to(ROOT)}: {len(found)} items")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
