"""`GET /api/v1/search` as its callers rely on it."""

import uuid

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from directory.filters import RULES
from portal.base import languages
from search.query import MOST_PER_PAGE
from tests.factories.cards import (
    ActionCardPageFactory,
    DigitalToolPageFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
    ToolCataloguePageFactory,
)
from tests.factories.content import HomePageFactory, TextPageFactory
from tests.factories.directory import MunicipalityFactory, ServiceFactory, TermFactory, translation_of
from tests.search.index import settle

pytestmark = pytest.mark.django_db
URL = "/api/v1/search"


def ask(client: Client, status: int = 200, **query: object) -> dict:
    settle()
    response = client.get(URL, query)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    return response.json()


@pytest.fixture
def one_of_each() -> dict[str, uuid.UUID]:
    """A service, a card, a tool and a page with one word in common."""
    home = HomePageFactory()
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    return {
        "service": ServiceFactory(title="Kvaksi palvelu", stages=["1"]).uuid,
        "card": ActionCardPageFactory(parent=model, title="Kvaksi kortti", stages=["1"]).translation_key,
        "tool": DigitalToolPageFactory(
            parent=ToolCataloguePageFactory(parent=home), title="Kvaksi väline"
        ).translation_key,
        "page": TextPageFactory(parent=home, title="Kvaksi sivu").translation_key,
    }


# --- shape -----------------------------------------------------------------------------------------------------------
def test_the_shape(client: Client, one_of_each: dict):
    answer = ask(client, q="kvaksi")
    assert set(answer) == {"total", "page", "per_page", "results", "facets", "corrections", "is_reduced"}
    assert (answer["total"], answer["page"], answer["per_page"], answer["corrections"]) == (4, 1, 20, [])
    for hit in answer["results"]:
        assert set(hit) == {"id", "type", "title", "url", "score"}
        assert uuid.UUID(hit["id"]) == one_of_each[hit["type"]]
        assert hit["url"].startswith("http://testserver/fi/")
        assert "Kvaksi" in hit["title"]
        assert hit["score"] >= 0


def test_every_address_opens(client: Client, one_of_each: dict):
    for hit in ask(client, q="kvaksi")["results"]:
        assert hit["title"] in client.get(hit["url"]).content.decode().replace("\u00ad", ""), hit


def test_a_service_keeps_the_uuid_it_came_with(client: Client):
    key = uuid.uuid4()
    ServiceFactory(translation_key=key, source="ptv", source_id=str(key))
    [hit] = ask(client)["results"]
    assert hit["id"] == str(key)


@pytest.mark.parametrize("type", ["service", "card", "tool", "page"])
def test_one_type(client: Client, one_of_each: dict, type: str):
    answer = ask(client, q="kvaksi", type=type)
    assert [(hit["type"], hit["id"]) for hit in answer["results"]] == [(type, str(one_of_each[type]))]
    assert answer["total"] == 1


def test_two_types(client: Client, one_of_each: dict):
    answer = ask(client, type=["card", "tool"])
    assert {hit["type"] for hit in answer["results"]} == {"card", "tool"}


def test_facets_count_what_each_choice_would_give(client: Client, one_of_each: dict):
    answer = ask(client)
    assert answer["facets"]["stage"] == {"1": 2}
    for facet, counts in answer["facets"].items():
        for value, count in counts.items():
            if facet in {"type", "stage", "kind", "area"}:
                assert ask(client, **{facet: value})["total"] == count, (facet, value)


@pytest.mark.parametrize(
    ("code", "title", "path"),
    [
        ("fi", "Kvaksi", "/fi/palvelut/"),
        ("sv", "Kvax", "/sv/palvelut/"),
        ("en", "Kvaksi", "/en/palvelut/"),
        ("fi-simple", "Kvaksi", "/fi-simple/palvelut/"),
    ],
)
def test_the_language_of_the_reader(client: Client, code: str, title: str, path: str):
    translation_of(ServiceFactory(title="Kvaksi"), "sv", title="Kvax")
    [hit] = ask(client, q="kvaksi", lang=code)["results"]
    assert hit["title"] == title
    assert hit["url"].startswith(f"http://testserver{path}")


def test_a_correction_is_told(client: Client):
    ServiceFactory(title="Velkaneuvonta")
    answer = ask(client, q="velkaneuvotna")
    assert answer["total"] == 1
    assert answer["corrections"] == [{"typed": "velkaneuvotna", "searched": "velkaneuvonta"}]


