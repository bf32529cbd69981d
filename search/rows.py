"""Hits → the rows that the cards of the search page take, under their headings. No HTML, no search.

Hits are read again through what is public (search.reading); one that no longer is, is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as ListPage
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cards.choices import CardRole
from cards.models import ActionCardPage, DigitalToolPage, PracticeModelPage, QualityCriteriaPage, ToolThemePage
from directory.choices import Scheme
from directory.models import Service, Term
from directory.presentation import listing_item
from search.forms import SERVICE, Asked
from search.query import Hit, Region, SearchResults, Sort
from search.reading import Row, read_hits
from search.sources import page_text
from search.why import Reasons, marked

_REGIONS = {
    Region.LOCAL: lambda: "",
    Region.NATIONWIDE: lambda: _("In the whole country"),
    Region.REMOTE: lambda: _("At a distance, wherever you are"),
    Region.ELSEWHERE: lambda: _("Elsewhere"),
    None: lambda: "",
}
# What a row shows of a thing: its own words, and words in the reader's language.
_OWN, _SITES = ("title", "summary"), ("organisation", "kind")
# Of what a search added by itself, as many words are named.
MOST_SYNONYMS = 4
# The engine lets the nationwide and the remote mix; on the page each has its own place.
_ORDER = (Region.LOCAL, Region.NATIONWIDE, Region.REMOTE, Region.ELSEWHERE, None)


class Reader:
    """Turns hits into the rows of one reader's page."""

    def __init__(
        self, asked: Asked, language: str, path: str, on_list: Collection[UUID], reasons: Reasons | None = None
    ) -> None:
        """reasons: what the words meant, to be marked on each row; None when there were no words."""
        self.asked = asked
        self.language = language
        self.reasons = reasons
        self.address = path + asked.query()
        self.on_list = set(on_list)

    def rows(self, hits: Iterable[Hit]) -> list[dict[str, Any]]:
        """What the cards of the results take."""
        pairs = read_hits(hits, self.language)
        models = _practice_models([row.thing for _hit, row in pairs])
        rows = [self._row(hit, row, models) for hit, row in pairs]
        if self.reasons:
            things = [row for _hit, row in pairs]
            self._explain(self.reasons, list(zip(things, rows, strict=True)))
        return rows

    def _row(self, hit: Hit, row: Row, models: Mapping[str, str]) -> dict[str, Any]:
        if hit.type == SERVICE:
            key = row.thing.uuid
            is_shown = hit.distance_km is not None and hit.region in (None, Region.LOCAL)
            return {
                **listing_item(row.thing, distance=distance_words(hit.distance_km) if is_shown else ""),
                "hit": hit,
                "id": f"s-{key}",
                "on_list": key in self.on_list,
                "next": f"{self.address}#s-{key}",
            }
        lang = row.language if row.language != self.language else ""
        return {"hit": hit, "lang": lang, **_page_row(row, models)}

    def _explain(self, reasons: Reasons, pairs: list[tuple[Row, dict[str, Any]]]) -> None:
        """Mark the searched words of each row; where none of them is shown, say in a line why the row is here."""
        reasons.prime((row.language, shown.get(name) or "") for row, shown in pairs for name in (*_OWN, *_SITES))
        silent = [(row, shown, list(_texts(row.thing))) for row, shown in pairs if not self._mark(reasons, row, shown)]
        reasons.prime((row.language, text) for row, _shown, texts in silent for text in texts)
        for row, shown, texts in silent:
            sentence = reasons.snippet(texts, row.language)
            shown["why"] = _sentence_line(marked(reasons.pieces(sentence, row.language))) if sentence else ""
        unsaid = [(row.thing, shown) for row, shown, _all in silent if not shown["why"]]
        terms = _terms_of([thing for thing, _shown in unsaid if isinstance(thing, Service)])
        for thing, shown in unsaid:
            shown["why"] = _matched_term(reasons, terms.get(thing.pk, ())) or synonyms_line(reasons)

    def _mark(self, reasons: Reasons, row: Row, shown: dict[str, Any]) -> bool:
        """Mark the texts of a row; answers whether a searched word is in them."""
        is_seen, shown["why"] = False, ""
        for name in (*_OWN, *_SITES):
            pieces = reasons.pieces(shown.get(name) or "", row.language if name in _OWN else self.language)
            shown[f"marked_{name}"] = marked(pieces)
            is_seen = is_seen or any(piece.is_match for piece in pieces)
        # A fact of opening hours that happens to hold the word («viikonloppuisin» for «loppu») is no reason to tell.
        return is_seen

    def groups(self, results: SearchResults) -> list[dict[str, Any]]:
        """Rows under their headings: by place when one was named, else those with all the words apart from the rest."""
        rows = self.rows(results.hits)
        area = self.asked.area
        only_place = bool(results.regions) and all(row["hit"].step == 0 for row in rows)
        if results.request.facets.get("municipality") or only_place:
            label = area.label if area else ", ".join(results.place_names)
            here = _("Near you") if self.asked.near else _("%(place)s and near it") % {"place": label}

            def is_first(row: dict[str, Any]) -> bool:
                return row["hit"].is_named and self.asked.sort is Sort.FIT

            rows.sort(key=lambda row: (not is_first(row), is_first(row) or _ORDER.index(row["hit"].region)))

            def heading(row: dict[str, Any]) -> tuple[str, int | None]:
                hit = row["hit"]
                if is_first(row):
                    return "", None
                title = here if hit.region is Region.LOCAL else _REGIONS[hit.region]()
                return title, results.regions.get(hit.region)
        else:
            has_both = len({row["hit"].step > 1 for row in rows}) == 2 and self.asked.sort is Sort.FIT

            def heading(row: dict[str, Any]) -> tuple[str, int | None]:
                return (_("These have only some of your words") if has_both and row["hit"].step > 1 else "", None)

        return [
            {"title": title, "count": count, "rows": list(members)}
            for (title, count), members in groupby(rows, key=heading)
        ]


