"""Changing keys: everything that is sealed is closed anew with the first key, so that the others can be thrown away.

Fit to be cut off and run again: what the first key closes already is left as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from referrals.models import Message, Person
from referrals.sealing import CannotOpenError, is_sealed_by_first, reseal

_BATCH = 200
SEALED = (Person, Message)


@dataclass
class Rotation:
    """What a run did, or would do. unopened: what no key in use opens, as (model, primary key)."""

    resealed: int = 0
    already: int = 0
    unopened: list[tuple[str, int]] = field(default_factory=list)


def count_sealed() -> int:
    """How many sealed texts there are."""
    return sum(model.objects.count() for model in SEALED)


def rotate(*, dry_run: bool = False, each: Callable[[int], Any] = lambda done: None) -> Rotation:
    """Close everything with the first key. each: told after every batch how many more have been looked at."""
    rotation = Rotation()
    for model in SEALED:
        last = 0
        while keys := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
            with transaction.atomic():
                # Held until it is written: somebody may be writing the same row just now.
                for row in model.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
                    _rotate_one(row, rotation, dry_run=dry_run)
            last = keys[-1]
            each(len(keys))
    return rotation


def _rotate_one(row: Person | Message, rotation: Rotation, *, dry_run: bool) -> None:
    if is_sealed_by_first(row.sealed):
        rotation.already += 1
        return
    try:
        sealed = reseal(row.sealed)
    except CannotOpenError:
        rotation.unopened.append((row._meta.model_name or "", row.pk))
        return
    rotation.resealed += 1
    if not dry_run:
        row.sealed = sealed
        row.save(update_fields=["sealed"])