# --- filters ---------------------------------------------------------------------------------------------------------
def test_filters_as_in_the_address_of_a_search(client: Client):
    topic = TermFactory(code="money")
    kuopio = MunicipalityFactory()
    wanted = ServiceFactory(topics=[topic], municipalities=[kuopio], channels=["on_site"], is_anonymous=True)
    ServiceFactory(topics=[topic])
    answer = ask(client, topic="money", municipality="297", channel="on_site", anonymous="1")
    assert [hit["id"] for hit in answer["results"]] == [str(wanted.uuid)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_filter_is_understood(client: Client, rule):
    TermFactory(code="money")
    TermFactory(code="carers", scheme="target_group")
    MunicipalityFactory()
    value = rule.choices()[0][0]
    assert ask(client, **{rule.name: value})["total"] == 0


# --- what cannot be right --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "x"}, "page"),
        ({"page": ""}, "page"),
        ({"page": "1.5"}, "page"),
        ({"page": "٣"}, "page"),
        ({"page": "10001"}, "page"),
        ({"page": "9" * 5000}, "page"),
        ({"per_page": "0"}, "per_page"),
        ({"per_page": "101"}, "per_page"),
        ({"per_page": "many"}, "per_page"),
        ({"lang": "de"}, "lang"),
        ({"lang": ""}, "lang"),
        ({"type": "rumour"}, "type"),
        ({"type": ["service", "x"]}, "type"),
        ({"query": "x"}, "query"),
        ({"Q": "x"}, "Q"),
        *(({rule.name: "no-such-value"}, rule.name) for rule in RULES),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_wrong_value_is_named(client: Client, query: dict, names: str):
    answer = ask(client, 400, **query)
    assert answer["status"] == 400
    assert answer["detail"].startswith(f"{names}:")
    assert len(answer["detail"]) < 300


def test_only_reading(client: Client):
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("path", ["/api/x", "/api/v1/x", "/api/v2/search", "/api/", "/api/v1/search/x"])
def test_an_unknown_address_is_a_404_for_programs(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("application/json")
    assert response.json()["status"] == 404


# --- paging ----------------------------------------------------------------------------------------------------------
def test_pages_hold_everything_once(client: Client):
    keys = {str(ServiceFactory(title="Kvaksi").uuid) for _ in range(7)}
    seen: list[str] = []
    for page in (1, 2, 3):
        answer = ask(client, q="kvaksi", per_page=3, page=page)
        assert (answer["total"], answer["page"], answer["per_page"]) == (7, page, 3)
        seen += [hit["id"] for hit in answer["results"]]
    assert len(seen) == 7
    assert set(seen) == keys
    assert ask(client, q="kvaksi", per_page=3, page=4)["results"] == []
    assert len(ask(client, q="kvaksi", per_page=MOST_PER_PAGE)["results"]) == 7


def test_a_page_asks_no_more_for_many_hits(client: Client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(8):
        ServiceFactory(title="Kvaksi", municipalities=[MunicipalityFactory()])
    ask(client, q="kvaksi")
    with CaptureQueriesContext(connection) as few:
        client.get(URL, {"q": "kvaksi", "per_page": 1})
    with CaptureQueriesContext(connection) as many:
        client.get(URL, {"q": "kvaksi", "per_page": 8})
    assert len(many) <= len(few)


# --- anything may be typed -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "kvaksi " * 2_000,
        "😀 👩‍👩‍👧 🇫🇮",
        'kvaksi AND "OR" NOT (NEAR)',
        "title:kvaksi",
        "kvaksi*",
        "*",
        '"',
        "'; DROP TABLE search_document; --",
        "pysä-köinti",
        "{title} : x ^ + -",
        "\x00\x01",
        "a\x00b",
        "%",
        "_",
        "\u202e\ufeff\u00ad",
        "ａｐｕａ",
        "\ud7ff\ue000",
        "ä" * 300,
        " \t\n",
    ],
    ids=lambda text: repr(text)[:20],
)
def test_odd_words_break_nothing(client: Client, text: str):
    ServiceFactory(title="Kvaksi")
    answer = ask(client, q=text)
    assert len(answer["results"]) == answer["total"] <= 1


def test_broken_bytes_break_nothing(client: Client):
    assert client.get(f"{URL}?q=%ff%fe%80").status_code == 200
    assert client.get(f"{URL}?%ff=1").status_code == 400
    assert client.get(f"{URL}?stage=%ff").status_code == 400


@given(text=st.text(max_size=60))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_are_answered(client: Client, text: str):
    response = client.get(URL, {"q": text.encode("utf-8", "replace").decode()})
    assert response.status_code == 200


# --- privacy ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", [{"q": "kvaksi"}, {"page": "x"}], ids=["right", "wrong"])
def test_no_cookie_is_set(client: Client, query: dict):
    response = client.get(URL, query)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_description_of_the_api_is_whole(client: Client):
    document = client.get("/api/v1/openapi.json").json()
    parameters = {each["name"] for each in document["paths"][URL]["get"]["parameters"]}
    assert parameters == {"q", "lang", "type", "page", "per_page", *(rule.name for rule in RULES)}


def test_there_is_no_page_that_loads_scripts_from_elsewhere(client: Client):
    assert client.get("/api/v1/docs").status_code == 404


@pytest.mark.parametrize("code", languages.CODES)
def test_the_language_of_the_browser_changes_nothing(client: Client, code: str):
    ServiceFactory(title="Kvaksi")
    settle()
    response = client.get(URL, headers={"accept-language": code})
    assert response.json()["results"][0]["url"].startswith("http://testserver/fi/")
