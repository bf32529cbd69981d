"""The log as a chain: appending a line, proving that none is changed or missing, removing the oldest in time.

The only writer of LogLine and LogHead. A line is written in the transaction of what it tells of, last of all locks.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from referrals.actors import Actor
from referrals.choices import Act, LogEvent
from referrals.models import Enquiry, LogHead, LogLine, Referral, Tally

_CHUNK = 2000


@dataclass(frozen=True)
class Verdict:
    """What a look at the chain found. broken_at: the number of the first line that does not fit; None when all do."""

    lines: int
    head: str
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, added or taken away."""
        return self.broken_at is None


class BrokenChainError(Exception):
    """Somebody has changed the log beside the program."""


def append(
    event: LogEvent | Act,
    referral: Referral,
    by: Actor,
    *,
    at: datetime.datetime,
    enquiry: Enquiry | None = None,
) -> LogLine:
    """Write one line, within the caller's transaction."""
    with transaction.atomic():
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
        line = LogLine(
            number=head.number + 1,
            at=at,
            referral=referral.uuid,
            enquiry=enquiry.uuid if enquiry else None,
            event=event.value,
            party=by.party.value,
            user_id_then=by.user.pk if by.user else None,
            link=by.link,
            in_name_of=by.in_name_of[:200],
            previous_hash=head.hash,
        )
        line.hash = hash_of(line)
        line.save()
        head.number, head.hash = line.number, line.hash
        head.save(update_fields=["number", "hash"])
    return line


def hash_of(line: LogLine) -> str:
    """The hash that a line ought to have."""
    values: list[Any] = [
        line.number,
        line.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        str(line.referral),
        str(line.enquiry or ""),
        str(line.event),
        str(line.party),
        line.user_id_then,
        str(line.link or ""),
        line.in_name_of,
        line.previous_hash,
    ]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def verify() -> Verdict:
    """Read the whole chain. A line that was changed, added or removed anywhere, also at the end, breaks it.

    Who writes the whole chain anew, head and all, is found by a head that was noted down elsewhere (place_of).
    """
    with transaction.atomic():
        head = LogHead.objects.select_for_update().filter(pk=1).first() or LogHead()
        if head.number == 0 and Tally.objects.exists():
            # Something was sent, and no line was ever written: the log is gone with its head.
            return Verdict(0, "", broken_at=1)
        number, expected = head.pruned_number, head.pruned_hash
        for line in LogLine.objects.order_by("number").iterator(chunk_size=_CHUNK):
            number += 1
            if not _fits(line, number, expected, head):
                return Verdict(number - head.pruned_number, expected, broken_at=number)
            expected = line.hash
        if (number, expected) != (head.number, head.hash):
            return Verdict(number - head.pruned_number, expected, broken_at=number + 1)
        return Verdict(number - head.pruned_number, expected)


def _fits(line: LogLine, number: int, previous: str, head: LogHead) -> bool:
    if line.number != number or line.previous_hash != previous or line.hash != hash_of(line):
        return False
    # Only the head tells of lines that were hung on at the end, or of a last one that was written anew.
    return number < head.number or (number == head.number and line.hash == head.hash)


def place_of(head: str) -> int | None:
    """The number of the line that an earlier head was the hash of; None when the chain holds no such line (any more).

    A head that was noted down elsewhere and is not found tells that the log was written anew since.
    """
    if head and (kept := LogHead.objects.filter(pruned_hash=head).first()):
        return kept.pruned_number
    return LogLine.objects.filter(hash=head).values_list("number", flat=True).first()


def verify_daily() -> str:
    """For the timetable: what was found. Raises BrokenChainError, which makes the run a failed one."""
    verdict = verify()
    if not verdict.is_whole:
        raise BrokenChainError(f"line {verdict.broken_at}")
    return f"{verdict.lines} lines, head {verdict.head[:12]}"


def prune(before: datetime.datetime) -> int:
    """Remove the oldest lines, those before a moment, and remember where the chain begins now: how many.

    Raises BrokenChainError when one of them does not fit: what proves a change is not removed with age.
    """
    with transaction.atomic():
        head = LogHead.objects.select_for_update().filter(pk=1).first() or LogHead()
        number, expected = head.pruned_number, head.pruned_hash
        for line in LogLine.objects.order_by("number").iterator(chunk_size=_CHUNK):
            if line.at >= before:
                # A clock that was put back may have left an older line behind this one: no further.
                break
            number += 1
            if not _fits(line, number, expected, head):
                raise BrokenChainError(f"line {number}")
            expected = line.hash
        if number == head.pruned_number:
            return 0
        head.pruned_number, head.pruned_hash = number, expected
        head.save(update_fields=["pruned_number", "pruned_hash"])
        return LogLine.objects.remove_up_to(number)
