"""An editor who knows Word: changes a card and has it approved; brings a service to the public."""

import re
from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from cards.blocks import card_blocks
from directory.models import Organisation, Service
from tests.browser.addresses import search_url, step_card
from tests.browser.conftest import Watch
from tests.editing import EDITOR, MODERATOR, page_url, person, url_of

NEW_TITLE, NEW_HEADING = "Uusi nimi kortille", "Lopuksi yhdessä"
# A name of words that are nowhere else on the site.
SERVICE = "Kuutamokävely Tuomiojärvellä"


def settled(page: Page) -> None:
    """Wait until the scripts have drawn the form."""
    page.wait_for_load_state("networkidle")


def press_in_menu(page: Page, button: str) -> None:
    """Open the menu of what can be done with what is edited, and press a button in it."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator(f"footer button{button}").click()
    settled(page)


def visible_to_all(page: Page, address: str) -> str:
    """What somebody who has not signed in reads at an address."""
    page.goto(address)
    return page.locator("main").inner_text()


def test_a_card_is_edited_previewed_approved_and_changed(
    open_page: Callable[..., Page], sign_in: Callable[[Page, object], None], watch: Watch
):
    card, (editor, moderator, public) = step_card(), (open_page() for _ in range(3))
    sign_in(editor, person(EDITOR))
    sign_in(moderator, person(MODERATOR))

    editor.goto(page_url(card))
    settled(editor)
    editor.locator("#id_title").fill(NEW_TITLE)
    editor.locator("button.c-sf-add-button:not([data-streamfield-list-add])").last.click()
    heading = card_blocks_label("heading")
    editor.get_by_role("option", name=heading, exact=True).click()
    editor.locator("[name^='body-'][name$='-value']").last.fill(NEW_HEADING)

    # As the public would see it, before anything is saved.
    editor.locator("[data-side-panel-toggle=preview]").click()
    preview = editor.frame_locator("[data-side-panel=preview] iframe").first
    expect(preview.get_by_role("heading", level=1)).to_have_text(NEW_TITLE)
    expect(preview.get_by_role("heading", name=NEW_HEADING)).to_be_visible()
    assert editor.locator("footer [name=action-publish]").count() == 0, "An editor does not publish alone"

    press_in_menu(editor, "[name=action-submit]")
    assert NEW_TITLE not in visible_to_all(public, card.url)

    moderator.goto(reverse("wagtailadmin_home"))
    settled(moderator)
    moderator.get_by_role("link", name=NEW_TITLE).first.click()
    settled(moderator)
    expect(moderator.locator("#id_title")).to_have_value(NEW_TITLE)
    press_in_menu(moderator, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")

    text = visible_to_all(public, card.url)
    assert NEW_TITLE in text
    assert NEW_HEADING in text
    assert watch.unexpected() == []


def card_blocks_label(name: str) -> str:
    """How the admin calls a block of the cards, in Finnish."""
    with override("fi"):
        return str(dict(card_blocks())[name].label)


def test_a_service_is_drafted_published_and_found_at_once(
    open_page: Callable[..., Page], sign_in: Callable[[Page, object], None], watch: Watch
):
    watch.expect("status of 404")  # the public asks for the draft
    moderator, public = open_page(), open_page()
    sign_in(moderator, person(MODERATOR))
    organisation = Organisation.objects.public().order_by("slug").first()

    moderator.goto(url_of(Service, "add"))
    settled(moderator)
    moderator.locator("#id_title").fill(SERVICE)
    moderator.locator("#id_summary").fill("Kävellään yhdessä rannalla, kun kuu paistaa.")
    moderator.locator("#id_organisation-chooser [data-chooser-action-choose]").first.click()
    moderator.get_by_role("dialog").get_by_role("searchbox").or_(
        moderator.get_by_role("dialog").locator("input[name=q]")
    ).first.fill(str(organisation))
    moderator.get_by_role("dialog").get_by_role("link", name=str(organisation), exact=True).first.click()
    expect(moderator.locator("#id_organisation-chooser")).to_contain_text(str(organisation))
    moderator.locator("footer .action-save").first.click()
    settled(moderator)

    service = Service.objects.get(title=SERVICE)
    assert not service.live
    assert public.goto(service.get_absolute_url()).status == 404
    public.goto(search_url(q=SERVICE))
    expect(public.locator(".listing__title", has_text=SERVICE)).to_have_count(0)

    moderator.goto(url_of(service, "edit"))
    settled(moderator)
    press_in_menu(moderator, "[name=action-publish]")
    service.refresh_from_db()
    assert service.live
    public.goto(search_url(q=SERVICE))
    public.locator(".listing__title a", has_text=SERVICE).first.click()
    expect(public.get_by_role("heading", level=1)).to_have_text(re.compile(SERVICE))
    assert watch.unexpected() == []
