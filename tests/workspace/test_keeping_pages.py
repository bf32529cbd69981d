"""The keepers' pages by HTTP: who may open them, that reading writes nothing, how much they ask of the database."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.choices import FindingKind, Role, SendBackReason
from directory.contents import newest
from directory.models import Finding, Membership, Organisation, Review, Service
from portal.accounts.models import User
from tests.editing import BACKEND, person
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
    translation_of,
)

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"
CONTACT = [{"kind": "phone", "value": "012 345 6789"}]


@pytest.fixture(autouse=True)
def home_page() -> None:
    HomePageFactory()


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(slug="talo", home_municipality=MunicipalityFactory())


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return member(organisation, Role.OWNER)


@pytest.fixture
def service(organisation: Organisation, owner: User) -> Service:
    return ServiceFactory(organisation=organisation, owner=owner, title="Avoin olohuone", contact_ways=CONTACT)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=args)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode().replace("\u00ad", "")))


def moderator() -> User:
    return person(email="toimitus@example.org")


def addresses(service: Service) -> list[str]:
    """Every page of one service and its organisation."""
    key, slug = service.translation_key, service.organisation.slug
    version = service.latest_revision_id
    return [
        url("organisation", slug),
        url("service", key),
        url("service_copy", key),
        url("quick", key),
        url("quick", key) + "?what=full",
        url("quick", key) + "?what=closed",
        url("quick", key) + "?what=notice",
        url("service_preview", key, "fi"),
        url("service_history", key, "fi"),
        url("service_version", key, "fi", version),
    ]


def owners_addresses(service: Service) -> list[str]:
    return [url("organisation_edit", service.organisation.slug), url("service_end", service.translation_key)]


def posts(service: Service) -> list[str]:
    key, slug = service.translation_key, service.organisation.slug
    report = actions.report_mistake(service, message="Numero on väärä.")
    return [
        url("still_right", key),
        url("service_copy", key),
        url("service_end", key),
        url("service_language", key),
        url("quick", key) + "?what=full",
        url("quick_clear", key),
        url("service_withdraw", key, "fi"),
        url("service_restore", key, "fi", service.latest_revision_id),
        url("report_answer", report.pk),
        url("organisation_edit", slug),
        url("organisation_withdraw", slug),
    ]


# --- who may open them -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_members_open_their_own_pages(role: Role, service: Service):
    client = browser(member(service.organisation, role, f"m-{role}@example.org"))
    for address in addresses(service):
        assert client.get(address).status_code == 200, address
    for address in owners_addresses(service):
        assert client.get(address).status_code == (404 if role == Role.WRITER else 200), address


def test_others_pages_are_not_there(service: Service):
    elsewhere = OrganisationFactory(home_municipality=MunicipalityFactory())
    for user in (member(elsewhere, Role.OWNER), person("-")):
        client = browser(user)
        for address in [*addresses(service), *owners_addresses(service)]:
            assert client.get(address).status_code == 404, address
        for address in posts(service):
            assert client.post(address, {"title": "X", "language": "sv"}).status_code == 404, address
    assert Service.objects.count() == 1
    assert Service.objects.get().checked_on is None


def test_whoever_administers_the_area_comes_in_and_another_area_does_not(service: Service):
    county = service.organisation.home_municipality.county
    other = CountyFactory(code="99", names={"fi": "Muu alue"})
    for address in addresses(service):
        assert browser(area_administrator(county, f"{uuid.uuid4()}@example.org")).get(address).status_code == 200
        assert browser(area_administrator(other, f"{uuid.uuid4()}@example.org")).get(address).status_code == 404


def test_strangers_are_led_to_sign_in(service: Service):
    for address in [*addresses(service), url("home")]:
        response = Client().get(address)
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_pages_are_kept_by_no_cache(service: Service, owner: User):
    for address in [url("home"), *addresses(service)]:
        assert "no-store" in browser(owner).get(address)["Cache-Control"], address


# --- reading writes nothing ------------------------------------------------------------------------------------------
def test_reading_writes_nothing(service: Service, owner: User):
    actions.edit(service, {"summary": "Toinen lause."}, by=owner, base=None)
    review = actions.submit(Service.objects.get(pk=service.pk), by=owner).review
    actions.send_back(review, by=moderator(), reason=SendBackReason.UNCLEAR)
    client = browser(owner)
    client.get(url("home"))
    for address in [url("home"), *addresses(service), *owners_addresses(service)]:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        writes = [each["sql"] for each in queries if re.match(r"(INSERT|UPDATE|DELETE)", each["sql"])]
        assert writes == [], address
    assert Review.objects.get().seen_at is None


def test_acting_by_get_is_refused(service: Service, owner: User):
    for name in ("still_right", "service_language", "quick_clear"):
        assert browser(owner).get(url(name, service.translation_key)).status_code == 405
    assert browser(owner).get(url("all_still_right")).status_code == 405


# --- what needs me today ---------------------------------------------------------------------------------------------
def overdue(service: Service, days: int = 700) -> Service:
    """A service last checked so long ago."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    Service.objects.filter(translation_key=service.translation_key).update(checked_on=day)
    return service


