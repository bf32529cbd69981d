"""The page of what runs by itself: for the central people, true about what ran, and acting on POST only."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from directory.choices import CaseKind
from directory.freshness import Freshness
from directory.keeping import Report
from directory.models import Notice, Service, Upkeep
from directory.selection import STAGE_WORDS
from portal.jobs import schedule
from portal.jobs.models import JobRun
from portal.jobs.tasks import carry_out_run
from portal.jobs.workers import beat
from portal.post.models import BouncedAddress, Letter
from portal.workspace.administering.runs_words import report_words, words_of
from tests.workspace.areas import DAY, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def chief(client: Client, house: House) -> Client:
    client.force_login(house.chief)
    return client


@pytest.fixture
def address() -> BouncedAddress:
    return BouncedAddress.objects.create(email="poissa@example.org", bounced_at=timezone.now())


def test_regional_administrators_see_no_runs_and_no_addresses(client: Client, house: House, address: BouncedAddress):
    client.force_login(house.admin)
    assert client.get(reverse("workspace:runs")).status_code == 404
    assert client.post(reverse("workspace:run", args=["keep_fresh"])).status_code == 404
    assert client.post(reverse("workspace:trust_address", args=[address.pk])).status_code == 404
    assert not JobRun.objects.exists()
    assert BouncedAddress.objects.exists()


def test_every_job_is_there_with_what_it_did(chief: Client):
    now = timezone.now()
    result = {"letters": 2, "questions": 5, "stages": {"due": 3}, "cases": {"no_answer": 1}, "cases_closed": 4}
    JobRun.objects.create(name="keep_fresh", due_at=now, started_at=now, finished_at=now, result=result)
    beat("worker", now)
    page = chief.get(reverse("workspace:runs"))
    jobs = {job.name: job for job in page.context["jobs"]}
    assert set(jobs) == {job.name for job in schedule.jobs()}
    assert not page.context["is_silent"]
    assert not jobs["keep_fresh"].is_late
    did = " ".join(jobs["keep_fresh"].did)
    assert str(STAGE_WORDS[Freshness.DUE]) in did
    assert str(CaseKind.NO_ANSWER.label) in did
    assert jobs["find_evidence"].is_late


def test_a_failed_and_a_missed_run_are_told(chief: Client):
    now = timezone.now()
    JobRun.objects.create(name="keep_fresh", due_at=now, started_at=now, finished_at=now, error="OperationalError")
    page = chief.get(reverse("workspace:runs"))
    assert page.context["is_silent"]
    assert "keep_fresh" in {job.name for job in page.context["late"]}
    assert "OperationalError" in page.content.decode()


def test_every_count_of_a_report_is_put_into_words():
    report = Report(timezone.localdate(), letters=1, questions=2, cases_closed=3, failures=4)
    report.stages.update({stage.value: 5 for stage in Freshness})
    report.cases.update({kind.value: 6 for kind in CaseKind})
    said = report_words(report.as_json())
    assert len(said) == 1 + len(Freshness) + len(CaseKind) + 2
    assert len(report_words(Report(timezone.localdate()).as_json())) == 1


@pytest.mark.parametrize("result", [None, "", "3 removed", 7, {"odd": [1]}, ["a"]])
def test_whatever_a_job_returns_can_be_shown(result: object):
    assert isinstance(words_of(JobRun(name="other", result=result)), list)
    assert isinstance(words_of(JobRun(name="keep_fresh", result=result)), list)


def test_a_dry_run_tells_and_does_nothing(chief: Client, house: House):
    Service.objects.filter(pk=house.service.pk).update(checked_on=timezone.localdate() - 400 * DAY)
    page = chief.get(reverse("workspace:runs"), {"koe": "1"})
    assert any("1" in line for line in page.context["would_do"])
    assert not Notice.objects.exists()
    assert not Upkeep.objects.exists()
    assert not Letter.objects.exists()
    assert not JobRun.objects.exists()


def test_a_job_is_run_through_the_queue_once(chief: Client):
    address = reverse("workspace:run", args=["keep_fresh"])
    assert chief.get(address).status_code == 405
    chief.post(address)
    chief.post(address)
    [run] = JobRun.objects.all()
    assert run.started_at is None
    assert DBTaskResult.objects.filter(task_path=carry_out_run.module_path).count() == 1
    schedule.carry_out(run.pk, timezone.now())
    run.refresh_from_db()
    assert run.has_succeeded
    assert chief.post(reverse("workspace:run", args=["nothing"])).status_code == 404


def test_an_address_is_trusted_again_by_pressing(chief: Client, address: BouncedAddress):
    where = reverse("workspace:trust_address", args=[address.pk])
    assert address.email in chief.get(reverse("workspace:runs")).content.decode()
    assert chief.get(where).status_code == 405
    assert BouncedAddress.objects.exists()
    chief.post(where)
    assert not BouncedAddress.objects.exists()
