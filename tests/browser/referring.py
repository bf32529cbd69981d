"""A referral step by step in a browser: the worker's way, the organisation's, the person's. For the tests of its pages.

Every step presses what people press and waits for the page that comes; what a test asks of that page is the test's own.
"""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from directory import shortlist
from directory.choices import Audience, ContactKind, Stage
from directory.choices import Referral as ReferralUse
from directory.models import ContactWay, Organisation, Service
from portal.accounts.models import User
from portal.base import languages
from portal.post.models import Letter
from tests.browser.addresses import url, word
from tests.factories import referrals as make

# What is told of the person: none of it may be met where it does not belong.
TOLD = (make.ALIAS, make.HOPE, make.PHONE, make.PHONE.replace(" ", ""))


# --- Who and what -----------------------------------------------------------------------------------------------------
def askable(number: int = 1) -> list[Service]:
    """Finnish listings of stage 1 that take referrals at a mailbox; first those of different organisations."""
    rows = Service.objects.public().filter(locale__language_code=languages.FINNISH, referral=ReferralUse.ALLOWED)
    found = [each for each in rows.order_by("slug") if Stage.ONE in each.stages]
    first = {each.organisation_id: each for each in reversed(found)}
    services = [*first.values(), *(each for each in found if each not in first.values())][:number]
    assert len(services) == number
    for service in services:
        ContactWay.objects.create(
            service=service, kind=ContactKind.EMAIL, audience=Audience.WORKERS, value=mailbox(service)
        )
    return services


def mailbox(service: Service) -> str:
    """Where letters about a listing go."""
    return f"toiminta-{service.pk}@yhdistys.example"


def worker() -> User:
    """The lead of a team, with referrals in use."""
    make.switch_on()
    return make.lead_of(make.team(Organisation.objects.public().order_by("slug").first()))


def in_a_week() -> datetime.date:
    """A day that can be agreed on."""
    return timezone.localdate() + datetime.timedelta(days=7)


# --- What is on a page ------------------------------------------------------------------------------------------------
def said(message: str, language: str = languages.FINNISH, *, context: str = "") -> re.Pattern[str]:
    """What the interface says for a message, however it is hyphenated."""
    return re.compile("\xad?".join(re.escape(letter) for letter in word(message, language, context=context)))


def press(page: Page, message: str, language: str = languages.FINNISH, *, context: str = "") -> None:
    """Press the button in the text of the page, not one in its frame."""
    page.locator("main").get_by_role("button", name=said(message, language, context=context)).first.click()


def follow(page: Page, message: str, language: str = languages.FINNISH) -> None:
    """Follow the link in the text of the page."""
    page.locator("main").get_by_role("link", name=said(message, language)).first.click()


