"""Records → what is to be done with each (create, change, leave, withdraw, and why) → doing it.

One record, one transaction; organisations first, then places, words and services, as each leans on the ones before.
`imported` on a row holds what the import last wrote: a field that reads otherwise was edited here and is left alone.
No check date is ever set: an import is not a person who made sure.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale

from directory.actions import publish_service, save_draft
from directory.choices import Scheme, Source
from directory.exchange import rows
from directory.exchange.records import Batch, OrganisationRecord, PlaceRecord, ServiceRecord, Status
from directory.exchange.shaping import (
    FROM_CHANNELS,
    FROM_GENERAL,
    Values,
    Vocabulary,
    organisation_values,
    place_values,
    service_values,
)
from directory.models import Organisation, Place, Service

# Keys of `imported` that are no fields: what the import did with the row.
LIVE, WITHDRAWN, REVISION, LANGUAGE = "_live", "_withdrawn", "_revision", "_language"
EDITED_HERE = "edited here"


class Outcome(StrEnum):
    """What is done with a record."""

    CREATE = "create"
    CHANGE = "change"
    LEAVE = "leave"
    WITHDRAW = "withdraw"
    FAIL = "fail"


@dataclass(frozen=True)
class Change:
    """One field of one row: what it says and what it shall say."""

    field: str
    old: Any
    new: Any
    language: str = ""


@dataclass
class Step:
    """What is to be done with one record, and why."""

    kind: str
    source_id: str
    title: str
    file: str = ""
    outcome: Outcome = Outcome.LEAVE
    changes: list[Change] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    # What does it, inside the record's transaction; None when there is nothing to do.
    work: Callable[[], None] | None = field(default=None, repr=False)

    def fail(self, reason: str) -> "Step":
        """The step of a record that cannot be imported."""
        self.outcome, self.work = Outcome.FAIL, None
        self.reasons.append(reason)
        return self


class _RefusedError(ValueError):
    """A record that must not be imported, for a reason that a person can read."""


@dataclass(frozen=True)
class Comparison:
    """A row against what the source says. edited: fields that a person has changed here."""

    changes: dict[str, Any]
    current: Values
    edited: list[str]


def compare(incoming: Values, current: Values, last: Values) -> Comparison:
    """Which fields to write. Pure. last: what the import wrote before, by field."""
    changes, edited = {}, []
    for name, value in incoming.items():
        if current[name] == value:
            continue
        if name not in rows.ALWAYS and current[name] != last.get(name, current[name]):
            edited.append(name)
        else:
            changes[name] = value
    return Comparison(changes, current, edited)


class Importer:
    """Imports one batch. dry_run: plan only, write nothing. as_draft: what is new waits for an editor."""

    def __init__(self, batch: Batch, source: Source, *, dry_run: bool = False, as_draft: bool = False) -> None:
        self.batch, self.source, self.dry_run, self.as_draft = batch, source, dry_run, as_draft
        self.vocabulary: Vocabulary = rows.read_vocabulary()
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}

    def __len__(self) -> int:
        return len(self.batch.bad) + len(self.batch.organisations) + len(self.batch.places) + len(self.batch.services)

    def run(self) -> Iterator[Step]:
        """Every record's step, planned and (unless it is a dry run) done, in order."""
        for bad in self.batch.bad:
            yield Step("file", bad.source_id, bad.file, bad.file).fail(bad.reason)
        for organisation in _parents_first(self.batch.organisations):
            yield self._do(self._organisation, organisation)
        for place in self.batch.places:
            yield self._do(self._place, place)
        yield from self._terms()
        for service in self.batch.services:
            yield self._do(self._service, service)

    def _do(self, plan: Callable[[Any, Step], None], record: Any) -> Step:
        names = getattr(record, "names", None) or getattr(record, "titles", None) or {"fi": record.name}
        kind = {OrganisationRecord: "organisation", PlaceRecord: "place", ServiceRecord: "service"}[type(record)]
        step = Step(kind, record.source_id, next(iter(names.values())), record.file, reasons=list(record.remarks))
        try:
            with transaction.atomic():
                plan(record, step)
                if step.work and not self.dry_run:
                    step.work()
        except (_RefusedError, ObjectDoesNotExist, DatabaseError, ValueError) as error:
            return step.fail(str(error))
        except ValidationError as error:
            return step.fail("; ".join(error.messages))
        return step

    # --- organisations ---
    def _organisation(self, record: OrganisationRecord, step: Step) -> None:
        row = Organisation.objects.filter(source=self.source, source_id=record.source_id).first()
        if row is None and Organisation.objects.filter(uuid=record.source_id).exists():
            raise _RefusedError("an organisation of another origin has this id")
        if record.is_stub and row is not None:
            return
        if record.status != Status.ACTIVE:
            step.reasons.append(f"{record.status} in the source")
            return
        incoming = organisation_values(record, self.vocabulary)
        if record.is_stub:
            step.reasons.append("only its name is known: its own record is not among the input")
        elif record.raw is not None:
            incoming["raw"] = record.raw
        if incoming["parent"] and not self._known_organisation(incoming["parent"]):
            step.reasons.append(f"the parent organisation {incoming['parent']} is not known")
            incoming["parent"] = ""
        if row is None:
            row = Organisation(source=self.source, source_id=record.source_id, uuid=record.source_id)
        _plan_row(step, row, incoming, self.as_draft, lambda target, live: _save_organisation(target, live))

    def _known_organisation(self, source_id: str) -> bool:
        return (
            any(each.source_id == source_id for each in self.batch.organisations)
            or Organisation.objects.filter(source=self.source, source_id=source_id).exists()
        )

    # --- places ---
    def _place(self, record: PlaceRecord, step: Step) -> None:
        row = Place.objects.filter(source=self.source, source_id=record.source_id).first()
        incoming = place_values(record, self.vocabulary)
        if record.municipality and not incoming["municipality"]:
            step.reasons.append(f"municipality unknown here: {record.municipality}")
        row = row or Place(source=self.source, source_id=record.source_id)
        found = compare(incoming, rows.read(row, incoming), row.imported)
        _tell(step, found, row.pk is None)

        def work() -> None:
            rows.assign(row, found.changes, self.source)
            row.imported = {**incoming, **{name: row.imported.get(name) for name in found.edited}}
            row.full_clean()
            row.save()

        if found.changes or row.pk is None:
            step.outcome, step.work = Outcome.CREATE if row.pk is None else Outcome.CHANGE, work

    # --- words ---
    def _terms(self) -> Iterator[Step]:
        # In the catalogue's own words, but a group that one of ours stands for needs no term of its own.
        services = self.batch.services
        wanted = {
            Scheme.SERVICE_CLASS: [term for each in services for term in each.service_classes],
            Scheme.LIFE_EVENT: [term for each in services for term in each.life_events],
            Scheme.TARGET_GROUP: [
                term for each in services for term in each.target_groups if term.code not in self.vocabulary.target_groups
            ],
        }
        for scheme, terms in wanted.items():
            for term in rows.missing_terms(scheme, terms):
                step = Step("term", term.code, next(iter(term.labels.values()), term.code), outcome=Outcome.CREATE)
                if not self.dry_run:
                    rows.create_term(scheme, term)
                yield step

    # --- services ---
    def _service(self, record: ServiceRecord, step: Step) -> None:
        existing = {
            row.language: row
            for row in Service.objects.filter(translation_key=record.source_id).select_related("locale", "latest_revision")
        }
        if any(row.source != self.source for row in existing.values()):
            raise _RefusedError("a service of another origin has this id")
        ours = {code: row for code, row in existing.items() if row.imported.get(LANGUAGE) == code}
        if record.status == Status.WITHDRAWN:
            self._withdraw(step, list(ours.values()), f"{record.status} in the source")
            return
        if record.status != Status.ACTIVE:
            step.reasons.append("not published in the source")
            return
        if not self._known_organisation(record.organisation_id):
            raise _RefusedError(f"the organisation {record.organisation_id} is neither here nor among the input")
        told, remarks = service_values(record, self.vocabulary)
        step.reasons += remarks
        works: list[Callable[[], None]] = []
        # In a dry run the rows of a new service do not exist for one another; the slug is found when it is written.
        slug = next((row.slug for row in existing.values()), "")
        for language, incoming in told.items():
            if language not in self.locales:
                step.reasons.append(f"the site has no language {language}")
                continue
            row = existing.get(language)
            if row is not None and language not in ours:
                step.reasons.append(f"{language}: written here, not by the import")
                continue
            known = self._without_guesses(record, incoming, row, step)
            known["partners"] = [each for each in known["partners"] if self._known_organisation(each)]
            known["raw"] = record.raw
            known["source_changed_at"] = record.changed_at.isoformat() if record.changed_at else None
            if row is None:
                row = Service(
                    translation_key=record.source_id, locale=self.locales[language], slug=slug, source=self.source,
                    source_id=record.source_id, imported={LANGUAGE: language},
                )  # fmt: skip
            part = Step(step.kind, step.source_id, step.title)
            _plan_row(part, row, known, self.as_draft, _save_service, language)
            step.changes += part.changes
            step.reasons += part.reasons
            if part.work:
                works.append(part.work)
        if works:
            step.outcome = Outcome.CHANGE if existing else Outcome.CREATE
            step.work = lambda: [work() for work in works] and None
        gone = [row for code, row in ours.items() if code not in told]
        if gone:
            before = step.work
            self._withdraw(step, gone, "the source has no text in this language any more")
            last, step.outcome = step.work, Outcome.CHANGE if step.work else step.outcome
            step.work = (lambda: ((before and before()), (last and last())) and None) if before or last else None

    def _without_guesses(self, record: ServiceRecord, incoming: Values, row: Service | None, step: Step) -> Values:
        """Leave out of the comparison what the input does not tell wholly: it must not empty what is here."""
        if row is None:
            return dict(incoming)
        unsure: set[str] = set()
        if record.channels_missing:
            unsure |= FROM_CHANNELS
            step.reasons.append("channels are missing from the input: places, hours and contact ways are left as they are")
        if record.gaps_unknown:
            unsure |= {name for name in FROM_GENERAL if not incoming[name]}
        return {name: rows.read(row, [name])[name] if name in unsure else value for name, value in incoming.items()}

    def _withdraw(self, step: Step, found: list[Service], why: str) -> None:
        step.reasons.append(why)
        todo = []
        for row in found:
            if row.withdrawn_on is None and row.imported.get(WITHDRAWN):
                step.reasons.append(f"{row.language}: {EDITED_HERE}: brought back")
            elif row.withdrawn_on is None:
                todo.append(row)
        if todo:
            step.outcome = Outcome.WITHDRAW
            step.changes += [Change("withdrawn_on", None, timezone.localdate(), row.language) for row in todo]
            step.work = lambda: [_set_withdrawn(row, True) for row in todo] and None


