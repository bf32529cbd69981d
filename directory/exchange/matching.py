"""Which word, facet or area of ours a source means: by address, code or name in any language. Pure.

Looked up in tables that are made once, so that a hundred thousand records cost no query here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from directory.choices import Scheme
from directory.exchange.records import NamedArea, WordRecord

Key = tuple[str, str]  # (taxonomy or field, code)

# Words in a taxonomy's name or address that tell which of ours it stands for.
SCHEMES: Mapping[str, tuple[str, ...]] = {
    Scheme.SERVICE_CLASS: ("palveluluok", "service class", "serviceklass", "tjänsteklass"),
    Scheme.TARGET_GROUP: ("kohderyhm", "target group", "målgrupp"),
    Scheme.LIFE_EVENT: ("elämäntilan", "elämäntapahtum", "life event", "life situation", "livssituation", "ptvelti"),
    Scheme.TOPIC: ("topic", "theme", "aihe", "teema", "ämne"),
}
# The same for facets that are no taxonomies here: fields of a service whose values are choices.
FACETS: Mapping[str, tuple[str, ...]] = {
    "stages": ("stage", "pathway", "vaihe", "polku", "steg"),
    "guidance_levels": ("guidance level", "palveluohjauksen taso", "ohjauksen taso", "handledning"),
    "need_tiers": ("need tier", "tuen tarve", "tuen tarpeen", "stödbehov"),
    "channels": ("channel", "kanava", "osallistumistap", "kanal"),
    "accessibility": ("accessibility", "esteettöm", "tillgänglighet"),
    "meets": ("whom one meets", "kenet kohtaa"),
    "payment": ("payment", "maksutapa", "betalningssätt"),
    "kind": ("kind of listing", "listing kind", "kind", "laji", "palvelun tyyppi"),
    "charge": ("charge", "maksullisuus", "avgiftstyp"),
    "grouping": ("grouping", "ryhmämuoto"),
}
# Facets with one value. Their labels are everyday words, so they are read only where the taxonomy says so.
SINGLE = frozenset(("kind", "charge", "grouping"))

NATIONWIDE = frozenset(
    (
        "suomi", "koko suomi", "koko maa", "valtakunnallinen", "valtakunnallisesti", "finland", "hela finland",
        "hela landet", "riksomfattande", "rikstäckande", "whole country", "whole of finland", "all of finland",
        "nationwide", "national",
    )
)  # fmt: skip
NATION, MUNICIPALITY, REGION, COUNTY = "nation", "municipality", "region", "county"
# An area's kind as sources word it.
AREA_KINDS = {
    "municipality": MUNICIPALITY,
    "kunta": MUNICIPALITY,
    "region": REGION,
    "province": REGION,
    "maakunta": REGION,
    "wellbeingservicecounties": COUNTY,
    "wellbeingservicescounty": COUNTY,
    "county": COUNTY,
    "hyvinvointialue": COUNTY,
}
_URI_KINDS = {"kunta": MUNICIPALITY, "maakunta": REGION, "hyvinvointialue": COUNTY}
_AREA_URI = re.compile(r"/(kunta|maakunta|hyvinvointialue)[^/]*/code/(\d{1,3})(?:/|$)")
_BETWEEN_AREAS = re.compile(r"[,;/&\n]|\b(?:ja|sekä|och|samt|and)\b", re.IGNORECASE)
LONGEST_AREA_NAME = 60


def normal(text: str) -> str:
    """A name without what does not tell it from another: case, punctuation, spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split())


def _address(uri: str) -> str:
    return uri.strip().rstrip("/").removeprefix("https://").removeprefix("http://").casefold()


