"""The directory's pages: what they show, what they refuse, my list, and telling of a mistake."""

import re
import uuid
from html import unescape

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory import shortlist, views
from directory.models import FactReport, Service
from portal.base import languages
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    translation_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home() -> None:
    HomePageFactory()


def address(name: str, code: str = "fi", **kwargs: object) -> str:
    with translation.override(code):
        return reverse(f"directory:{name}", kwargs=kwargs)


def page_of(service: Service, code: str = "fi") -> str:
    return address("service", code, slug=service.slug)


def html_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return unescape(response.content.decode()).replace("\u00ad", "").replace("\u00a0", " ")


def listed(client: Client) -> list[uuid.UUID]:
    return shortlist.unpack(client.cookies[shortlist.COOKIE].value) if shortlist.COOKIE in client.cookies else []


# --- service ---------------------------------------------------------------------------------------------------------
def test_a_service_page_tells_what_a_person_asks(client: Client):
    service = ServiceFactory(
        title="Velkaneuvonta",
        summary="Apua velkoihin.",
        how_to_join="Soita meille.",
        how_to_refer="Soita asiakkaan kanssa.",
        charge="free",
        languages=["fi", "so"],
        places=[PlaceFactory(street="Koivukatu 1")],
        contact_ways=[{"kind": "phone", "value": "017 123 456", "hours": "ma klo 9–11"}],
        required_documents=[{"name": "Maksukehotus"}],
        links=[{"label": "Lue lisää", "url": "https://example.org/"}],
        long_description=[{"promise": "Vastaamme päivässä."}],
    )
    html = html_of(client, page_of(service))
    for text in (
        "Velkaneuvonta",
        str(service.organisation),
        "Apua velkoihin.",
        "Soita meille.",
        "Soita asiakkaan kanssa.",
        "Koivukatu 1",
        "017 123 456",
        "ma klo 9–11",
        "Maksukehotus",
        "https://example.org/",
        "Vastaamme päivässä.",
    ):
        assert text in html, text


@pytest.mark.parametrize("code", languages.CODES)
def test_a_service_has_a_page_in_every_language(client: Client, code: str):
    service = ServiceFactory(title="Suomeksi")
    translation_of(service, "sv", title="På svenska")
    assert ("På svenska" if code == "sv" else "Suomeksi") in html_of(client, page_of(service, code))


@pytest.mark.parametrize(("code", "says"), [("fi", False), ("fi-simple", True), ("en", True)])
def test_the_text_says_in_what_language_it_is(client: Client, code: str, says: bool):
    html = html_of(client, page_of(ServiceFactory(), code))
    assert ('<article class="service" lang="fi"' in html) is says


@pytest.mark.parametrize("code", languages.CODES)
@pytest.mark.parametrize("name", ["service", "report", "report_sent", "organisation"])
def test_what_is_not_there_is_404_in_every_language(client: Client, name: str, code: str):
    html = html_of(client, address(name, code, slug="ei-ole"), 404)
    assert f'<html lang="{code}"' in html
    assert "<h1" in html


@pytest.mark.parametrize(
    "values", [{"live": False}, {"is_hidden": True}, {"withdrawn_on": timezone.localdate()}], ids=str
)
@pytest.mark.parametrize("name", ["service", "report", "report_sent"])
def test_what_is_not_public_is_404(client: Client, name: str, values: dict):
    assert client.get(address(name, slug=ServiceFactory(**values).slug)).status_code == 404


def test_two_services_with_one_slug_do_not_break_the_page(client: Client):
    """Rows that came past the check: the reader's language decides."""
    ServiceFactory(title="Suomeksi", slug="sama")
    other = ServiceFactory(title="På svenska", slug="toinen", language="sv")
    Service.objects.filter(pk=other.pk).update(slug="sama")
    assert "Suomeksi" in html_of(client, address("service", "fi", slug="sama"))
    assert "På svenska" in html_of(client, address("service", "sv", slug="sama"))


def test_a_partner_that_is_hidden_is_not_named(client: Client):
    partners = [
        OrganisationFactory(names={"fi": "Avoin Kumppani"}),
        OrganisationFactory(names={"fi": "Piilotettu Kumppani"}, is_hidden=True),
        OrganisationFactory(names={"fi": "Luonnos Kumppani"}, live=False),
    ]
    html = html_of(client, page_of(ServiceFactory(partners=partners)))
    assert "Avoin Kumppani" in html
    assert "Piilotettu Kumppani" not in html
    assert "Luonnos Kumppani" not in html


