"""Coming in with a real browser: a passkey is made where it is required, and opens the site next time."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import editing
from tests.accounts.pages import account_pages
from tests.accounts.ways_in import code_in_mail
from tests.browser.axe import axe_faults, start_axe
from tests.browser.conftest import PHONE, Watch
from tests.browser.looks import look_faults
from tests.editing import person

# What a phone with a fingerprint reader does, without the finger.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@override_settings(REQUIRE_SECOND_FACTOR=True, MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True)
def test_an_editor_makes_a_passkey_and_comes_in_with_it(open_page: Callable[..., Page]):
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    editor = person(editing.EDITOR)

    page.goto("/admin/")
    page.locator("[name=login]").fill(editor.email)
    page.locator("main form .button--primary").click()
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").fill(code_in_mail())
    page.locator("main form .button--primary").click()

    # Led to make one, told why, and on to where one was going.
    page.wait_for_url(f"**{reverse('mfa_index')}")
    expect(page.locator(".notice--warn")).to_be_visible()
    page.locator(f"a[href='{reverse('mfa_add_webauthn')}']").click()
    expect(page.locator("[name=passwordless]")).to_be_checked()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    assert Authenticator.objects.filter(user=editor, type=Authenticator.Type.WEBAUTHN).count() == 1
    assert page.goto("/admin/").status == 200
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/")

    letters = len(mail.outbox)
    page.context.clear_cookies()
    page.goto("/admin/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/admin/")
    assert len(mail.outbox) == letters, "a passkey needs no code"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_page_of_it_can_be_used_by_everybody(
    open_page: Callable[..., Page], live_site: str, watch: Watch, language: str
):
    page, faults = open_page(viewport=PHONE, reduced_motion="reduce"), []
    for name, client, path in account_pages(language):
        page.context.clear_cookies()
        session = client.cookies.get(settings.SESSION_COOKIE_NAME)
        if session:
            page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_site}])
        assert page.goto(path).status == 200, name
        start_axe(page)
        faults += [f"{name}: {fault}" for fault in (*axe_faults(page), *look_faults(page))]
    assert not faults, "\n".join(faults)