def test_nobodys_member_is_shown_the_way_in():
    page = browser(person("-")).get(url("home"))
    assert page.status_code == 200
    assert page.context["organisations"] == []


def test_the_first_page_tells_what_needs_me(service: Service, owner: User):
    overdue(service)
    actions.report_mistake(service, message="Numero on väärä.")
    actions.begin_service(
        service.organisation, by=owner, title="Kerho", summary="Kerho.", kind="service", language="fi"
    )
    today = browser(owner).get(url("home")).context["today"]
    assert [each.key for each in today.to_check] == [service.translation_key]
    assert [each.message for each in today.to_answer] == ["Numero on väärä."]
    assert [each.row.title for each in today.unsent] == ["Kerho"]


def test_what_another_person_keeps_is_theirs_to_check(service: Service, owner: User):
    overdue(service)
    other = member(service.organisation, Role.DEPUTY)
    today = browser(other).get(url("home")).context["today"]
    assert (today.to_check, today.others) == ([], 1)
    # Of a keeper who is gone, it is everybody's.
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert len(browser(other).get(url("home")).context["today"].to_check) == 1


def test_one_press_checks_one_listing(service: Service, owner: User):
    overdue(service)
    browser(owner).post(url("still_right", service.translation_key))
    service.refresh_from_db()
    assert (service.checked_on, service.checked_by, service.checked_how) == (timezone.localdate(), owner, "keeper")


def test_all_still_right_checks_what_stood_there_and_nothing_else(service: Service, owner: User):
    shown = overdue(service)
    unseen = overdue(ServiceFactory(organisation=service.organisation, owner=owner))
    fresh = ServiceFactory(organisation=service.organisation, owner=owner, checked_on=datetime.date(2026, 1, 1))
    foreign = overdue(ServiceFactory())
    keys = [each.translation_key for each in (shown, fresh, foreign)]
    browser(owner).post(url("all_still_right"), {"key": [*keys, "not-a-uuid"]})
    checked = Service.objects.filter(checked_on=timezone.localdate()).values_list("pk", flat=True)
    assert shown.pk in checked
    assert unseen.pk not in checked
    assert foreign.pk not in checked


def test_what_came_back_stays_until_it_is_sent_again(service: Service, owner: User):
    actions.edit(service, {"title": "Uusi nimi"}, by=owner, base=None)
    review = actions.submit(Service.objects.get(pk=service.pk), by=owner).review
    actions.send_back(review, by=moderator(), reason=SendBackReason.UNCLEAR, words="Kenelle tämä on?")
    client = browser(owner)
    page = client.get(url("home"))
    assert "Kenelle tämä on?" in text_of(page)
    response = client.post(url("review_seen", review.pk))
    assert response["Location"] == url("service", service.translation_key)
    assert Review.objects.get(pk=review.pk).seen_at is not None
    assert len(client.get(url("home")).context["today"].sent_back) == 1
    actions.submit(Service.objects.get(pk=service.pk), by=owner)
    today = client.get(url("home")).context["today"]
    assert (today.sent_back, len(today.waiting)) == ([], 1)


def test_an_approval_is_news_until_it_is_read(service: Service, owner: User):
    actions.edit(service, {"title": "Uusi nimi"}, by=owner, base=None)
    review = actions.submit(Service.objects.get(pk=service.pk), by=owner).review
    actions.approve(review, by=moderator())
    client = browser(owner)
    assert len(client.get(url("home")).context["today"].approved) == 1
    client.post(url("review_seen", review.pk), {"next": url("home")})
    assert client.get(url("home")).context["today"].approved == []


def test_a_form_leads_to_no_other_site(service: Service, owner: User):
    response = browser(owner).post(url("still_right", service.translation_key), {"next": "https://evil.example/"})
    assert response["Location"] == url("home")


