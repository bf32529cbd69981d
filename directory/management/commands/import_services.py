"""Imports services from another catalogue: what it would do, or does, and why. The work is in directory.exchange."""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.choices import Source
from directory.exchange import ptv
from directory.exchange.importing import Importer
from directory.exchange.revising import Change, Outcome, Step
from portal.base.logging import quiet

FORMATS = {"ptv": (Source.PTV, ptv.read)}
KINDS = ("file", "organisation", "place", "term", "service")
LONGEST_VALUE = 60


class Command(BaseCommand):
    help = "Import organisations, places and services from another catalogue. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder of JSON files, or one JSON file")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="what the files are")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done; write nothing")
        parser.add_argument("--as-draft", action="store_true", help="let what is new wait for an editor")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        source, read = FORMATS[options["format"]]
        importer = Importer(read(path), source, dry_run=options["dry_run"], as_draft=options["as_draft"])
        if not len(importer):
            raise CommandError(f"No JSON files in {path}.")
        counts: Counter[tuple[str, Outcome]] = Counter()
        # A bar for a person at a terminal; a log gets the lines alone.
        with quiet(), tqdm(total=len(importer), file=sys.stderr, disable=None, unit="record", leave=False) as bar:
            for step in importer.run():
                counts[step.kind, step.outcome] += 1
                self.tell(step, options["verbosity"])
                bar.update()
        self.stdout.write(table(counts))
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")

    def tell(self, step: Step, verbosity: int) -> None:
        """One record: a line, then why, and each change of a field."""
        if verbosity == 0:
            return
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
