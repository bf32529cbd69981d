"""The queue in a browser: everybody can use its pages, in Finnish and Swedish, on a phone, and without script."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from directory import actions
from directory.choices import CaseKind, Role
from directory.models import Case, Organisation, Service
from portal.accounts.models import User
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import PHONE
from tests.browser.looks import look_faults, open_all
from tests.factories.directory import ServiceFactory, member


@pytest.fixture
def administrator(site: None) -> User:
    """Somebody of the centre, without the admin: its own toolbar is not ours to judge."""
    user = User.objects.create_user("keskus@example.org", first_name="Keskus", last_name="Keränen")
    for county in Organisation.objects.exclude(home_municipality=None).values_list("home_municipality__county"):
        user.area_roles.get_or_create(county_id=county[0])
    return user


@pytest.fixture
def paths(administrator: User) -> list[tuple[str, list, str]]:
    """(name, arguments, query) of every page of the queue, with something on each."""
    row = Service.objects.public().filter(organisation__home_municipality__isnull=False).earliest("pk")
    keeper = member(row.organisation, Role.OWNER)
    actions.edit(row, {"title": f"{row.title} ja muuta", "description": "Uutta."}, by=keeper, base=None)
    review = actions.submit(Service.objects.get(pk=row.pk), by=keeper, note="Katso nimeä.").review
    assert review
    orphan = actions.open_case(CaseKind.ORPHAN, organisation=row.organisation, key=row.uuid)
    report = actions.report_mistake(row, message="Numero on väärä.", email="lukija@example.org")
    inspection = actions.open_case(CaseKind.INSPECTION, organisation=row.organisation, key=row.uuid)
    double = ServiceFactory(organisation=row.organisation, title=f"{row.title}a", for_whom="Kaikille.")
    assert report.case
    return [
        ("queue", [], ""),
        ("queue_bulk", [], f"?action=close&case={orphan.pk}&case={report.case.pk}"),
        ("case", [orphan.pk], ""),
        ("case", [report.case.pk], ""),
        ("review", [review.pk], ""),
        ("inspection", [inspection.pk], ""),
        ("duplicates", [], ""),
        ("merge", ["service", row.uuid, double.uuid], ""),
    ]


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_every_page_can_be_used_by_everybody(
    open_page: Callable[..., Page], sign_in: Callable, administrator: User, paths: list, code: str
):
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    sign_in(page, administrator)
    for name, arguments, query in paths:
        with translation.override(code):
            page.goto(reverse(f"workspace:{name}", args=arguments) + query)
        open_all(page)
        assert_no_axe_violations(page)
        assert look_faults(page) == [], name


def test_several_are_closed_without_script(page_no_js: Page, sign_in: Callable, administrator: User, paths: list):
    sign_in(page_no_js, administrator)
    case = Case.objects.open().get(kind=CaseKind.ORPHAN, key__isnull=False, review=None)
    page_no_js.goto(f"{reverse('workspace:queue')}?kind=orphan")
    page_no_js.locator(f"#case-{case.pk}").check()
    page_no_js.locator("#action").select_option("close")
    page_no_js.locator(".queue__bulk button").click()
    page_no_js.locator("textarea").fill("Soitettu, kaikki kunnossa.")
    page_no_js.locator("main form button").click()
    page_no_js.wait_for_url(f"**{reverse('workspace:queue')}")
    case.refresh_from_db()
    assert case.closed_by == administrator
    assert case.notes.get().text == "Soitettu, kaikki kunnossa."
