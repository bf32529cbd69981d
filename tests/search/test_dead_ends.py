"""Words that lead nowhere: what is counted and what never is, who sees it and when, and what editors make of it."""

import datetime
import logging
from collections.abc import Iterator

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from search import dead_ends, indexing, vocabulary
from search.models import DeadEnd, DeadEndWeek, Synonym
from search.query import SearchRequest
from tests import editing
from tests.editing import client_of, person, send
from tests.factories.directory import ServiceFactory, TermFactory
from tests.search.index import settle

pytestmark = pytest.mark.django_db

REPORT = "/admin/dead-ends/"
ENOUGH = settings.SMALLEST_GROUP_SHOWN


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    """What waits in memory, and which rows a process holds, are this test's own."""

    def forget() -> None:
        dead_ends._waiting.clear()
        dead_ends._marks.clear()
        vocabulary.look_again()

    forget()
    yield
    forget()


@pytest.fixture
def editor() -> Client:
    return client_of(person(editing.EDITOR))


def visitor(number: int = 1) -> HttpRequest:
    return RequestFactory().get("/fi/hae/", REMOTE_ADDR=f"192.0.2.{number}")


def search(text: str = "", by: int = 1, **kwargs) -> None:
    """Somebody searches, and the count is written."""
    dead_ends.note(visitor(by), indexing.finder().find(SearchRequest(text, **kwargs)))
    dead_ends.write()


def search_often(text: str = "", times: int = ENOUGH, **kwargs) -> None:
    for number in range(times):
        search(text, by=number + 1, **kwargs)


def seen() -> list[str]:
    """What editors see, not yet decided."""
    return [row.text for row in dead_ends.shown()]


def everything_stored() -> str:
    """Every value of every table that Django knows."""
    rows = (row for model in apps.get_models() for row in model._default_manager.values_list())
    return "\n".join(str(value) for row in rows for value in row).lower()


# --- what is counted -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed, counted",
    [
        ("velkaa", "velka"),
        ("yksinäisyyteen", "yksinäisyys"),
        ("lyödään", "lyödä"),
        ("punaisia", "punainen"),
        ("kissanpentuja", "kissanpentu"),
    ],
)
def test_a_common_word_is_counted_under_its_basic_form(typed: str, counted: str):
    assert dead_ends.countable(typed) == counted


@pytest.mark.parametrize(
    "typed",
    [
        "virtanen", "virtasella", "matti", "pekkala", "toivo", "onni",  # names of people, or perhaps
        "helsinki", "kotka",  # names of places, or perhaps
        "zorgblatt", "qwerty", "x", "a@example.org",  # unknown
        "12", "1234", "010101-123n", "viisi", "covid19",  # numbers
        "koska", "hän", "ja",  # words that are about nothing
        "kissa" * 20,
    ],
)  # fmt: skip
def test_what_could_tell_of_somebody_is_not_counted(typed: str):
    assert dead_ends.countable(typed) is None


def test_a_phrase_of_the_vocabulary_is_counted_though_the_dictionary_has_it_not():
    assert dead_ends.countable("zorbailu") is None
    Synonym.objects.create(phrases="zorbailu", targets="leikki", kind="colloquial")
    assert dead_ends.countable("zorbailu") == "zorbailu"


def test_each_word_and_filter_is_counted_by_itself():
    search("lohikäärme aarre", facets={"charge": ("free",), "flags": ("anonymous",), "type": ("service",)})
    assert {(row.type, row.weeks.get().count) for row in DeadEnd.objects.all()} == {("word", 1), ("filter", 1)}
    assert DeadEnd.objects.filter(type="word").count() == 2
    assert DeadEnd.objects.filter(type="filter").count() == 2


def test_searches_that_found_enough_are_none_of_our_business():
    for number in range(dead_ends.LITTLE):
        ServiceFactory(title=f"Lohikäärme {number}")
    settle()
    search("lohikäärme")
    assert not DeadEnd.objects.exists()
    search("lohikäärme", facets={"charge": ("free",)})
    assert DeadEnd.objects.count() == 2


def test_what_the_other_tabs_found_counts_as_found():
    results = indexing.finder().find(SearchRequest("lohikäärme"))
    dead_ends.note(visitor(), results, total=dead_ends.LITTLE)
    dead_ends.write()
    assert not DeadEnd.objects.exists()


@pytest.mark.parametrize("again", [{"page": 2}, {"as_typed": True}])
def test_further_pages_and_insisting_are_not_counted(again: dict):
    search("lohikäärme", **again)
    assert not DeadEnd.objects.exists()


