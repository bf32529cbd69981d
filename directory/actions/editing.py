"""Writes of those who keep a listing: edit, copy, send for approval, change at once, restore, keep what was typed.

What is public stays as it is until it is approved (directory.actions.reviewing) or published at once for a trusted
organisation. An edit tells from which version it began: what others have saved since is never overwritten.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Revision

from directory import permissions
from directory.actions.cases import close_cases, open_case
from directory.actions.services import confirm_service
from directory.changes import Conflict, Difference, differences, is_risky, merge, places_in
from directory.choices import Capacity, CaseKind, CheckedHow, ReviewState
from directory.contents import Cluster, Content, content_at, content_of, fields_of, newest_content
from directory.locking import lock_row
from directory.models import Organisation, Place, Review, Service, UnsavedInput
from directory.permissions import Action
from directory.sharing import set_in_waiting

if TYPE_CHECKING:
    from portal.accounts.models import User


class EditConflictError(Exception):
    """Somebody else has changed the same fields since. Nothing was saved; both versions are in `conflicts`.

    theirs: the version that stands now; send it as `base` to write one's own over it knowingly.
    """

    def __init__(self, conflicts: tuple[Conflict, ...], theirs: Revision | None) -> None:
        super().__init__("edited by somebody else meanwhile")
        self.conflicts = conflicts
        self.theirs = theirs


@dataclass(frozen=True)
class Submission:
    """What became of an edit that was sent: public at once, or waiting (review)."""

    is_public: bool
    review: Review | None = None


def _organisation_of(row: Cluster) -> Organisation:
    return row.organisation if isinstance(row, Service) else row


def _locked(row: Cluster) -> Cluster:
    """The row as the database has it now, kept from other writers until the transaction ends."""
    lock_row(row)
    if isinstance(row, Service):
        related = ("organisation__home_municipality", "locale", "latest_revision")
        return Service.objects.select_related(*related).get(pk=row.pk)
    return Organisation.objects.select_related("latest_revision").get(pk=row.pk)


def _right_to_edit(row: Cluster) -> Action:
    return Action.EDIT_SERVICE if isinstance(row, Service) else Action.EDIT_ORGANISATION


# --- new ones --------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin_service(
    organisation: Organisation, *, by: "User", title: str, summary: str = "", kind: str, language: str
) -> Service:
    """A new listing that only its keepers see. Whoever begins it is its keeper."""
    permissions.require(by, Action.EDIT_SERVICE, organisation)
    service = Service(
        organisation=organisation,
        title=title,
        summary=summary,
        kind=kind,
        locale=Locale.objects.get(language_code=language),
        owner=by,
        live=False,
        is_sample=organisation.is_sample,
    )
    service.slug = service.free_slug()
    service.clean_fields(exclude=["summary"])
    service.save()
    service.save_revision(user=by, log_action="wagtail.create", clean=False)
    return service


@transaction.atomic
def copy_service(service: Service, *, by: "User", title: str) -> Service:
    """Begin a new listing with the newest text, facts and parts of another of the same organisation."""
    permissions.require(by, Action.EDIT_SERVICE, service.organisation)
    copy = begin_service(
        service.organisation, by=by, title=title, kind=service.kind, language=service.locale.language_code
    )
    source = newest_content(service)
    # What holds for a while is the other's own.
    left = {"title", "notice", "notice_until", "capacity", "capacity_until", "capacity_note"}
    values = {name: _fresh(source[name]) for name in fields_of(service) if name in source and name not in left}
    return edit(copy, values, by=by, base=None)  # type: ignore[return-value]


def _fresh(value: Any) -> Any:
    """Parts as new ones: their numbers are another row's."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{**part, "pk": None, "service": None} for part in value]
    return value


@transaction.atomic
def begin_translation(service: Service, *, by: "User", language: str) -> Service:
    """The row of a service in one more language: its facts, no texts yet. A draft; or the row that is there."""
    permissions.require(by, Action.EDIT_SERVICE, service.organisation)
    rows = Service.objects.filter(translation_key=service.translation_key)
    if there := rows.filter(locale__language_code=language).first():
        return there
    translation = service.copy_for_translation(Locale.objects.get(language_code=language))
    for name in Service.TEXTS:
        # A title there must be: the other language's stands until it is written.
        if name != "title":
            setattr(translation, name, "")
    translation.live = False
    translation.save()
    translation.save_revision(user=by, log_action="wagtail.create", clean=False)
    return translation


