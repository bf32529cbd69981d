"""Counts the words and filters of searches that found little, so that editors learn what people looked for in vain.

What people search with stays theirs:

- A query is never kept, nor which words or filters stood together. Each word is counted by itself, under its basic
  form, and only when the dictionary has it as a common word or the vocabulary has it as a phrase. Names of people and
  places, numbers and everything unknown are passed over.
- In the database a word is a keyed code with a count for each week. It becomes readable when it has been met
  SMALLEST_GROUP_SHOWN times in WEEKS_SHOWN weeks, and only then do editors see it. Counts go after WEEKS_KEPT weeks.
- One visitor counts once a week for a word. That is remembered in the memory of this process alone, under a key that
  goes with it: a client that asks again and again adds no more than one for each process.

Counts wait in memory and are written after an answer has been sent. A count that cannot be written is dropped.
"""

from __future__ import annotations

import datetime
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import User
from portal.base.ratelimit import address_of
from search import indexing
from search.analysis import clean, finnish
from search.models import DeadEnd, DeadEndWeek
from search.query import SearchResults
from search.vocabulary import current_synonyms

logger = logging.getLogger(__name__)

LITTLE = 3
WEEKS_SHOWN = 8
WEEKS_KEPT = 26
SECONDS_BETWEEN_WRITES = 60
MOST_MARKS = 50_000
LONGEST = 40
# Tabs of the results, not something that a person chose to narrow with.
UNCOUNTED_FACETS = frozenset(["type", "audience"])

# What Voikko calls the classes of words: nouns, adjectives and verbs; and names of people, places and other things.
_COMMON = ("[Ln]", "[Ll]", "[Lnl]", "[Lt]")
_NAMES = ("[Lee]", "[Les]", "[Lep]", "[Lem]")

# What a word or filter is, and its text.
Item = tuple[str, str]


# --- what is counted -------------------------------------------------------------------------------------------------
def note(request: HttpRequest, results: SearchResults, total: int | None = None) -> None:
    """Count the words and filters of a search that found little; every other search is none of our business.

    total: how many were found in all, where `results` are those of one tab. Never raises, writes nothing yet.
    """
    try:
        found = results.total if total is None else total
        asked = results.request
        # A further page was found by the first, whoever insists on the typed words has been counted already, and an
        # engine that is away finds little of anything.
        if found < LITTLE and asked.page == 1 and not asked.as_typed and not results.is_reduced:
            _count(address_of(request), {*_words(results), *_filters(results)})
    except Exception as problem:  # noqa: BLE001 - a count is never worth a failed search
        logger.warning("Words that lead nowhere were not counted: %s", type(problem).__name__)


def _words(results: SearchResults) -> Iterator[Item]:
    for word in (*(group.word for group in results.groups), *results.unknown_words):
        if text := countable(word):
            yield DeadEnd.Type.WORD, text


def _filters(results: SearchResults) -> Iterator[Item]:
    for facet, values in results.request.facets.items():
        if facet not in UNCOUNTED_FACETS:
            yield from ((DeadEnd.Type.FILTER, f"{facet}={value}") for value in values)


def countable(word: str) -> str | None:
    """The form under which a word of a query is counted, or None when it may not be."""
    if len(word) > LONGEST or any(letter.isdigit() for letter in word):
        return None
    return _common_lemma(word) or (word if word in current_synonyms(indexing.analysis()).source_words else None)


def _common_lemma(word: str) -> str | None:
    """The basic form of a common word of the dictionary. What may also be a name, as «toivo» may, is none."""
    dictionary = finnish._dictionary()
    readings = dictionary.analyses(word) if dictionary else []
    if any(name in reading for reading in readings for name in _NAMES):
        return None
    for reading in readings:
        if reading.rpartition("[Bc]")[2].startswith(_COMMON):
            return clean(finnish.read_analysis(reading)[0]) or None
    return None


# --- counts that wait ------------------------------------------------------------------------------------------------
_lock = threading.Lock()
_waiting: Counter[Item] = Counter()
_marks: dict[bytes, None] = {}
_key = secrets.token_bytes(32)
_written_at = time.monotonic()


