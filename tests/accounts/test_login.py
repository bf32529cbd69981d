"""Signing in: one login for everybody, codes by mail, no way round it, no loop."""

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import PageViewRestriction

from portal.accounts.development import PASSWORD, ensure_people
from portal.accounts.models import User
from tests import editing
from tests.accounts.ways_in import LOGIN, WORD, code_in_mail, with_password
from tests.editing import client_of, person
from tests.factories.content import HomePageFactory, TextPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    """An editor who has a password."""
    return with_password(person(editing.EDITOR))


def where(client: Client, url: str) -> str:
    """Where one ends when one asks for an address."""
    answer = client.get(url, follow=True)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else url


# --- One login --------------------------------------------------------------------------------------------------------
def test_every_way_in_leads_to_the_one_login(client):
    assert where(client, "/admin/") == f"{LOGIN}?next=/admin/"
    assert where(client, "/admin/login/") == f"{LOGIN}?next=/admin/"
    assert where(client, "/admin/pages/?a=b") == f"{LOGIN}?next=/admin/pages/%3Fa%3Db"
    assert where(client, "/fi/_util/login/?next=/fi/") == f"{LOGIN}?next=/fi/"
    assert where(client, "/sv/_util/login/?next=/sv/") == "/sv/accounts/login/?next=/sv/"
    assert where(client, "/accounts/login/?next=/admin/") == f"{LOGIN}?next=/admin/"


def test_wagtails_own_logins_take_no_password(client, keeper):
    for url in ("/admin/login/", "/fi/_util/login/"):
        client.post(url, {"username": keeper.email, "password": WORD})
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("url", ["/admin/password_reset/", "/admin/password_reset/done/"])
def test_wagtails_password_pages_are_off(client, url):
    answer = client.get(url)
    assert answer.status_code == 404 or answer.url.startswith("/admin/login/")


def test_a_way_back_to_another_site_is_not_taken(client):
    assert "evil" not in client.get("/admin/login/?next=https://evil.example.org/").url
    client = client_of(person())
    assert client.get("/admin/login/?next=https://evil.example.org/").url == "/admin/"
    assert client.get("/admin/login/?next=/admin/pages/").url == "/admin/pages/"


# --- Signing in -------------------------------------------------------------------------------------------------------
def test_with_a_password(client, keeper):
    answer = client.post(LOGIN, {"login": keeper.email, "password": WORD, "next": "/admin/pages/"})
    assert answer.status_code == 302
    assert answer.url == "/admin/pages/"
    assert client.session["_auth_user_id"] == str(keeper.pk)
    assert client.session.get_expire_at_browser_close()


def test_with_a_code_by_mail(client):
    user = person(editing.EDITOR)
    answer = client.post(LOGIN, {"login": user.email, "password": "", "next": "/admin/pages/"})
    assert answer.status_code == 302
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [user.email]
    assert mail.outbox[0].subject.startswith("Palvelupolku: ")

    page = client.get(answer.url)
    assert page.status_code == 200
    assert user.email in page.content.decode()
    answer = client.post(answer.url, {"code": code_in_mail()})

    assert answer.status_code == 302
    assert answer.url == "/admin/pages/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert len(mail.outbox) == 1, "one code is enough"


def test_with_a_wrong_code(client):
    user = person(editing.EDITOR)
    answer = client.post(LOGIN, {"login": user.email, "password": ""})
    answer = client.post(answer.url, {"code": "WRNG-CODE"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_is_told_kindly(client, keeper):
    answer = client.post(LOGIN, {"login": keeper.email, "password": "väärä"})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_where_one_goes_without_a_wish(client, keeper):
    assert client.post(LOGIN, {"login": keeper.email, "password": WORD}).url == "/admin/"
    nobody = with_password(person(editing.NOBODY))
    assert Client().post(LOGIN, {"login": nobody.email, "password": WORD}).url == reverse("workspace:home")


def test_signing_out_goes_where_one_asked(keeper):
    client = client_of(keeper)
    assert client.get("/fi/accounts/logout/").status_code == 200
    answer = client.post("/fi/accounts/logout/", {"next": "/fi/hae/"})
    assert answer.url == "/fi/hae/"
    assert "_auth_user_id" not in client.session
    client = client_of(keeper)
    assert where_after_wagtails_logout(client) == f"{LOGIN}?next=/admin/"


def where_after_wagtails_logout(client: Client) -> str:
    answer = client.post("/admin/logout/", follow=True)
    return answer.redirect_chain[-1][0]


# --- Who may not ------------------------------------------------------------------------------------------------------
def test_a_person_without_rights_meets_a_clear_no_and_no_loop():
    client = client_of(person(editing.NOBODY))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1
    assert 'action="/fi/accounts/logout/"' in answer.content.decode()
    assert client.get(LOGIN).status_code == 200


def test_a_closed_page_is_no_loop_either(client):
    home = HomePageFactory()
    page = TextPageFactory(parent=home)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.set([])
    assert where(client, page.url).startswith("/fi/accounts/login/?next=")
    answer = client_of(person(editing.NOBODY)).get(page.url, follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1


def test_sample_people_are_refused_outside_debug_mode(client):
    with override_settings(DEBUG=True):
        ensure_people()
    user = User.objects.get(email="yllapito@example.org")
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    answer = client.post(LOGIN, {"login": user.email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
    # A session from debug mode is worth nothing either.
    assert client_of(user).get("/admin/").status_code == 302
    assert client.get("/dev-login/").status_code == 404
    with override_settings(DEBUG=False):
        assert ensure_people() == []


def test_sample_people_get_in_in_debug_mode(client):
    with override_settings(DEBUG=True):
        ensure_people()
        client.post(LOGIN, {"login": "yllapito@example.org", "password": PASSWORD})
        assert client.get("/admin/").status_code == 200


def test_an_inactive_person_is_kept_out(client, keeper):
    keeper.is_active = False
    keeper.save()
    client.post(LOGIN, {"login": keeper.email, "password": WORD})
    assert client.get("/admin/").status_code == 302


# --- Accounts made in the admin ---------------------------------------------------------------------------------------
def test_an_account_made_in_the_admin_can_sign_in_by_mail_and_add_a_second_step(client):
    administrator = client_of(person())
    answer = administrator.post(
        reverse("wagtailusers_users:add"),
        {"email": "uusi@example.org", "first_name": "U", "last_name": "K", "is_superuser": ""},
    )
    assert answer.status_code == 302, editing.errors(answer)
    user = User.objects.get(email="uusi@example.org")
    assert not user.has_usable_password()
    answer = client.post(LOGIN, {"login": user.email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


# --- Words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi-simple"])
def test_the_login_speaks_every_language_and_keeps_the_way(client, language):
    answer = client.get(f"/{language}/accounts/login/?next=/admin/pages/")
    html = answer.content.decode()
    assert f'lang="{language}"' in html
    assert 'value="/admin/pages/"' in html
    assert "/sv/accounts/login/?next=" in html
