"""The reminder in a browser: filled in, printed, kept in the person's own file, taken to a phone; nothing leaves."""

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from cards.models import ReminderPage
from directory import shortlist
from portal.base import languages
from tests.browser.addresses import some_services, word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.looks import focus_faults, look_faults

STILL = {"reduced_motion": "reduce"}
HOSTILE = '<img src="x" onerror="document.title = 1"><script>document.title = 1</script>'
# A day in winter, and one in summer, when Finland's clocks are an hour further.
WINTER, SUMMER = "2026-12-08", "2027-07-01"


@pytest.fixture
def address(live_site: str) -> str:
    """The tool in Finnish."""
    return address_in(languages.FINNISH)


def address_in(language: str) -> str:
    """The path of the tool in a language."""
    return ReminderPage.objects.live().get(locale__language_code=language).url


def with_list(page: Page, live_site: str) -> list[str]:
    """Put services on the visitor's list; their titles."""
    services = some_services(2)
    packed = shortlist.pack(service.uuid for service in services)
    page.context.add_cookies([{"name": shortlist.COOKIE, "value": packed, "url": live_site}])
    return [service.title for service in services]


def fill_task(page: Page, number: int, what: str, who: str = "", by: str = "") -> None:
    """Write a task on a row."""
    row = page.locator("[data-rows=tasks] [data-row]").nth(number - 1)
    for name, value in (("what", what), ("who", who), ("by", by)):
        row.locator(f"[data-cell={name}]").fill(value)


def fill_meeting(page: Page, date: str, time: str = "", place: str = "") -> None:
    """Write the next meeting."""
    for name, value in (("date", date), ("time", time), ("place", place)):
        page.locator(f"[data-name={name}]").fill(value)


def saved_by(page: Page, button: str, folder: Path) -> Path:
    """The file that a button gives."""
    with page.expect_download() as download:
        page.locator(button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_file(page: Page, path: Path) -> None:
    """Open a file from the device."""
    page.locator("[data-own-file-input]").set_input_files(path)


def a_file(folder: Path, data: dict[str, Any], **changes: Any) -> Path:
    """A file as the page saves it, with this in it."""
    path = folder / "oma.json"
    path.write_text(json.dumps({"kind": "reminder", "version": 1, "saved_on": "2026-10-01", "data": data} | changes))
    return path


def paper(page: Page) -> str:
    """What the sheet says on paper."""
    page.emulate_media(media="print")
    text = page.locator("[data-reminder]").inner_text()
    page.emulate_media(media="screen")
    return text


# --- iCalendar, read by its own rules ---------------------------------------------------------------------------------
def entries(path: Path) -> list[dict[str, str]]:
    """The events of a calendar file: property → value, unescaped. Fails where the file breaks RFC 5545."""
    raw = path.read_bytes()
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert any(line.startswith("PRODID:") for line in lines)
    found: list[dict[str, str]] = []
    for line in lines[1:-1]:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1]
            found[-1][name] = re.sub(r"\\(.)", lambda each: {"n": "\n"}.get(each[1], each[1]), value)
    for event in found:
        assert event["UID"]
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
    return found


# --- tests ------------------------------------------------------------------------------------------------------------
def test_nothing_leaves_the_page(page_phone: Page, address: str, live_site: str, tmp_path: Path):
    page = page_phone
    with_list(page, live_site)
    page.goto(address, wait_until="networkidle")
    cookies, asked = page.context.cookies(), []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-name=agreed]").fill("Haet tukea.")
    fill_task(page, 1, "Soitan", "Minä", WINTER)
    page.locator("[data-rows=tasks] [data-cell=who]").first.press("Enter")
    page.locator("[data-take] label").first.click()
    fill_meeting(page, WINTER, "13:30", "Kirjasto")
    page.locator("[data-name=place]").press("Enter")
    page.locator("[data-qr-button]").click()
    expect(page.locator("[data-qr] svg")).to_be_visible()
    for button in ("[data-calendar]", "[data-text]", "[data-own-file-save]"):
        saved_by(page, button, tmp_path)

    assert [each for each in asked if not each.startswith("blob:")] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == cookies
    assert page.url.endswith(address)


