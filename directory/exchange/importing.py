"""Records → what is to be done with each (create, change, leave, withdraw, and why) → doing it.

A bundle of records is one transaction: it is imported wholly or not at all, and a bad one stops no other. What follows
from the writing (the indexes) is done for a stretch of bundles together.
`imported` on a row holds what the import last wrote: a field that reads otherwise was edited here and is left alone.
No check date is ever set: an import is not a person who made sure.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import Locale

from directory.choices import Scheme, Source
from directory.exchange import rows
from directory.exchange.known import Known, key_of
from directory.exchange.records import (
    Bundle,
    OrganisationRecord,
    PlaceRecord,
    Record,
    ServiceRecord,
    Status,
    TermRecord,
)
from directory.exchange.revising import (
    EDITED_HERE,
    LANGUAGE,
    WITHDRAWN,
    Change,
    Outcome,
    Revising,
    Step,
    compare,
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
from directory.exchange.writing import Writer
from directory.models import Organisation, Place, Service
from portal.base.fields import Multilingual

# Enough for the indexes to be written in few goes, few enough to be held in memory.
STRETCH = 500
KINDS = {OrganisationRecord: "organisation", PlaceRecord: "place", ServiceRecord: "service"}
# Texts that one row keeps in every language: a record in one language adds its own to them.
MULTILINGUAL = frozenset(("names", "description", "how_to_get_there", "accessibility_note"))


class _RefusedError(ValueError):
    """A record that must not be imported, for a reason that a person can read."""


class _FailedError(Exception):
    """A record of a bundle failed, and with it the bundle. step: says why."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.reasons[-1])
        self.step = step


