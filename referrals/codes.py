"""The code by which a person opens their own referral, and the six digits that prove an address. Pure.

A code is written on paper and read aloud: no letters that look or sound alike, in groups of four. 31^12 codes are about
59 bits; only a keyed hash is stored, and tries are limited where codes are typed.
"""

import secrets

from django.utils.crypto import salted_hmac

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LETTERS = 12
_GROUP = 4


def new_code() -> str:
    """A code such as K7M4-P2QX-9RTD."""
    letters = "".join(secrets.choice(ALPHABET) for _each in range(_LETTERS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def normalised(text: str) -> str:
    """A code as it was typed, made as it was given; an empty text when it cannot be one."""
    letters = "".join(each for each in text.upper() if each.isalnum())
    if len(letters) != _LETTERS or set(letters) - set(ALPHABET):
        return ""
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def hash_of(code: str, salt: str = "referrals.code") -> str:
    """What is stored of a code."""
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()


def new_digits() -> str:
    """Six digits, to be sent by mail."""
    return f"{secrets.randbelow(1_000_000):06d}"
