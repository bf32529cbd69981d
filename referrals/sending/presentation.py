"""What the worker's pages show, gathered into plain values. No HTML, no writes. Of a person nothing is read here: that
comes by referrals.reading, and the sealed words of messages are opened by the template where they may be shown."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from directory.filters import RULE, ServiceFilter
from directory.models import Service
from directory.presentation import contact_ways
from portal.accounts.models import User
from portal.base import languages
from referrals.actors import Actor
from referrals.choices import Act, LogEvent, Party, State
from referrals.models import Enquiry, LogLine, Message, Referral
from referrals.sending.attention import Reason, Standing, is_refused, reasons_of
from referrals.sending.forms import ActForm
from referrals.states import acts_for

# What the worker does to one enquiry here. Withdrawing ends them all: a page of its own.
STEERING = (Act.ANSWER, Act.AGREE, Act.REFUSE_TIME, Act.CLOSE, Act.CANCEL)
_TAKEN_UP = frozenset({State.ACCEPTED, State.ARRIVED, State.CONTINUES})
# What the person does at their own view without anybody being meant by it.
_LOOKING = (LogEvent.OPEN, LogEvent.PRINT, LogEvent.READ_LOG)
_READING = frozenset({LogEvent.OPEN, LogEvent.PRINT, LogEvent.READ_LOG, LogEvent.LINK_SENT})


# --- Lists ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A referral in a list: nothing that tells who it is about."""

    referral: Referral
    enquiries: list[Enquiry]
    reasons: list[Reason]
    is_mine: bool


def rows_of(referrals: QuerySet[Referral], user: User, at: datetime.datetime) -> list[Row]:
    """Rows of these referrals, in a fixed number of queries."""
    found = referrals.select_related("team__organisation", "keeper").prefetch_related("enquiries__organisation")
    return [_row(each, user, at) for each in found]


def _row(referral: Referral, user: User, at: datetime.datetime) -> Row:
    enquiries = list(referral.enquiries.all())
    reasons = reasons_of(standings(enquiries), closed_at=referral.closed_at, at=at)
    return Row(referral, enquiries, reasons, is_mine=referral.keeper_id == user.pk)


def standings(enquiries: Iterable[Enquiry]) -> list[Standing]:
    """How enquiries stand, as plain values."""
    return [Standing(State(each.state), each.is_silent) for each in enquiries]


# --- One referral -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Happening:
    """One line of what has happened to an enquiry. message: its sealed words, if there were any."""

    line: LogLine
    message: Message | None = None


@dataclass(frozen=True)
class Item:
    """One enquiry as its sender sees it. service: the listing, while it is public; forms: what can be done now."""

    enquiry: Enquiry
    service: Service | None
    contact_ways: list[dict[str, Any]]
    happenings: list[Happening]
    forms: dict[str, ActForm] = field(default_factory=dict)
    # What was typed into a form that is no longer offered.
    lost_words: str = ""

    @property
    def needs_other_ways(self) -> bool:
        """Whether something else should be found."""
        return self.enquiry.is_silent or self.enquiry.state in (State.DECLINED, State.FULL, State.UNANSWERED)

    @property
    def last_words(self) -> Message | None:
        """The last message, if any: the organisation's question or where one meets."""
        return next((each.message for each in reversed(self.happenings) if each.message), None)


@dataclass(frozen=True)
class Tried:
    """A form that was sent and not accepted."""

    enquiry: UUID
    form: ActForm


def items_of(referral: Referral, by: Actor, tried: Tried | None = None) -> list[Item]:
    """The enquiries of a referral, with what has happened to each and what can be done now."""
    enquiries = list(referral.enquiries.select_related("organisation"))
    services = services_of(enquiries)
    happenings = happenings_of(referral)
    items = []
    for enquiry in enquiries:
        service = services.get(enquiry.service_key)
        forms = {act.value: ActForm(act, enquiry) for act in _acts(enquiry, referral, by)}
        lost = ""
        if tried is not None and tried.enquiry == enquiry.uuid:
            if tried.form.what.value in forms:
                forms[tried.form.what.value] = tried.form
            else:
                lost = tried.form.data.get("words", "")
        ways = contact_ways(service) if service else []
        items.append(Item(enquiry, service, ways, happenings[enquiry.uuid], forms, lost))
    return items


