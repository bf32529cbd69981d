"""Writes about trust: whose edits are public at once, and taking such an edit back when it is looked at afterwards."""

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from directory import permissions
from directory.actions.editing import publish_revision
from directory.contents import content_at, content_of, fields_of, newest_content
from directory.locking import lock_row
from directory.models import Organisation, Review, Service
from directory.permissions import Action

if TYPE_CHECKING:
    from portal.accounts.models import User


class EditWaitsError(Exception):
    """An edit of the listing waits for a decision: that comes first."""


@transaction.atomic
def trust_organisation(organisation: Organisation, *, trusted: bool, by: "User") -> None:
    """From now on the organisation's edits are public at once (trusted), or wait. Risky ones always wait."""
    permissions.require(by, Action.TRUST, organisation)
    changed = Organisation.objects.filter(pk=organisation.pk, is_trusted=not trusted).update(is_trusted=trusted)
    organisation.is_trusted = trusted
    if changed:
        log(instance=organisation, action="directory.trust", user=by, data={"trusted": trusted})


@transaction.atomic
def restore_public(row: Service | Organisation, revision: int, *, by: "User") -> None:
    """Make an earlier version public again, after looking at what was published at once. A newer draft stays a draft.

    Raises ValueError for another row's version, EditWaitsError while an edit of the row waits for approval.
    """
    organisation = row.organisation if isinstance(row, Service) else row
    permissions.require(by, Action.REVIEW, organisation)
    about = {"service": row} if isinstance(row, Service) else {"service": None, "organisation": row}
    lock_row(row)
    if Review.objects.waiting().filter(**about).exists():
        raise EditWaitsError
    locked = type(row).objects.get(pk=row.pk)
    old = content_at(locked, revision)
    if old is None:
        raise ValueError("no version of this listing")
    draft = newest_content(locked) if locked.has_unpublished_changes else None
    former = locked.with_content_json(
        {**content_of(locked), **{name: old[name] for name in fields_of(locked) if name in old}}
    )
    publish_revision(locked, former.save_revision(user=by, log_action="wagtail.revert", clean=False), by=by)
    if draft is not None:
        locked.with_content_json(draft).save_revision(user=by, clean=False)
