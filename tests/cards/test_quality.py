"""Self-assessment over HTTP: the whole way of a team, who holds which key, what is said and kept, files, queries."""

import csv
import io
import logging
import re
import zlib
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cards.models import QualityAnswer, QualityRound
from cards.printing import engine
from cards.quality import access, actions, keeping, views
from cards.quality.actions import Opened
from cards.quality.keys import answering_key
from tests.cards.rounds import (
    CHOSE,
    ENOUGH,
    LISTENED,
    LISTENED_SIMPLY,
    PLAN,
    TIME,
    answer_path,
    answered,
    answers_in,
    criteria_page,
    keeper_path,
    key_named,
    opened,
    send,
)

pytestmark = pytest.mark.django_db

KEEPERS = ["round", "close", "goals", "next", "delete", "csv", "pdf"]
ANSWERING = ["answer", "thanks"]


def main_of(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser").main


def words_of(response: HttpResponse) -> str:
    return " ".join(main_of(response).get_text(" ").replace("\xad", "").split())


def closed_round(rates: list[int] | None = None) -> Opened:
    """A closed round with results of the person's first statement."""
    it = opened()
    answered(it.round, LISTENED, rates or [2, 3, 3, 4, 5])
    actions.close_round(it.round)
    it.round.refresh_from_db()
    return it


# --- The whole way ----------------------------------------------------------------------------------------------------
def test_a_team_rates_its_work_and_sees_what_changed(client: Client):
    page = criteria_page()
    with translation.override("fi"):
        link = main_of(client.get(page.url)).find("a", href=re.compile("/laatu/uusi/"))["href"]
    kept = client.post(link, {"name": "Syksy 2026"}, follow=True)
    assert main_of(kept).h1.get_text() == "Syksy 2026"
    keeper = kept.request["PATH_INFO"] + "?" + kept.request["QUERY_STRING"]
    share = main_of(kept).find("input", id="share-address")["value"]
    own = main_of(kept).find("input", id="own-address")["value"]
    assert own.endswith(keeper)

    ways = [a["href"] for a in main_of(client.get(share)).select("a.way")]
    assert len(ways) == 3
    asked = QualityRound.objects.get()
    key = key_named(asked, LISTENED)
    for rate in (2, 2, 3, 3, 4):
        sent = client.post(ways[0], {key: rate})
        assert sent.status_code == 302
        assert client.get(sent.url).status_code == 200

    close = keeper.replace("/kierros/", "/kierros/sulje/")
    assert client.get(close).status_code == 200
    asked.refresh_from_db()
    assert asked.closed_at is None
    shown = client.post(close, follow=True)
    assert "2,8" in words_of(shown)
    goals = main_of(shown).find("form", action=re.compile("tavoitteet"))
    seen = goals.find("input", attrs={"name": "seen"})["value"]
    shown = client.post(goals["action"], {"goals": "Kysymme aina.", "seen": seen}, follow=True)
    assert "Kysymme aina." in main_of(shown).find("textarea").get_text()

    begin = main_of(shown).find("form", action=re.compile("seuraava"))["action"]
    later = client.post(begin, {"name": "Kevät 2027"}, follow=True)
    share = main_of(later).find("input", id="share-address")["value"]
    later_key = later.request["QUERY_STRING"]
    assert later_key != kept.request["QUERY_STRING"]
    for _number in range(ENOUGH):
        client.post(share.replace("/vastaa/", "/vastaa/person/"), {key: 4})
    close = f"{close.partition('?')[0]}?{later_key}"
    shown = words_of(client.post(close, follow=True))
    assert "+1,2" in shown
    assert "Kysymme aina." in shown


# --- Keys -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_closed", [False, True])
def test_an_answering_key_opens_nothing_of_the_keeper(client: Client, is_closed: bool):
    it = closed_round() if is_closed else opened()
    before = QualityRound.objects.values().get()
    with translation.override("fi"):
        for name in KEEPERS:
            address = access.address(f"quality_{name}", answering_key(it.keeper_key))
            assert client.get(address).status_code in {404, 405}, name
            assert client.post(address, {"goals": "x", "seen": "", "name": "x"}).status_code in {404, 405}, name
        for name in ANSWERING:
            assert client.get(access.address(f"quality_{name}", it.keeper_key)).status_code == 404
    assert QualityRound.objects.values().get() == before


def test_a_page_of_those_who_answer_tells_no_figure_and_no_key(client: Client):
    it = closed_round([2, 2, 2, 2, 3])
    for path in (answer_path(it), answer_path(it, "person")):
        response = client.get(path)
        assert it.keeper_key not in response.content.decode()
        assert "2,2" not in words_of(response)
        assert not main_of(response).find("svg", class_="strip")


@pytest.mark.parametrize("key", ["", "x", "../..", "a" * 48, "ä\x00'\""])
def test_an_unknown_key_is_a_404(client: Client, key: str):
    opened()
    with translation.override("fi"):
        for name in (*KEEPERS, *ANSWERING):
            path = access.address(f"quality_{name}", key)
            response = client.post(path) if name in {"goals", "next"} else client.get(path)
            assert response.status_code == 404, name


def test_pages_behind_a_key_are_kept_and_found_by_nobody(client: Client):
    it = opened()
    for path in (keeper_path(it), answer_path(it), answer_path(it, "person")):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert (
            main_of(response)
            .find_parent("html")
            .find("meta", attrs={"name": "robots", "content": re.compile("noindex")})
        )
        # The browser tells it to no other site (no-referrer would break the CSRF check).
        assert response["Referrer-Policy"] == "same-origin"


def test_no_log_line_holds_a_key(caplog: pytest.LogCaptureFixture):
    it = opened()
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        client.get(answer_path(it, "person"))
        client.post(answer_path(it, "person"))
        client.get(answer_path(it, "nobody"))
        client.get(keeper_path(it, "quality_goals"))
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("django.")]
    assert lines
    for key in (it.keeper_key, answering_key(it.keeper_key)):
        assert not [line for line in lines if key in line]


