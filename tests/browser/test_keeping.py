"""A keeper on a phone: what needs me today, and what I do about it, also without script; axe on every page."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from directory import actions
from directory.choices import Capacity, FindingKind, Role, SendBackReason
from directory.models import Finding, Membership, Organisation, Service, Upkeep
from portal.accounts.models import User
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import PHONE
from tests.browser.looks import look_faults, open_all
from tests.editing import person

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def service(live_site: str) -> Service:
    """A service with something of everything: overdue, sent back, reported, noticed, closed; its keeper is Aino."""
    organisation = Organisation.objects.public().annotate(count=Count("services")).order_by("-count", "pk").first()
    aino = User.objects.create_user("aino@example.org", first_name="Aino", last_name="Virtanen")
    Membership.objects.create(organisation=organisation, user=aino, role=Role.OWNER)
    keys = list(Service.objects.filter(organisation=organisation).values_list("translation_key", flat=True))
    day = timezone.localdate() - datetime.timedelta(days=400)
    Service.objects.of_keys(keys).update(owner=aino, checked_on=day)
    Upkeep.objects.filter(key__in=keys).delete()
    service = Service.objects.filter(organisation=organisation, locale__language_code="fi", live=True).first()
    Finding.objects.create(
        key=service.translation_key, kind=FindingKind.DEAD_LINK, what="https://x.example/", found_on=day
    )
    actions.report_mistake(service, message="Numero ei vastaa.", email="lukija@example.org")
    actions.begin_service(organisation, by=aino, title="Kerho", kind="service", language="fi")
    actions.edit(service, {"how_to_join": "Soita ensin.", "title": f"{service.title} ja kerho"}, by=aino, base=None)
    review = actions.submit(Service.objects.get(pk=service.pk), by=aino).review
    actions.send_back(review, by=person(email="toimitus@example.org"), reason=SendBackReason.UNCLEAR, words="Kenelle?")
    return Service.objects.get(pk=service.pk)


def addresses(service: Service) -> list[str]:
    key, slug = service.translation_key, service.organisation.slug
    names: list[tuple] = [
        ("home",),
        ("organisation", slug),
        ("organisation_edit", slug),
        ("service", key),
        ("service_findability", key),
        ("service_copy", key),
        ("service_end", key),
        ("quick", key),
        ("service_preview", key, "fi"),
        ("service_history", key, "fi"),
        ("service_version", key, "fi", service.latest_revision_id),
    ]
    found = [reverse(f"workspace:{name}", args=args) for name, *args in names]
    return found + [f"{reverse('workspace:quick', args=[key])}?what={what}" for what in ("full", "closed", "notice")]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_everybody_can_use_the_keepers_pages(
    language: str, service: Service, open_page: Callable[..., Page], sign_in: Callable
):
    wide = open_page(color_scheme="light", reduced_motion="reduce")
    narrow = open_page(color_scheme="dark", viewport=NARROW, reduced_motion="reduce")
    for page in (wide, narrow):
        sign_in(page, service.owner)
    with translation.override(language):
        paths = addresses(service)
    faults = []
    for path in paths:
        for page in (wide, narrow):
            page.goto(path, wait_until="networkidle")
            open_all(page)
            start_axe(page)
        faults += [f"{path} {fault}" for page in (wide, narrow) for fault in (*axe_faults(page), *look_faults(page))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_keeper_does_what_needs_doing(
    is_scripted: bool, service: Service, open_page: Callable[..., Page], sign_in: Callable
):
    page = open_page(viewport=PHONE, java_script_enabled=is_scripted)
    sign_in(page, service.owner)
    key = service.translation_key
    home, own = reverse("workspace:home"), reverse("workspace:service", args=[key])

    # All of it is still right: one press.
    page.goto(home)
    page.locator(f"form[action='{reverse('workspace:all_still_right')}'] button").click()
    expect(page.locator(".toast--success")).to_be_visible()
    service.refresh_from_db()
    assert service.checked_on == timezone.localdate()

    # Full, in two taps; and away in one.
    page.goto(own)
    page.locator("a[href$='?what=full']").click()
    page.locator("main form[method=post] button").click()
    expect(page).to_have_url(re.compile(f"{own}$"))
    service.refresh_from_db()
    assert service.current_capacity == Capacity.FULL
    page.locator("form:has(input[value=capacity]) button").click()
    service.refresh_from_db()
    assert service.current_capacity == Capacity.UNKNOWN

    # A reader is answered.
    page.locator("textarea[name=answer]").fill("Kiitos, korjasimme sen.")
    page.locator("form:has(textarea[name=answer]) button").click()
    expect(page.locator(".toast--success")).to_be_visible()
    assert service.reports.get().answer == "Kiitos, korjasimme sen."

    # What came back is gone on with: the form opens.
    page.goto(home)
    page.locator("form[action*='/luettu/'] button").first.click()
    expect(page).to_have_url(re.compile(f"{own}$"))
    page.locator("form[action*='/luettu/'] button").first.click()
    expect(page).to_have_url(re.compile("/muokkaa/"))
