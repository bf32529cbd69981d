"""A citizen under strain, on a phone: finds help, keeps it, shares it, leaves quickly, tells of a mistake."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from directory.models import FactReport, Service
from tests.browser.addresses import (
    MUNICIPALITY_NAME,
    WORDS,
    editorial_pages,
    search_url,
    some_services,
    step_card,
    url,
    word,
)
from tests.browser.conftest import PHONE, Watch

EMERGENCY = "tel:112"


def press_button(page: Page, name: str) -> None:
    """Press the button in the text of the page, not one in its frame."""
    page.locator("main").get_by_role("button", name=name).first.click()


def test_finds_help_keeps_it_and_shares_it(page_phone: Page, open_page: Callable[..., Page]):
    page = page_phone
    page.goto("/")
    page.get_by_role("combobox").fill(WORDS)
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(WORDS)
    everything = page.locator(".listing").count()

    # Narrow: where one lives, by the button; then what costs nothing, by a touch that needs no button.
    page.get_by_label(word("Municipality"), exact=True).fill(MUNICIPALITY_NAME)
    page.get_by_role("search").get_by_role("button", name=word("Search", context="button")).click()
    expect(page.locator("#results-heading")).to_contain_text(MUNICIPALITY_NAME)
    page.locator(".filters-fold > summary").click()
    page.locator("details[data-group=charge] > summary").click()
    page.locator("input[name=charge][value=free]").check()
    page.wait_for_url(re.compile("charge=free"))
    expect(page.locator(".chips .chip--remove")).not_to_have_count(0)
    results, hits = page.url, page.locator(".listing")
    assert 0 < hits.count() <= everything

    service = service_to_open(page)
    page.locator(f".listing__title a[href*='/{service.slug}/']").click()
    expect(page).to_have_title(re.compile(re.escape(service.title)))
    main = page.locator("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(service.title)
    for heading in ("For whom", "How to join", "Where and when"):
        expect(main.get_by_role("heading", level=2, name=word(heading))).to_be_visible()
    expect(main.locator(".service__join .contact").first).to_be_visible()
    expect(main).to_contain_text(service.get_charge_display())
    expect(main.locator(".stamp time").first).to_have_attribute("datetime", service.checked_on.isoformat())

    press_button(page, word("Add to my list"))
    expect(main.get_by_role("button", name=word("On my list"))).to_be_visible()

    # Back to the results, with what was chosen, though a button was pressed in between.
    main.get_by_role("link", name=word("Back to results")).click()
    expect(page).to_have_url(results)
    expect(page.locator("#place")).to_have_value(MUNICIPALITY_NAME)
    expect(page.locator("input[name=charge][value=free]")).to_be_checked()
    expect(page.locator(".add-to-list .is-on")).to_have_count(1)

    page.locator("header .menu > summary").click()
    page.locator("header .nav-narrow [data-my-list]").click()
    expect(page).to_have_url(re.compile(url("directory:my_list")))
    expect(page.locator(".compare__item")).to_have_count(1)
    shared = page.locator("#share-address").input_value()

    other = open_page(viewport=PHONE)
    other.goto(shared)
    expect(other.locator(".compare__item")).to_contain_text(service.title)
    # Reading a shared list makes it nobody's own: only what guards the form against forgery is there.
    assert {cookie["name"] for cookie in other.context.cookies()} == {"csrftoken"}
    press_button(other, word("Make this my own list"))
    expect(other).to_have_url(re.compile(url("directory:my_list")))
    expect(other.locator(".compare__item")).to_have_count(1)


def service_to_open(page: Page) -> Service:
    """The first hit in Finnish that has all the parts a page of a service can have."""
    slugs = [link.get_attribute("href").split("/")[-2] for link in page.locator(".listing__title a").all()]
    full = {service.slug: service for service in some_services(1000)}
    return next(full[slug] for slug in slugs if slug in full)


def test_the_list_holds_after_a_touch_in_the_results(page_phone: Page):
    page_phone.goto(search_url(q=WORDS))
    page_phone.locator(".listing .add-to-list button").nth(1).click()

    expect(page_phone.locator(".add-to-list .is-on")).to_have_count(1)
    assert WORDS in page_phone.locator("#q").input_value()
    page_phone.locator(".add-to-list .is-on").click()
    expect(page_phone.locator(".add-to-list .is-on")).to_have_count(0)


def test_back_undoes_a_choice(page_phone: Page):
    page_phone.goto(search_url(q=WORDS))
    everything = page_phone.locator("#results-heading").inner_text()
    page_phone.locator(".filters-fold > summary").click()
    page_phone.locator("details[data-group=charge] > summary").click()
    page_phone.locator("input[name=charge][value=free]").check()
    page_phone.wait_for_url(re.compile("charge=free"))
    expect(page_phone.locator("#results-heading")).not_to_have_text(everything)
    page_phone.go_back()

    expect(page_phone.locator("#results-heading")).to_have_text(everything)
    expect(page_phone.locator("input[name=charge][value=free]")).not_to_be_checked()


def test_near_me_tells_no_more_than_a_kilometre(open_page: Callable[..., Page]):
    page = open_page(
        viewport=PHONE, geolocation={"latitude": 62.242631, "longitude": 25.747257}, permissions=["geolocation"]
    )
    page.goto(search_url(q=WORDS))
    page.locator("[data-near-me]").click()

    page.wait_for_url(re.compile(r"lat=62\.24&lon=25\.75"))
    expect(page.locator(".listing__facts").first).to_contain_text("km")


# --- Leaving quickly -------------------------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(watch: Watch) -> str:
    """The harmless site one leaves to."""
    watch.expect(f"asked {settings.QUICK_EXIT_URL}")
    return settings.QUICK_EXIT_URL


def play(page: Page, elsewhere: str) -> dict[str, str]:
    """Stand in for the other site; answers the headers of the request that reached it."""
    heard: dict[str, str] = {}

    def answer(route) -> None:
        heard.update(route.request.headers)
        route.fulfill(body="<title>Sää</title>", content_type="text/html; charset=utf-8")

    page.route(f"{elsewhere}**", answer)
    return heard


@pytest.mark.parametrize("by", ["Esc twice", "the button"])
def test_leaves_and_nobody_comes_back(page_phone: Page, elsewhere: str, by: str):
    heard = play(page_phone, elsewhere)
    page_phone.goto(url("content:help_now"))
    page_phone.goto(search_url(q=WORDS))
    if by == "Esc twice":
        page_phone.locator("#q").focus()
        page_phone.keyboard.press("Escape")
        page_phone.keyboard.press("Escape")
    else:
        page_phone.locator("[data-quick-exit]").click()
    page_phone.wait_for_url(f"{elsewhere}**")
    assert "referer" not in heard

    # The page that was left is not behind the back button: the one before it is.
    page_phone.go_back()
    expect(page_phone).to_have_url(re.compile(url("content:help_now")))


def test_leaves_by_the_link_without_script(open_page: Callable[..., Page], elsewhere: str):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    heard = play(page, elsewhere)
    page.goto(search_url(q=WORDS))
    page.get_by_role("link", name=word("Leave this site")).click()

    page.wait_for_url(f"{elsewhere}**")
    assert "referer" not in heard


def test_one_escape_leaves_nothing(page_phone: Page):
    page_phone.goto(search_url(q=WORDS))
    page_phone.locator("header .menu > summary").click()
    page_phone.keyboard.press("Escape")

    expect(page_phone.locator("header .menu")).not_to_have_attribute("open", "")
    expect(page_phone.locator("header .menu > summary")).to_be_focused()


# --- Help now --------------------------------------------------------------------------------------------------------
def test_help_now_is_one_press_away(page_phone: Page):
    service = some_services(1)[0]
    pages = editorial_pages("fi")
    main_pages = [
        *(pages[name] for name in ("home", "pathway", "stage 1", "practice model", "catalogue", "text page")),
        search_url(q=WORDS),
        url("directory:service", slug=service.slug),
        url("directory:organisation", slug=service.organisation.slug),
        url("directory:my_list"),
        step_card().url,
    ]
    for address in main_pages:
        page_phone.goto(address)
        link = page_phone.get_by_role("banner").get_by_role("link", name=word("Help now"))
        expect(link, address).to_be_in_viewport()
        link.click()
        expect(page_phone, address).to_have_url(re.compile(url("content:help_now")))
    first = page_phone.locator("main a[href^='tel:']").first
    expect(first).to_have_attribute("href", EMERGENCY)
    expect(first).to_be_in_viewport()


# --- A mistake -------------------------------------------------------------------------------------------------------
def test_tells_of_a_mistake_and_loses_no_word(page_phone: Page, watch: Watch):
    watch.expect("status of 400")
    page, service = page_phone, some_services(1)[0]
    page.goto(url("directory:service", slug=service.slug))
    page.get_by_role("link", name=word("Report a mistake")).click()
    text, wrong = "Numero ei vastaa.\nKävin paikalla, ovi oli kiinni.", "ei-osoite"
    message, email = page.locator("#id_message"), page.locator("#id_email")

    press_button(page, word("Send the report"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(message).to_have_attribute("aria-invalid", "true")

    page.locator(".error-summary a").first.click()
    expect(message).to_be_focused()
    message.fill(text)
    email.fill(wrong)
    press_button(page, word("Send the report"))
    expect(page.locator(".error-summary li")).to_have_count(1)
    expect(message).to_have_value(text)
    expect(email).to_have_value(wrong)
    expect(email).to_have_attribute("aria-describedby", re.compile("id_email_error"))
    expect(page.locator("#id_email_error")).to_be_visible()

    email.fill("")
    press_button(page, word("Send the report"))
    expect(page).to_have_url(re.compile(url("directory:report_sent", slug=service.slug)))
    report = FactReport.objects.get()
    assert report.message.splitlines() == text.splitlines()
