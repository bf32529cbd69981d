"""The network map in a browser: people put on it by form, keys and hand; printed, kept in a file; nothing leaves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, Locator, Page, expect

from cards.models import NetworkMapPage
from portal.base import languages
from tests.browser.addresses import word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.looks import focus_faults, look_faults

STILL = {"reduced_motion": "reduce"}
HOSTILE = '<img src=x onerror="x"/>'
LAYOUT = f"{settings.STATIC_URL}portal/js/network-layout.js"
MAP = {"centre": 320, "rings": [44, 148, 216, 280], "letter": 20}
PLACE = """async ([path, people, map]) => (await import(path)).place(people, map)"""
CELL = """async ([path, map, spots]) => {
    const { cellAt } = await import(path);
    return spots.map(({ x, y }) => cellAt(map, x, y));
}"""


@pytest.fixture
def address(live_site: str) -> str:
    """The tool in Finnish."""
    return address_in(languages.FINNISH)


def address_in(language: str) -> str:
    """The path of the tool in a language."""
    return NetworkMapPage.objects.live().get(locale__language_code=language).url


def put(page: Page, name: str, group: int = 0, ring: int = 0, mark: str = "helps") -> None:
    """Add a person by the form."""
    page.locator("[data-form] [data-name]").fill(name)
    page.locator("[data-group]").select_option(str(group))
    page.locator("[data-ring]").select_option(str(ring))
    page.locator("[data-mark-choice]").select_option(mark)
    page.locator("[data-add]").click()


def listed(page: Page) -> Locator:
    """The people in the list."""
    return page.locator("[data-people] > li")


def drawn(page: Page) -> list[str]:
    """The names on the picture."""
    return page.locator(".network__label").all_text_contents()


def a_file(folder: Path, data: dict[str, Any], **changes: Any) -> Path:
    """A file as the page saves it, with this in it."""
    path = folder / "oma.json"
    content = {"kind": "network-map", "version": 1, "saved_on": "2026-10-01", "data": data}
    path.write_text(json.dumps(content | changes))
    return path


def open_file(page: Page, path: Path) -> None:
    """Open a file from the device."""
    page.locator("[data-own-file-input]").set_input_files(path)


def keep(page: Page, folder: Path) -> Path:
    """Save the file that the page gives."""
    with page.expect_download() as download:
        page.locator("[data-own-file-save]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_person_is_added_changed_and_removed_by_keyboard(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    name = page.locator("[data-form] [data-name]")
    name.fill("Äiti")
    name.press("Enter")
    expect(listed(page)).to_have_count(1)
    expect(name).to_be_focused()
    expect(name).to_have_value("")
    put(page, "Naapuri", 1, 2, "burdens")
    assert drawn(page) == ["Äiti", "Naapuri"]
    groups = page.locator("[data-group] option").all_text_contents()
    rings = page.locator("[data-ring] option").all_text_contents()
    for words in (groups[1], rings[2]):
        expect(listed(page).nth(1)).to_contain_text(words)

    listed(page).nth(1).get_by_role("button").first.press("Enter")
    expect(name).to_be_focused()
    expect(name).to_have_value("Naapuri")
    page.locator("[data-ring]").select_option("0")
    page.locator("[data-add]").press("Enter")
    expect(listed(page)).to_have_count(2)
    expect(listed(page).nth(1)).to_contain_text(rings[0])
    expect(page.locator("[data-told]")).to_contain_text("Naapuri")

    listed(page).first.get_by_role("button").last.press("Enter")
    expect(listed(page)).to_have_count(1)
    # The focus does not fall off the page.
    expect(listed(page).first.get_by_role("button").first).to_be_focused()
    assert drawn(page) == ["Naapuri"]


def test_without_a_name_the_form_says_what_is_missing(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    put(page, "   ")
    expect(page.locator("[data-told]")).to_have_text(word("First write a name, a letter or a word."))
    expect(page.locator("[data-form] [data-name]")).to_be_focused()
    expect(listed(page)).to_have_count(0)


def test_dragging_moves_a_person_to_another_ring(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    put(page, "Sisko")
    page.locator(".network__map").scroll_into_view_if_needed()
    mark = page.locator(".network__person path").bounding_box()
    picture = page.locator(".network__map").bounding_box()
    assert mark
    assert picture
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    # To the outer ring, straight up: the first group is at the top.
    scale = picture["width"] / 640
    page.mouse.move(picture["x"] + 320 * scale, picture["y"] + 75 * scale, steps=5)
    page.mouse.up()
    expect(listed(page).first).to_contain_text(page.locator("[data-ring] option").nth(2).inner_text())
    expect(page.locator("[data-told]")).to_contain_text("Sisko")


def test_nothing_leaves_the_page(page_phone: Page, address: str, tmp_path: Path):
    page = page_phone
    page.goto(address, wait_until="networkidle")
    cookies, asked = page.context.cookies(), []
    page.on("request", lambda request: asked.append(request.url))
    put(page, "Äiti")
    put(page, "Isä", 0, 2, "burdens")
    listed(page).first.get_by_role("button").first.click()
    page.locator("[data-cancel]").click()
    keep(page, tmp_path)
    assert [each for each in asked if not each.startswith("blob:")] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == cookies
    assert page.url.endswith(address)


def test_saved_in_one_language_and_opened_in_another(open_page: Callable[..., Page], live_site: str, tmp_path: Path):
    first = open_page()
    first.goto(address_in(languages.FINNISH))
    put(first, "Äiti", 0, 0, "both")
    put(first, "Kuoro", 3, 1)
    path = keep(first, tmp_path)

    again = open_page()
    again.goto(address_in(languages.SWEDISH))
    open_file(again, path)
    expect(listed(again)).to_have_count(2)
    assert drawn(again) == ["Äiti", "Kuoro"]
    expect(listed(again).nth(1)).to_contain_text(again.locator("[data-group] option").nth(3).inner_text())

    again.once("dialog", Dialog.accept)
    again.locator("[data-own-file-empty]").click()
    expect(listed(again)).to_have_count(0)
    assert drawn(again) == []


def test_a_hostile_file_does_nothing(page_desktop: Page, address: str, tmp_path: Path):
    page = page_desktop
    page.goto(address)
    people = [
        {"name": HOSTILE, "group": 99, "ring": -5, "mark": "'] *"},
        {"name": {"toString": "x"}},
        None,
        "Äiti",
        {"name": "  "},
        {"name": "Täti", "group": "1", "ring": 1.5, "mark": "helps"},
        *[{"name": "x"}] * 500,
    ]
    open_file(page, a_file(tmp_path, {"people": people, "__proto__": {"people": []}}))
    expect(listed(page).first).to_contain_text(HOSTILE)
    assert page.locator("[data-network] img, [data-network] script").count() == 0
    assert listed(page).count() <= 60
    open_file(page, a_file(tmp_path, {"people": "all"}))
    page.once("dialog", Dialog.accept)
    expect(listed(page)).to_have_count(0)
    open_file(page, a_file(tmp_path, {}, kind="reminder"))
    expect(page.locator("[data-own-file-told]")).to_have_class("own-file__told is-error")


@pytest.mark.parametrize("sectors", [3, 5, 6])
def test_names_do_not_lie_over_one_another(page_desktop: Page, address: str, sectors: int):
    """Two people in every cell. The same people, the same places: who is added moves nobody."""
    page = page_desktop
    page.goto(address)
    names = ["Äiti", "Isä", "Sosiaaliohjaaja Maija", "Lauri", "M."]
    people = [
        {"name": names[(number + ring) % 5], "group": group, "ring": ring}
        for group in range(sectors)
        for ring in range(3)
        for number in range(2)
    ]
    map_ = MAP | {"sectors": sectors}
    spots = page.evaluate(PLACE, [LAYOUT, people, map_])
    boxes = [(number, box) for number, spot in enumerate(spots) for box in spot["boxes"]]
    covered = [
        (people[one], people[two])
        for one, first in boxes
        for two, second in boxes
        if one < two
        and min(first["right"], second["right"]) - max(first["left"], second["left"]) > 0
        and min(first["bottom"], second["bottom"]) - max(first["top"], second["top"]) > 0
    ]
    assert covered == []
    # Everybody stands in their own cell, under their name or their number in the list.
    cells = page.evaluate(CELL, [LAYOUT, map_, spots])
    assert cells == [{"group": person["group"], "ring": person["ring"]} for person in people]
    for number, (person, spot) in enumerate(zip(people, spots, strict=True), start=1):
        assert spot["label"] in {person["name"], person["name"][:13] + "…", str(number)}
    assert sum(spot["label"].isdigit() for spot in spots) < len(spots) / 4
    assert page.evaluate(PLACE, [LAYOUT, people[:7], map_]) == spots[:7]


def test_paper_holds_the_map_and_the_list(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    put(page, "Äiti")
    page.emulate_media(media="print")
    expect(page.locator(".network__map")).to_be_visible()
    expect(listed(page).first).to_be_visible()
    expect(page.locator("[data-form]")).to_be_hidden()
    assert not any(button.is_visible() for button in page.locator("[data-network] button").all())


def test_an_empty_map_is_printed_without_script(page_no_js: Page, address: str):
    page = page_no_js
    page.goto(address)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        expect(page.locator(".network__map")).to_be_visible()
        expect(page.locator(".network__key")).to_be_visible()
        assert not any(
            button.is_visible() for button in page.locator("[data-network] :is(button, input, select)").all()
        )


@pytest.mark.parametrize("language", [languages.FINNISH, languages.SWEDISH, languages.ENGLISH])
def test_everybody_can_use_it(open_page: Callable[..., Page], live_site: str, language: str):
    page = open_page(**STILL)
    page.goto(address_in(language))
    put(page, "Äiti")
    listed(page).first.get_by_role("button").first.click()
    assert_no_axe_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert look_faults(page) == []


def test_the_keyboard_reaches_everything(open_page: Callable[..., Page], address: str):
    page = open_page(**STILL)
    page.goto(address)
    put(page, "Äiti")
    page.evaluate("document.activeElement.blur()")
    assert focus_faults(page) == []
