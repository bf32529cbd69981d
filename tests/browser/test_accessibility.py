"""Can everybody use it? Every template in every language, by axe and by what can be measured; then the keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.base import languages
from tests.browser.addresses import (
    MUNICIPALITY,
    WORDS,
    editorial_pages,
    every_page,
    search_url,
    some_services,
    step_card,
    url,
    word,
)
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import Watch
from tests.browser.keyboard import focused, is_focused, tab_until
from tests.browser.looks import focus_faults, look_faults, open_all

NARROW = {"width": 320, "height": 640}
# Colours are judged when they have come to rest.
STILL = {"reduced_motion": "reduce"}
# Pages whose template another page of the list shows too, or whose text is Finnish everywhere: looked at in Finnish.
ONCE = {"search, narrowed", "search, all types", "search, unknown place", "card with tools"}


@pytest.fixture
def wide(open_page: Callable[..., Page]) -> Page:
    """A desk, in daylight."""
    return open_page(color_scheme="light", **STILL)


@pytest.fixture
def narrow(open_page: Callable[..., Page]) -> Page:
    """The narrowest window, in the dark."""
    return open_page(color_scheme="dark", viewport=NARROW, **STILL)


class Findings:
    """What is wrong, each fault once, with the first page that has it and how many have it."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}

    def add(self, place: str, faults: list[str]) -> None:
        for fault in faults:
            self.places.setdefault(fault, []).append(place)

    def __str__(self) -> str:
        return "\n".join(f"{places[0]} (on {len(places)}): {fault}" for fault, places in self.places.items())


def look_at(pages: dict[str, Page], name: str, findings: Findings) -> None:
    """Ask axe on each page at the same time, then look for ourselves, with everything open that can be."""
    for page in pages.values():
        start_axe(page)
    for kind, page in pages.items():
        findings.add(f"{name}, {kind}", axe_faults(page))
        open_all(page)
        findings.add(f"{name}, {kind}", look_faults(page))


@pytest.mark.parametrize("language", languages.CODES)
def test_every_page_in_every_language(wide: Page, narrow: Page, watch: Watch, language: str):
    """axe, headings, landmarks, width and targets; wide and light, narrow and dark."""
    watch.expect("status of 404")
    watch.expect("status of 400")
    pages, findings, titles = {"wide": wide, "narrow": narrow}, Findings(), {}
    addresses = every_page(language)
    if language != languages.FINNISH:
        addresses = {name: address for name, address in addresses.items() if name not in ONCE}
    for name, address in addresses.items():
        for page in pages.values():
            page.goto(address)
        look_at(pages, name, findings)
        titles.setdefault(wide.title(), []).append(name)

    # What only somebody who has done something sees: a full list, a form with faults.
    services = some_services()
    for page in pages.values():
        for service in services:
            page.goto(url("directory:service", language, slug=service.slug))
            page.locator(".service__acts .add-to-list button").click()
        page.goto(url("directory:my_list", language))
        expect(page.locator(".compare__item")).to_have_count(len(services))
    look_at(pages, "my list, full", findings)
    for page in pages.values():
        page.goto(url("directory:my_list", language) + "?large=1")
    look_at(pages, "my list, large", findings)
    for state, query in (("", ""), (", large", "?large=1")):
        for page in pages.values():
            page.goto(url("directory:compare", language) + query)
            expect(page.locator(".versus__option")).to_have_count(len(services))
        look_at(pages, f"compare{state}", findings)
    for page in pages.values():
        page.goto(url("directory:report", language, slug=services[0].slug))
        page.locator("#id_email").fill("ei-osoite")
        page.locator("main form button").last.click()
        expect(page.locator(".error-summary")).to_be_visible()
    look_at(pages, "report, with errors", findings)

    assert not findings.places, f"\n{findings}"
    # A title tells pages apart: only the states of one and the same page may share it.
    shared = {title: names for title, names in titles.items() if len({name.split(",")[0] for name in names}) > 1}
    assert not shared


