"""Figures, campaigns and letters to keepers in a browser: usable by everybody, on a phone, and without script."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from directory import actions
from directory.choices import Role
from directory.models import Mailing, Organisation, Service
from directory.selection import Selection
from portal.accounts.models import User
from portal.post.models import BouncedAddress, Letter
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import PHONE, Watch
from tests.browser.looks import look_faults, open_all
from tests.factories.directory import member


@pytest.fixture
def chief(site: None) -> User:
    """Somebody of the centre, without the admin: its own toolbar is not ours to judge."""
    user = User.objects.create_user("keskus@example.org", first_name="Keskus", last_name="Keränen")
    user.user_permissions.add(Permission.objects.get(codename="publish_service"))
    return user


@pytest.fixture
def keeper(site: None) -> User:
    """The owner of an organisation with listings, one of which is overdue."""
    organisation = Organisation.objects.filter(services__live=True, home_municipality__isnull=False).earliest("pk")
    Service.objects.filter(organisation=organisation).update(
        checked_on=timezone.localdate() - datetime.timedelta(days=400)
    )
    return member(organisation, Role.OWNER)


@pytest.fixture
def paths(chief: User, keeper: User) -> list[tuple[str, list, str]]:
    """(name, arguments, query) of every page, with something on each."""
    now = timezone.now()
    keys = [each.key for each in Selection().listings(None, now)]
    day = timezone.localdate() + datetime.timedelta(days=20)
    campaign = actions.start_campaign(title="Kesä", keys=keys, due_on=day, by=chief, message="Kesä tulee.")
    letter = actions.write_mailing(title="Kesän ajat", text="Hei!\n\nKesä tulee.", selection=Selection(), by=chief)
    BouncedAddress.objects.create(email="poissa@example.org", bounced_at=now)
    county = keeper.memberships.get().organisation.home_municipality.county_id
    return [
        ("freshness", [], ""),
        ("freshness", [], "?by=organisation"),
        ("services", [], "?stage=overdue"),
        ("services", [], "?stage=nothing"),
        ("coverage", [], ""),
        ("coverage", [], f"?area={county}&stage=1"),
        ("orphans", [], ""),
        ("campaigns", [], ""),
        ("campaign_new", [], ""),
        ("campaign", [campaign.pk], ""),
        ("mailing", [], ""),
        ("mailing_new", [], ""),
        ("mailing_one", [letter.pk], ""),
        ("mailing_edit", [letter.pk], ""),
        ("runs", [], "?koe=1"),
    ]


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_every_page_can_be_used_by_everybody(
    open_page: Callable[..., Page], sign_in: Callable, watch: Watch, chief: User, paths: list, code: str
):
    watch.expect("400")
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    sign_in(page, chief)
    faults = []
    for name, arguments, query in paths:
        with translation.override(code):
            page.goto(reverse(f"workspace:{name}", args=arguments) + query)
        open_all(page)
        start_axe(page)
        faults += [f"{name}{query}: {fault}" for fault in (*axe_faults(page), *look_faults(page))]
    assert not faults, "\n".join(faults)


def test_a_letter_is_written_tried_and_sent_without_script(
    page_no_js: Page, sign_in: Callable, chief: User, keeper: User
):
    page = page_no_js
    sign_in(page, chief)
    page.goto(reverse("workspace:mailing_new"))
    page.locator("#id_stage").select_option("overdue")
    page.locator("form[method=get] button").click()
    page.locator("#id_title").fill("Kesän ajat")
    page.locator("#id_text").fill("Kesä tulee.")
    page.locator("main form[method=post] button").click()
    expect(page.locator("h1")).to_have_text("Kesän ajat")
    mailing = Mailing.objects.get()
    assert mailing.selection == Selection(stage="overdue").query()

    send = page.locator(f'form[action="{reverse("workspace:mailing_send", args=[mailing.pk])}"] button')
    expect(send).to_have_count(0)
    page.locator(f'form[action="{reverse("workspace:mailing_test", args=[mailing.pk])}"] button').click()
    send.click()
    expect(send).to_have_count(0)
    mailing.refresh_from_db()
    assert mailing.sent_at
    assert [letter.to for letter in Letter.objects.all()] == [chief.email]
