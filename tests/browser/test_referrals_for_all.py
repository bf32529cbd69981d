"""Can everybody use referrals? Every page in every language, by axe and by what can be measured; and paper."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from directory.models import Service
from portal.base import languages
from referrals import actions
from referrals.choices import Act, PhoneRead
from tests.browser.addresses import url, word
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.looks import idle_buttons, look_faults
from tests.browser.referral_pages import LEAD_ON, Room, names
from tests.browser.referring import Traces, askable, in_a_week, open_own, worker
from tests.browser.test_accessibility import NARROW, STILL, Findings, look_at
from tests.factories import referrals as make

# Wide and by daylight in one language, narrow and in the dark in the others.
WIDE = languages.ENGLISH


@pytest.mark.parametrize("language", languages.CODES)
def test_every_page_of_referrals(open_page: Callable[..., Page], live_site: str, watch: Watch, language: str):
    """axe, headings, landmarks, width and targets; in the narrowest window in every language."""
    # What is refused or gone answers with a page, too.
    watch.expect("status of 4")
    is_wide = language == WIDE
    page = open_page(color_scheme="light" if is_wide else "dark", viewport=DESKTOP if is_wide else NARROW, **STILL)
    findings, seen = Findings(), set()
    for name, come in Room(language, page, live_site).looks():
        come(page)
        expect(page.locator("h1")).to_have_count(1)
        assert page.get_attribute("html", "lang") == language, name
        with override(language):
            seen.add(resolve(urlsplit(page.url).path).url_name)
        look_at({"wide" if is_wide else "narrow": page}, name, findings)
        if is_wide:
            page.set_viewport_size(NARROW)
            findings.add(f"{name}, narrow", look_faults(page))
            page.set_viewport_size(DESKTOP)

    assert not findings.places, f"\n{findings}"
    # A page that is new belongs among those that are looked at.
    assert seen == names() - LEAD_ON


def test_every_page_without_script(open_page: Callable[..., Page], live_site: str, watch: Watch):
    """No button does nothing, and what was told of the person stands in no address and stays in no browser."""
    watch.expect("status of 4")
    page, traces, idle = open_page(viewport=PHONE, java_script_enabled=False), Traces(), {}
    traces.follow(page)
    for name, come in Room(languages.FINNISH, page, live_site).looks():
        come(page)
        expect(page.locator("h1")).to_be_visible()
        if buttons := idle_buttons(page):
            idle[name] = buttons

    assert not idle
    traces.assert_nobody_is_named()


# --- Paper ------------------------------------------------------------------------------------------------------------
def on_paper(page: Page) -> str:
    """What the print shows, in words."""
    page.emulate_media(media="print")
    words = page.locator("body").inner_text().replace("\xad", "")
    page.emulate_media(media="null")
    return words


def sheets(page: Page) -> int:
    """How many sheets of A4 the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


def accepted(service: Service, **details: object) -> actions.Sent:
    """A worker's referral that was accepted, with a meeting."""
    sent = make.sent(service, by=worker(), details=make.details(**details))
    enquiry = make.only_enquiry(sent.referral)
    meeting = timezone.now() + (in_a_week() - timezone.localdate())
    by = make.organisation_of(enquiry)
    actions.act(enquiry, Act.ACCEPT, by=by, version=enquiry.version, meeting_at=meeting, words="Pääovella.")
    return sent


@pytest.mark.parametrize("language", languages.CODES)
def test_the_persons_paper(page_desktop: Page, sign_in: Callable[[Page, object], None], language: str):
    """One sheet. The full one tells to whom and how to withdraw; the discreet one nothing but the code."""
    (service,) = askable()
    sent, page = accepted(service, phone_read=PhoneRead.YES), page_desktop
    sign_in(page, sent.referral.keeper)
    paper = url("referrals:paper", language, uuid=sent.referral.uuid)

    # Somebody else may read it: the discreet one comes first.
    page.goto(paper)
    discreet = on_paper(page)
    assert sent.code in discreet
    assert sheets(page) == 1
    page.goto(f"{paper}?paperi=kaikki")
    full = on_paper(page)
    assert sent.code in full
    assert sheets(page) == 1
    form_of_guidance = word("Wellbeing referral", language).lower()
    for words in (service.title, str(service.organisation), str(sent.referral.team), form_of_guidance, "Palvelupolku"):
        assert words not in discreet
    assert service.title in full
    assert str(service.organisation) in full
    for secret in (make.HOPE, make.ALIAS, make.PHONE):
        assert secret not in discreet + full
    for each in page.get_by_role("navigation").all():
        assert each.inner_text().split("\n")[0] not in full


def test_the_page_for_the_plan(page_desktop: Page, sign_in: Callable[[Page, object], None]):
    """The worker's and the person's own: what, where, when, who does what next; no buttons, no way of contact."""
    (service,) = askable()
    sent, page = accepted(service), page_desktop
    sign_in(page, sent.referral.keeper)
    page.goto(url("referrals:plan", uuid=sent.referral.uuid))
    of_worker = on_paper(page)
    for words in (make.ALIAS, make.HOPE, service.title, str(service.organisation), "Pääovella."):
        assert words in of_worker
    for words in (make.PHONE, sent.code, word("Print"), word("Sign out")):
        assert words not in of_worker

    open_own(page, sent.code)
    page.goto(url("referrals:own_plan"))
    of_person = on_paper(page)
    for words in (make.HOPE, service.title, "Pääovella."):
        assert words in of_person
    for words in (sent.code, word("Print in large letters"), word("Close my referral")):
        assert words not in of_person
