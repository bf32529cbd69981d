"""The synonyms that editors keep: written, tried and found in the admin, in force at once, and never overwritten."""

import datetime
import time
from collections.abc import Iterator

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.base.loading import ContentError, Loading
from search import indexing, loading, vocabulary
from search.models import Kind, Synonym
from search.query import SearchRequest
from search.vocabulary import KINDS, SynonymRow
from tests import editing
from tests.editing import client_of, person, send
from tests.factories.directory import ServiceFactory
from tests.search.index import settle

pytestmark = pytest.mark.django_db

LIST, ADD, TRY = "/admin/synonyms/", "/admin/synonyms/new/", "/admin/try-search/"


@pytest.fixture(autouse=True)
def rows_of_this_test() -> Iterator[None]:
    """What a test wrote is rolled back, of which a process that holds it learns nothing."""
    vocabulary.look_again()
    yield
    vocabulary.look_again()


@pytest.fixture
def editor() -> Client:
    return client_of(person(editing.EDITOR))


@pytest.fixture
def moderator() -> Client:
    return client_of(person(editing.MODERATOR))


@pytest.fixture
def service():
    found = ServiceFactory(title="Perhostarha", summary="Perhosia ja kukkia.")
    settle()
    return found


def edit(synonym: Synonym) -> str:
    return reverse("synonyms:edit", args=[synonym.pk])


def text_of(answer) -> str:
    return " ".join(BeautifulSoup(answer.content.decode(), "html.parser").get_text(" ").split())


def found(text: str) -> list[str]:
    """The UUIDs that a search finds, with the rows in force."""
    return [str(hit.uuid) for hit in indexing.finder().find(SearchRequest(text, as_typed=True)).hits]


def row(**values) -> Synonym:
    return Synonym.objects.create(**{"phrases": "liihottaja", "targets": "perhonen", "kind": "lay", **values})


# --- in force --------------------------------------------------------------------------------------------------------
def test_an_editor_writes_a_row_and_the_search_knows_it_at_once(editor, service):
    Synonym.objects.create(phrases="jokin muu", targets="kukka")
    assert found("liihottaja") == []

    send(editor, ADD, phrases="liihottaja\r\n  lepattava   ötökkä \r\n\r\n", targets="perhonen", kind="colloquial")

    assert found("liihottajat") == found("lepattavia ötököitä") == [str(service.uuid)]
    synonym = Synonym.objects.latest("pk")
    assert synonym.row == SynonymRow(("liihottaja", "lepattava ötökkä"), ("perhonen",), "colloquial")
    assert synonym.updated_by.email == "editors@example.org"
    assert abs(synonym.updated_at - timezone.now()) < datetime.timedelta(minutes=1)

    send(editor, edit(synonym), is_active=None)
    assert found("liihottaja") == []


def test_a_row_of_another_process_is_in_force_within_a_minute(service):
    synonym = row(is_active=False)
    assert found("liihottaja") == []

    with time_machine.travel(time.time() + 60):
        # Another process tells this one nothing.
        Synonym.objects.filter(pk=synonym.pk).update(is_active=True, updated_at=timezone.now())
        assert found("liihottaja") == [str(service.uuid)]
        Synonym.objects.filter(pk=synonym.pk).delete()
        row(phrases="toinen")
    with time_machine.travel(time.time() + 120):
        assert found("liihottaja") == []


def test_between_looks_the_database_is_not_asked(django_assert_num_queries):
    row()
    analysis = indexing.analysis()
    vocabulary.current_synonyms(analysis)
    with django_assert_num_queries(0):
        vocabulary.current_synonyms(analysis)
    vocabulary.look_again()
    with django_assert_num_queries(2):
        vocabulary.current_synonyms(analysis)


def test_only_rows_that_changed_are_read_again(monkeypatch):
    row()
    second = row(phrases="toinen")
    analysis = indexing.analysis()
    vocabulary.current_synonyms(analysis)
    read: list[SynonymRow] = []
    made_ready = vocabulary._made_ready
    monkeypatch.setattr(vocabulary, "_made_ready", lambda row, analysis: read.append(row) or made_ready(row, analysis))
    second.targets = "kukka"
    second.save()
    assert len(vocabulary.current_synonyms(analysis).rows) == 2
    assert read == [second.row]


