"""A worker with little time: finds options by stage, collects and hands them over; uses a card in a meeting."""

import re

import pytest
from playwright.sync_api import Page, expect

from cards.models import ToolThemePage
from directory import shortlist
from directory.models import Municipality, Service
from portal.content.models import StagePage
from tests.browser.addresses import (
    MUNICIPALITY,
    card_with_tools,
    editorial_pages,
    step_card,
    url,
    word,
)

# The form of guidance that belongs to the first stage, and to no other.
REFERRAL = "hyvinvointilähete"
# Remembers how the page looked when the print dialogue would have opened.
PRINT = "window.print = () => { window.printed = document.body.className; dispatchEvent(new Event('afterprint')); }"


def test_finds_options_by_stage_and_hands_them_over(page_desktop: Page, live_site: str):
    page = page_desktop
    page.add_init_script(PRINT)
    stage = StagePage.objects.live().get(number="1", locale__language_code="fi")
    page.goto("/fi/")
    page.get_by_role("navigation", name=word("Service path, five stages")).locator(f"a[href='{stage.url}']").click()

    # What to notice, how to guide, which card applies.
    worker = page.get_by_role("region", name=word("For the worker"))
    expect(worker).to_contain_text(stage.worker_cue)
    expect(worker.locator(".stage__form")).to_have_text(re.compile(REFERRAL, re.IGNORECASE))
    card = page.locator("section[aria-labelledby=stage-cards] ul a").first
    expect(card).to_be_visible()
    assert page.request.get(card.get_attribute("href")).ok

    # What exists near the client.
    everywhere = page.locator("#options .listing").count()
    page.get_by_label(word("Your municipality")).select_option(MUNICIPALITY)
    page.locator("#options form.stage__where").get_by_role("button").click()
    page.wait_for_url(re.compile(f"municipality={MUNICIPALITY}"))
    titles = page.locator("#options .listing__title").all_inner_texts()
    assert len(titles) >= 3
    assert everywhere >= len(titles)
    for link in page.locator("#options .listing__title a").all():
        assert serves(link.get_attribute("href").split("/")[-2])

    for number in range(1, 4):
        page.locator("#options .add-to-list button:not(.is-on)").first.click()
        expect(page.locator("#options .is-on")).to_have_count(number)
        # One stays where one was.
        expect(page).to_have_url(re.compile(f"{stage.url}.*municipality={MUNICIPALITY}"))

    page.locator("header .nav-wide [data-my-list]").click()
    expect(page.locator(".compare__item")).to_have_count(3)
    chosen = [title.strip() for title in page.locator(".compare__item h2").all_inner_texts()]

    # On paper, in large letters: by the button, and by an address that needs no script.
    page.locator("[data-print=large]").click()
    assert "large-print" in page.evaluate("window.printed")
    assert "large-print" not in page.evaluate("document.body.className")
    page.get_by_role("link", name=word("Show in large letters")).click()
    expect(page).to_have_url(re.compile(r"\?large=1$"))
    expect(page.locator("body")).to_have_class(re.compile("large-print"))
    size = "parseFloat(getComputedStyle(document.querySelector('.compare__item h2')).fontSize)"
    large = page.evaluate(size)
    page.get_by_role("link", name=word("Show in ordinary letters")).click()
    expect(page).not_to_have_url(re.compile("large"))
    assert large > page.evaluate(size)

    # The message was written by the server, and its address opens the same list.
    message = page.locator("#message").input_value()
    assert all(title in message for title in chosen)
    shared = page.locator("#share-address").input_value()
    assert shared.startswith(live_site)
    assert shared in message
    assert not any(cookie["name"] == "sessionid" for cookie in page.context.cookies())
    page.goto(shared)
    assert [title.strip() for title in page.locator(".compare__item h2").all_inner_texts()] == chosen


def serves(slug: str) -> bool:
    """Whether a service serves the municipality, by itself, by its county, or as one for the whole country."""
    service = Service.objects.public().filter(slug=slug).first()
    place = Municipality.objects.get(code=MUNICIPALITY)
    return (
        service.is_nationwide
        or service.municipalities.filter(pk=place.pk).exists()
        or service.counties.filter(municipalities=place).exists()
        or service.service_places.filter(place__municipality=place).exists()
    )


