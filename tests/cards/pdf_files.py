"""What tests ask of a PDF without a reader of PDFs: its objects, and whether one can be made here at all."""

import re
import zlib

import pytest

from cards.printing import engine
from scripts.system_packages import IN_CI

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@pytest.fixture
def pango() -> None:
    """The library that draws PDFs; without it, its tests are left out, but in CI they fail."""
    if not engine.is_available():
        (pytest.fail if IN_CI else pytest.skip)("Pango is missing: `make test` tells how to install it")


def objects_of(pdf: bytes) -> bytes:
    """Everything that is written in a PDF, unpacked."""
    parts = [pdf]
    for found in _STREAM.findall(pdf):
        try:
            parts.append(zlib.decompress(found))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type\s*/Page\b", objects_of(pdf)))


def in_utf16(words: str) -> bytes:
    """How a PDF writes a heading in its list of bookmarks."""
    return words.encode("utf-16-be").hex().encode()
