"""Writes of those who approve: approve, send back. What keepers send comes by directory.actions.editing."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from directory import permissions
from directory.actions.cases import close_cases
from directory.actions.editing import publish_revision
from directory.actions.services import confirm_service
from directory.changes import merge
from directory.choices import CheckedHow, ReviewState, SendBackReason
from directory.contents import Content, fields_of, newest_content
from directory.locking import lock_row
from directory.models import Organisation, Review, Service
from directory.permissions import Action
from directory.signals import review_decided

if TYPE_CHECKING:
    from portal.accounts.models import User


class AlreadyDecidedError(Exception):
    """Somebody else has decided, or a newer edit took its place."""


def _to_decide(review: Review, by: "User") -> Review:
    permissions.require(by, Action.REVIEW, review.organisation)
    lock_row(review.service or review.organisation)
    locked = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    # Without its version (old ones can be purged) there is nothing to decide.
    if locked.state != ReviewState.WAITING or locked.revision is None:
        raise AlreadyDecidedError
    if locked.submitted_by_id == by.pk:
        raise PermissionDenied("Nobody approves their own edit.")
    return locked


@transaction.atomic
def approve(
    review: Review,
    *,
    by: "User",
    edits: Mapping[str, Any] | None = None,
    words: str = "",
    at: datetime.datetime | None = None,
) -> Review:
    """Make an edit public, after changes of the reviewer's own (edits: as in `editing.edit`), if any.

    The check date moves only if the keeper said while sending that all is right; it is then the keeper's day.
    Raises AlreadyDecidedError, PermissionDenied, ValidationError.
    """
    locked = _to_decide(review, by)
    row: Service | Organisation = locked.service or locked.organisation
    revision, newer = locked.revision, None
    if edits:
        revision, newer = _with_edits(row, locked, edits, by=by)
    moment = at or timezone.now()
    # Decided before it is published: publishing settles whatever still waits.
    _decide(locked, ReviewState.APPROVED, by=by, at=moment, words=words)
    publish_revision(row, revision, by=by)
    if newer is not None:
        # What the keeper has gone on with stays their draft, and is the newest version again.
        row.with_content_json(newer).save_revision(user=locked.submitted_by, clean=False)
    if locked.checked_on and locked.service and locked.submitted_by and locked.submitted_by.is_active:
        confirm_service(row, by=locked.submitted_by, how=CheckedHow.KEEPER, at=locked.submitted_at)
    log(instance=row, action="directory.approve", user=by, data={"review": locked.pk})
    review_decided.send(sender=Review, review=locked)
    return locked


def _with_edits(
    row: Service | Organisation, review: Review, edits: Mapping[str, Any], *, by: "User"
) -> tuple[Revision, Content | None]:
    """(the version that was sent, with the reviewer's edits; the keeper's newer draft with them, if there is one)."""
    if unknown := set(edits) - set(fields_of(row)):
        raise ValueError(f"not to be edited here: {sorted(unknown)}")
    sent, newest = dict(review.revision.content), newest_content(row)  # type: ignore[union-attr] # _to_decide asked
    edited = row.with_content_json({**sent, **edits})
    edited.full_clean()
    revision = edited.save_revision(user=by, log_action=True, clean=False)
    if row.latest_revision_id == review.revision_id:
        return revision, None
    return revision, {**newest, **merge(sent, newest, edits).values}


@transaction.atomic
def send_back(
    review: Review, *, by: "User", reason: str, words: str = "", at: datetime.datetime | None = None
) -> Review:
    """Give an edit back to its keeper with a standard reason and a word of one's own. The draft stays theirs.

    Raises AlreadyDecidedError, PermissionDenied, ValueError for an unknown reason.
    """
    if reason not in SendBackReason.values:
        raise ValueError(f"reason: unknown value {reason!r}")
    locked = _to_decide(review, by)
    locked.reason = reason
    _decide(locked, ReviewState.SENT_BACK, by=by, at=at or timezone.now(), words=words)
    row: Service | Organisation = locked.service or locked.organisation
    log(instance=row, action="directory.send_back", user=by, data={"review": locked.pk, "reason": reason})
    review_decided.send(sender=Review, review=locked)
    return locked


def _decide(review: Review, state: ReviewState, *, by: "User", at: datetime.datetime, words: str) -> None:
    review.state, review.decided_by, review.decided_at, review.words = state, by, at, words.strip()
    review.save()
    close_cases(by, at=at, review=review)


@transaction.atomic
def settle_waiting(row: Service | Organisation, revision_id: int, *, by: "User | None") -> None:
    """Somebody published in the admin what waited here, or something newer: the question is answered."""
    about = {"service": row} if isinstance(row, Service) else {"service": None, "organisation": row}
    for review in Review.objects.waiting().filter(**about, revision__lte=revision_id):
        state = ReviewState.APPROVED if review.revision_id == revision_id else ReviewState.REPLACED
        review.state, review.decided_by, review.decided_at = state, by, timezone.now()
        review.save()
        close_cases(by, review=review)
        review_decided.send(sender=Review, review=review)
