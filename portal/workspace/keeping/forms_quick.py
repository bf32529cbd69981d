"""What holds for a while and lapses by itself: free places, closings, notices. Days to choose from, and the forms."""

import calendar
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from directory.choices import Capacity
from directory.models import Service
from portal.base import languages

OWN = "own"
# Whoever means longer than this does not mean "for a while".
MOST_DAYS = 366
CAPACITIES = (Capacity.FULL, Capacity.QUEUE, Capacity.TAKING_PEOPLE)
CLOSED, NOTICE = "closed", "notice"


# --- days, of a clock that is given ----------------------------------------------------------------------------------
def month_end(day: datetime.date, months: int = 0) -> datetime.date:
    """The last day of the month of `day`, or of so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def until_days(today: datetime.date) -> list[datetime.date]:
    """Days until which something may hold, the soonest first: two weeks, and the ends of the next months."""
    two_weeks = today + datetime.timedelta(days=14)
    return sorted({two_weeks, *(month_end(today, months) for months in range(3)), usual_day(today)})


def usual_day(today: datetime.date) -> datetime.date:
    """The day to begin with: the end of the month, or of the next when this one is nearly over."""
    this = month_end(today)
    return this if (this - today).days >= 5 else month_end(today, 1)


def closed_spans(today: datetime.date) -> list[tuple[str, datetime.date, datetime.date]]:
    """(name, first day, last day) of closings to choose from: today, this week, two weeks, the next holidays."""
    sunday = today + datetime.timedelta(days=7 - today.isoweekday())
    spans = [
        (pgettext("closed", "Today"), today, today),
        (pgettext("closed", "This week"), today, sunday),
        (pgettext("closed", "Two weeks"), today, today + datetime.timedelta(days=13)),
    ]
    july = (pgettext("closed", "July"), (7, 1), (7, 31))
    christmas = (pgettext("closed", "Christmas"), (12, 23), (12, 26))
    coming = []
    for name, first, last in (july, christmas):
        year = today.year if today <= datetime.date(today.year, *last) else today.year + 1
        coming.append((name, datetime.date(year, *first), datetime.date(year, *last)))
    every = [*spans, *sorted(coming, key=lambda span: span[1])]
    # On a Sunday this week is today.
    return list({span[1:]: span for span in reversed(every)}.values())[::-1]


def _short(day: datetime.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class _WhileForm(forms.Form):
    """Until when: a few days to choose from, or a day of one's own."""

    until = forms.ChoiceField(
        label=gettext_lazy("Until when?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("After this day it goes away by itself."),
    )
    own_until = _day_field(gettext_lazy("Day of your own"))

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        days = until_days(today)
        self.fields["until"].choices = [
            *((day.isoformat(), _("Until %(day)s") % {"day": _short(day)}) for day in days),
            (OWN, _("A day of your own")),
        ]
        self.fields["until"].initial = usual_day(today).isoformat()

    def clean(self) -> dict[str, Any]:
        """Puts the chosen day into `last_day`."""
        data = super().clean() or self.cleaned_data
        chosen, own = data.get("until"), data.get("own_until")
        if chosen == OWN:
            data["last_day"] = own
            self._check_day("own_until", own)
        elif chosen:
            data["last_day"] = datetime.date.fromisoformat(chosen)
        return data

    def _check_day(self, field: str, day: datetime.date | None) -> None:
        if field in self.errors:
            return
        if day is None:
            self.add_error(field, _("Choose the day."))
        elif day < self.today:
            self.add_error(field, _("This day is past."))
        elif (day - self.today).days > MOST_DAYS:
            self.add_error(field, _("Choose a day within a year. What holds longer belongs in the listing itself."))


class CapacityForm(_WhileForm):
    """Full, a waiting list or taking people, until a day."""

    note = forms.CharField(
        label=gettext_lazy("More about free places"),
        help_text=gettext_lazy("For example: about three weeks of waiting."),
        max_length=200,
        required=False,
    )
    field_order = ("note", "until", "own_until")

    def __init__(self, *args: Any, capacity: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.capacity, self.language = capacity, language

    def contents(self, row: Service) -> dict[str, Any]:
        """The values of a row. The word about it is written in one language: another's old one must not come back."""
        return {
            "capacity": self.capacity,
            "capacity_until": self.cleaned_data["last_day"].isoformat(),
            "capacity_note": self.cleaned_data["note"] if row.language == self.language else "",
        }


class NoticeForm(_WhileForm):
    """A temporary notice, in each language that the service is written in."""

    def __init__(self, *args: Any, rows: Sequence[Service], notices: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [row.language for row in rows]
        texts = {}
        for code in self.codes:
            found = languages.BY_CODE.get(code)
            name = found.endonym if found else code
            texts[self._name(code)] = forms.CharField(
                label=_("Notice (%(language)s)") % {"language": name} if len(rows) > 1 else _("Notice"),
                help_text=""
                if texts
                else _("For example: the group meets in the library until the water damage is mended."),
                max_length=500,
                required=False,
                initial=notices.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )
        self.fields = {**texts, **self.fields}

    @staticmethod
    def _name(code: str) -> str:
        return f"notice_{code}"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any((data.get(self._name(code)) or "").strip() for code in self.codes):
            self.add_error(self._name(self.codes[0]), _("Write what people should know."))
        return data

    def contents(self, row: Service) -> dict[str, Any]:
        """The values of a row; one without a text loses its old notice, which the new day would bring back."""
        return {
            "notice": self.cleaned_data.get(self._name(row.language), ""),
            "notice_until": self.cleaned_data["last_day"].isoformat(),
        }


class ClosedForm(forms.Form):
    """Closed for some days: an exception to the opening hours."""

    span = forms.ChoiceField(label=gettext_lazy("When are you closed?"), widget=forms.RadioSelect)
    own_from = _day_field(gettext_lazy("First day"))
    own_until = _day_field(gettext_lazy("Last day"))
    note = forms.CharField(
        label=gettext_lazy("Why, or where to turn meanwhile"),
        max_length=150,
        required=False,
    )
    field_order = ("note", "span", "own_from", "own_until")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        spans = closed_spans(today)
        self.fields["span"].choices = [
            *(
                (f"{first.isoformat()}/{last.isoformat()}", f"{name}: {span_words(first, last)}")
                for name, first, last in spans
            ),
            (OWN, _("Days of your own")),
        ]
        self.fields["span"].initial = self.fields["span"].choices[1][0]

    def clean(self) -> dict[str, Any]:
        """Puts the chosen days into `days`."""
        data = super().clean() or self.cleaned_data
        if data.get("span") == OWN:
            first, last = data.get("own_from"), data.get("own_until")
            for name, day in (("own_from", first), ("own_until", last)):
                if day is None and name not in self.errors:
                    self.add_error(name, _("Choose the day."))
            if first and last:
                if last < first:
                    self.add_error("own_until", _("The last day is before the first."))
                elif last < self.today:
                    self.add_error("own_until", _("This day is past."))
                elif (last - self.today).days > MOST_DAYS:
                    self.add_error("own_until", _("Choose a day within a year."))
                data["days"] = (first, last)
        elif data.get("span"):
            first_text, _slash, last_text = data["span"].partition("/")
            data["days"] = (datetime.date.fromisoformat(first_text), datetime.date.fromisoformat(last_text))
        return data

    def contents(self) -> dict[str, Any]:
        """The exception as a part of a revision."""
        first, last = self.cleaned_data["days"]
        return closing(first, last, self.cleaned_data["note"])


def span_words(first: datetime.date, last: datetime.date) -> str:
    """Days in words: one, or from the first to the last."""
    return _short(first) if first == last else f"{_short(first)}–{_short(last)}"


def closing(first: datetime.date, last: datetime.date, note: str) -> dict[str, Any]:
    """A closed span as a part of a revision."""
    return {
        "pk": None,
        "place": None,
        "date_from": first.isoformat(),
        "date_to": last.isoformat(),
        "is_closed": True,
        "opens": None,
        "closes": None,
        "note": note,
    }
