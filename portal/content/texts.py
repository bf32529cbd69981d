"""The text of a page's parts as plain words, for checks and the glossary. No judgement, no HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from wagtail.blocks import BaseStreamBlock, CharBlock, ListBlock, RichTextBlock, StructBlock, TextBlock
from wagtail.fields import StreamField
from wagtail.models import Page


@dataclass(frozen=True)
class Part:
    """One block of a page. number: its place, from 1. title: its own heading or "". text: its points, a line each."""

    number: int
    title: str
    text: str


def parts_of(page: Page) -> list[Part]:
    """The parts of the page's streams that have text."""
    found = []
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            for number, child in enumerate(getattr(page, field.name), start=1):
                title = str(child.value.get("title") or "") if hasattr(child.value, "get") else ""
                if text := "\n".join(_lines(child.block, child.value)):
                    found.append(Part(number, title, text))
    return found


def text_of(page: Page) -> str:
    """Title, lead and every part, a line each."""
    return "\n".join([page.title, getattr(page, "lead", ""), *(part.text for part in parts_of(page))])


def _lines(block: Any, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(block, RichTextBlock):
        yield from _said(str(value.source))
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _lines(child, value.get(name))
    elif isinstance(block, ListBlock):
        for each in value:
            yield from _lines(block.child_block, each)
    elif isinstance(block, BaseStreamBlock):
        for each in value:
            yield from _lines(each.block, each.value)
    elif isinstance(block, CharBlock | TextBlock):
        yield from (line.strip() for line in str(value).splitlines() if line.strip())


def _said(html: str) -> Iterator[str]:
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(["p", "li"]):
        if text := element.get_text(" ", strip=True):
            yield text