def test_an_empty_table_leaves_the_rows_that_ship():
    assert vocabulary.current_synonyms(indexing.analysis()).rows == vocabulary.load_synonyms()


def test_the_kinds_are_those_of_the_files():
    assert tuple(Kind.values) == KINDS


# --- loading ---------------------------------------------------------------------------------------------------------
SHIPPED = [
    {"from": ["eka", "toka"], "to": ["apu"], "kind": "lay"},
    {"from": ["tredje"], "to": ["apu", "tuki"], "kind": "translation", "language": "sv", "note": "Muista."},
]


@pytest.fixture
def ship(monkeypatch):
    """Puts rows in the place of the project's files, and loads them."""

    def ship(entries: list[dict]) -> Loading:
        rows = tuple(
            SynonymRow(tuple(e["from"]), tuple(e["to"]), e["kind"], e.get("language", "fi"), e.get("note", ""))
            for e in entries
        )
        monkeypatch.setattr(loading, "load_synonyms", lambda: rows)
        run = Loading()
        loading.load_vocabulary(run)
        run.finish()
        return run

    return ship


def test_what_ships_is_loaded_once(ship, django_assert_num_queries):
    assert ship(SHIPPED).counts["created"] == 2
    assert [synonym.row.sources for synonym in Synonym.objects.order_by("pk")] == [("eka", "toka"), ("tredje",)]
    changed = Synonym.objects.latest("pk")
    assert (changed.language, changed.note, changed.updated_by) == ("sv", "Muista.", None)

    with django_assert_num_queries(1):  # the record of what was loaded
        again = ship(SHIPPED)
    assert +again.counts == {"unchanged": 2}


def test_a_changed_file_changes_the_row_but_not_an_editors(ship, editor):
    ship(SHIPPED)
    own = Synonym.objects.get(language="sv")
    send(editor, edit(own), targets="apu\r\nneuvonta")

    run = ship([{**SHIPPED[0], "to": ["tuki"]}, {**SHIPPED[1], "to": ["turva"]}])

    assert Synonym.objects.get(language="fi").row.targets == ("tuki",)
    assert Synonym.objects.get(language="sv").row.targets == ("apu", "neuvonta")
    assert len(run.left) == 1


def test_a_row_that_an_editor_removed_stays_away(ship):
    ship(SHIPPED)
    Synonym.objects.get(language="fi").delete()
    ship([{**SHIPPED[0], "to": ["tuki"]}, SHIPPED[1]])
    assert [synonym.language for synonym in Synonym.objects.all()] == ["sv"]


def test_a_row_that_left_the_files_goes_unless_an_editor_changed_it(ship, editor):
    ship(SHIPPED)
    send(editor, edit(Synonym.objects.get(language="sv")), note="Meidän.")
    ship([])
    assert [synonym.note for synonym in Synonym.objects.all()] == ["Meidän."]
    assert +ship([]).counts == {}


def test_a_phrase_of_an_editors_row_is_not_shipped_again(ship):
    row(phrases="oma\ntoka")
    assert len(ship(SHIPPED).left) == 1
    assert {synonym.language for synonym in Synonym.objects.exclude(key=None)} == {"sv"}


def test_two_rows_that_begin_alike_are_a_fault(ship):
    with pytest.raises(ContentError, match="eka"):
        ship([SHIPPED[0], SHIPPED[0]])


def test_a_thousand_rows_are_loaded_and_made_ready_quickly(ship):
    entries = [{"from": [f"sana{n} juttu", f"asia{n}"], "to": ["apu"], "kind": "lay"} for n in range(1000)]
    before = time.perf_counter()
    ship(entries)
    assert time.perf_counter() - before < 5

    analysis = indexing.analysis()
    vocabulary.current_synonyms(analysis)
    one = Synonym.objects.latest("pk")
    one.targets = "tuki"
    one.save()
    before = time.perf_counter()
    vocabulary.current_synonyms(analysis)
    assert time.perf_counter() - before < 0.5


