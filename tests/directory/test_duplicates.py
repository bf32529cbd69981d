"""What is probably twice in the directory: crafted pairs, what must not be offered, and how it grows."""

import random
import uuid

import pytest

from directory import duplicates
from directory.actions import say_not_duplicate
from directory.duplicates import Body, Listing, Reason, likely_organisations, likely_services
from directory.models import NotDuplicate
from portal.accounts.models import User
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
)

PHONE = [{"kind": "phone", "value": "012 345 6789"}]


def listing(title: str, organisation: int = 1, **values) -> Listing:
    return Listing(uuid.uuid4(), organisation, values.pop("language", "fi"), duplicates.normal_name(title), **values)


def body(*names: str, **values) -> Body:
    return Body(uuid.uuid4(), tuple(duplicates.normal_name(name) for name in names), **values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kuopion Kotivartio ry", "Kotivartio, Kuopion"),
        ("Ruoka-apu", "RUOKAAPU"),
        ("Ystävätoiminta ikäihmisille", "Ikäihmisille ystävätoiminta"),
    ],
)
def test_names_that_read_alike_are_one_name(one: str, other: str):
    assert duplicates.normal_name(one) == duplicates.normal_name(other)


@pytest.mark.parametrize("number", ["012 345 6789", "+358 12 345 6789", "00358123456789", "012-3456789"])
def test_a_number_is_known_however_it_is_written(number: str):
    assert duplicates.normal_contact("phone", number) == "123456789"


def test_two_of_one_organisation_under_nearly_one_name():
    one, other = listing("Keskusteluapua nuorille"), listing("Keskusteluapu nuorille")
    pairs = likely_services([one, other, listing("Ruoka-apu"), listing("Keskusteluapua nuorille", organisation=2)])
    assert [({pair.a, pair.b}, pair.reasons) for pair in pairs] == [({one.key, other.key}, (Reason.SAME_NAME,))]


def test_two_languages_of_one_service_are_no_pair():
    one = listing("Chat")
    assert likely_services([one, Listing(one.key, 1, "sv", "chat")]) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"contacts": {"123456789"}, "places": {"town 5"}}, True),
        ({"contacts": {"123456789"}, "places": {"town 6"}}, False),
        ({"contacts": {"987654321"}, "places": {"town 5"}}, False),
    ],
)
def test_of_two_organisations_a_contact_and_a_place_must_be_shared(other: dict, expected: bool):
    facts = {name: frozenset(values) for name, values in other.items()}
    one = listing("Päihdeneuvonta", 1, contacts=frozenset({"123456789"}), places=frozenset({"town 5"}))
    assert bool(likely_services([one, listing("Päihdeneuvonta Kuopio", 2, **facts)])) is expected


def test_a_switchboards_number_tells_nothing():
    shared = {"contacts": frozenset({"1"}), "places": frozenset({"town 5"})}
    many = [listing("Neuvonta", number, **shared) for number in range(duplicates.MOST_SHARING + 1)]
    assert likely_services(many) == []


def test_organisations_by_number_by_name_in_a_town_and_by_domain():
    one = body("Kuopion Kotivartio ry", number="1234567-1", town="1", domain="kotivartio.example")
    by_number = body("Aivan muu", number="1234567-1", town="2")
    by_town = body("Kuopion Kotivartijo", town="1")
    by_domain = body("Vartion tukisäätiö", town="3", domain="kotivartio.example")
    elsewhere = body("Kuopion Kotivartio ry", town="4")
    pairs = likely_organisations([one, by_number, by_town, by_domain, elsewhere])
    found = {(pair.b if pair.a == one.key else pair.a): pair.reasons for pair in pairs}
    assert found == {
        by_number.key: (Reason.SAME_NUMBER,),
        by_town.key: (Reason.SAME_TOWN,),
        by_domain.key: (Reason.SAME_DOMAIN,),
    }


def test_a_branch_is_no_duplicate_of_its_mother():
    mother = body("Liitto", number="1234567-1", domain="liitto.example")
    branch = body("Kuopion piiri", number="1234567-1", domain="liitto.example", parent=mother.key)
    assert likely_organisations([mother, branch]) == []


@pytest.mark.parametrize("address", ["https://www.facebook.com/yhdistys", "", "not an address"])
def test_a_platform_is_no_domain_of_ones_own(address: str):
    assert duplicates.domain_of(address) == ""


def test_ten_thousand_listings_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch):
    """Time depends on the machine; how many names are laid side by side does not."""
    compared = []
    cdist = duplicates.process.cdist
    monkeypatch.setattr(
        duplicates.process,
        "cdist",
        lambda one, other, **options: compared.append(len(one) * len(other)) or cdist(one, other, **options),
    )
    rng = random.Random(1)
    words = ["apu", "neuvonta", "ryhmä", "kahvila", "perhe", "nuori", "velka", "päihde", "kriisi", "tuki", "ilta"]
    listings = [listing(" ".join(rng.sample(words, 4)) + f" {n}", organisation=n % 700) for n in range(10_000)]
    assert likely_services(listings) is not None
    assert sum(compared) < 10_000 * 10_000 / 100


# --- read from the database ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_services_are_found_and_a_decision_is_remembered():
    organisation = OrganisationFactory()
    one = ServiceFactory(organisation=organisation, title="Ruoka-apu torstaisin")
    other = ServiceFactory(organisation=organisation, title="Ruoka-apua torstaisin")
    ServiceFactory(organisation=organisation, title="Velkaneuvonta")
    assert [{pair.a, pair.b} for pair in duplicates.find_services(None)] == [{one.uuid, other.uuid}]
    assert duplicates.like_service(one) == [other.uuid]
    by = User.objects.create_superuser("chief@example.org")
    say_not_duplicate(other, one, by=by)
    say_not_duplicate(one, other, by=by)
    assert duplicates.find_services(None) == []
    assert duplicates.like_service(one) == []
    assert NotDuplicate.objects.get().said_by == by


@pytest.mark.django_db
def test_services_of_two_organisations_with_a_number_and_a_place():
    place = PlaceFactory()
    one = ServiceFactory(title="Päihdeneuvonta", contact_ways=PHONE, places=[place])
    other = ServiceFactory(
        title="Päihdeneuvontaa", contact_ways=[{"kind": "phone", "value": "+358123456789"}], places=[place]
    )
    (pair,) = duplicates.find_services(None)
    assert ({pair.a, pair.b}, pair.reasons) == ({one.uuid, other.uuid}, (Reason.SAME_CONTACT,))


@pytest.mark.django_db
def test_services_of_two_organisations_for_one_municipality():
    town = MunicipalityFactory()
    one, other = (ServiceFactory(title="Päihdeneuvonta", contact_ways=PHONE, municipalities=[town]) for _ in range(2))
    assert duplicates.like_service(one) == [other.uuid]


@pytest.mark.django_db
def test_only_those_of_ones_own_areas():
    here, there = CountyFactory(code="11"), CountyFactory(code="06", names={"fi": "Pirkanmaa"})
    towns = [MunicipalityFactory(code="297", county=here), MunicipalityFactory(code="837", county=there)]
    for town in towns:
        for name in ("Apuyhdistys", "Apuyhdistys ry"):
            OrganisationFactory(names={"fi": name}, home_municipality=town)
    assert len(duplicates.find_organisations(None)) == 2
    (pair,) = duplicates.find_organisations([here.pk])
    assert pair.reasons == (Reason.SAME_TOWN,)
    assert duplicates.find_organisations([]) == []


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for _ in range(4):
        ServiceFactory(contact_ways=PHONE)
    with django_assert_num_queries(5):
        duplicates.find_services(None)