def test_saved_and_opened_on_another_device(
    open_page: Callable[..., Page], address: str, live_site: str, tmp_path: Path
):
    first = open_page()
    titles = with_list(first, live_site)
    first.goto(address)
    first.locator("[data-name=agreed]").fill("Haet tukea.\nMinä autan.")
    first.locator("[data-rows=tasks] [data-add]").click()
    rows = first.locator("[data-rows=tasks] [data-row]").count()
    fill_task(first, rows, "Soitan Kelaan", "Minä", WINTER)
    first.locator("[data-take] label").nth(1).click()
    first.locator("[data-rows=contacts] [data-cell=name]").first.fill("Sari")
    fill_meeting(first, WINTER, "13:30", "Kirjasto")
    path = saved_by(first, "[data-own-file-save]", tmp_path)

    # There the list is empty: the service comes from the file.
    again = open_page()
    again.goto(address)
    open_file(again, path)
    expect(again.locator("[data-name=agreed]")).to_have_value("Haet tukea.\nMinä autan.")
    expect(again.locator("[data-rows=tasks] [data-cell=what]").first).to_have_value("Soitan Kelaan")
    expect(again.locator("[data-rows=tasks] [data-cell=by]").first).to_have_value(WINTER)
    expect(again.locator("[data-name=time]")).to_have_value("13:30")
    expect(again.locator("[data-take] input")).to_be_checked()
    expect(again.locator("[data-take-title]")).to_contain_text(titles[1])
    sheet = paper(again)
    for words in ("Minä autan.", "Soitan Kelaan", "8.12.2026", "Sari", "Kirjasto", titles[1]):
        assert words in sheet

    again.once("dialog", Dialog.accept)
    again.locator("[data-own-file-empty]").click()
    expect(again.locator("[data-name=agreed]")).to_have_value("")
    expect(again.locator("[data-take]")).to_have_count(0)


def test_a_hostile_file_does_nothing(page_desktop: Page, address: str, tmp_path: Path):
    page = page_desktop
    page.goto(address)
    title = page.title()
    data = {
        "id": HOSTILE,
        "agreed": HOSTILE,
        "notes": {"toString": "x"},
        "tasks": [{"what": HOSTILE, "by": "not a day", "key": HOSTILE}, None, 7, *[{"what": "x"}] * 100],
        "taken": [{"key": '"] *', "title": HOSTILE, "lines": [HOSTILE, 3]}, {"title": 5}, "x"],
        "contacts": "all",
        "meeting": {"date": "2026-99-99", "time": HOSTILE, "place": ["x"]},
        "__proto__": {"agreed": "x"},
    }
    open_file(page, a_file(tmp_path, data))
    expect(page.locator("[data-name=agreed]")).to_have_value(HOSTILE)
    expect(page.locator("[data-take-title]")).to_have_text(HOSTILE)
    assert page.locator("[data-reminder] img, [data-reminder] script").count() == 0
    assert page.title() == title
    assert page.locator("[data-rows=tasks] [data-row]").count() <= 12
    for name in ("notes", "date", "time", "place"):
        expect(page.locator(f"[data-name={name}]")).to_have_value("")


def test_a_file_of_something_else_is_refused_in_words(page_desktop: Page, address: str, tmp_path: Path):
    page = page_desktop
    page.goto(address)
    page.locator("[data-name=agreed]").fill("Pysyy")
    open_file(page, a_file(tmp_path, {}, kind="life-situation"))
    expect(page.locator("[data-own-file-told]")).to_have_text(
        word("This file belongs to another tool. Open it on the page where you saved it.")
    )
    expect(page.locator("[data-name=agreed]")).to_have_value("Pysyy")


