"""Forms that are filled in on a page: several on one, printed, kept in the person's own file; nothing leaves."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cards import choices
from portal.base import languages
from portal.content.models import TextPage
from tests.browser.addresses import word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.looks import focus_faults, look_faults

STILL = {"reduced_motion": "reduce"}
HOSTILE = "<img src=x onerror=\"document.title = 'x'\">"
TITLES = ["Kehityskeskustelu", "Palvelun kuvaus"]


@pytest.fixture
def address(live_site: str) -> str:
    """A text page with two forms that ask the same, one question of each kind."""
    page = TextPage.objects.live().filter(locale__language_code=languages.FINNISH).order_by("path").first()
    assert page is not None
    questions = [{"label": f"Kysymys {kind}", "help": "Ohje.", "kind": kind} for kind in choices.Answer.values]
    page.body = json.dumps(
        [{"type": "fill_in_form", "value": {"title": title, "intro": "", "questions": questions}} for title in TITLES]
    )
    page.save_revision().publish()
    return page.url


def form(page: Page, number: int = 0) -> Locator:
    """One of the forms."""
    return page.locator("[data-fill-in]").nth(number)


def fill(page: Page, number: int = 0) -> None:
    """Answer every question of a form."""
    found = form(page, number)
    found.locator("[data-kind=line] input").fill("Yksi rivi")
    found.locator("[data-kind=text] textarea").fill("\n".join(f"Rivi {row}" for row in range(1, 31)))
    found.locator("[data-kind=scale] label").nth(3).click()
    found.locator("[data-kind=check] input").check()
    found.locator("[data-kind=day] input").fill("2026-12-08")


def keep(page: Page, folder: Path, number: int = 0) -> Path:
    """Save the file of a form."""
    with page.expect_download() as download:
        form(page, number).locator("[data-own-file-save]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_file(page: Page, path: Path, number: int = 0) -> None:
    """Open a file in a form."""
    form(page, number).locator("[data-own-file-input]").set_input_files(path)


def test_saved_and_opened_again(open_page: Callable[..., Page], address: str, tmp_path: Path):
    first = open_page()
    first.goto(address)
    fill(first, 1)
    path = keep(first, tmp_path, 1)

    again = open_page()
    again.goto(address)
    open_file(again, path, 1)
    found = form(again, 1)
    expect(found.locator("[data-kind=line] input")).to_have_value("Yksi rivi")
    expect(found.locator("[data-kind=text] textarea")).to_have_value("\n".join(f"Rivi {row}" for row in range(1, 31)))
    expect(found.locator("[data-kind=scale] input").nth(3)).to_be_checked()
    expect(found.locator("[data-kind=check] input")).to_be_checked()
    expect(found.locator("[data-kind=day] input")).to_have_value("2026-12-08")
    expect(form(again, 0).locator("[data-kind=line] input")).to_have_value("")


def test_a_file_of_another_form_is_refused_in_words(page_desktop: Page, address: str, tmp_path: Path):
    page_desktop.goto(address)
    fill(page_desktop, 0)
    path = keep(page_desktop, tmp_path, 0)
    open_file(page_desktop, path, 1)
    refused = word("This file belongs to another tool. Open it on the page where you saved it.")
    expect(form(page_desktop, 1).locator("[data-own-file-told]")).to_have_text(refused)
    expect(form(page_desktop, 1).locator("[data-kind=line] input")).to_have_value("")


def test_an_answer_to_a_removed_question_is_not_lost(page_desktop: Page, address: str, tmp_path: Path):
    page = page_desktop
    page.goto(address)
    title = page.title()
    fill(page)
    path = keep(page, tmp_path)
    content = json.loads(path.read_text())
    content["data"]["answers"] += [
        {"question": "Vanha kysymys", "answer": HOSTILE},
        {"question": "Kysymys line", "answer": {"a": 1}},
        {"question": 7, "answer": "x"},
        None,
    ]
    path.write_text(json.dumps(content))
    open_file(page, path)
    expect(form(page).locator("[data-rest] dd")).to_have_text(HOSTILE)
    assert page.locator("[data-fill-in] img").count() == 0
    assert page.title() == title
    answers = json.loads(keep(page, tmp_path).read_text())["data"]["answers"]
    assert {"question": "Vanha kysymys", "answer": HOSTILE} in answers


def test_paper_shows_every_word(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    fill(page)
    page.emulate_media(media="print")
    written = form(page).inner_text()
    for words in ("Yksi rivi", "Rivi 1\n", "Rivi 30", "8.12.2026"):
        assert words in written
    expect(form(page).locator("[data-kind=scale] input").nth(3)).to_be_visible()
    assert not any(button.is_visible() for button in page.locator("[data-fill-in] button").all())


def test_nothing_leaves_the_page(page_phone: Page, address: str, tmp_path: Path):
    page = page_phone
    page.goto(address, wait_until="networkidle")
    cookies, asked = page.context.cookies(), []
    page.on("request", lambda request: asked.append(request.url))
    fill(page)
    form(page).locator("[data-kind=line] input").press("Enter")
    form(page).locator("[data-kind=check] input").press("Enter")
    keep(page, tmp_path)
    assert [each for each in asked if not each.startswith("blob:")] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == cookies
    assert page.url.endswith(address)


def test_is_filled_in_and_printed_without_script(page_no_js: Page, address: str):
    page = page_no_js
    page.goto(address)
    fill(page)
    assert not any(button.is_visible() for button in page.locator("[data-fill-in] button").all())
    page.emulate_media(media="print")
    for field in form(page).locator("input:not([type=file]), textarea").all():
        expect(field).to_be_visible()


def test_everybody_can_use_it(open_page: Callable[..., Page], address: str):
    page = open_page(**STILL)
    page.goto(address)
    # Two forms have two groups of buttons for their files.
    assert_no_axe_violations(page)
    assert focus_faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert look_faults(page) == []
