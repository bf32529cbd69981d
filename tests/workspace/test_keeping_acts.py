"""What keepers do with their services by HTTP: set what holds for a while, copy, end, restore; and the letters."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Revision

from directory import actions
from directory.choices import Capacity, Role, SendBackReason
from directory.contents import newest
from directory.models import FactReport, Organisation, Review, Service
from portal.accounts.models import User
from portal.post.models import Letter
from portal.workspace.keeping.forms_quick import closed_spans, until_days, usual_day
from tests.editing import BACKEND, person
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    locale,
    member,
    translation_of,
)

CONTACT = [{"kind": "phone", "value": "012 345 6789"}]


@pytest.fixture
def owner(db: None) -> User:
    HomePageFactory()
    return member(OrganisationFactory(slug="talo", home_municipality=MunicipalityFactory()), Role.OWNER)


@pytest.fixture
def organisation(owner: User) -> Organisation:
    return Organisation.objects.get(slug="talo")


@pytest.fixture
def service(organisation: Organisation, owner: User) -> Service:
    return ServiceFactory(organisation=organisation, owner=owner, title="Avoin olohuone", contact_ways=CONTACT)


@pytest.fixture
def client(owner: User) -> Client:
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=args)


def again(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


def moderator() -> User:
    return person(email="toimitus@example.org")


# --- days to choose from ---------------------------------------------------------------------------------------------
@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2040, 12, 31)))
def test_days_to_choose_from_are_to_come_and_each_another(today: datetime.date):
    days = until_days(today)
    assert days == sorted(set(days))
    assert today <= days[0]
    assert usual_day(today) in days
    spans = [span[1:] for span in closed_spans(today)]
    assert len(spans) == len(set(spans))
    assert all(first <= last and last >= today for first, last in spans)


# --- what holds for a while ------------------------------------------------------------------------------------------
def first_choice(client: Client, address: str) -> dict[str, str]:
    """What the form sends when nothing is touched but its button."""
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize("what", [Capacity.FULL, Capacity.QUEUE, Capacity.TAKING_PEOPLE])
def test_full_in_two_taps_public_at_once_and_over_by_itself(client: Client, service: Service, what: str):
    address = url("quick", service.translation_key) + f"?what={what}"
    assert client.post(address, first_choice(client, address)).status_code == 302
    service = again(service)
    assert service.current_capacity == what
    assert Service.objects.public().filter(pk=service.pk).exists()
    assert not Review.objects.exists()
    with time_machine.travel(service.capacity_until + datetime.timedelta(days=1, hours=12)):
        assert again(service).current_capacity == Capacity.UNKNOWN


def test_a_notice_is_told_in_each_language_and_cleared_in_one(client: Client, service: Service):
    swedish = translation_of(service, "sv", notice="Gammalt", notice_until=datetime.date(2020, 1, 1))
    address = url("quick", service.translation_key) + "?what=notice"
    data = first_choice(client, address)
    assert data["notice_sv"] == ""
    client.post(address, {**data, "notice_fi": "Ovi on rikki."})
    assert again(service).current_notice == "Ovi on rikki."
    # The old one does not come back with the new day.
    assert again(swedish).current_notice == ""
    client.post(url("quick_clear", service.translation_key), {"what": "notice"})
    assert again(service).current_notice == ""


def test_a_closing_stands_beside_others_and_is_taken_away_alone(client: Client, service: Service):
    address = url("quick", service.translation_key) + "?what=closed"
    for first, last in (("2031-12-24", "2031-12-26"), ("2031-07-01", "2031-07-31")):
        with time_machine.travel(datetime.datetime(2031, 6, 1, 12, tzinfo=datetime.UTC)):
            client.force_login(User.objects.get(memberships__organisation=service.organisation), backend=BACKEND)
            data = {"span": "own", "own_from": first, "own_until": last, "note": "Loma"}
            assert client.post(address, data).status_code == 302
    gone = {"what": "closed", "first": "2031-07-01", "last": "2031-07-31"}
    days = [str(each.date_from) for each in again(service).opening_exceptions.all()]
    assert sorted(days) == ["2031-07-01", "2031-12-24"]
    with time_machine.travel(datetime.datetime(2031, 6, 1, 12, tzinfo=datetime.UTC)):
        client.post(url("quick_clear", service.translation_key), gone)
    assert [str(each.date_from) for each in again(service).opening_exceptions.all()] == ["2031-12-24"]


@pytest.mark.parametrize(
    ("what", "data", "field"),
    [
        ("full", {"until": "own"}, "own_until"),
        ("full", {"until": "own", "own_until": "2001-01-01"}, "own_until"),
        ("full", {"until": "own", "own_until": "2999-01-01"}, "own_until"),
        ("full", {"until": "2999-01-01"}, "until"),
        ("notice", {}, "notice_fi"),
        ("closed", {"span": "own", "own_from": "2031-02-02", "own_until": "2031-02-01"}, "own_until"),
        ("closed", {"span": "own"}, "own_from"),
    ],
)
def test_a_wrong_day_comes_back_with_what_was_typed(client: Client, service: Service, what: str, data, field):
    response = client.post(url("quick", service.translation_key) + f"?what={what}", data)
    assert response.status_code == 400
    assert field in response.context["form"].errors


def test_an_edit_that_waits_keeps_its_words_when_a_notice_is_set(client: Client, service: Service, owner: User):
    actions.edit(service, {"title": "Uusi nimi"}, by=owner, base=None)
    review = actions.submit(again(service), by=owner).review
    address = url("quick", service.translation_key) + "?what=full"
    client.post(address, first_choice(client, address))
    assert again(service).title == "Avoin olohuone"
    actions.approve(Review.objects.get(pk=review.pk), by=moderator())
    service = again(service)
    assert (service.title, service.current_capacity) == ("Uusi nimi", Capacity.FULL)


# --- the service's page ----------------------------------------------------------------------------------------------
def test_the_page_tells_what_is_public_and_what_waits(client: Client, service: Service, owner: User):
    actions.edit(service, {"title": "Uusi nimi"}, by=owner, base=None)
    page = client.get(url("service", service.translation_key))
    (language,) = page.context["languages"]
    assert [each.field for each in language.changes] == ["title"]
    assert language.is_unsent
    assert "<del>Avoin</del> <del>olohuone</del>" in page.content.decode()


def test_a_missing_language_is_begun(client: Client, service: Service):
    locale("sv")
    page = client.get(url("service", service.translation_key))
    assert "sv" in [each.code for each in page.context["missing"]]
    response = client.post(url("service_language", service.translation_key), {"language": "sv"})
    assert response.status_code == 302
    assert Service.objects.of_keys([service.translation_key]).count() == 2
    assert client.post(url("service_language", service.translation_key), {"language": "xx"}).status_code == 404


def test_a_copy_asks_its_name_and_is_a_draft(client: Client, service: Service):
    address = url("service_copy", service.translation_key)
    assert client.post(address, {"title": ""}).status_code == 400
    client.post(address, {"title": "Toinen olohuone", "organisation": "1", "owner": "1", "live": "on"})
    copy = Service.objects.get(title="Toinen olohuone")
    assert (copy.live, copy.organisation) == (False, service.organisation)
    assert [way.value for way in newest(copy).contact_ways.all()] == ["012 345 6789"]


def test_ending_and_bringing_back(client: Client, service: Service):
    address = url("service_end", service.translation_key)
    client.post(address)
    assert not Service.objects.public().filter(pk=service.pk).exists()
    page = client.get(url("service", service.translation_key))
    assert page.context["kept"].state == "ended"
    client.post(address)
    assert Service.objects.public().filter(pk=service.pk).exists()
    assert again(service).checked_on is None


def test_what_was_sent_is_taken_back(client: Client, service: Service, owner: User):
    actions.edit(service, {"title": "Uusi nimi"}, by=owner, base=None)
    actions.submit(again(service), by=owner)
    client.post(url("service_withdraw", service.translation_key, "fi"))
    assert not Review.objects.waiting().exists()
    assert newest(again(service)).title == "Uusi nimi"


# --- history ---------------------------------------------------------------------------------------------------------
def test_history_tells_who_did_what_and_any_version_comes_back(client: Client, service: Service, owner: User):
    first = service.latest_revision_id
    actions.edit(service, {"title": "Toinen nimi"}, by=owner, base=None)
    review = actions.submit(again(service), by=owner).review
    actions.approve(review, by=moderator())
    page = client.get(url("service_history", service.translation_key, "fi"))
    events = page.context["events"]
    assert [event.changed for event in events if event.version == review.revision_id] != [[]]
    assert any(event.who == str(owner) for event in events)
    # Of the directory's own people no name is told.
    assert "toimitus@example.org" not in page.content.decode()
    client.post(url("service_restore", service.translation_key, "fi", first))
    restored = again(service)
    assert (restored.title, newest(restored).title) == ("Toinen nimi", "Avoin olohuone")
    assert Revision.objects.for_instance(restored).filter(pk=review.revision_id).exists()


def test_history_pages_hold_each_event_once(client: Client, service: Service, owner: User):
    for number in range(25):
        actions.edit(again(service), {"summary": f"Lause {number}."}, by=owner, base=None)
    address = url("service_history", service.translation_key, "fi")
    seen = [
        event.version
        for number in (1, 2)
        for event in client.get(f"{address}?page={number}").context["events"]
        if event.version
    ]
    assert sorted(seen) == sorted(Revision.objects.for_instance(service).values_list("pk", flat=True))


def test_a_version_of_another_service_is_not_there(client: Client, service: Service):
    other = ServiceFactory()
    for name in ("service_version", "service_restore"):
        address = url(name, service.translation_key, "fi", other.latest_revision_id)
        assert client.get(address).status_code in (404, 405)
        assert client.post(address).status_code in (404, 405)
    assert again(service).title == "Avoin olohuone"


# --- the organisation's facts ----------------------------------------------------------------------------------------
def organisation_form(client: Client) -> dict[str, str]:
    """What the form would send back."""
    page = client.get(url("organisation_edit", "talo"))
    form, contacts = page.context["form"], page.context["contacts"]
    data = {"base": page.context["base"], "then": "save"}
    for bound in [*form, *contacts.management_form, *(field for row in contacts for field in row)]:
        value = bound.value()
        if isinstance(value, dict):
            data |= {f"{bound.html_name}_{code.replace('-', '_')}": text for code, text in value.items()}
        else:
            data[bound.html_name] = "" if value is None else value
    return data


def test_facts_wait_for_approval_and_what_is_public_stays(client: Client, organisation: Organisation):
    address = url("organisation_edit", "talo")
    data = {**organisation_form(client), "phone": "012 345 6789", "then": "send"}
    data |= {"contacts-0-kind": "email", "contacts-0-value": "apu@example.org", "contacts-0-label": "Apu"}
    # Not a keeper's to set.
    data |= {"is_trusted": "on", "slug": "muu", "sector": "state", "business_id": "1234567-1"}
    assert client.post(address, data).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.phone, organisation.slug, organisation.is_trusted) == ("", "talo", False)
    review = Review.objects.waiting().get(organisation=organisation, service=None)
    actions.approve(review, by=moderator())
    organisation = Organisation.objects.get(pk=organisation.pk)
    assert (organisation.phone, organisation.sector) == ("012 345 6789", "association")
    assert [each.value for each in organisation.contacts.all()] == ["apu@example.org"]


def test_two_who_edit_the_same_see_each_other_and_lose_nothing(client: Client, organisation: Organisation, owner: User):
    mine = {**organisation_form(client), "short_name": "Minun", "phone": "012 111 2222"}
    actions.edit(organisation, {"short_name": "Heidän"}, by=owner, base=None)
    response = client.post(url("organisation_edit", "talo"), mine)
    assert response.status_code == 409
    assert "Heidän" in response.content.decode()
    assert response.context["form"]["short_name"].value() == "Minun"
    assert newest(Organisation.objects.get(pk=organisation.pk)).short_name == "Heidän"
    client.post(url("organisation_edit", "talo"), {**mine, "base": response.context["base"]})
    draft = newest(Organisation.objects.get(pk=organisation.pk))
    assert (draft.short_name, draft.phone) == ("Minun", "012 111 2222")


def test_a_contact_with_a_label_alone_is_an_error(client: Client, organisation: Organisation):
    data = {**organisation_form(client), "contacts-0-label": "Apu", "contacts-0-value": ""}
    assert client.post(url("organisation_edit", "talo"), data).status_code == 400


# --- readers' reports, and letters -----------------------------------------------------------------------------------
def letters(to: str) -> list[Letter]:
    return list(Letter.objects.filter(to=to).order_by("pk"))


def test_a_report_reaches_the_keeper_and_its_answer_the_reader(client: Client, service: Service, owner: User):
    User.objects.filter(pk=owner.pk).update(language="sv")
    with translation.override("fi"):
        report = actions.report_mistake(service, message="Numero ei vastaa.", email="lukija@example.org")
    (told,) = letters(owner.email)
    assert (told.language, "Numero ei vastaa." in told.text) == ("sv", True)
    assert "/sv/" in told.text
    assert "lukija@example.org" not in told.text
    page = client.get(url("service", service.translation_key))
    assert "lukija@example.org" not in page.content.decode()
    client.post(url("report_answer", report.pk), {"answer": "Kiitos, korjasimme sen.", "email": "x@example.org"})
    (answered,) = letters("lukija@example.org")
    assert (answered.language, "Kiitos, korjasimme sen." in answered.text) == ("fi", True)
    assert FactReport.objects.get().handled_by == owner
    assert client.post(url("report_answer", report.pk), {"answer": "Taas"}).status_code == 404


def test_a_report_without_an_address_is_marked_as_handled(client: Client, service: Service):
    report = actions.report_mistake(service, message="Numero ei vastaa.")
    before = Letter.objects.count()
    client.post(url("report_answer", report.pk), {"answer": ""})
    assert FactReport.objects.get().handled_at is not None
    assert Letter.objects.count() == before


def test_a_report_of_a_service_without_a_keeper_reaches_the_owners(owner: User, organisation: Organisation):
    actions.report_mistake(ServiceFactory(organisation=organisation), message="Väärin.")
    assert len(letters(owner.email)) == 1


def test_a_decision_is_told_once_to_who_sent_it_and_who_keeps_it(service: Service, owner: User):
    writer = member(service.organisation, Role.WRITER)
    actions.edit(service, {"title": "Uusi nimi"}, by=writer, base=None)
    review = actions.submit(again(service), by=writer).review
    actions.send_back(review, by=moderator(), reason=SendBackReason.UNCLEAR, words="Kenelle <b>tämä</b> on?")
    for user in (writer, owner):
        (told,) = letters(user.email)
        assert "Kenelle <b>tämä</b> on?" in told.text
        assert "<b>tämä</b>" not in told.html
    review = actions.submit(again(service), by=owner).review
    actions.approve(review, by=User.objects.get(email="toimitus@example.org"))
    assert len(letters(owner.email)) == 2
    # Whoever kept out of it is not told of the second.
    assert len(letters(writer.email)) == 1


def test_an_edit_that_is_replaced_is_told_to_nobody(service: Service, owner: User):
    for title in ("Yksi", "Kaksi"):
        actions.edit(again(service), {"title": title}, by=owner, base=None)
        actions.submit(again(service), by=owner)
    assert letters(owner.email) == []


def test_today_is_a_day_of_finland(service: Service, client: Client):
    with time_machine.travel(datetime.datetime(2031, 1, 1, 22, 30, tzinfo=datetime.UTC)):
        client.force_login(User.objects.get(memberships__organisation=service.organisation), backend=BACKEND)
        client.post(url("still_right", service.translation_key))
        assert again(service).checked_on == datetime.date(2031, 1, 2) == timezone.localdate()
