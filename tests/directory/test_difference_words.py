"""What differs, in words: every kind of field, marked where it differs, and nothing that a text could smuggle in."""

import datetime
import re
from html import unescape

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from directory.changes import Difference, differences
from directory.contents import SERVICE_FIELDS, content_of
from directory.difference_words import DifferenceInWords, in_words, marked_words
from directory.models import Organisation, Service
from tests.factories.directory import MunicipalityFactory, PlaceFactory, ServiceFactory, TermFactory

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def words(field: str, before: object, after: object, model: type = Service) -> DifferenceInWords:
    (found,) = in_words(model, [Difference(field, before, after)])
    return found


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:ins|del)>", "", html).replace("<br>", "\n"))


@given(st.text(alphabet="ab <>&\"'\n", max_size=40), st.text(alphabet="ab <>&\"'\n", max_size=40))
def test_marks_leave_both_texts_as_they_were(before: str, after: str):
    left, right = marked_words(before, after)
    assert (plain(left), plain(right)) == (before, after)
    assert set(re.findall(r"<[^>]*>", left + right)) <= {"<ins>", "</ins>", "<del>", "</del>", "<br>"}


def test_only_the_words_that_differ_are_marked():
    left, right = marked_words("Come to us on Monday.", "Come to us on Friday.")
    assert left == "Come to us on <del>Monday.</del>"
    assert right == "Come to us on <ins>Friday.</ins>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "before", "after", "told"),
    [
        ("charge", "free", "chargeable", ("Free of charge", "Has a fee")),
        ("channels", "|phone|", "|chat|", ("By phone", "By chat")),
        ("is_anonymous", False, True, ("No", "Yes")),
        ("age_min", None, 18, ("", "18")),
        ("capacity_until", "2031-05-01", "2031-06-01", ("1 May 2031", "1 Jun 2031")),
        (
            "opening_hours",
            [],
            [{"pk": 1, "weekday": 1, "opens": "09:00:00", "closes": "15:30:00", "by_appointment": True, "note": ""}],
            ("", "Monday 9.00–15.30 · by appointment"),
        ),
        (
            "opening_exceptions",
            [{"pk": 1, "date_from": "2031-12-24", "date_to": "2031-12-26", "is_closed": True, "note": "Xmas"}],
            [],
            ("24 Dec 2031–26 Dec 2031: closed · Xmas", ""),
        ),
        (
            "contact_ways",
            [{"pk": 1, "kind": "phone", "value": "012 345", "audience": "public"}],
            [{"pk": 1, "kind": "phone", "value": "012 999", "label": "Office", "audience": "workers"}],
            ("Phone: 012 345", "Phone: 012 999 · Office, Workers only"),
        ),
    ],
)
def test_values_are_told_as_people_say_them(field: str, before: object, after: object, told: tuple[str, str]):
    found = words(field, before, after)
    assert (plain(found.before), plain(found.after)) == told


@pytest.mark.django_db
def test_numbers_are_told_as_names():
    topic, place, kuopio = TermFactory(labels={"fi": "Arki", "en": "Daily life"}), PlaceFactory(), MunicipalityFactory()
    assert words("topics", [], [topic.pk]).after == "Daily life"
    assert words("municipalities", [kuopio.pk], []).before == "Kuopio"
    assert words("service_places", [], [{"pk": None, "place": place.pk}]).after == str(place)
    assert words("topics", [10_000], [topic.pk]).before == "<del>removed since</del>"


@pytest.mark.django_db
def test_a_secret_address_stays_secret():
    place = PlaceFactory(name="Turvakoti", street="Piilokatu 3", is_secret=True)
    assert "Piilokatu" not in words("service_places", [], [{"pk": None, "place": place.pk}]).after


@pytest.mark.django_db
def test_headings_and_languages_are_told_one_by_one():
    before, after = [{"quality": "Old", "content": "Same"}], [{"quality": "New", "content": "Same"}]
    assert words("long_description", before, after).field == "long_description.quality"
    found = words("names", {"fi": "Apu", "sv": "Hjälp"}, {"fi": "Apu", "sv": "Stöd"}, Organisation)
    assert found.label.endswith("(Svenska)")
    assert found.is_risky


@pytest.mark.django_db
def test_a_first_version_tells_what_is_filled_in(django_assert_max_num_queries):
    service = ServiceFactory(topics=[TermFactory(), TermFactory()], places=[PlaceFactory()], charge="free")
    content = content_of(service)
    found = differences({}, content, SERVICE_FIELDS)
    with django_assert_max_num_queries(7):
        told = {each.field: each for each in in_words(Service, found)}
    assert {"title", "topics", "service_places", "charge"} <= set(told)
    assert {"for_whom", "is_anonymous", "counties"}.isdisjoint(told)
    assert all(each.is_new for each in told.values() if each.field != "is_anonymous")


@pytest.mark.django_db
def test_no_text_becomes_markup():
    topic = TermFactory(labels={"fi": EVIL})
    parts = [{"pk": None, "kind": "phone", "value": EVIL, "label": EVIL}]
    hours = [{"pk": None, "weekday": 1, "opens": "09:00", "closes": "10:00", "note": EVIL}]
    changes = [
        Difference("title", EVIL, f"{EVIL} more"),
        Difference("topics", [], [topic.pk]),
        Difference("contact_ways", [], parts),
        Difference("opening_hours", [], hours),
        Difference("links", [], [{"pk": None, "label": EVIL, "url": EVIL}]),
        Difference("charge", EVIL, "free"),
        Difference("starts_at", EVIL, datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC).isoformat()),
        Difference("long_description", [], [{"content": EVIL}]),
    ]
    for each in in_words(Service, changes):
        assert "<script" not in each.before + each.after
        assert "<img" not in each.before + each.after