# --- how often -------------------------------------------------------------------------------------------------------
def test_a_word_is_seen_when_enough_people_have_met_it():
    search_often("lohikäärme", times=ENOUGH - 1)
    assert seen() == []
    search("lohikäärmeitä", by=100)
    assert seen() == ["lohikäärme"]
    assert dead_ends.shown().get().recent == ENOUGH


def test_the_count_is_gathered_over_weeks_and_wanes():
    start = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
    for week in range(ENOUGH):
        with time_machine.travel(start + datetime.timedelta(weeks=week)):
            search("lohikäärme")
    with time_machine.travel(start + datetime.timedelta(weeks=ENOUGH)):
        assert seen() == ["lohikäärme"]
        assert [row.week.isoweekday() for row in DeadEndWeek.objects.all()] == [1] * ENOUGH
    with time_machine.travel(start + datetime.timedelta(weeks=dead_ends.WEEKS_SHOWN + 1)):
        assert seen() == []


def test_old_counts_go_and_take_their_words_along():
    search_often("lohikäärme")
    search_often("aarre")
    dead_ends.decide(DeadEnd.objects.filter(text="aarre"), DeadEnd.State.WISHED, person())
    with time_machine.travel(timezone.now() + datetime.timedelta(weeks=dead_ends.WEEKS_KEPT + 1)):
        dead_ends.write()
        assert not DeadEndWeek.objects.exists()
        assert [row.text for row in DeadEnd.objects.all()] == ["aarre"]


def test_one_visitor_alone_cannot_bring_a_word_over_the_threshold():
    for _time in range(20):
        search("lohikäärme")
    assert DeadEndWeek.objects.get().count == 1


def test_marks_of_visitors_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(dead_ends, "MOST_MARKS", 3)
    search_often("lohikäärme", times=10)
    assert len(dead_ends._marks) == 3


# --- when it is written ----------------------------------------------------------------------------------------------
def test_counts_are_written_after_an_answer_when_they_have_waited(client, monkeypatch, django_assert_num_queries):
    results = indexing.finder().find(SearchRequest("lohikäärme"))
    monkeypatch.setattr(dead_ends, "_written_at", dead_ends.time.monotonic())
    with django_assert_num_queries(0):
        dead_ends.note(visitor(), results)
        dead_ends.write_when_due()
    monkeypatch.setattr(dead_ends, "SECONDS_BETWEEN_WRITES", 0)
    client.get("/health/")
    assert DeadEnd.objects.count() == 1


def test_a_count_that_fails_harms_nobody(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)

    def fail(*args) -> None:
        raise DatabaseError("lohikäärme is in this message")

    monkeypatch.setattr(dead_ends, "_add", fail)
    search("lohikäärme")
    monkeypatch.setattr(dead_ends, "_count", fail)
    search("lohikäärme")
    assert "DatabaseError" in caplog.text
    assert "lohikäärme" not in caplog.text


# --- nobody's words --------------------------------------------------------------------------------------------------
def test_what_somebody_searched_for_is_in_no_table_and_no_log(client, caplog):
    caplog.set_level(logging.INFO)
    secret = "zorgblatt virtanen lohikäärme 010101-123N"
    client.get("/fi/hae/", {"q": secret, "charge": "free"})
    client.get("/api/v1/search", {"q": secret})
    search(secret, facets={"charge": ("free",)})
    stored = everything_stored()
    for word in ("zorgblatt", "virtanen", "lohikäärme", "010101", "charge=free"):
        assert word not in stored
        assert word not in caplog.text.lower()

    search_often(secret)
    stored = everything_stored()
    assert "lohikäärme" in stored
    for word in ("zorgblatt", "virtanen", "010101"):
        assert word not in stored


def test_rows_do_not_tell_which_words_came_together():
    words = ["lohikäärme", "aarre", "ritari", "miekka", "prinsessa", "hevonen", "torni"]
    search(" ".join(words))
    digests = [week.dead_end_id for week in DeadEndWeek.objects.order_by("pk")]
    assert len(digests) == len(words)
    assert digests == sorted(digests)


# --- the report ------------------------------------------------------------------------------------------------------
@pytest.fixture
def dragon() -> DeadEnd:
    """A word that enough people have met."""
    search_often("lohikäärme")
    return DeadEnd.objects.get()


def table(client: Client, **query: str) -> str:
    """The words of the report's table."""
    page = BeautifulSoup(client.get(REPORT, query).content.decode(), "html.parser")
    found = page.find("table", class_="listing")
    return " ".join(found.get_text(" ").split()) if found else ""


