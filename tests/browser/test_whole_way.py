"""The whole way of a new organisation, on phones without script: asked for, approved, written, approved, found."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.models import Claim, Organisation, Review, Service
from portal.accounts.models import User
from tests.browser.addresses import url, word
from tests.browser.conftest import PHONE
from tests.browser.test_service_form import write_all
from tests.factories.directory import area_administrator

NAME = "Torstaikahvit"


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Callable[[], Page]:
    """Another person's phone."""
    return lambda: open_page(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)


def test_from_a_claim_to_a_listing_that_anybody_finds(phone: Callable[[], Page], sign_in: Callable, live_site: str):
    municipality = Organisation.objects.exclude(home_municipality=None).first().home_municipality
    volunteer, regional = User.objects.create_user("aino@talo.example"), area_administrator(municipality.county)

    keeper = phone()
    sign_in(keeper, volunteer)
    keeper.goto(url("workspace:propose"))
    keeper.locator("#id_name").fill("Perunakellarin ystävät")
    keeper.locator("#id_sector").select_option("association")
    keeper.locator("#id_municipality").select_option(municipality.pk)
    keeper.locator("#id_message").fill("Olen sihteeri, numeroni on 000 123 4567.")
    keeper.locator("main form#proposal button[type=submit], main form button.button--primary").last.click()
    claim = Claim.objects.get(user=volunteer)

    staff = phone()
    sign_in(staff, regional)
    staff.goto(url("workspace:queue"))
    staff.get_by_role("link", name="Perunakellarin ystävät").first.click()
    staff.goto(url("workspace:claim_decision", pk=claim.pk))
    staff.get_by_label(word("We called the organisation's known number")).check()
    staff.get_by_label(word("What did you see or hear, and from whom?")).fill("Puheenjohtaja vahvisti puhelimessa.")
    staff.locator("button[name=decision][value=approve]").click()
    organisation = Organisation.objects.get(memberships__user=volunteer)

    write_all(keeper, organisation)
    assert not Service.objects.public().filter(title=NAME).exists()

    staff.goto(url("workspace:review", pk=Review.objects.get(service__title=NAME).pk))
    staff.locator("main form button.button--primary").click()

    citizen = phone()
    citizen.goto(f"{url('search:search')}?q={NAME.lower()}")
    citizen.get_by_role("main").get_by_role("link", name=NAME, exact=True).first.click()
    expect(citizen.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(citizen.get_by_role("link", name="Perunakellarin ystävät").first).to_be_visible()
    # The keeper had said that all of it is right.
    assert Service.objects.public().get(title=NAME).checked_by == volunteer