def test_opened_filters_in_the_dark(narrow: Page):
    """Every filter open, and the menu: what the other test sees closed."""
    findings = Findings()
    narrow.goto(search_url(q=WORDS, municipality=MUNICIPALITY, charge="free"))
    open_all(narrow)
    start_axe(narrow)
    findings.add("search", axe_faults(narrow))
    narrow.goto("/fi/")
    narrow.locator("header .menu > summary").click()
    start_axe(narrow)
    findings.add("menu", axe_faults(narrow))
    findings.add("menu", look_faults(narrow))

    assert not findings.places, f"\n{findings}"


# --- The keyboard ----------------------------------------------------------------------------------------------------
def test_skip_link_is_first_and_works(page_desktop: Page):
    for address in ("/fi/", search_url(q=WORDS), step_card().url, url("content:help_now")):
        page_desktop.goto(address)
        page_desktop.keyboard.press("Tab")
        skip = page_desktop.locator("a.skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page_desktop.keyboard.press("Enter")
        expect(page_desktop.locator("main")).to_be_focused()
        page_desktop.keyboard.press("Tab")
        assert page_desktop.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(
    "name", ["home", "search, results", "service", "card", "stage 1", "catalogue", "report", "help now", "login"]
)
def test_every_stop_of_the_keyboard_is_seen(narrow: Page, name: str):
    """Focus has an outline that stands out, is in the window, and is not hidden under the bars that stay put."""
    address = every_page("fi")[name]
    narrow.goto(address)

    assert not focus_faults(narrow)


def test_keyboard_walk_through_a_search(page_desktop: Page):
    page = page_desktop
    page.goto(url("search:search"))
    tab_until(page, "#q")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    assert is_focused(page, "#place")
    tab_until(page, ".search-fields__send button", most=3)
    page.keyboard.press("Enter")

    # The button leads to the results: their heading takes the focus and says what was searched.
    heading = page.locator("#results-heading")
    expect(heading).to_be_focused()
    expect(heading).to_contain_text(WORDS)
    expect(page.locator("[data-live-region]")).to_contain_text(WORDS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#results').contains(document.activeElement)")

    # Backwards to the filters: a group opens with the space bar, a choice narrows, and the focus stays where it was.
    page.locator("details[data-group=charge] > summary").focus()
    page.keyboard.press("Space")
    expect(page.locator("details[data-group=charge]")).to_have_attribute("open", "")
    tab_until(page, "input[name=charge]", most=2)
    choice = focused(page)
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("charge="))
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"#{choice}")).to_be_focused()
    expect(page.locator(f"#{choice}")).to_be_checked()
    expect(page.locator("details[data-group=charge]")).to_have_attribute("open", "")
    expect(page.locator("[data-live-region]")).to_contain_text(WORDS)

    # One stop for each choice: the word beside the box is a link for the mouse alone.
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.matches('.filter__choice a')")


def test_tab_order_of_the_search_page(page_desktop: Page):
    """What one reads first comes first: fields, filters, results."""
    page_desktop.goto(search_url(q=WORDS))
    order = page_desktop.evaluate(
        """() => [...document.querySelectorAll("#q, #place, .search-fields__send button, #filters summary, #results a")]
            .filter((each) => each.checkVisibility() && each.tabIndex >= 0).map((each) => each.id || each.className
                || each.closest("[id]").id)"""
    )
    assert order.index("q") < order.index("place") < order.index("filters") < order.index("results")
    positive = "() => [...document.querySelectorAll('[tabindex]')].filter((each) => each.tabIndex > 0).length"
    assert page_desktop.evaluate(positive) == 0


def test_list_button_keeps_the_focus_near(page_desktop: Page):
    """After a press that opens the page again one does not begin from the top."""
    page_desktop.goto(search_url(q=WORDS))
    row = page_desktop.locator(".results > li").nth(3)
    row.locator(".add-to-list button").press("Enter")

    expect(page_desktop.locator(".add-to-list .is-on")).to_have_count(1)
    expect(page_desktop.locator(".add-to-list .is-on")).to_be_in_viewport()


