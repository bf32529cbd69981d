"""Writes of the moderators' queue: open, assign, note, watch, close. What happens opens a case, never a page."""

import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from directory import permissions
from directory.choices import CaseKind, ClaimState, ReviewState
from directory.models import AreaRole, Case, CaseNote, Claim, FactReport, Organisation, Review
from directory.permissions import Action

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def open_case(
    kind: CaseKind,
    *,
    organisation: Organisation | None = None,
    key: UUID | None = None,
    review: Review | None = None,
    claim: Claim | None = None,
    report: FactReport | None = None,
    county: str | None = None,
    at: datetime.datetime | None = None,
) -> Case:
    """Put something into the queue, with a name on it where its area has an administrator. What waits already is kept.

    key: the service's UUID. county: its area (its code) when it has no organisation with one.
    """
    area = county or (organisation.county_id if organisation else None)
    about = {"kind": kind, "key": key, "review": review, "claim": claim, "report": report}
    waiting = Case.objects.open().filter(**about)
    if key is None and review is None and claim is None and report is None:
        waiting = waiting.filter(organisation=organisation)
    found = waiting.first()
    if found:
        return found
    case = Case(
        **about,
        organisation=organisation,
        county_id=area,
        opened_at=at or timezone.now(),
        assigned_to=who_has_least(area),
    )
    case.save()
    return case


def who_has_least(county: str | None) -> "User | None":
    """The area's administrator with the fewest open cases; where the area has none, the moderator with the fewest."""
    roles = AreaRole.objects.filter(county=county, user__is_active=True).select_related("user")
    people = {role.user_id: role.user for role in roles} or {user.pk: user for user in permissions.central_people()}
    loads = dict(
        Case.objects.open()
        .filter(assigned_to__in=people)
        .order_by()
        .values_list("assigned_to")
        .annotate(count=Count("pk"))
    )
    return min(people.values(), key=lambda user: (loads.get(user.pk, 0), user.pk), default=None)


@transaction.atomic
def close_cases(by: "User | None", *, at: datetime.datetime | None = None, **about: object) -> int:
    """Close what waits of this (filters of Case, such as review=… or key=… and kind=…); how many were closed."""
    return Case.objects.open().filter(**about).update(closed_at=at or timezone.now(), closed_by=by)


def may_be_closed(case: Case) -> bool:
    """Whether a person may close it by saying so; an edit, a claim and a report are closed by deciding them."""
    if case.review:
        return case.review.state != ReviewState.WAITING
    if case.report:
        return case.report.handled_at is not None
    if case.claim:
        return case.claim.state != ClaimState.WAITING
    return True


@transaction.atomic
def close_case(case: Case, *, by: "User", words: str = "") -> None:
    """A moderator says: this is done. words: what is noted with it. Raises PermissionDenied unless `may_be_closed`."""
    permissions.require(by, Action.WORK_CASE, _area_of(case))
    if not may_be_closed(case):
        raise PermissionDenied("It is closed by deciding it.")
    if words.strip():
        write_note(case, text=words, by=by)
    Case.objects.open().filter(pk=case.pk).update(closed_at=timezone.now(), closed_by=by)


@transaction.atomic
def assign_case(case: Case, *, to: "User | None", by: "User") -> None:
    """Make a case somebody's task; None gives it back to all. Raises PermissionDenied when `to` may not work on it."""
    permissions.require(by, Action.WORK_CASE, _area_of(case))
    if to is not None:
        permissions.require(to, Action.WORK_CASE, _area_of(case))
    Case.objects.filter(pk=case.pk).update(assigned_to=to)
    case.assigned_to = to


@transaction.atomic
def write_note(case: Case, *, text: str, by: "User") -> CaseNote:
    """Note something about a case, for the other moderators."""
    permissions.require(by, Action.WORK_CASE, _area_of(case))
    note = CaseNote(case=case, text=text.strip(), written_by=by)
    note.full_clean()
    note.save()
    return note


@transaction.atomic
def watch_case(case: Case, *, by: "User", wanted: bool) -> None:
    """Begin or stop watching a case."""
    permissions.require(by, Action.WORK_CASE, _area_of(case))
    if wanted:
        case.watchers.add(by)
    else:
        case.watchers.remove(by)


def _area_of(case: Case) -> Organisation | None:
    """The organisation whose area decides who may work on a case; a claim of a new one has only a county."""
    if case.organisation is not None or case.county_id is None:
        return case.organisation
    # Of no organisation yet: one that is not saved lends the area to the table of permissions.
    municipality = case.claim.proposed_municipality if case.claim else None
    return Organisation(home_municipality=municipality) if municipality else None
