"""The search box while one types: suggestions by keyboard, mouse and touch, what is read aloud, and danger first."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from portal.base import languages
from tests.browser.addresses import MUNICIPALITY_NAME, NONSENSE, search_url, url, word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.looks import look_faults

TYPED = "velka"


@pytest.fixture(autouse=True)
def suggested(live_site: str) -> None:
    """The suggestions of the whole content."""
    call_command("ensure_index", verbosity=0)


def box(page: Page) -> Locator:
    return page.locator("input[data-suggest]")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name=word("Suggestions")).get_by_role("option")


def type_in(page: Page, text: str = TYPED) -> Locator:
    """Type as a person does; answers the options when they are there."""
    box(page).press_sequentially(text, delay=20)
    expect(options(page)).not_to_have_count(0)
    return options(page)


ADDRESSES = ["/fi/", search_url()]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_box_tells_what_it_is(page_desktop: Page, address: str):
    page_desktop.goto(address)
    field = page_desktop.get_by_role("combobox", name=word("What do you need help with or want to do?"))
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_attribute("autocomplete", "off")
    listbox = page_desktop.locator(f"#{field.get_attribute('aria-controls')}")
    expect(listbox).to_have_role("listbox")
    expect(listbox).to_be_hidden()

    found = type_in(page_desktop)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page_desktop.locator("[data-live-region]")).to_have_text(re.compile(rf"^{found.count()} "))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_keyboard_goes_through_the_list(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    found, field = type_in(page), box(page)
    last = found.count() - 1

    def is_at(place: int | None) -> None:
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0 if place is None else 1)
        if place is None:
            assert field.get_attribute("aria-activedescendant") is None
        else:
            expect(found.nth(place)).to_have_attribute("aria-selected", "true")
            assert field.get_attribute("aria-activedescendant") == found.nth(place).get_attribute("id")
        expect(field).to_be_focused()
        expect(field).to_have_value(TYPED)

    is_at(None)
    for key, place in [
        ("ArrowDown", 0), ("ArrowDown", 1), ("End", last), ("ArrowDown", None), ("ArrowUp", last), ("Home", 0),
        ("ArrowUp", None), ("ArrowDown", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        is_at(place)

    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    is_at(None)
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(found).not_to_have_count(0)

    page.keyboard.press("ArrowDown")
    chosen = found.first.get_attribute("data-text")
    page.keyboard.press("Enter")
    expect(page.locator("#results-heading")).to_contain_text(chosen)
    expect(box(page)).to_have_value(chosen)
    expect(page.get_by_role("option")).to_have_count(0)


def test_enter_without_a_choice_searches_what_was_typed(page_desktop: Page):
    page_desktop.goto("/fi/")
    type_in(page_desktop)
    page_desktop.keyboard.press("Enter")
    expect(page_desktop.locator("#results-heading")).to_contain_text(TYPED)


def test_tab_leaves_the_list_and_the_words(page_desktop: Page):
    page_desktop.goto(search_url())
    found = type_in(page_desktop)
    page_desktop.keyboard.press("ArrowDown")
    page_desktop.keyboard.press("Tab")
    expect(found).to_have_count(0)
    expect(page_desktop.locator("#place")).to_be_focused()
    expect(box(page_desktop)).to_have_value(TYPED)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_a_press_chooses(open_page: Callable[..., Page], viewport: dict):
    is_phone = viewport is PHONE
    page = open_page(viewport=viewport, has_touch=is_phone, is_mobile=is_phone)
    page.goto(search_url())
    before = page.locator(".search-page__results").bounding_box()
    found = type_in(page)
    assert page.locator(".search-page__results").bounding_box() == before, "the page moved"
    assert all(option.bounding_box()["height"] >= 44 for option in found.all())
    assert not look_faults(page)
    chosen = found.nth(1).get_attribute("data-text")
    found.nth(1).tap() if is_phone else found.nth(1).click()
    expect(page.locator("#results-heading")).to_contain_text(chosen)
    expect(found).to_have_count(0)


def test_a_place_goes_where_places_go(page_desktop: Page):
    page_desktop.goto(search_url(lat="60.17", lon="24.94"))
    type_in(page_desktop, MUNICIPALITY_NAME[:5].lower()).filter(has_text=MUNICIPALITY_NAME).first.click()
    expect(page_desktop.locator("#results-heading")).to_contain_text(MUNICIPALITY_NAME)
    expect(page_desktop.locator("#place")).to_have_value(MUNICIPALITY_NAME)
    expect(box(page_desktop)).to_have_value("")
    assert "lat=" not in page_desktop.url


def test_nothing_is_shown_for_nothing(page_desktop: Page):
    page_desktop.goto("/fi/")
    found = type_in(page_desktop)
    box(page_desktop).fill("")
    expect(found).to_have_count(0)
    expect(page_desktop.get_by_role("listbox")).to_have_count(0)
    with page_desktop.expect_response(re.compile("ehdotukset")):
        box(page_desktop).fill(NONSENSE)
    expect(box(page_desktop)).to_have_attribute("aria-expanded", "false")


def test_an_answer_that_comes_late_is_not_shown(page_desktop: Page):
    """Of two questions under way, only the newer one is answered."""
    page_desktop.goto("/fi/")
    held = []
    page_desktop.route(
        "**/ehdotukset/**", lambda route: held.append(route) if route.request.url.endswith("=v") else route.continue_()
    )
    with page_desktop.expect_request(re.compile("q=v$")):
        box(page_desktop).press_sequentially("v")
    found = type_in(page_desktop, "elka")
    expect(found.first).to_contain_text(re.compile(r"^Vel"))
    for route in held:
        route.abort()
    expect(found.first).to_contain_text(re.compile(r"^Vel"))


def test_the_box_works_when_suggestions_do_not(page_desktop: Page, watch: Watch):
    watch.expect("status of 500")
    page_desktop.goto("/fi/")
    page_desktop.route("**/ehdotukset/**", lambda route: route.fulfill(status=500))
    with page_desktop.expect_response(re.compile("ehdotukset")):
        box(page_desktop).press_sequentially(TYPED)
    page_desktop.keyboard.press("Enter")
    expect(page_desktop.locator("#results-heading")).to_contain_text(TYPED)


def test_without_script_it_is_a_search_field(page_no_js: Page):
    for address in ADDRESSES:
        page_no_js.goto(address)
        field = page_no_js.get_by_role("searchbox")
        assert field.get_attribute("aria-expanded") is None
        expect(page_no_js.get_by_role("listbox")).to_have_count(0)
        field.fill(TYPED)
        field.press("Enter")
        expect(page_no_js.locator("#results-heading")).to_contain_text(TYPED)


def test_nothing_typed_stays_in_the_browser(page_desktop: Page):
    page_desktop.goto("/fi/")
    type_in(page_desktop)
    assert page_desktop.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("language", [languages.FINNISH, languages.SWEDISH])
@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_the_open_list_can_be_used_by_everybody(open_page: Callable[..., Page], language: str, look: dict):
    page = open_page(**look)
    for address in (f"/{language}/", search_url(language)):
        page.goto(address)
        box(page).press_sequentially("kri", delay=20)
        expect(page.get_by_role("option")).not_to_have_count(0)
        page.keyboard.press("ArrowDown")
        assert_no_axe_violations(page)


# --- Danger ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "words"), [("fi", "mies lyö"), ("sv", "vill inte leva")])
def test_help_in_danger_is_seen_first(open_page: Callable[..., Page], language: str, words: str):
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(search_url(language, q=words))
    expect(page.locator("main a[href^='tel:']").first).to_have_attribute("href", "tel:112")
    expect(page.locator(".crisis a[href^='tel:']").nth(1)).to_be_in_viewport()
    assert not look_faults(page)
    assert_no_axe_violations(page)


def test_help_in_danger_comes_and_goes_with_the_words(page_phone: Page):
    page = page_phone
    page.goto(search_url(q="yksinäisyys"))
    expect(page.locator(".crisis")).to_have_count(0)
    send = page.get_by_role("search").get_by_role("button", name=word("Search", context="button"))
    box(page).fill("haluan kuolla")
    send.click()
    expect(page.locator("#crisis-heading")).to_be_focused()
    expect(page.locator(".crisis a[href='tel:112']")).to_be_in_viewport()
    expect(page.locator("[data-live-region]")).to_contain_text("112")

    box(page).fill("yksinäisyys")
    send.click()
    expect(page.locator("#results-heading")).to_be_focused()
    expect(page.locator(".crisis")).to_have_count(0)


def test_help_in_danger_leads_on(page_no_js: Page):
    page_no_js.goto(search_url(q="mies lyö"))
    page_no_js.locator(".crisis").get_by_role("link", name=word("All numbers for help now")).click()
    expect(page_no_js).to_have_url(re.compile(url("content:help_now")))