def test_a_service_that_never_closes_is_simply_open(client: Client):
    service = ServiceFactory(opening_hours=[{"weekday": day, "opens": "0:00", "closes": "0:00"} for day in range(1, 8)])
    html = html_of(client, page_of(service, "en"))
    badge = re.search(r'<p class="hours__now">(.*?)</p>', html, re.DOTALL)
    assert badge
    assert not re.search(r"\d", re.sub(r"<[^>]+>", "", badge[1]))


def test_hours_of_another_season_are_not_shown(client: Client):
    day = timezone.localdate()
    old, ahead = day.replace(year=day.year - 1), day.replace(year=day.year + 1)
    service = ServiceFactory(
        opening_hours=[
            {"weekday": 1, "opens": "9:11", "closes": "15:00"},
            {"weekday": 1, "opens": "10:22", "closes": "16:00", "valid_to": old},
            {"weekday": 1, "opens": "11:33", "closes": "17:00", "valid_from": ahead},
        ]
    )
    html = html_of(client, page_of(service))
    assert "9.11" in html
    assert "10.22" not in html
    assert "11.33" not in html


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("http://testserver/fi/hae/?stage=1", "/fi/hae/?stage=1"),
        ("http://testserver/fi/", "/fi/hae/"),
        ("https://elsewhere.example/fi/hae/?stage=1", "/fi/hae/"),
        ("", "/fi/hae/"),
    ],
)
def test_back_to_the_results_one_came_from(client: Client, referer: str, expected: str):
    response = client.get(page_of(ServiceFactory()), headers={"referer": referer})
    assert response.context["back_to_results"] == expected


@pytest.mark.parametrize("name", ["service", "organisation", "shared_list", "my_list", "report_sent"])
def test_reading_takes_no_post(client: Client, name: str):
    service = ServiceFactory()
    kwargs = {
        "service": {"slug": service.slug},
        "report_sent": {"slug": service.slug},
        "organisation": {"slug": service.organisation.slug},
        "shared_list": {"token": shortlist.pack([service.uuid])},
    }.get(name, {})
    assert client.post(address(name, **kwargs)).status_code == 405


# --- organisation ----------------------------------------------------------------------------------------------------
def test_an_organisation_shows_its_public_services_once_each(client: Client):
    organisation = OrganisationFactory(names={"fi": "Savon Tuki", "sv": "Savolax Stöd"}, phone="017 123 456")
    service = ServiceFactory(organisation=organisation, title="Kahvila")
    translation_of(service, "sv", title="Kaféet")
    ServiceFactory(organisation=organisation, title="Piilossa", is_hidden=True)
    ServiceFactory(organisation=organisation, title="Luonnos", live=False)
    ServiceFactory(title="Muiden")
    html = html_of(client, address("organisation", "sv", slug=organisation.slug))
    assert "Savolax Stöd" in html
    assert "017 123 456" in html
    assert html.count('<article class="listing"') == 1
    assert "Kaféet" in html
    for text in ("Piilossa", "Luonnos", "Muiden"):
        assert text not in html


@pytest.mark.parametrize("values", [{"live": False}, {"is_hidden": True}], ids=str)
def test_an_organisation_that_is_not_public_is_404(client: Client, values: dict):
    assert client.get(address("organisation", slug=OrganisationFactory(**values).slug)).status_code == 404


@pytest.mark.parametrize(("values", "named"), [({}, True), ({"live": False}, False), ({"is_hidden": True}, False)])
def test_a_parent_is_named_only_when_it_is_public(client: Client, values: dict, named: bool):
    parent = OrganisationFactory(names={"fi": "Emoliitto"}, **values)
    html = html_of(client, address("organisation", slug=OrganisationFactory(parent=parent).slug))
    assert ("Emoliitto" in html) is named


