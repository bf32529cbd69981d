"""A referral and the daily reminders, killed with -9 wherever it hurts: all is there or nothing, each letter goes once.

Real processes. How letters survive by themselves: tests/post/test_workers_sending.py, whose helpers are used here.
"""

import datetime
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from portal.jobs import schedule
from portal.jobs.models import JobRun
from portal.post.models import Letter
from referrals import audit, keeping
from referrals.choices import LogEvent
from referrals.models import Enquiry, Link, LogLine, Person, Referral, Tally
from tests.factories import referrals as make
from tests.mail_server import running_mail_server
from tests.post.test_workers_sending import PATIENCE, database_url, let_time_pass, wait_for, worker

pytestmark = pytest.mark.usefixtures("committed_db")

# A process that dies at the line of the log it is told: the line is written, and (not yet) committed.
DIES = """
import datetime, os, signal
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
import django
django.setup()
from django.db import transaction
from referrals import audit

def die():
    os.kill(os.getpid(), signal.SIGKILL)
write, written = audit.append, []
def append(event, *args, **kwargs):
    line = write(event, *args, **kwargs)
    if event == "{event}":
        written.append(line)
        if len(written) == {number}:
            {die}
    return line
audit.append = append
"""
SENDS = """
from referrals import actions
from referrals.models import Team
from directory.models import Service
from tests.factories import referrals as make
team = Team.objects.get()
actions.send(make.draft(*Service.objects.order_by("pk")), team=team, by=make.lead_of(team))
"""
KEEPS = """
from referrals import keeping
keeping.run(datetime.datetime.fromisoformat("{now}"))
"""
BEFORE_COMMIT, AFTER_COMMIT = "die()", "transaction.on_commit(die)"
MONDAY = datetime.datetime(2027, 3, 1, 10, tzinfo=datetime.UTC)
THURSDAY = MONDAY + datetime.timedelta(days=3)
LISTINGS = 3


def killed(then: str, *, event: str, number: int, die: str) -> None:
    """Run a process until it is killed at its `number`th line of this event."""
    program = DIES.format(event=event, number=number, die=die) + then.format(now=THURSDAY.isoformat())
    environment = {**os.environ, "DATABASE_URL": database_url(), "EMAIL_URL": "memory://"}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, timeout=PATIENCE)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def deliver_all(log: Path, *, killed_in_between: bool = False) -> list[tuple[str, str]]:
    """Let a worker deliver what waits, with one killed in the middle of a letter before: (address, Message-ID)."""
    with running_mail_server() as server, log.open("w+") as out:
        if killed_in_between:
            server.stall("DATA", after=1)
            with worker(server, out) as process:
                wait_for(server.stalled.is_set, "a letter in the middle of its sending")
                process.send_signal(signal.SIGKILL)
                process.wait()
            server.released.set()
            let_time_pass()
        with worker(server, out) as process:
            wait_for(lambda: not Letter.objects.exclude(state=Letter.State.SENT).exists(), "the last letter")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert "@" not in log.read_text(), "an address in the log"
        return [
            (str(letter["To"]), message_id) for letter, message_id in zip(server.taken, server.taken_ids, strict=True)
        ]


@pytest.fixture(autouse=True)
def no_jobs_due(committed_db: None) -> None:
    """Nothing but letters to do."""
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    JobRun.objects.bulk_create(JobRun(name=job.name, due_at=tomorrow) for job in schedule.jobs())


@pytest.fixture
def house() -> None:
    """What a worker needs to send."""
    make.switch_on()
    make.team()
    for _each in range(LISTINGS):
        make.listing()


@pytest.mark.parametrize(("event", "number"), [(LogEvent.SEND, 1), (LogEvent.LINK_SENT, 3)])
def test_killed_before_it_was_sent_nothing_is_there(house: None, event: LogEvent, number: int) -> None:
    killed(SENDS, event=event, number=number, die=BEFORE_COMMIT)
    for model in (Referral, Person, Enquiry, Link, Tally, Letter, LogLine):
        assert not model.objects.exists(), model
    assert audit.verify().is_whole


def test_killed_right_after_it_was_sent_every_letter_goes_once(house: None, tmp_path: Path) -> None:
    killed(SENDS, event=LogEvent.LINK_SENT, number=LISTINGS, die=AFTER_COMMIT)
    assert (Referral.objects.count(), Person.objects.count(), Enquiry.objects.count()) == (1, 1, LISTINGS)
    written = {(letter.to, letter.message_id) for letter in Letter.objects.all()}
    assert len(written) == LISTINGS
    taken = deliver_all(tmp_path / "log", killed_in_between=True)
    assert Counter(taken) == dict.fromkeys(written, 1)
    assert audit.verify().lines == 1 + LISTINGS


def test_reminders_killed_again_and_again_go_once(tmp_path: Path) -> None:
    enquiries = [make.only_enquiry(make.sent(at=MONDAY).referral) for _each in range(4)]
    first = set(Letter.objects.values_list("pk", flat=True))
    killed(KEEPS, event=LogEvent.NUDGE, number=2, die=BEFORE_COMMIT)
    # The first is reminded; the second not, and its letter was never written.
    assert Enquiry.objects.exclude(nudged_at=None).count() == 1
    assert Letter.objects.exclude(pk__in=first).count() == 1
    killed(KEEPS, event=LogEvent.NUDGE, number=2, die=AFTER_COMMIT)
    assert Enquiry.objects.exclude(nudged_at=None).count() == 3
    assert Letter.objects.exclude(pk__in=first).count() == 3
    assert keeping.run(THURSDAY).nudged == 1
    assert keeping.run(THURSDAY).nudged == 0
    reminded = LogLine.objects.filter(event=LogEvent.NUDGE).values_list("enquiry", flat=True)
    assert Counter(reminded) == dict.fromkeys([each.uuid for each in enquiries], 1)
    assert audit.verify().is_whole
    taken = deliver_all(tmp_path / "log")
    written = {(letter.to, letter.message_id) for letter in Letter.objects.all()}
    assert Counter(taken) == dict.fromkeys(written, 1)
    assert len(taken) == 2 * len(enquiries)