def decide(client: Client, row: DeadEnd, state: str, note: str = "") -> None:
    answer = client.post(reverse("dead_ends:decide", args=[row.pk]), {"state": state, "note": note})
    assert answer.status_code == 302
    row.refresh_from_db()


def test_editors_see_words_that_enough_people_met_and_no_others(editor, dragon):
    search("aarre")
    TermFactory(code="money", labels={"fi": "Rahahuolet"})
    search_often(facets={"topic": ("money",), "flags": ("outreach",)})
    text = table(editor)
    assert f"lohikäärme {ENOUGH} " in text
    assert "Rahahuolet" in text
    assert "aarre" not in text


def test_the_report_tells_what_is_found_by_now(editor, dragon):
    ServiceFactory(title="Lohikäärmekerho")
    settle()
    assert [row["found"] for row in editor.get(REPORT).context["rows"]] == [1]


def test_a_word_becomes_a_synonym(editor, dragon):
    page = BeautifulSoup(editor.get(REPORT).content.decode(), "html.parser")
    address = page.find("a", href=lambda href: href and href.startswith(reverse("synonyms:add")))["href"]
    send(editor, address, targets="satuolento")

    assert Synonym.objects.get().row.sources == ("lohikäärme",)
    dragon.refresh_from_db()
    assert dragon.state == DeadEnd.State.SYNONYM
    assert table(editor) == ""
    assert "lohikäärme" in table(editor, state="synonym")


def test_a_word_becomes_a_wish_with_a_note_and_can_be_taken_up_again(editor, dragon):
    assert "lohikäärme" in editor.get(reverse("dead_ends:decide", args=[dragon.pk])).content.decode()
    decide(editor, dragon, "wished", "Ryhmä lohikäärmeiden omaisille.")
    assert dragon.decided_by.email == "editors@example.org"
    assert table(editor) == ""
    assert "Ryhmä lohikäärmeiden omaisille." in table(editor, state="wished")
    decide(editor, dragon, "open")
    assert "lohikäärme" in table(editor)


def test_a_word_that_was_left_aside_stays_aside(editor, dragon):
    decide(editor, dragon, "dismissed")
    for number in range(20, 20 + ENOUGH):
        search("lohikäärme", by=number)
    assert table(editor) == ""
    assert "lohikäärme" in table(editor, state="dismissed")


@pytest.mark.parametrize("query", [{"state": "whatever"}, {"p": "999"}, {"p": "x"}])
def test_an_odd_address_shows_the_report(editor, dragon, query: dict):
    assert "lohikäärme" in table(editor, **query)


def test_many_words_have_pages(editor):
    rows = [DeadEnd(digest=f"{n:032x}", type="word", text=f"sana{n:03}") for n in range(40)]
    DeadEnd.objects.bulk_create(rows)
    DeadEndWeek.objects.bulk_create(DeadEndWeek(dead_end=row, week=dead_ends.this_week(), count=9) for row in rows)
    assert "sana000" in table(editor)
    assert "sana039" in table(editor, p="2")


def test_a_word_that_nobody_may_read_cannot_be_decided(editor):
    search("lohikäärme")
    row = DeadEnd.objects.get()
    assert row.text == ""
    assert editor.post(reverse("dead_ends:decide", args=[row.pk]), {"state": "wished"}).status_code == 404
    assert editor.get(reverse("dead_ends:decide", args=["no-such"])).status_code == 404


def test_a_state_that_there_is_not_changes_nothing(editor, dragon):
    answer = editor.post(reverse("dead_ends:decide", args=[dragon.pk]), {"state": "whatever"})
    assert answer.status_code == 200
    dragon.refresh_from_db()
    assert dragon.state == DeadEnd.State.OPEN


# --- rights ----------------------------------------------------------------------------------------------------------
def test_who_may_see_and_decide(editor, dragon, client):
    decide_url = reverse("dead_ends:decide", args=[dragon.pk])
    moderator, nobody = client_of(person(editing.MODERATOR)), client_of(person(editing.NOBODY))
    for url in (REPORT, decide_url):
        assert editor.get(url).status_code == moderator.get(url).status_code == 200
        assert nobody.get(url, follow=True).status_code == 403
        assert client.get(url, follow=True).redirect_chain[-1][0] == f"/fi/accounts/login/?next={url}"
    for other in (nobody, client):
        other.post(decide_url, {"state": "dismissed"})
    dragon.refresh_from_db()
    assert dragon.state == DeadEnd.State.OPEN
    assert REPORT in editor.get("/admin/").content.decode()
