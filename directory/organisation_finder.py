"""Finds organisations as people call them, and those that look like one that is about to be made.

Names are compared without case, accents, order of words and legal form; a slip of the pen is forgiven. The rules are
functions of plain values at the top; what asks the database stands below. The public's search is the room `search`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from rapidfuzz import fuzz
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import ytunnus

from directory.choices import ContactKind
from directory.models import Organisation, OrganisationContact, OrganisationQuerySet

MOST_FOUND = 20

# Marks that tell the legal form, not the name.
_LEGAL_FORMS = frozenset(("ry", "rf", "r", "y", "f", "oy", "ab", "oyj", "abp", "sr", "rekisteroity", "yhdistys"))
# Mail that anybody can have.
FREE_MAIL = frozenset(
    (
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.fi", "outlook.com", "outlook.fi", "live.com", "live.fi",
        "msn.com", "yahoo.com", "yahoo.fi", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "gmx.com",
        "mail.com", "aol.com", "luukku.com", "suomi24.fi", "kolumbus.fi", "elisanet.fi", "elisa.fi", "saunalahti.fi",
        "dnainternet.net", "pp.inet.fi", "inet.fi", "welho.com", "netti.fi", "jippii.fi", "surffi.net", "phnet.fi",
        "pp.nic.fi", "nic.fi", "kotiposti.net", "mailbox.org", "tutanota.com", "tuta.com", "yandex.com", "mail.ru",
    )
)  # fmt: skip
# Hosts where everybody has their pages: the same host says nothing.
SHARED_HOSTS = frozenset(
    (
        "facebook.com", "instagram.com", "linkedin.com", "youtube.com", "x.com", "twitter.com", "tiktok.com",
        "sites.google.com", "wordpress.com", "blogspot.com", "wixsite.com", "linktr.ee", "webnode.fi",
        "yhdistysavain.fi", "nettisivu.org",
    )
)  # fmt: skip

# Of a hundred. A word is found from the first on; a name is like another from the second on, in one municipality from
# the third on.
_WORD_IS_FOUND, _NAME_IS_LIKE, _NAME_IS_LIKE_HERE = 78, 93, 80


class Likeness(StrEnum):
    """Why two organisations may be one."""

    BUSINESS_ID = "business_id"
    NAME = "name"
    WEBSITE = "website"


class MailHint(StrEnum):
    """What a person's mail address says of their right to speak for an organisation."""

    SAME_DOMAIN = "same_domain"
    FREE_MAIL = "free_mail"
    OTHER_DOMAIN = "other_domain"


@dataclass(frozen=True)
class Match:
    """An organisation that may be meant; `likenesses` tell why, the strongest first."""

    organisation: Organisation
    likenesses: tuple[Likeness, ...] = ()


# --- rules -----------------------------------------------------------------------------------------------------------
def fold(name: str) -> str:
    """A name without what does not tell it from another."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def _words(name: str) -> list[str]:
    words = fold(name).split()
    return [word for word in words if word not in _LEGAL_FORMS] or words


def as_business_id(text: str) -> str:
    """A Y-tunnus as it is written in the register, or "" when the text is none."""
    try:
        number = ytunnus.validate(text)
    except NumberError:
        return ""
    return f"{number[:7]}-{number[7:]}"


def found_in(asked: str, names: Iterable[str]) -> float:
    """How well a name or its beginning is found in an organisation's names, in hundredths; 0 when it is not."""
    wanted = _words(asked)
    if not wanted:
        return 0
    return max((_found_in_one(wanted, _words(name)) for name in names if name), default=0)


def _found_in_one(wanted: Sequence[str], words: Sequence[str]) -> float:
    scores = [max((_word_score(each, word) for word in words), default=0) for each in wanted]
    if min(scores) < _WORD_IS_FOUND:
        return 0
    # A short name that is found whole goes before a long one that has the words in it.
    return sum(scores) / len(scores) - max(0, len(words) - len(wanted)) / 2


def _word_score(wanted: str, word: str) -> float:
    if wanted == word:
        return 100
    if word.startswith(wanted):
        return 96
    if len(wanted) >= 4 and wanted in word:
        return 90
    # A slip in a short word makes another word of it.
    score = max(fuzz.ratio(wanted, word), fuzz.ratio(wanted, word[: len(wanted)]) - 4) if len(wanted) >= 4 else 0
    return score if score >= _WORD_IS_FOUND else 0


