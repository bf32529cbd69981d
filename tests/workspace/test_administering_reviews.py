"""Deciding an edit: what is shown, what becomes of it, two reviewers at once, one's own, and looking afterwards."""

from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from directory import actions
from directory.choices import CaseKind, ReviewState
from directory.models import Case, Organisation, Review, Service
from tests.factories.directory import ServiceFactory, area_administrator, translation_of
from tests.workspace.areas import House, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def signed_in(client: Client, house: House) -> Client:
    client.force_login(house.admin)
    return client


def page_of(client: Client, review: Review):
    return client.get(reverse("workspace:review", args=[review.pk]))


def approve(client: Client, review: Review, **edits: str):
    data = {f"edit-{name}": value for name, value in edits.items()}
    return client.post(reverse("workspace:review_approve", args=[review.pk]), data)


def send_back(client: Client, review: Review, **data: str):
    return client.post(reverse("workspace:review_send_back", args=[review.pk]), {"reason": "unclear", **data})


def fresh(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


# --- whose -----------------------------------------------------------------------------------------------------------
def test_an_edit_of_another_area_is_not_there(client: Client, house: House):
    review = house.edit()
    before = written()
    for user in (house.stranger, house.keeper, review.submitted_by):
        client.force_login(user)
        for answer in (page_of(client, review), approve(client, review), send_back(client, review)):
            assert answer.status_code == 404
    assert written() == before


def test_nothing_is_written_on_get(signed_in: Client, house: House):
    review = house.edit()
    before = written()
    assert page_of(signed_in, review).status_code == 200
    for name in ("review_approve", "review_send_back"):
        assert signed_in.get(reverse(f"workspace:{name}", args=[review.pk])).status_code == 405
    assert written() == before


# --- what is shown ---------------------------------------------------------------------------------------------------
def test_only_what_differs_is_shown_word_by_word(signed_in: Client, house: House):
    service = ServiceFactory(
        organisation=house.here, description="Tule maanantaina kahville.", for_whom="Kaikille.", how_to_join="Tule."
    )
    review = house.edit(service, description="Tule tiistaina kahville.")
    page = page_of(signed_in, review)
    html = page.content.decode()
    assert "<del>maanantaina</del>" in html
    assert "<ins>tiistaina</ins>" in html
    assert [change.words.field for change in page.context["changes"]] == ["description"]
    assert not page.context["has_risks"]


def test_a_new_listing_is_shown_whole(signed_in: Client, house: House):
    service = ServiceFactory(organisation=house.here, title="Aivan uusi", how_to_join="Tule.", live=False)
    page = page_of(signed_in, house.edit(service))
    fields = {change.words.field for change in page.context["changes"]}
    assert {"title", "summary", "description", "how_to_join"} <= fields
    assert page.context["is_new"]


def test_risky_changes_are_marked(signed_in: Client, house: House):
    page = page_of(signed_in, house.edit(title="Toinen nimi", description="Uutta."))
    assert {change.words.field: change.is_risky for change in page.context["changes"]} == {
        "title": True,
        "description": False,
    }


def test_a_duplicate_is_hinted_at(signed_in: Client, house: House):
    double = ServiceFactory(organisation=house.here, title="Ruoka-apua", how_to_join="Tule.", live=False)
    page = page_of(signed_in, house.edit(double))
    assert page.context["doubles"] == [house.service]
    assert reverse("workspace:merge", args=["service", house.service.uuid, double.uuid]) in page.content.decode()


def test_no_text_becomes_code(signed_in: Client, house: House):
    evil = "<img src=x onerror=alert(1)>"
    service = ServiceFactory(
        organisation=house.here,
        description="Ennen.",
        how_to_join="Tule.",
        contact_ways=[{"kind": "phone", "value": "1", "label": evil}],
    )
    review = house.edit(service, title=evil, summary=evil, description=evil, charge_note=evil, keywords=evil)
    Review.objects.filter(pk=review.pk).update(note=evil)
    actions.write_note(review.case, text=evil, by=house.admin)
    assert evil not in page_of(signed_in, review).content.decode()


def test_the_number_of_queries_does_not_grow(signed_in: Client, house: House, django_assert_max_num_queries):
    review = house.edit(description="Uutta.", for_whom="Kaikille.", eligibility="Ei ehtoja.", title="Uusi nimi")
    page_of(signed_in, review)
    with django_assert_max_num_queries(45):
        page_of(signed_in, review)


# --- deciding --------------------------------------------------------------------------------------------------------
def test_approving_makes_it_public(signed_in: Client, house: House):
    review = house.edit()
    approve(signed_in, review)
    review.refresh_from_db()
    assert (review.state, review.decided_by) == (ReviewState.APPROVED, house.admin)
    assert fresh(house.service).description == "Uutta."
    assert fresh(house.service).checked_on is None


def test_editing_and_approving(signed_in: Client, house: House):
    review = house.edit(description="Uuta.", for_whom="Kaikille.")
    approve(signed_in, review, description="Uutta.\r\nJa lisää.", for_whom="Kaikille.", title="Ei tarjolla")
    service = fresh(house.service)
    assert (service.description, service.for_whom, service.title) == ("Uutta.\nJa lisää.", "Kaikille.", "Ruoka-apu")


def test_names_in_a_language_are_edited_in_place(signed_in: Client, house: House):
    actions.edit(house.here, {"names": {"fi": "Tääla ry", "sv": "Här rf"}}, by=house.keeper, base=None)
    review = actions.submit(Organisation.objects.get(pk=house.here.pk), by=house.keeper).review
    approve(signed_in, review, **{"names.fi": "Täällä ry", "names.sv": "Här rf"})
    assert Organisation.objects.get(pk=house.here.pk).names == {"fi": "Täällä ry", "sv": "Här rf"}


def test_what_is_not_right_is_not_public(signed_in: Client, house: House):
    review = house.edit(title="Uusi nimi")
    answer = approve(signed_in, review, title="")
    assert answer.status_code == 400
    assert fresh(house.service).title == "Ruoka-apu"
    review.refresh_from_db()
    assert review.state == ReviewState.WAITING


def test_sending_back_needs_a_reason(signed_in: Client, house: House):
    review = house.edit()
    assert send_back(signed_in, review, reason="").status_code == 400
    send_back(signed_in, review, reason="how_to_join", words="Kerro, mistä ovesta.")
    review.refresh_from_db()
    assert (review.state, review.reason, review.words) == ("sent_back", "how_to_join", "Kerro, mistä ovesta.")
    assert fresh(house.service).description == ""


def test_nobody_approves_their_own(client: Client, house: House):
    """Also who is both a member of the organisation and its area's administrator."""
    review = house.edit()
    Review.objects.filter(pk=review.pk).update(submitted_by=house.admin)
    client.force_login(house.admin)
    assert page_of(client, review).context["is_own"]
    for answer in (approve(client, review), send_back(client, review)):
        assert answer.status_code == 403
    assert Review.objects.get(pk=review.pk).state == ReviewState.WAITING
    assert fresh(house.service).description == ""


def test_of_two_reviewers_the_second_is_told(client: Client, house: House):
    review = house.edit(description="Uutta.")
    client.force_login(house.admin)
    other = Client()
    other.force_login(area_administrator(house.here.home_municipality.county, "toinen@example.org"))
    assert page_of(client, review).status_code == page_of(other, review).status_code == 200
    send_back(other, review)
    before = written()
    answer = approve(client, review)
    assert answer.status_code == 409
    assert "toinen@example.org" in answer.content.decode()
    assert written() == before
    assert fresh(house.service).description == ""


def test_two_in_the_same_moment(signed_in: Client, house: House):
    """The other decides after this one has been let in."""
    review = house.edit()
    let_in = actions.approve

    def after_another(*args: object, **values: object):
        actions.send_back(Review.objects.get(pk=review.pk), by=house.chief, reason="unclear")
        return let_in(*args, **values)

    with mock.patch("directory.actions.approve", after_another):
        assert approve(signed_in, review).status_code == 409
    assert Review.objects.get(pk=review.pk).state == ReviewState.SENT_BACK


def test_a_newer_edit_is_led_to(signed_in: Client, house: House):
    review = house.edit()
    newer = house.edit(for_whom="Kaikille.")
    answer = approve(signed_in, review)
    assert answer.status_code == 409
    assert reverse("workspace:review", args=[newer.pk]) in answer.content.decode()


# --- afterwards ------------------------------------------------------------------------------------------------------
def published_at_once(house: House, **values: str) -> Case:
    Organisation.objects.filter(pk=house.here.pk).update(is_trusted=True)
    actions.edit(fresh(house.service), values, by=house.keeper, base=None)
    assert actions.submit(fresh(house.service), by=house.keeper).is_public
    return Case.objects.get(kind=CaseKind.INSPECTION)


def test_what_was_published_at_once_is_looked_at(signed_in: Client, house: House):
    case = published_at_once(house, description="Heti julki.")
    (page,) = signed_in.get(reverse("workspace:inspection", args=[case.pk])).context["pages"]
    assert [(each.words.field, each.words.after) for each in page.changes] == [("description", "Heti julki.")]
    signed_in.post(reverse("workspace:inspected", args=[case.pk]), {"do": "good"})
    case.refresh_from_db()
    assert case.closed_by == house.admin
    assert fresh(house.service).description == "Heti julki."


def test_two_edits_in_a_row_are_seen_as_one(signed_in: Client, house: House):
    translation_of(house.service, "sv", title="Mathjälp")
    published_at_once(house, description="Ensimmäinen.")
    case = published_at_once(house, for_whom="Toinen.")
    pages = signed_in.get(reverse("workspace:inspection", args=[case.pk])).context["pages"]
    assert [[each.words.field for each in page.changes] for page in pages] == [["description", "for_whom"]]


def test_the_former_version_is_restored(signed_in: Client, house: House):
    case = published_at_once(house, description="Heti julki.")
    signed_in.post(reverse("workspace:inspected", args=[case.pk]), {"do": "restore"})
    case.refresh_from_db()
    assert fresh(house.service).description == ""
    assert case.closed_by == house.admin


def test_not_while_a_newer_edit_waits(signed_in: Client, house: House):
    case = published_at_once(house, description="Heti julki.")
    actions.edit(fresh(house.service), {"title": "Uusi nimi"}, by=house.keeper, base=None)
    actions.submit(fresh(house.service), by=house.keeper)
    signed_in.post(reverse("workspace:inspected", args=[case.pk]), {"do": "restore"})
    assert fresh(house.service).description == "Heti julki."
    assert Case.objects.open().filter(pk=case.pk).exists()


def test_only_of_ones_own_area_and_only_this_kind(client: Client, house: House):
    case = published_at_once(house, description="Heti julki.")
    client.force_login(house.stranger)
    for answer in (
        client.get(reverse("workspace:inspection", args=[case.pk])),
        client.post(reverse("workspace:inspected", args=[case.pk]), {"do": "restore"}),
    ):
        assert answer.status_code == 404
    client.force_login(house.admin)
    assert client.get(reverse("workspace:inspection", args=[house.case().pk])).status_code == 404


# --- trust -----------------------------------------------------------------------------------------------------------
def test_trust_is_the_central_peoples(client: Client, house: House):
    address = reverse("workspace:trust", args=[house.here.slug])
    for user in (house.admin, house.keeper):
        client.force_login(user)
        assert client.get(address).status_code == client.post(address, {"trusted": "1"}).status_code == 404
    client.force_login(house.chief)
    client.get(address)
    assert not Organisation.objects.get(pk=house.here.pk).is_trusted
    client.post(address, {"trusted": "1"})
    assert Organisation.objects.get(pk=house.here.pk).is_trusted