# --- how many queries ------------------------------------------------------------------------------------------------
def busy_services(number: int, **values: object) -> list[Service]:
    """Services with everything a page shows."""
    kuopio = MunicipalityFactory()
    topic = TermFactory()
    return [
        ServiceFactory(
            topics=[topic],
            municipalities=[kuopio],
            places=[PlaceFactory(), PlaceFactory(is_secret=True)],
            partners=[OrganisationFactory()],
            opening_hours=[{"weekday": 1, "opens": "9:00", "closes": "15:00", "place": PlaceFactory()}],
            contact_ways=[{"kind": "phone", "value": "012"}, {"kind": "email", "value": "a@example.org"}],
            **values,
        )
        for _ in range(number)
    ]


def queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)  # what is cached is read
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_service_page_asks_little(client: Client, django_assert_max_num_queries):
    [service] = busy_services(1)
    client.get(page_of(service))
    with django_assert_max_num_queries(28):
        client.get(page_of(service))


def test_an_organisation_page_asks_no_more_for_many_services(client: Client):
    few, many = OrganisationFactory(), OrganisationFactory()
    busy_services(1, organisation=few)
    busy_services(8, organisation=many)
    assert queries(client, address("organisation", slug=many.slug)) <= queries(
        client, address("organisation", slug=few.slug)
    )
    assert queries(client, address("organisation", slug=many.slug)) <= 18


def test_a_list_asks_no_more_for_many_services(client: Client):
    keys = [service.uuid for service in busy_services(8)]
    few = queries(client, address("shared_list", token=shortlist.pack(keys[:1])))
    assert queries(client, address("shared_list", token=shortlist.pack(keys))) <= few <= 24


# --- my list ---------------------------------------------------------------------------------------------------------
def toggle(client: Client, service: Service, **values: str):
    return client.post(address("toggle_in_list"), {"item": str(service.uuid), **values})


def test_put_on_the_list_and_take_off(client: Client):
    service, other = ServiceFactory(title="Kahvila"), ServiceFactory()
    assert toggle(client, service, action="add").url == "/fi/lista/"
    assert toggle(client, other, action="add").status_code == 302
    assert listed(client) == [service.uuid, other.uuid]
    assert "Kahvila" in html_of(client, address("my_list"))
    toggle(client, service, action="remove")
    assert listed(client) == [other.uuid]
    assert "Kahvila" not in html_of(client, address("my_list"))


def test_adding_twice_adds_once(client: Client):
    service = ServiceFactory()
    toggle(client, service, action="add")
    toggle(client, service, action="add")
    assert listed(client) == [service.uuid]


def test_without_an_action_it_turns_over(client: Client):
    service = ServiceFactory()
    toggle(client, service)
    assert listed(client) == [service.uuid]
    toggle(client, service)
    assert not listed(client)


def test_the_list_is_known_on_other_pages(client: Client):
    service = ServiceFactory()
    toggle(client, service, action="add")
    for path in (page_of(service), address("organisation", slug=service.organisation.slug)):
        assert 'value="remove"' in html_of(client, path)
    toggle(client, service, action="remove")
    assert 'value="remove"' not in html_of(client, page_of(service))


