"""A secret address stays secret: what an organisation writes about a meeting must not give it away. Rule and look-up.

The rule is pure: words, street and postcode in, yes or no out. It rather refuses too much: the way to say it is the
phone. Only the organisation's own words are looked at: whoever knows the address anyway learns nothing by a refusal,
and nobody else can try streets.
"""

import re
from uuid import UUID

from directory.models import Place

# «Rantatie», «Rantatiellä»: what is left when a case ending changes the end of a name.
_ENDING = 2
_SHORTEST_STEM = 4
_NOT_LETTERS = re.compile(r"[\W_]+")


def names_address(words: str, *, street: str, postcode: str) -> bool:
    """Whether words hold a street, inflected or not, or a postcode. Either may be empty: then it is not looked for."""
    plain = f" {_plain(words)} "
    name = _plain(re.split(r"\d", street, maxsplit=1)[0])
    stem = name[: max(len(name) - _ENDING, _SHORTEST_STEM)]
    return bool((stem and f" {stem}" in plain) or (postcode and f" {postcode} " in plain))


def has_secret_place(service_key: UUID) -> bool:
    """Whether a listing is at an address that is kept secret."""
    return _secret_places(service_key).exists()


def gives_away(words: str, service_key: UUID) -> bool:
    """Whether words would tell the secret address of a listing."""
    places = _secret_places(service_key).values_list("street", "postcode") if words.strip() else ()
    return any(names_address(words, street=street, postcode=postcode) for street, postcode in places)


def _plain(text: str) -> str:
    """Small letters and figures, with one space between words; a soft hyphen is nothing."""
    return _NOT_LETTERS.sub(" ", text.replace("\N{SOFT HYPHEN}", "").casefold()).strip()


def _secret_places(service_key: UUID):
    return Place.objects.filter(is_secret=True, service_places__service__translation_key=service_key).distinct()
