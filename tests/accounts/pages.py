"""Every page of signing in and of one's own account, each in a browser that is in the state in which it is met."""

from collections.abc import Iterator

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.accounts.models import User
from tests import editing
from tests.accounts.ways_in import WORD, code_in_mail, with_app, with_passkey, with_password
from tests.editing import person

# Addresses of allauth's that answer a program or send a file.
NO_PAGES = {"mfa_login_webauthn", "mfa_download_recovery_codes"}


def account_pages(language: str) -> Iterator[tuple[str, Client, str]]:
    """(name of the address, a browser, path)."""
    with override(language):
        yield from _before_signing_in()
        yield from _with_a_password(with_password(person(editing.EDITOR, f"a-{language}@example.org")))
        yield from _without_a_password(person(editing.NOBODY, f"b-{language}@example.org"))
        yield from _with_a_second_factor(with_password(person(editing.EDITOR, f"c-{language}@example.org")))


def _before_signing_in() -> Iterator[tuple[str, Client, str]]:
    for name in (
        "account_login",
        "account_request_login_code",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "accounts:closed",
    ):
        yield name, Client(), reverse(name)
    broken = reverse("account_reset_password_from_key", args=["1", "xyz"])
    yield "account_reset_password_from_key", Client(), broken
    client = Client()
    answer = client.post(reverse("account_signup"), {"email": "uusi@example.org", "name": ""})
    yield "account_email_verification_sent", client, answer.url
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "uusi@example.org", "password": ""})
    yield "account_confirm_login_code", client, answer.url


def _with_a_password(user: User) -> Iterator[tuple[str, Client, str]]:
    cache.clear()
    Client().post(reverse("account_reset_password"), {"email": user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    client = Client()
    form = client.get(link.removeprefix("http://testserver"))
    yield "account_reset_password_from_key", client, form.url
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": WORD})
    for name in (
        "account_logout",
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "usersessions_list",
        "accounts:home",
        "accounts:close",
    ):
        yield name, client, reverse(name)


def _without_a_password(user: User) -> Iterator[tuple[str, Client, str]]:
    cache.clear()
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    for name in ("account_set_password", "account_email", "accounts:home"):
        yield name, client, reverse(name)


def _with_a_second_factor(user: User) -> Iterator[tuple[str, Client, str]]:
    cache.clear()
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": WORD})
    with_app(user)
    key = with_passkey(user)
    RecoveryCodes.activate(user)
    for name in (
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "accounts:home",
    ):
        yield name, client, reverse(name)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield name, client, reverse(name, args=[key.pk])
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": WORD})
    yield "mfa_authenticate", client, answer.url