# --- one row that has revisions ------------------------------------------------------------------------------------
def _plan_row(
    step: Step,
    row: Any,
    incoming: Values,
    as_draft: bool,
    save: Callable[[Any, bool], None],
    language: str = "",
) -> None:
    """Fill the step for one row: its changes, its reasons, its work."""
    is_new = row.pk is None
    newest = row if is_new else newest_of(row)
    last = newest.imported
    where = f"{language}: " if language else ""
    if not is_new and (row.locked or row.workflow_in_progress):
        step.reasons.append(f"{where}{EDITED_HERE}: the page is locked or waits for approval, so it is left")
        return
    found = compare(incoming, rows.read(newest, incoming) if not is_new else _blank(row, incoming), last)
    _tell(step, found, is_new, language)
    come_back = getattr(newest, "withdrawn_on", None) is not None
    if come_back and not last.get(WITHDRAWN):
        step.reasons.append(f"{where}{EDITED_HERE}: withdrawn")
        return
    publish = _is_to_publish(step, row, last, as_draft, where)
    if come_back:
        step.reasons.append(f"{where}back in the source")
    becomes_live = publish and not is_new and not row.live
    waiting = publish and not is_new and row.has_unpublished_changes and row.latest_revision_id == last.get(REVISION)
    if not (is_new or found.changes or come_back or becomes_live or waiting):
        return
    if becomes_live or waiting:
        step.reasons.append(f"{where}was a draft and becomes public")

    def work() -> None:
        draft = newest if newest is not row and row.latest_revision_id != last.get(REVISION) and row.live else None
        for target in [row if draft or is_new else newest, *([draft] if draft else [])]:
            rows.assign(target, found.changes, row.source)
            if come_back:
                target.withdrawn_on = None
            written = {**incoming, **{name: last[name] for name in found.edited if name in last}}
            written.pop("raw", None)  # stands in its own column
            marks = {LIVE: publish or bool(row.live and last.get(LIVE)), WITHDRAWN: False}
            target.imported = {**written, **marks, LANGUAGE: language}
            # An editor's waiting draft gets the new facts too, and goes on waiting.
            save(target, publish and target is not draft)

    step.outcome, step.work = Outcome.CREATE if is_new else Outcome.CHANGE, work


