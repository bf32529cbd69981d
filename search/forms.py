"""The address of a result page ↔ what a person asked. Reads and writes query strings; searches and renders nothing.

Nothing in an address is an error: what cannot be right is left out and becomes a Problem that names it.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _

from cards.choices import Audience
from directory.filters import MOST_VALUES, RULES, ServiceFilter
from directory.models import County, Municipality, Region
from search.analysis import fold_name
from search.query import DEFAULT_RADIUS_KM, Point, SearchRequest, Sort
from search.requests import facets_of

MOST_CHARACTERS = 200
MOST_PAGES = 10_000
PER_PAGE = 20
PLACES_CACHE_SECONDS = 300
# A point farther than this from every municipality's centre is not in Finland.
FARTHEST_KM = 200

SERVICE, CARD, TOOL, PAGE = "service", "card", "tool", "page"
TYPES = (SERVICE, CARD, TOOL, PAGE)
EVERYTHING = "all"

# `as=worker`: who reads. Services are for everybody; cards, tools and pages can be for one of the two.
READERS = (Audience.PERSON.value, Audience.WORKER.value)

# Cards and pages know only the stage; asking them for a price would hide them all. Tools do not know even that:
# who chooses a stage is not looking for one.
FILTERS_OF_TYPE: dict[str, tuple[str, ...]] = {
    SERVICE: tuple(rule.name for rule in RULES),
    CARD: ("stage",),
    TOOL: ("stage",),
    PAGE: ("stage",),
}


# Names in every language, codes of municipalities, centre.
AreaRow = tuple[Any, tuple[str, ...], tuple[float, float] | None]


@dataclass(frozen=True)
class Problem:
    """Something in the address that was left out. `text` tells it to the reader; `ways`: (label, query string)."""

    parameter: str
    text: str
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Area:
    """A place as a search understands it: its municipalities, and a centre when it is one municipality."""

    label: str
    codes: tuple[str, ...]
    point: Point | None = None


# --- places --------------------------------------------------------------------------------------------------------
def _places() -> dict[str, Any]:
    """Every name of every municipality, region and county in every language, folded, with what it covers."""
    found = cache.get("search:places")
    if found is not None:
        return found
    areas: list[AreaRow] = []
    inside: dict[tuple[type, str], list[str]] = {}
    for row in Municipality.objects.all():
        point = (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
        areas.append((row.names, (row.code,), point))
        inside.setdefault((Region, row.region_id), []).append(row.code)
        inside.setdefault((County, row.county_id), []).append(row.code)
    municipalities = len(areas)
    for model in (Region, County):
        areas += [(row.names, tuple(inside.get((model, row.pk), ())), None) for row in model.objects.all()]
    found = {"areas": areas, "by_name": {}, "municipalities": municipalities}
    for position, (names, codes, _point) in enumerate(areas):
        for name in names.values():
            if codes:
                found["by_name"].setdefault(fold_name(name), position)
    if areas:
        cache.set("search:places", found, PLACES_CACHE_SECONDS)
    return found


def _municipalities() -> list[AreaRow]:
    places = _places()
    return places["areas"][: places["municipalities"]]


def _area(row: AreaRow) -> Area:
    names, codes, point = row
    return Area(str(names), codes, Point(*point) if point else None)


def find_area(text: str) -> Area | None:
    """The municipality, region or county that a name in any language means."""
    places = _places()
    position = places["by_name"].get(fold_name(text)) if text else None
    return None if position is None else _area(places["areas"][position])


def similar_areas(text: str) -> list[Area]:
    """Areas whose name is nearly this. The beginning is seldom wrong: an ending («Turussa») or a slip comes later."""
    places, wanted = _places(), fold_name(text)
    names = [name for name in places["by_name"] if name[:1] == wanted[:1]]
    near = get_close_matches(wanted, names, n=4, cutoff=0.66)
    near.sort(key=lambda name: -_shared_beginning(name, wanted))
    return list(dict.fromkeys(_area(places["areas"][places["by_name"][name]]) for name in near))[:3]


def _shared_beginning(a: str, b: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))))


def area_of_codes(codes: tuple[str, ...]) -> Area:
    """The municipalities with these codes as one place."""
    rows = {row[1][0]: row for row in _municipalities()}
    found = [_area(rows[code]) for code in codes if code in rows]
    return Area(", ".join(area.label for area in found), codes, found[0].point if len(found) == 1 else None)


def nearest_area(point: Point) -> Area | None:
    """The municipality whose centre is nearest, or None outside Finland."""

    def kilometres(row: AreaRow) -> float:
        lat, lon = row[2] or (0.0, 0.0)
        return math.hypot(lat - point.lat, (lon - point.lon) * math.cos(math.radians(point.lat))) * 111.2

    best = min((row for row in _municipalities() if row[2]), key=kilometres, default=None)
    return _area(best) if best and kilometres(best) <= FARTHEST_KM else None


def place_names() -> list[str]:
    """Names of municipalities in every language, those of the reader's language once and first in their row."""
    names = (name for row in _municipalities() for name in (str(row[0]), *row[0].values()))
    return sorted(dict.fromkeys(names), key=str.casefold)


