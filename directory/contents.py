"""Services and organisations as contents: what a revision of them holds, read and put back. No rules, no permissions.

`directory.changes` compares and merges contents; `directory.actions` writes.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Revision

from directory.changes import shared_parts
from directory.models import Organisation, Service

Cluster = Service | Organisation
Content = dict[str, Any]

# What a keeper edits of an organisation. Sector, Y-tunnus and the address of the page are the directory's to change.
ORGANISATION_FIELDS = (
    "names",
    "short_name",
    "description",
    "website",
    "email",
    "phone",
    "contacts",
    "home_municipality",
)
# What is not a keeper's: whose it is, where it is on the site, whether it is shown.
_NOT_KEEPERS = frozenset({"organisation", "slug", "owner", "deputy", "is_hidden", "hidden_reason"})
SERVICE_FIELDS = tuple(name for name in (*Service.TEXTS, *Service.FACTS, *Service.PARTS) if name not in _NOT_KEEPERS)

# Hiding one language hides all (`ServiceQuerySet.public`): publishing another must not show the service again.
_HIDING = frozenset({"is_hidden", "hidden_reason"})

# Parts whose facts hold in every language, with their fields that are written in one.
SHARED_PARTS: dict[str, frozenset[str]] = {
    "service_places": frozenset(),
    "opening_hours": frozenset({"note"}),
    "opening_exceptions": frozenset({"note"}),
    "contact_ways": frozenset({"label", "hours", "price"}),
}


def fields_of(row: Cluster) -> tuple[str, ...]:
    """The fields of a service or an organisation that its keepers edit."""
    return SERVICE_FIELDS if isinstance(row, Service) else ORGANISATION_FIELDS


def content_of(row: Cluster) -> Content:
    """A row as a revision would hold it."""
    return json.loads(json.dumps(row.serializable_data(), cls=DjangoJSONEncoder))


def newest_content(row: Cluster) -> Content:
    """The content that editing goes on from: the latest revision, else the row itself."""
    return dict(row.latest_revision.content) if row.latest_revision_id else content_of(row)


def newest(row: Cluster) -> Cluster:
    """The row as its keepers see it: with what waits, when something does."""
    if row.latest_revision_id and (row.has_unpublished_changes or not row.live):
        return row.latest_revision.as_object()
    return row


def content_at(row: Cluster, revision: int | None) -> Content | None:
    """The content of one of the row's own revisions, or None when it has no such."""
    found = Revision.objects.for_instance(row).filter(pk=revision).first() if revision else None
    return dict(found.content) if found else None


def facts_for(other: Service, source: Content, *, parts: bool) -> Content:
    """What another language's row takes over of a content: every fact, and (parts) the facts of its parts.

    Texts stay each language's own, also inside parts; so do documents, links and the long description.
    """
    own = newest_content(other)
    facts = {name: source[name] for name in Service.FACTS if name in source and name not in _HIDING}
    if parts:
        for name, texts in SHARED_PARTS.items():
            if name not in source:
                continue
            rows = shared_parts(source[name] or (), own.get(name) or (), texts)
            facts[name] = [{**row, "service": other.pk} for row in rows]
    return facts
