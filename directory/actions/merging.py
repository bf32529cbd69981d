"""Writes that make one of two: merge services, merge organisations; or say that two are not the same.

Nothing is deleted. A dropped service is ended, a dropped organisation hidden; their addresses lead to the one that is
kept. To undo: bring the dropped one back («Bring the listing back», or show the organisation again in the admin), and
restore the kept one's former version from its history. What has moved (reports, people, services) is named in the log
of the kept one, and stays with it.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.log_actions import log

from directory import permissions
from directory.actions.cases import close_cases
from directory.actions.editing import begin_translation, publish_revision
from directory.actions.keepers import settle_orphans
from directory.actions.services import end_service
from directory.choices import CaseKind, ClaimState, Role
from directory.contents import ORGANISATION_FIELDS, Cluster, Content, content_of, fields_of, newest_content
from directory.models import (
    Campaign,
    CampaignService,
    Case,
    Claim,
    DuplicateKind,
    FactReport,
    Finding,
    Invitation,
    Merged,
    NotDuplicate,
    Notice,
    Organisation,
    Place,
    Review,
    Service,
    UnsavedInput,
)
from directory.permissions import Action
from directory.sharing import open_revisions, set_on_rows
from directory.signals import organisations_merged, services_changed

if TYPE_CHECKING:
    from portal.accounts.models import User

# What a dropped organisation may give beside what its keepers edit.
ORGANISATION_MERGE_FIELDS = (*ORGANISATION_FIELDS, "business_id", "sector")
_RANK = (Role.WRITER, Role.DEPUTY, Role.OWNER)


class CannotMergeError(Exception):
    """An edit of one of the two waits for a decision, or one of them is no longer there to merge."""


# --- not the same ----------------------------------------------------------------------------------------------------
@transaction.atomic
def say_not_duplicate(one: Service | Organisation, other: Service | Organisation, *, by: "User") -> NotDuplicate:
    """Two look alike and are not the same: they are not offered for merging again."""
    for each in (one, other):
        permissions.require(by, Action.MERGE, each.organisation if isinstance(each, Service) else each)
    kind = DuplicateKind.SERVICE if isinstance(one, Service) else DuplicateKind.ORGANISATION
    a, b = NotDuplicate.ordered(one.uuid, other.uuid)
    said, _created = NotDuplicate.objects.get_or_create(kind=kind, a=a, b=b, defaults={"said_by": by})
    return said


# --- services --------------------------------------------------------------------------------------------------------
@transaction.atomic
def merge_services(keep: Service, drop: Service, *, values: Mapping[str, Collection[str]], by: "User") -> Service:
    """Make one service of two. The dropped one is ended, and its address leads to the kept one. No check of either.

    values: language → names of the fields that are taken from the dropped one; a language that the kept one has not is
    begun. Facts need naming in one language only.
    Raises CannotMergeError, PermissionDenied, ValueError, ValidationError.
    """
    for each in (keep, drop):
        permissions.require(by, Action.MERGE, each.organisation)
    if keep.translation_key == drop.translation_key:
        raise ValueError("one service cannot be merged with itself")
    kept, dropped = _rows(keep), _rows(drop)
    _nothing_waits(Review.objects.filter(service__in=[*kept.values(), *dropped.values()]))
    if any(row.withdrawn_on for row in dropped.values()):
        raise CannotMergeError
    for language, names in values.items():
        if language not in dropped:
            raise ValueError(f"the dropped service is not written in {language!r}")
        row = kept.get(language) or begin_translation(keep, by=by, language=language)
        _take(row, dropped[language], names, fields_of(row), by=by)
    moved = _move_what_is_about(keep, drop, by=by)
    end_service(dropped.get(drop.language, drop), by=by)
    _remember(DuplicateKind.SERVICE, keep, drop, by=by)
    data = {"from": str(drop.translation_key), "title": drop.title, "fields": _as_lists(values), "moved": moved}
    log(instance=keep, action="directory.merge", user=by, data=data)
    services_changed.send(sender=Service, keys=[keep.translation_key, drop.translation_key])
    return Service.objects.get(pk=keep.pk)


def _rows(service: Service) -> dict[str, Service]:
    """The rows of a service by language, kept from other writers."""
    found = Service.objects.select_for_update(of=("self",)).filter(translation_key=service.translation_key)
    return {row.language: row for row in found.select_related("locale", "organisation").order_by("pk")}


def _nothing_waits(reviews) -> None:
    if reviews.waiting().exists():
        raise CannotMergeError


def _take(row: Cluster, other: Cluster, names: Collection[str], allowed: Collection[str], *, by: "User") -> None:
    """Write fields of another row's newest public content into this one's, public at once if it is public."""
    if unknown := set(names) - set(allowed):
        raise ValueError(f"not to be merged: {sorted(unknown)}")
    if not names:
        return
    row.refresh_from_db()
    source = content_of(other) if other.live else newest_content(other)
    values = {name: _own(source[name], row) for name in names}
    draft = newest_content(row) if row.has_unpublished_changes and row.live else None
    merged = row.with_content_json({**(content_of(row) if row.live else newest_content(row)), **values})
    merged.full_clean()
    revision = merged.save_revision(user=by, log_action=True, clean=False)
    if row.live or other.live:
        publish_revision(row, revision, by=by)
    if draft is not None:
        row.with_content_json({**draft, **values}).save_revision(user=by, clean=False)


def _own(value: Any, row: Cluster) -> Any:
    """Parts as new ones of this row: their numbers are the other's."""
    owner = "service" if isinstance(row, Service) else "organisation"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{**part, "pk": None, owner: row.pk} for part in value]
    return value