def test_several_organisations_are_a_list(service: Service, owner: User):
    other = OrganisationFactory()
    Membership.objects.create(organisation=other, user=owner, role=Role.WRITER)
    page = browser(owner).get(url("home"))
    assert url("organisation", other.slug) in page.content.decode()
    assert url("organisation", service.organisation.slug) in page.content.decode()


# --- the organisation ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["home", "organisation"])
def test_more_services_ask_no_more_of_the_database(name: str, organisation: Organisation, owner: User):
    client = browser(owner)
    address = url(name) if name == "home" else url(name, organisation.slug)

    def count() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    def one_more() -> None:
        service = overdue(ServiceFactory(organisation=organisation, owner=owner, deputy=owner, contact_ways=CONTACT))
        translation_of(service, "sv")
        actions.report_mistake(service, message="Väärin.")
        actions.edit(service, {"summary": "Uusi lause."}, by=owner, base=None)
        actions.submit(Service.objects.get(pk=service.pk), by=owner)

    one_more()
    few = count()
    for _number in range(4):
        one_more()
    assert count() == few


def test_many_services_have_pages_and_filters(organisation: Organisation, owner: User):
    for _number in range(22):
        ServiceFactory(organisation=organisation)
    overdue(ServiceFactory(organisation=organisation, title="Vanha kerho", owner=owner))
    client, address = browser(owner), url("organisation", organisation.slug)
    assert len(client.get(address).context["page"].object_list) == 20
    assert len(client.get(f"{address}?page=2").context["page"].object_list) == 3
    for query in ("state=overdue", "q=vanha", "mine=1"):
        assert [each.row.title for each in client.get(f"{address}?{query}").context["page"].object_list] == [
            "Vanha kerho"
        ], query
    assert client.get(f"{address}?state=nonsense&page=x").status_code == 200


def test_figures_are_counted(organisation: Organisation, owner: User):
    for checked_on in (timezone.localdate(), datetime.date(2020, 1, 1)):
        service = ServiceFactory(organisation=organisation)
        Service.objects.filter(pk=service.pk).update(checked_on=checked_on)
    ServiceFactory(organisation=organisation, live=False)
    page = browser(owner).get(url("organisation", organisation.slug))
    told = [row["text"] for row in page.context["figures"]]
    assert told[0] == "2"
    assert told[1].startswith("1 / 2")


# --- what texts could smuggle in -------------------------------------------------------------------------------------
def test_texts_stay_texts(organisation: Organisation, owner: User):
    Organisation.objects.filter(pk=organisation.pk).update(names={"fi": f"Talo {EVIL}"})
    User.objects.filter(pk=owner.pk).update(first_name=EVIL)
    service = ServiceFactory(
        organisation=Organisation.objects.get(pk=organisation.pk),
        owner=owner,
        title=f"Kerho {EVIL}",
        summary=EVIL,
        notice=EVIL,
        contact_ways=CONTACT,
        capacity="full",
        capacity_note=EVIL,
        opening_exceptions=[
            {"date_from": datetime.date(2031, 1, 1), "date_to": datetime.date(2031, 1, 1), "note": EVIL}
        ],
    )
    overdue(service)
    Finding.objects.create(
        key=service.translation_key, kind=FindingKind.DEAD_LINK, what=EVIL, found_on=timezone.localdate()
    )
    actions.report_mistake(service, message=EVIL, email="lukija@example.org")
    handled = actions.report_mistake(service, message=EVIL)
    actions.answer_report(handled, by=owner, answer=EVIL)
    actions.edit(service, {"how_to_join": EVIL, "summary": f"{EVIL} 2"}, by=owner, base=None)
    review = actions.submit(Service.objects.get(pk=service.pk), by=owner).review
    actions.send_back(review, by=moderator(), reason=SendBackReason.UNCLEAR, words=EVIL)
    service = Service.objects.get(pk=service.pk)
    client = browser(owner)
    for address in [url("home"), *addresses(service), *owners_addresses(service)]:
        html = client.get(address).content.decode()
        assert EVIL not in html, address
        assert "alert(1)" in html, address


def test_a_preview_shows_the_draft_and_says_so(service: Service, owner: User):
    actions.edit(service, {"how_to_join": "Soita ensin."}, by=owner, base=None)
    address = url("service_preview", service.translation_key, "fi")
    page = browser(owner).get(address)
    assert "Soita ensin." in text_of(page)
    assert "noindex" in page.content.decode()
    assert "Soita ensin." not in text_of(Client().get(service.get_absolute_url()))
    assert newest(Service.objects.get(pk=service.pk)).how_to_join == "Soita ensin."
