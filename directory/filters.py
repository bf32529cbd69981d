"""Filters of the directory: a query string ↔ a value object ↔ a clause ↔ words for the reader.

Each rule knows its parameter, its choices, its clause and its label, so a new filter is one line in RULES (and one in
search/sources.py for its count). No rendering and no HTTP here; words to search with are search's, not ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory import choices
from directory.vocabulary import municipality_choices, target_group_choices, topic_choices

if TYPE_CHECKING:
    from directory.models import ServiceQuerySet

# A text, or one whose language is chosen when it is shown.
Label = str | Promise
Choices = Callable[[], list[tuple[str, str]]]
Clause = Callable[[str], Q]
MOST_VALUES = 50


class BadFilterError(ValueError):
    """A value no filter has. `parameter` and `value` name it."""

    def __init__(self, parameter: str, value: str) -> None:
        self.parameter, self.value = parameter, value
        super().__init__(f"{parameter}: unknown value {value!r}")


@dataclass(frozen=True)
class FilterRule:
    """One filter. `is_flag`: a yes-or-no fact, asked as `name=1`. Several values of one rule mean "any of them",
    or "all of them" where each is a wish of its own (`needs_all`)."""

    name: str
    label: Label
    choices: Choices
    clause: Clause
    is_flag: bool = False
    needs_all: bool = False

    def label_of(self, value: str) -> str:
        """The value in the reader's words."""
        if self.is_flag:
            return str(self.label)
        return str(dict(self.choices()).get(value, value))


def _fixed(pairs: Iterable[tuple[str, Label]]) -> Choices:
    return lambda: [(code, str(label)) for code, label in pairs if code not in ("", "unknown")]


def _has(field_name: str) -> Clause:
    return lambda value: Q(**{f"{field_name}__has": value})


def _is(field_name: str) -> Clause:
    return lambda value: Q(**{field_name: value})


def _topic(code: str) -> Q:
    # A broad topic holds its narrower ones.
    return Q(topics__code=code) | Q(topics__parent__code=code)


def _serves(code: str) -> Q:
    # As the search counts it: a place is where its service is for. What is secret says nothing of where it is.
    is_there = Q(service_places__place__municipality=code, service_places__place__is_secret=False)
    return Q(is_nationwide=True) | Q(municipalities__code=code) | Q(counties__municipalities__code=code) | is_there


def _area(value: str) -> Q:
    return Q(is_nationwide=True) if value == "nationwide" else Q(is_nationwide=False)


def _taking_people(_value: str) -> Q:
    lapsed = Q(capacity_until__isnull=False, capacity_until__lt=timezone.localdate())
    return Q(capacity=choices.Capacity.TAKING_PEOPLE) & ~lapsed


def _referral_allowed(_value: str) -> Q:
    return Q(referral__in=[choices.Referral.NEEDED, choices.Referral.ALLOWED])


def _flag(name: str, label: Label, clause: Clause) -> FilterRule:
    return FilterRule(name, label, lambda: [("1", str(label))], clause, is_flag=True)


def _true(field_name: str) -> Clause:
    return lambda _value: Q(**{field_name: True})


RULES: tuple[FilterRule, ...] = (
    FilterRule("stage", _("Stage of the path"), _fixed(choices.Stage.choices), _has("stages")),
    FilterRule("topic", _("Topic"), topic_choices, _topic),
    FilterRule("target", _("For whom"), target_group_choices, _is("target_groups__code")),
    FilterRule("kind", _("Kind"), _fixed(choices.Kind.choices), _is("kind")),
    FilterRule("municipality", _("Municipality"), municipality_choices, _serves),
    FilterRule(
        "area", _("Area"), _fixed([("local", _("In an area")), ("nationwide", _("In the whole country"))]), _area
    ),
    FilterRule("channel", _("How to take part"), _fixed(choices.Channel.choices), _has("channels")),
    FilterRule("language", _("Language of service"), _fixed(choices.SERVICE_LANGUAGES), _has("languages")),
    FilterRule("charge", _("Price"), _fixed(choices.Charge.choices), _is("charge")),
    FilterRule(
        "accessibility",
        _("Accessibility"),
        _fixed(choices.Accessibility.choices),
        lambda value: Q(accessibility__has=value) | Q(service_places__place__accessibility__has=value),
        needs_all=True,
    ),
    _flag("taking_people", _("Taking people now"), _taking_people),
    _flag("no_appointment", _("No appointment needed"), _true("needs_no_appointment")),
    _flag("anonymous", _("Without giving a name"), _true("is_anonymous")),
    _flag("outside_office_hours", _("Open in the evening or at weekends"), _true("is_outside_office_hours")),
    _flag("outreach", _("Comes to where people are"), _true("is_outreach")),
    _flag("interpreter", _("Interpreter can be had"), _true("has_interpreter")),
    _flag("referral_allowed", _("A worker can refer"), _referral_allowed),
)
RULE: Mapping[str, FilterRule] = MappingProxyType({rule.name: rule for rule in RULES})
FLAGS: tuple[str, ...] = tuple(rule.name for rule in RULES if rule.is_flag)