def _move_what_is_about(keep: Service, drop: Service, *, by: "User") -> dict[str, int]:
    """Reports, open questions and campaigns of the dropped service become the kept one's; how many of each."""
    old, new = drop.translation_key, keep.translation_key
    reports = FactReport.objects.filter(service__translation_key=old).update(service=keep)
    about_reports = Case.objects.filter(key=old, kind=CaseKind.REPORT)
    about_reports.update(key=new, organisation=keep.organisation, county=keep.organisation.county_id)
    # What else waits asks for a keeper or a check of a listing that is no more.
    closed = close_cases(by, key=old)
    asked = set(CampaignService.objects.filter(key=new).values_list("campaign", flat=True))
    campaigns = CampaignService.objects.filter(key=old, campaign__in=Campaign.objects.filter(ended_at=None))
    campaigns.filter(campaign__in=asked).delete()
    Finding.objects.filter(key=old).delete()
    return {"reports": reports, "cases_closed": closed, "campaigns": campaigns.update(key=new)}


def _remember(kind: DuplicateKind, keep: Cluster, drop: Cluster, *, by: "User") -> None:
    Merged.objects.filter(dropped=keep.uuid).delete()
    # What was merged into the dropped one before leads to the kept one at once.
    Merged.objects.filter(kept=drop.uuid).update(kept=keep.uuid)
    Merged.objects.update_or_create(dropped=drop.uuid, defaults={"kind": kind, "kept": keep.uuid, "merged_by": by})