def test_forms_want_the_csrf_token():
    it = opened()
    client = Client(enforce_csrf_checks=True)
    assert client.post(answer_path(it, "person"), {key_named(it.round, LISTENED): 3}).status_code == 403
    assert client.post(keeper_path(it, "quality_delete")).status_code == 403
    assert QualityRound.objects.exists()


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_only_a_published_page_opens_a_round(client: Client):
    page = criteria_page()
    path = f"/fi/laatu/uusi/{page.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"name": " "}).status_code == 400
    page.unpublish()
    assert client.get(path).status_code == 404
    assert client.post(path, {"name": "Syksy"}).status_code == 404
    assert not QualityRound.objects.exists()


def test_one_visitor_opens_only_so_many(client: Client, monkeypatch: pytest.MonkeyPatch):
    for module in (views, keeping):
        monkeypatch.setattr(module, "ROUNDS_AN_HOUR", 2)
    path = f"/fi/laatu/uusi/{criteria_page().pk}/"
    assert [client.post(path, {"name": "Syksy"}).status_code for _number in range(3)] == [302, 302, 429]


# --- Answering --------------------------------------------------------------------------------------------------------
def test_what_is_sent_is_checked(client: Client):
    it = opened()
    for rates in ({}, {LISTENED: 0}, {LISTENED: 6}, {LISTENED: "x"}):
        response = send(client, it, "person", rates)
        assert response.status_code == 400, rates
        assert main_of(response).find(class_="error-summary")
    assert answers_in(it.round) == []
    # What belongs to others is not theirs to answer, and "I cannot say" is no number.
    assert send(client, it, "person", {LISTENED: 4, CHOSE: 0, TIME: 1}).status_code == 302
    assert [each.values for each in answers_in(it.round)] == [{key_named(it.round, LISTENED): 4}]


def test_what_was_chosen_is_still_there_after_an_error(client: Client):
    it = opened()
    response = send(client, it, "person", {LISTENED: 4, CHOSE: 9})
    checked = main_of(response).find_all("input", checked=True)
    assert [(each["name"], each["value"]) for each in checked] == [(key_named(it.round, LISTENED), "4")]