def _texts(thing: Any) -> Iterator[str]:
    """The texts of a hit that its row does not show, the most telling first. Made only when they are asked for."""
    if isinstance(thing, Service):
        yield from (thing.for_whom, thing.description, thing.how_to_join, thing.how_to_refer, thing.eligibility)
    else:
        yield page_text(thing)


def _sentence_line(sentence: SafeString) -> SafeString:
    before, _gap, after = (_("In the text: “%(sentence)s”") % {"sentence": "\0"}).partition("\0")
    return format_html("{}{}{}", before, sentence, after)


def _terms_of(services: Collection[Service]) -> dict[int, list[Term]]:
    """Topics, then the broader ones, then target groups of services, by the service's key. A prefetch would make the
    rows of a cluster, which takes many times as long."""
    if not services:
        return {}
    keys = [service.pk for service in services]
    links: list[tuple[int, int]] = []
    for through in (Service.topics.through, Service.target_groups.through):
        links += through.objects.filter(service__in=keys).order_by("pk").values_list("service_id", "term_id")
    terms = Term.objects.select_related("parent").in_bulk({term for _service, term in links})
    found: dict[int, list[Term]] = {}
    for service, term in links:
        found.setdefault(service, []).append(terms[term])
    for members in found.values():
        broader = [term.parent for term in members if term.parent and term.scheme == Scheme.TOPIC]
        members.extend(dict.fromkeys(broader))
        members.sort(key=lambda term: term.scheme != Scheme.TOPIC)
    return found


def _matched_term(reasons: Reasons, terms: Iterable[Term]) -> str:
    """The topic or target group that was meant, or "". A topic may have been met by another word for it."""
    said = {Scheme.TOPIC: _("Topic: %(name)s"), Scheme.TARGET_GROUP: _("For whom: %(name)s")}
    for term in terms:
        if any(reasons.meets(word, language) for language, word in term.all_words):
            return said[Scheme(term.scheme)] % {"name": str(term)}
    return ""


def synonyms_line(reasons: Reasons) -> str:
    """The words that the search added by itself, or ""."""
    words = ", ".join(reasons.synonyms[:MOST_SYNONYMS])
    return _("Searched also with the words: %(words)s") % {"words": words} if words else ""


def _page_row(row: Row, models: Mapping[str, str]) -> dict[str, Any]:
    """A page as its card takes it. `card`: the component that shows it."""
    page = row.thing
    lead = getattr(page, "lead", "") or page.search_description
    facts: dict[str, Any] = {"title": row.title, "url": row.url, "summary": lead}
    match page:
        case ActionCardPage():
            kind = "" if page.role == CardRole.STEP else page.role
            return {**facts, "card": "action", "kind": kind, "model": models.get(page.path[: -page.steplen], "")}
        case DigitalToolPage():
            return {
                **facts,
                "card": "tool",
                "summary": page.purpose,
                "theme": next(iter(page.themes), "8"),
                "type": page.get_tool_type_display(),
                "status": page.status if page.status in ("renamed", "ended") else "",
                "status_label": page.get_status_display(),
                "price": page.price,
            }
        case ToolThemePage():
            return {**facts, "card": "tool", "theme": page.number, "type": _("Theme of digital tools")}
        case PracticeModelPage():
            return {**facts, "card": "page", "kind": _("Practice model")}
        case QualityCriteriaPage():
            return {**facts, "card": "page", "kind": _("Quality criteria")}
    number = getattr(page, "number", "")
    return {**facts, "card": "page", "stage": number, "kind": _("Stage of the service path") if number else ""}


def _practice_models(things: Iterable[Any]) -> dict[str, str]:
    """Titles of the practice models that cards belong to, by their path in the tree. One query, or none."""
    paths = {thing.path[: -thing.steplen] for thing in things if isinstance(thing, ActionCardPage)}
    return dict(PracticeModelPage.objects.filter(path__in=paths).values_list("path", "title")) if paths else {}


def distance_words(kilometres: float | None) -> str:
    """A distance as one says it: "under 1 km", "2.4 km", "38 km"."""
    if kilometres is None:
        return ""
    if kilometres < 1:
        return _("under 1 km")
    return _("%(distance)s km") % {"distance": number_format(kilometres, 1 if kilometres < 10 else 0)}


def nothing_near(asked: Asked, results: SearchResults) -> str:
    """Says that everything found is from farther away, or ""."""
    if not results.total or not asked.area or asked.type != SERVICE or results.regions.get(Region.LOCAL):
        return ""
    place = {"place": asked.area.label}
    return _("Nothing in %(place)s or near it fits your search. You can use these from anywhere.") % place


def distances_from(asked: Asked) -> str:
    """What the distances are measured from, or "" when there are none."""
    if asked.near or not asked.area or not asked.point or asked.type != SERVICE:
        return ""
    return _("Distances are from the centre of %(place)s as the crow flies.") % {"place": asked.area.label}


def paging(asked: Asked, results: SearchResults) -> tuple[ListPage | None, bool]:
    """The page of the pager, and whether the address asks for a page after the last."""
    try:
        return Paginator(range(results.total), results.request.per_page).page(asked.page), False
    except EmptyPage:
        return None, results.total > 0
