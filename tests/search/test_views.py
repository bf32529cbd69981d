"""The search page as a reader meets it, on the whole content."""

import logging
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import ngettext, override, pgettext

from cards.models import HelpContact
from directory.models import Service
from portal.base import languages
from search.query import Region
from tests.search.index import settle

pytestmark = pytest.mark.usefixtures("site")

PAGE = "/fi/hae/"
SECRET = "salaisuusxyz"


def context(client: Client, query: str, path: str = PAGE, **headers: str):
    """The context of an answered search."""
    response = client.get(path + query, **headers)
    assert response.status_code == 200, query
    return response.context


def choices_of(groups: list[dict]) -> list[dict]:
    return [each for group in groups for choice in group["choices"] for each in (choice, *choice["narrower"])]


# --- the start and the frame ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", languages.CODES)
def test_the_page_answers_in_every_language(client: Client, language: str) -> None:
    for query in ("", "?q=velat&type=all", "?q=qqqq&stage=3", "?place=Atlantis&page=x"):
        html = client.get(f"/{language}/hae/{query}").content.decode()
        assert html.count("<h1") == 1
        assert '<meta name="robots" content="noindex">' in html
        assert "style=" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)


def test_without_a_question_there_is_a_way_to_begin(client: Client) -> None:
    start = context(client, "")
    assert start["is_start"]
    assert start["all_count"] > 80
    assert all(topic["count"] for topic in start["topics"])
    assert [stage["number"] for stage in start["stages"]] == ["1", "2", "3", "4", "5"]
    debt = next(each for topic in start["topics"] for each in topic["narrower"] if each["value"] == "debt")
    assert context(client, "?topic=debt")["total"] == debt["count"]


