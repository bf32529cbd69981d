"""Why a text was found: which of its words meet what was searched, and which sentence shows it. Pure; HTML at the edge.

A word meets a search when its analysed terms meet those of any group of the plan: «päihdekuntoutujien» is found with
«päihdekuntoutus». Nothing here knows how a hit was ranked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search.analysis import TextAnalysis, tokenize
from search.query import Group, SynonymUse

# A sentence that is longer is cut around its first match.
LONGEST_SNIPPET = 220
BEFORE_MATCH = 80

# A run of letters as it stands in a text: hyphens, apostrophes and soft hyphens inside it belong to it.
_RUN = re.compile(r"[^\W_]+(?:[-'’\u00ad\u2010\u2011][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?!\s)[^.!?…\n]+)*[.!?…]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_match` tells that it is a word that was searched."""

    text: str
    is_match: bool = False


class Reasons:
    """What one search looked for. Made for one page of results; remembers the words it has seen."""

    def __init__(self, groups: Iterable[Group], synonyms: Iterable[SynonymUse], analysis: TextAnalysis) -> None:
        self._terms = frozenset(term for group in groups for term in group.terms)
        self._analysis = analysis
        self._seen: dict[tuple[str, str], bool] = {}
        self._met: dict[tuple[str, str], bool] = {}
        self.synonyms = tuple(dict.fromkeys(target for use in synonyms for target in use.targets))

    def __bool__(self) -> bool:
        return bool(self._terms)

    def prime(self, texts: Iterable[tuple[str, str]]) -> None:
        """Be ready for these (language, text): their words are looked up at once."""
        finnish = {word for language, text in texts if language.startswith("fi") for word in tokenize(text)}
        self._analysis.prime(finnish)

    def meets(self, text: str, language: str) -> bool:
        """Whether a text holds a word that was searched."""
        key = (language, text)
        if key not in self._met:
            self._met[key] = next(self._matches(_composed(text), language), None) is not None
        return self._met[key]

    def pieces(self, text: str, language: str) -> list[Piece]:
        """The text in pieces, searched words apart from the rest. Together they are the text."""
        text = _composed(text)
        found: list[Piece] = []
        end = 0
        for run in _RUN.finditer(text):
            if self._is_match(run.group(), language):
                if run.start() > end:
                    found.append(Piece(text[end : run.start()]))
                found.append(Piece(run.group(), is_match=True))
                end = run.end()
        if end < len(text):
            found.append(Piece(text[end:]))
        return found

    def snippet(self, texts: Iterable[str], language: str) -> str:
        """The first sentence of the texts that holds a searched word, shortened around it; "" when none does."""
        for text in texts:
            for sentence in _SENTENCE.findall(_composed(text)):
                if match := next(self._matches(sentence, language), None):
                    return _shortened(sentence, match.start(), match.end())
        return ""

    def _matches(self, text: str, language: str) -> Iterator[re.Match[str]]:
        return (run for run in _RUN.finditer(text) if self._is_match(run.group(), language))

    def _is_match(self, run: str, language: str) -> bool:
        key = (language, run)
        known = self._seen.get(key)
        if known is None:
            analyser = self._analysis.analyser(language)
            words = tokenize(run)
            known = self._seen[key] = any(not self._terms.isdisjoint(analyser.terms(word)) for word in words)
        return known


def marked(pieces: Iterable[Piece]) -> SafeString:
    """Pieces as HTML, searched words in <mark>."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", each.text) if each.is_match else each.text,) for each in pieces)
    )


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _shortened(sentence: str, start: int, end: int) -> str:
    """A sentence of a bearable length that holds what is between start and end."""
    if len(sentence.strip()) <= LONGEST_SNIPPET:
        return " ".join(sentence.split())
    first = 0
    if start > BEFORE_MATCH:
        first = sentence.find(" ", start - BEFORE_MATCH, start) + 1 or start
    last = min(len(sentence), max(end, first + LONGEST_SNIPPET))
    if last < len(sentence):
        last = max(sentence.rfind(" ", end, last), end)
    cut = " ".join(sentence[first:last].split())
    return f"{'… ' if first else ''}{cut}{' …' if last < len(sentence) else ''}"