def test_each_stage_names_its_own_form_of_guidance(page_desktop: Page):
    forms = {}
    for stage in StagePage.objects.live().filter(locale__language_code="fi").order_by("number"):
        page_desktop.goto(stage.url)
        forms[stage.number] = page_desktop.locator(".stage__form").inner_text().lower()
        expect(page_desktop.locator(".path--small [aria-current=page]")).to_have_count(1)
    assert len(set(forms.values())) == 5
    assert [number for number, form in forms.items() if REFERRAL in form] == ["1"]


# --- In the middle of a meeting --------------------------------------------------------------------------------------
def test_a_card_on_a_phone(page_phone: Page):
    page, card = page_phone, step_card()
    model = card.practice_model()
    page.goto("/fi/")
    page.locator("header .menu > summary").click()
    page.locator("header .nav-narrow").get_by_role("link", name=word("Action cards")).click()
    page.get_by_role("link", name=model.title).click()
    page.locator("main").get_by_role("link", name=card.title).click()

    # Where am I.
    steps = page.get_by_role("navigation", name=word("Steps of the practice model"))
    expect(steps.locator("[aria-current=step]")).to_contain_text(card.title)
    expect(steps.get_by_role("listitem")).to_have_count(sum(each.role == "step" for each in model.cards()))

    # The three ways on, under one another, each with its heading.
    branches = page.locator(".branch")
    expect(branches).to_have_count(3)
    boxes = [branch.bounding_box() for branch in branches.all()]
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"] for box in boxes)

    way_on = page.locator(".previous-next a[rel=next]")
    goal = way_on.get_attribute("href")
    way_on.click()
    expect(page).to_have_url(re.compile(f"{goal}$"))
    expect(page.locator(".previous-next a[rel=prev]")).to_have_attribute("href", card.url)


def test_branches_stand_side_by_side_on_a_wide_screen(page_desktop: Page):
    page_desktop.goto(step_card().url)

    tops = {round(branch.bounding_box()["y"]) for branch in page_desktop.locator(".branch").all()}
    assert len(tops) == 1


def test_from_a_symbol_on_a_card_to_a_tool(page_phone: Page):
    card = card_with_tools()
    page_phone.goto(card.url)
    mark = page_phone.locator("main .part--tool_themes a").first
    expect(mark.locator("svg")).to_be_visible()
    finnish = ToolThemePage.objects.live().filter(locale__language_code="fi")
    theme = finnish.get(slug=mark.get_attribute("href").strip("/").split("/")[-1])
    expect(mark).to_contain_text(theme.title)
    mark.click()

    expect(page_phone.get_by_role("heading", level=1)).to_have_text(theme.title)
    for side in ("What you do yourself", "What the professional does"):
        expect(page_phone.get_by_role("heading", level=2, name=word(side))).to_be_visible()
    tool = page_phone.locator(".tool-row__title a").first
    name = tool.inner_text().strip()
    tool.click()
    expect(page_phone.get_by_role("heading", level=1)).to_have_text(name)
    expect(page_phone.get_by_role("heading", name=word("Is it safe, and for whom?"))).to_be_visible()


def test_a_card_shows_what_its_saved_search_finds(page_phone: Page):
    pages = [page_phone.goto(card.url) and card for card in _cards_with_search()[:1]]
    assert pages
    rows = page_phone.locator(".live-row")
    expect(rows).not_to_have_count(0)
    link = page_phone.locator(f"main a[href^='{url('search:search')}?']").first
    link.click()
    expect(page_phone.locator(".listing")).not_to_have_count(0)


def _cards_with_search() -> list:
    cards = step_card().practice_model().cards()
    return [card for card in cards if "live_search" in {block.block_type for block in card.body}]


@pytest.mark.parametrize("name", ["stage 2", "card with tools"])
def test_collecting_needs_no_login_and_no_name(page_desktop: Page, name: str):
    page_desktop.goto(editorial_pages("fi")[name])
    page_desktop.locator("main .add-to-list button").first.click()

    expect(page_desktop.locator("main .add-to-list .is-on")).to_have_count(1)
    cookies = {cookie["name"]: cookie for cookie in page_desktop.context.cookies()}
    kept = cookies.pop(shortlist.COOKIE)
    assert kept["httpOnly"]
    # The other one guards the form against forgery and says nothing about the person.
    assert set(cookies) <= {"csrftoken"}