def test_menu_by_keyboard(narrow: Page):
    narrow.goto("/fi/")
    tab_until(narrow, ".menu > summary", most=12)
    narrow.keyboard.press("Enter")
    narrow.keyboard.press("Tab")
    assert is_focused(narrow, ".menu a")
    narrow.keyboard.press("Escape")
    expect(narrow.locator(".menu")).not_to_have_attribute("open", "")
    assert is_focused(narrow, ".menu > summary")


# --- Other ways of seeing --------------------------------------------------------------------------------------------
EDGES = """(selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
    .filter((each) => { const style = getComputedStyle(each);
        return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1; })
    .map((each) => each.outerHTML.slice(0, 160))"""
SHAPES = """() => [...document.querySelectorAll(".badge, .branch__tier i")].filter((each) => each.checkVisibility())
    .filter((each) => { const style = getComputedStyle(each, each.matches(".badge") ? "::before" : null);
        return style.backgroundColor === getComputedStyle(document.body).backgroundColor
            && parseFloat(style.borderTopWidth) < 1; }).map((each) => each.outerHTML)"""
CURRENT = """() => [...document.querySelectorAll("[aria-current]:not(.languages *, .breadcrumb *)")]
    .filter((each) => each.checkVisibility()).length"""


def test_forced_colours(open_page: Callable[..., Page]):
    """With the person's own colours every button has an edge, every state a shape, and the focus is seen."""
    page = open_page(forced_colors="active", **STILL)
    pages, faults = every_page("fi"), {}
    for name in ("home", "stage 1", "search, results", "service", "card", "card with tools", "catalogue", "login"):
        page.goto(pages[name])
        wrong = page.evaluate(
            EDGES, ".button, input:not([type=hidden], [type=checkbox]), select, textarea, .chip--link"
        )
        wrong += page.evaluate(SHAPES)
        if wrong:
            faults[name] = wrong
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", name
    assert not faults


def test_large_text_does_not_cut_or_scroll(open_page: Callable[..., Page]):
    """At 400 % zoom a window of 1280 px is one of 320 px and low: nothing stays on top of the text."""
    page = open_page(viewport={"width": 320, "height": 256}, **STILL)
    pages, faults = every_page("fi"), {}
    for name in ("home", "search, results", "service", "card", "stage 1", "criteria", "my list, empty"):
        page.goto(pages[name])
        fixed = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility()
                && ["fixed", "sticky"].includes(getComputedStyle(each).position)
                && each.getBoundingClientRect().height > 0).map((each) => each.outerHTML.slice(0, 120))"""
        )
        found = [*look_faults(page), *fixed]
        if found:
            faults[name] = found
    assert not faults


@pytest.mark.parametrize("language", languages.CODES)
def test_long_words_break(narrow: Page, language: str):
    """The longest word of the field, in every heading, button and link, does not widen the narrowest window."""
    lengthen = """() => {
        for (const each of document.querySelectorAll("h1, h2, h3, .button span, .link-arrow span, .chip span, dt, th"))
            if (each.childElementCount === 0) each.textContent = "hyvinvointilähetepalveluohjaus";
    }"""
    pages, faults = every_page(language), {}
    for name in ("home", "search, results", "service", "stage 1", "my list, empty"):
        narrow.goto(pages[name])
        narrow.evaluate(lengthen)
        if found := [fault for fault in look_faults(narrow) if "sideways" in fault]:
            faults[name] = found
    assert not faults


def test_editorial_pages_say_their_language(page_desktop: Page):
    for language in languages.CODES:
        for address in editorial_pages(language).values():
            page_desktop.goto(address)
            # Easy Finnish is Finnish to a voice: its code has "fi" in front, which every reader understands.
            assert page_desktop.get_attribute("html", "lang") == language
            break
    page_desktop.goto("/sv/")
    expect(page_desktop.get_by_role("navigation", name=word("Language", "sv"))).to_be_visible()
