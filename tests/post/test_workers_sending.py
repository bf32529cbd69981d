"""Workers that are killed, told to stop, or at the same letter: each is taken once, none is lost. Real processes."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.jobs import schedule, workers
from portal.jobs.models import JobRun, Worker
from portal.post import letters
from portal.post.models import Letter
from tests.factories.post import write_letter
from tests.mail_server import MailServer, running_mail_server

# Only so that a fault ends the test instead of hanging it.
PATIENCE = 180

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture(autouse=True)
def no_jobs_due(committed_db) -> None:
    """Nothing but letters to do."""
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    JobRun.objects.bulk_create(JobRun(name=job.name, due_at=tomorrow) for job in schedule.jobs())


def database_url() -> str:
    """This test's own database, for another process."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    return f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


@contextmanager
def worker(server: MailServer, log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """`manage.py worker`, which is gone at the end in any case."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"},
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    patience_ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < patience_ends, f"waited in vain for {what}"
        time.sleep(0.1)


def let_time_pass() -> None:
    """As long as it takes until nobody believes any more that the killed worker is at work."""
    passed = max(letters.CUT_OFF_AFTER, workers.SILENT_AFTER)
    Worker.objects.update(seen_at=F("seen_at") - passed)
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(started_at=F("started_at") - passed)
    Letter.objects.filter(state=Letter.State.SENDING).update(sending_at=F("sending_at") - passed)


def test_killed_in_the_middle_of_sending(server: MailServer, tmp_path: Path):
    written = [write_letter(to=f"keeper{number}@example.org") for number in range(8)]

    with (tmp_path / "log").open("w+") as log:
        for phase in ("RCPT", "DATA"):
            server.stall(phase, after=2)
            with worker(server, log) as process:
                wait_for(server.stalled.is_set, f"a letter at {phase}")
                process.send_signal(signal.SIGKILL)
                process.wait()
            server.released.set()
            assert Letter.objects.filter(state=Letter.State.SENDING).exists()
        let_time_pass()
        with worker(server, log) as process:
            wait_for(lambda: not Letter.objects.exclude(state=Letter.State.SENT).exists(), "the last letter")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        log.seek(0)
        said = log.read()

    assert sorted(server.taken_ids) == sorted(letter.message_id for letter in written)
    assert set(Letter.objects.values_list("state", flat=True)) == {Letter.State.SENT}
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()
    assert not Worker.objects.exists()
    assert "portal.post.tasks.deliver_letter" in said
    assert "@" not in said, "an address in the log"


def test_told_to_stop_it_finishes_the_letter_at_hand(server: MailServer, tmp_path: Path):
    letter = write_letter()
    server.stall("DATA")

    with (tmp_path / "log").open("w+") as log, worker(server, log) as process:
        wait_for(server.stalled.is_set, "a letter")
        assert Worker.objects.count() == 1
        process.send_signal(signal.SIGTERM)
        server.released.set()
        assert process.wait(PATIENCE) == 0

    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    assert server.taken_ids == [letter.message_id]
    assert not Worker.objects.exists()


def test_many_workers_and_one_letter(mail_server: MailServer):
    """However it comes about that several have the same letter in hand."""
    letter = write_letter()
    together = threading.Barrier(4)

    def deliver() -> None:
        together.wait()
        letters.deliver(letter.pk, letter.created_at)
        connections.close_all()

    threads = [threading.Thread(target=deliver) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert mail_server.taken_ids == [letter.message_id]