def test_with_htmx_the_button_comes_back(client: Client):
    service = ServiceFactory(title="Kahvila")
    response = client.post(
        address("toggle_in_list"), {"item": str(service.uuid), "action": "add"}, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert 'value="remove"' in html
    assert "<html" not in html
    assert listed(client) == [service.uuid]


def test_the_forms_on_the_list_work_with_csrf_checks():
    """Every form of the list page is sent as a browser would send it."""
    client = Client(enforce_csrf_checks=True)
    service, other = ServiceFactory(), ServiceFactory()
    for path in (page_of(service), page_of(other)):
        assert send_form(client, path, "vaihda").status_code == 302
    assert listed(client) == [service.uuid, other.uuid]
    assert send_form(client, address("my_list"), "vaihda").status_code == 302
    assert listed(client) == [other.uuid]
    assert send_form(client, address("my_list"), "tyhjenna").status_code == 302
    assert listed(client) == []
    shared = address("shared_list", token=shortlist.pack([service.uuid]))
    assert send_form(client, shared, "omaksi").status_code == 302
    assert listed(client) == [service.uuid]


def send_form(client: Client, path: str, action: str):
    """Send the first form of a page whose address has `action` in it, with its hidden fields and button."""
    html = html_of(client, path)
    target, body = next(
        (match[1], match[2])
        for match in re.finditer(r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', html, re.DOTALL)
        if action in match[1]
    )
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body)
    fields += re.findall(r'<button[^>]*name="([^"]+)" value="([^"]*)"', body)[:1]
    return client.post(target, dict(fields), headers={"referer": f"http://testserver{path}"})


@pytest.mark.parametrize("item", ["", "x", "00000000-0000-4000-8000-000000000000", "1" * 5000])
def test_what_is_no_service_cannot_be_added(client: Client, item: str):
    assert client.post(address("toggle_in_list"), {"item": item}).status_code == 404
    assert not listed(client)


def test_what_is_not_public_cannot_be_added_but_can_be_taken_off(client: Client):
    hidden, service = ServiceFactory(is_hidden=True), ServiceFactory()
    assert toggle(client, hidden, action="add").status_code == 404
    toggle(client, service, action="add")
    service.unpublish()
    assert toggle(client, service, action="remove").status_code == 302
    assert not listed(client)


def test_the_list_says_what_is_gone(client: Client):
    service, other = ServiceFactory(title="Kahvila"), ServiceFactory(title="Saunavuoro")
    toggle(client, service, action="add")
    toggle(client, other, action="add")
    service.unpublish()
    response = client.get(address("my_list"))
    assert response.context["gone"] == 1
    assert "Kahvila" not in response.content.decode()


def test_the_list_has_an_end(client: Client):
    for service in [ServiceFactory() for _ in range(shortlist.MOST + 1)]:
        toggle(client, service, action="add")
    assert len(listed(client)) == shortlist.MOST


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/fi/hae/?stage=1", "/fi/hae/?stage=1"),
        ("", "/fi/lista/"),
        ("https://elsewhere.example/", "/fi/lista/"),
        ("//elsewhere.example/", "/fi/lista/"),
        ("/\\elsewhere.example", "/fi/lista/"),
        ("javascript:alert(1)", "/fi/lista/"),
        ("http://testserver/fi/", "/fi/lista/"),
        ("fi/hae/", "/fi/lista/"),
    ],
)
def test_one_goes_back_to_our_own_pages_only(client: Client, wanted: str, expected: str):
    assert toggle(client, ServiceFactory(), next=wanted).url == expected


