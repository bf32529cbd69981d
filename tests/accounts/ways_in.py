"""What a person does to come in, by HTTP: asks for a code, reads it in the mail, uses an app. For tests of any room."""

import os
import re
from hashlib import sha256

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from portal.accounts.models import User

LOGIN = "/fi/accounts/login/"
SIGNUP = "/fi/accounts/signup/"
WORD = "pitkä-ja-hyvä-salasana"


def with_password(user: User) -> User:
    """The same person with a password, and with an address they have shown to be theirs."""
    user.set_password(WORD)
    user.save()
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


def with_app(user: User) -> Authenticator:
    """An authenticator app of this person's."""
    return TOTP.activate(user, generate_totp_secret()).instance


def with_passkey(user: User) -> Authenticator:
    """A passkey of this person's, as a phone makes it; its private half is thrown away."""
    public_key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    key = AttestedCredentialData.create(bytes(16), os.urandom(32), public_key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    of_host = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, key)
    client_data = CollectedClientData.create(CollectedClientData.TYPE.CREATE, os.urandom(32), "http://localhost")
    credential = {
        "type": "public-key",
        "id": websafe_encode(key.credential_id),
        "rawId": websafe_encode(key.credential_id),
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(AttestationObject.create("none", of_host, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    data = {"name": "Puhelin", "credential": credential}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def number_of(secret: str) -> str:
    """What an app shows now that was given this secret."""
    return format_hotp_value(hotp_value(secret, max(yield_hotp_counters_from_time()) - 1))


def number_in(app: Authenticator) -> str:
    """What this person's app shows now."""
    return number_of(decrypt(app.data["secret"]))


def code_in_mail() -> str:
    """The code in the newest message."""
    found = re.search(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group()


def signed_in_by_code(email: str) -> Client:
    """A browser in which somebody has come in by a code."""
    client = Client()
    answer = client.post(LOGIN, {"login": email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert "_auth_user_id" in client.session
    return client
