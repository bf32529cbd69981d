"""HSDS 3 (Open Referral): a file of `service` objects → bundles of records, one after another. No database.

The file may hold one object, a list, a page ({"contents": […]}) or one object on each line (ndjson); its content tells
which. Nothing of it but the object of the moment is in memory.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any

import ijson

from directory.exchange.hsds_services import bundle_of
from directory.exchange.records import BadRecord, Bundle, UnreadableError

# No service fills a megabyte with words; what does is another kind of file, or an attack.
LONGEST_RECORD = 1_000_000
_BOM = b"\xef\xbb\xbf"


class Shape(StrEnum):
    """How a file holds its objects."""

    ONE = "one"
    LIST = "list"
    PAGE = "page"
    LINES = "lines"


class Reading:
    """The bundles of a file. language: of the texts, unless an object says its own. done: bytes that were read."""

    unit = "B"

    def __init__(self, path: Path, language: str) -> None:
        self._path, self._language = path, language
        self.total, self.done = path.stat().st_size, 0
        self._seen: set[tuple[str, str]] = set()

    def __iter__(self) -> Iterator[Bundle]:
        self._seen.clear()
        with self._path.open("rb") as file:
            shape = shape_of(file)
            file.seek(_start(file))
            for where, found in _lines(file) if shape == Shape.LINES else _streamed(file, shape):
                self.done = file.tell()
                if isinstance(found, UnreadableError):
                    yield Bundle(bad=(BadRecord(f"{self._path.name}, {where}", str(found)),))
                else:
                    yield self._bundle(found, f"{self._path.name}, {where}")
        self.done = self.total

    def _bundle(self, found: Any, where: str) -> Bundle:
        try:
            bundle, key = bundle_of(found, where, self._language)
            if key in self._seen:
                raise UnreadableError("the same id stands earlier in the file")
        except UnreadableError as error:
            source_id = found.get("id") if isinstance(found, dict) else ""
            return Bundle(bad=(BadRecord(where, str(error), str(source_id or "")[:100]),))
        self._seen.add(key)
        return bundle


# --- shapes --------------------------------------------------------------------------------------------------------
def shape_of(file: IO[bytes]) -> Shape:
    """What the beginning of a file tells. Moves the file's position."""
    file.seek(start := _start(file))
    first = file.read(1)
    if first == b"[":
        return Shape.LIST
    file.seek(start)
    lines = list(islice((line for line in _limited(file) if line.strip()), 3))
    if sum(line.startswith(b"{") for line in lines) > 1 and any(_is_object(line) for line in lines):
        return Shape.LINES
    file.seek(start)
    try:
        for prefix, event, _value in ijson.parse(file):
            if (prefix, event) == ("contents", "start_array"):
                return Shape.PAGE
    except (ijson.JSONError, UnicodeDecodeError):
        pass
    return Shape.ONE


def _start(file: IO[bytes]) -> int:
    """Where the content begins, after a byte order mark and spaces."""
    file.seek(0)
    head = file.read(4096)
    rest = head.removeprefix(_BOM).lstrip()
    return len(head) - len(rest)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _limited(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, none longer than a record may be (and one byte, which tells that it is)."""
    while line := file.readline(LONGEST_RECORD + 1):
        yield line
        while len(line) > LONGEST_RECORD and not line.endswith(b"\n"):
            line = file.readline(LONGEST_RECORD + 1)


# --- objects -------------------------------------------------------------------------------------------------------
def _lines(file: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """("line 7", its object), or in its place why it cannot be read."""
    for number, line in enumerate(_limited(file), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        if len(line) > LONGEST_RECORD:
            yield where, UnreadableError(f"longer than {LONGEST_RECORD:,} bytes")
            continue
        try:
            found = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            yield where, _not_json(error)
            continue
        # Pages that were fetched one after another into one file.
        if isinstance(found, dict) and isinstance(found.get("contents"), list):
            yield from ((f"{where}, record {place}", each) for place, each in enumerate(found["contents"], start=1))
        else:
            yield where, found


def _streamed(file: IO[bytes], shape: Shape) -> Iterator[tuple[str, Any]]:
    """("record 7", the object) of a list, a page or a single object; what breaks it ends it."""
    prefix = {Shape.LIST: "item", Shape.PAGE: "contents.item", Shape.ONE: ""}[shape]
    number = 0
    try:
        for number, found in enumerate(ijson.items(file, prefix, use_float=True), start=1):
            yield f"record {number}", found
    except (ijson.JSONError, ValueError, RecursionError) as error:
        yield f"record {number + 1}", _not_json(error)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value of JSON")


def _not_json(error: Exception) -> UnreadableError:
    said = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]
    return UnreadableError(f"not readable as JSON: {said}")