def test_nothing_is_chosen_beforehand_and_each_group_has_its_own(client: Client):
    it = opened()
    page = main_of(client.get(answer_path(it, "person")))
    assert [legend.get_text() for legend in page.find_all("legend")] == [LISTENED, CHOSE]
    assert not page.find_all("input", checked=True)
    assert client.get(answer_path(it, "team")).status_code == 404
    assert client.get(answer_path(it, "nobody")).status_code == 404
    offered = words_of(client.get(answer_path(it)))
    with translation.override("fi"):
        assert views.as_oneself("worker") in offered
        assert views.as_oneself("team") not in offered


def test_easy_finnish_for_the_person(client: Client):
    it = opened()
    ordinary = main_of(client.get(answer_path(it, "person")))
    assert LISTENED_SIMPLY not in ordinary.get_text()
    easy = main_of(client.get(ordinary.find("a", hreflang="fi-simple")["href"]))
    legends = [(each.get_text(), each["lang"]) for each in easy.find_all("legend")]
    assert legends == [(LISTENED_SIMPLY, "fi-simple"), (CHOSE, "fi")]
    assert not main_of(client.get(answer_path(it, "worker"))).find("a", hreflang="fi-simple")


def test_a_closed_round_says_so_kindly(client: Client):
    it = closed_round()
    for response in (
        client.get(answer_path(it)),
        client.get(answer_path(it, "person")),
        send(client, it, "person", {LISTENED: 1}),
    ):
        assert response.status_code == 200
        assert not main_of(response).find("form")
        assert not main_of(response).find("fieldset")
    assert len(answers_in(it.round)) == ENOUGH


def test_an_answer_that_comes_while_the_round_closes_is_not_taken(client: Client, monkeypatch: pytest.MonkeyPatch):
    """The page looked and found it open; the lock finds it closed."""
    it = opened()
    real = actions.answer

    def late(asked: QualityRound, **values: object) -> None:
        actions.close_round(QualityRound.objects.get(pk=asked.pk))
        real(asked, **values)

    monkeypatch.setattr(actions, "answer", late)
    response = send(client, it, "person", {LISTENED: 4})
    assert not main_of(response).find("fieldset")
    assert answers_in(it.round) == []


# --- Keeping ----------------------------------------------------------------------------------------------------------
def test_an_open_round_tells_no_number_of_answers(client: Client):
    it = opened()
    pages = []
    for _number in range(ENOUGH - 1):
        pages.append(words_of(client.get(keeper_path(it))))
        answered(it.round, LISTENED, [3])
    assert len(set(pages)) == 1
    for name in ("csv", "pdf"):
        assert client.get(keeper_path(it, f"quality_{name}")).status_code == 302


def test_results_hide_the_few(client: Client):
    it = opened()
    answered(it.round, LISTENED, [5] * ENOUGH)
    answered(it.round, CHOSE, [1] * (ENOUGH - 1))
    answered(it.round, TIME, [1] * (ENOUGH - 1), group="worker")
    actions.close_round(it.round)
    page = main_of(client.get(keeper_path(it)))
    rows = {row.th.get_text(" ", strip=True)[3:]: row for row in page.select("table.outcome tbody tr")}
    assert rows[LISTENED].find("svg")
    assert rows[CHOSE].find(class_="too-few")
    assert not rows[CHOSE].find("svg")
    # A group that is too small has no statement at all.
    assert TIME not in page.get_text()


def test_pictures_have_words_and_the_same_figures_in_the_table(client: Client):
    it = closed_round([2, 3, 3, 4, 5])
    page = main_of(client.get(keeper_path(it)))
    for picture in page.select("svg.strip, svg.overview"):
        assert picture["role"] == "img"
        assert "3,4" in picture.get_text()
    row = page.select_one("table.outcome tbody tr")
    assert row.select_one("td.number").get_text(strip=True).endswith("3,4")


