"""Settings as in production: nothing unexpected in Django's own check, and no development login."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from portal.accounts.backends import AuthenticationBackend
from portal.accounts.development import PASSWORD, ensure_people
from portal.accounts.models import User

ROOT = Path(settings.BASE_DIR)
# Said outright: a developer's own `.env` says otherwise.
PRODUCTION = {
    "DEBUG": "false",
    "BEHIND_PROXY": "true",
    "SECRET_KEY": "for-tests-only-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGH",
    "ALLOWED_HOSTS": "palvelut.example.fi",
    "SITE_URL": "https://palvelut.example.fi",
    "EMAIL_URL": "submission://user:word@mail.example.fi:587",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "VAR_DIR", "DATABASE_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_own_check_finds_nothing():
    done = manage("check", "--deploy", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    # W019: previews are framed by the admin; frame-ancestors of the content security policy is the stricter rule.
    assert set(re.findall(r"\((\w+\.\w+)\)", done.stdout + done.stderr)) <= {"security.W019"}, done.stderr


def test_without_a_secret_key_production_says_so():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode != 0
    assert "security.W009" in done.stderr


def test_by_default_nothing_is_open():
    assert not settings.DEBUG
    assert settings.SECURE_HSTS_SECONDS
    assert not settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN
    assert settings.STORAGES


# --- development logins ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_no_development_login_is_made():
    assert ensure_people() == []
    assert not User.objects.exists()


@pytest.fixture
def developer(db) -> User:
    with override_settings(DEBUG=True):
        return ensure_people()[0]


def test_a_development_login_opens_nothing(client: Client, developer: User, rf):
    backend = AuthenticationBackend()
    assert not backend.user_can_authenticate(developer)
    assert backend.get_user(developer.pk) is None
    assert backend.authenticate(rf.post("/"), email=developer.email, password=PASSWORD) is None
    with override_settings(DEBUG=True):
        assert backend.get_user(developer.pk) == developer
        assert backend.authenticate(rf.post("/"), email=developer.email, password=PASSWORD) == developer


def test_an_open_session_of_one_is_closed(client: Client, developer: User):
    client.force_login(developer)
    assert client.get("/admin/").status_code == 302
    with override_settings(DEBUG=True):
        assert client.get("/admin/").status_code == 200


def test_a_real_person_gets_in(client: Client, db):
    client.force_login(User.objects.create_superuser("a@example.org"))
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_the_page_of_development_logins_is_not_there(client: Client, rf):
    from django.http import Http404

    from portal.accounts.views import development_login

    assert client.get("/dev-login/").status_code == 404
    with pytest.raises(Http404):
        development_login(rf.get("/dev-login/"))


# --- ways in ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/fi/_util/login/", "/admin/"])
def test_every_way_in_leads_to_the_one_login(client: Client, path: str):
    response = client.get(path, follow=True)
    assert response.redirect_chain
    assert response.redirect_chain[-1][0].split("?")[0].endswith("/accounts/login/")
    assert response.status_code == 200
    assert client.post(path, {"username": "a", "password": "b"}).status_code in {302, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/fi/_util/login/"])
def test_no_way_in_leads_out(client: Client, path: str):
    assert "elsewhere.example" not in client.get(path, {"next": "https://elsewhere.example/"}).url


@pytest.mark.django_db
def test_an_empty_password_opens_nothing():
    user = User(email="a@example.org", password="")
    user.save()
    assert not user.has_usable_password()
    assert user.emailaddress_set.count() == 1