def _as_lists(values: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    return {language: sorted(names) for language, names in values.items()}


# --- organisations ---------------------------------------------------------------------------------------------------
@transaction.atomic
def merge_organisations(keep: Organisation, drop: Organisation, *, values: Collection[str], by: "User") -> Organisation:
    """Make one organisation of two: services, people, places and cases go to the one kept; the other is hidden.

    values: names of the fields (ORGANISATION_MERGE_FIELDS) that are taken from the dropped one.
    Raises CannotMergeError, PermissionDenied, ValueError, ValidationError.
    """
    for each in (keep, drop):
        permissions.require(by, Action.MERGE, each)
    if keep.pk == drop.pk:
        raise ValueError("one organisation cannot be merged with itself")
    list(Organisation.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk"))
    drop.refresh_from_db()
    if drop.is_hidden:
        raise CannotMergeError
    _nothing_waits(Review.objects.filter(organisation__in=[keep, drop], service=None))
    _take(keep, drop, values, ORGANISATION_MERGE_FIELDS, by=by)
    keys = _move_services(keep, drop)
    partly = _move_partnerships(keep, drop)
    moved = {"services": len(keys), **_move_people(keep, drop, by=by)}
    _move_open_things(keep, drop)
    organisations_merged.send(sender=Organisation, keep=keep, drop=drop)
    _set_everywhere(drop, {"is_hidden": True})
    settle_orphans(keep, by=by)
    _remember(DuplicateKind.ORGANISATION, keep, drop, by=by)
    data = {"from": str(drop.uuid), "title": str(drop), "fields": sorted(values), "moved": moved}
    log(instance=keep, action="directory.merge", user=by, data=data)
    services_changed.send(sender=Service, keys=[*keys, *partly])
    return Organisation.objects.get(pk=keep.pk)


def _move_services(keep: Organisation, drop: Organisation) -> list:
    """The services of the dropped organisation go to the kept one; their UUIDs."""
    keys = list(
        Service.objects.filter(organisation=drop).order_by().values_list("translation_key", flat=True).distinct()
    )
    for key in keys:
        set_on_rows(key, organisation_id=keep.pk)
    return keys


def _move_partnerships(keep: Organisation, drop: Organisation) -> list:
    """The dropped organisation's part in others' services goes to the kept one; their UUIDs."""
    keys = []
    for service in Service.objects.filter(partners=drop):
        stay = [pk for pk in service.partners.values_list("pk", flat=True) if pk not in (drop.pk, keep.pk)]
        partners = stay if service.organisation_id == keep.pk else [*stay, keep.pk]
        links = Service.partners.through.objects.filter(service=service)
        links.delete()
        links.bulk_create(Service.partners.through(service=service, organisation_id=pk) for pk in partners)
        _write_into(service, {"partners": partners})
        keys.append(service.translation_key)
    return keys


def _move_people(keep: Organisation, drop: Organisation, *, by: "User") -> dict[str, int]:
    """Members and invitations; of two roles of one person the stronger stays."""
    own = {each.user_id: each for each in keep.memberships.all()}
    moving = list(drop.memberships.select_related("user"))
    for membership in moving:
        there = own.get(membership.user_id)
        if there is None:
            membership.organisation = keep
            membership.save(update_fields=["organisation"])
        else:
            there.role = max(there.role, membership.role, key=lambda role: _RANK.index(Role(role)))
            there.save(update_fields=["role"])
            membership.delete()
    Invitation.objects.filter(organisation=drop).update(organisation=keep)
    asked = keep.claims.filter(state=ClaimState.WAITING).values("user")
    twice = Claim.objects.filter(organisation=drop, state=ClaimState.WAITING, user__in=asked)
    for claim in twice:
        # The person has asked for the kept one too: that is the claim to decide.
        close_cases(by, claim=claim)
        claim.delete()
    claims = Claim.objects.filter(organisation=drop).update(organisation=keep)
    return {"members": len(moving), "claims": claims}


def _move_open_things(keep: Organisation, drop: Organisation) -> None:
    """Places, edits that wait, cases, notices, what was typed, branches."""
    Place.objects.filter(organisation=drop).update(organisation=keep)
    Review.objects.filter(organisation=drop).update(organisation=keep)
    Case.objects.filter(organisation=drop).update(organisation=keep, county=keep.county_id)
    Notice.objects.filter(organisation=drop).update(organisation=keep)
    begun = set(UnsavedInput.objects.filter(organisation=keep, service=None).values_list("user", "step"))
    for typed in UnsavedInput.objects.filter(organisation=drop):
        # What a person has begun in both stays with each.
        if typed.service_id or (typed.user_id, typed.step) not in begun:
            UnsavedInput.objects.filter(pk=typed.pk).update(organisation=keep)
    Organisation.objects.filter(parent=drop).exclude(pk=keep.pk).update(parent=keep)
    if keep.parent_id == drop.pk:
        _set_everywhere(keep, {"parent": drop.parent_id if drop.parent_id != keep.pk else None})


def _set_everywhere(row: Organisation, values: Content) -> None:
    """Write facts that are no matter of drafts to an organisation and to its versions that may still become public."""
    columns = {"parent": "parent_id"}
    Organisation.objects.filter(pk=row.pk).update(**{columns.get(name, name): each for name, each in values.items()})
    row.refresh_from_db()
    _write_into(row, values)


def _write_into(row: Cluster, values: Content) -> None:
    for revision in open_revisions(row):
        revision.content = {**revision.content, **values}
        revision.save(update_fields=["content"])