@dataclass(frozen=True)
class Chip:
    """One chosen value: its words, and the filter that is left when it is taken away."""

    name: str
    value: str
    label: str
    without: ServiceFilter


@dataclass(frozen=True)
class ServiceFilter:
    """The chosen values of each rule, in the order they were given. Immutable; equal when they choose the same."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {rule.name: tuple(dict.fromkeys(self.chosen.get(rule.name, ()))) for rule in RULES}
        object.__setattr__(self, "chosen", MappingProxyType({name: values for name, values in kept.items() if values}))

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def __hash__(self) -> int:
        return hash(tuple(self.chosen.items()))

    # --- query string ---
    @classmethod
    def from_query(cls, query: QueryDict | str, *, strict: bool = False) -> ServiceFilter:
        """Read a query string. Unknown values are left out, or with `strict` raise BadFilterError."""
        query = QueryDict(query) if isinstance(query, str) else query
        chosen: dict[str, tuple[str, ...]] = {}
        for rule in RULES:
            known = {code for code, _label in rule.choices()}
            given = [value for value in query.getlist(rule.name) if value][:MOST_VALUES]
            for value in given:
                if strict and value not in known:
                    raise BadFilterError(rule.name, value)
            chosen[rule.name] = tuple(value for value in given if value in known)
        return cls(chosen)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(parameter, value) of everything chosen, in the rules' order."""
        return ((name, value) for name, values in self.chosen.items() for value in values)

    def to_query(self) -> str:
        """The query string that `from_query` reads back."""
        return urlencode(list(self.pairs()))

    # --- changing ---
    def values(self, name: str) -> tuple[str, ...]:
        """What is chosen of one rule."""
        return self.chosen.get(name, ())

    def with_value(self, name: str, value: str) -> ServiceFilter:
        """This filter and one more value."""
        return ServiceFilter({**self.chosen, name: (*self.values(name), value)})

    def without(self, name: str, value: str | None = None) -> ServiceFilter:
        """This filter without one value, or without any of a rule's."""
        left = tuple(each for each in self.values(name) if value is not None and each != value)
        return ServiceFilter({**self.chosen, name: left})

    # --- words ---
    def chips(self) -> list[Chip]:
        """What is chosen, each with the filter that is left without it."""
        return [
            Chip(name, value, RULE[name].label_of(value), self.without(name, value)) for name, value in self.pairs()
        ]

    def describe(self) -> str:
        """The choices as the reader would say them: "Price: Free of charge; Topic: Debts, Benefits"."""
        parts = []
        for name, values in self.chosen.items():
            rule = RULE[name]
            said = ", ".join(rule.label_of(value) for value in values)
            parts.append(said if rule.is_flag else f"{rule.label}: {said}")
        return "; ".join(parts)

    # --- clause ---
    def apply(self, services: ServiceQuerySet) -> ServiceQuerySet:
        """The services that fit. Rows stay single although the clauses join."""
        joined = False
        for name, values in self.chosen.items():
            rule = RULE[name]
            if rule.needs_all:
                for value in values:
                    services = services.filter(rule.clause(value))
            else:
                any_of = Q()
                for value in values:
                    any_of |= rule.clause(value)
                services = services.filter(any_of)
            joined = joined or name in ("topic", "target", "municipality", "accessibility")
        if joined:
            services = services.model.objects.filter(pk__in=services.order_by().values("pk"))
        return services
