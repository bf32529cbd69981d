"""The person in a browser: asking without a worker, what the form notices, danger, leaving quickly."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from referrals.choices import State
from referrals.models import Enquiry, Referral
from tests.browser.addresses import url, word
from tests.browser.conftest import PHONE, Watch
from tests.browser.referring import (
    Traces,
    askable,
    at,
    begin,
    choose,
    in_a_week,
    mailbox,
    open_letter,
    open_own,
    pass_gates,
    press,
    said,
    tell,
    worker,
)
from tests.factories import referrals as make

IDENTITY_CODE = "131052-308T"


# --- Without a worker -------------------------------------------------------------------------------------------------
def pass_own_gates(page: Page, language: str) -> None:
    """Nobody is in danger, and the person wants the organisation to read it."""
    choose(page, word("No", language, context="in danger"))
    agrees = "I want this organisation to get what I write, and to make contact with me or wait for me"
    choose(page, word(agrees, language))
    press(page, "Go on", language)


@pytest.mark.parametrize("language", ["sv", "fi-simple"])
def test_a_person_asks_and_is_answered(page_phone: Page, open_page: Callable[..., Page], watch: Watch, language: str):
    """From the service's page to the code; the organisation suggests a time; it suits, in the person's language."""
    watch.expect("status of 400")
    own, at_club, traces = page_phone, open_page(viewport=PHONE), Traces()
    traces.follow(own, at_club)
    make.switch_on()
    (service,) = askable()

    own.goto(url("directory:service", language, slug=service.slug))
    own.get_by_role("link", name=said("Ask to be contacted", language)).first.click()
    at(own, "self_referral", language, slug=service.slug)
    # Only the answers before it lead to the form.
    press(own, "Go on", language)
    expect(own.locator(".error-summary")).to_be_focused()
    pass_own_gates(own, language)
    tell(own, language, is_own=True)
    press(own, "Look at it before sending", language)
    expect(own.locator(".person__summary")).to_contain_text(make.HOPE)
    assert not Referral.objects.exists()
    press(own, "Send", language)
    at(own, "self_sent", language, slug=service.slug)
    code = own.locator(".person__code").inner_text().strip()

    open_letter(at_club, mailbox(service))
    at_club.get_by_text(word("Suggest a time")).click()
    form = at_club.locator("form#suggest")
    form.get_by_label(word("Day"), exact=True).fill(in_a_week().isoformat())
    form.get_by_label(word("Time"), exact=True).fill("10:30")
    press(at_club, "Suggest this time")
    expect(at_club.get_by_role("heading", level=1)).to_have_text(said("You have suggested a time"))

    open_own(own, code, language)
    enquiry = own.get_by_role("article", name=service.title)
    expect(enquiry).to_contain_text(word("The organisation suggests a time", language))
    expect(enquiry).to_contain_text("10")
    press(own, "The time suits me", language)
    expect(enquiry).to_contain_text(word("You are welcome", language))
    assert Enquiry.objects.get().state == State.ACCEPTED
    traces.assert_nobody_is_named(code)


# --- What the form notices --------------------------------------------------------------------------------------------
def test_an_identity_code_is_refused_and_words_of_health_are_asked_about(
    page_phone: Page, sign_in: Callable[[Page, object], None], watch: Watch
):
    """Nothing that was typed is lost; words of health go through only when the person wants it so."""
    watch.expect("status of 400")
    page = page_phone
    begin(page, sign_in, worker(), askable())
    pass_gates(page)
    hope = page.get_by_label(word("What does the person hope for, in their own words?"))
    summary, own_words = (
        page.locator(".error-summary"),
        page.get_by_label(word("The person wants it said in these words")),
    )

    tell(page, hope=f"Haluan kalaan, {IDENTITY_CODE}")
    press(page, "Check before sending")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(word("This looks like a personal identity code. It is never sent: take it out."))
    expect(hope).to_have_value(f"Haluan kalaan, {IDENTITY_CODE}")
    expect(page.get_by_label(word("What should the person be called?"))).to_have_value(make.ALIAS)
    expect(page.get_by_label(word("The person's phone number or e-mail"))).to_have_value(make.PHONE)
    expect(page.get_by_label(word("The person may be called"))).to_be_checked()
    # There is no tick that lets it through.
    expect(own_words).to_have_count(0)

    hope.fill("Minulla on masennus ja haluan kalaan")
    press(page, "Check before sending")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("masennus")
    expect(hope).to_have_value("Minulla on masennus ja haluan kalaan")
    choose(page, word("The person wants it said in these words"))
    press(page, "Check before sending")
    at(page, "new_step", step="tarkista")
    expect(page.locator(".person__summary")).to_contain_text("Minulla on masennus ja haluan kalaan")

    # Changing one's mind on the last page loses nothing either.
    press(page, "Change something")
    expect(hope).to_have_value("Minulla on masennus ja haluan kalaan")
    expect(own_words).to_be_checked()
    hope.fill(make.HOPE)
    press(page, "Check before sending")
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_contain_text(said("Wellbeing referral"))
    assert Referral.objects.get().person.details.hope == make.HOPE


# --- Danger -----------------------------------------------------------------------------------------------------------
def assert_only_help_is_here(page: Page) -> None:
    """112 is the first thing one can press, in sight; nothing can be typed."""
    first = page.locator("main").locator("a[href^='tel:']").first
    expect(first).to_have_attribute("href", "tel:112")
    expect(first).to_be_in_viewport()
    expect(page.locator("main textarea, main input:not([type=hidden])")).to_have_count(0)


def test_danger_stops_a_worker(page_phone: Page, sign_in: Callable[[Page, object], None]):
    page = page_phone
    begin(page, sign_in, worker(), askable())
    choose(page, word("Yes, or I am not sure"))
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Help comes first"))

    assert_only_help_is_here(page)
    # The form is not reached by its address either.
    page.goto(page.url.replace("/hata/", "/tiedot/"))
    at(page, "new_step", step="hata")
    assert_only_help_is_here(page)
    press(page, "Nobody is in danger any more: continue")
    at(page, "new_step", step="lakisaateinen")


def test_danger_stops_a_person(page_phone: Page):
    make.switch_on()
    (service,) = askable()
    page_phone.goto(url("referrals:self_referral", slug=service.slug))
    choose(page_phone, word("Yes", context="in danger"))
    press(page_phone, "Go on")
    expect(page_phone.get_by_role("heading", level=1)).to_have_text(said("Get help now"))

    assert_only_help_is_here(page_phone)


# --- Leaving ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def harmless(live_site: str) -> Iterator[str]:
    """Stands in for the site one leaves to: no request of a test may leave ours."""
    with override_settings(QUICK_EXIT_URL=f"{live_site}/robots.txt"):
        yield f"{live_site}/robots.txt"


@pytest.mark.parametrize("by", ["Esc twice", "the button", "the link without script", "closing"])
def test_who_leaves_leaves_nothing_open(open_page: Callable[..., Page], harmless: str, watch: Watch, by: str):
    # What was open asks for the code again.
    watch.expect("status of 403")
    # The place that stands in has no icon.
    watch.expect("favicon.ico")
    (service,) = askable()
    sent, page = make.sent(service), open_page(viewport=PHONE, java_script_enabled=by != "the link without script")
    open_own(page, sent.code)
    page.get_by_role("link", name=said("See who has read your data")).click()
    at(page, "own_log")
    page.go_back()
    expect(page.locator(".person__summary")).to_contain_text(make.HOPE)
    page.go_forward()
    at(page, "own_log")
    if by == "closing":
        press(page, "Close my referral")
        expect(page).to_have_url(re.compile("/fi/$"))
    elif by == "Esc twice":
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_url(harmless)
    else:
        page.get_by_role("link", name=word("Leave this site")).click()
        page.wait_for_url(harmless)

    # However far one goes back, the code is asked for.
    for _time in range(2):
        page.go_back()
        expect(page.locator("main")).to_be_visible()
        for secret in (make.HOPE, make.ALIAS):
            expect(page.locator("body")).not_to_contain_text(secret)
    page.goto(url("referrals:own_view"))
    expect(page.get_by_label(word("Your code"))).to_be_visible()


def test_a_code_read_by_the_camera_stays_in_no_address(page_phone: Page):
    """The square on the paper fills the code in; it does not open by itself, and is out of the address at once."""
    (service,) = askable()
    sent = make.sent(service)
    page_phone.goto(f"{url('referrals:own')}?koodi={sent.code}")

    at(page_phone, "own")
    assert sent.code not in page_phone.url
    expect(page_phone.get_by_label(word("Your code"))).to_have_value(sent.code)
    press(page_phone, "Open my referral")
    expect(page_phone.locator(".person__summary")).to_contain_text(make.HOPE)