# --- editing ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def edit(row: Cluster, values: Mapping[str, Any], *, by: "User", base: int | None) -> Cluster:
    """Save fields of a listing (or of an organisation) as its newest draft. What is public stays.

    values: field name → JSON value as in a revision; only fields that keepers edit. base: the revision (primary key)
    that the form was filled from; None when nobody else can have edited it. Raises EditConflictError, ValidationError
    (field → messages), ValueError for a field that is not a keeper's.
    """
    permissions.require(by, _right_to_edit(row), _organisation_of(row))
    if unknown := set(values) - set(fields_of(row)):
        raise ValueError(f"not a keeper's to edit: {sorted(unknown)}")
    locked = _locked(row)
    now = newest_content(locked)
    merged = merge(content_at(locked, base) or now, now, values)
    if merged.conflicts:
        raise EditConflictError(merged.conflicts, locked.latest_revision)
    if not merged.values:
        return locked.with_content_json(now)
    return _save(locked, {**now, **merged.values}, by=by)


def _save(row: Cluster, content: Content, *, by: "User | None", log_action: bool | str = True) -> Cluster:
    """A content as the row's newest draft. Of one that was never public the row follows, so that lists show it."""
    draft = row.with_content_json(_own_parts(row, content))
    if not row.live and row.first_published_at is None:
        draft.save()
    draft.save_revision(user=by, log_action=log_action, clean=False)
    return draft


def _own_parts(row: Cluster, content: Content) -> Content:
    """Parts that belong to this row, whichever form or version they came from."""
    name = "service" if isinstance(row, Service) else "organisation"
    return {
        field: [{**part, name: row.pk} for part in value]
        if isinstance(value, list) and value and isinstance(value[0], dict) and "pk" in value[0]
        else value
        for field, value in content.items()
    }


def _about(row: Cluster) -> dict[str, Any]:
    return {"service": row} if isinstance(row, Service) else {"service": None, "organisation": row}


@transaction.atomic
def restore_version(row: Cluster, revision: int, *, by: "User") -> Cluster:
    """Take an earlier version's texts and facts as the newest draft. Raises ValueError for another row's version."""
    permissions.require(by, Action.RESTORE_VERSION, _organisation_of(row))
    permissions.require(by, _right_to_edit(row), _organisation_of(row))
    locked = _locked(row)
    old = content_at(locked, revision)
    if old is None:
        raise ValueError("no version of this listing")
    now = newest_content(locked)
    kept = {name: old[name] for name in fields_of(row) if name in old}
    return _save(locked, {**now, **kept}, by=by, log_action="wagtail.revert")


# --- sending ---------------------------------------------------------------------------------------------------------
def waiting_changes(row: Cluster) -> list[Difference]:
    """What the newest draft would change of what is public; everything that is filled in when nothing is."""
    public = content_of(row) if row.live else {}
    return differences(public, newest_content(row), fields_of(row))


@transaction.atomic
def submit(
    row: Cluster, *, by: "User", is_checked: bool = False, note: str = "", at: datetime.datetime | None = None
) -> Submission:
    """Send the newest draft. A trusted organisation's is public at once, unless the change is a risky one.

    is_checked: the person says that all of it is right as of today. Raises ValidationError when it is not complete.
    """
    action = Action.SUBMIT_SERVICE if isinstance(row, Service) else Action.EDIT_ORGANISATION
    organisation = _organisation_of(row)
    permissions.require(by, action, organisation)
    locked = _locked(row)
    moment = at or timezone.now()
    draft = locked.with_content_json(newest_content(locked))
    draft.full_clean()
    _check_complete(draft)
    _replace_waiting(locked, by=by, at=moment)
    changes = waiting_changes(locked)
    if organisation.is_trusted and locked.live and not is_risky(changes, _secret(changes)):
        publish_revision(locked, locked.latest_revision, by=by)
        open_case(CaseKind.INSPECTION, organisation=organisation, key=getattr(row, "translation_key", None), at=moment)
        if is_checked and isinstance(locked, Service):
            confirm_service(locked, by=by, how=CheckedHow.KEEPER, at=moment)
        return Submission(is_public=True)
    review = Review(
        organisation=organisation,
        service=locked if isinstance(locked, Service) else None,
        # This version and no later one is what will be approved: the keeper may go on editing meanwhile.
        revision=locked.latest_revision or draft.save_revision(user=by, clean=False),
        public_revision=locked.live_revision if locked.live else None,
        submitted_by=by,
        submitted_at=moment,
        note=note.strip(),
        checked_on=timezone.localdate(moment) if is_checked else None,
    )
    review.full_clean(exclude=["revision", "public_revision"])
    review.save()
    key = locked.translation_key if isinstance(locked, Service) else None
    open_case(CaseKind.REVIEW, organisation=organisation, key=key, review=review, at=moment)
    log(instance=locked, action="directory.submit", user=by, revision=review.revision)
    return Submission(is_public=False, review=review)


