"""A referral by the keyboard alone: gates and form, the organisation's answer, the person's own view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from referrals.choices import State
from referrals.models import Enquiry, Referral
from tests.browser.addresses import url, word
from tests.browser.conftest import Watch
from tests.browser.keyboard import focused, is_focused, tab_until
from tests.browser.looks import focus_faults
from tests.browser.referring import (
    askable,
    at,
    begin,
    digits_in,
    letters_to,
    link_in,
    mailbox,
    open_letter,
    open_own,
    pass_gates,
    said,
    worker,
)
from tests.factories import referrals as make

# What one presses to go on.
GO_ON = "main .button--primary"


def press_at(page: Page, selector: str, key: str = "Enter") -> None:
    """Walk to something and press a key there."""
    tab_until(page, selector)
    page.keyboard.press(key)


def type_into(page: Page, selector: str, text: str) -> None:
    """Walk to a field and write."""
    tab_until(page, selector)
    page.keyboard.type(text)


def test_a_worker_sends(page_desktop: Page, sign_in: Callable[[Page, object], None], watch: Watch):
    watch.expect("status of 400")
    page = page_desktop
    begin(page, sign_in, worker(), askable())

    # Without an answer: what is missing takes the focus, and leads to where it is answered.
    press_at(page, GO_ON)
    expect(page.locator(".error-summary")).to_be_focused()
    press_at(page, ".error-summary a")
    expect(page.locator("#hata-ei")).to_be_focused()
    page.keyboard.press("Space")
    press_at(page, GO_ON)
    at(page, "new_step", step="lakisaateinen")
    press_at(page, "#lakisaateinen-ei", "Space")
    press_at(page, GO_ON)
    at(page, "new_step", step="suostumus")
    press_at(page, "#tietaa", "Space")
    press_at(page, "#suostumus-spoken", "Space")
    press_at(page, GO_ON)
    at(page, "new_step", step="tiedot")

    # The form: every fault can be reached from the summary, in the order of the fields.
    press_at(page, GO_ON)
    expect(page.locator(".error-summary")).to_be_focused()
    press_at(page, ".error-summary a")
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type(make.ALIAS)
    type_into(page, "#id_hope", make.HOPE)
    # A group of dots is one stop; the arrows move in it.
    tab_until(page, "input[name=reach]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[name=reach][value=phone]")).to_be_checked()
    type_into(page, "#id_reach_value", make.PHONE)
    press_at(page, "#id_may_call", "Space")
    press_at(page, "input[name=phone_read]", "Space")
    press_at(page, GO_ON)
    at(page, "new_step", step="tarkista")
    press_at(page, GO_ON)
    expect(page.get_by_role("heading", level=1)).to_contain_text(said("Wellbeing referral"))
    assert Referral.objects.get().person.details.name == make.ALIAS


def test_an_organisation_accepts(page_desktop: Page, watch: Watch):
    watch.expect("status of 400")
    (service,) = askable()
    make.sent(service)
    page = page_desktop
    page.goto(link_in(letters_to(mailbox(service))[0]))
    press_at(page, GO_ON)
    expect(page.locator("#digits")).to_be_visible()
    # A code that is not right: one is told, and comes back to the field.
    right = digits_in(letters_to(mailbox(service))[0])
    type_into(page, "#digits", f"{(int(right) + 1) % 1_000_000:06d}")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    press_at(page, ".error-summary a")
    expect(page.locator("#digits")).to_be_focused()
    page.keyboard.type(right)
    page.keyboard.press("Enter")
    expect(page.locator("#acts")).to_be_visible()

    # A question without words comes back open, with the fault in it.
    tab_until(page, "summary")
    while word("Ask something first") not in focused(page):
        tab_until(page, "summary")
    page.keyboard.press("Enter")
    press_at(page, "#ask button")
    expect(page.locator(".error-summary")).to_be_focused()
    press_at(page, ".error-summary a")
    assert is_focused(page, "#ask textarea")
    # Accepting stands before it: backwards there.
    while not is_focused(page, "#accept button"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(said("You have accepted"))
    assert Enquiry.objects.get().state == State.ACCEPTED


def test_a_person_opens_and_withdraws(page_desktop: Page, watch: Watch):
    watch.expect("status of 400")
    (service,) = askable()
    sent, page = make.sent(service), page_desktop
    page.goto(url("referrals:own"))
    type_into(page, "#id_koodi", "AAAA")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    press_at(page, ".error-summary a")
    expect(page.locator("#id_koodi")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(sent.code)
    page.keyboard.press("Enter")
    at(page, "own_view")
    press_at(page, f"a[href='{url('referrals:own_withdraw')}']")
    at(page, "own_withdraw")
    press_at(page, "main .button--danger")
    at(page, "own_view")
    expect(page.locator("main")).to_contain_text(word("You have withdrawn this"))
    assert Enquiry.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("whose", ["worker", "organisation", "person"])
def test_every_stop_is_seen_and_none_holds(
    open_page: Callable[..., Page], sign_in: Callable[[Page, object], None], whose: str
):
    """From the top to the foot of the longest pages in the narrowest window."""
    page = open_page(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    services = askable()
    if whose == "worker":
        begin(page, sign_in, worker(), services)
        pass_gates(page)
    else:
        sent = make.sent(*services)
        if whose == "organisation":
            open_letter(page, mailbox(services[0]))
        else:
            open_own(page, sent.code)
    # From the top: a page that was reached by a press begins where the press was.
    page.goto(page.url)

    assert not focus_faults(page)
