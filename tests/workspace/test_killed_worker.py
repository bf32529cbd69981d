"""The daily run of questions, killed with -9 wherever it hurts: each keeper gets one letter. Real processes.

How letters survive by themselves: tests/post/test_workers_sending.py, whose helpers are used here.
"""

import datetime
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.utils import timezone

from directory.choices import Role
from directory.keeping import keep_fresh
from directory.models import Notice, NoticeItem, Service, StageChange
from portal.jobs import schedule
from portal.jobs.models import JobRun
from portal.post.models import Letter
from tests.factories.directory import OrganisationFactory, ServiceFactory, member
from tests.mail_server import MailServer, running_mail_server
from tests.post.test_workers_sending import PATIENCE, database_url, let_time_pass, wait_for, worker

pytestmark = pytest.mark.usefixtures("committed_db")

KEEPERS = 8

# A worker that is killed at a question of its own choosing: its letter is written, and (not yet) committed.
KILLED_AT = """
import os, signal
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from directory.signals import notice_made

made = []
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def count(**kwargs):
    made.append(kwargs["notice"])
    if len(made) == {number}:
        {die}

notice_made.connect(count, weak=False)
call_command("worker")
"""
BEFORE_COMMIT, AFTER_COMMIT = "die()", "transaction.on_commit(die)"


def killed_worker(server: MailServer, log: IO[str], number: int, die: str) -> int:
    """Run a worker until it is killed at its `number`th question; how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_AT.format(number=number, die=die)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        return process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def keepers() -> set[str]:
    """The addresses of people who each keep two listings that nobody has checked for long."""
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    others = [job for job in schedule.jobs() if job.name != "keep_fresh"]
    JobRun.objects.bulk_create(JobRun(name=job.name, due_at=tomorrow) for job in others)
    people = [member(OrganisationFactory(), Role.OWNER) for _each in range(KEEPERS)]
    for person in people:
        for _each in range(2):
            ServiceFactory(organisation=person.memberships.get().organisation, owner=person)
    Service.objects.update(checked_on=timezone.localdate() - datetime.timedelta(days=400))
    return {person.email for person in people}


def run_is_over() -> bool:
    waiting = Letter.objects.exclude(state=Letter.State.SENT).exists()
    return JobRun.objects.filter(name="keep_fresh", finished_at__isnull=False, error="").exists() and not waiting


def test_a_run_killed_again_and_again_asks_everybody_once(keepers: set[str], tmp_path: Path):
    with running_mail_server() as server, (tmp_path / "log").open("w+") as log:
        assert killed_worker(server, log, 3, BEFORE_COMMIT) == -signal.SIGKILL
        # What was not committed was not asked: neither the question nor its letter is there.
        assert (Notice.objects.count(), Letter.objects.count()) == (2, 2)
        let_time_pass()
        assert killed_worker(server, log, 2, AFTER_COMMIT) == -signal.SIGKILL
        assert (Notice.objects.count(), Letter.objects.count()) == (4, 4)
        assert not run_is_over()
        let_time_pass()
        server.stall("DATA", after=1)
        with worker(server, log) as process:
            wait_for(server.stalled.is_set, "a letter in the middle of its sending")
            process.send_signal(signal.SIGKILL)
            process.wait()
        server.released.set()
        let_time_pass()
        with worker(server, log) as process:
            wait_for(run_is_over, "the end of the run and its last letter")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        log.seek(0)
        said = log.read()

    assert Counter(str(letter["To"]) for letter in server.taken) == dict.fromkeys(keepers, 1)
    assert len(set(server.taken_ids)) == KEEPERS
    assert Counter(Notice.objects.values_list("address", flat=True)) == dict.fromkeys(keepers, 1)
    asked = Counter(NoticeItem.objects.values_list("key", flat=True))
    assert asked == dict.fromkeys(Service.objects.values_list("translation_key", flat=True), 1)
    # Every change of stage is told once.
    assert Counter(StageChange.objects.values_list("key", flat=True)) == asked
    assert "@" not in said, "an address in the log"

    # Once more on the same day: everybody has been asked.
    again = keep_fresh(timezone.now())
    assert (again.letters, again.questions, again.failures) == (0, 0, 0)
    assert Letter.objects.count() == KEEPERS


def test_the_run_by_hand_killed_and_made_good_by_the_daily_one(keepers: set[str], tmp_path: Path):
    """`manage.py keep_fresh` beside the worker: whoever is faster, the other finds nothing to do."""
    by_hand = KILLED_AT.replace('"worker"', '"keep_fresh"')
    environment = {**os.environ, "DATABASE_URL": database_url()}
    command = [sys.executable, "-c", by_hand.format(number=4, die=AFTER_COMMIT)]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, timeout=PATIENCE)
    assert (ended.returncode, Notice.objects.count()) == (-signal.SIGKILL, 4)
    with running_mail_server() as server, (tmp_path / "log").open("w+") as log, worker(server, log) as process:
        command = [sys.executable, "manage.py", "keep_fresh"]
        beside = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
        try:
            wait_for(run_is_over, "the end of the run and its last letter")
        finally:
            assert beside.wait(PATIENCE) == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert Counter(str(letter["To"]) for letter in server.taken) == dict.fromkeys(keepers, 1)
    assert Notice.objects.count() == KEEPERS