def test_calendar_file_holds_the_meeting_and_the_tasks_with_a_day(
    open_page: Callable[..., Page], address: str, tmp_path: Path
):
    # The person's own clock is elsewhere: the meeting is in Finland.
    page = open_page(timezone_id="America/New_York")
    page.goto(address)
    place = "Kirjasto; 2. kerros, huone \\4, " + "pitkä ääkkönen " * 7
    fill_task(page, 1, "Soitan, kysyn; ja odotan", "Minä", SUMMER)
    fill_task(page, 2, "Ilman päivää")
    fill_meeting(page, WINTER, "13:30", place)
    told = datetime.datetime.now(datetime.UTC)
    meeting, task = entries(saved_by(page, "[data-calendar]", tmp_path))

    assert meeting["DTSTART"] == "20261208T113000Z"
    assert meeting["LOCATION"] == place.strip()
    assert meeting["SUMMARY"] == word("Meeting", context="reminder")
    stamp = datetime.datetime.strptime(meeting["DTSTAMP"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    assert abs(stamp - told) < datetime.timedelta(minutes=5)
    assert task["DTSTART;VALUE=DATE"] == SUMMER.replace("-", "")
    assert "Soitan, kysyn; ja odotan" in task["SUMMARY"]
    assert meeting["UID"] != task["UID"]

    # The meeting moves: the calendar knows it for the same one, by summer's clocks.
    fill_meeting(page, SUMMER, "09:00")
    moved, _task = entries(saved_by(page, "[data-calendar]", tmp_path))
    assert moved["UID"] == meeting["UID"]
    assert moved["DTSTART"] == "20270701T060000Z"
    assert "LOCATION" not in moved

    # And after the file was opened on another day.
    path = saved_by(page, "[data-own-file-save]", tmp_path)
    again = open_page()
    again.goto(address)
    open_file(again, path)
    expect(again.locator("[data-name=date]")).to_have_value(SUMMER)
    assert [each["UID"] for each in entries(saved_by(again, "[data-calendar]", tmp_path))] == [
        meeting["UID"],
        task["UID"],
    ]


def test_a_day_without_a_time_is_the_whole_day(page_desktop: Page, address: str, tmp_path: Path):
    page_desktop.goto(address)
    page_desktop.locator("[data-calendar]").click()
    expect(page_desktop.locator("[data-told]")).not_to_be_empty()
    fill_meeting(page_desktop, WINTER)
    (meeting,) = entries(saved_by(page_desktop, "[data-calendar]", tmp_path))
    assert meeting["DTSTART;VALUE=DATE"] == "20261208"


def test_qr_code_is_of_the_meeting_as_it_stands(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    button, code = page.locator("[data-qr-button]"), page.locator("[data-qr] svg path")
    button.click()
    expect(page.locator("[data-told]")).not_to_be_empty()
    expect(page.locator("[data-qr]")).to_be_hidden()
    fill_meeting(page, WINTER, "13:30", "Kirjasto")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    first = code.get_attribute("d")
    # An old code must not lead to a wrong day.
    fill_meeting(page, SUMMER, "13:30", "Kirjasto")
    expect(page.locator("[data-qr]")).to_be_hidden()
    button.click()
    assert code.get_attribute("d") != first


def test_text_file_says_what_was_written(page_desktop: Page, address: str, live_site: str, tmp_path: Path):
    page = page_desktop
    titles = with_list(page, live_site)
    page.goto(address)
    fill_task(page, 1, "Soitan Kelaan", "Minä", WINTER)
    page.locator("[data-take] label").first.click()
    fill_meeting(page, WINTER, "13:30", "Kirjasto")
    text = saved_by(page, "[data-text]", tmp_path).read_text(encoding="utf-8-sig")
    for words in ("Soitan Kelaan – Minä – ti 8.12.2026", titles[0], "13:30 – Kirjasto"):
        assert words in text
    assert titles[1] not in text


def test_rows_come_and_go_by_keyboard(page_desktop: Page, address: str):
    page = page_desktop
    page.goto(address)
    rows = page.locator("[data-rows=tasks] [data-row]")
    before = rows.count()
    page.locator("[data-rows=tasks] [data-add]").press("Enter")
    expect(rows).to_have_count(before + 1)
    expect(rows.last.locator("[data-cell=what]")).to_be_focused()
    fill_task(page, 2, "Jää")
    rows.first.get_by_role("button").press("Enter")
    expect(rows).to_have_count(before)
    expect(rows.first.locator("[data-cell=what]")).to_have_value("Jää")
    expect(rows.first.locator("[data-cell=what]")).to_be_focused()
    legends = [legend.inner_text() for legend in rows.locator("legend").all()]
    assert [int(legend.split()[-1]) for legend in legends] == list(range(1, before + 1))


def test_an_empty_sheet_is_left_without_a_question_and_a_filled_one_is_not(page_desktop: Page, address: str):
    page = page_desktop
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address)
    page.goto("/fi/")
    assert asked == []
    page.goto(address)
    page.locator("[data-name=agreed]").fill("Jotain")
    page.locator("[data-name=agreed]").press("Tab")
    page.goto("/fi/")
    assert asked == ["beforeunload"]


def test_works_on_paper_without_script(page_no_js: Page, address: str, live_site: str):
    page = page_no_js
    titles = with_list(page, live_site)
    page.goto(address)
    page.locator("[data-name=agreed]").fill("Haet tukea.")
    page.locator("[data-take] label").first.click()
    assert not any(button.is_visible() for button in page.locator("[data-reminder] button").all())
    page.emulate_media(media="print")
    expect(page.locator("[data-name=agreed]")).to_be_visible()
    expect(page.locator("[data-take]").filter(has_text=titles[0])).to_be_visible()
    expect(page.locator("[data-take]").filter(has_text=titles[1])).to_be_hidden()
    assert page.locator("[data-rows=tasks] [data-row]").first.is_visible()


@pytest.mark.parametrize("language", languages.CODES)
def test_everybody_can_use_it(open_page: Callable[..., Page], live_site: str, language: str):
    page = open_page(**STILL)
    with_list(page, live_site)
    page.goto(address_in(language))
    fill_meeting(page, WINTER, "13:30", "Kirjasto")
    page.locator("[data-qr-button]").click()
    assert_no_axe_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert look_faults(page) == []


def test_the_keyboard_reaches_everything(open_page: Callable[..., Page], address: str):
    page = open_page(**STILL)
    page.goto(address)
    assert focus_faults(page) == []