# --- terms and facets ----------------------------------------------------------------------------------------------
@dataclass
class Words:
    """The words of the vocabulary and of the facets, by all that names them. Fill with the add_… methods."""

    by_uri: dict[str, list[Key]] = field(default_factory=dict)
    by_code: dict[str, list[Key]] = field(default_factory=dict)
    by_label: dict[str, list[Key]] = field(default_factory=dict)
    by_other_label: dict[str, list[Key]] = field(default_factory=dict)

    def add_term(self, scheme: str, code: str, *, uri: str, labels: Iterable[str], others: Iterable[str]) -> None:
        """A term of a taxonomy."""
        key = (scheme, code)
        if uri:
            self._put(self.by_uri, _address(uri), key)
        self._put(self.by_code, normal(code), key)
        for label in labels:
            self._put(self.by_label, normal(label), key)
        for label in others:
            self._put(self.by_other_label, normal(label), key)

    def add_code(self, scheme: str, code: str, ours: str) -> None:
        """Another taxonomy's code for a term of ours."""
        self._put(self.by_code, normal(code), (scheme, ours))

    def add_choice(self, facet: str, code: str, labels: Iterable[str]) -> None:
        """A choice of a facet. Of "Stage 1: I look after myself" the beginning will do."""
        self._put(self.by_code, normal(code), (facet, code))
        for label in labels:
            for name in {label, label.partition(":")[0]}:
                self._put(self.by_label, normal(name), (facet, code))

    @staticmethod
    def _put(table: dict[str, list[Key]], name: str, key: Key) -> None:
        if name and key not in (keys := table.setdefault(name, [])):
            keys.append(key)

    def find(self, word: WordRecord) -> list[Key]:
        """What a word stands for here: terms and choices; nothing when it is not known."""
        if word.uri and (found := self.by_uri.get(_address(word.uri))):
            return found
        meant = meant_by(word.taxonomy)
        names = [normal(name) for name in word.names]
        codes = [normal(word.code)] if word.code else []
        if meant:
            # A name may be a code too where the taxonomy is known to be ours: "3" as a stage.
            for table, keys in ((self.by_code, [*codes, *names]), (self.by_label, names), (self.by_other_label, names)):
                if found := self._first(table, keys, lambda key: key[0] in meant):
                    return found
        return (
            self._first(self.by_code, codes, lambda key: key[0] not in FACETS)
            or self._first(self.by_label, names, lambda key: key[0] not in SINGLE)
            or self._first(self.by_other_label, names, lambda key: True)
        )

    def is_other_label(self, name: str, keys: Iterable[Key]) -> bool:
        """Whether it is another word for one of these, not its name or code."""
        return not set(self.by_other_label.get(normal(name), ())).isdisjoint(keys)

    @staticmethod
    def _first(table: Mapping[str, list[Key]], names: Iterable[str], may: Callable[[Key], bool]) -> list[Key]:
        for name in names:
            if found := [key for key in table.get(name, ()) if may(key)]:
                return found
        return []


@lru_cache(maxsize=1000)
def meant_by(taxonomy: str) -> frozenset[str]:
    """The taxonomies and facets of ours that a source's taxonomy stands for. Short words have to be its whole name."""
    name = taxonomy.casefold()
    tables = (*SCHEMES.items(), *FACETS.items())
    return frozenset(
        ours for ours, words in tables if any(word == name or (len(word) > 4 and word in name) for word in words)
    )


# --- areas ---------------------------------------------------------------------------------------------------------
def genitives(name: str) -> set[str]:
    """What can stand before "kaupunki" for a Finnish place name in small letters: "helsinki" → {"helsingin", …}.

    More forms than there are: they are only looked up, and a form that nobody writes is never met.
    """
    if name.endswith("nen"):
        return {name[:-3] + "sen", name[:-3] + "sten"}
    stems = {name}
    if name.endswith("i"):
        stems.add(name[:-1] + "e")
        if name.endswith("si"):
            stems.add(name[:-2] + "de")
    elif name.endswith("e"):
        stems.add(name + "e")
    elif name.endswith("us"):
        stems.add(name[:-1] + "de")
    elif name.endswith("at"):
        stems.add(name[:-2].replace("rr", "rt") + "ai")
    stems |= {weak for stem in stems for weak in _weak(stem)}
    if name.startswith("uusi"):
        stems |= {"uuden" + stem[4:] for stem in stems}
    return {stem + "n" for stem in stems}


