"""Records → what is to be done with each (create, change, leave, withdraw, and why) → doing it.

One record, one transaction; organisations first, then places, words and services, as each leans on the ones before.
`imported` on a row holds what the import last wrote: a field that reads otherwise was edited here and is left alone.
No check date is ever set: an import is not a person who made sure.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import Locale

from directory.choices import Scheme, Source
from directory.exchange import rows
from directory.exchange.records import Batch, OrganisationRecord, PlaceRecord, ServiceRecord, Status
from directory.exchange.revising import (
    EDITED_HERE,
    LANGUAGE,
    WITHDRAWN,
    Change,
    Outcome,
    Step,
    compare,
    plan_row,
    save_organisation,
    save_service,
    set_withdrawn,
    tell,
)
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
from portal.base.fields import Multilingual


class _RefusedError(ValueError):
    """A record that must not be imported, for a reason that a person can read."""


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
        step = Step(
            kind, record.source_id, Multilingual(names).in_language("fi"), record.file, reasons=list(record.remarks)
        )
        try:
            with transaction.atomic():
                plan(record, step)
                if not self.dry_run:
                    for work in step.works:
                        work()
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
        plan_row(step, row, incoming, as_draft=self.as_draft, save=save_organisation)

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
        is_new = row.pk is None
        found = compare(incoming, None if is_new else rows.read(row, incoming), row.imported)
        tell(step, found)

        def work() -> None:
            rows.assign(row, found.changes, self.source)
            row.imported = found.remembered(row.imported, incoming)
            row.full_clean()
            row.save()

        if found.changes:
            step.outcome = Outcome.CREATE if is_new else Outcome.CHANGE
            step.works.append(work)

    # --- words ---
    def _terms(self) -> Iterator[Step]:
        # In the catalogue's own words, but a group that one of ours stands for needs no term of its own.
        services = [each for each in self.batch.services if each.status == Status.ACTIVE]
        wanted = {
            Scheme.SERVICE_CLASS: [term for each in services for term in each.service_classes],
            Scheme.LIFE_EVENT: [term for each in services for term in each.life_events],
            Scheme.TARGET_GROUP: [
                term
                for each in services
                for term in each.target_groups
                if term.code not in self.vocabulary.target_groups
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
            for row in Service.objects.filter(translation_key=record.source_id).select_related(
                "locale", "latest_revision"
            )
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
        for language, incoming in told.items():
            if language not in self.locales:
                step.reasons.append(f"the site has no language {language}")
            elif language in existing and language not in ours:
                step.reasons.append(f"{language}: written here, not by the import")
            else:
                self._service_row(record, language, incoming, existing.get(language), step)
        if step.works and not existing:
            step.outcome = Outcome.CREATE
        elif step.works:
            step.outcome = Outcome.CHANGE
        if gone := [row for code, row in ours.items() if code not in told]:
            self._withdraw(step, gone, "the source has no text in this language any more")

    def _service_row(
        self, record: ServiceRecord, language: str, incoming: Values, row: Service | None, step: Step
    ) -> None:
        """The row of one language."""
        if row is not None:
            incoming = self._certain(record, incoming, step)
        if unknown := [each for each in incoming["partners"] if not self._known_organisation(each)]:
            step.reasons.append(f"{language}: organisations not known here: {', '.join(unknown)}")
            incoming["partners"] = [each for each in incoming["partners"] if each not in unknown]
        incoming["raw"] = record.raw
        incoming["source_changed_at"] = record.changed_at.isoformat() if record.changed_at else None
        if row is None:
            row = Service(
                translation_key=record.source_id,
                locale=self.locales[language],
                source=self.source,
                source_id=record.source_id,
            )
        plan_row(step, row, incoming, as_draft=self.as_draft, save=save_service, language=language)

    def _certain(self, record: ServiceRecord, incoming: Values, step: Step) -> Values:
        """What the input tells wholly: what came without its channels or its general text must not empty a field."""
        unsure: set[str] = set()
        if record.channels_missing:
            unsure |= FROM_CHANNELS
            step.reasons.append("channels are missing from the input: places, hours and contact ways stay as they are")
        if record.gaps_unknown:
            unsure |= {name for name in FROM_GENERAL if not incoming[name]}
        return {name: value for name, value in incoming.items() if name not in unsure}

    def _withdraw(self, step: Step, found: list[Service], why: str) -> None:
        step.reasons.append(why)
        todo = []
        for row in found:
            if row.withdrawn_on is None and row.imported.get(WITHDRAWN):
                step.reasons.append(f"{row.language}: {EDITED_HERE}: brought back")
            elif row.withdrawn_on is None:
                todo.append(row)
        if todo:
            step.outcome = Outcome.CHANGE if step.works else Outcome.WITHDRAW
            step.changes += [Change("withdrawn_on", None, timezone.localdate(), row.language) for row in todo]
            step.works += [partial(set_withdrawn, row) for row in todo]


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
