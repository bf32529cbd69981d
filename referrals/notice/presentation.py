"""What the privacy notice and the record of processing tell, as plain values. The periods are those of retention.RULES.

What is known of a person is listed here field by field: a field that nobody tells of has no place in PersonDetails.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.base.fields import Multilingual
from referrals.access import OWN_MINUTES
from referrals.models import Controller
from referrals.models.controller import REQUIRED
from referrals.retention import RULES
from referrals.sealing import has_keys

_YEAR = 365


@dataclass(frozen=True)
class Known:
    """Something that is kept closed with a key. fields: of PersonDetails; none for the words of messages."""

    fields: tuple[str, ...]
    words: str | Promise


@dataclass(frozen=True)
class Row:
    """A term and its text. is_missing: nobody has filled it in yet."""

    term: str
    text: str
    is_missing: bool


@dataclass(frozen=True)
class Text:
    """What an administrator has written; empty when nothing. lang: its language, when it is not the reader's."""

    words: str
    lang: str


@dataclass(frozen=True)
class Period:
    """What is removed, counted from what, and after how long."""

    name: str
    what: str
    counted_from: str
    after: str


SEALED = (
    Known(("name",), _("First name or an alias")),
    Known(("hope",), _("Hopes in the person's own words")),
    Known(
        ("reach", "reach_value"),
        _("How the person is reached: a phone number or an e-mail address, or that the person makes contact"),
    ),
    Known(
        ("may_call", "may_leave_message", "phone_read", "best_time"),
        _("How and when it is safe to make contact, and whether somebody else may read the messages"),
    ),
    Known(("language",), _("Language")),
    Known(("accessibility", "support", "support_note"), _("Accessibility, and what helps the person to come")),
    Known(("meeting_about",), _("What a joint meeting is about")),
    Known(("code",), _("The code that opens the person's own page")),
    Known((), _("Messages: questions, answers, reasons and places of meeting")),
)
_CONTROLLER: dict[str, str | Promise] = {
    "controller": _("Controller"),
    "business_id": _("Business ID"),
    "controller_address": _("Postal address"),
    "contact_person": _("Who answers questions"),
    "contact_email": _("E-mail"),
    "contact_phone": _("Phone"),
    "officer": _("Data protection officer"),
    "officer_email": _("The officer's e-mail"),
}
UNSEALED: tuple[str | Promise, ...] = (
    _("Which organisations were asked about which activity, what they answered, and when a meeting is"),
    _("Who sent it and when, and the stage of the service path"),
    _("How and when consent was given, and whether it was withdrawn"),
    _("Whether it was good, if the person tells"),
    _("A log of who sent, opened or changed something, and when"),
)


def notice_context(controller: Controller) -> dict[str, Any]:
    """What the privacy notice shows."""
    return {**_common(controller), "own_minutes": OWN_MINUTES}


def record_context(controller: Controller) -> dict[str, Any]:
    """What the record of processing shows."""
    return {
        **_common(controller),
        "missing": [_name_of(controller, name) for name in controller.missing()],
        "has_keys": has_keys(),
    }


def periods() -> list[Period]:
    """How long everything is kept."""
    kept = [Period(rule.name, str(rule.what), str(rule.counted_from), in_words(rule.days)) for rule in RULES]
    letters = Period(
        "letters",
        _now("The addresses of letters to organisations and workers; the words go when the letter is sent"),
        _now("The letter was written"),
        in_words(settings.LETTER_KEEP_DAYS),
    )
    return [*kept, letters]


def in_words(days: int) -> str:
    """A period as people say it: «7 days», «2 years»."""
    years, rest = divmod(days, _YEAR)
    if years and not rest:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _common(controller: Controller) -> dict[str, Any]:
    all_periods = periods()
    return {
        "controller": controller,
        "is_in_use": controller.is_in_use,
        "controller_rows": _controller_rows(controller),
        "texts": {name: _text(getattr(controller, name)) for name in ("basis", "processors", "outside_eu", "more")},
        "sealed": [each.words for each in SEALED],
        "unsealed": UNSEALED,
        "periods": all_periods,
        "after": {each.name: each.after for each in all_periods},
    }


def _controller_rows(controller: Controller) -> list[Row]:
    """Who answers for the data. Only what has to be filled in is shown as missing."""
    values = ((str(term), name, getattr(controller, name)) for name, term in _CONTROLLER.items())
    return [Row(term, value, is_missing=not value) for term, name, value in values if value or name in REQUIRED]


def _text(text: Multilingual) -> Text:
    language = get_language() or ""
    found = text.language_of(language)
    return Text(text.in_language(language), lang=found if found != language else "")


def _name_of(controller: Controller, name: str) -> str:
    return capfirst(str(controller._meta.get_field(name).verbose_name))
