"""One row of ours against what a source says: what to write, what an editor has made their own, and the writing.

`imported` on a row holds what the import last wrote. A field that reads otherwise was edited here and is left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone

from directory.actions import publish_service, save_draft
from directory.exchange import rows
from directory.exchange.known import Known, key_of
from directory.exchange.records import Bundle, OrganisationRecord, ServiceRecord, Texts
from directory.exchange.shaping import Values
from directory.exchange.writing import Slugs, Writer
from directory.models import Organisation, Service
from portal.base.fields import Multilingual

# Keys of `imported` that are no fields: what the import did with the row.
WITHDRAWN, REVISION, LANGUAGE = "_withdrawn", "_revision", "_language"
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
    """What is to be done with one record, and why. works: what does it, inside the record's transaction."""

    kind: str
    source_id: str
    title: str
    file: str = ""
    outcome: Outcome = Outcome.LEAVE
    changes: list[Change] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    works: list[Callable[[], None]] = field(default_factory=list, repr=False)

    def fail(self, reason: str) -> "Step":
        """The step of a record that cannot be imported."""
        self.outcome = Outcome.FAIL
        self.works.clear()
        self.changes.clear()
        self.reasons.append(reason)
        return self


@dataclass(frozen=True)
class Comparison:
    """A row against what the source says. current: None of a row that is not here yet. edited: changed by a person."""

    changes: Values
    current: Values | None
    edited: list[str]

    def remembered(self, last: Mapping[str, Any], incoming: Values) -> Values:
        """What the row shall remember of this import: what was written; of edited fields, what was written before."""
        kept = {name: last[name] for name in self.edited if name in last}
        # The raw answer stands in a column of its own.
        return {name: value for name, value in {**last, **incoming, **kept}.items() if name != "raw"}


def compare(incoming: Values, current: Values | None, last: Mapping[str, Any]) -> Comparison:
    """Which fields to write. Pure. last: what the import wrote before, by field."""
    if current is None:
        return Comparison(dict(incoming), None, [])
    changes, edited = {}, []
    for name, value in incoming.items():
        if current[name] == value:
            continue
        if name not in rows.ALWAYS and current[name] != last.get(name, current[name]):
            edited.append(name)
        else:
            changes[name] = value
    return Comparison(changes, current, edited)


def tell(step: Step, found: Comparison, language: str = "") -> None:
    """Add to a step what a comparison found."""
    where = f"{language}: " if language else ""
    step.reasons += [f"{where}{EDITED_HERE}: {name}" for name in found.edited]
    step.changes += [
        Change(name, (found.current or {}).get(name), value, language) for name, value in found.changes.items()
    ]


def newest_of(row: Any) -> Any:
    """A row as editors see it: its newest draft, else the row itself."""
    if row.latest_revision_id and (row.has_unpublished_changes or not row.live):
        return row.latest_revision.as_object()
    return row


