"""«Mitä sinulle kuuluu?» in a browser: filled in, drawn, kept in the person's own file, compared; nothing leaves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, Page, expect

from cards.models import LifeSituationPage
from portal.base import languages
from tests.browser.addresses import word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import Watch
from tests.browser.looks import focus_faults, look_faults, open_all

STILL = {"reduced_motion": "reduce"}
HOSTILE = '<img src="x" onerror="document.title = 1"><script>document.title = 1</script>'


@pytest.fixture
def address(live_site: str) -> str:
    """The tool in Finnish."""
    return address_in(languages.FINNISH)


def address_in(language: str) -> str:
    """The path of the tool in a language."""
    return LifeSituationPage.objects.live().get(locale__language_code=language).url


def choose(page: Page, key: str, number: int) -> None:
    """Tap a number of an area."""
    page.locator(f"[data-area={key}] .scale__step").nth(number - 1).click()


def chosen(page: Page, key: str) -> str | None:
    """The number that is chosen in an area."""
    value: str | None = page.evaluate(
        "(name) => document.querySelector(`[name=${name}]:checked`)?.value", f"area-{key}"
    )
    return value


def in_words(page: Page, key: str) -> str:
    """What the table beside the picture says of an area."""
    return page.locator(f"[data-result={key}] td").inner_text()


def a_file(folder: Path, **changes: Any) -> Path:
    """A file as the page saves it, with something changed."""
    content = {"kind": "life-situation", "version": 1, "saved_on": "2026-10-01", "data": {"answers": {"home": 2}}}
    path = folder / "oma.json"
    path.write_text(json.dumps(content | changes), encoding="utf-8")
    return path


def open_file(page: Page, path: Path) -> None:
    """Open a file from the device."""
    page.locator("[data-own-file-input]").set_input_files(path)


def compare_with(page: Page, path: Path) -> None:
    """Open an earlier file beside today's answers."""
    page.locator("[data-compare-input]").set_input_files(path)


