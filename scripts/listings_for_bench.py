"""Invented listings to measure with: as many as wanted, always the same, as search documents or as HSDS records.

The n-th listing is the same in a collection of any size. Texts are sentences of our own sample services and cards; in
them words are replaced by compounds and inflected forms made of our vocabulary, drawn by Zipf's law, so that the number
of different words grows with the collection as it does in a real one. Nothing here says anything about a real service.

`python -m scripts.listings_for_bench 10000 FILE` writes records for `manage.py import_services --format hsds`.
"""

# ruff: noqa: S311 - chance here invents texts and keeps no secret.

from __future__ import annotations

import argparse
import datetime
import json
import random
import re
import sys
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

import yaml

from search.documents import MARK, Document, mark_of
from search.query import Point
from search.vocabulary import load_synonyms

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "directory" / "content"
NAMESPACE = uuid5(NAMESPACE_DNS, "listings-for-bench.example")
CHECKED = datetime.date(2026, 10, 1)

NATIONWIDE_SHARE, SWEDISH_SHARE, POINT_SHARE = 0.10, 0.08, 0.60
WORDS_A_LISTING = 50
# How often a word of a sentence gives way to one of the long tail.
TAIL_SHARE = 0.22
# Lexemes of the tail, and Mandelbrot's two numbers: even the commonest is in few listings.
LEXEMES, TAIL_SHIFT, TAIL_EXPONENT = 70_000, 300, 0.75
# The largest first; the others follow in the order of their codes.
LARGEST = ("091", "049", "837", "092", "564", "853", "179", "297", "398", "609", "286", "905", "167", "743", "405")

