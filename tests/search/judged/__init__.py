"""The judged set: invented listings, what people type, and which listings they were looking for.

Plain data and its loader, beside `metrics`. Nothing here knows an engine, an index or the project's models: listings
come out as open data (HSDS 3.2) and take the way of any import. How the set was made stands in README.md.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid5

import yaml

Language = Literal["fi", "sv", "en", "fi-simple"]
QueryKind = Literal[
    "plain", "inflected", "compound", "lay", "typo", "caseworker", "place", "name", "swedish", "english", "selko"
]
Half = Literal["tune", "test"]
Json = dict[str, Any]

NATIONWIDE = "Suomi"
# Ids stay the same from run to run and from machine to machine.
NAMESPACE = UUID("6f1d2f0c-2a53-4d0e-9d5c-0b7a4c1f8e42")

_FOLDER = Path(__file__).parent
_PLACES = _FOLDER.parents[2] / "directory" / "content"
# A description is required by the standard. The first ending that fits the name tells what the organisation is.
_DESCRIPTIONS = {
    " hyvinvointialue": "Hyvinvointialue järjestää asukkaiden sosiaali- ja terveyspalvelut.",
    "seurakuntayhtymä": "Evankelis-luterilaisten seurakuntien yhtymä.",
    "seurakunta": "Seurakunta palvelee alueensa asukkaita.",
    " församling": "En evangelisk-luthersk församling.",
    " kaupunki": "Kaupungin palveluja asukkaille.",
    " kunta": "Kunnan palveluja asukkaille.",
    " stad": "Stadens tjänster för invånarna.",
    "säätiö": "Yleishyödyllinen säätiö.",
    " rf": "En allmännyttig förening.",
    " ry": "Voittoa tavoittelematon yhdistys.",
    "": "Paikallinen toimija.",
}
_LANGUAGES = {"fi": ("fi", "suomi"), "sv": ("sv", "svenska"), "en": ("en", "English"), "fi-simple": ("fi", "suomi")}
_KINDS = {
    "service": "Palvelu",
    "activity": "Toiminta",
    "peer_group": "Vertaisryhmä",
    "volunteering": "Vapaaehtoistoiminta",
    "meeting_place": "Kohtaamispaikka",
    "advice": "Neuvonta",
    "event": "Tapahtuma",
    "course": "Kurssi",
}
_CHANNELS = {
    "on_site": "Paikan päällä",
    "phone": "Puhelimitse",
    "chat": "Chatissa",
    "remote": "Etäyhteydellä",
    "home_visit": "Kotona",
    "web": "Verkossa",
}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """An invented listing. area: a municipality, a wellbeing services county or `NATIONWIDE`."""

    key: str
    organisation: str
    title: str
    summary: str
    text: str
    area: str
    kind: str
    channels: tuple[str, ...]
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    alternate_name: str = ""
    hours: str = ""
    fee: str = ""
    language: Language = "fi"

    @property
    def id(self) -> str:
        """The id that the listing has in open data, and keeps when it is imported."""
        return _id("service", self.key)


@dataclass(frozen=True, kw_only=True)
class Query:
    """What somebody types. language: of the interface that they type it in, not of the words."""

    id: str
    text: str
    kind: QueryKind
    language: Language
    half: Half


# --- reading -------------------------------------------------------------------------------------------------------
@cache
def listings() -> tuple[Listing, ...]:
    """All listings, file by file."""
    return tuple(
        Listing(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for path in sorted(_FOLDER.glob("listings-*.yaml"))
        for row in _read(path)
    )


@cache
def queries(half: Half | None = None) -> tuple[Query, ...]:
    """The queries; of one half when it is named."""
    found = (Query(**row) for row in _read(_FOLDER / "queries.yaml"))
    return tuple(query for query in found if half in (None, query.half))


@cache
def judgements() -> Mapping[str, Mapping[str, int]]:
    """Query id → listing key → grade 1–3. A listing that a query does not name has grade 0."""
    return {
        query: {key: grade for grade, keys in graded.items() for key in keys}
        for query, graded in _read(_FOLDER / "judgements.yaml").items()
    }


def grades(query: Query) -> Mapping[str, int]:
    """Listing id → grade of the listings that answer a query, as an engine names them."""
    by_key = {listing.key: listing.id for listing in listings()}
    return {by_key[key]: grade for key, grade in judgements()[query.id].items()}


# --- as open data --------------------------------------------------------------------------------------------------
def hsds_records(language: Language | None = None) -> Iterator[Json]:
    """Every listing as a service object of HSDS 3.2; only those written in a language when it is named."""
    return (to_hsds(listing) for listing in listings() if language in (None, listing.language))


def to_hsds(listing: Listing) -> Json:
    """A listing as a service object of HSDS 3.2, with its organisation, area, places and terms nested in it."""
    code, name = _LANGUAGES[listing.language]
    is_easy = listing.language == "fi-simple"
    organisation = _organisation(listing.organisation)
    service: Json = {
        "id": listing.id,
        "name": listing.title,
        "description": f"{listing.summary}\n\n{listing.text}",
        "status": "active",
        "organization_id": organisation["id"],
        "organization": organisation,
        "languages": [
            {
                "id": _id("language", listing.key),
                "code": code,
                "name": name,
                **({"note": "selkosuomi"} if is_easy else {}),
            }
        ],
        "service_areas": [{"id": _id("service_area", listing.area), "name": listing.area}],
        "attributes": [
            *(_attribute(listing, "Aihe", topic) for topic in listing.topics),
            *(_attribute(listing, "Kohderyhmä", group) for group in listing.groups),
            *(_attribute(listing, "Asiointikanava", _CHANNELS[channel]) for channel in listing.channels),
            _attribute(listing, "Palvelun laji", _KINDS[listing.kind]),
        ],
        "x_fi_easy_language": is_easy,
        "x_fi_languages_of_description": [listing.language],
    }
    if listing.alternate_name:
        service["alternate_name"] = listing.alternate_name
    if listing.fee:
        service["fees_description"] = listing.fee
    if listing.hours:
        service["schedules"] = [{"id": _id("schedule", listing.key), "description": listing.hours}]
    if "on_site" in listing.channels and (region := _regions().get(listing.area)):
        service["service_at_locations"] = [
            {"id": _id("service_at_location", listing.key), "location": _location(listing, region)}
        ]
    return service


def _organisation(name: str) -> Json:
    told = _own_descriptions().get(name)
    description = told or next(text for ending, text in _DESCRIPTIONS.items() if name.endswith(ending))
    return {"id": _id("organization", name), "name": name, "description": description}


def _location(listing: Listing, region: str) -> Json:
    return {
        "id": _id("location", listing.key),
        "location_type": "physical",
        "name": listing.organisation,
        "addresses": [
            {
                "id": _id("address", listing.key),
                "address_1": "Keksitynkatu 1",
                "city": listing.area,
                "state_province": region,
                "postal_code": "00000",
                "country": "FI",
                "address_type": "physical",
            }
        ],
    }


def _attribute(listing: Listing, taxonomy: str, term: str) -> Json:
    return {
        "id": _id("attribute", f"{listing.key}/{taxonomy}/{term}"),
        "link_id": listing.id,
        "link_entity": "service",
        "taxonomy_term": {
            "id": _id("taxonomy_term", f"{taxonomy}/{term}"),
            "name": term,
            "description": term,
            "taxonomy": taxonomy,
            "language": "fi",
        },
    }


def _id(kind: str, key: str) -> str:
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


# --- files ---------------------------------------------------------------------------------------------------------
@cache
def _regions() -> Mapping[str, str]:
    """Municipality → region, by their Finnish names: the standard asks for a province in every address."""
    names = {each["code"]: each["fi"] for each in json.loads((_PLACES / "regions.json").read_text("utf-8"))}
    municipalities = json.loads((_PLACES / "municipalities.json").read_text("utf-8"))
    return {each["fi"]: names[each["region"]] for each in municipalities}


@cache
def _own_descriptions() -> Mapping[str, str]:
    found: Mapping[str, str] = _read(_FOLDER / "organisations.yaml")
    return found


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))
