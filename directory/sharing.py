"""Keeps the facts of a service the same in all its languages: whatever publishes one row, the others follow.

wagtail-localize copies facts once, when a translation is made (its simple mode, docs/adr/0018-facts-are-shared.md).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Revision

from directory.changes import merge, merge_rows
from directory.choices import Source
from directory.contents import content_of, facts_for
from directory.locking import lock_listing
from directory.models import Organisation, Service

# An import writes the parts of every language itself, each from what its source says in that language.
_OWN_PARTS = (Source.OWN, Source.SAMPLE)


@transaction.atomic
def share_facts(service: Service) -> list[Service]:
    """Bring the public facts of a service to its rows in other languages; the rows that changed.

    A draft of another language goes on with its own changes: only what it has not changed follows.
    """
    source = content_of(service)
    if service.first_published_at == service.last_published_at:
        # A language that has just become public says what it knows; what it leaves empty it does not take away.
        source = {name: value for name, value in source.items() if value not in ("", None, [], False)}
    changed = []
    others = Service.objects.filter(translation_key=service.translation_key).exclude(pk=service.pk)
    for other in others.select_related("locale", "latest_revision"):
        before = content_of(other)
        facts = facts_for(other, source, parts=service.source in _OWN_PARTS)
        new = merge(before, before, facts).values
        _follow_in_draft(other, before, facts)
        if new:
            fresh = other.with_content_json({**before, **new})
            fresh.save()
            changed.append(fresh)
    return changed


def _follow_in_draft(row: Service, before: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    for revision in open_revisions(row):
        # Seen from the draft: the public row's change is "mine", what the draft changed itself stands.
        follows = merge(before, revision.content, facts).values
        if follows:
            _write(revision, follows)


def open_revisions(row: Service | Organisation) -> list[Revision]:
    """The versions of a row that may still become public: the newest, and the one that waits for approval."""
    waiting = row.reviews.waiting()
    if isinstance(row, Organisation):
        waiting = waiting.filter(service=None)
    wanted = {row.latest_revision_id, *waiting.values_list("revision", flat=True)}
    return list(Revision.objects.filter(pk__in=wanted - {None}).order_by("pk"))


def set_in_waiting(row: Service, public: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write what becomes public at once into the versions that wait, so that approving them does not undo it.

    public: the row's content before. A waiting version keeps what it has itself changed of a list of parts.
    """
    for revision in open_revisions(row):
        if revision.pk == row.live_revision_id:
            # What was public stays in the history as it was.
            continue
        follows = {
            name: merge_rows(public.get(name) or (), revision.content.get(name) or (), value)
            if isinstance(value, list)
            else value
            for name, value in values.items()
        }
        _write(revision, follows)


def _write(revision: Revision, values: Mapping[str, Any]) -> None:
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
    revision.content = {**revision.content, **plain}
    revision.save(update_fields=["content"])


@transaction.atomic
def set_on_rows(key: UUID, **values: Any) -> None:
    """Write facts that are no matter of drafts (keeper, deputy, withdrawn …) to every row and open version of it.

    values: column names (`owner_id`) with plain values. Sends no signal: the caller does, when the public side changes.
    """
    lock_listing(key)
    Service.objects.filter(translation_key=key).update(**values)
    names = {Service._meta.get_field(name.removesuffix("_id")).name: value for name, value in values.items()}
    for row in Service.objects.filter(translation_key=key):
        for revision in open_revisions(row):
            _write(revision, names)
