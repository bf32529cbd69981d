"""What the person's pages show, gathered into plain values. No HTML, no writes. Sealed words are opened here, for a
caller who has opened the referral by referrals.reading first."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_variables

from directory.models import Service
from directory.presentation import contact_ways, map_url
from referrals.actions.after import RATED_STATES
from referrals.actors import PERSON
from referrals.choices import Act, Party, State
from referrals.models import Enquiry, LogLine, Message, Referral
from referrals.own.forms import ActForm
from referrals.reading import Opening
from referrals.states import acts_for

# What the person does to one enquiry here. Withdrawing ends them all: a page of its own.
OFFERED = (Act.ANSWER, Act.AGREE, Act.REFUSE_TIME)
# While one of these holds, it helps to know where the organisation is.
_WHERE = frozenset({State.SENT, State.ASKED, State.SUGGESTED, State.ACCEPTED, State.ARRIVED, State.CONTINUES})


@dataclass(frozen=True, repr=False)
class Words:
    """Something that was written, opened. Its repr tells nothing."""

    party: str
    act: str
    at: datetime.datetime
    text: str

    def __repr__(self) -> str:
        return "Words(…)"


@dataclass(frozen=True)
class Item:
    """One enquiry as the person sees it. service: the listing, while it is public; forms: what can be done now."""

    enquiry: Enquiry
    service: Service | None
    contact_ways: list[dict[str, Any]]
    places: list[dict[str, Any]]
    words: list[Words]
    forms: dict[str, ActForm] = field(default_factory=dict)
    # What was typed into a form that is no longer offered.
    lost_words: str = ""

    @property
    def can_rate(self) -> bool:
        """Whether it can be asked if it was good."""
        return self.enquiry.state in RATED_STATES

    @property
    def shows_where(self) -> bool:
        """Whether the contact details of the organisation are of use now."""
        return self.enquiry.state in _WHERE


@sensitive_variables()
def items_of(opening: Opening, tried: ActForm | None = None, at: UUID | None = None) -> list[Item]:
    """The enquiries of an opened referral. tried: a form of the enquiry `at` that was sent and not accepted."""
    referral = opening.referral
    enquiries = list(referral.enquiries.select_related("organisation"))
    services = _services(enquiries)
    words = _words(referral) if opening.details is not None else {}
    items = []
    for enquiry in enquiries:
        forms = {act.value: ActForm(act, enquiry) for act in _acts(enquiry, referral)}
        lost = ""
        if tried is not None and at == enquiry.uuid:
            if tried.what.value in forms and tried.is_bound and tried.errors:
                forms[tried.what.value] = tried
            else:
                lost = tried.data.get("words", "")
        service = services.get(enquiry.service_key)
        items.append(
            Item(
                enquiry,
                service,
                contact_ways(service) if service else [],
                # A secret address is not in the public places.
                [{"place": each, "map_url": map_url(each)} for each in service.public_places] if service else [],
                words.get(enquiry.pk, []),
                forms,
                lost,
            )
        )
    return items


def _acts(enquiry: Enquiry, referral: Referral) -> list[Act]:
    if referral.withdrawn_at is not None:
        return []
    possible = acts_for(State(enquiry.state), PERSON.parties(is_own=referral.is_own))
    return [act for act in OFFERED if act in possible]


def _services(enquiries: Iterable[Enquiry]) -> dict[UUID, Service]:
    """The listings of enquiries by their UUID, those that are public."""
    rows = Service.objects.public().of_keys({each.service_key for each in enquiries}).best_for(get_language() or "")
    return {row.translation_key: row for row in rows.with_page_facts()}


@sensitive_variables()
def _words(referral: Referral) -> dict[int, list[Words]]:
    found: dict[int, list[Words]] = {}
    for each in Message.objects.filter(enquiry__referral=referral):
        found.setdefault(each.enquiry_id, []).append(Words(each.party, each.act, each.at, each.text))
    return found


# --- The log ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LogRow:
    """One line of the log. who: in the name of which team or organisation, never a worker; empty for the person."""

    line: LogLine
    who: str
    title: str


def log_rows(referral: Referral) -> list[LogRow]:
    """Who has opened a referral and what has been done to it, the newest first."""
    titles = dict(referral.enquiries.values_list("uuid", "title"))
    lines = LogLine.objects.of_referral(referral.uuid).reverse()
    return [
        LogRow(line, "" if line.party == Party.PERSON else line.in_name_of, titles.get(line.enquiry, ""))
        for line in lines
    ]