def keep(page: Page, folder: Path) -> Path:
    """Save the file that the page gives."""
    with page.expect_download() as download:
        page.locator("[data-own-file-save]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_nothing_leaves_the_page(page_phone: Page, address: str, tmp_path: Path):
    page_phone.goto(address)
    page_phone.wait_for_load_state("networkidle")
    cookies, asked = page_phone.context.cookies(), []
    page_phone.on("request", lambda request: asked.append(request.url))
    for fieldset in page_phone.locator("[data-area]").all():
        fieldset.locator(".scale__step").nth(1).click()
    page_phone.locator("#question-1").fill("Koira")
    page_phone.locator("#question-1").press("Enter")
    page_phone.locator("[data-area=home] input").nth(1).press("Enter")
    page_phone.locator("[data-offer=money] summary").click()
    path = keep(page_phone, tmp_path)
    compare_with(page_phone, path)
    expect(page_phone.locator("[data-compare-told]")).not_to_be_empty()

    assert [each for each in asked if not each.startswith("blob:")] == []
    assert page_phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page_phone.context.cookies() == cookies
    assert page_phone.url.endswith(address)


def test_an_answer_is_drawn_and_said(page_phone: Page, address: str):
    page_phone.goto(address)
    choose(page_phone, "home", 4)
    row = page_phone.locator("[data-row=home]")
    expect(row.locator("[data-mark=now]")).to_be_visible()
    place = row.locator("[data-place='4'] circle").bounding_box()
    mark = row.locator("[data-mark=now] circle").bounding_box()
    assert place
    assert mark
    assert abs(place["x"] + place["width"] / 2 - mark["x"] - mark["width"] / 2) < 1
    assert in_words(page_phone, "home").startswith("4")
    assert in_words(page_phone, "money") == word("no answer")

    page_phone.locator("[data-area=home] [data-unanswer]").click()
    expect(row.locator("[data-mark=now]")).to_be_hidden()
    assert in_words(page_phone, "home") == word("no answer")


def test_saved_opened_and_compared(open_page: Callable[..., Page], address: str, tmp_path: Path):
    first = open_page()
    first.goto(address)
    choose(first, "home", 2)
    choose(first, "mind", 5)
    first.locator("#question-2").fill("Laskut järjestykseen")
    path = keep(first, tmp_path)

    again = open_page()
    again.goto(address)
    open_file(again, path)
    expect(again.locator("#question-2")).to_have_value("Laskut järjestykseen")
    assert (chosen(again, "home"), chosen(again, "mind"), chosen(again, "money")) == ("2", "5", None)

    choose(again, "home", 4)
    compare_with(again, path)
    change = word("last time {earlier}, now {now}").format(earlier=2, now=4)
    expect(again.locator("[data-result=home]")).to_contain_text(change)
    for shape in ("[data-mark=earlier]", "[data-mark=now]", "[data-change]"):
        expect(again.locator(f"[data-row=home] {shape}")).not_to_have_attribute("hidden", "")
    expect(again.locator("[data-life-key]")).to_be_visible()
    assert json.loads(path.read_text(encoding="utf-8"))["saved_on"] in path.name

    again.locator("[data-compare-remove]").click()
    expect(again.locator("[data-result=home]")).not_to_contain_text(change)
    assert chosen(again, "home") == "4"


def test_a_hostile_file_does_nothing(page_desktop: Page, address: str, tmp_path: Path):
    page_desktop.goto(address)
    title = page_desktop.title()
    answers = {
        "home": 6, "money": "4", "daily-life": -1, "health": 2.5, "mind": None, "substances": [1], "family": True,
        "friends": 3, "__proto__": {"safety": 1}, "no-such-area": 2,
    }  # fmt: skip
    path = a_file(tmp_path, data={"answers": answers, "texts": [HOSTILE, {"a": 1}, 7, "x" * 9000, "too many"]})
    open_file(page_desktop, path)

    expect(page_desktop.locator("#question-1")).to_have_value(HOSTILE)
    assert page_desktop.locator("[data-area] :checked").count() == 1
    assert chosen(page_desktop, "friends") == "3"
    assert [page_desktop.locator(f"#question-{number}").input_value() for number in (2, 3)] == ["", ""]
    assert len(page_desktop.locator("#question-4").input_value()) < 9000
    compare_with(page_desktop, a_file(tmp_path, saved_on=HOSTILE, data={"answers": answers}))
    expect(page_desktop.locator("[data-compare-told]")).not_to_be_empty()
    expect(page_desktop.locator("[data-life-date]")).to_be_empty()
    assert page_desktop.locator("main img, main script").count() == 0
    assert page_desktop.title() == title


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "This file cannot be read. Choose a file that you saved on this page."),
        ('{"answers": {}}', "This file was not saved here. Choose a file that you saved on this page."),
        ("[1]", "This file was not saved here. Choose a file that you saved on this page."),
        (
            '{"kind": "reminder", "version": 1, "data": {}}',
            "This file belongs to another tool. Open it on the page where you saved it.",
        ),
        (
            '{"kind": "life-situation", "version": 1, "data": {"answers": 1}}',
            "This file cannot be read. Choose a file that you saved on this page.",
        ),
        (" " * 200_001, "This file is too large. It is not one that was saved here."),
    ],
)
def test_a_wrong_file_is_told_and_changes_nothing(
    page_desktop: Page, address: str, tmp_path: Path, content: str, words: str
):
    page_desktop.goto(address)
    choose(page_desktop, "home", 3)
    # Answers not saved yet would be replaced: the person is asked first, and says yes.
    page_desktop.on("dialog", lambda dialog: dialog.accept())
    path = tmp_path / "väärä.json"
    path.write_text(content, encoding="utf-8")
    open_file(page_desktop, path)
    expect(page_desktop.locator("[data-own-file-told]")).to_have_text(word(words))
    assert chosen(page_desktop, "home") == "3"


def test_topics_are_offered_only_where_the_going_is_hard(page_desktop: Page, address: str):
    page_desktop.goto(address)
    expect(page_desktop.locator("[data-life-offers]")).to_be_hidden()
    choose(page_desktop, "money", 2)
    choose(page_desktop, "home", 3)
    expect(page_desktop.locator("[data-offer=money]")).to_be_visible()
    expect(page_desktop.locator("[data-offer=home]")).to_be_hidden()
    # The person opens it, and the search opens beside the page, which keeps the answers.
    link = page_desktop.locator("[data-offer=money] a").first
    expect(link).to_be_hidden()
    page_desktop.locator("[data-offer=money] summary").click()
    with page_desktop.context.expect_page() as opened:
        link.click()
    query = opened.value.url.partition("?")[2]
    assert query == f"topic={query.removeprefix('topic=')}"
    assert chosen(page_desktop, "money") == "2"


