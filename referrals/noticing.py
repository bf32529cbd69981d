"""What must not stand in a referral, seen in what was typed: pure rules, words in, findings out. Nothing is remembered.

A personal identity code is refused everywhere. A phone number or an address belongs in its own box. Words of health
are asked to be taken out: an organisation's activity needs no diagnosis (GDPR art. 5.1 c and 9).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import hetu

from referrals.models.person import PersonDetails


class Notice(StrEnum):
    """What was noticed."""

    IDENTITY_CODE = "identity_code"
    PHONE = "phone"
    EMAIL = "email"
    HEALTH = "health"


# Never sent, whatever the writer says.
REFUSED = frozenset({Notice.IDENTITY_CODE})


@dataclass(frozen=True)
class Finding:
    """Something in a text. words: as they stand there."""

    notice: Notice
    words: str


_IDENTITY = re.compile(r"(?<!\w)\d{6}\s?[-+A-FU-Ya-fu-y]\s?\d{3}[0-9A-Za-z](?!\w)")
_PHONE = re.compile(r"(?<![\w.])(?:\+358|0)(?:[ \-()]?\d){6,11}(?!\w)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def notice_in(text: str) -> list[Finding]:
    """What is noticed in a text that should not be there, in its order."""
    found = [
        Finding(Notice.IDENTITY_CODE, each.group()) for each in _IDENTITY.finditer(text) if _is_identity(each.group())
    ]
    found += [Finding(Notice.PHONE, each.group()) for each in _PHONE.finditer(text)]
    found += [Finding(Notice.EMAIL, each.group()) for each in _EMAIL.finditer(text)]
    return found


def refused_words(text: str) -> bool:
    """Whether a text holds what is never sent."""
    return any(each.notice in REFUSED for each in notice_in(text))


def refused_in(details: PersonDetails) -> bool:
    """Whether any text of a referral holds what is never sent."""
    texts = (
        details.name,
        details.hope,
        details.reach_value,
        details.accessibility,
        details.support_note,
        details.best_time,
        details.meeting_about,
    )
    return any(refused_words(text) for text in texts)


def _is_identity(words: str) -> bool:
    """Whether it is shaped as one; a slip in the check letter makes it no less somebody's."""
    compact = "".join(words.split()).upper()
    try:
        hetu.validate(compact, allow_temporary=True)
    except NumberError:
        day, month = int(compact[:2]), int(compact[2:4])
        return 1 <= day <= 31 and 1 <= month <= 12
    return True
