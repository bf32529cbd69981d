"""Duplicates in the workspace: the list, not the same, the choice of fields, areas by HTTP, files."""

import csv
import io
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Merged, NotDuplicate, Service
from tests.factories.directory import OrganisationFactory, ServiceFactory, translation_of
from tests.workspace.areas import House, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def double(house: House) -> Service:
    return ServiceFactory(
        organisation=house.here,
        title="Ruoka-apua",
        how_to_join="Soita ensin.",
        for_whom="Kaikille.",
        links=[{"label": "Lomake", "url": "https://example.org/lomake"}],
    )


@pytest.fixture
def signed_in(client: Client, house: House) -> Client:
    client.force_login(house.admin)
    return client


def merge_of(keep: Service, drop: Service) -> str:
    return reverse("workspace:merge", args=["service", keep.uuid, drop.uuid])


def test_pairs_of_ones_own_areas(signed_in: Client, house: House, double: Service):
    ServiceFactory(organisation=house.there, title="Velka-neuvonta")
    (twins,) = signed_in.get(reverse("workspace:duplicates")).context["twins"]
    assert {twins.a, twins.b} == {house.service, double}


def test_not_the_same(signed_in: Client, house: House, double: Service):
    address = reverse("workspace:not_duplicate", args=["service", house.service.uuid, double.uuid])
    assert signed_in.get(address).status_code == 405
    signed_in.post(address)
    assert NotDuplicate.objects.get().said_by == house.admin
    assert signed_in.get(reverse("workspace:duplicates")).context["twins"] == []


def test_the_page_shows_where_they_differ_and_takes_what_is_missing(signed_in: Client, house: House, double: Service):
    before = written()
    page = signed_in.get(merge_of(house.service, double))
    (section,) = page.context["sections"]
    choices = {choice.name: choice.takes_dropped for choice in section.choices}
    assert choices == {"fi:title": False, "fi:how_to_join": False, "fi:for_whom": True, "fi:links": True}
    assert written() == before


def test_the_chosen_fields_and_no_others_are_taken(signed_in: Client, house: House, double: Service):
    data = {"fi:how_to_join": "drop", "fi:for_whom": "keep", "fi:owner": "drop", "sv:title": "drop", "fi:links": "drop"}
    signed_in.post(merge_of(house.service, double), data)
    kept = Service.objects.get(pk=house.service.pk)
    assert (kept.title, kept.how_to_join, kept.for_whom) == ("Ruoka-apu", "Soita ensin.", "")
    assert [link.label for link in kept.links.all()] == ["Lomake"]
    assert Merged.objects.get().kept == kept.uuid
    assert signed_in.get(double.get_absolute_url()).url == kept.get_absolute_url()


@pytest.mark.parametrize("choice", ["drop", "keep"])
def test_a_language_of_the_one_that_goes(signed_in: Client, house: House, double: Service, choice: str):
    translation_of(double, "sv", title="Mathjälp", summary="Mat åt alla.")
    signed_in.post(merge_of(house.service, double), {"sv:*": choice})
    rows = Service.objects.filter(translation_key=house.service.uuid, locale__language_code="sv")
    assert [row.title for row in rows] == (["Mathjälp"] if choice == "drop" else [])


def test_organisations(signed_in: Client, house: House):
    twin = OrganisationFactory(
        names={"fi": "Täällä"}, home_municipality=house.here.home_municipality, phone="012 345 6789"
    )
    address = f"{reverse('workspace:duplicates')}?kind=organisation"
    (twins,) = signed_in.get(address).context["twins"]
    assert {twins.a, twins.b} == {house.here, twin}
    merge = reverse("workspace:merge", args=["organisation", house.here.uuid, twin.uuid])
    assert signed_in.get(merge).status_code == 200
    signed_in.post(merge, {":phone": "drop", ":is_trusted": "drop"})
    house.here.refresh_from_db()
    assert (house.here.phone, house.here.is_trusted) == ("012 345 6789", False)
    assert signed_in.get(address).context["twins"] == []


def test_a_waiting_edit_comes_first(signed_in: Client, house: House, double: Service):
    house.edit(double)
    answer = signed_in.post(merge_of(house.service, double), {"fi:for_whom": "drop"})
    assert answer.status_code == 400
    assert not Merged.objects.exists()


def test_what_is_not_ones_own_is_not_there(client: Client, house: House, double: Service):
    pairs = [
        ("service", house.service.uuid, house.other.uuid),
        ("service", house.service.uuid, house.service.uuid),
        ("service", house.service.uuid, uuid.uuid4()),
        ("organisation", house.here.uuid, house.there.uuid),
        ("place", house.here.uuid, house.there.uuid),
    ]
    before = written()
    client.force_login(house.admin)
    for pair in pairs:
        for name in ("merge", "not_duplicate"):
            assert client.post(reverse(f"workspace:{name}", args=pair)).status_code == 404
    client.force_login(house.keeper)
    assert client.post(merge_of(house.service, double)).status_code == 404
    assert written() == before


def test_no_text_becomes_code(signed_in: Client, house: House, double: Service):
    evil = "<script>alert(1)</script>"
    Service.objects.filter(pk__in=[double.pk, house.service.pk]).update(title=f"Ruoka {evil}", for_whom=evil)
    Service.objects.filter(pk=double.pk).update(for_whom=f"{evil}{evil}")
    for path in (reverse("workspace:duplicates"), merge_of(house.service, double)):
        assert evil not in signed_in.get(path).content.decode()


def test_as_a_file(signed_in: Client, house: House, double: Service):
    Service.objects.filter(pk=double.pk).update(title="+Ruoka-apu")
    response = signed_in.get(reverse("workspace:duplicates_csv"))
    _columns, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert {row[0], row[2]} == {"Ruoka-apu", "'+Ruoka-apu"}
