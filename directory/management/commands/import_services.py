"""Imports services from another catalogue: what it would do, or does, and why. The work is in directory.exchange."""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.choices import Source
from directory.exchange import hsds, ptv
from directory.exchange.importing import Importer
from directory.exchange.records import Reading, Whole
from directory.exchange.revising import Change, Outcome, Step
from portal.base import languages
from portal.base.logging import quiet

FORMATS = (Source.HSDS, Source.PTV)
KINDS = ("file", "organisation", "place", "term", "service")
LONGEST_VALUE = 60
MOST_UNKNOWN = 200


class Command(BaseCommand):
    help = "Import organisations, places and services from another catalogue. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="ptv: a folder of JSON files, or one file; hsds: one file")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="what the files are")
        parser.add_argument(
            "--language",
            choices=languages.CODES,
            default=languages.FINNISH,
            help="hsds: the language of the texts, where a record does not say its own (default: %(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done; write nothing")
        parser.add_argument("--as-draft", action="store_true", help="let what is new wait for an editor")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        source = Source(options["format"])
        if source == Source.HSDS and not path.is_file():
            raise CommandError(f"{path} is a folder. Give one file.")
        reading: Reading = Whole(ptv.read(path)) if source == Source.PTV else hsds.Reading(path, options["language"])
        if not reading.total:
            raise CommandError(f"Nothing to read in {path}.")
        # A catalogue is told record by record; of a file that may hold a hundred thousand, only what went wrong.
        least = options["verbosity"] - (source == Source.HSDS)
        importer = Importer(source, dry_run=options["dry_run"], as_draft=options["as_draft"])
        counts: Counter[tuple[str, Outcome]] = Counter()
        # A bar for a person at a terminal; a log gets the lines alone.
        bar = tqdm(total=reading.total, file=sys.stderr, disable=None, unit=reading.unit, unit_scale=True, leave=False)
        with quiet(), bar:
            for step in importer.run(reading):
                counts[step.kind, step.outcome] += 1
                if least > 0 or (step.outcome == Outcome.FAIL and options["verbosity"]):
                    self.tell(step, least)
                bar.update(reading.done - bar.n)
        most = MOST_UNKNOWN if options["verbosity"] < 2 else None
        self.tell_unknown("Words without a counterpart here, kept as search words", importer.unknown_words, most)
        self.tell_unknown("Areas without a counterpart here, kept as text", importer.unknown_areas, most)
        self.stdout.write(table(counts))
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")

    def tell(self, step: Step, verbosity: int) -> None:
        """One record: a line, then why, and each change of a field."""
        self.stdout.write(f"{step.outcome:<9}{step.kind:<13}{step.title} ({step.source_id or step.file})")
        reasons = list(dict.fromkeys(step.reasons))
        if step.outcome == Outcome.FAIL and step.file:
            reasons.append(f"file: {step.file}")
        if step.outcome == Outcome.CREATE:
            lines = [f"not here yet{written_in(step)}", *created(step, verbosity)]
        else:
            lines = [describe(change) for change in step.changes]
        if step.outcome == Outcome.LEAVE and not reasons:
            reasons.append("the source says what is here")
        for line in [*lines, *reasons]:
            self.stdout.write(f"{'':<9}{line}")

    def tell_unknown(self, heading: str, found: Counter[str], most: int | None) -> None:
        """What the source named and nothing here is called, the most frequent first."""
        if not found:
            return
        self.stdout.write(f"\n{heading}:")
        for name, count in found.most_common(most):
            self.stdout.write(f"{count:>9}  {name}")
        if most and len(found) > most:
            self.stdout.write(f"{'':<11}and {len(found) - most} more (-v 2 lists them)")


def written_in(step: Step) -> str:
    """The languages of a new service."""
    codes = dict.fromkeys(change.language for change in step.changes if change.language)
    return f", in {', '.join(codes)}" if codes else ""


def created(step: Step, verbosity: int) -> list[str]:
    """The fields of a new record, for who asks for more (-v 2)."""
    return [describe(change) for change in step.changes if change.new] if verbosity > 1 else []


def describe(change: Change) -> str:
    """A change in one line: "fi: title: 'Old' → 'New'"."""
    where = f"{change.language}: " if change.language else ""
    if change.field == "raw":
        return f"{where}raw: the source's answer as it came"
    if change.old in (None, "", [], {}):
        return f"{where}{change.field}: {_short(change.new)}"
    return f"{where}{change.field}: {_short(change.old)} → {_short(change.new)}"


def _short(value: object) -> str:
    said = repr(value) if not isinstance(value, str) else f"'{value}'"
    return said if len(said) <= LONGEST_VALUE else f"{said[: LONGEST_VALUE - 1]}…"


def table(counts: Counter[tuple[str, Outcome]]) -> str:
    """The counts, a row for each kind of record and a column for each outcome."""
    kinds = [kind for kind in KINDS if any((kind, outcome) in counts for outcome in Outcome)]
    lines = [f"{'':<14}" + "".join(f"{outcome:>10}" for outcome in Outcome)]
    lines += [f"{kind:<14}" + "".join(f"{counts[kind, outcome]:>10}" for outcome in Outcome) for kind in kinds]
    totals = "".join(f"{sum(counts[kind, outcome] for kind in kinds):>10}" for outcome in Outcome)
    return "\n".join(["", *lines, f"{'all':<14}{totals}"])
