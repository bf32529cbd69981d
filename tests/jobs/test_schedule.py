"""What runs by itself: when, once, made good when missed, and noticed when it did not."""

import datetime
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs import schedule
from portal.jobs.models import JobRun
from portal.jobs.schedule import Job

MINUTE, HOUR, DAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)
HELSINKI = timezone.get_default_timezone()
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=HELSINKI)
AT = datetime.time(hour=5)


class Counter:
    """A job's work: counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"times": self.times}


def fail() -> None:
    raise ValueError("keeper@example.org")


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house without jobs."""
    monkeypatch.setattr(schedule, "_jobs", {})


@pytest.fixture
def work() -> Counter:
    """What the job "count", daily at five, does."""
    counter = Counter()
    schedule.daily("count", "Counting", counter, at=AT)
    return counter


def settle() -> None:
    """Do what waits in the queue."""
    for row in DBTaskResult.objects.ready():
        result = row.task_result
        row.delete()
        result.task.func(*result.args)


def tick(now: datetime.datetime) -> None:
    """A worker's look at the clock, and its work."""
    schedule.enqueue_due(now)
    settle()


# --- The timetable ----------------------------------------------------------------------------------------------------
moments = st.datetimes(
    min_value=datetime.datetime(2024, 1, 1), max_value=datetime.datetime(2030, 1, 1), timezones=st.just(datetime.UTC)
)
timetables = st.one_of(st.none(), st.times())


@given(moments, timetables)
def test_now_lies_between_two_neighbouring_moments(now: datetime.datetime, at: datetime.time | None):
    job = Job("a", "A", fail, at)
    before, after = job.moment_before(now), job.moment_after(now)

    assert before <= now < after
    assert job.moment_before(before) == before
    assert job.moment_after(before) == after
    # Neither skipped nor doubled; a day of the clock's change has an hour more or less.
    assert after - before == schedule.OFTEN if at is None else abs(after - before - DAY) <= HOUR


@given(moments, st.times())
def test_a_daily_job_has_one_moment_a_day(now: datetime.datetime, at: datetime.time):
    job = Job("a", "A", fail, at)
    dates = []
    for _day in range(10):
        now = job.moment_after(now)
        dates.append(now.astimezone(HELSINKI).date())

    assert dates == [dates[0] + days * DAY for days in range(10)]


@given(moments)
def test_the_time_of_day_is_the_sites(now: datetime.datetime):
    moment = Job("a", "A", fail, AT).moment_after(now)
    assert moment.astimezone(HELSINKI).time() == AT


# --- Runs -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_it_runs_once_a_day(work: Counter):
    for minutes in range(0, 3 * 24 * 60, 7):
        tick(NOON + minutes * MINUTE)

    # At once, since it had never run, and on three mornings.
    assert work.times == 4


@pytest.mark.django_db
def test_three_weeks_without_a_worker_are_made_good_by_one_run(work: Counter):
    tick(NOON)
    tick(NOON + 21 * DAY)

    assert work.times == 2
    assert schedule.next_run("count", NOON + 21 * DAY).date() == (NOON + 22 * DAY).date()


@pytest.mark.django_db
def test_three_weeks_in_the_queue_are_made_good_by_one_run(work: Counter):
    """The clock was looked at, but the worker was stuck in something else."""
    for day in range(21):
        schedule.enqueue_due(NOON + day * DAY)
    assert DBTaskResult.objects.count() == 21

    settle()

    assert work.times == 1
    assert not schedule.due(NOON + 20 * DAY)
    assert not schedule.is_late("count", NOON + 20 * DAY)


@pytest.mark.django_db
def test_a_run_put_back_is_not_run_again(work: Counter):
    tick(NOON)
    schedule.carry_out(JobRun.objects.get().pk, NOON)

    assert work.times == 1


@pytest.mark.django_db
def test_a_run_that_was_cut_off_is_run_again(work: Counter):
    tick(NOON)
    JobRun.objects.update(finished_at=None, result=None)
    schedule.carry_out(JobRun.objects.get().pk, NOON)

    assert work.times == 2


@pytest.mark.django_db
def test_what_came_of_it_is_kept(work: Counter):
    tick(NOON)

    run = schedule.last_run("count")
    assert run is not None
    assert run.result == {"times": 1}
    assert run.has_succeeded


@pytest.mark.django_db
def test_of_an_error_the_kind_is_kept_and_no_more():
    schedule.daily("fail", "Failing", fail, at=AT)
    with pytest.raises(ValueError, match="keeper"):
        tick(NOON)

    run = schedule.last_run("fail")
    assert (run.error, run.has_succeeded) == ("ValueError", False)
    assert run.finished_at
    assert schedule.is_late("fail", NOON)


@pytest.mark.django_db
def test_it_is_late_when_it_did_not_run(work: Counter):
    tick(NOON)
    morning = schedule.next_run("count", NOON)

    assert not schedule.is_late("count", morning - MINUTE)
    assert not schedule.is_late("count", morning + schedule.GRACE - MINUTE), "it may have to wait for its turn"
    schedule.enqueue_due(morning)
    assert schedule.is_late("count", morning + schedule.GRACE), "in the queue is not done"
    settle()
    assert not schedule.is_late("count", morning + schedule.GRACE)


@pytest.mark.django_db
def test_without_a_worker_everything_is_late(work: Counter):
    assert schedule.is_late("count", NOON)
    assert schedule.last_run("count") is None


@pytest.mark.django_db
def test_what_runs_often_runs_every_ten_minutes():
    counter = Counter()
    schedule.often("count", "Counting", counter)
    for seconds in range(0, 3600, 30):
        tick(NOON + datetime.timedelta(seconds=seconds))

    assert counter.times == 6


def test_two_workers_and_one_run(committed_db, work: Counter):
    together = threading.Barrier(4)

    def look() -> None:
        together.wait()
        schedule.enqueue_due(NOON)
        connections.close_all()

    threads = [threading.Thread(target=look) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert JobRun.objects.count() == DBTaskResult.objects.count() == 1
    settle()
    assert work.times == 1


@pytest.mark.django_db
def test_a_job_that_there_is_no_more_is_passed_over(work: Counter):
    schedule.enqueue_due(NOON)
    schedule._jobs.clear()
    settle()

    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_old_runs_go_but_the_last_of_a_job_stays(work: Counter):
    tick(NOON)
    tick(NOON + DAY)

    assert schedule.prune_runs(NOON + 2 * schedule.KEEP_RUNS) == 1
    assert schedule.last_run("count").result == {"times": 2}


# --- By hand ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_run_job(work: Counter):
    said = StringIO()
    call_command("run_job", "count", stdout=said)
    call_command("run_job", stdout=said)

    assert work.times == 1
    assert "Counting" in said.getvalue()
    assert not schedule.due(timezone.now()), "by hand is as good as by itself"
    with pytest.raises(CommandError):
        call_command("run_job", "nothing")


@pytest.mark.django_db
def test_a_command_tells_what_it_printed():
    schedule.daily("check", "Checking", schedule.command("check"), at=AT)
    tick(NOON)

    assert "no issues" in schedule.last_run("check").result
