"""The address of a result page: what is read, what is left out with a word, and that it can be written back."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from directory.models import County, Municipality, Region, Term
from search.forms import MOST_CHARACTERS, Asked, find_area, nearest_area, place_names, similar_areas
from search.query import Point, Sort

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabulary(db: None) -> None:
    """Three municipalities in two counties, two topics."""
    region = Region.objects.create(code="11", names={"fi": "Pohjois-Savo", "sv": "Norra Savolax"})
    county = County.objects.create(code="15", names={"fi": "Pohjois-Savon hyvinvointialue"})
    coast = Region.objects.create(code="02", names={"fi": "Varsinais-Suomi", "sv": "Egentliga Finland"})
    coast_county = County.objects.create(code="05", names={"fi": "Varsinais-Suomen hyvinvointialue"})
    rows = [
        ("297", {"fi": "Kuopio", "sv": "Kuopio"}, region, county, 62.89, 27.68),
        ("749", {"fi": "Siilinjärvi", "sv": "Siilinjärvi"}, region, county, 63.07, 27.66),
        ("853", {"fi": "Turku", "sv": "Åbo"}, coast, coast_county, 60.45, 22.27),
    ]
    for code, names, its_region, its_county, lat, lon in rows:
        Municipality.objects.create(
            code=code, names=names, region=its_region, county=its_county, latitude=lat, longitude=lon
        )
    money = Term.objects.create(scheme="topic", code="money", labels={"fi": "Raha"})
    Term.objects.create(scheme="topic", code="debt", labels={"fi": "Velat"}, parent=money)


def read(query: str) -> Asked:
    return Asked.read(QueryDict(query))


def test_nothing_asked_is_empty() -> None:
    assert read("").is_empty
    assert read("q=&place=&lat=&lon=").is_empty
    assert not read("type=service").is_empty


def test_everything_is_read_and_written_back() -> None:
    query = "q=velat+nyt&type=all&stage=1&stage=2&topic=debt&charge=free&anonymous=1&place=Kuopio&sort=distance&page=3"
    asked = read(query)
    assert asked.problems == ()
    assert read(asked.query()[1:]) == asked
    assert asked.words == "velat nyt"
    assert asked.sort is Sort.DISTANCE
    assert asked.page == 3
    assert asked.area is not None
    assert asked.area.codes == ("297",)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("stage=9", "stage"),
        ("topic=nonsense", "topic"),
        ("anonymous=perhaps", "anonymous"),
        ("municipality=999", "municipality"),
        ("type=recipe", "type"),
        ("sort=colour", "sort"),
        ("sort=distance", "sort"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=abc", "page"),
        ("page=٣", "page"),
        ("lat=x&lon=27", "lat, lon"),
        ("lat=nan&lon=nan", "lat, lon"),
        ("lat=0&lon=0", "lat, lon"),
        ("place=Atlantis", "place"),
    ],
)
def test_a_wrong_value_is_left_out_and_named(query: str, parameter: str) -> None:
    asked = read(query)
    assert [problem.parameter for problem in asked.problems] == [parameter]
    assert asked.but() == Asked()


def test_words_are_cut_and_cleaned() -> None:
    assert read("q=" + "a" * 10_000).words == "a" * MOST_CHARACTERS
    assert read("q=" + "a" * 10_000).problems[0].parameter == "q"
    assert read("q=a%00b%0d%0ac%E2%80%AEd").words == "a b c d"
    assert read("q=%F0%9F%98%80+%D8%B3%D9%84%D8%A7%D9%85").words == "😀 سلام"


def test_a_place_in_any_language_and_of_any_size() -> None:
    assert find_area("åbo") == find_area("TURKU")
    assert find_area("norra savolax").codes == ("297", "749")  # type: ignore[union-attr]
    assert find_area("Pohjois-Savon hyvinvointialue").point is None  # type: ignore[union-attr]
    assert find_area("") is None
    with translation.override("sv"):
        assert find_area("Turku").label == "Åbo"  # type: ignore[union-attr]
    assert {"Åbo", "Turku"} <= set(place_names())
    assert "Pohjois-Savo" not in place_names()


def test_an_unknown_place_offers_what_it_may_have_been() -> None:
    assert [area.label for area in similar_areas("Kuopia")] == ["Kuopio"]
    assert similar_areas("Turussa")[0].label == "Turku"
    problem = read("q=velat&place=Kuopia").problems[0]
    assert problem.ways == (("Kuopio", "?q=velat&place=Kuopio"),)
    assert read("place=Kuopia").unknown_place == "Kuopia"


def test_near_me_is_rounded_and_has_a_municipality() -> None:
    asked = read("lat=62.893456&lon=27.678912")
    assert asked.near == Point(62.89, 27.68)
    assert asked.area is not None
    assert asked.area.codes == ("297",)
    assert nearest_area(Point(48.85, 2.35)) is None
    # What was typed is newer than the point that stood in the form.
    assert read("lat=62.89&lon=27.68&place=Turku").near is None


def test_without_its_place_a_search_is_not_ordered_by_distance() -> None:
    assert read("place=Kuopio&sort=distance").without_place() == Asked()


def test_cards_are_not_asked_for_what_they_do_not_know() -> None:
    asked = read("q=velat&stage=2&charge=free&municipality=297")
    assert dict(asked.request("fi", "card").facets) == {"stage": ("2",), "type": ("card",)}
    wanted = asked.request("fi", "service")
    assert wanted.facets["municipality"] == ("297",)
    assert wanted.radius_km
    assert wanted.near == Point(62.89, 27.68)


@given(st.dictionaries(st.sampled_from(["q", "place", "page", "lat", "lon", "sort", "type", "stage"]), st.text()))
def test_no_address_is_an_error(values: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(values)
    asked = Asked.read(query)
    assert Asked.read(QueryDict(asked.query()[1:])) == asked.but(page=asked.page)
    asked.request("fi", "service")
