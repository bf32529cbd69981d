"""The jobs that the rooms registered: each runs, on an empty site, and keeps what can be kept."""

import datetime

import pytest
from django.utils import timezone

from portal.content import links
from portal.jobs import schedule
from portal.jobs.schedule import Job


@pytest.mark.parametrize("job", schedule.jobs(), ids=lambda job: job.name)
def test_it_runs(committed_db, monkeypatch: pytest.MonkeyPatch, job: Job):
    monkeypatch.setattr(links, "look_at", lambda url: links.Look(url))

    run = schedule.run_now(job.name, timezone.now())

    assert run.has_succeeded
    assert job.label
    assert not schedule.is_late(job.name, timezone.now() + datetime.timedelta(minutes=1))