def _acts(enquiry: Enquiry, referral: Referral, by: Actor) -> list[Act]:
    if referral.withdrawn_at is not None:
        return []
    possible = acts_for(State(enquiry.state), by.parties(is_own=referral.is_own))
    return [act for act in STEERING if act in possible]


def services_of(enquiries: Iterable[Enquiry]) -> dict[UUID, Service]:
    """The listings of enquiries by their UUID, those that are public."""
    rows = Service.objects.public().of_keys({each.service_key for each in enquiries}).best_for(get_language() or "")
    rows = rows.with_list_facts().prefetch_related("contact_ways", "topics")
    return {row.translation_key: row for row in rows}


def happenings_of(referral: Referral) -> dict[UUID | None, list[Happening]]:
    """What has happened to each enquiry, the oldest first: acts, letters, and when the organisation first read it."""
    words: dict[tuple[UUID | None, str, datetime.datetime], Message] = {
        (each.enquiry.uuid, each.act, each.at): each
        for each in Message.objects.filter(enquiry__referral=referral).select_related("enquiry")
    }
    found: dict[UUID | None, list[Happening]] = defaultdict(list)
    read: set[UUID | None] = set()
    for line in LogLine.objects.of_referral(referral.uuid).exclude(enquiry=None):
        if line.event in _READING:
            if line.event != LogEvent.OPEN or line.party != Party.ORGANISATION or line.enquiry in read:
                continue
            read.add(line.enquiry)
        found[line.enquiry].append(Happening(line, words.get((line.enquiry, line.event, line.at))))
    return found


def others_to_take_back(items: Sequence[Item]) -> list[Item]:
    """Those that are still asked though somebody else has taken it up."""
    if not any(each.enquiry.state in _TAKEN_UP for each in items):
        return []
    return [each for each in items if each.enquiry.state not in _TAKEN_UP and Act.CANCEL.value in each.forms]


def is_turned_down(items: Sequence[Item]) -> bool:
    """Whether nobody took it up."""
    return is_refused(State(each.enquiry.state) for each in items)


def other_options_url(referral: Referral, services: Iterable[Service]) -> str:
    """The search for something else of the same kind: stage, topics and the municipality of the team."""
    topics = {topic.code for service in services for topic in service.topics.all()}
    home = referral.team.organisation.home_municipality_id if referral.team else None
    chosen = ServiceFilter(
        {
            "stage": (referral.stage,),
            "topic": tuple(sorted(topics)),
            "municipality": (home,) if home else (),
            RULE["referral_allowed"].name: ("1",),
        }
    )
    return f"{reverse('search:search')}?{chosen.to_query()}"


# --- Paper ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PaperLink:
    """The person's paper in one language."""

    code: str
    name: str
    url: str
    is_persons: bool


def paper_links(referral: Referral) -> list[PaperLink]:
    """The person's paper in each language of the site, the person's own first."""
    links = []
    for language in languages.ALL:
        with translation.override(language.code):
            url = reverse("referrals:paper", kwargs={"uuid": referral.uuid})
        links.append(PaperLink(language.code, language.endonym, url, language.code == referral.language))
    return sorted(links, key=lambda each: not each.is_persons)


# --- The log ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LogRow:
    """One line of the log. who: a worker of the own team by name, everybody else by their organisation."""

    line: LogLine
    who: str
    title: str

    @property
    def is_act(self) -> bool:
        """Whether something was done to an enquiry, beside reading it."""
        return self.line.event in Act.values


def log_rows(referral: Referral) -> list[LogRow]:
    """The log of a referral, the newest first. When and how often the person looks at their own view is for the
    person's eyes (referrals.own)."""
    lines = list(LogLine.objects.of_referral(referral.uuid).exclude(party=Party.PERSON, event__in=_LOOKING))
    team = User.objects.filter(team_places__team=referral.team_id) if referral.team_id else User.objects.none()
    names = {user.pk: str(user) for user in team.filter(pk__in={line.user_id_then for line in lines}).distinct()}
    titles = dict(referral.enquiries.values_list("uuid", "title"))
    return [
        LogRow(
            line,
            names.get(line.user_id_then or 0, "") if line.party == Party.SENDER else "",
            titles.get(line.enquiry, "") if line.enquiry else "",
        )
        for line in reversed(lines)
    ]
