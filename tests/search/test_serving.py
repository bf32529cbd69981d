"""When the engine is away: pages answer, nothing that was to be written is lost, and nobody waits twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from search import finding, indexing
from search.documents import document_id
from search.engines.base import EngineUnavailableError, RawHit, RawResult
from search.finding import REST_SECONDS, Serving
from search.planning import Plan
from search.query import SearchRequest
from tests.factories.directory import ServiceFactory
from tests.search.index import empty_index, indexed, settle

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
PLAN = Plan(SearchRequest("velka"))


class Answering:
    """An engine that answers, or is away."""

    def __init__(self, name: str, *, is_away: bool = False) -> None:
        self.name, self.is_away, self.asked = name, is_away, 0

    def search(self, plan: Plan) -> RawResult:
        self.asked += 1
        if self.is_away:
            raise EngineUnavailableError("velka")
        return RawResult((RawHit(self.name, 1.0),), total=1)


def who_answers(serving: Serving) -> tuple[str, bool]:
    raw, is_reduced = serving.search(PLAN)
    return raw.hits[0].id, is_reduced


def test_the_engine_answers_while_it_is_there() -> None:
    assert who_answers(Serving(Answering("first"), Answering("second"), fallback_is_reduced=True)) == ("first", False)


@pytest.mark.parametrize("is_reduced", [True, False])
def test_the_other_answers_while_it_is_away(is_reduced: bool, caplog: pytest.LogCaptureFixture) -> None:
    serving = Serving(Answering("first", is_away=True), Answering("second"), fallback_is_reduced=is_reduced)
    assert who_answers(serving) == ("second", is_reduced)
    assert "does not answer" in caplog.text
    assert "velka" not in caplog.text


def test_one_that_is_away_is_asked_again_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(finding.time, "monotonic", lambda: now)
    first = Answering("first", is_away=True)
    serving = Serving(first, Answering("second"))
    assert [who_answers(serving)[0] for _ in range(3)] == ["second"] * 3
    assert first.asked == 1
    now += REST_SECONDS + 1
    first.is_away = False
    assert who_answers(serving)[0] == "first"


def test_alone_it_says_so() -> None:
    with pytest.raises(EngineUnavailableError):
        Serving(Answering("first", is_away=True)).search(PLAN)


def waiting() -> list[datetime]:
    """When the tasks that wait for a moment are due. One that waits for none is due in the year 9999."""
    return [at for at in DBTaskResult.objects.values_list("run_after", flat=True) if timezone.now() < at < NEVER]


# --- writing -------------------------------------------------------------------------------------------------------
@pytest.fixture
def through_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "is_written_at_once", lambda name: False)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, through_the_queue: None) -> pytest.MonkeyPatch:
    """The engine refuses every write until `undo`."""

    def refuse(*args: object) -> None:
        raise EngineUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(type(indexing.engine()), "upsert", refuse)
        yield patch


@pytest.mark.django_db
def test_a_change_waits_until_the_engine_is_back(away: pytest.MonkeyPatch) -> None:
    service = ServiceFactory()
    while due := DBTaskResult.objects.ready().count():
        assert settle() == due
    assert waiting()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        settle()  # still away: it waits again, and longer
        assert waiting()
        away.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert indexed() == {document_id("service", service.uuid)}
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_waits_grow_and_have_an_end(away: pytest.MonkeyPatch) -> None:
    from search.tasks import LONGEST_WAIT, reindex_task

    ServiceFactory()
    DBTaskResult.objects.all().delete()
    waits = []
    for tries in (0, 1, 5, 50):
        reindex_task.func(indexing.engine_names()[0], "service", [str(ServiceFactory().uuid)], tries)
        waits += waiting()
        DBTaskResult.objects.all().delete()
    assert len(waits) == 4
    assert waits == sorted(waits)
    assert waits[-1] - timezone.now() <= LONGEST_WAIT


@pytest.mark.django_db
def test_a_task_for_an_engine_that_is_no_more_is_dropped() -> None:
    from search.tasks import reindex_task

    reindex_task.func("abacus", "service", [str(ServiceFactory().uuid)])


# --- finding and mending -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_check_index_finds_and_mends(capsys: pytest.CaptureFixture[str]) -> None:
    stale, missing, extra = ServiceFactory(), ServiceFactory(), ServiceFactory()
    settle()
    type(stale).objects.filter(pk=stale.pk).update(title="Kvaksikerho")
    type(extra).objects.filter(pk=extra.pk).update(is_hidden=True)
    indexing.engine().delete([document_id("service", missing.uuid)])
    with pytest.raises(CommandError):
        call_command("check_index", dry_run=True)
    assert "1 missing, 1 stale, 1 too many" in capsys.readouterr().out
    call_command("check_index")
    assert indexed() == {document_id("service", each.uuid) for each in (stale, missing)}
    assert [hit.uuid for hit in indexing.finder().find(SearchRequest("kvaksikerho")).hits] == [stale.uuid]
    call_command("check_index", dry_run=True)


@pytest.mark.django_db
def test_a_rebuild_that_was_cut_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    services = [ServiceFactory() for _ in range(5)]
    settle()
    empty_index()
    name, real, written = indexing.engine_names()[0], indexing._build, []
    monkeypatch.setattr(indexing, "BATCH", 2)
    monkeypatch.setattr(indexing.public_documents, "__defaults__", (2,))

    def build(name, documents):
        if len(written) == 4:
            raise KeyboardInterrupt
        written.extend(documents)
        real(name, documents)

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "_build", build)
        with pytest.raises(KeyboardInterrupt):
            indexing.rebuild(name)
    assert indexed() == set()
    done = []
    assert indexing.rebuild(name, done.append) == len(services)
    assert done[0] == 4
    assert indexed() == {document_id("service", each.uuid) for each in services}
    counts = indexing._language().lexicon
    assert counts.document_count() == len(services)


@pytest.mark.django_db
def test_what_goes_while_a_rebuild_is_made_is_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = ServiceFactory(), ServiceFactory()
    settle()
    real = indexing._build

    def build(name, documents):
        real(name, documents)
        type(gone).objects.filter(pk=gone.pk).update(is_hidden=True)

    monkeypatch.setattr(indexing, "_build", build)
    indexing.rebuild(indexing.engine_names()[0])
    assert indexed() == {document_id("service", kept.uuid)}
