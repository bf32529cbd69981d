"""The words of the glossary that stand on a page: found by their basic forms, shown once below the text, without hover.

Which word means what is the glossary page's own; the editor need not mark anything.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from django.core.cache import cache
from wagtail.models import Page

from portal.base import languages
from portal.content.models import GlossaryPage
from portal.content.texts import text_of
from search.analysis import tokenize
from search.indexing import analysis

MOST_WORDS = 12
CACHE_SECONDS = 86_400


@dataclass(frozen=True)
class Word:
    """A word with its explanation. key: its anchor on the glossary page; lang: "" when it is the page's own."""

    key: str
    term: str
    definition: str


def words_on(page: Page, *, is_published: bool = True) -> tuple[list[Word], str]:
    """The glossary's words that the page uses, in their order on the page, and the address of the glossary.

    Only in the glossary's own languages: the page's own or, of Easy Finnish, that one's. is_published: whether the text
    in hand is what readers see; of a preview nothing is remembered.
    """
    glossary = GlossaryPage.objects.live().public().filter(locale=page.locale).first()
    if glossary is None:
        return [], ""
    if not is_published:
        return _find(page, glossary), glossary.url or ""
    # What is published, not the draft that may wait behind it.
    states = (f"{each.pk}:{each.live_revision_id}:{each.last_published_at}" for each in (page, glossary))
    key = "glossary:" + blake2b(":".join(states).encode(), digest_size=16).hexdigest()
    found = cache.get(key)
    if found is None:
        found = _find(page, glossary)
        cache.set(key, found, CACHE_SECONDS)
    return found, glossary.url or ""


def _find(page: Page, glossary: GlossaryPage) -> list[Word]:
    code = page.locale.language_code
    # By a basic form of the first word: each term in its basic forms, the longest first.
    terms: dict[str, list[tuple[list[frozenset[str]], Word]]] = defaultdict(list)
    for block in glossary.terms:
        value = block.value
        definition = value["simple"] if code == languages.EASY_FINNISH and value["simple"] else value["definition"]
        forms = list(_forms(value["term"], code))
        for lemma in forms[0] if forms else ():
            terms[lemma].append((forms, Word(value["key"], value["term"], definition)))
            terms[lemma].sort(key=lambda each: -len(each[0]))
    text = list(_forms(text_of(page), code))
    found: dict[str, Word] = {}
    for start, first in enumerate(text):
        candidates = (each for lemma in first for each in terms.get(lemma, ()))
        word = next((word for forms, word in candidates if _is_at(forms, text, start)), None)
        if word is not None:
            found.setdefault(word.key, word)
            if len(found) == MOST_WORDS:
                break
    return list(found.values())


def _forms(text: str, code: str) -> Iterator[frozenset[str]]:
    """The basic forms each word may have."""
    analyser = analysis().analyser(code)
    for word in tokenize(text):
        yield frozenset(analyser.analyse(word).lemmas)


def _is_at(forms: list[frozenset[str]], text: list[frozenset[str]], start: int) -> bool:
    here = text[start : start + len(forms)]
    return len(here) == len(forms) and all(wanted & met for wanted, met in zip(forms, here, strict=True))