def test_the_fragment_is_only_what_changes_and_tidies_the_address(client: Client) -> None:
    response = client.get(PAGE + "?q=velat&place=&lat=&lon=&stage=3", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="filters" hx-swap-oob="innerHTML"' in html
    assert response["HX-Push-Url"] == PAGE + "?q=velat&stage=3"
    assert "HX-Request" in response["Vary"]
    assert "no-store" in response["Cache-Control"]


def test_words_are_not_kept(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get(PAGE + f"?q={SECRET}&place={SECRET}&stage={SECRET}")
    assert SECRET in response.content.decode()
    # The driver's own debug line of a statement is Django's with DEBUG alone; nothing of ours says the words.
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not any(SECRET in record.getMessage() for record in ours)
    assert "sessionid" not in response.cookies
    assert "messages" not in response.cookies


# --- results -------------------------------------------------------------------------------------------------------
def test_a_hit_that_is_no_longer_public_is_left_out(client: Client) -> None:
    before = [row["key"] for row in context(client, "?q=velat")["groups"][0]["rows"]]
    # Past the index, as if it had not heard yet.
    Service.objects.of_keys(before[:1]).update(is_hidden=True)
    after = [row["key"] for row in context(client, "?q=velat")["groups"][0]["rows"]]
    assert after == before[1:]


@pytest.mark.parametrize("query", ["?q=velat", "?place=Kuopio&stage=2", "?type=card", "?charge=free&language=sv"])
def test_every_count_is_what_its_link_gives(client: Client, query: str) -> None:
    found = context(client, query)
    groups = [group for group in found["filter_groups"] if not group["chosen"]]
    for choice in choices_of(groups)[::5]:
        assert context(client, choice["url"])["total"] == choice["count"], choice["url"]
    for tab in found["tabs"]:
        assert context(client, tab["url"])["total"] == tab["count"], tab["url"]


def test_no_choice_leads_nowhere(client: Client) -> None:
    for choice in choices_of(context(client, "?q=velat&charge=varies&topic=debt")["filter_groups"]):
        assert choice["count"] or choice["checked"] or choice["narrower"]


def test_each_chip_takes_one_thing_away(client: Client) -> None:
    found = context(client, "?q=velat&place=Kuopio&charge=free&anonymous=1")
    assert len(found["chips"]) == 4
    for chip in found["chips"]:
        fewer = context(client, chip["url"])
        assert len(fewer["chips"]) == 3
        assert fewer["total"] >= found["total"]
    assert "velat" in found["sentence"]
    assert "Kuopio" in found["sentence"]


def test_the_place_comes_first_then_the_country_then_a_distance(client: Client) -> None:
    found = context(client, "?place=Tampere&page=1")
    order = [Region.LOCAL, Region.NATIONWIDE, Region.REMOTE]
    regions = [row["hit"].region for group in found["groups"] for row in group["rows"]]
    assert regions == sorted(regions, key=order.index)
    assert len(found["groups"]) == len({group["title"] for group in found["groups"]})
    assert regions[0] is Region.LOCAL
    assert "Tampere" in found["groups"][0]["title"]


def test_distances_only_from_a_known_point(client: Client) -> None:
    assert all("sort=distance" not in each["url"] for each in context(client, "?q=velat")["sorts"])
    found = context(client, "?lat=61.50&lon=23.76&sort=distance")
    assert any("sort=distance" in each["url"] for each in found["sorts"])
    local = [row for group in found["groups"] for row in group["rows"] if row["hit"].region is Region.LOCAL]
    far = [row["hit"].distance_km for row in local if row["hit"].distance_km is not None]
    assert far
    assert far == sorted(far)
    assert local[0]["distance"]


def test_a_municipality_in_the_address_stands_in_the_field(client: Client) -> None:
    found = context(client, "?municipality=297")
    assert found["place_value"] == "Kuopio"
    assert found["total"] == context(client, "?place=Kuopio")["total"]
    assert 'value="297"' not in client.get(PAGE + "?municipality=297").content.decode()


def test_an_unknown_place_is_told_and_the_search_goes_on(client: Client) -> None:
    found = context(client, "?q=velat&place=Kuopia")
    assert found["total"] == context(client, "?q=velat")["total"]
    html = client.get(PAGE + "?q=velat&place=Kuopia").content.decode()
    assert 'aria-invalid="true"' in html
    assert "place=Kuopio" in html


def test_a_correction_can_be_refused(client: Client) -> None:
    found = context(client, "?q=yksinaisyys")
    assert found["correction"]["searched"] == "yksinäisyys"
    refused = context(client, found["correction"]["url"])
    assert refused["correction"] is None
    assert refused["asked"].as_typed


@pytest.mark.parametrize("query", ["?q=kirves&charge=varies&place=Kuopio", "?q=qqqqzz&anonymous=1", "?q=qqqqzz"])
def test_nothing_found_tells_what_to_loosen_and_where_to_ask(client: Client, query: str) -> None:
    found = context(client, query)
    assert found["total"] == 0
    for way in found["empty"]["ways"]:
        assert way["count"]
        assert context(client, way["url"])["total"] == way["count"]
    assert reverse("content:help_now") in client.get(PAGE + query).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?q=" + "a" * 10_000,
        "?q=" + quote("😀 👨‍👩‍👧 سلام \u202e x \x00\x07"),
        "?q=" + quote("\"'<script>alert(1)</script> AND OR NOT * ( ) ^ :"),
        "?q=%ff%fe&topic=%00&place=%ff",
        "?stage=9&stage=1&topic=zzz&municipality=999&area=moon&sort=up&type=recipe&page=-2",
        "?lat=91&lon=1000",
        "?page=10000",
        "?page=" + "9" * 5_000,
        "?" + "&".join(f"topic=x{n}" for n in range(900)),
    ],
)
def test_anything_in_the_address_gets_an_answer(client: Client, query: str) -> None:
    html = client.get(PAGE + query).content.decode()
    assert "<script>alert" not in html
    assert "results-heading" in html


def test_a_page_after_the_last_has_a_way_back(client: Client) -> None:
    found = context(client, "?type=service&page=10000")
    assert found["is_beyond"]
    assert found["first_page_url"] == "?type=service"
    second = context(client, "?type=service&page=2")
    assert second["page"].number == 2
    assert sum(len(group["rows"]) for group in second["groups"]) == 20