def test_goals_of_two_are_both_seen(client: Client):
    it = closed_round()
    path, seen = keeper_path(it, "quality_goals"), actions.version_of("")
    assert client.post(path, {"goals": "Aikaa lisää", "seen": seen}).status_code == 302
    response = client.post(path, {"goals": "Suunnitelma", "seen": seen})
    assert response.status_code == 409
    assert "Aikaa lisää" in words_of(response)
    assert "Suunnitelma" in main_of(response).find("textarea").get_text()
    form = main_of(response).find("form", action=re.compile("tavoitteet"))
    both = {"goals": "Aikaa lisää, suunnitelma", "seen": form.find("input", attrs={"name": "seen"})["value"]}
    assert client.post(path, both).status_code == 302
    assert client.post(path, {"goals": "a" * 4001, "seen": "x"}).status_code == 400


def test_the_keeper_may_remove_everything(client: Client):
    it = closed_round()
    assert client.get(keeper_path(it, "quality_delete")).status_code == 200
    assert QualityRound.objects.exists()
    assert client.post(keeper_path(it, "quality_delete")).status_code == 302
    assert not QualityRound.objects.exists()
    assert not QualityAnswer.objects.exists()
    assert client.get(answer_path(it)).status_code == 404


# --- Files ------------------------------------------------------------------------------------------------------------
def test_the_table_is_a_file_that_runs_nothing(client: Client):
    it = opened()
    formula = "=HYPERLINK(1)"
    statements = [each | {"text": formula} if each["text"] == LISTENED else each for each in it.round.statements]
    QualityRound.objects.update(statements=statements)
    answered(it.round, LISTENED, [2, 3, 3, 4, 5])
    actions.close_round(it.round)
    response = client.get(keeper_path(it, "quality_csv"))
    assert response["Content-Type"].startswith("text/csv")
    _columns, first, *others = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert first[2:12] == [f"'{formula}", "5", "3.4", "3", "4", "0", "1", "2", "1", "1"]
    assert all(not any(cell.replace(".", "").isdigit() for cell in row) for row in others)


@pytest.mark.skipif(not engine.is_available(), reason="Pango is missing")
def test_the_pdf_is_tagged(client: Client):
    response = client.get(keeper_path(closed_round(), "quality_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    streams = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", response.content, re.DOTALL)
    assert any(b"StructTreeRoot" in zlib.decompress(each) for each in streams)


def test_nobody_draws_pdfs_of_a_round_without_end(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "PDFS_AN_HOUR", 1)
    monkeypatch.setattr(engine, "is_available", lambda: True)
    monkeypatch.setattr(engine, "draw", lambda *given: b"%PDF")
    path = keeper_path(closed_round(), "quality_pdf")
    assert [client.get(path).status_code for _time in range(2)] == [200, 429]


def test_without_the_library_there_is_no_pdf_and_no_link_to_it(client: Client, monkeypatch: pytest.MonkeyPatch):
    it = closed_round()
    monkeypatch.setattr(engine, "is_available", lambda: False)
    assert not main_of(client.get(keeper_path(it))).find("a", href=re.compile("tulokset.pdf"))
    assert client.get(keeper_path(it, "quality_pdf")).status_code == 404


# --- Cost -------------------------------------------------------------------------------------------------------------
def test_results_cost_the_same_with_many_answers(client: Client):
    def cost(get: Callable[[], HttpResponse]) -> int:
        get()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get().status_code == 200
        return len(queries)

    few = closed_round()
    many = actions.open_round(few.round.criteria, name="Kevät")
    answered(many.round, LISTENED, [1, 2, 3, 4, 5] * 8)
    answered(many.round, TIME, [1, 2, 3, 4, 5] * 8, group="worker")
    answered(many.round, PLAN, [1, 2, 3, 4, 5] * 8, group="organisation")
    actions.close_round(many.round)
    counts = [cost(lambda it=it: client.get(keeper_path(it))) for it in (few, many)]
    assert counts[0] == counts[1] <= 12