_WORD = re.compile(r"\w+(?:-\w+)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]")
_BASE_FORM = re.compile(r"[a-zåäö]{3,13}(nen|[uy]s|[^kptaeiouyäö][oöuyaäe])")
_CASE_ENDINGS = ("ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "na", "nä", "nsa", "nsä", "mme", "ne")


# --- words ---------------------------------------------------------------------------------------------------------
# Ending → its share. `=n` is the illative, whose form depends on the word; A is ä after front vowels.
ENDINGS = {
    "": 30, "n": 18, "A": 12, "ssA": 8, "stA": 5, "=n": 5, "llA": 5, "lle": 5, "ltA": 1, "nA": 2, "ksi": 2, "t": 5,
    "kin": 1, "nsA": 1,
}  # fmt: skip
_ENDINGS, _ENDING_SHARES = tuple(ENDINGS), tuple(accumulate(ENDINGS.values()))


def inflected(word: str, ending: str) -> str:
    """A base form, no compound, in another case. Only classes without consonant gradation come in (see `stems`)."""
    if not ending:
        return word
    is_strong = ending in ("=n", "nA")
    if word.endswith("nen"):
        stem, partitive, illative = word[:-3] + "se", word[:-3] + "stA", "en"
    elif word.endswith(("uus", "yys", "eys", "eus")):
        stem, partitive, illative = word[:-1] + ("te" if is_strong else "de"), word[:-1] + "ttA", "en"
    elif word.endswith("s"):
        stem, partitive, illative = word[:-1] + "kse", word + "tA", "en"
    elif word.endswith("e"):
        stem, partitive, illative = word + "e", word + "ttA", "seen"
    else:
        stem, partitive, illative = word, word + "A", word[-1] + "n"
    form = {"A": partitive, "=n": stem + illative}.get(ending, stem + ending)
    is_back = any(letter in "aou" for letter in word)
    return form.replace("A", "a" if is_back else "ä")


@cache
def stems() -> tuple[str, ...]:
    """What look like base forms in our texts and are inflected without gradation; short ones first.

    Not what topics and synonyms lead to: those words are for the listings that are about them.
    """
    words = {word for sentence in sentences()["fi", ""] for word in _WORD.findall(sentence)}
    words -= {word for row in load_synonyms() for phrase in (*row.sources, *row.targets) for word in phrase.split()}
    words -= {word for term in topics() + target_groups() for phrase in _others(term) for word in phrase.split()}
    fit = {word for word in words if _BASE_FORM.fullmatch(word) and not word.endswith(_CASE_ENDINGS)}
    return tuple(sorted(fit, key=lambda word: (len(word), word)))


@cache
def _lexeme(rank: int) -> tuple[str, str]:
    """The compound of a rank in the tail: what stays as it is, and its last part, which is inflected.

    One in ten is a name that no dictionary has.
    """
    chance = random.Random(f"lexeme {rank}")
    if rank % 10 == 0:
        return "", "".join(chance.choice("hjklmnprstv") + chance.choice("aeiouy") for _ in range(chance.randint(2, 4)))
    *begin, last = (_stem(chance) for _ in range(3 if chance.random() < 0.08 else 2))
    is_genitive = chance.random() < 0.3
    before = ""
    for part in begin:
        before += _hyphen(before, part) + (inflected(part, "n") if is_genitive else re.sub("nen$", "s", part))
    return before + _hyphen(before, last), last


def _hyphen(before: str, after: str) -> str:
    return "-" if before[-1:] == after[0] and after[0] in "aeiouyäö" else ""


def lexeme(rank: int) -> str:
    """The compound of a rank in the tail, in its base form."""
    return "".join(_lexeme(rank))


def _stem(chance: random.Random) -> str:
    """The short ones come up a little oftener."""
    return stems()[int(len(stems()) * chance.random() ** 1.1)]


def tail_word(chance: random.Random, *, is_inflected: bool = True) -> str:
    """A form of the long tail, drawn by Zipf's law."""
    power = 1 - TAIL_EXPONENT
    low, high = TAIL_SHIFT**power, (TAIL_SHIFT + LEXEMES) ** power
    rank = int((low + chance.random() * (high - low)) ** (1 / power)) - TAIL_SHIFT
    before, last = _lexeme(max(rank, 0))
    ending = _ENDINGS[bisect(_ENDING_SHARES, chance.random() * _ENDING_SHARES[-1])] if is_inflected else ""
    return before + inflected(last, ending)


# --- our own content -----------------------------------------------------------------------------------------------
def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (safe)


@cache
def topics() -> list[dict[str, Any]]:
    """The topics of the vocabulary as they are in its file."""
    found: list[dict[str, Any]] = _read(CONTENT / "topics.yaml")
    return found


@cache
def target_groups() -> list[dict[str, Any]]:
    """The target groups of the vocabulary as they are in its file."""
    found: list[dict[str, Any]] = _read(CONTENT / "target_groups.yaml")
    return found


def _others(term: dict[str, Any], language: str = "fi") -> list[str]:
    found: list[str] = term["alt_labels"].get(language, [])
    return found


@cache
def municipalities() -> list[dict[str, Any]]:
    """The municipalities, the largest first."""
    rows = json.loads((CONTENT / "municipalities.json").read_text(encoding="utf-8"))
    by_code = {row["code"]: row for row in rows}
    return [by_code[code] for code in LARGEST] + [row for row in rows if row["code"] not in LARGEST]


@cache
def regions() -> dict[str, dict[str, str]]:
    """Names of the regions by code."""
    rows = json.loads((CONTENT / "regions.json").read_text(encoding="utf-8"))
    return {row["code"]: {language: row[language] for language in ("fi", "sv", "en")} for row in rows}


@cache
def counties() -> dict[str, dict[str, str]]:
    """Names of the wellbeing services counties by code."""
    rows = json.loads((CONTENT / "counties.json").read_text(encoding="utf-8"))
    return {row["code"]: {language: row[language] for language in ("fi", "sv", "en")} for row in rows}


def _sentences(value: Any) -> Iterator[str]:
    """Every sentence of four words or more in a file of content, in its own language."""
    if isinstance(value, str):
        text = re.sub(r"<[^>]+>", " ", value)
        yield from (found.strip() for found in _SENTENCE.findall(text) if found.count(" ") > 2)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("sv", "en", "fi-simple"):
                yield from _sentences(each)
    elif isinstance(value, list):
        for each in value:
            yield from _sentences(each)


@cache
def sentences() -> dict[tuple[str, str], tuple[str, ...]]:
    """(language, topic) → sentences of the sample services of that topic; topic "" → all there are."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts = ("summary", "description", "for_whom", "how_to_join", "how_to_refer")
    for service in _read(CONTENT / "sample" / "services.yaml"):
        rows = {**service.get("translations", {}), service["locale"]: service}
        for language in ("fi", "sv"):
            told = list(_sentences([rows.get(language, {}).get(name) for name in texts]))
            for topic in ("", *service["topics"]):
                found[language, topic] += told
    pages = [ROOT / "cards" / "content", ROOT / "portal" / "content" / "content" / "fi"]
    for path in sorted(path for folder in pages for path in folder.rglob("*.yaml")):
        found["fi", ""] += _sentences(_read(path))
    return {key: tuple(dict.fromkeys(told)) for key, told in found.items()}


def _text(chance: random.Random, language: str, topic: str, words: int) -> list[str]:
    """Sentences of about so many words: most of the topic, the others of anything."""
    about = sentences().get((language, topic)) or sentences()[language, ""]
    told: list[str] = []
    count = 0
    while count < words:
        pool = about if chance.random() < 0.5 else sentences()[language, ""]
        told.append(_varied(chance, chance.choice(pool), language))
        count += len(_WORD.findall(told[-1]))
    return told


def _varied(chance: random.Random, sentence: str, language: str) -> str:
    """The sentence with some of its longer words replaced."""

    def other(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < 6 or not word.islower() or chance.random() > TAIL_SHARE * (1 if language == "fi" else 0.3):
            return word
        return tail_word(chance)

    return _WORD.sub(other, sentence)


# --- listings ------------------------------------------------------------------------------------------------------
class _Drawn:
    """Draws from a row of things, the first ones oftener."""

    def __init__(self, things: Sequence[Any], shift: float) -> None:
        self._things = things
        self._shares = list(accumulate(1 / (place + shift) for place in range(len(things))))

    def one(self, chance: random.Random) -> Any:
        return self._things[bisect(self._shares, chance.random() * self._shares[-1])]

    def some(self, chance: random.Random, counts: Sequence[int]) -> list[Any]:
        found: list[Any] = []
        for _ in range(chance.choice(counts)):
            thing = self.one(chance)
            if thing not in found:
                found.append(thing)
        return found


@cache
def _draws() -> dict[str, _Drawn]:
    inner = [topic for topic in topics() if topic["parent"]]
    random.Random("topics").shuffle(inner)
    return {
        "topic": _Drawn(inner, 20),
        "target": _Drawn([term["code"] for term in target_groups()], 12),
        "municipality": _Drawn(municipalities(), 4),
        "language": _Drawn(["sv", "en", "ru", "ar", "et", "so", "uk"], 1),
        "channel": _Drawn(["on_site", "phone", "remote", "chat", "home_visit", "web"], 1),
        "accessibility": _Drawn(["step_free", "accessible_toilet", "lift", "hearing_loop", "quiet_space"], 1),
        "kind": _Drawn(["service", "activity", "peer_group", "advice", "volunteering", "meeting_place"], 1),
        "charge": _Drawn(["free", "chargeable", "varies", ""], 0.5),
        "flag": _Drawn(["referral_allowed", "no_appointment", "anonymous", "interpreter", "outreach"], 1),
    }


@dataclass(frozen=True)
class Listing:
    """One invented listing. `municipalities`, `topics`: rows of the vocabulary."""

    number: int
    language: str
    title: str
    body: tuple[str, ...]
    practical: str
    organisation: str
    topics: tuple[dict[str, Any], ...]
    targets: tuple[str, ...]
    municipalities: tuple[dict[str, Any], ...]
    point: Point | None
    stages: tuple[str, ...]
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    accessibility: tuple[str, ...]
    flags: tuple[str, ...]
    kind: str
    charge: str

    @property
    def uuid(self) -> UUID:
        return uuid_of(self.number)

    @property
    def is_nationwide(self) -> bool:
        return not self.municipalities

    @cached_property
    def terms(self) -> list[dict[str, Any]]:
        """The topics, those above them, and the target groups."""
        above = [topic for topic in topics() if topic["code"] in {mine["parent"] for mine in self.topics}]
        return [*self.topics, *above, *(term for term in target_groups() if term["code"] in self.targets)]

    def document(self) -> Document:
        """As search.sources would read it from the database."""
        places = [area for area in self.municipalities for _language in ("fi", "sv")]
        return Document(
            type="service",
            uuid=self.uuid,
            title=self.title,
            fields={
                "title": ((self.language, self.title),),
                "cats": tuple(pair for term in self.terms for pair in term["labels"].items())
                + tuple((MARK, mark_of(_scheme(term), term["code"])) for term in self.terms),
                "org": (("fi", self.organisation),),
                "body": ((self.language, "\n".join(self.body)),),
                "practical": ((self.language, self.practical),),
                "muni": (
                    *((language, area[language]) for area in places[::2] for language in ("fi", "sv")),
                    *((code, name) for area in places[::2] for code, name in regions()[area["region"]].items()),
                ),
            },
            facets={
                "stage": self.stages,
                "topic": tuple(term["code"] for term in self.terms if "parent" in term),
                "target": self.targets,
                "channel": self.channels,
                "language": self.languages,
                "charge": (self.charge,) if self.charge else (),
                "kind": (self.kind,),
                "accessibility": self.accessibility,
                "flags": self.flags,
            },
            languages=(self.language,),
            names=(self.title, self.organisation),
            municipalities=tuple(area["code"] for area in self.municipalities),
            points=(self.point,) if self.point else (),
            is_nationwide=self.is_nationwide,
            is_remote=self.is_nationwide and bool({"phone", "chat", "remote", "web"} & set(self.channels)),
            checked_on=CHECKED - datetime.timedelta(days=self.number % 400),
        )

    def record(self) -> dict[str, Any]:
        """As an HSDS 3.2 `service` object with all that is nested in it."""

        def id(kind: str, key: object = "") -> str:
            return str(_uuid(f"{kind} {key or self.number}"))

        terms = [("topic", term["code"], term["labels"]["fi"]) for term in self.topics]
        terms += [("target group", t["code"], t["labels"]["fi"]) for t in target_groups() if t["code"] in self.targets]
        terms += [("stage", stage, stage) for stage in self.stages]
        terms += [("channel", channel, channel) for channel in self.channels]
        terms += [("accessibility", code, code) for code in self.accessibility]
        terms.append(("kind", self.kind, self.kind))
        areas = [(area["fi"], area["code"]) for area in self.municipalities] or [("Suomi", "")]
        record: dict[str, Any] = {
            "id": str(self.uuid),
            "name": self.title,
            "description": " ".join(self.body),
            "status": "active",
            "application_process": self.practical,
            "email": f"listing{self.number}@bench.example",
            "fees_description": {"free": "Maksuton", "": ""}.get(self.charge, "Hinta kerrotaan ilmoittautuessa."),
            "assured_date": (CHECKED - datetime.timedelta(days=self.number % 400)).isoformat(),
            "last_modified": "2026-10-01T09:00:00Z",
            "x_fi_language": self.language,
            "organization": {
                "id": id("organization", self.organisation),
                "name": self.organisation,
                "description": self.organisation,
            },
            "languages": [{"id": id("language", f"{self.number} {code}"), "code": code} for code in self.languages],
            "phones": [{"id": id("phone"), "number": f"000 {self.number:07}", "type": "voice"}],
            "schedules": [
                {
                    "id": id("schedule"), "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00",
                    "closes_at": "15:00",
                }
            ],
            "service_areas": [
                {"id": id("area", f"{self.number} {name}"), "name": name, "x_fi_area_code": code}
                for name, code in areas
            ],
            "attributes": [
                {
                    "id": id("attribute", f"{self.number} {scheme} {code}"),
                    "label": scheme,
                    "taxonomy_term": {
                        "id": id("term", f"{scheme} {code}"), "name": name, "description": name, "code": code,
                        "taxonomy": scheme,
                    },
                }
                for scheme, code, name in terms
            ],
        }  # fmt: skip
        if self.point and self.municipalities:
            home = self.municipalities[0]
            address = {
                "id": id("address"), "address_1": f"Mittauskatu {self.number % 90 + 1}", "city": home["fi"],
                "state_province": regions()[home["region"]]["fi"], "postal_code": "00000", "country": "FI",
                "address_type": "physical", "x_fi_municipality_code": home["code"],
            }  # fmt: skip
            record["service_at_locations"] = [
                {
                    "id": id("at"),
                    "location": {
                        "id": id("location"), "location_type": "physical", "name": f"Talo {self.number}",
                        "latitude": self.point.lat, "longitude": self.point.lon, "addresses": [address],
                    },
                }
            ]  # fmt: skip
        return record


def _scheme(term: dict[str, Any]) -> str:
    """Of the two kinds of terms only topics have others above them."""
    return "topic" if "parent" in term else "target_group"


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def uuid_of(number: int) -> UUID:
    """The UUID of the listing of a number."""
    return _uuid(f"service {number}")


def _organisation(number: int) -> str:
    chance = random.Random(f"organisation {number}")
    begin = "".join(chance.choice("hjklmnprstv") + chance.choice("aeiou") for _ in range(3)).capitalize()
    form = chance.choice(["ry", "ry", "ry", "säätiö", "seurakunta", "oy"])
    return f"{begin}n {_stem(chance)} {form}"


def _title(chance: random.Random, topic: dict[str, Any], areas: Sequence[dict[str, Any]]) -> str:
    word = (
        chance.choice([topic["labels"]["fi"], *_others(topic)])
        if chance.random() < 0.6
        else tail_word(chance, is_inflected=False)
    )
    more = tail_word(chance, is_inflected=False) if chance.random() < 0.6 else ""
    place = areas[0]["fi"] if areas and chance.random() < 0.3 else ""
    title = " ".join(part for part in (word, more, place) if part)
    return title[0].upper() + title[1:]


def listing(number: int) -> Listing:
    """The listing of a number, the same at all times."""
    chance, draws = random.Random(f"listing {number}"), _draws()
    language = "sv" if chance.random() < SWEDISH_SHARE else "fi"
    mine = draws["topic"].some(chance, (0, 0, 1, 1, 1, 2))
    areas = () if chance.random() < NATIONWIDE_SHARE else draws["municipality"].some(chance, (1, 1, 1, 2, 3))
    point = None
    if areas and chance.random() < POINT_SHARE / (1 - NATIONWIDE_SHARE):
        lat, lon = areas[0]["lat"] + chance.gauss(0, 0.05), areas[0]["lon"] + chance.gauss(0, 0.1)
        point = Point(round(lat, 5), round(lon, 5))
    topic = mine[0] if mine else draws["topic"].one(chance)
    return Listing(
        number=number,
        language=language,
        title=_title(chance, topic, areas) if language == "fi" else f"{topic['labels']['sv']} {number}",
        body=tuple(_text(chance, language, topic["code"], round(chance.gammavariate(4, WORDS_A_LISTING / 5)))),
        practical=" ".join(_text(chance, language, "", 8)),
        # The first organisations have the most listings.
        organisation=_organisation(int((number / 12 + 1) * chance.random())),
        topics=tuple(mine),
        targets=tuple(draws["target"].some(chance, (0, 1, 1, 2))),
        municipalities=tuple(areas),
        point=point,
        stages=tuple(sorted(chance.sample("12345", chance.choice((1, 1, 2))))),
        channels=tuple(draws["channel"].some(chance, (1, 2, 2, 3))),
        languages=tuple(dict.fromkeys(["fi", *draws["language"].some(chance, (0, 0, 1, 2))])),
        accessibility=tuple(draws["accessibility"].some(chance, (0, 0, 1, 3))),
        flags=tuple(draws["flag"].some(chance, (0, 1, 2))),
        kind=draws["kind"].one(chance),
        charge=draws["charge"].one(chance),
    )


def documents(count: int) -> Iterator[Document]:
    """The first so many listings as search documents."""
    return (listing(number).document() for number in range(count))


def write_records(numbers: Iterable[int], path: Path) -> None:
    """Write listings as HSDS records, one on each line."""
    with path.open("w", encoding="utf-8") as file:
        for number in numbers:
            file.write(json.dumps(listing(number).record(), ensure_ascii=False) + "\n")


# --- queries -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Query:
    """What somebody might type. `kind` as in the judged set."""

    kind: str
    text: str
    language: str = "fi"


PLAIN = (
    "velkaneuvonta, asunnottomuus, vertaistuki, päihdekuntoutus, eroryhmä, kriisiapu, digituki, sururyhmä, "
    "muistisairaus, liikuntaryhmä, masennus vertaisryhmä, ruoka-apu perhe, yksinäisyys ystävä, omaishoito vapaapäivä, "
    "väkivalta turvakoti, työpaja nuori, kielikahvila suomi, vapaaehtoistyö vanhus, nuorisotyö ilta, siivousapu eläke, "
    "asiointiapu kela, tukihenkilö oikeus, kotihoito vauva, peliriippuvuus läheinen, perhekahvila aamu"
)
INFLECTED = (
    "velkaneuvontaan, asunnottomille, omaishoitajan jaksaminen, yksinäisille vanhuksille, nuorten työpajoja, "
    "maahanmuuttajille kielikursseja, päihteistä eroon, apua masennukseen, vertaistukea läheisille, eron jälkeen, "
    "lapsiperheille kotiapua, kehitysvammaisten harrastuksia, ikäihmisten liikuntaa, vankilasta vapautuneille, "
    "mielenterveyskuntoutujien toimintaa, työttömien ruokailuja, leskille ryhmiä, opiskelijoiden hyvinvointia, "
    "sairaudesta toipuville, isien kahvila"
)
COMPOUND = (
    "velka järjestely, kriisi puhelin, mielenterveysyhdistys, päihdetyö, perhetyö, kotipalvelu, vanhustyö, "
    "asumisohjaus, vertaisryhmätoiminta, nuorten ohjaus, lasten kerho, kuntoutus ryhmä, talous neuvonta, "
    "työ valmennus, läheisten tuki"
)
PLACE = (
    "velkaneuvonta Kuopio, ruoka-apua Oulussa, vertaistuki Turku, kriisiapu Helsingissä, päihdekuntoutus Lahti, "
    "asumisneuvonta Tampereella, omaishoito Joensuu, digituki Espoossa, perhekahvila Vantaa, liikunta Jyväskylä, "
    "kotiapu Porissa, nuorisotyö Rovaniemi"
)
SWEDISH = "stöd för anhöriga, skuldrådgivning, ensamhet, hjälp hemma, matutdelning, missbruk"


def _split(text: str) -> list[str]:
    return text.split(", ")


def queries() -> list[Query]:
    """What the measurements ask: the kinds of the judged set."""
    found = [Query(kind, text) for kind, texts in _TYPED.items() for text in _split(texts)]
    found += [Query("swedish", text, "sv") for text in _split(SWEDISH)]
    rows = [row for row in load_synonyms() if row.language == "fi" and row.kind == "lay"]
    lay = [max(row.sources, key=lambda phrase: phrase.count(" ")) for row in rows]
    found += [Query("lay", text) for text in lay[:: max(1, len(lay) // 20)][:20]]
    found += [
        Query("typo", _mistyped(text, place)) for place, text in enumerate(_split(PLAIN)[::2] + _split(PLACE)[:4])
    ]
    found += [Query("tail", lexeme(rank)) for rank in range(7, 500, 60)]
    known = [listing(number) for number in range(0, 800, 100)]
    found += [Query("name", one.title) for one in known[::2]] + [Query("name", one.organisation) for one in known[1::2]]
    return list(dict.fromkeys(found))


_TYPED = {"plain": PLAIN, "inflected": INFLECTED, "compound": COMPOUND, "place": PLACE}


def _mistyped(text: str, place: int) -> str:
    """A slip of the finger in the first word, each kind in turn: a letter lost, doubled, swapped, or its dots."""
    word, gap, others = text.partition(" ")
    at = len(word) // 2 + place % 3 - 1
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word.replace("ä", "a").replace("ö", "o")[:-1],
    )
    return slips[place % 4] + gap + others


def main(arguments: list[str]) -> int:
    """Write a file of records."""
    parser = argparse.ArgumentParser(description="Write invented listings as HSDS records, one on each line.")
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    options = parser.parse_args(arguments)
    write_records(range(options.count), options.path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