def choose(page: Page | Locator, words: str) -> None:
    """Press the words beside a box or a dot, as a finger does, and see that it is chosen."""
    control = page.get_by_label(words, exact=True)
    page.locator("label", has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")).click()
    expect(control).to_be_checked()


def at(page: Page, name: str, language: str = languages.FINNISH, **values: str) -> None:
    """Wait until the page of an address is there."""
    expect(page).to_have_url(re.compile(re.escape(url(f"referrals:{name}", language, **values)) + r"($|[?#])"))


# --- The worker -------------------------------------------------------------------------------------------------------
def begin(page: Page, sign_in: Callable[[Page, object], None], user: User, services: list[Service]) -> None:
    """Sign in and begin a referral to these at stage 1; the first question is open."""
    sign_in(page, user)
    query = urlencode([*(("palvelu", each.translation_key) for each in services), ("vaihe", Stage.ONE.value)])
    page.goto(f"{url('referrals:new')}?{query}")
    press(page, "Continue")
    at(page, "new_step", step="hata")


def pass_gates(page: Page, language: str = languages.FINNISH) -> None:
    """From the first question to the form about the person: nobody is in danger, the person knows and wants it."""
    for step, no in (("hata", "No"), ("lakisaateinen", "No")):
        at(page, "new_step", language, step=step)
        choose(page, word(no, language))
        press(page, "Continue", language)
    at(page, "new_step", language, step="suostumus")
    choose(page, word("The person knows what is sent and to whom, and wants it", language))
    choose(page, word("Said aloud in the meeting", language))
    press(page, "Continue", language)
    at(page, "new_step", language, step="tiedot")


def tell(page: Page, language: str = languages.FINNISH, *, is_own: bool = False, hope: str = make.HOPE) -> None:
    """Fill in the form about the person: an alias, a hope, a number that may be called."""

    def label(of_person: str, to_person: str) -> str:
        return word(to_person if is_own else of_person, language)

    page.get_by_label(label("What should the person be called?", "What should we call you?")).fill(make.ALIAS)
    page.get_by_label(label("What does the person hope for, in their own words?", "What do you hope for?")).fill(hope)
    calls = (
        "The organisation calls me or sends a text message"
        if is_own
        else "The organisation calls or sends a text message"
    )
    choose(page, word(calls, language, context="reach"))
    page.get_by_label(label("The person's phone number or e-mail", "Your phone number or e-mail")).fill(make.PHONE)
    choose(page, label("The person may be called", "You may call me"))
    whose = label("Does somebody else read the person's phone or mail?", "Does somebody else read your phone or mail?")
    choose(page.get_by_role("group", name=whose), word("No", language, context="phone is read"))


def send(page: Page) -> str:
    """From the form over the check to the referral's own page and its paper; the code that stands on it."""
    press(page, "Check before sending")
    at(page, "new_step", step="tarkista")
    expect(page.locator(".person__summary")).to_contain_text(make.HOPE)
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_contain_text(said("Wellbeing referral"))
    own_page = page.url
    page.locator("main").get_by_role("link", name=languages.BY_CODE[languages.FINNISH].endonym, exact=True).click()
    code = page.locator(".person__code").inner_text().strip()
    page.goto(own_page)
    return code


# --- The organisation -------------------------------------------------------------------------------------------------
def letters_to(address: str) -> list[Letter]:
    """What has come to a mailbox, the newest first."""
    return list(Letter.objects.filter(to=address).order_by("-pk"))


def link_in(letter: Letter) -> str:
    """The path that the letter's button opens."""
    found = re.search(r"http\S+", letter.text)
    assert found is not None
    address = urlsplit(found[0])
    return f"{address.path}?{address.query}"


def digits_in(letter: Letter) -> str:
    """The code that the letter carries."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", letter.text)
    assert found is not None
    return found[1] + found[2]


def open_letter(page: Page, address: str) -> None:
    """Open the newest letter's link, ask for the code, read the next letter, type it."""
    page.goto(link_in(letters_to(address)[0]))
    press(page, "Send the code")
    digits = page.get_by_label(word("Code", context="of a letter"), exact=True)
    expect(digits).to_be_visible()
    digits.fill(digits_in(letters_to(address)[0]))
    press(page, "Open the message")
    expect(page.locator("#acts")).to_be_visible()


def accept(page: Page, words: str) -> None:
    """The person is welcome in a week; where one meets."""
    form = page.locator("form#accept")
    form.get_by_label(word("Day of the first meeting")).fill(in_a_week().isoformat())
    form.get_by_label(word("Time"), exact=False).fill("13:00")
    form.get_by_label(word("Where do you meet?")).fill(words)
    press(page, "Accept", context="act")
    expect(page.get_by_role("heading", level=1)).to_have_text(said("The first meeting is agreed"))


# --- The person -------------------------------------------------------------------------------------------------------
def open_own(page: Page, code: str, language: str = languages.FINNISH) -> None:
    """Open one's own view with the code, written as people write it."""
    page.goto(url("referrals:own", language))
    page.get_by_label(word("Your code", language)).fill(code.lower().replace("-", " "))
    press(page, "Open my referral", language)
    at(page, "own_view", language)


# --- What is left behind ----------------------------------------------------------------------------------------------
@dataclass
class Traces:
    """What browsers have asked for and keep: the addresses of everything, and what is stored."""

    addresses: set[str] = field(default_factory=set)
    contexts: list[BrowserContext] = field(default_factory=list)

    def follow(self, *pages: Page) -> None:
        """Begin to note."""
        for page in pages:
            page.context.on("request", lambda request: self.addresses.add(unquote(request.url)))
            self.contexts.append(page.context)

    def stored(self) -> str:
        """All that the browsers keep, in words. Fails for a cookie that is not one of ours."""
        kept = []
        for context in self.contexts:
            state = context.storage_state()
            names = {cookie["name"] for cookie in state["cookies"]}
            assert names <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, shortlist.COOKIE}
            kept.append(json.dumps(state, ensure_ascii=False))
            kept += [page.evaluate("JSON.stringify({...sessionStorage})") for page in context.pages]
        return unquote("\n".join(kept))

    def assert_nobody_is_named(self, *secrets: str) -> None:
        """None of these words, and nothing that was told, is in an address or kept."""
        stored = self.stored()
        assert self.addresses
        for secret in (*TOLD, *secrets):
            assert secret not in stored
            assert not [address for address in self.addresses if secret in address]
