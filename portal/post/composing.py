"""What a letter is made of, and how it is put into words: one structure, shown as text and as simple HTML.

Rooms above fill in a `Message`; how it looks is in templates/post/. No database, no sending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from portal.base import languages

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line break stays one."""

    kind: ClassVar = "paragraph"
    text: str


@dataclass(frozen=True)
class Heading:
    """Begins a part of a longer letter."""

    kind: ClassVar = "heading"
    text: str


@dataclass(frozen=True)
class Button:
    """A way to answer. url: a whole address, since a letter has no place of its own."""

    kind: ClassVar = "button"
    label: str
    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("A button of a letter needs a whole address.")


@dataclass(frozen=True)
class Item:
    """One thing among several, with its own ways to answer; the first of them is the likeliest."""

    kind: ClassVar = "item"
    title: str
    text: str = ""
    buttons: Sequence[Button] = ()


Block = Paragraph | Heading | Button | Item


@dataclass(frozen=True)
class Message:
    """A letter as the sender thinks of it. why: why the person gets it, for the foot; a general sentence without."""

    subject: str
    blocks: Sequence[Block]
    why: str = ""


class Composed(NamedTuple):
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


def compose(message: Message, language: str) -> Composed:
    """Put a message into words. Lazy texts in it, and ours around them, are in `language`."""
    with translation.override(language):
        # A header is one line.
        subject = " ".join(str(message.subject).split())[:LONGEST_SUBJECT]
        context = {
            "subject": subject,
            "blocks": message.blocks,
            "why": message.why,
            "language": language if language in languages.BY_CODE else languages.FINNISH,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        text = render_to_string("post/letter.txt", context).strip() + "\n"
        return Composed(subject, text, render_to_string("post/letter.html", context))