def name_likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """How alike two organisations' names are, in hundredths: the best pair of them."""
    others = [" ".join(_words(name)) for name in other if name]
    return max(
        (fuzz.token_sort_ratio(" ".join(_words(name)), each) for name in one if name for each in others), default=0
    )


def host_of(website: str) -> str:
    """The host of a website without www; "" where everybody has their pages."""
    try:
        host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if any(host == shared or host.endswith(f".{shared}") for shared in SHARED_HOSTS) else host


def domain_of(email: str) -> str:
    """What stands after the @, in small letters."""
    return email.rpartition("@")[2].strip().lower()


def _is_own(domain: str) -> bool:
    return bool(domain) and domain not in FREE_MAIL


# --- questions to the database ---------------------------------------------------------------------------------------
def _names(names: dict[str, str], short_name: str) -> list[str]:
    return [*names.values(), short_name]


def _in_order(scores: dict[int, float], organisations: OrganisationQuerySet) -> list[Organisation]:
    best = sorted(scores, key=lambda pk: -scores[pk])[:MOST_FOUND]
    rows = organisations.filter(pk__in=best).select_related("home_municipality").defer("raw", "imported").in_bulk()
    return [rows[pk] for pk in best]


def find_organisations(asked: str) -> list[Organisation]:
    """The public organisations that somebody means by a name or a Y-tunnus, the likeliest first."""
    public = Organisation.objects.public()
    number = as_business_id(asked)
    if number:
        same = public.filter(business_id=number).values_list("pk", flat=True)
        return _in_order(dict.fromkeys(same, 100.0), public)
    rows = public.order_by("slug").values_list("pk", "names", "short_name")
    scores = {pk: found_in(asked, _names(names, short)) for pk, names, short in rows}
    return _in_order({pk: score for pk, score in scores.items() if score}, public)


def lookalikes(
    organisation: Organisation, among: OrganisationQuerySet | None = None, *, email: str = ""
) -> list[Match]:
    """Organisations that may be the same as this one, saved or not; the likeliest first.

    among: a queryset to look in, all of them by default. email: of the person who proposes it, if it is their work's.
    """
    rows = Organisation.objects.all() if among is None else among
    rows = rows.exclude(pk=organisation.pk) if organisation.pk else rows
    host, domain = host_of(organisation.website), domain_of(email or organisation.email)
    hosts = {each for each in (host, domain) if _is_own(each)}
    own_names = _names(organisation.names, organisation.short_name)
    found: dict[int, tuple[Likeness, ...]] = {}
    scores: dict[int, float] = {}
    columns = ("pk", "names", "short_name", "business_id", "website", "email", "home_municipality")
    for pk, names, short, number, website, mail, municipality in rows.order_by("slug").values_list(*columns):
        likenesses, score = [], name_likeness(own_names, _names(names, short))
        if organisation.business_id and number == organisation.business_id:
            likenesses.append(Likeness.BUSINESS_ID)
        is_here = municipality is not None and municipality == organisation.home_municipality_id
        if score >= (_NAME_IS_LIKE_HERE if is_here else _NAME_IS_LIKE):
            likenesses.append(Likeness.NAME)
        if hosts & ({host_of(website), domain_of(mail)} - {""}):
            likenesses.append(Likeness.WEBSITE)
        if likenesses:
            found[pk], scores[pk] = tuple(likenesses), score + 100 * len(likenesses)
    return [Match(each, found[each.pk]) for each in _in_order(scores, rows)]


def mail_hint(email: str, organisation: Organisation) -> MailHint:
    """What a person's address says: the organisation's own domain, one that anybody can have, or another."""
    domain = domain_of(email)
    if not _is_own(domain):
        return MailHint.FREE_MAIL
    hosts = {host_of(organisation.website), domain_of(organisation.email)}
    if organisation.pk:
        for kind, value in OrganisationContact.objects.filter(organisation=organisation).values_list("kind", "value"):
            if kind in (ContactKind.EMAIL, ContactKind.WEB):
                hosts.add(domain_of(value) if kind == ContactKind.EMAIL else host_of(value))
    return MailHint.SAME_DOMAIN if domain in hosts else MailHint.OTHER_DOMAIN
