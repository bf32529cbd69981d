"""Paper in a browser: choosing cards, waiting for the PDF, fetching it, without script too; the browser's own print."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from cards.choices import PrintState
from cards.models import ActionCardPage, PosterPage, PracticeModelPage, Print
from cards.printing import engine, making
from scripts.system_packages import IN_CI
from tests.browser.addresses import url
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looks import look_faults


@pytest.fixture(autouse=True)
def pango() -> None:
    """Without the library no page offers a PDF."""
    if not engine.is_available():
        (pytest.fail if IN_CI else pytest.skip)("Pango is missing: `make test` tells how to install it")


def model() -> PracticeModelPage:
    """A practice model in Finnish."""
    return PracticeModelPage.objects.live().filter(locale__language_code="fi").earliest("letter")


def poster() -> PosterPage:
    """A poster in Finnish."""
    return PosterPage.objects.live().filter(locale__language_code="fi").earliest("path")


def finish(printed: Print) -> None:
    """What a worker does, without the drawing."""
    name = printed.file.storage.save(f"prints/{printed.pk}.pdf", ContentFile(b"%PDF-1.7"))
    Print.objects.filter(pk=printed.pk).update(state=PrintState.READY, file=name, ready_at=timezone.now())


def choose_two(page: Page) -> Print:
    """From a model to two of its cards, and on to the page that waits."""
    page.goto(model().url)
    page.locator('a[href*="?model="]').click()
    # `all` does not wait for the page that is coming.
    expect(page.locator(".choice label").first).to_be_visible()
    for label in page.locator(".choice label").all()[:2]:
        label.click()
    page.locator('main button[type="submit"]').click()
    page.wait_for_url("**/tulosta/*-*/")
    return Print.objects.get()


def test_cards_are_chosen_waited_for_and_fetched(page_desktop: Page):
    printed = choose_two(page_desktop)
    assert len(printed.pages) == 2
    expect(page_desktop.get_by_role("progressbar")).to_be_visible()
    Print.objects.filter(pk=printed.pk).update(state=PrintState.WORKING, done=3)
    finish(printed)
    # The page notices by itself.
    link = page_desktop.locator(f'a[href="{url("cards:print_file", key=printed.pk)}"]')
    link.wait_for()
    with page_desktop.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_the_same_without_script(page_no_js: Page):
    printed = choose_two(page_no_js)
    expect(page_no_js.get_by_role("progressbar")).to_be_visible()
    making.Print.objects.filter(pk=printed.pk).update(state=PrintState.FAILED)
    page_no_js.locator(f'main a[href="{url("cards:print_state", key=printed.pk)}"]').click()
    page_no_js.locator('main button[type="submit"]').click()
    expect(page_no_js.get_by_role("progressbar")).to_be_visible()
    finish(printed)
    page_no_js.reload()
    with page_no_js.expect_download():
        page_no_js.locator(f'a[href="{url("cards:print_file", key=printed.pk)}"]').click()


def test_a_poster_is_fetched_with_one_press(page_phone: Page):
    page_phone.goto(poster().url)
    with page_phone.expect_download() as download:
        page_phone.locator('button[value="a3"]').click()
    assert download.value.suggested_filename.endswith("-a3.pdf")
    assert (settings.MEDIA_ROOT / Print.objects.get().file.name).read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_are_for_everybody(open_page: Callable[..., Page], size: dict):
    # Only what holds a public page is told of.
    facts = {"title": "Valitut kortit", "pages": [[model().pk, model().live_revision_id]]}
    printed = Print.objects.create(key="x", total=9, done=4, state=PrintState.WORKING, **facts)
    failed = Print.objects.create(key="y", state=PrintState.FAILED, **facts)
    paths = [
        poster().url,
        f"{url('cards:choose_pages')}?model=A",
        url("cards:print_state", key=printed.pk),
        url("cards:print_state", key=failed.pk),
    ]
    page = open_page(viewport=size)
    for path in paths:
        page.goto(path)
        start_axe(page)
        assert axe_faults(page) == [], path
        assert look_faults(page) == [], path


def test_the_browsers_own_print_shows_what_was_asked_for(page_desktop: Page):
    card = ActionCardPage.objects.live().filter(locale__language_code="fi").earliest("path")
    for path in (card.url, model().url):
        page_desktop.goto(path)
        page_desktop.emulate_media(media="print")
        for hidden in (".page-top", ".page-foot", ".breadcrumb", "main form", "[data-print]", ".contents"):
            for each in page_desktop.locator(hidden).all():
                expect(each).to_be_hidden()
        expect(page_desktop.locator("h1")).to_be_visible()
        page_desktop.emulate_media(media="screen")