# --- the form --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes, fault",
    [
        ({"phrases": "!?"}, "phrases"),
        ({"phrases": "yksi kaksi kolme neljä viisi kuusi"}, "phrases"),
        ({"phrases": "ja"}, "phrases"),
        ({"phrases": "x" * 90}, "phrases"),
        ({"phrases": ""}, "phrases"),
        ({"phrases": "\n".join(f"sana{n}" for n in range(100))}, "phrases"),
        ({"targets": ""}, "targets"),
        ({"targets": "kaksi sanaa"}, "targets"),
        ({"targets": "\n".join(f"sana{n}" for n in range(100))}, "targets"),
        ({"kind": "whatever"}, "kind"),
    ],
)
def test_what_cannot_be_a_row_is_refused(editor, changes, fault):
    data = {"phrases": "liihottaja", "targets": "apu", "kind": "lay", "language": "fi", "note": "", "is_active": "on"}
    answer = editor.post(ADD, data | changes)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {fault}
    assert not Synonym.objects.exists()


def test_a_phrase_stands_in_one_row_of_its_language(editor):
    twin = row(phrases="pörriäinen\nLepattava ötökkä")
    data = {"phrases": "lepattava  ötökkä!", "targets": "apu", "kind": "lay", "language": "fi", "note": ""}
    answer = editor.post(ADD, data)
    assert edit(twin) in str(answer.context["form"].errors["phrases"])
    assert editor.post(ADD, data | {"language": "sv"}).status_code == 302
    send(editor, edit(twin), note="Itseensä se ei törmää.")


def test_a_word_that_is_found_everywhere_is_too_broad(editor, monkeypatch, service):
    monkeypatch.setattr("search.admin_forms.BROAD_FLOOR", 0)
    data = {"phrases": "perhonen", "targets": "kukka", "kind": "lay", "language": "fi", "note": ""}
    assert set(editor.post(ADD, data).context["form"].errors) == {"phrases"}
    assert editor.post(ADD, data | {"phrases": "perhonen vatsassa"}).status_code == 302


def test_a_target_that_nothing_has_is_warned_of_and_saved(editor, service):
    targets = {"perhonen": 0, "velkajärjestely": 1, "qwrtzkone": 1}
    for number, (target, warnings) in enumerate(targets.items()):
        data = {"phrases": f"sana{number} juttu", "targets": target, "kind": "lay", "language": "fi", "note": ""}
        answer = editor.post(ADD, data, follow=True)
        levels = [message.level_tag for message in answer.context["messages"]]
        assert levels.count("warning") == warnings, target
    assert Synonym.objects.count() == len(targets)


def test_every_row_that_ships_can_be_saved_by_an_editor(editor, site_rows):
    from search.admin_forms import SynonymForm
    from search.viewsets import SynonymViewSet

    form_class = SynonymViewSet().get_form_class()
    assert issubclass(form_class, SynonymForm)
    faults = {}
    for synonym in site_rows:
        values = {"phrases": synonym.phrases, "targets": synonym.targets, "kind": synonym.kind}
        form = form_class({**values, "language": synonym.language, "note": synonym.note}, instance=synonym)
        if not form.is_valid():
            faults[str(synonym)] = form.errors.as_text()
    assert faults == {}


@pytest.fixture
def site_rows() -> list[Synonym]:
    run = Loading()
    loading.load_vocabulary(run)
    run.finish()
    return list(Synonym.objects.all()[::20])


# --- trying ----------------------------------------------------------------------------------------------------------
def test_a_row_is_tried_before_it_is_saved(editor, service):
    row(phrases="jokin muu")
    data = {
        "phrases": "liihottaja",
        "targets": "perhonen",
        "kind": "lay",
        "language": "fi",
        "note": "",
        "is_active": "on",
    }
    answer = editor.post(ADD, data | {"try": "liihottajia", "action-try": "1"})
    trial = answer.context["trial"]
    assert [hit.title for hit in trial.hits] == ["Perhostarha"]
    assert trial.hits[0].is_new
    assert (trial.before, trial.results.total) == (0, 1)
    assert "perhonen" in trial.results.groups[0].terms
    assert "Perhostarha" in text_of(answer)
    # The form comes back as it was written, and nothing has happened.
    assert 'value="liihottajia"' in answer.content.decode()
    assert "liihottaja" in answer.context["form"]["phrases"].value()
    assert Synonym.objects.count() == 1
    assert found("liihottaja") == []