# --- other types ---------------------------------------------------------------------------------------------------
def test_every_type_has_its_own_rows(client: Client) -> None:
    for type in ("card", "tool", "page"):
        found = context(client, f"?type={type}")
        rows = [row for group in found["groups"] for row in group["rows"]]
        assert len(rows) == min(found["total"], 20)
        assert all(row["url"] and row["title"] for row in rows)


def test_everything_is_the_sum_of_its_sections(client: Client) -> None:
    found = context(client, "?type=all&q=velat")
    assert found["total"] == sum(section["total"] for section in found["sections"])
    assert {section["type"] for section in found["sections"]} >= {"service", "card"}


def test_one_stage_leads_to_its_page(client: Client) -> None:
    link = context(client, "?stage=3")["stage_link"]
    assert client.get(link["url"]).status_code == 200
    assert context(client, "?stage=3&stage=2")["stage_link"] is None


# --- the list ------------------------------------------------------------------------------------------------------
def test_adding_to_the_list_comes_back_to_the_row(client: Client) -> None:
    row = context(client, "?q=velat")["groups"][0]["rows"][0]
    response = client.post(
        reverse("directory:toggle_in_list"), {"item": str(row["key"]), "action": "add", "next": row["next"]}
    )
    assert response["Location"] == f"{PAGE}?q=velat#{row['id']}"
    assert context(client, "?q=velat")["groups"][0]["rows"][0]["on_list"]


# --- cost ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "most"),
    [("", 20), ("?q=velat", 30), ("?type=service", 30), ("?q=velat&place=Kuopio&charge=free", 35), ("?type=card", 45)],
)
def test_the_number_of_queries_is_bounded(client: Client, django_assert_max_num_queries, query: str, most: int) -> None:
    client.get(PAGE + query)
    with django_assert_max_num_queries(most):
        client.get(PAGE + query)


# --- danger --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query", ["?q=mies+lyö", "?q=mies+lyö&type=all", "?q=mies+lyö+qqqqzz&charge=varies&place=Kuopio"]
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_whom_to_call_stands_before_the_results(client: Client, query: str, headers: dict) -> None:
    html = client.get(PAGE + query, headers=headers).content.decode()
    call, results = html.index('href="tel:112"'), html.index('id="results-heading"')
    assert call < html.index('href="tel:+35880005005"') < results
    assert reverse("content:help_now") in html


@pytest.mark.parametrize(
    ("language", "query"), [("sv", "vill inte leva"), ("en", "suicide"), ("fi-simple", "haluan kuolla")]
)
def test_help_in_danger_is_told_in_every_language(client: Client, language: str, query: str) -> None:
    found = context(client, f"?q={query}", f"/{language}/hae/")
    assert [contact.key for contact in found["crisis"]["contacts"]] == ["emergency-112", "crisis-line"]
    assert found["correction"] is None


def test_other_searches_are_not_interrupted(client: Client) -> None:
    for query in ("", "?q=velat", "?topic=violence"):
        assert context(client, query)["crisis"] is None
        assert 'class="crisis"' not in client.get(PAGE + query).content.decode()


def test_a_contact_that_editors_took_away_is_not_shown(client: Client) -> None:
    HelpContact.objects.filter(key="crisis-line").update(live=False)
    assert [contact.key for contact in context(client, "?q=itsemurha")["crisis"]["contacts"]] == ["emergency-112"]


# --- why it was found ----------------------------------------------------------------------------------------------
def test_each_hit_shows_why_it_was_found(client: Client) -> None:
    for query in (
        "?q=velkaneuvonta",
        "?q=rahat+loppu",
        "?q=kriisi&type=card",
        "?q=mieli&type=tool",
        "?q=yksinäisyys",
    ):
        found = context(client, query)
        rows = [row for group in found["groups"] for row in group["rows"]]
        assert rows
        silent = [row["title"] for row in rows if "<mark>" not in "".join(marks(row)) and not row["why"]]
        # What is shown in another way (a place, a fact) needs no mark.
        assert len(silent) <= len(rows) / 4, (query, silent)


def marks(row: dict) -> list[str]:
    return [row[f"marked_{name}"] for name in ("title", "summary", "organisation", "kind")]


