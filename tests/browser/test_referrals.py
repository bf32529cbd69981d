"""A referral from the meeting to the organisation and back: on phones, without JavaScript, by the keyboard.

Nobody's words are left in an address or a browser on the way.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.models import Service
from referrals.choices import State
from referrals.models import Enquiry, Referral
from tests.browser.addresses import url, word
from tests.browser.conftest import PHONE
from tests.browser.referring import (
    Traces,
    accept,
    askable,
    at,
    follow,
    letters_to,
    mailbox,
    open_letter,
    open_own,
    pass_gates,
    press,
    said,
    send,
    tell,
    worker,
)
from tests.factories import referrals as make

MEETING_PLACE = "Pääovella, Aino tulee vastaan."


@pytest.fixture
def traces() -> Traces:
    """What is left behind."""
    return Traces()


def collect_and_compare(page: Page, services: list[Service]) -> None:
    """Onto one's own list from the pages of the services, side by side, and on to a referral to them."""
    for service in services:
        page.goto(url("directory:service", slug=service.slug))
        press(page, "Add to my list")
        expect(page.locator(".add-to-list .is-on")).to_have_count(1)
    page.goto(url("directory:my_list"))
    follow(page, "Compare side by side")
    for service in services:
        expect(page.locator(".versus__option").filter(has_text=service.title)).to_have_count(1)
    follow(page, "Make a referral to these")
    at(page, "new")


def test_the_whole_loop_on_phones(
    page_phone: Page,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, object], None],
    traces: Traces,
):
    """Two options compared, one accepts, the other is taken back; the person comes, and says how it was."""
    at_work, at_club, own = page_phone, open_page(viewport=PHONE), open_page(viewport=PHONE)
    traces.follow(at_work, at_club, own)
    first, second = services = askable(2)
    sign_in(at_work, worker())

    collect_and_compare(at_work, services)
    for service in services:
        expect(at_work.get_by_role("checkbox", name=service.title)).to_be_checked()
    press(at_work, "Continue")
    pass_gates(at_work)
    tell(at_work)
    code = send(at_work)
    referral = Referral.objects.get()
    assert referral.stage == "1"
    asked = {each.service_key: each for each in referral.enquiries.all()}

    # The organisation: a letter that tells nothing, a second letter with the code, an answer.
    letter = letters_to(mailbox(first))[0]
    assert not any(words in letter.text for words in (make.ALIAS, make.HOPE, first.title))
    open_letter(at_club, mailbox(first))
    expect(at_club.locator(".person__summary")).to_contain_text(make.HOPE)
    accept(at_club, MEETING_PLACE)

    # The worker sees it, and takes the other one back.
    at_work.goto(url("referrals:home"))
    at_work.get_by_role("link", name=referral.reference).click()
    taken_up = at_work.locator(f"#pyynto-{asked[first.translation_key].pk}")
    expect(taken_up).to_contain_text(MEETING_PLACE)
    expect(taken_up).to_contain_text(said("Accepted, a first meeting is agreed", context="enquiry"))
    at_work.get_by_role("button", name=re.compile(re.escape(str(second.organisation)))).click()
    expect(at_work.locator(f"#pyynto-{asked[second.translation_key].pk}")).to_contain_text(
        said("Taken back by the sender", context="enquiry")
    )

    # The person reads it in plain words, with the code alone.
    open_own(own, code)
    enquiry = own.get_by_role("article", name=first.title)
    expect(enquiry).to_contain_text(word("You are welcome"))
    expect(enquiry).to_contain_text(MEETING_PLACE)
    expect(own.get_by_role("article", name=second.title)).to_contain_text(word("Taken back"))
    expect(own.locator(".person__summary")).to_contain_text(make.HOPE)

    # Did it work? The organisation tells that the person came, the person that it was good, and both are read.
    press(at_club, "The person came", context="act")
    expect(at_club.get_by_role("heading", level=1)).to_have_text(said("The person has come"))
    own.reload()
    enquiry.get_by_role("button", name=word("Yes", context="was it good"), exact=True).click()
    expect(enquiry.get_by_role("button", pressed=True)).to_have_count(1)
    at_work.reload()
    expect(taken_up).to_contain_text(word("Was it good? The person says:"))

    traces.assert_nobody_is_named(code, MEETING_PLACE)


def test_the_same_without_script_and_withdrawn(
    open_page: Callable[..., Page], sign_in: Callable[[Page, object], None], traces: Traces
):
    """From a service's own page to one organisation; accepted; then the person withdraws, and nobody sees them."""
    at_work, at_club, own = (open_page(viewport=PHONE, java_script_enabled=False) for _each in range(3))
    traces.follow(at_work, at_club, own)
    (service,) = askable()
    sign_in(at_work, worker())

    at_work.goto(url("directory:service", slug=service.slug))
    follow(at_work, "Make a referral to this")
    at(at_work, "new")
    press(at_work, "Continue")
    pass_gates(at_work)
    tell(at_work)
    code = send(at_work)
    open_letter(at_club, mailbox(service))
    accept(at_club, MEETING_PLACE)

    open_own(own, code)
    expect(own.get_by_role("article", name=service.title)).to_contain_text(MEETING_PLACE)
    follow(own, "Withdraw the referral")
    press(own, "Yes, withdraw")
    at(own, "own_view")
    expect(own.locator("main")).to_contain_text(word("You have withdrawn this"))
    expect(own.locator("main")).not_to_contain_text(make.HOPE)

    # The page of the organisation is still open in its browser, and the worker is still signed in: nothing is there.
    for page, words in ((at_club, "The person does not want this any more"), (at_work, "Wellbeing referral")):
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text(said(words))
        for secret in (make.ALIAS, make.HOPE, make.PHONE, MEETING_PLACE):
            expect(page.locator("body")).not_to_contain_text(secret)
        assert make.PHONE.replace(" ", "") not in page.content()
    assert Enquiry.objects.get().state == State.WITHDRAWN
    traces.assert_nobody_is_named(code, MEETING_PLACE)