def test_a_change_is_tried_in_the_place_of_what_is_saved(editor, service):
    synonym = row()
    assert found("liihottaja")
    page = editing.filled_form(editor.get(edit(synonym)).content.decode())
    tried = {**page, "targets": "kenkä", "try": "liihottaja", "action-try": "1"}
    trial = editor.post(edit(synonym), tried).context["trial"]
    assert (trial.before, trial.results.total) == (1, 0)
    assert found("liihottaja") == [str(service.uuid)]


def test_a_faulty_row_is_not_tried_but_told_of(editor):
    answer = editor.post(ADD, {"phrases": "liihottaja", "targets": "", "try": "liihottaja", "action-try": "1"})
    assert answer.status_code == 200
    assert answer.context.get("trial") is None
    assert "targets" in answer.context["form"].errors


def test_the_search_is_tried_on_a_page_of_its_own(editor, service):
    row()
    text = text_of(editor.get(TRY, {"q": "liihottaja Perhostarhassa"}))
    assert "liihottaja → perhonen" in text
    assert "Perhostarha" in text
    assert editor.get(TRY).status_code == 200
    assert "&lt;script&gt;" in editor.get(TRY, {"q": "<script>"}).content.decode()
    for strange in ("x" * 5_000, "ä" * 150 + " OR NEAR(", "\x00", "🙂"):
        assert editor.get(TRY, {"q": strange}).status_code == 200


# --- the list --------------------------------------------------------------------------------------------------------
def test_the_list_is_searched_and_narrowed(editor):
    row(phrases="liihottaja", updated_by=person(email="kaija@example.org"))
    row(phrases="fjäril", language="sv", kind="translation", is_active=False)
    everything = text_of(editor.get(LIST))
    assert "liihottaja" in everything
    assert "fjäril" in everything
    for query, seen, unseen in (
        ({"q": "fjär"}, "fjäril", "liihottaja"),
        ({"language": "sv"}, "fjäril", "liihottaja"),
        ({"kind": "lay"}, "liihottaja", "fjäril"),
        ({"is_active": "false"}, "fjäril", "liihottaja"),
    ):
        text = text_of(editor.get("/admin/synonyms/results/", query))
        assert seen in text, query
        assert unseen not in text, query


def test_the_list_asks_the_same_for_many_rows(editor, django_assert_max_num_queries):
    for number in range(12):
        row(phrases=f"sana{number}", updated_by=person(email=f"x{number}@example.org"))
    editor.get(LIST)
    with django_assert_max_num_queries(20):
        editor.get(LIST)


def test_the_history_tells_who_changed_what(editor):
    synonym = row()
    send(editor, edit(synonym), note="Tarkistettu.")
    for view in ("history", "usage"):
        assert editor.get(reverse(f"synonyms:{view}", args=[synonym.pk])).status_code == 200
    assert "editors@example.org" in text_of(editor.get(reverse("synonyms:history", args=[synonym.pk])))


# --- rights ----------------------------------------------------------------------------------------------------------
def test_a_moderator_removes_a_row_and_an_editor_does_not(editor, moderator, service):
    synonym = row()
    row(phrases="toinen")
    assert found("liihottaja")
    delete = reverse("synonyms:delete", args=[synonym.pk])
    assert editor.post(delete).status_code == 302
    assert Synonym.objects.filter(pk=synonym.pk).exists()
    assert moderator.post(delete).status_code == 302
    assert found("liihottaja") == []


@pytest.mark.parametrize("url", [LIST, ADD, TRY])
def test_who_may_see_what(url, editor, moderator, client):
    assert editor.get(url).status_code == moderator.get(url).status_code == 200
    assert client_of(person(editing.NOBODY)).get(url, follow=True).status_code == 403
    assert client.get(url, follow=True).redirect_chain[-1][0] == f"/fi/accounts/login/?next={url}"
    answer = editor.get("/admin/")
    assert LIST in answer.content.decode()
