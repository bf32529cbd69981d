"""The second factor: asked of those who administer, where they do it, and of nobody else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.access import needs_second_factor
from portal.accounts.models import User
from tests import editing
from tests.accounts.ways_in import (
    LOGIN,
    WORD,
    code_in_mail,
    number_in,
    number_of,
    signed_in_by_code,
    with_app,
    with_passkey,
    with_password,
)
from tests.editing import client_of, person

pytestmark = pytest.mark.django_db

INDEX = "/fi/accounts/2fa/"
# The administration's own pages stand there; what answers below it does not matter here.
ADMINISTRATION = "/fi/yllapito/"


@pytest.fixture(autouse=True)
def asked():
    """As in production."""
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        yield


def member(group: str) -> User:
    """Somebody of a group that has no right to the admin."""
    user = person(editing.NOBODY, "alue@example.org")
    user.groups.add(Group.objects.create(name=group))
    return user


def test_who_needs_one():
    assert needs_second_factor(person())
    assert needs_second_factor(person(editing.EDITOR))
    assert needs_second_factor(member("Of an area"))
    assert not needs_second_factor(person(editing.NOBODY))


# --- Without one ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/login/../", ADMINISTRATION, "/sv/yllapito/jono/"])
def test_without_one_the_administration_is_closed(path):
    client = signed_in_by_code(person(editing.EDITOR).email)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 302
        assert answer.url.endswith("/accounts/2fa/")


def test_a_member_of_a_group_is_asked_too():
    client = signed_in_by_code(member("Of an area").email)
    assert client.get(ADMINISTRATION).url == INDEX


def test_the_page_one_is_led_to_says_why():
    client = signed_in_by_code(person(editing.EDITOR).email)
    assert "notice--warn" in client.get(INDEX).content.decode()
    keeper = signed_in_by_code(person(editing.NOBODY).email)
    assert "notice--warn" not in keeper.get(INDEX).content.decode()


def test_the_rest_of_the_site_is_open():
    client = signed_in_by_code(person(editing.EDITOR).email)
    for name in ("directory:my_list", "accounts:home", "account_email", "mfa_index"):
        assert client.get(reverse(name)).status_code == 200
    assert client.post("/admin/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_one_is_made_and_the_administration_opens(committing_at_once):
    client = signed_in_by_code(person(editing.EDITOR).email)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": number_of(secret)}).status_code == 302
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1
    assert client.get("/admin/").status_code == 200
    assert 'href="/admin/"' in client.get(INDEX).content.decode()


@pytest.fixture
def committing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What allauth does after the commit is done inside the request, as outside a test's transaction."""
    monkeypatch.setattr("allauth.mfa.totp.internal.flows.transaction.on_commit", lambda do: do())


def test_who_forgot_the_password_can_make_one():
    """Having come in by a code is proof enough for some minutes; later it is asked again."""
    user = with_password(person(editing.EDITOR))
    client = signed_in_by_code(user.email)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 10 * 60
    session.save()
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    assert reverse("account_reset_password") in client.get(reverse("account_reauthenticate")).content.decode()


# --- With one ---------------------------------------------------------------------------------------------------------
def test_with_one_it_is_asked_at_the_door():
    user = with_password(person(editing.EDITOR))
    app = with_app(user)
    for data in ({"password": WORD}, {"password": ""}):
        client = Client()
        answer = client.post(LOGIN, {"login": user.email, "next": "/admin/pages/", **data})
        if not data["password"]:
            answer = client.post(answer.url, {"code": code_in_mail()})
        assert answer.url == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(answer.url, {"code": number_in(app)}).url == "/admin/pages/"
    assert client.get("/admin/").status_code == 200


def test_a_session_that_did_not_use_it_is_asked_for_it():
    user = person(editing.EDITOR)
    client, app = client_of(user), with_app(user)
    answer = client.get("/admin/pages/?a=b")
    assert urlsplit(answer.url).path == reverse("mfa_reauthenticate")
    assert parse_qs(urlsplit(answer.url).query) == {"next": ["/admin/pages/?a=b"]}
    page = client.get(answer.url).content.decode()
    assert 'name="next" value="/admin/pages/?a=b"' in page
    answer = client.post(answer.url, {"code": number_in(app), "next": "/admin/pages/?a=b"})
    assert answer.url == "/admin/pages/?a=b"
    assert client.get("/admin/").status_code == 200


def test_what_was_sent_without_it_is_not_done():
    user = person()
    client, _app = client_of(user), with_app(user)
    other = person(editing.EDITOR)
    answer = client.post(f"/admin/users/delete/{other.pk}/")
    assert parse_qs(urlsplit(answer.url).query) == {"next": ["/admin/"]}
    assert User.objects.filter(pk=other.pk).exists()


def test_who_has_a_key_is_asked_for_the_key():
    user = person(editing.EDITOR)
    client, _app = client_of(user), with_app(user)
    with_passkey(user)
    answer = client.get("/admin/")
    assert urlsplit(answer.url).path == reverse("mfa_reauthenticate_webauthn")
    assert client.get(answer.url).status_code == 200


def test_spare_codes_alone_are_none():
    user = person(editing.EDITOR)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0})
    assert client_of(user).get("/admin/").url == INDEX


def test_another_persons_proof_is_worth_nothing():
    """The same browser, another person: what the first one showed does not count."""
    first, second = person(editing.EDITOR), person(editing.MODERATOR)
    app = with_app(first)
    client = client_of(first)
    client.post(reverse("mfa_reauthenticate"), {"code": number_in(app)})
    assert client.get("/admin/").status_code == 200
    with_app(second)
    client.force_login(second, backend=editing.BACKEND)
    assert client.get("/admin/").status_code == 302


def test_in_development_nobody_is_asked():
    with override_settings(REQUIRE_SECOND_FACTOR=False):
        assert client_of(person(editing.EDITOR)).get("/admin/").status_code == 200
