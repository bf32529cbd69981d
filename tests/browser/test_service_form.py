"""The step form of a service in a browser: from a new one to sent, on a phone and without JavaScript; nothing lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.choices import ReviewState, Role
from directory.models import Organisation, Review, Service, UnsavedInput
from portal.accounts.models import User
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import PHONE
from tests.browser.looks import look_faults, open_all
from tests.factories.directory import member
from tests.workspace.form_pages import SEND, STEPS, address, new_address

SignIn = Callable[[Page, object], None]


@pytest.fixture
def service(site: None) -> Service:
    """A public service with places and hours, of the sample content."""
    rows = Service.objects.public().filter(locale__language_code="fi", opening_hours__isnull=False)
    return rows.filter(service_places__isnull=False, contact_ways__isnull=False).order_by("slug").first()


@pytest.fixture
def keeper(service: Service) -> User:
    """Somebody who writes for its organisation."""
    return member(service.organisation, Role.WRITER)


def button(page: Page, do: str) -> None:
    """Press one of the form's buttons, of those that are seen."""
    page.locator(f"button[name=do][value='{do}']:visible").last.click()


def write_all(page: Page, organisation: Organisation) -> None:
    """From the first page of a new service to its sending."""
    page.goto(new_address(organisation))
    page.locator("#id_title").fill("Torstaikahvit")
    page.locator("#id_summary").fill("Kahvia ja juttuseuraa jokaiselle, joka kaipaa seuraa.")
    page.locator("input[name=kind][value=activity]").check()
    button(page, "continue")
    page.locator("#id_for_whom").fill("Kaikille.")
    button(page, "continue")
    page.locator("#id_how_to_join").fill("Tule sisään, ovi on auki.")
    page.locator("#id_contact_ways-0-value").fill("000 123 4567")
    button(page, "add:contact_ways")
    page.locator("#id_contact_ways-1-kind").select_option("email")
    page.locator("#id_contact_ways-1-value").fill("kahvit@example.org")
    button(page, "continue")
    page.locator("input[name='opening_hours-0-weekdays'][value='4']").check()
    page.locator("#id_opening_hours-0-opens").fill("10:00")
    page.locator("#id_opening_hours-0-closes").fill("12:00")
    button(page, "continue")
    for _step in ("workers", "more", "long"):
        button(page, "continue")
    page.locator("#id_is_checked").check()
    page.locator("#id_note").fill("Ensimmäinen!")
    page.locator("main form.service-form button.button--primary").click()
    page.wait_for_url("**/tyotila/palvelu/*/")


def assert_sent() -> None:
    review = Review.objects.get(service__title="Torstaikahvit")
    content = review.revision.content
    assert (review.state, review.note) == (ReviewState.WAITING, "Ensimmäinen!")
    assert [row["value"] for row in content["contact_ways"]] == ["000 123 4567", "kahvit@example.org"]
    assert [(row["weekday"], row["opens"]) for row in content["opening_hours"]] == [(4, "10:00:00")]


def test_from_nothing_to_sent_on_a_phone(page_phone: Page, sign_in: SignIn, service: Service, keeper: User):
    sign_in(page_phone, keeper)
    write_all(page_phone, service.organisation)
    assert_sent()


def test_from_nothing_to_sent_without_a_script(
    open_page: Callable[..., Page], sign_in: SignIn, service: Service, keeper: User
):
    page = open_page(java_script_enabled=False, viewport=PHONE)
    sign_in(page, keeper)
    write_all(page, service.organisation)
    assert_sent()


def test_what_is_typed_is_kept_by_itself_and_there_on_another_device(
    open_page: Callable[..., Page], sign_in: SignIn, service: Service, keeper: User
):
    page, other = open_page(viewport=PHONE), open_page()
    for each in (page, other):
        sign_in(each, keeper)
    page.goto(address(service, "kenelle"))
    status = page.locator("[data-autosave-status]")
    before = status.inner_text()
    page.locator("#id_for_whom").press_sequentially("Puolik")
    expect(status).not_to_have_text(before)
    other.goto(address(service, "kenelle"))
    expect(other.locator("#id_for_whom")).to_have_value(page.locator("#id_for_whom").input_value())
    button(other, "discard")
    expect(other.locator("#id_for_whom")).to_have_value(service.for_whom)
    assert not UnsavedInput.objects.exists()


def test_leaving_is_asked_only_while_words_are_not_kept(
    page_desktop: Page, sign_in: SignIn, service: Service, keeper: User
):
    asked = []
    page_desktop.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    sign_in(page_desktop, keeper)
    page_desktop.goto(address(service, "kenelle"))
    page_desktop.locator("#id_for_whom").press_sequentially("Puolik")
    page_desktop.goto(address(service, "mukaan"))
    assert asked == ["beforeunload"]
    with page_desktop.expect_response("**/talteen/"):
        page_desktop.locator("#id_how_to_join").press_sequentially("Puolik")
    page_desktop.wait_for_timeout(100)
    page_desktop.goto(address(service, "kenelle"))
    assert asked == ["beforeunload"]


def test_writing_help_comes_while_one_writes(page_phone: Page, sign_in: SignIn, service: Service, keeper: User):
    sign_in(page_phone, keeper)
    page_phone.goto(address(service, "mukaan"))
    page_phone.locator("#id_how_to_join").fill("Soita 040 123 4567.")
    expect(page_phone.locator("[data-advice=how_to_join]")).to_contain_text("040 123 4567")
    page_phone.locator("#id_how_to_join").fill("Tule sisään.")
    expect(page_phone.locator("[data-advice=how_to_join]")).to_be_empty()


def test_a_long_list_is_narrowed_and_keeps_what_is_chosen(
    page_phone: Page, sign_in: SignIn, service: Service, keeper: User
):
    sign_in(page_phone, keeper)
    page_phone.goto(address(service, "paikat-ja-ajat"))
    towns = page_phone.locator("#id_municipalities")
    towns.locator("input[type=search]").fill("inkoo")
    expect(towns.locator("label:visible", has_text="Inkoo")).to_be_visible()
    expect(towns.locator("label:visible", has_text="Utsjoki")).to_have_count(0)
    towns.locator("label", has_text="Inkoo").click()
    towns.locator("input[type=search]").fill("")
    expect(towns.get_by_label("Inkoo")).to_be_checked()


def test_enter_saves_and_does_not_press_what_stands_first(
    page_desktop: Page, sign_in: SignIn, service: Service, keeper: User
):
    sign_in(page_desktop, keeper)
    page_desktop.goto(address(service, "mukaan"))
    page_desktop.locator("#id_contact_ways-0-value").fill("000 765 4321")
    page_desktop.keyboard.press("Enter")
    page_desktop.wait_for_url("**/paikat-ja-ajat/")
    assert service.revisions.latest("pk").content["contact_ways"][0]["value"] == "000 765 4321"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_step_can_be_used_by_everybody(
    open_page: Callable[..., Page], sign_in: SignIn, service: Service, keeper: User, language: str
):
    dark = "dark" if language == "sv" else "light"
    page = open_page(viewport={"width": 320, "height": 640}, color_scheme=dark, reduced_motion="reduce")
    sign_in(page, keeper)
    faults = []
    for path in [new_address(service.organisation), *(address(service, step) for step in (*STEPS, SEND))]:
        page.goto(path.replace("/fi/", f"/{language}/", 1))
        open_all(page)
        assert_no_axe_violations(page)
        faults += [f"{path}: {fault}" for fault in look_faults(page)]
    assert not faults, "\n".join(faults)