class Importer:
    """Imports bundles of records. dry_run: plan only, write nothing. as_draft: what is new waits for an editor.

    After the run, unknown_words and unknown_areas tell how often the source named what nothing here is called.
    """

    def __init__(self, source: Source, *, dry_run: bool = False, as_draft: bool = False) -> None:
        self.source, self.dry_run = source, dry_run
        self.unknown_words: Counter[str] = Counter()
        self.unknown_areas: Counter[str] = Counter()
        self._vocabulary: Vocabulary = rows.read_vocabulary()
        self._locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self._known, self._writer = Known(source), Writer()
        self._revising = Revising(self._known, self._writer, as_draft)
        # What mentions of one body or place have said so far in this run: the first one to tell a thing is believed,
        # or every run would change it to and fro. By kind, id and language.
        self._told: dict[tuple[str, str, str], frozenset[str]] = {}
        # What a dry run would have made by now: (kind, name).
        self._planned: set[tuple[str, str]] = set()
        # Organisations whose parent had not come yet: child → parent.
        self._orphans: dict[str, str] = {}
        # What takes back, in memory, what the bundle of the moment has done.
        self._undo: list[Callable[[], object]] = []

    def run(self, bundles: Iterable[Bundle]) -> Iterator[Step]:
        """Every record's step, planned and (unless it is a dry run) done, in order."""
        source = iter(bundles)
        try:
            while stretch := list(islice(source, STRETCH)):
                self._revising.prepare(stretch)
                for bundle in stretch:
                    yield from self._bundle(bundle)
                self._writer.settle()
            yield from self._late_parents()
        finally:
            # Also when the run is stopped: what is committed has to be found.
            self._writer.settle()

    # --- bundles ---
    def _bundle(self, bundle: Bundle) -> Iterator[Step]:
        for bad in bundle.bad:
            yield Step("file", bad.source_id, bad.file, bad.file).fail(bad.reason)
        steps: list[Step] = []
        try:
            with self._together():
                for record in bundle.records:
                    steps += self._terms(record)
                    step = Step(KINDS[type(record)], record.source_id, _title(record), record.file)
                    if self._do(step, partial(self._plan, record)):
                        steps.append(step)
        except _FailedError as failed:
            self._known.forget(bundle.records)
            steps = [failed.step]
        yield from steps

    @contextmanager
    def _together(self) -> Iterator[None]:
        """A transaction, after whose failure nothing is left in memory either."""
        mark = self._writer.mark()
        self._undo.clear()
        try:
            with nullcontext() if self.dry_run else transaction.atomic():
                yield
        except BaseException:
            self._writer.forget(mark)
            for undo in reversed(self._undo):
                undo()
            raise

    def _do(self, step: Step, plan: Callable[[Step], bool]) -> bool:
        """Plan a step and do it; whether there was anything to tell. Raises _FailedError."""
        try:
            is_told = plan(step)
            if not self.dry_run:
                for work in step.works:
                    work()
        except (DatabaseError, LookupError, OverflowError, TypeError, ValueError) as error:
            raise _FailedError(step.fail(str(error))) from error
        except ValidationError as error:
            raise _FailedError(step.fail("; ".join(error.messages))) from error
        if step.outcome == Outcome.CREATE:
            self._plan_to_have(step.kind, step.source_id)
        return is_told

    def _plan(self, record: Record, step: Step) -> bool:
        step.reasons += record.remarks
        if isinstance(record, OrganisationRecord):
            return self._organisation(record, step)
        if isinstance(record, PlaceRecord):
            return self._place(record, step)
        self._service(record, step)
        return True

    def _plan_to_have(self, kind: str, name: str) -> None:
        if self.dry_run:
            self._planned.add((kind, name))
            self._undo.append(partial(self._planned.discard, (kind, name)))

    def _knows_organisation(self, name: str) -> bool:
        return ("organisation", name) in self._planned or self._known.organisation(name) is not None

    def _knows_place(self, name: str) -> bool:
        return ("place", name) in self._planned or self._known.place(name) is not None

    # --- mentions ---
    def _untold(self, record: OrganisationRecord | PlaceRecord, incoming: Values, row: Any) -> Values:
        """Of a mention in one language, what no earlier one of this run has told.

        The language that came first tells the facts; another one adds to the texts that are kept in every language.
        """
        key = (KINDS[type(record)], record.source_id, record.language)
        told = self._told.get(key, frozenset())
        self._told[key] = told | incoming.keys()
        self._undo.append(partial(self._told.__setitem__, key, told))
        origin = row.imported.get(LANGUAGE) if row else None
        found = {
            name: value
            for name, value in incoming.items()
            if name not in told and (name in MULTILINGUAL or origin in {None, "", record.language})
        }
        for name in MULTILINGUAL & found.keys() if row else ():
            found[name] = {**row.imported.get(name, {}), **found[name]}
        return found

    # --- organisations ---
    def _organisation(self, record: OrganisationRecord, step: Step) -> bool:
        row = self._known.organisation(record.source_id)
        if row is None and Organisation.objects.filter(uuid=key_of(record) or None).exists():
            raise _RefusedError("an organisation of another origin has this id")
        if record.is_stub and row is not None:
            return True
        if record.status != Status.ACTIVE:
            step.reasons.append(f"{record.status} in the source")
            return True
        incoming = organisation_values(record, self._vocabulary)
        if record.is_stub:
            step.reasons.append("only its name is known: its own record is not among the input")
        elif record.raw is not None:
            incoming["raw"] = record.raw
        if incoming.get("parent") and not self._knows_organisation(incoming["parent"]):
            self._orphans[record.source_id] = incoming.pop("parent")
            self._undo.append(partial(self._orphans.pop, record.source_id, None))
        if record.language:
            incoming = self._untold(record, incoming, row)
            if not incoming or (row is None and ("organisation", record.source_id) in self._planned):
                return False
        origin = record.language
        if row is None:
            row = Organisation(source=self.source, source_id=record.source_id, uuid=key_of(record))
        elif record.language:
            origin = row.imported.get(LANGUAGE) or record.language
        self._revising.plan(step, row, incoming, origin=origin)
        return True

    def _late_parents(self) -> Iterator[Step]:
        """Organisations that came before their parent."""
        for child, parent in self._orphans.items():
            row = self._known.organisation(child)
            if row is None and not self.dry_run:
                continue
            step = Step("organisation", child, str(row or child))
            if not self._knows_organisation(parent):
                step.reasons.append(f"the parent organisation {parent} is not known")
                yield step
            elif row is not None:
                plan = partial(self._parent, row, parent)
                try:
                    with self._together():
                        self._do(step, plan)
                except _FailedError as failed:
                    step = failed.step
                if step.outcome != Outcome.LEAVE:
                    yield step

    def _parent(self, row: Organisation, parent: str, step: Step) -> bool:
        self._revising.plan(step, row, {"parent": parent}, origin=row.imported.get(LANGUAGE, ""))
        return True

    # --- places ---
    def _place(self, record: PlaceRecord, step: Step) -> bool:
        row = self._known.place(record.source_id)
        incoming = place_values(record, self._vocabulary)
        if record.municipality and not incoming.get("municipality"):
            step.reasons.append(f"municipality unknown here: {record.municipality}")
        if record.language:
            incoming = self._untold(record, incoming, row)
            if not incoming or (row is None and ("place", record.source_id) in self._planned):
                return False
        is_new = row is None
        row = row or Place(source=self.source, source_id=record.source_id)
        found = compare(incoming, None if is_new else rows.read(row, incoming), row.imported)
        tell(step, found)

        def work() -> None:
            rows.assign(row, found.changes, self._known)
            origin = row.imported.get(LANGUAGE) or record.language
            row.imported = {**found.remembered(row.imported, incoming), LANGUAGE: origin}
            self._writer.write(row)
            if is_new:
                self._known.add(row)

        if found.changes:
            step.outcome = Outcome.CREATE if is_new else Outcome.CHANGE
            step.works.append(work)
        return True

    # --- words ---
    def _terms(self, record: Record) -> Iterator[Step]:
        # In the catalogue's own words, but a group that one of ours stands for needs no term of its own.
        if not isinstance(record, ServiceRecord) or record.status != Status.ACTIVE:
            return
        wanted = {
            Scheme.SERVICE_CLASS: record.service_classes,
            Scheme.LIFE_EVENT: record.life_events,
            Scheme.TARGET_GROUP: [
                term for term in record.target_groups if term.code not in self._vocabulary.target_groups
            ],
        }
        for scheme, terms in wanted.items():
            for term in sorted(terms, key=lambda term: term.code):
                if (scheme, term.code) not in self._known.terms and (scheme, term.code) not in self._planned:
                    title = next(iter(term.labels.values()), term.code)
                    step = Step("term", term.code, title, outcome=Outcome.CREATE)
                    step.works.append(partial(self._term, scheme, term))
                    self._do(step, lambda _step: True)
                    self._plan_to_have(scheme, term.code)
                    yield step

    def _term(self, scheme: Scheme, term: TermRecord) -> None:
        self._known.terms[scheme, term.code] = rows.create_term(scheme, term)
        self._undo.append(partial(self._known.terms.pop, (scheme, term.code), None))

    # --- services ---
    def _service(self, record: ServiceRecord, step: Step) -> None:
        key = key_of(record)
        existing = {row.language: row for row in self._known.services(key)}
        if any(row.source != self.source for row in existing.values()):
            raise _RefusedError("a service of another origin has this id")
        ours = {code: row for code, row in existing.items() if row.imported.get(LANGUAGE) == code}
        if record.status == Status.WITHDRAWN:
            self._withdraw(step, list(ours.values()), f"{record.status} in the source")
            return
        if record.status != Status.ACTIVE:
            step.reasons.append("not published in the source")
            return
        if not self._knows_organisation(record.organisation_id):
            raise _RefusedError(f"the organisation {record.organisation_id} is neither here nor among the input")
        shaped = service_values(record, self._vocabulary)
        step.reasons += shaped.remarks
        self.unknown_words.update(shaped.unknown_words)
        self.unknown_areas.update(shaped.unknown_areas)
        for language, incoming in shaped.rows.items():
            if language not in self._locales:
                step.reasons.append(f"the site has no language {language}")
            elif language in existing and language not in ours:
                step.reasons.append(f"{language}: written here, not by the import")
            else:
                self._service_row(record, language, incoming, existing.get(language), step)
        if step.works and not existing:
            step.outcome = Outcome.CREATE
        elif step.works:
            step.outcome = Outcome.CHANGE
        # A record in one language says nothing of the others.
        if gone := [row for code, row in ours.items() if code not in shaped.rows and not record.language]:
            self._withdraw(step, gone, "the source has no text in this language any more")

    def _service_row(
        self, record: ServiceRecord, language: str, incoming: Values, row: Service | None, step: Step
    ) -> None:
        """The row of one language."""
        if row is not None:
            # What the source told before and tells no more.
            told_before = {name for name in row.imported if not name.startswith("_")} - {"source_changed_at"}
            for name in told_before - incoming.keys():
                incoming[name] = Service._meta.get_field(name).get_default()
            incoming = self._certain(record, incoming, step)
        self._drop_unknown(incoming, language, step)
        incoming["raw"] = record.raw
        incoming["source_changed_at"] = record.changed_at.isoformat() if record.changed_at else None
        if row is None:
            row = Service(
                translation_key=uuid.UUID(key_of(record)),
                locale=self._locales[language],
                source=self.source,
                source_id=record.source_id,
            )
        self._revising.plan(step, row, incoming, language=language)

    def _drop_unknown(self, incoming: Values, language: str, step: Step) -> None:
        """Leave out partners and places that are neither here nor among the input."""
        if unknown := [each for each in incoming["partners"] if not self._knows_organisation(each)]:
            step.reasons.append(f"{language}: organisations not known here: {', '.join(unknown)}")
            incoming["partners"] = [each for each in incoming["partners"] if each not in unknown]
        if unknown := [each for each in incoming.get("service_places", ()) if not self._knows_place(each)]:
            step.reasons.append(f"{language}: places not known here: {', '.join(unknown)}")
            incoming["service_places"] = [each for each in incoming["service_places"] if each not in unknown]
            incoming["opening_hours"] = [each for each in incoming["opening_hours"] if each["place"] not in unknown]

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
            step.works += [partial(self._revising.withdraw, row) for row in todo]


def _title(record: Record) -> str:
    if isinstance(record, PlaceRecord):
        return record.name
    names = record.names if isinstance(record, OrganisationRecord) else record.titles
    return Multilingual(names).in_language("fi")
