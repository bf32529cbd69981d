"""What differs between two versions, in words for people: labels, names of places and terms, hours as lines. No rules.

    changes = in_words(Service, waiting_changes(row))     # a fixed number of queries, however many changes
    for change in changes:
        change.label                    # "How to join", "Service description: Resources", "Name (Suomi)"
        change.before, change.after     # safe HTML of the two sides, with <del> and <ins> where they differ
        change.field, change.is_new, change.is_gone, change.is_risky

A text is compared word by word, everything else line by line (one contact way, one place, one span of hours a line).
The HTML has nothing in it but escaped text, <del>, <ins> and <br>, so `{{ change.before }}` is safe as it stands.
Conflicts are shown by the same: `in_words(Service, [Difference(each.field, each.theirs, each.mine) for each in …])`.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.changes import RISKY, Difference, places_in
from directory.choices import Audience, ContactKind, Weekday
from directory.models import (
    Organisation,
    Place,
    Service,
    ServiceDescription,
)
from portal.base import languages
from portal.base.fields import ChoiceSetField, MultilingualField

# Comparing word by word takes the square of the number of words; a text longer than this is shown whole.
MOST_WORDS = 4000
_TOKEN = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class DifferenceInWords:
    """One thing that reads otherwise: `before` and `after` are safe HTML, "" where there is nothing."""

    field: str
    label: str
    before: SafeString
    after: SafeString
    is_risky: bool = False

    @property
    def is_new(self) -> bool:
        """Whether nothing stood there before."""
        return not self.before

    @property
    def is_gone(self) -> bool:
        """Whether nothing stands there after."""
        return not self.after


def in_words(model: type[Service | Organisation], changes: Iterable[Difference]) -> list[DifferenceInWords]:
    """The changes as people read them, in their order. A field of several texts (languages, headings) gives several."""
    found = list(changes)
    names = _Names(model, found)
    words = (each for change in found for each in _words_of(model, change, names))
    # Beside nothing at all (a first version) every empty field differs; to a reader it does not.
    return [each for each in words if each.before != each.after]


def label_of(model: type[Service | Organisation], field: str) -> str:
    """What a field, or a part, is called."""
    try:
        found = model._meta.get_field(field)
    except FieldDoesNotExist:
        return field
    if isinstance(found, models.ManyToOneRel):
        plural = {
            "service_places": _("Places"),
            "opening_hours": _("Opening hours"),
            "opening_exceptions": _("Exceptions to the hours"),
            "contact_ways": _("Contact ways"),
            "contacts": _("Contact ways"),
            "required_documents": _("Documents that are needed"),
            "links": _("Links"),
            "long_description": _("Service description"),
        }
        return plural.get(field, field)
    return capfirst(str(found.verbose_name))


def _words_of(model: type, change: Difference, names: "_Names") -> list[DifferenceInWords]:
    label, is_risky = label_of(model, change.field), change.field in RISKY
    if change.field == "long_description":
        return [
            _compared(f"{change.field}.{name}", f"{label}: {heading}", before, after, is_text=True)
            for name, heading, before, after in _headings(change)
            if before != after
        ]
    field = model._meta.get_field(change.field)
    if isinstance(field, MultilingualField):
        before, after = change.before or {}, change.after or {}
        return [
            _compared(
                f"{change.field}.{code}",
                f"{label} ({languages.BY_CODE[code].endonym})",
                before.get(code, ""),
                after.get(code, ""),
                is_text=True,
                is_risky=is_risky,
            )
            for code in languages.CODES
            if before.get(code, "") != after.get(code, "")
        ]
    read = _reader(field, names)
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices and read is _as_text
    return [_compared(change.field, label, read(change.before), read(change.after), is_text=is_text, is_risky=is_risky)]


def _headings(change: Difference) -> list[tuple[str, str, str, str]]:
    before, after = (dict((value or [{}])[0]) for value in (change.before, change.after))
    fields = [field for field in ServiceDescription._meta.fields if isinstance(field, models.TextField)]
    return [
        (field.name, str(field.verbose_name), before.get(field.name) or "", after.get(field.name) or "")
        for field in fields
    ]


# --- values ----------------------------------------------------------------------------------------------------------
class _Names:
    """The names that numbers in contents stand for, read once for all changes."""

    def __init__(self, model: type[models.Model], changes: Sequence[Difference]) -> None:
        wanted: dict[type[models.Model], set[int | str]] = {}
        for change in changes:
            values = (change.before, change.after)
            if change.field in ("service_places", "opening_hours", "opening_exceptions"):
                wanted.setdefault(Place, set()).update(number for value in values for number in places_in(value))
                continue
            try:
                field = model._meta.get_field(change.field)
            except FieldDoesNotExist:
                continue
            if field.is_relation and not isinstance(field, models.ManyToOneRel):
                numbers = (value if isinstance(value, list) else [value] for value in values)
                wanted.setdefault(field.related_model, set()).update(
                    each for group in numbers for each in group if isinstance(each, int | str)
                )
        self._found = {
            each: {row.pk: str(row) for row in each._default_manager.filter(pk__in=numbers)}
            for each, numbers in wanted.items()
            if numbers
        }

    def of(self, model: type[models.Model], number: Any) -> str:
        """The name of one; what is gone since is told to be."""
        return self._found.get(model, {}).get(number, _("removed since"))


Lines = str | list[str]


def _reader(field: Any, names: _Names) -> Callable[[Any], Lines]:
    """How the values of a field are put into words."""
    if isinstance(field, models.ManyToOneRel):
        part = {
            "service_places": lambda row: names.of(Place, row.get("place")),
            "opening_hours": lambda row: _hours(row, names),
            "opening_exceptions": lambda row: _exception(row, names),
            "contact_ways": _contact,
            "contacts": _contact,
            "required_documents": lambda row: _pair(row.get("name"), row.get("url")),
            "links": lambda row: _pair(row.get("label"), row.get("url")),
        }.get(field.get_accessor_name(), str)
        return lambda value: [part(row) for row in value or ()]
    if field.many_to_many:
        return lambda value: sorted(names.of(field.related_model, each) for each in value or ())
    if field.is_relation:
        return lambda value: [names.of(field.related_model, value)] if value else []
    if isinstance(field, ChoiceSetField):
        labels = _labels(field.choices)
        return lambda value: [labels.get(code, code) for code in field.to_python(value)]
    if field.choices:
        labels = _labels(field.choices)
        return lambda value: [labels.get(str(value), str(value))] if value else []
    if isinstance(field, models.BooleanField):
        return lambda value: [_("Yes") if value else _("No")]
    if isinstance(field, models.DateTimeField):
        return lambda value: [_moment(value)] if value else []
    if isinstance(field, models.DateField):
        return lambda value: [_day(value)] if value else []
    return _as_text


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(code): str(label) for code, label in choices}


def _day(value: Any) -> str:
    found = value if isinstance(value, datetime.date) else parse_date(str(value))
    return date_format(found, "SHORT_DATE_FORMAT") if found else str(value)


def _moment(value: Any) -> str:
    found = value if isinstance(value, datetime.datetime) else parse_datetime(str(value))
    return date_format(timezone.localtime(found), "SHORT_DATETIME_FORMAT") if found else str(value)


def _clock(value: Any) -> str:
    found = value if isinstance(value, datetime.time) else parse_time(str(value or ""))
    return f"{found.hour}.{found.minute:02}" if found else ""


def _span(row: Mapping[str, Any]) -> str:
    return f"{_clock(row.get('opens'))}–{_clock(row.get('closes'))}"


def _hours(row: Mapping[str, Any], names: _Names) -> str:
    weekday = str(dict(Weekday.choices).get(row.get("weekday"), ""))
    more = [_("by appointment") if row.get("by_appointment") else "", row.get("note") or ""]
    if row.get("valid_from"):
        more.append(_("from %(day)s") % {"day": _day(row["valid_from"])})
    if row.get("valid_to"):
        more.append(_("until %(day)s") % {"day": _day(row["valid_to"])})
    if row.get("place"):
        more.append(names.of(Place, row["place"]))
    return _pair(f"{weekday} {_span(row)}", ", ".join(each for each in more if each), " · ")


def _exception(row: Mapping[str, Any], names: _Names) -> str:
    days = [_day(row[name]) for name in ("date_from", "date_to") if row.get(name)]
    words = _("closed") if row.get("is_closed") else _span(row)
    more = [row.get("note") or "", names.of(Place, row["place"]) if row.get("place") else ""]
    return _pair(f"{'–'.join(dict.fromkeys(days))}: {words}", ", ".join(each for each in more if each), " · ")


def _contact(row: Mapping[str, Any]) -> str:
    kind = _labels(ContactKind.choices).get(str(row.get("kind")), "")
    more = [str(row.get(name) or "") for name in ("label", "hours", "price")]
    if row.get("audience") == Audience.WORKERS:
        more.append(str(Audience.WORKERS.label))
    return _pair(f"{kind}: {row.get('value') or ''}", ", ".join(each for each in more if each), " · ")


def _pair(first: Any, second: Any, between: str = ": ") -> str:
    return between.join(str(each) for each in (first, second) if each)


# --- marking ---------------------------------------------------------------------------------------------------------
def _compared(
    field: str, label: str, before: Lines, after: Lines, *, is_text: bool = False, is_risky: bool = False
) -> DifferenceInWords:
    if is_text and isinstance(before, str) and isinstance(after, str):
        left, right = marked_words(before, after)
    else:
        left, right = _marked_lines(_as_lines(before), _as_lines(after))
    return DifferenceInWords(field, label, left, right, is_risky)


def _as_lines(value: Lines) -> list[str]:
    return ([value] if value else []) if isinstance(value, str) else value


def marked_words(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Two texts as safe HTML, with the words that left in <del> and those that came in <ins>."""
    if not before or not after:
        return _html(before), _html(after)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > 2 * MOST_WORDS:
        return _html(before), _html(after)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        left.append(_html(gone) if kind == "equal" else _within("del", gone))
        right.append(_html(come) if kind == "equal" else _within("ins", come))
    return mark_safe("".join(left)), mark_safe("".join(right))


def _marked_lines(before: list[str], after: list[str]) -> tuple[SafeString, SafeString]:
    def side(own: list[str], other: list[str], mark: str) -> SafeString:
        # What stands alone needs no mark: all of it is new, or gone.
        marked = (_html(line) if line in other or not other else _within(mark, line) for line in own)
        return mark_safe("<br>".join(marked))

    return side(before, after, "del"), side(after, before, "ins")


def _within(mark: str, text: str) -> SafeString:
    return mark_safe(f"<{mark}>{_html(text)}</{mark}>") if text else mark_safe("")


def _html(text: str) -> SafeString:
    return mark_safe(escape(text).replace("\r\n", "\n").replace("\n", "<br>"))