def _is_to_publish(step: Step, row: Any, last: Values, as_draft: bool, where: str) -> bool:
    if as_draft:
        return False
    if row.pk is not None and not row.live and last.get(LIVE):
        step.reasons.append(f"{where}{EDITED_HERE}: taken off the public side")
        return False
    return True


def newest_of(row: Any) -> Any:
    """A row as editors see it: its newest draft, else the row itself."""
    if row.latest_revision_id and (row.has_unpublished_changes or not row.live):
        return row.latest_revision.as_object()
    return row


def _tell(step: Step, found: Comparison, is_new: bool, language: str = "") -> None:
    where = f"{language}: " if language else ""
    step.reasons += [f"{where}{EDITED_HERE}: {name}" for name in found.edited]
    step.changes += [
        Change(name, None if is_new else found.current[name], value, language)
        for name, value in found.changes.items()
        if name not in rows.ALWAYS or not is_new
    ]


def _blank(row: Any, incoming: Values) -> Values:
    """Nothing is there yet: every field is to be written."""
    return dict.fromkeys(incoming, object())


def _remember_revision(row: Any) -> None:
    """Mark the newest revision as the import's own, on the row and in the revision, so that a later draft stands out."""
    type(row).objects.filter(pk=row.pk).update(imported={**row.imported, REVISION: row.latest_revision_id})
    revision = row.latest_revision
    revision.content["imported"] = {**row.imported, REVISION: revision.pk}
    revision.save(update_fields=["content"])