_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("mp", "mm"), ("lt", "ll"), ("rt", "rr"),
    ("k", ""), ("p", "v"), ("t", "d"),
)  # fmt: skip


def _weak(stem: str) -> Iterator[str]:
    """The stem in its weak grade: "turku" → "turu"."""
    body = stem.rstrip("aeiouyäö")
    for strong, weak in _GRADES:
        if body.endswith(strong) and body != stem:
            yield body.removesuffix(strong) + weak + stem[len(body) :]
            return


@dataclass
class Areas:
    """The areas by their names in every language and manner of writing. Fill from the smallest kind to the greatest:
    of two areas with one name the first one is meant."""

    by_name: dict[str, Key] = field(default_factory=dict)
    codes: set[Key] = field(default_factory=set)

    def add(self, kind: str, code: str, names: Mapping[str, str]) -> None:
        """An area with its names by language."""
        self.codes.add((kind, code))
        for language, name in names.items():
            for written in _manners(kind, language, normal(name)):
                self.by_name.setdefault(written, (kind, code))

    def town(self, name: str) -> str:
        """The code of the municipality of that name, or ""."""
        kind, code = self.by_name.get(normal(name), ("", ""))
        return code if kind == MUNICIPALITY else ""

    def find(self, area: NamedArea) -> tuple[list[Key], list[str]]:
        """(the areas that are meant, the names that nothing here has)."""
        if known := self._by_code(area):
            return [known], []
        if found := self._by_name(area.name):
            return [found], []
        parts = [part.strip() for part in _BETWEEN_AREAS.split(area.name)]
        parts = [part for part in parts if part]
        if len(parts) < 2 or any(len(part) > LONGEST_AREA_NAME for part in parts):
            return [], [area.name] if area.name else []
        keys = [self._by_name(part) for part in parts]
        if not any(keys):
            return [], [area.name]
        return [key for key in keys if key], [part for part, key in zip(parts, keys, strict=True) if not key]

    def _by_name(self, name: str) -> Key | None:
        written = normal(name)
        return (NATION, "") if written in NATIONWIDE else self.by_name.get(written)

    def _by_code(self, area: NamedArea) -> Key | None:
        kind, code = AREA_KINDS.get(normal(area.kind).replace(" ", ""), ""), area.code
        if not code and (found := _AREA_URI.search(area.uri)):
            kind, code = _URI_KINDS[found[1]], found[2]
        if not code and re.fullmatch(r"\d{3}", area.name.strip()):
            kind, code = MUNICIPALITY, area.name.strip()
        if not code.isdigit():
            return None
        key = (kind or MUNICIPALITY, code.zfill(2 if kind in {REGION, COUNTY} else 3))
        return key if key in self.codes else None


def _manners(kind: str, language: str, name: str) -> Iterator[str]:
    """The ways in which an area's name is written."""
    yield name
    if kind == MUNICIPALITY:
        yield from (f"{word} {name}" for word in ("city of", "town of", "municipality of"))
    if language == "fi":
        words = {MUNICIPALITY: ("kunta", "kaupunki"), REGION: ("maakunta",), COUNTY: ()}[kind]
        for genitive in genitives(name) if words else ():
            for word in words:
                yield f"{genitive} {word}"
        if kind == COUNTY and name.endswith(" hyvinvointialue"):
            yield name.removesuffix("hyvinvointialue") + "hva"
    elif language == "sv":
        words = {MUNICIPALITY: ("stad", "kommun"), REGION: ("landskap",), COUNTY: ()}[kind]
        yield from (f"{name} {word}" for word in words)
        if kind == REGION:
            yield f"landskapet {name}"
    elif kind == REGION:
        yield from (f"{name} region", f"region of {name}")
