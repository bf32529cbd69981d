"""A keeper on a phone, without JavaScript: the letter's button, one press, done."""

import datetime
import re
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import Page, expect

from directory.choices import Role
from directory.keeping import keep_fresh
from directory.models import Membership, Organisation, Service
from directory.sharing import set_on_rows
from portal.accounts.models import User
from portal.post.models import Letter
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import PHONE


def _letter() -> tuple[str, list[Service]]:
    """The path of the letter's first button, and the listings that it asks about."""
    organisation = Organisation.objects.filter(services__live=True).first()
    keeper = User.objects.create_user("hoitaja@example.org")
    Membership.objects.create(organisation=organisation, user=keeper, role=Role.OWNER)
    keys = list(Service.objects.public().filter(organisation=organisation).values_list("translation_key", flat=True))
    for key in set(keys):
        set_on_rows(key, owner_id=keeper.pk)
    Service.objects.of_keys(keys).update(checked_on=timezone.localdate() - datetime.timedelta(days=400))
    keep_fresh(timezone.now())
    letter = Letter.objects.get(to=keeper.email)
    address = re.search(r"http\S+/vastaus/\S+", letter.text)[0]
    return urlsplit(address).path, list(Service.objects.of_keys(keys))


def test_all_still_right_in_two_taps(open_page, live_site: str):
    path, services = _letter()
    page: Page = open_page(viewport=PHONE, java_script_enabled=False)
    # The first tap: the button in the letter.
    page.goto(path)
    # The second: the button on the page.
    page.locator("button[name=choice]").first.click()
    expect(page.locator("h1")).to_be_visible()
    for service in services:
        service.refresh_from_db()
        assert service.checked_on == timezone.localdate()
    expect(page.locator("button[name=choice][value$=still_right]")).to_have_count(0)


def test_the_page_is_open_to_all(open_page, live_site: str):
    path, _services = _letter()
    for options in ({"viewport": PHONE}, {"color_scheme": "dark"}):
        page: Page = open_page(**options)
        page.goto(path)
        for each in page.locator("main summary").all():
            each.click()
        assert_no_axe_violations(page)