def _save_service(row: Service, live: bool) -> None:
    (publish_service if live else save_draft)(row)
    _after_save(row)


def _after_save(row: Any) -> None:
    saved = type(row).objects.select_related("latest_revision").get(pk=row.pk)
    saved.imported = row.imported
    _remember_revision(saved)


def _save_organisation(row: Organisation, live: bool) -> None:
    if not row.slug:
        row.slug = _free_slug(row)
    row.full_clean()
    if row.pk is None:
        row.live = False
        row.save()
    revision = row.save_revision(log_action=True)
    if live:
        revision.publish()
    _after_save(row)


def _free_slug(row: Organisation) -> str:
    base = slugify(str(row.names.in_language("fi")))[:100] or "organisaatio"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 100_000))) if slug not in taken)


def _set_withdrawn(row: Service, withdrawn: bool) -> None:
    day = timezone.localdate() if withdrawn else None
    newest = newest_of(row)
    for target in {id(row): row, id(newest): newest}.values():
        target.withdrawn_on = day
        target.imported = {**target.imported, WITHDRAWN: withdrawn}
    is_draft = newest is not row
    if row.live:
        publish_service(row)
    if is_draft:
        save_draft(newest)
    _after_save(newest)
    Service.objects.filter(pk=row.pk).update(withdrawn_on=day)


def _parents_first(organisations: Iterable[OrganisationRecord]) -> list[OrganisationRecord]:
    """In an order in which every parent of the batch comes before its children; a ring is left as it came."""
    left, done, ordered = list(organisations), set(), []
    ids = {each.source_id for each in left}
    while left:
        ready = [each for each in left if each.parent_id not in ids or each.parent_id in done] or left
        ordered += ready
        done |= {each.source_id for each in ready}
        left = [each for each in left if each.source_id not in done]
    return ordered
