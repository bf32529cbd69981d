"""How findable a service is: searches that people would make for it, and whether each would meet it.

The searches are made of the words that the vocabulary knows for its topics, of its name, its target group and its
municipality. A public service is looked for in the index, as anybody would; a draft, which is in no index, by asking
whether the words of the plan are in what would be written of it. Nothing is written, counted or kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.choices import Scheme
from directory.models import Service, Term
from search import indexing
from search.analysis import TextAnalysis, tokenize
from search.documents import Document, mark_of
from search.entries import entry_of
from search.finding import Finder
from search.planning import Plan
from search.query import MOST_PER_PAGE, SearchRequest
from search.sources import service_document
from search.vocabulary import LABEL, SynonymRow, Synonyms, current_synonyms, load_stop_words

MOST_FOUND = 5
MOST_MISSED = 3
# Each is planned; those that are shown are searched too.
MOST_TRIED = 16
MOST_TOPICS = 3
WORDS_OF_ANOTHER_TOPIC = 2
# The code of the target group that says nothing.
EVERYONE = "everyone"
ROWS_OF_A_TOPIC = 6
FIRST_PAGE = SearchRequest().per_page
# What people say; the words of the field and translations say it as services do.
_SAID = {LABEL, "lay", "colloquial"}


class Hint(TextChoices):
    """What the keeper can do about a search that does not find the service."""

    OTHER_WORDS = "other_words", _("Add this to “Other words”, if people would look for you with it.")
    TOPIC = "topic", _("Choose the topic, if it is yours.")
    SAY_IT_FIRST = "say_it_first", _("Many others come before you. Say this in the name or in the one sentence.")


@dataclass(frozen=True, slots=True)
class TriedSearch:
    """`topic`: the name of the topic whose word it is, "" for the service's own name. `position`: among the results,
    from 1; None for a draft, and beyond the first hundred. `hint`: what can be done where it does not find well."""

    text: str
    topic: str = ""
    position: int | None = None
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class Findability:
    """`found`: at most MOST_FOUND searches that have the service on their first page, or all of whose words a draft
    has; `missed`: at most MOST_MISSED that have not."""

    found: tuple[TriedSearch, ...]
    missed: tuple[TriedSearch, ...]


def findability(service: Service, *, is_draft: bool) -> Findability:
    """What would find a service. `is_draft`: its texts are not those of the index; the object need not be saved."""
    analysis = indexing.analysis()
    synonyms = current_synonyms(analysis)
    finder = indexing.finder()
    document = service_document([service])
    terms = entry_of(document, analysis, synonyms.leads_of(document.keywords)).terms()
    found: list[TriedSearch] = []
    missed: list[TriedSearch] = []
    for tried in islice(_once(_candidates(service, document, synonyms, analysis)), MOST_TRIED):
        # As typed: a word that is in no listing yet is not misspelt.
        request = SearchRequest(tried.text, service.language, per_page=MOST_PER_PAGE, as_typed=is_draft)
        is_met = _meets(finder.plan(request), document, terms, analysis)
        if not is_met:
            missed.extend([tried] if tried.hint else ())
        elif len(found) < MOST_FOUND:
            position = None if is_draft else _position(request, service, finder)
            if is_draft or (position or MOST_PER_PAGE) <= FIRST_PAGE:
                found.append(replace(tried, position=position, hint=None))
            else:
                missed.append(replace(tried, position=position, hint=Hint.SAY_IT_FIRST))
        if len(found) == MOST_FOUND and len(missed) >= MOST_MISSED:
            break
    return Findability(tuple(found), tuple(missed[:MOST_MISSED]))


def _position(request: SearchRequest, service: Service, finder: Finder) -> int | None:
    """The place of a service among the results, from 1; None when it is not among the first of them."""
    hits = finder.find(request).hits
    return next((n for n, hit in enumerate(hits, start=1) if hit.uuid == service.uuid), None)


def _once(searches: Iterable[TriedSearch]) -> Iterator[TriedSearch]:
    """Each text once, the first with it."""
    seen: set[str] = set()
    for one in searches:
        if one.text.casefold() not in seen:
            seen.add(one.text.casefold())
            yield one


def _meets(plan: Plan, document: Document, terms: set[str], analysis: TextAnalysis) -> bool:
    """Whether a document has all words of a plan, the very common ones too, and one of its places."""
    in_words = all(not terms.isdisjoint(group.wide) for group in plan.groups)
    # The words of a draft may be in no listing yet.
    own = all(not terms.isdisjoint(_terms_of(word, document.languages, analysis)) for word in plan.unknown_words)
    is_anywhere = document.is_nationwide or document.is_remote
    codes = {code for place in plan.places for code in place.municipalities}
    in_place = not plan.places or is_anywhere or not codes.isdisjoint(document.municipalities)
    return in_words and own and in_place


def _terms_of(text: str, languages: Iterable[str], analysis: TextAnalysis) -> set[str]:
    words = tokenize(text)
    return {term for language in languages for word in words for term in analysis.analyser(language).terms(word)}


# --- searches that people would make ---------------------------------------------------------------------------------
def _candidates(
    service: Service, document: Document, synonyms: Synonyms, analysis: TextAnalysis
) -> Iterator[TriedSearch]:
    """The most telling first, the topics in turn."""
    language = service.language
    topics = list(service.topics.all())
    labels = [topic.labels.in_language(language) for topic in topics]
    said = [
        [TriedSearch(text, label, hint=Hint.OTHER_WORDS) for text in _said_of(topic, language, synonyms, analysis)]
        for topic, label in list(zip(topics, labels, strict=True))[:MOST_TOPICS]
    ]
    in_turn = [one for one in chain.from_iterable(zip_longest(*said)) if one]
    if service.title:
        yield TriedSearch(service.title)
    yield from in_turn[:MOST_TOPICS]
    if in_turn:
        first = in_turn[0]
        groups = [group.labels for group in service.target_groups.all() if group.code != EVERYONE]
        areas = [area.names for area in service.municipalities.all()]
        for name in (each.in_language(language) for each in (*groups[:1], *areas[:1])):
            # «vammainen vammaiset» is what nobody writes.
            if _terms_of(first.text, [language], analysis).isdisjoint(_terms_of(name, [language], analysis)):
                yield TriedSearch(f"{first.text} {name}", first.topic)
    yield from _of_other_topics(service, document, analysis)
    yield from (TriedSearch(label, label) for label in labels)
    yield from in_turn[MOST_TOPICS:]


def _said_of(topic: Term, language: str, synonyms: Synonyms, analysis: TextAnalysis) -> list[str]:
    """What people say when they mean a topic: its other words, and phrases that the vocabulary leads to its words. One
    phrase of each row: those of a row mean the same."""
    mark = mark_of(topic.scheme, topic.code)
    words = _words_of(topic, analysis)
    spoken = language.split("-")[0]
    rows: list[tuple[int, SynonymRow]] = []
    for row in synonyms.rows:
        if row.language.split("-")[0] != spoken or (spoken == "fi" and row.kind not in _SAID):
            continue
        if mark in row.marks:
            rows.extend((0, replace(row, sources=(source,))) for source in row.sources[:2])
        elif not row.marks and row.targets[0] in words:
            rows.append((1 + sum(target not in words for target in row.targets), row))
    rows.sort(key=lambda pair: pair[0])
    return [row.sources[0] for _misses, row in rows[:ROWS_OF_A_TOPIC]]


def _words_of(topic: Term, analysis: TextAnalysis) -> set[str]:
    """A topic's own Finnish words, as targets of the vocabulary are written."""
    finnish = analysis.analyser("fi")
    label = [word for word in tokenize(topic.labels.get("fi", "")) if word not in load_stop_words()]
    return {lemma for word in label for lemma in finnish.analyse(word).lemmas} | set(topic.alt_labels.get("fi", ()))


def _of_other_topics(service: Service, document: Document, analysis: TextAnalysis) -> Iterator[TriedSearch]:
    """Words of topics that the name and the one sentence speak of, though they are not chosen."""
    language = service.language
    analyser = analysis.analyser(language)
    told = {term for word in tokenize(f"{service.title} {service.summary}") for term in analyser.terms(word)}
    chosen = document.facets.get("topic", ())

    def is_told(name: str) -> bool:
        words = [word for word in tokenize(name) if word not in load_stop_words()]
        return bool(words) and all(not told.isdisjoint(analyser.analyse(word).lemmas) for word in words)

    for topic in Term.objects.filter(scheme=Scheme.TOPIC).exclude(code__in=chosen):
        others = topic.alt_labels.get(language, ())
        # A topic's other words are wide: they are looked at where nothing has been chosen.
        names = [topic.labels.get(language, ""), *(() if chosen else others)]
        if any(map(is_told, names)):
            yield from (TriedSearch(word, names[0], hint=Hint.TOPIC) for word in others[:WORDS_OF_ANOTHER_TOPIC])