def _check_complete(draft: Cluster) -> None:
    """What a public listing cannot be without, beside what the model asks."""
    if isinstance(draft, Service) and not draft.contact_ways.all() and not draft.how_to_join.strip():
        raise ValidationError({"how_to_join": _("Tell how to join, or give a contact way.")})


def _secret(changes: list[Difference]) -> list[int]:
    places = [number for each in changes for number in (*places_in(each.before), *places_in(each.after))]
    return list(Place.objects.filter(pk__in=places, is_secret=True).values_list("pk", flat=True))


def _replace_waiting(row: Cluster, *, by: "User | None", at: datetime.datetime) -> None:
    waiting = Review.objects.waiting().filter(**_about(row))
    for review in waiting:
        close_cases(by, at=at, review=review)
    waiting.update(state=ReviewState.REPLACED, decided_at=at)


def publish_revision(row: Cluster, revision: Revision, *, by: "User | None", answers_waiting: bool = True) -> None:
    """Make one version public. For this package alone: who may is asked by the verbs.

    answers_waiting: whether what waits for approval is answered by it (directory.signal_handlers reads the mark).
    """
    revision.answers_waiting = answers_waiting
    # Who may is the table's to say (directory.permissions), not Wagtail's groups'.
    revision.publish(user=by, skip_permission_checks=True)
    row.refresh_from_db()


@transaction.atomic
def withdraw_submission(row: Cluster, *, by: "User") -> None:
    """Take back what was sent, to go on editing. The draft stays."""
    permissions.require(by, _right_to_edit(row), _organisation_of(row))
    lock_row(row)
    _replace_waiting(row, by=by, at=timezone.now())


# --- at once ---------------------------------------------------------------------------------------------------------
# What a keeper may change without anybody's approval: it holds for a while and lapses by itself.
AT_ONCE = frozenset({"notice", "notice_until", "capacity", "capacity_note", "capacity_until", "opening_exceptions"})


@transaction.atomic
def change_at_once(service: Service, values: Mapping[str, Any], *, by: "User") -> Service:
    """Set a notice, free places or exceptional hours: public now, and in the draft that waits, if any.

    values: fields of AT_ONCE, as in a revision. Raises ValueError for others, ValidationError for wrong ones.
    """
    permissions.require(by, Action.SET_NOTICE, service.organisation)
    if unknown := set(values) - AT_ONCE:
        raise ValueError(f"not to be changed at once: {sorted(unknown)}")
    return _change_at_once(service, values, by)


@transaction.atomic
def note_full(service: Service, *, until: datetime.date, by: "User | None") -> Service:
    """Say that there is no room until a day, because the organisation said so when it answered a referral.

    by: the keeper who answered; None when it was the organisation's mailbox, which has no account.
    """
    values = {"capacity": Capacity.FULL.value, "capacity_until": until.isoformat(), "capacity_note": ""}
    return _change_at_once(service, values, by)


def _change_at_once(service: Service, values: Mapping[str, Any], by: "User | None") -> Service:
    locked = _locked(service)
    public = content_of(locked)
    set_in_waiting(locked, public, values)
    draft = content_at(locked, locked.latest_revision_id) if locked.has_unpublished_changes or not locked.live else None
    if locked.live:
        changed = locked.with_content_json(_own_parts(locked, {**public, **values}))
        changed.full_clean()
        publish_revision(locked, changed.save_revision(user=by, log_action=True), by=by, answers_waiting=False)
    if draft is not None:
        _save(Service.objects.get(pk=locked.pk), draft, by=by, log_action=not locked.live)
    return Service.objects.get(pk=locked.pk)


# --- what was typed --------------------------------------------------------------------------------------------------
def keep_input(
    *, by: "User", organisation: Organisation, service: Service | None, step: str, data: Mapping[str, list[str]]
) -> UnsavedInput:
    """Remember what a person has typed into a step, as the browser sent it, valid or not."""
    permissions.require(by, Action.EDIT_SERVICE, organisation)
    kept, _created = UnsavedInput.objects.update_or_create(
        user=by, organisation=organisation, service=service, step=step, defaults={"data": dict(data)}
    )
    return kept


def forget_input(*, by: "User", organisation: Organisation, service: Service | None, step: str) -> None:
    """The step is saved, or its words are thrown away."""
    UnsavedInput.objects.filter(user=by, organisation=organisation, service=service, step=step).delete()


def forget_old_input(*, at: datetime.datetime | None = None) -> int:
    """Throw away what nobody came back to for three months; how many. A daily job."""
    before = (at or timezone.now()) - datetime.timedelta(days=90)
    return UnsavedInput.objects.filter(saved_at__lt=before).delete()[0]