@dataclass
class Revising:
    """What planning a row needs of the run that it is part of."""

    known: Known
    writer: Writer
    as_draft: bool = False
    slugs: dict[type, Slugs] = field(
        default_factory=lambda: {
            Organisation: Slugs(Organisation, "organisaatio", 100),
            Service: Slugs(Service, "palvelu", 140),
        }
    )

    def prepare(self, bundles: Sequence[Bundle]) -> None:
        """Be ready for the records of some bundles."""
        self.known.prepare(bundles)
        records = [record for bundle in bundles for record in bundle.records]
        bodies = (each for each in records if isinstance(each, OrganisationRecord))
        self.slugs[Organisation].prepare({_slug_text(each.names) for each in bodies})
        services = (
            each for each in records if isinstance(each, ServiceRecord) and not self.known.services(key_of(each))
        )
        self.slugs[Service].prepare({_slug_text(each.titles) for each in services})

    def plan(self, step: Step, row: Any, incoming: Values, *, language: str = "", origin: str = "") -> None:
        """Add to a step what is to be done with one row that has revisions. language: of the row, when it has one;
        origin: the language that first told of it, to be remembered."""
        where = f"{language}: " if language else ""
        is_new = row.pk is None
        newest = row if is_new else newest_of(row)
        last = newest.imported
        is_withdrawn = getattr(newest, "withdrawn_on", None) is not None
        if is_withdrawn and not last.get(WITHDRAWN):
            step.reasons.append(f"{where}{EDITED_HERE}: withdrawn")
            return
        found = compare(incoming, None if is_new else rows.read(newest, incoming), last)
        is_touched = bool(found.changes) or is_withdrawn or newest is not row
        if not is_new and is_touched and (row.locked or row.workflow_in_progress):
            step.reasons.append(f"{where}{EDITED_HERE}: it is locked or waits for approval, so it is left")
            return
        tell(step, found, language)
        is_editors_draft = newest is not row and row.live and row.latest_revision_id != last.get(REVISION)
        # Only a person takes a row off the public side; an import does not put it back.
        is_taken_off = not is_new and not row.live and row.first_published_at is not None
        if is_taken_off:
            step.reasons.append(f"{where}{EDITED_HERE}: taken off the public side")
        publish = not self.as_draft and not is_taken_off
        is_waiting = publish and newest is not row and not is_editors_draft
        if is_waiting:
            step.reasons.append(f"{where}was a draft and becomes public")
        if is_withdrawn:
            step.reasons.append(f"{where}is in the source again")
        if not (is_new or found.changes or is_withdrawn or is_waiting):
            return

        def set_on(target: Any) -> None:
            rows.assign(target, found.changes, self.known)
            if is_withdrawn:
                target.withdrawn_on = None
            marks = {WITHDRAWN: False, LANGUAGE: language or origin, REVISION: None}
            target.imported = {**found.remembered(last, incoming), **marks}
            target.slug = target.slug or self._slug(target)

        def write_alone() -> None:
            set_on(row)
            self.writer.write(row, live=publish)
            if is_new:
                self.known.add(row)

        def write_beside_a_draft() -> None:
            # An editor's waiting draft gets the new facts too, and goes on waiting.
            for target, live in [(row, publish), (newest, False)] if is_editors_draft else [(newest, publish)]:
                set_on(target)
                save(target, live)
            _remember(row, newest.imported, is_own=not is_editors_draft)

        step.works.append(write_alone if is_new or (newest is row and publish) else write_beside_a_draft)
        if step.outcome == Outcome.LEAVE:
            step.outcome = Outcome.CREATE if is_new else Outcome.CHANGE

    def _slug(self, row: Organisation | Service) -> str:
        """The address of a new row's page. Every language of a service has the same one."""
        if isinstance(row, Organisation):
            return self.slugs[Organisation].free(_slug_text(row.names))
        siblings = self.known.services(str(row.translation_key))
        return next((each.slug for each in siblings), "") or self.slugs[Service].free(row.title)

    def withdraw(self, row: Service) -> None:
        """Take a service off the public side because the source has: it stays here, with the day."""
        day = timezone.localdate()
        newest = newest_of(row)
        if newest is row and row.live:
            row.withdrawn_on, row.imported = day, {**row.imported, WITHDRAWN: True, REVISION: None}
            self.writer.write(row)
            return
        is_own = newest is row or not row.live or row.latest_revision_id == newest.imported.get(REVISION)
        for target in (row,) if newest is row else (row, newest):
            target.withdrawn_on = day
            target.imported = {**target.imported, WITHDRAWN: True}
        if row.live:
            publish_service(row)
        if newest is not row:
            save_draft(newest)
        # A row that was never public takes its columns from its drafts only when it is published.
        Service.objects.filter(pk=row.pk).update(withdrawn_on=day)
        _remember(row, newest.imported, is_own=is_own)


def _slug_text(names: Texts) -> str:
    return Multilingual(names).in_language("fi")


def save(row: Organisation | Service, live: bool) -> None:
    """Write a row that has drafts beside it as public or as one more draft, the way editors do."""
    if isinstance(row, Service):
        (publish_service if live else save_draft)(row)
        return
    row.full_clean()
    revision = row.save_revision(log_action=True)
    if live:
        revision.publish()


def _remember(row: Any, imported: Values, *, is_own: bool) -> None:
    """Store what the import wrote, and which revision is its own: a newer one is an editor's draft."""
    saved = type(row).objects.select_related("latest_revision").get(pk=row.pk)
    revision = saved.latest_revision
    own = revision.pk if is_own else None
    type(row).objects.filter(pk=row.pk).update(imported={**imported, REVISION: own})
    revision.content["imported"] = {**imported, REVISION: own}
    revision.save(update_fields=["content"])