def _count(visitor: str, items: Iterable[Item]) -> None:
    week = this_week().isoformat()
    with _lock:
        for item in items:
            mark = blake2b("\n".join((visitor, week, *item)).encode(), key=_key, digest_size=8).digest()
            if mark not in _marks:
                _marks[mark] = None
                _waiting[item] += 1
        while len(_marks) > MOST_MARKS:
            del _marks[next(iter(_marks))]


@receiver(request_finished)
def write_when_due(**kwargs: Any) -> None:
    """Write what waits, when it has waited long enough. The answer is with the reader by now."""
    if _waiting and time.monotonic() - _written_at >= SECONDS_BETWEEN_WRITES:
        write()


def write() -> None:
    """Add what waits to the database."""
    global _written_at
    with _lock:
        _written_at = time.monotonic()
        counts = dict(_waiting)
        _waiting.clear()
    try:
        with transaction.atomic():
            _add(counts)
            forget_old()
    except Exception as problem:  # noqa: BLE001 - the message of a database can hold the word
        logger.warning("Counts of words that lead nowhere were dropped: %s", type(problem).__name__)


# --- counts that are kept --------------------------------------------------------------------------------------------
def this_week() -> datetime.date:
    """The Monday of today's week."""
    today = timezone.localdate()
    return today - datetime.timedelta(days=today.weekday())


def _first_week(weeks: int) -> datetime.date:
    return this_week() - datetime.timedelta(weeks=weeks - 1)


def _digest(item: Item) -> str:
    return salted_hmac("search.dead_ends", "\n".join(item), algorithm="sha256").hexdigest()[:32]


def _add(counts: dict[Item, int]) -> None:
    week = this_week()
    # In the order of the codes, which is none: words that came together must not stand together.
    for digest, item in sorted((_digest(item), item) for item in counts):
        row, _created = DeadEnd.objects.get_or_create(digest=digest, defaults={"type": item[0]})
        one, _created = DeadEndWeek.objects.get_or_create(dead_end=row, week=week)
        DeadEndWeek.objects.filter(pk=one.pk).update(count=F("count") + counts[item])
        if not row.text:
            recent = row.weeks.filter(week__gte=_first_week(WEEKS_SHOWN)).aggregate(sum=Sum("count"))["sum"]
            if recent >= settings.SMALLEST_GROUP_SHOWN:
                DeadEnd.objects.filter(pk=digest).update(text=item[1])


def forget_old() -> None:
    """Take out counts that are too old, and words of which nothing is left and nobody has decided anything."""
    DeadEndWeek.objects.filter(week__lt=_first_week(WEEKS_KEPT)).delete()
    DeadEnd.objects.filter(state=DeadEnd.State.OPEN, weeks=None).delete()


def shown(state: str = DeadEnd.State.OPEN) -> QuerySet[DeadEnd]:
    """The rows that editors see, commonest first. Undecided ones have reached that threshold; what was decided stays.

    Each has `recent`, its count of the last WEEKS_SHOWN weeks, `week_count`, in how many of them, and `latest`.
    """
    is_recent = Q(weeks__week__gte=_first_week(WEEKS_SHOWN))
    rows = (
        DeadEnd.objects.exclude(text="")
        .filter(state=state)
        .annotate(
            recent=Sum("weeks__count", filter=is_recent, default=0),
            week_count=Count("weeks", filter=is_recent),
            latest=Max("weeks__week"),
        )
    )
    if state == DeadEnd.State.OPEN:
        rows = rows.filter(recent__gte=settings.SMALLEST_GROUP_SHOWN)
    return rows.order_by("-recent", "text")


# --- what editors decide ---------------------------------------------------------------------------------------------
def decide(rows: QuerySet[DeadEnd], state: str, by: User, note: str = "") -> int:
    """Take down what is to be done about these rows; answers how many there were."""
    return rows.update(state=state, note=note, decided_by=by, decided_at=timezone.now())


def made_into_synonym(phrases: Iterable[str], by: User) -> None:
    """These phrases lead somewhere now: they need no more of an editor's time."""
    rows = DeadEnd.objects.filter(type=DeadEnd.Type.WORD, text__in=list(phrases), state=DeadEnd.State.OPEN)
    decide(rows, DeadEnd.State.SYNONYM, by)
