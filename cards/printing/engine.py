"""HTML → PDF with WeasyPrint: the one place that knows it. It asks nothing of the network and of other files.

WeasyPrint draws with Pango, a library of the system; where that is missing, is_available() says so.
"""

import logging
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from mimetypes import guess_type
from pathlib import Path
from threading import get_ident
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join

# Accessible: tagged, with a title and a language.
VARIANT = "pdf/ua-1"
# WeasyPrint tells of its seven steps, and in the long one of each page.
STEPS = 7
# Below it lie the pictures of pages; documents and prints do not.
PICTURES = "images"

OnStep = Callable[[int], None]

# What it does not know of a stylesheet for browsers too is no news; what it cannot draw is.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
_progress = logging.getLogger("weasyprint.progress")
_progress.setLevel(logging.INFO)
_progress.propagate = False


class RefusedError(Exception):
    """The document asked for something that is neither a picture nor a static file of ours."""


@cache
def _weasyprint() -> ModuleType | None:
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        # OSError: the package is there, the library of the system is not.
        return None


def is_available() -> bool:
    """Whether PDFs can be made here."""
    return _weasyprint() is not None


def draw(html: str, styles: list[str], on_step: OnStep = lambda step: None) -> bytes:
    """The document as PDF. on_step hears the number of each of the STEPS as it begins. is_available() must be true."""
    with _steps_told(on_step):
        return bytes(_laid_out(html, styles).write_pdf(pdf_variant=VARIANT, pdf_tags=True))


def draw_on_one_page(html: str, styles: list[str], sizes: list[str]) -> bytes:
    """The document as PDF with the first of the styles `sizes` (the largest text first) that brings it on one page."""
    documents: dict[str, Any] = {}

    def fits(size: str) -> bool:
        documents[size] = _laid_out(html, [*styles, size])
        return len(documents[size].pages) == 1

    # The smallest is taken whether it fits or not.
    chosen = sizes[bisect_left(sizes[:-1], True, key=fits)]
    document = documents.get(chosen) or _laid_out(html, [*styles, chosen])
    return bytes(document.write_pdf(pdf_variant=VARIANT, pdf_tags=True))


def _laid_out(html: str, styles: list[str]) -> Any:
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise RuntimeError("WeasyPrint or its libraries are missing")
    document = weasyprint.HTML(string=html, base_url=settings.SITE_URL, url_fetcher=fetch)
    sheets = [weasyprint.CSS(string=style, base_url=settings.SITE_URL, url_fetcher=fetch) for style in styles]
    return document.render(stylesheets=sheets, pdf_variant=VARIANT, pdf_tags=True)


def style(name: str) -> str:
    """The text of a stylesheet among the static files."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text()


# --- What a document may ask for --------------------------------------------------------------------------------------
def fetch(url: str) -> Any:
    """A picture or a static file of ours, read from the disk. Raises RefusedError for everything else."""
    path = _path_of(url)
    if path is None or not path.is_file():
        raise RefusedError(url)
    weasyprint_urls = import_module("weasyprint.urls")
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return weasyprint_urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def _path_of(url: str) -> Path | None:
    parts, own = urlsplit(url), urlsplit(settings.SITE_URL)
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    address = unquote(parts.path)
    try:
        pictures = f"{settings.MEDIA_URL}{PICTURES}/"
        if address.startswith(pictures):
            return Path(safe_join(settings.MEDIA_ROOT / PICTURES, address.removeprefix(pictures)))
        if address.startswith(settings.STATIC_URL):
            name = address.removeprefix(settings.STATIC_URL)
            # In production addresses carry a hash, and only the collected copy has that name.
            return Path(finders.find(name) or safe_join(settings.STATIC_ROOT, name))
    except (SuspiciousFileOperation, ValueError):
        return None
    return None


# --- How far it is ----------------------------------------------------------------------------------------------------
class _StepHandler(logging.Handler):
    """Reads "Step 5 - Creating layout - Page 12" from WeasyPrint's progress log, of its own thread only."""

    def __init__(self, on_step: OnStep) -> None:
        super().__init__()
        self.on_step = on_step
        self.ours = get_ident()
        self.last = 0

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage().split(maxsplit=2)
        if record.thread != self.ours or words[0] != "Step" or not words[1].isdigit() or int(words[1]) <= self.last:
            return
        self.last = int(words[1])
        self.on_step(self.last)


@contextmanager
def _steps_told(on_step: OnStep) -> Iterator[None]:
    handler = _StepHandler(on_step)
    _progress.addHandler(handler)
    try:
        yield
    finally:
        _progress.removeHandler(handler)
