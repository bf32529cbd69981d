"""A team rates its work: opened at a desk, answered on phones without JavaScript, closed, looked at, done again."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cards.models import QualityCriteriaPage, QualityRound
from cards.printing import engine
from cards.quality import actions
from portal.base import languages
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import PHONE
from tests.browser.looks import focus_faults, look_faults
from tests.cards.rounds import ENOUGH, answer_path, keeper_path, opened


def criteria() -> QualityCriteriaPage:
    """The criteria of the first practice model, in Finnish."""
    return QualityCriteriaPage.objects.live().filter(locale__language_code=languages.FINNISH).order_by("path").first()


def answer_all(page: Page, path: str, rate: int) -> None:
    """Choose the person's part, press one number for every statement, send."""
    page.goto(path)
    page.locator("a.way").first.click()
    # `all` does not wait for the page that is coming.
    expect(page.locator("fieldset.rating").first).to_be_visible()
    for statement in page.locator("fieldset.rating").all():
        statement.locator("label").nth(rate - 1).click()
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/kiitos/"))


def close(page: Page) -> None:
    """From the keeper's page: close, and say it once more."""
    page.locator("a[href*='/sulje/']").click()
    page.locator("main form button").click()
    expect(page.locator("table.outcome").first).to_be_visible()


def test_a_round_and_the_next(page_desktop: Page, open_page: Callable[..., Page]):
    desk = page_desktop
    desk.goto(criteria().url)
    desk.locator("a[href*='/laatu/uusi/']").click()
    desk.locator("#id_name").fill("Syksy")
    desk.locator("main form button").click()
    keeper = desk.url
    share = urlsplit(desk.locator("#share-address").input_value())
    path = f"{share.path}?{share.query}"

    phone = open_page(viewport=PHONE, java_script_enabled=False)
    for rate in (2, 2, 3, 3, 4):
        answer_all(phone, path, rate)
    expect(desk.locator(".badge--good")).to_have_count(0)
    desk.reload()
    expect(desk.locator(".badge--good")).to_have_count(1)
    close(desk)
    first = desk.locator("table.outcome tbody tr").first
    expect(first).to_contain_text("2,8")
    expect(first.locator("svg")).to_be_visible()
    phone.goto(path)
    expect(phone.locator("a.way")).to_have_count(0)

    desk.locator("#id_goals").fill("Kysymme aina, mitä ihminen toivoo.")
    desk.locator("form[action*=tavoitteet] button").click()
    expect(desk.locator("#id_goals")).to_have_value("Kysymme aina, mitä ihminen toivoo.")
    for name in ("tulokset.csv", *(["tulokset.pdf"] if engine.is_available() else [])):
        with desk.expect_download() as download:
            desk.locator(f"a[href*='{name}']").click()
        assert download.value.suggested_filename.endswith(name[-4:])

    desk.locator("#id_name").fill("Kevät")
    desk.locator("form[action*=seuraava] button").click()
    assert desk.url != keeper
    share = urlsplit(desk.locator("#share-address").input_value())
    for _number in range(ENOUGH):
        answer_all(phone, f"{share.path}?{share.query}", 4)
    close(desk)
    expect(desk.locator("table.outcome tbody tr").first).to_contain_text("+1,2")
    expect(desk.locator(".earlier-goals")).to_contain_text("Kysymme aina")


def test_alone_on_the_page_nothing_is_sent(page_desktop: Page):
    page = page_desktop
    page.goto(criteria().url)
    asked: list[str] = []
    # The browser may still be at the page's own files.
    page.on("request", lambda request: None if "/static/" in request.url else asked.append(request.url))
    rates = page.locator(".criteria tbody tr").first.locator("input")
    rates.first.focus()
    for _number in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(rates.nth(3)).to_be_checked()
    assert asked == []


def test_the_copy_button(open_page: Callable[..., Page]):
    it = opened(criteria())
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(keeper_path(it))
    page.locator("button[data-copy=share-address]").click()
    assert page.evaluate("navigator.clipboard.readText()").endswith(answer_path(it))
    plain = open_page(java_script_enabled=False)
    plain.goto(keeper_path(it))
    expect(plain.locator("button[data-copy]").first).to_be_hidden()


def pages_of_a_round() -> dict[str, str]:
    """Each page that a round has, open and closed and compared, by its path in Finnish."""
    page = criteria()
    it = opened(page)
    person = [each["key"] for each in it.round.statements if each["answered_by"] == "person"]
    for rate in (1, 2, 3, 4, 5):
        actions.answer(it.round, answered_by="person", values=dict.fromkeys(person, rate))
    earlier = actions.close_round(it.round)
    later = actions.begin_next_round(earlier, name="Kevät")
    for rate in (3, 4, 4, 4, 5):
        actions.answer(later.round, answered_by="person", values=dict.fromkeys(person, rate))
    actions.close_round(later.round)
    still_open = opened(page)
    return {
        "criteria": page.url,
        "open": f"/fi/laatu/uusi/{page.pk}/",
        "keep": keeper_path(still_open),
        "close": keeper_path(still_open, "quality_close"),
        "delete": keeper_path(still_open, "quality_delete"),
        "choose": answer_path(still_open),
        "answer": answer_path(still_open, "person"),
        "team": answer_path(still_open, "team"),
        "thanks": answer_path(still_open).replace("/vastaa/", "/vastaa/kiitos/"),
        "closed": answer_path(later),
        "results": keeper_path(later),
    }


@pytest.mark.parametrize("code", languages.CODES)
def test_the_pages_are_open_to_all(open_page: Callable[..., Page], code: str):
    narrow = open_page(viewport={"width": 320, "height": 640}, color_scheme="dark", reduced_motion="reduce")
    wide = open_page(color_scheme="light", reduced_motion="reduce")
    for name, path in pages_of_a_round().items():
        if name == "criteria" and code != languages.FINNISH:
            continue
        for page in (wide, narrow):
            page.goto(path.replace("/fi/", f"/{code}/", 1))
            assert_no_axe_violations(page)
            assert look_faults(page) == [], name


def test_by_keyboard_alone(page_desktop: Page):
    page = page_desktop
    paths = pages_of_a_round()
    for name in ("answer", "results", "criteria"):
        page.goto(paths[name])
        assert focus_faults(page) == [], name
    page.goto(paths["team"])
    asked = QualityRound.objects.latest("pk")
    page.locator("fieldset.rating input").first.focus()
    page.keyboard.press("Space")
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/kiitos/"))
    assert list(asked.answers.values_list("answered_by", flat=True)) == ["team"]
