"""Between the form of a service and the content of its revisions. Contents in, initial values out, and back; no HTTP.

The way there and back is the model's own (as revisions are written), so that what nobody changed is no change.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import get_field_value, get_serializable_data_for_fields

from directory.changes import plain
from directory.models import OpeningHours, Service

Content = Mapping[str, Any]
Row = dict[str, Any]

# Rows of opening hours that differ in nothing else are one row of the form.
DAY = "weekday"
DAYS = "weekdays"


# --- content → form --------------------------------------------------------------------------------------------------
def initial_of(model: type[models.Model], content: Content, names: Iterable[str]) -> dict[str, Any]:
    """What a form of these fields begins with."""
    return {name: _python(model._meta.get_field(name), content.get(name)) for name in names}


def _python(field: Any, value: Any) -> Any:
    if field.many_to_many:
        return list(value or ())
    if isinstance(value, str) and isinstance(field, models.CharField | models.TextField):
        # As a browser sends it back, so that looking at a text does not change it.
        return value.replace("\r\n", "\n").strip()
    return field.to_python(value)


def hours_initial(rows: Iterable[Content]) -> list[Row]:
    """Rows of opening hours with days of the same hours together, in the order of their first day."""
    together: dict[str, Row] = {}
    names = [name for name in part_fields(OpeningHours) if name != DAY]
    for row in rows:
        same = json.dumps({name: row.get(name) for name in names}, sort_keys=True)
        if same not in together:
            together[same] = {**initial_of(OpeningHours, row, names), DAYS: []}
        together[same][DAYS].append(row[DAY])
    return list(together.values())


def part_fields(model: type[models.Model]) -> list[str]:
    """The fields of a part that say something: not its number, its order or whose it is."""
    return [
        field.name
        for field in model._meta.get_fields()
        if field.concrete and field.name not in ("id", "service", "sort_order")
    ]


# --- form → content --------------------------------------------------------------------------------------------------
def as_content(name: str, value: Any) -> Any:
    """A cleaned value of a service's field as a revision holds it."""
    field = Service._meta.get_field(name)
    if field.many_to_many:
        return list(value)
    if value in (None, "") and not field.null and not field.blank and field.has_default():
        # No choice was made: what the model says of one that is not told.
        value = field.get_default()
    if value is None and not field.null:
        value = ""
    return _json(get_field_value(field, Service(**{name: value})))


def row_of(part: models.Model) -> Row:
    """A part as a revision holds it, as a new one."""
    return {**_json(get_serializable_data_for_fields(part)), "pk": None}


def _json(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def changed_rows(rows: list[Row], before: Iterable[Content]) -> list[Row] | None:
    """The rows to write instead of those before; None when they say the same.

    A row that was there keeps its number. Numbers never come from the form: they could be another service's.
    """
    old: dict[str, list[Content]] = {}
    for row in before:
        old.setdefault(_said(row), []).append(row)
    if Counter(map(_said, rows)) == Counter({said: len(same) for said, same in old.items()}):
        return None
    result = []
    for position, row in enumerate(rows):
        same = old.get(_said(row))
        number = same.pop(0).get("pk") if same else None
        result.append({**row, "pk": number, "sort_order": position})
    return result


def _said(row: Content) -> str:
    return json.dumps(plain(row), sort_keys=True)


def is_filled(value: Any) -> bool:
    """Whether a content's value says something."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return any(each not in ("", None) for row in value for each in plain(row).values())
    return value is not False and value not in (None, "", [], "unknown")