def test_emptying_asks_first(page_desktop: Page, address: str):
    page_desktop.goto(address)
    choose(page_desktop, "home", 3)
    empty = page_desktop.locator("[data-own-file-empty]")
    page_desktop.once("dialog", lambda dialog: dialog.dismiss())
    empty.click()
    assert chosen(page_desktop, "home") == "3"
    page_desktop.once("dialog", lambda dialog: dialog.accept())
    empty.click()
    expect(page_desktop.locator("[data-own-file-told]")).to_have_text(word("Everything is empty."))
    assert chosen(page_desktop, "home") is None


def test_asks_before_leaving_but_never_holds_up_the_quick_exit(
    open_page: Callable[..., Page], address: str, watch: Watch
):
    elsewhere = settings.QUICK_EXIT_URL
    watch.expect(f"asked {elsewhere}")
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page = open_page()
    page.on("dialog", note)
    page.goto(address)
    choose(page, "home", 3)
    page.goto("/fi/")
    assert asked == ["beforeunload"]

    page.goto(address)
    choose(page, "home", 3)
    page.route(f"{elsewhere}**", lambda route: route.fulfill(body="<title>Sää</title>", content_type="text/html"))
    page.locator("[data-quick-exit]").click()
    page.wait_for_url(f"{elsewhere}**")
    assert asked == ["beforeunload"]


def test_filled_in_by_keyboard(page_desktop: Page, address: str):
    page_desktop.goto(address)
    page_desktop.locator("[data-area=home] input").first.focus()
    page_desktop.keyboard.press("Space")
    page_desktop.keyboard.press("ArrowRight")
    page_desktop.keyboard.press("ArrowRight")
    assert chosen(page_desktop, "home") == "3"
    page_desktop.keyboard.press("Tab")
    expect(page_desktop.locator("[data-area=home] [data-unanswer]")).to_be_focused()
    page_desktop.keyboard.press("Enter")
    assert chosen(page_desktop, "home") is None
    expect(page_desktop.locator("[data-area=home] input").first).to_be_focused()


def test_every_stop_of_the_keyboard_is_seen(open_page: Callable[..., Page], address: str):
    page = open_page(**STILL)
    page.goto(address)
    assert focus_faults(page) == []


def test_without_script_it_is_a_form_on_paper(page_no_js: Page, address: str):
    page_no_js.goto(address)
    page_no_js.locator("[data-area=home] .scale__step").nth(3).click()
    expect(page_no_js.locator("[data-area=home] [value='4']")).to_be_checked()
    page_no_js.get_by_label(word("Large letters")).check()
    expect(page_no_js.locator("[data-profile]")).to_be_visible()
    expect(page_no_js.locator("[data-mark=now]").first).to_be_hidden()
    # What needs a script is not there; the topics are, all of them.
    assert [each for each in page_no_js.locator("main button").all() if each.is_visible()] == []
    expect(page_no_js.locator("[data-offer]").first).to_be_visible()
    page_no_js.emulate_media(media="print")
    expect(page_no_js.locator("[data-area=home]")).to_be_visible()
    expect(page_no_js.locator("[data-profile]")).to_be_visible()


def test_on_paper_it_is_the_picture_and_the_answers(page_desktop: Page, address: str):
    page_desktop.goto(address)
    choose(page_desktop, "home", 2)
    page_desktop.locator("#question-1").fill("Koira")
    page_desktop.emulate_media(media="print")
    expect(page_desktop.locator("[data-profile]")).to_be_visible()
    expect(page_desktop.locator("[data-result=home]")).to_be_visible()
    expect(page_desktop.get_by_text("Koira", exact=True)).to_be_visible()
    for hidden in ("[data-area=home]", "[data-own-file]", "[data-life-offers]", ".parts"):
        expect(page_desktop.locator(hidden)).to_be_hidden()


@pytest.mark.parametrize("language", languages.CODES)
def test_everybody_can_use_it(open_page: Callable[..., Page], live_site: str, language: str, tmp_path: Path):
    narrow = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
    for options in ({"color_scheme": "light"}, narrow):
        page = open_page(**STILL, **options)
        page.goto(address_in(language))
        choose(page, "home", 4)
        choose(page, "money", 1)
        compare_with(page, a_file(tmp_path))
        expect(page.locator("[data-life-key]")).to_be_visible()
        assert look_faults(page) == []
        open_all(page)
        assert_no_axe_violations(page)
