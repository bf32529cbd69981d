"""The history of one row of a service: every version and every log entry, who, when and what changed. Plain values."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Revision

from directory.changes import differences
from directory.contents import Content, fields_of
from directory.difference_words import DifferenceInWords, in_words, label_of
from directory.models import Service
from portal.accounts.models import User
from portal.workspace.keeping.presentation_service import people_words

PER_PAGE = 20


@dataclass
class Event:
    """One thing that happened. `version`: the revision (primary key) that came of it, where one did."""

    at: datetime.datetime
    who: str
    what: str
    version: int | None = None
    # Names of the fields that the version changed; None: it is the first.
    changed: list[str] | None = field(default_factory=list)
    is_public: bool = False
    is_newest: bool = False


def history_page(service: Service, reader: User, number: Any) -> tuple[Page, list[Event]]:
    """(the page of the paginator, its events), the newest first, in an order that stays."""
    versions = list(_revisions(service).order_by("pk").values_list("pk", "created_at"))
    log = list(_log(service).order_by("pk").values_list("pk", "timestamp", "revision"))
    # A version belongs to the first entry that speaks of it; an import writes versions without an entry.
    first_of: dict[int, int] = {}
    for pk, _at, revision in log:
        if revision:
            first_of.setdefault(revision, pk)
    marks = [(at, "log", pk) for pk, at, _revision in log]
    marks += [(at, "version", pk) for pk, at in versions if pk not in first_of]
    page = Paginator(sorted(marks, key=lambda mark: (mark[0], mark[2]), reverse=True), PER_PAGE).get_page(number)
    return page, _events(service, reader, list(page), first_of, [pk for pk, _at in versions])


def _revisions(service: Service) -> Any:
    return Revision.objects.for_instance(service)


def _log(service: Service) -> Any:
    return ModelLogEntry.objects.for_instance(service)


def _events(
    service: Service, reader: User, marks: list[tuple], first_of: dict[int, int], versions: list[int]
) -> list[Event]:
    entries = {each.pk: each for each in _log(service).filter(pk__in=_of("log", marks)).select_related("user")}
    shown = {revision for revision, entry in first_of.items() if entry in entries} | set(_of("version", marks))
    before = dict(zip(versions[1:], versions, strict=False))
    needed = shown | {before[pk] for pk in shown if pk in before}
    revisions = {each.pk: each for each in _revisions(service).filter(pk__in=needed).select_related("user")}
    people = [each.user for each in (*entries.values(), *revisions.values())]
    names = people_words(people, service.organisation, reader)
    events = []
    for at, kind, pk in marks:
        entry = entries.get(pk) if kind == "log" else None
        version = pk if entry is None else entry.revision_id
        is_its_own = version in revisions and (entry is None or first_of.get(version) == pk)
        user_id = entry.user_id if entry else revisions[pk].user_id
        event = Event(
            at=at,
            who=names.get(user_id, _("Somebody whose account is gone")),
            what=str(entry.message) if entry else _("Saved"),
        )
        if is_its_own:
            event.version = version
            event.is_newest = version == service.latest_revision_id
            event.is_public = version == service.live_revision_id and service.live
            old = revisions.get(before.get(version, 0))
            event.changed = _labels(service, old.content, revisions[version].content) if old else None
        events.append(event)
    return events


def _of(kind: str, marks: list[tuple]) -> list[int]:
    return [pk for _at, each, pk in marks if each == kind]


def _labels(service: Service, before: Content, after: Content) -> list[str]:
    return [label_of(Service, each.field) for each in differences(before, after, fields_of(service))]


@dataclass(frozen=True)
class Version:
    """One version beside the one before it."""

    revision: Revision
    who: str
    changes: list[DifferenceInWords]
    is_first: bool
    is_newest: bool
    is_public: bool


def version_of(service: Service, reader: User, number: int) -> Version | None:
    """One version of the row and what it changed; None when it is no version of this row."""
    revision = _revisions(service).filter(pk=number).select_related("user").first()
    if revision is None:
        return None
    before = _revisions(service).filter(pk__lt=number).order_by("-pk").first()
    found = differences(before.content if before else {}, revision.content, fields_of(service))
    return Version(
        revision=revision,
        who=people_words([revision.user], service.organisation, reader).get(
            revision.user_id, _("Somebody whose account is gone")
        ),
        changes=in_words(Service, found),
        is_first=before is None,
        is_newest=revision.pk == service.latest_revision_id,
        is_public=service.live and revision.pk == service.live_revision_id,
    )
