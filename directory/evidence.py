"""Automatic evidence that a fact may be wrong: rules of shape over plain texts. Pure; it is shown to keepers, no more.

A machine can see that a number cannot be right. Whether the listing is right, only a person can (directory.freshness).
Who gathers it: directory.findings.
"""

import re

from stdnum.fi import ytunnus

# What people write between the digits.
_BETWEEN = re.compile(r"[\s\u00a0().\-–/]+")
_DIGITS = re.compile(r"\+?\d+")


def is_phone_wrong(written: str) -> bool:
    """Whether this cannot be a phone number as one dials it in Finland: too short, too long, words, +358 and 0."""
    number = _BETWEEN.sub("", written)
    if not _DIGITS.fullmatch(number):
        return True
    if number.startswith(("+", "00")):
        country = number.removeprefix("+") if number.startswith("+") else number[2:]
        return not 7 <= len(country) <= 15 or country.startswith(("0", "3580"))
    if number.startswith(("04", "050")):
        # A mobile phone.
        return not 8 <= len(number) <= 12
    if number.startswith("0"):
        return not 5 <= len(number) <= 13
    # 112, 116117, 10 numbers: short codes without an area.
    return not 3 <= len(number) <= 10


def is_business_id_wrong(written: str) -> bool:
    """Whether this is no Y-tunnus: its shape or its check digit."""
    return not ytunnus.is_valid(written)
