"""The checklist of partnership as an area keeps it over HTTP: whose, two people with the same page open, the file."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from directory import actions
from directory.models import County, PartnershipAnswer, PartnershipGroup, PartnershipItem, PartnershipState
from portal.accounts.models import User
from tests.editing import client_of
from tests.factories.directory import CountyFactory, area_administrator
from tests.workspace.form_pages import filled
from tests.workspace.test_many_at_once import at_once

NOT_BEGUN, UNDER_WAY, IN_PLACE = PartnershipState.NOT_BEGUN, PartnershipState.UNDER_WAY, PartnershipState.IN_PLACE


def a_county() -> County:
    return CountyFactory(code="15", names={"fi": "Keski-Suomi"})


def some_items() -> list[PartnershipItem]:
    for key, group in (("roolit", PartnershipGroup.AGREEING), ("tilat", PartnershipGroup.PREMISES)):
        PartnershipItem.objects.create(key=key, group=group, text={"fi": f"Asia {key}."})
    return list(PartnershipItem.objects.order_by("key"))


@pytest.fixture
def county(db: None) -> County:
    return a_county()


@pytest.fixture
def keeper(county: County) -> User:
    return area_administrator(county)


@pytest.fixture
def items(db: None) -> list[PartnershipItem]:
    return some_items()


def path(name: str = "partnership_area", *args: str) -> str:
    with translation.override("fi"):
        return reverse(f"workspace:{name}", args=args)


def fields_of(client: Client, county: County) -> dict[str, list[str]]:
    """What the form of the page would send as it stands."""
    return filled(client.get(path("partnership_area", county.pk)))


def answers() -> dict[str, tuple[str, str]]:
    return {each.item.key: (each.state, each.note) for each in PartnershipAnswer.objects.select_related("item")}


# --- Whose ------------------------------------------------------------------------------------------------------------
def test_who_has_one_area_is_led_to_it_and_who_has_many_chooses(county: County, keeper: User, items: list):
    other = CountyFactory(code="06", names={"fi": "Pirkanmaa"})
    assert client_of(keeper).get(path("partnership"))["Location"] == path("partnership_area", county.pk)
    chief = client_of(User.objects.create_superuser("keskus@example.org"))
    text = chief.get(path("partnership")).content.decode()
    assert path("partnership_area", county.pk) in text
    assert path("partnership_area", other.pk) in text


def test_nobody_writes_for_another_area(county: County, items: list):
    other = area_administrator(CountyFactory(code="06"), "muualla@example.org")
    for code in (county.pk, "99"):
        address = path("partnership_area", code)
        assert client_of(other).post(address, {"roolit-state": IN_PLACE, "roolit-version": 0}).status_code == 404
    assert answers() == {}


# --- Filling in -------------------------------------------------------------------------------------------------------
def test_what_is_chosen_is_kept_and_the_rest_stays_without_an_answer(county: County, keeper: User, items: list):
    client = client_of(keeper)
    data = fields_of(client, county) | {"roolit-state": UNDER_WAY, "roolit-note": "Syksyllä.", "part": "agreeing"}
    response = client.post(path("partnership_area", county.pk), data)
    assert response.status_code == 302
    assert answers() == {"roolit": (UNDER_WAY, "Syksyllä.")}
    assert client.get(response["Location"]).status_code == 200
    assert fields_of(client, county)["roolit-state"] == [UNDER_WAY]


def test_to_send_the_page_as_it_is_changes_nothing(county: County, keeper: User, items: list):
    actions.answer_partnership(county, items[0], state=IN_PLACE, note="Kaksi\nriviä", by=keeper, version=0)
    client = client_of(keeper)
    before = list(PartnershipAnswer.objects.values())
    assert client.post(path("partnership_area", county.pk), fields_of(client, county)).status_code == 302
    assert list(PartnershipAnswer.objects.values()) == before


def test_a_note_without_an_answer_is_asked_for_one_and_stays(county: County, keeper: User, items: list):
    client = client_of(keeper)
    data = fields_of(client, county) | {"roolit-note": "Ei vielä tiedetä.", "tilat-state": IN_PLACE}
    response = client.post(path("partnership_area", county.pk), data)
    assert response.status_code == 400
    text = response.content.decode()
    assert "Ei vielä tiedetä." in text
    assert 'href="#item-roolit"' in text
    # What could be saved is.
    assert answers() == {"tilat": (IN_PLACE, "")}


# --- Two at once ------------------------------------------------------------------------------------------------------
def test_an_item_that_another_has_changed_is_shown_both_ways_and_can_be_meant(county, keeper, items):
    first, second = client_of(keeper), client_of(area_administrator(county, "toinen@example.org"))
    address = path("partnership_area", county.pk)
    mine, theirs = fields_of(first, county), fields_of(second, county)
    second.post(address, theirs | {"roolit-state": IN_PLACE, "roolit-note": "Sovittu keväällä."})
    response = first.post(address, mine | {"roolit-state": NOT_BEGUN, "roolit-note": "Ei ole alettu."})
    assert response.status_code == 400
    text = response.content.decode()
    assert "Sovittu keväällä." in text
    assert "Ei ole alettu." in text
    assert answers() == {"roolit": (IN_PLACE, "Sovittu keväällä.")}
    again = filled(response)
    assert again["roolit-state"] == [NOT_BEGUN]
    assert first.post(address, again).status_code == 302
    assert answers() == {"roolit": (NOT_BEGUN, "Ei ole alettu.")}


def test_an_old_page_does_not_bring_back_what_its_reader_did_not_touch(county, keeper, items):
    first, second = client_of(keeper), client_of(area_administrator(county, "toinen@example.org"))
    address = path("partnership_area", county.pk)
    mine = fields_of(first, county)
    second.post(address, fields_of(second, county) | {"roolit-state": IN_PLACE})
    assert first.post(address, mine | {"tilat-state": UNDER_WAY}).status_code == 302
    assert answers() == {"roolit": (IN_PLACE, ""), "tilat": (UNDER_WAY, "")}


@pytest.mark.usefixtures("committed_db")
def test_of_two_who_save_in_the_same_moment_one_is_told():
    county, _items = a_county(), some_items()
    clients = [client_of(area_administrator(county, f"{name}@example.org")) for name in ("eka", "toka")]
    address = path("partnership_area", county.pk)
    for states in ((UNDER_WAY, NOT_BEGUN), (IN_PLACE, UNDER_WAY), (NOT_BEGUN, IN_PLACE)):
        pages = [fields_of(client, county) for client in clients]
        # Each touches it: what stands already is no change.
        chosen = [{"roolit-state": state, "roolit-note": f"{state} {number}"} for number, state in enumerate(states)]
        found = at_once(
            [
                lambda client=client, data=page | choice: client.post(address, data)
                for client, page, choice in zip(clients, pages, chosen, strict=True)
            ]
        )
        assert sorted(each.status_code for each in found) == [302, 400]
        winner = [each.status_code for each in found].index(302)
        assert answers()["roolit"] == (chosen[winner]["roolit-state"], chosen[winner]["roolit-note"])


# --- Hostile and as a file --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data",
    [
        {"roolit-state": "melkein"},
        {"roolit-state": IN_PLACE, "roolit-version": "x"},
        {"roolit-state": IN_PLACE, "roolit-version": "-1"},
        {"roolit-state": IN_PLACE, "roolit-note": "a" * 2000},
    ],
)
def test_nonsense_is_refused_and_written_nowhere(county: County, keeper: User, items: list, data: dict):
    assert client_of(keeper).post(path("partnership_area", county.pk), data).status_code == 400
    assert answers() == {}


def test_the_file_has_every_item_and_no_formula(county: County, keeper: User, items: list):
    actions.answer_partnership(county, items[0], state=IN_PLACE, note="=1+1", by=keeper, version=0)
    text = client_of(keeper).get(path("partnership_csv", county.pk)).content.decode("utf-8-sig")
    _head, *rows = csv.reader(io.StringIO(text))
    assert [row[1] for row in rows] == [str(item) for item in items]
    assert rows[0][3] == "'=1+1"
    assert rows[1][2:] == ["", "", "", ""]


def test_the_page_asks_no_more_of_the_database_for_a_longer_list(
    county: County, keeper: User, items: list, django_assert_max_num_queries
):
    client = client_of(keeper)
    for number in range(20):
        item = PartnershipItem.objects.create(key=f"a-{number}", group="training", text={"fi": "Asia."})
        actions.answer_partnership(county, item, state=IN_PLACE, by=keeper, version=0)
    with django_assert_max_num_queries(30):
        client.get(path("partnership_area", county.pk))
