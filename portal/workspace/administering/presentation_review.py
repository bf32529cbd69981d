"""An edit beside what is public, for whoever approves it or looks at it afterwards. Reads only."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import QueryDict
from wagtail.models import ModelLogEntry

from directory.changes import PLACES, RISKY, Difference, differences, places_in
from directory.contents import Cluster, Content, content_of, fields_of
from directory.difference_words import DifferenceInWords, in_words
from directory.duplicates import like_service
from directory.models import Case, Organisation, Review, Service
from directory.permissions import Action, may
from portal.base import languages
from portal.base.fields import MultilingualField
from portal.workspace.administering.bulk import changes_of, secret_places
from portal.workspace.administering.forms import SendBackForm
from portal.workspace.administering.presentation_case import side_context
from portal.workspace.keeping.form.advice import advice_on


@dataclass(frozen=True)
class Input:
    """A text of the edit that the reviewer may change in place."""

    name: str
    value: str
    is_long: bool
    max_length: int | None


@dataclass(frozen=True)
class Change:
    """One thing that differs, with its input where it is a text."""

    words: DifferenceInWords
    is_risky: bool
    input: Input | None = None


@dataclass(frozen=True)
class Page:
    """Former and present content of one row, compared."""

    row: Cluster
    changes: list[Change] = field(default_factory=list)
    # Of an edit that is looked at afterwards: the version (primary key) that can come back.
    former: int | None = None


def changes_in_words(model: type[Cluster], found: list[Difference], content: Content | None = None) -> list[Change]:
    """Differences as people read them. content: of the edit, when its texts may be changed in place."""
    secret = secret_places(found)
    risky = {
        each.field
        for each in found
        if each.field in RISKY or (each.field == PLACES and secret & {*places_in(each.before), *places_in(each.after)})
    }
    return [
        Change(
            words,
            is_risky=words.field.split(".")[0] in risky,
            input=_input(model, words.field, content) if content is not None else None,
        )
        for words in in_words(model, found)
    ]


def _input(model: type[Cluster], name: str, content: Content) -> Input | None:
    """The input of a text field; of one language of a text in several ("names.fi")."""
    base, _dot, language = name.partition(".")
    field = model._meta.get_field(base)
    if isinstance(field, MultilingualField) and language in languages.CODES:
        return Input(name, str((content.get(base) or {}).get(language, "")), bool(getattr(field, "long", False)), None)
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices and not language
    if not is_text:
        return None
    is_long = isinstance(field, models.TextField)
    return Input(name, str(content.get(base) or ""), is_long, field.max_length)


def edits_of(typed: QueryDict, changes: Iterable[Change], content: Content) -> dict[str, Any]:
    """What the reviewer changed in place: field → value as in a revision. Only of the inputs that were offered."""
    edits: dict[str, Any] = {}
    for change in changes:
        if change.input is None or f"edit-{change.input.name}" not in typed:
            continue
        # Browsers send the ends of lines in their own way.
        value = str(typed.get(f"edit-{change.input.name}")).replace("\r\n", "\n")
        if value.strip() == change.input.value.replace("\r\n", "\n").strip():
            continue
        base, _dot, language = change.input.name.partition(".")
        edits[base] = {**edits.get(base, content.get(base) or {}), language: value.strip()} if language else value
    return edits


def review_context(review: Review, user: Any, today: datetime.date) -> dict[str, Any]:
    """What the page of an edit shows."""
    row = review.service or review.organisation
    content = dict(review.revision.content) if review.revision else {}
    changes = changes_in_words(type(row), changes_of(review), content if review.state == "waiting" else None)
    case = Case.objects.filter(review=review).select_related("organisation__home_municipality", "assigned_to").first()
    language = row.language if isinstance(row, Service) else ""
    return {
        "review": review,
        "row": row,
        "language": language,
        "changes": changes,
        "is_new": review.public_revision_id is None,
        "has_risks": any(change.is_risky for change in changes),
        "is_own": review.submitted_by_id == user.pk,
        "is_waiting": review.state == "waiting",
        # The keeper has gone on editing: what is approved is what was sent.
        "has_newer_draft": bool(review.revision_id and row.latest_revision_id != review.revision_id),
        "newer": _newer(review),
        "advice": _advice(row, content, today),
        "doubles": _doubles(row) if isinstance(row, Service) else [],
        "send_back_form": SendBackForm(auto_id="back-%s"),
        "may_trust": may(user, Action.TRUST, review.organisation),
        **(side_context(case, user) if case else {}),
    }


def _newer(review: Review) -> Review | None:
    about = {"service": review.service} if review.service_id else {"service": None, "organisation": review.organisation}
    return Review.objects.waiting().filter(**about, pk__gt=review.pk).first()


def _advice(row: Cluster, content: Content, today: datetime.date) -> list[Any]:
    if not isinstance(row, Service):
        return []
    return advice_on(row.organisation, row.language, content, {}, today)


def _doubles(service: Service) -> list[Service]:
    keys = like_service(service)[:5]
    return list(Service.objects.of_keys(keys).best_for(service.language).select_related("organisation"))


# --- afterwards ------------------------------------------------------------------------------------------------------
def inspection_pages(case: Case) -> list[Page]:
    """What was public before the case was opened beside what is public now: for each language, what differs."""
    rows: list[Cluster]
    if case.key:
        rows = list(
            Service.objects.of_keys([case.key])
            .select_related("locale", "organisation", "latest_revision")
            .order_by("pk")
        )
    else:
        rows = list(Organisation.objects.filter(pk=case.organisation_id))
    pages = []
    for row in rows:
        former = _public_before(row, case.opened_at)
        if former is None:
            continue
        revision, content = former
        # A fact is the same in every language: once is enough.
        names = Service.TEXTS if pages and isinstance(row, Service) else fields_of(row)
        found = differences(content, content_of(row), names)
        if found:
            pages.append(Page(row, changes_in_words(type(row), found), revision))
    return pages


def _public_before(row: Cluster, at: datetime.datetime) -> tuple[int, Mapping[str, Any]] | None:
    """(number, content) of the version that was public just before a moment, by the log."""
    entry = (
        ModelLogEntry.objects.for_instance(row)
        .filter(action="wagtail.publish", timestamp__lt=at, revision__isnull=False)
        .select_related("revision")
        .order_by("-timestamp", "-pk")
        .first()
    )
    return (entry.revision_id, entry.revision.content) if entry else None