def test_the_cookie_is_for_the_browser_alone(client: Client):
    client.post(address("toggle_in_list"), {"item": str(ServiceFactory().uuid)}, secure=True)
    cookie = client.cookies[shortlist.COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 14 * 24 * 3600


def test_a_forged_cookie_is_an_empty_list(client: Client):
    client.cookies[shortlist.COOKIE] = "AAAA:forged"
    assert client.get(address("my_list")).context["items"] == []


def test_the_list_is_never_cached(client: Client):
    assert "no-store" in client.get(address("my_list"))["Cache-Control"]


def test_large_print(client: Client):
    toggle(client, ServiceFactory())
    assert 'class="large-print"' in html_of(client, f"{address('my_list')}?large=1")
    assert 'class="large-print"' not in html_of(client, address("my_list"))


def test_clearing_forgets_everything(client: Client):
    toggle(client, ServiceFactory(), action="add")
    response = client.post(address("clear_list"), follow=True)
    assert response.status_code == 200
    assert client.cookies[shortlist.COOKIE].value == ""
    assert response.context["items"] == []


# --- a shared list ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", languages.CODES)
def test_a_shared_list_can_be_read_and_is_nobodys_own(client: Client, code: str):
    services = [ServiceFactory(title="Kahvila"), ServiceFactory(title="Saunavuoro")]
    path = address("shared_list", code, token=shortlist.pack(service.uuid for service in services))
    html = html_of(client, path)
    assert html.index("Kahvila") < html.index("Saunavuoro")
    assert 'content="noindex"' in html
    assert not listed(client)


def test_the_address_and_the_message_of_my_list(client: Client):
    toggle(client, ServiceFactory(title="Kahvila", contact_ways=[{"kind": "phone", "value": "017 123 456"}]))
    context = client.get(address("my_list")).context
    assert context["share_address"].startswith("http://testserver/fi/lista/jaettu/")
    assert context["share_address"] in context["message"]
    assert "Kahvila" in context["message"]
    assert "017 123 456" in context["message"]
    assert "Kahvila" in html_of(Client(), context["share_address"].removeprefix("http://testserver"))


def test_a_shared_list_can_be_made_ones_own(client: Client):
    mine, shared = ServiceFactory(), ServiceFactory()
    toggle(client, mine, action="add")
    token = shortlist.pack([shared.uuid, mine.uuid])
    assert client.get(address("take_shared_list", token=token)).status_code == 405
    client.post(address("take_shared_list", token=token))
    assert listed(client) == [mine.uuid, shared.uuid]


@pytest.mark.parametrize("token", ["x", "AAAA:forged", "ä", shortlist.pack([])])
@pytest.mark.parametrize("code", languages.CODES)
def test_a_list_that_is_not_ours_is_404(client: Client, code: str, token: str):
    assert client.get(address("shared_list", code, token=token)).status_code == 404


def test_a_shared_list_of_nothing_public_says_so(client: Client):
    service = ServiceFactory(title="Kahvila", is_hidden=True)
    assert "Kahvila" not in html_of(client, address("shared_list", token=shortlist.pack([service.uuid])))


# --- a mistake -------------------------------------------------------------------------------------------------------
def report(client: Client, service: Service, **values: str):
    return client.post(address("report", slug=service.slug), {"message": "Numero ei vastaa.", **values})


@pytest.mark.parametrize("code", languages.CODES)
def test_the_form_opens_in_every_language(client: Client, code: str):
    assert "<textarea" in html_of(client, address("report", code, slug=ServiceFactory().slug))


@pytest.mark.parametrize("email", ["", "anna@example.org"])
def test_a_report_is_taken_down(client: Client, email: str):
    service = ServiceFactory()
    response = report(client, service, email=email)
    assert response.url == address("report_sent", slug=service.slug)
    assert client.get(response.url).status_code == 200
    saved = FactReport.objects.get()
    assert (saved.service, saved.message, saved.email) == (service, "Numero ei vastaa.", email)


@pytest.mark.parametrize(
    "values",
    [{"message": ""}, {"message": "   "}, {"message": "x" * 2001}, {"email": "ei osoite"}],
    ids=lambda each: str(each)[:30],
)
def test_a_wrong_report_comes_back_with_what_was_typed(client: Client, values: dict):
    response = report(client, ServiceFactory(), **{"email": "anna@example.org", **values})
    html = unescape(response.content.decode())
    assert response.status_code == 400
    assert not FactReport.objects.exists()
    assert "field__error" in html
    assert 'aria-invalid="true"' in html
    assert ({"email": "anna@example.org"} | values)["email"] in html
    if "message" not in values:
        assert "Numero ei vastaa." in html


def test_a_report_by_a_program_is_thanked_and_forgotten(client: Client):
    response = report(client, ServiceFactory(), website="https://spam.example/")
    assert response.status_code == 302
    assert not FactReport.objects.exists()


def test_too_many_reports(client: Client):
    service = ServiceFactory()
    for _ in range(views.REPORTS_PER_HOUR):
        assert report(client, service).status_code == 302
    response = report(client, service, message="Vielä yksi asia.")
    assert response.status_code == 429
    assert "Vielä yksi asia." in response.content.decode()
    assert FactReport.objects.count() == views.REPORTS_PER_HOUR
    # Another person on another line may still send one.
    assert (
        Client(REMOTE_ADDR="192.0.2.7").post(address("report", slug=service.slug), {"message": "x"}).status_code == 302
    )


def test_a_wrong_report_does_not_count(client: Client):
    service = ServiceFactory()
    for _ in range(views.REPORTS_PER_HOUR + 1):
        report(client, service, message="")
    assert report(client, service).status_code == 302


def test_a_report_needs_the_forms_own_token():
    service = ServiceFactory()
    response = Client(enforce_csrf_checks=True).post(address("report", slug=service.slug), {"message": "x"})
    assert response.status_code == 403
    assert not FactReport.objects.exists()


def test_a_report_sends_no_mail(client: Client):
    report(client, ServiceFactory())
    assert mail.outbox == []


def test_tests_run_as_production_does():
    assert not settings.DEBUG


def test_a_contact_way_that_is_no_web_address_is_no_link(home):
    address = page_of(ServiceFactory(contact_ways=[{"kind": "web", "value": "javascript:alert(1)"}]))
    html = Client().get(address).content.decode()
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html