# --- what was asked ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """One search as its address says it. Immutable; `but` gives a changed one, `query` writes the address.

    words: at most MOST_CHARACTERS, without control characters. place: as typed, kept only when it is known.
    near: a point of the reader's own; `area` is then the municipality around it. reader: one of READERS, or "".
    """

    words: str = ""
    type: str = SERVICE
    names_type: bool = False
    chosen: ServiceFilter = field(default_factory=ServiceFilter)
    place: str = ""
    near: Point | None = None
    sort: Sort = Sort.FIT
    page: int = 1
    as_typed: bool = False
    reader: str = ""
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    unknown_place: str = field(default="", compare=False)

    # --- reading ---
    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """What an address asks; whatever it holds, an answer can be given."""
        problems: list[Problem] = []
        words = _clean(query.get("q", ""))
        if len(words) > MOST_CHARACTERS:
            words = words[:MOST_CHARACTERS].rstrip()
            problems.append(
                Problem(
                    "q",
                    _("Your text was long. We searched with its first %(count)d characters.")
                    % {"count": MOST_CHARACTERS},
                )
            )
        type = query.get("type", "")
        if type and type not in (*TYPES, EVERYTHING):
            problems.append(_unknown("type", type))
            type = ""
        reader = query.get("as", "")
        if reader and reader not in READERS:
            problems.append(_unknown("as", reader))
            reader = ""
        chosen = ServiceFilter.from_query(query)
        for rule in RULES:
            wrong = [value for value in query.getlist(rule.name)[:MOST_VALUES] if value]
            problems += [_unknown(rule.name, value) for value in wrong if value not in chosen.values(rule.name)]
        asked = cls(
            words=words,
            type=type or SERVICE,
            names_type=bool(type),
            chosen=chosen,
            near=_point(query, problems),
            page=_page(query, problems),
            as_typed=bool(words) and query.get("as_typed") == "1",
            reader=reader,
        )
        asked = asked._with_place(_clean(query.get("place", ""))[:MOST_CHARACTERS], problems)
        asked = asked._with_sort(query.get("sort", ""), problems)
        return replace(asked, problems=tuple(problems[:5]))

    def _with_place(self, place: str, problems: list[Problem]) -> Asked:
        if not place:
            return self
        if find_area(place):
            # Words that a person typed are newer than a point that stood in the form.
            return replace(self, place=place, near=None)
        ways = tuple((area.label, self.but(place=area.label, near=None).query()) for area in similar_areas(place))
        text = _("We do not know a place called “%(place)s”. The search was made without it.") % {
            "place": _short(place)
        }
        problems.append(Problem("place", text, ways))
        return replace(self, unknown_place=place)

    def _with_sort(self, sort: str, problems: list[Problem]) -> Asked:
        if sort == Sort.DISTANCE and self.point is None:
            text = _("Results can be put in the order of distance only when a municipality is chosen.")
            problems.append(Problem("sort", text))
        elif sort in list(Sort):
            return replace(self, sort=Sort(sort))
        elif sort:
            problems.append(_unknown("sort", sort))
        return self

    # --- where ---
    @cached_property
    def area(self) -> Area | None:
        """The place of the search: the reader's own surroundings, or what was typed or chosen."""
        if self.near is not None:
            return nearest_area(self.near)
        typed = find_area(self.place)
        codes = self.chosen.values("municipality")
        if not codes:
            return typed
        picked = area_of_codes(codes)
        if typed is None:
            return picked
        return Area(f"{typed.label}, {picked.label}", tuple(dict.fromkeys((*typed.codes, *codes))))

    @property
    def point(self) -> Point | None:
        """Where distances are measured from."""
        return self.near or (self.area.point if self.area else None)

    # --- changing and writing ---
    @property
    def is_empty(self) -> bool:
        """Nothing was asked at all: the reader has just come."""
        return replace(self, reader="") == Asked() and not self.unknown_place

    def but(self, **changes: Any) -> Asked:
        """The same search with something changed, from its first page."""
        changed = replace(self, **{"page": 1, "problems": (), "unknown_place": "", **changes})
        if changed.sort is Sort.DISTANCE and changed.point is None:
            changed = replace(changed, sort=Sort.FIT)
        return changed

    def without_place(self) -> Asked:
        """The same search anywhere."""
        return self.but(place="", near=None, chosen=self.chosen.without("municipality"))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(parameter, value) of everything asked, in one order."""
        if self.words:
            yield "q", self.words
        if self.names_type or self.type != SERVICE:
            yield "type", self.type
        if self.reader:
            yield "as", self.reader
        yield from self.chosen.pairs()
        if self.place:
            yield "place", self.place
        if self.near:
            yield "lat", f"{self.near.lat:g}"
            yield "lon", f"{self.near.lon:g}"
        if self.sort is not Sort.FIT:
            yield "sort", self.sort
        if self.as_typed:
            yield "as_typed", "1"
        if self.page > 1:
            yield "page", str(self.page)

    def query(self) -> str:
        """The address of this search, from the search page on."""
        return "?" + urlencode(list(self.pairs()))

    # --- asking ---
    def filter_for(self, type: str) -> ServiceFilter:
        """The chosen filters that things of this type know; the place is apart."""
        known = FILTERS_OF_TYPE[type]
        return ServiceFilter(
            {name: values for name, values in self.chosen.chosen.items() if name in known and name != "municipality"}
        )

    def request(self, language: str, type: str, per_page: int = PER_PAGE) -> SearchRequest:
        """What the finder is asked for things of one type."""
        facets = facets_of(self.filter_for(type), (type,))
        if self.reader and type != SERVICE:
            facets["audience"] = (self.reader,)
        is_placed = type == SERVICE and self.area is not None
        if is_placed and self.area:
            facets["municipality"] = self.area.codes
        near = self.point if type == SERVICE else None
        return SearchRequest(
            text=self.words,
            language=language,
            facets=facets,
            near=near,
            # What is near may suit as well as what says that it serves the place.
            radius_km=DEFAULT_RADIUS_KM if near else None,
            sort=self.sort if near or self.sort is not Sort.DISTANCE else Sort.FIT,
            page=self.page,
            per_page=per_page,
            as_typed=self.as_typed,
        )


# --- values of an address ------------------------------------------------------------------------------------------
def _clean(text: str) -> str:
    """Without control characters, halves of characters and marks that turn the direction of what follows."""
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cs") or sign in turning else sign for sign in text)
    return " ".join("".join(kept).split())


def _short(value: str) -> str:
    value = _clean(value)
    return value if len(value) <= 40 else value[:40] + "…"


def _unknown(parameter: str, value: str) -> Problem:
    said = {"parameter": parameter, "value": _short(value)}
    text = _("The address had a choice that does not exist (%(parameter)s: “%(value)s”). We left it out.") % said
    return Problem(parameter, text)


def _page(query: QueryDict, problems: list[Problem]) -> int:
    text = query.get("page", "") or "1"
    if text.isascii() and text.isdecimal() and text.strip("0"):
        return min(int(text[:9]), MOST_PAGES)
    problems.append(_unknown("page", text))
    return 1


def _point(query: QueryDict, problems: list[Problem]) -> Point | None:
    lat, lon = query.get("lat", ""), query.get("lon", "")
    if not lat and not lon:
        return None
    try:
        # A kilometre is near enough; finer would tell where somebody lives to whoever gets the address.
        point = Point(round(float(lat), 2), round(float(lon), 2))
    except ValueError:
        problems.append(_unknown("lat, lon", f"{lat}, {lon}"))
        return None
    if nearest_area(point) is None:
        problems.append(Problem("lat, lon", _("The place of your device is not in Finland. We left it out.")))
        return None
    return point