def test_a_marked_text_is_the_text(client: Client) -> None:
    for group in context(client, "?q=apua")["groups"]:
        for row in group["rows"]:
            for name in ("title", "summary", "organisation"):
                assert unescape(strip_tags(row[f"marked_{name}"])) == row[name]


def test_words_that_search_added_are_told(client: Client) -> None:
    assert "toimeentulotuki" in context(client, "?q=rahat+loppu")["synonyms"]
    assert context(client, "?topic=debt")["synonyms"] == ""


def test_without_words_nothing_is_marked(client: Client) -> None:
    assert "<mark>" not in client.get(PAGE + "?topic=debt").content.decode()


# --- suggestions ---------------------------------------------------------------------------------------------------
SUGGEST = "/{}/hae/ehdotukset/"


@pytest.fixture
def suggested(site: None) -> None:
    """The suggestions of the whole content."""
    settle()
    call_command("ensure_index", verbosity=0)


@pytest.mark.parametrize(
    ("language", "typed", "text"), [("fi", "vel", "Velat"), ("sv", "sku", "Skulder"), ("en", "deb", "Debt")]
)
@pytest.mark.usefixtures("suggested")
def test_suggestions_answer_in_the_readers_language(client: Client, language: str, typed: str, text: str) -> None:
    answer = client.get(SUGGEST.format(language), {"q": typed}).json()
    assert (text, "topic") in [(option["text"], option["kind"]) for option in answer["options"]]
    with override(language):
        assert pgettext("kind of suggestion", "topic") == answer["options"][0]["label"]
        count = len(answer["options"])
        assert answer["said"] == ngettext("%(count)d suggestion", "%(count)d suggestions", count) % {"count": count}


@pytest.mark.usefixtures("suggested")
def test_suggestions_find_things_of_every_kind(client: Client) -> None:
    kinds = set()
    for typed in ("kuopio", "kriisi", "digi", "ry", "palvelu", "tieto"):
        kinds |= {option["kind"] for option in client.get(SUGGEST.format("fi"), {"q": typed}).json()["options"]}
    assert {"topic", "word", "place", "organisation", "service", "card"} <= kinds


@pytest.mark.usefixtures("suggested")
def test_what_is_typed_is_not_kept(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get(SUGGEST.format("fi"), {"q": SECRET})
    assert response.json()["options"] == []
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not any(SECRET in record.getMessage() for record in ours)


def test_no_typist_can_keep_the_machine_busy(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.views.MOST_SUGGESTIONS", 2)
    statuses = [client.get(SUGGEST.format("fi"), {"q": "a"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("typed", ["", "a" * 10_000, "\x00\x07", "' OR 1=1 --", "سلام 😀", "% _"])
def test_anything_typed_gets_an_answer(client: Client, typed: str) -> None:
    assert client.get(SUGGEST.format("fi"), {"q": typed}).json()["options"] == []


# --- who reads -----------------------------------------------------------------------------------------------------
def test_who_looks_for_help_is_not_given_the_workers_cards(client: Client) -> None:
    everything = context(client, "?q=luottamus&type=all")
    person = context(client, "?q=luottamus&type=all&as=person")
    worker = context(client, "?q=luottamus&type=all&as=worker")
    types = {
        one: {section["type"] for section in found["sections"]}
        for one, found in (("all", everything), ("person", person), ("worker", worker))
    }
    assert "card" in types["all"]
    assert "card" in types["worker"]
    assert "card" not in types["person"]
    # Services are for everybody.
    assert {
        section["total"]
        for found in (everything, person, worker)
        for section in found["sections"]
        if section["type"] == "service"
    } == {everything["results"].total}


def test_who_reads_is_kept_from_link_to_link_and_told(client: Client) -> None:
    found = context(client, "?q=velat&as=worker")
    assert all("as=worker" in tab["url"] for tab in found["tabs"])
    assert ("as", "worker") in found["kept"]
    assert [reader["is_current"] for reader in found["readers"]] == [False, False, True]
    assert context(client, "?as=worker")["is_start"]
    assert context(client, "?as=vieras")["asked"].problems
