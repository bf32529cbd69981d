"""What the search page shows, gathered: the sentence, chips, tabs, orders and ways on. No HTML but the sentence.

Rows of results are search.rows, the filters' side of the page is search.filter_groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.models import Page

from cards.choices import Audience
from cards.models import HelpContact
from directory.filters import FLAGS, RULE, ServiceFilter
from portal.base import languages
from search.filter_groups import filter_groups, topic_tree
from search.forms import (
    CARD,
    EVERYTHING,
    FILTERS_OF_TYPE,
    PAGE,
    PER_PAGE,
    SERVICE,
    TOOL,
    TYPES,
    Asked,
    find_area,
    place_names,
)
from search.indexing import analysis, finder
from search.query import SearchResults, Sort
from search.risk import risk_of
from search.rows import Reader, distances_from, nothing_near, paging, synonyms_line
from search.suggesting import ORGANISATION, PLACE, TOPIC, Suggested
from search.why import Reasons

ROWS_OF_A_TYPE = {SERVICE: 5, CARD: 3, TOOL: 3, PAGE: 3}


# --- the whole page ------------------------------------------------------------------------------------------------
def search_context(asked: Asked, language: str, path: str, on_list: Collection[UUID]) -> dict[str, Any]:
    """Everything the search page shows. path: of the page, for coming back after adding to the list."""
    find = _finding(language)
    if asked.type == EVERYTHING:
        found = _everything(asked, find)
        main, total = found[SERVICE], sum(one.total for one in found.values())
    else:
        main = find(asked, asked.type, PER_PAGE)
        found, total = {asked.type: main}, main.total
    totals = _totals(asked, find, found)
    groups = filter_groups(asked, main)
    reasons = Reasons(main.groups, main.synonyms, analysis()) if asked.words else None
    reader = Reader(asked, language, path, on_list, reasons)
    corrected, danger = correction(asked, main), crisis(asked.words)
    if corrected and not danger:
        danger = crisis(corrected["searched"])
    elif danger:
        # Whoever writes of wanting to die is not told how to spell it.
        corrected = None
    context: dict[str, Any] = {
        "asked": asked,
        "is_start": asked.is_empty,
        "is_everything": asked.type == EVERYTHING,
        "is_filterable": bool(groups),
        "total": total,
        "results": main,
        "sentence": sentence(asked, total),
        "chips": chips(asked),
        "tabs": tabs(asked, totals),
        "readers": readers(asked),
        "filter_groups": groups,
        "kept": kept_pairs(asked),
        "place_names": place_names(),
        "has_more_types": any(count for type, count in totals.items() if type != asked.type),
        "lat": f"{asked.near.lat:g}" if asked.near else "",
        "lon": f"{asked.near.lon:g}" if asked.near else "",
        "first_page_url": asked.but().query(),
        "place_value": asked.unknown_place
        or asked.place
        or (asked.area.label if asked.area and not asked.near else ""),
        "filters_rest": asked.type in TYPES and asked.filter_for(asked.type) != asked.filter_for(SERVICE),
        "correction": corrected,
        "synonyms": synonyms_line(reasons) if reasons and main.total else "",
        "crisis": danger,
        "is_reduced": main.is_reduced,
        "unknown_words": [] if asked.as_typed or not main.total else list(main.unknown_words),
        "sorts": sorts(asked) if asked.type == SERVICE and main.total > 1 else [],
        "stage_link": stage_link(asked, language),
    }
    if asked.is_empty:
        return {**context, **start(asked, main, totals)}
    if asked.type == EVERYTHING:
        context["sections"] = [
            {
                "type": type,
                "title": _TITLES[type](),
                "total": one.total,
                "rows": reader.rows(one.hits),
                "all_url": asked.but(type=type, names_type=True).query(),
            }
            for type, one in found.items()
            if one.total
        ]
        context["is_sample"] = any(row.get("is_sample") for section in context["sections"] for row in section["rows"])
    else:
        context["groups"] = reader.groups(main)
        context["page"], context["is_beyond"] = paging(asked, main)
        context["query"] = QueryDict(asked.query()[1:])
        context["is_sample"] = any(row.get("is_sample") for group in context["groups"] for row in group["rows"])
        context["nothing_near"] = nothing_near(asked, main)
        context["distances_from"] = "" if context["nothing_near"] or not main.hits else distances_from(asked)
    if not total:
        context["empty"] = empty(asked, main, find, language)
    return context


Find = Callable[[Asked, str, int], SearchResults]


def _finding(language: str) -> Find:
    """How to ask for things of a type: (asked, type, how many on a page). The finder is fetched once a page."""
    ready = finder()
    return lambda asked, type, per_page: ready.find(asked.request(language, type, per_page))


def _everything(asked: Asked, find: Find) -> dict[str, SearchResults]:
    first_page = asked.but()
    return {type: find(first_page, type, ROWS_OF_A_TYPE[type]) for type in TYPES}


def _totals(asked: Asked, find: Find, found: Mapping[str, SearchResults]) -> dict[str, int]:
    """How many things of each type there are. One answer counts every type that is asked in the same way."""
    totals = {type: one.total for type, one in found.items()}
    answers = {_filters_key(asked, type): one for type, one in found.items()}
    for type in TYPES:
        if type not in totals:
            key = _filters_key(asked, type)
            if key not in answers:
                answers[key] = find(asked.but(), type, 1)
            totals[type] = answers[key].facet("type").count(type)
    return totals


def _filters_key(asked: Asked, type: str) -> tuple[Any, ...]:
    is_service = type == SERVICE
    return (asked.filter_for(type), is_service and asked.area is not None, bool(asked.reader) and is_service)


# --- words about the search ----------------------------------------------------------------------------------------
_TITLES = {
    SERVICE: lambda: _("Services and activities"),
    CARD: lambda: _("Action cards"),
    TOOL: lambda: _("Digital tools"),
    PAGE: lambda: pgettext("search", "Pages"),
}


def _counted(type: str, count: int) -> str:
    if not count:
        nothing = {
            SERVICE: _("No services"),
            CARD: _("No action cards"),
            TOOL: _("No digital tools"),
            PAGE: _("No pages"),
            EVERYTHING: _("No results"),
        }
        return nothing[type]
    words = {
        SERVICE: ngettext("%(count)s service", "%(count)s services", count),
        CARD: ngettext("%(count)s action card", "%(count)s action cards", count),
        TOOL: ngettext("%(count)s digital tool", "%(count)s digital tools", count),
        PAGE: ngettext("%(count)s page", "%(count)s pages", count),
        EVERYTHING: ngettext("%(count)s result", "%(count)s results", count),
    }
    return words[type] % {"count": number_format(count, use_l10n=True, force_grouping=True)}


def _choice_words(asked: Asked, type: str) -> list[str]:
    """The choices as they stand inside a sentence: Finnish labels begin with a small letter there."""
    parts = []
    if asked.area and type in (SERVICE, EVERYTHING):
        parts.append(pgettext("in a sentence", "near you") if asked.near else asked.area.label)
    for name, value in asked.filter_for(SERVICE if type == EVERYTHING else type).pairs():
        label = RULE[name].label_of(value)
        if name == "language":
            label = f"{RULE[name].label}: {label}"
        elif name == "stage":
            label = label.partition(":")[0]
        parts.append(label[:1].lower() + label[1:])
    return parts


def sentence(asked: Asked, total: int) -> SafeString:
    """What was searched and how many were found, as one sentence."""
    count = _counted(asked.type, total)
    rest = _choice_words(asked, asked.type)
    if asked.words:
        quoted = format_html("<q><bdi>{}</bdi></q>", asked.words)
        pattern = (
            _("%(count)s with the words %(words)s") if " " in asked.words else _("%(count)s with the word %(words)s")
        )
        before, _mark, after = (pattern % {"count": count, "words": "\0"}).partition("\0")
        said = format_html("{}{}{}", before, quoted, after)
    else:
        said = format_html("{}", count if rest or not total else _("%(count)s in all") % {"count": count})
        if rest:
            return format_html("{}: {}", said, ", ".join(rest))
    return format_html("{}{}", said, format_html_join("", ", {}", ((part,) for part in rest)))


def correction(asked: Asked, results: SearchResults) -> dict[str, str] | None:
    """«Showing results for …, search instead for …»: what was searched, and the way to what was typed."""
    if asked.as_typed or not results.corrections:
        return None
    searched = asked.words
    for one in results.corrections:
        searched = re.sub(rf"(?<!\w){re.escape(one.typed)}(?!\w)", one.searched, searched, flags=re.IGNORECASE)
    return {"searched": searched, "typed": asked.words, "url": asked.but(as_typed=True).query()}


_CRISES = {
    "suicide": lambda: _("You are not alone. Talk to someone now."),
    "violence": lambda: _("Nobody has the right to hurt you."),
    "sexual": lambda: _("The victim is never to blame. You can get help now."),
    "child": lambda: _("Is a child in danger? Get help at once."),
    "poisoning": lambda: _("Poisoning or too much medicine? Call at once."),
}
# Where somebody at home may see what was searched.
_WATCHED = ("violence", "sexual", "child")


def crisis(words: str) -> dict[str, Any] | None:
    """Whom to call first when the words tell of danger, or None. The words are looked at and forgotten."""
    risk = risk_of(words, analysis()) if words else None
    if risk is None:
        return None
    found = {contact.key: contact for contact in HelpContact.objects.public().filter(key__in=risk.contacts)}
    contacts = [found[key] for key in risk.contacts if key in found]
    return {
        "title": _CRISES[risk.kind](),
        # One without a number or an address would only be read in vain.
        "contacts": [contact for contact in contacts if contact.phone or contact.website],
        "is_watched": risk.kind in _WATCHED,
    }


def chips(asked: Asked) -> list[dict[str, str]]:
    """What was chosen, each with the way to the search without it."""
    found = []
    if asked.words:
        found.append(
            {
                "label": _("Words: %(words)s") % {"words": asked.words},
                "url": asked.but(words="", as_typed=False).query(),
            }
        )
    if asked.as_typed:
        found.append({"label": _("Exactly as I wrote"), "url": asked.but(as_typed=False).query()})
    if asked.type in (SERVICE, EVERYTHING):
        if asked.near and asked.area:
            label = _("Near me (around %(place)s)") % {"place": asked.area.label}
            found.append({"label": label, "url": asked.but(near=None).query()})
        if typed := find_area(asked.place):
            found.append({"label": typed.label, "url": asked.but(place="").query()})
    known = FILTERS_OF_TYPE[SERVICE if asked.type == EVERYTHING else asked.type]
    found += [
        {"label": chip.label, "url": asked.but(chosen=chip.without).query()}
        for chip in asked.chosen.chips()
        if chip.name in known
    ]
    return found


def tabs(asked: Asked, totals: Mapping[str, int]) -> list[dict[str, Any]]:
    """The types as links with counts; a type that has nothing is shown only when one is on it."""
    names = [(SERVICE, _("Services")), (CARD, _("Action cards")), (TOOL, _("Digital tools"))]
    names += [(PAGE, pgettext("search", "Pages")), (EVERYTHING, pgettext("search", "Everything"))]
    counts = {**totals, EVERYTHING: sum(totals.values())}
    links = [
        {
            "label": label,
            "url": asked.but(type=type, names_type=True).query(),
            "is_current": asked.type == type and not asked.is_empty,
            "count": counts[type],
        }
        for type, label in names
        if counts[type] or asked.type == type
    ]
    return links if len(links) > 1 else []


def readers(asked: Asked) -> list[dict[str, Any]]:
    """«I look for help», «I work with people», all: links that narrow cards, tools and pages to one reader's."""
    names = (
        ("", _("All content")),
        (Audience.PERSON, _("I look for help")),
        (Audience.WORKER, _("I work with people")),
    )
    return [
        {"label": label, "url": asked.but(reader=str(reader)).query(), "is_current": asked.reader == reader}
        for reader, label in names
    ]


def sorts(asked: Asked) -> list[dict[str, Any]]:
    """The orders of results, as links. Distance only where there is a point to measure from."""
    names = {Sort.FIT: _("Best fit"), Sort.DISTANCE: _("Nearest"), Sort.CHECKED: _("Newest check")}
    return [
        {"label": name, "url": asked.but(sort=sort).query(), "is_current": asked.sort is sort}
        for sort, name in names.items()
        if sort is not Sort.DISTANCE or asked.point
    ]


def kept_pairs(asked: Asked) -> list[tuple[str, str]]:
    """What the form keeps although no field shows it: the type, the order, and places that one field cannot hold.

    Filters that things of this type do not know stay too, for the way back to services.
    """
    kept = [(name, value) for name, value in asked.pairs() if name in ("type", "as", "sort", "as_typed")]
    if asked.type in TYPES:
        known = FILTERS_OF_TYPE[asked.type]
        kept += [(name, value) for name, value in asked.chosen.pairs() if name not in known and name != "municipality"]
    codes = asked.chosen.values("municipality")
    if asked.place or asked.near or len(codes) > 1:
        kept += [("municipality", code) for code in codes]
    return kept


# --- ways on -------------------------------------------------------------------------------------------------------
def empty(asked: Asked, results: SearchResults, find: Find, language: str) -> dict[str, Any]:
    """Nothing was found: what to loosen, with how much there would be, and where to ask."""
    type = asked.type if asked.type in TYPES else SERVICE
    looser: list[tuple[str, Asked]] = []
    ways = []
    if asked.as_typed:
        looser.append((_("With the spelling corrected"), asked.but(as_typed=False)))
    if type == SERVICE:
        for name, count in sorted(results.without.items(), key=lambda pair: -pair[1]):
            if name != "type" and count:
                changed, label = _without(asked, name)
                said = _("Without this: %(choice)s") % {"choice": label}
                ways.append({"label": said, "url": changed.query(), "count": count})
    if asked.words and _choice_words(asked, asked.type):
        looser.append((_("Without the words you wrote"), asked.but(words="", as_typed=False)))
        if not ways:
            looser.append((_("With the words alone"), asked.without_place().but(chosen=ServiceFilter())))
    for label, changed in looser:
        if count := find(changed, type, 1).total:
            ways.append({"label": label, "url": changed.query(), "count": count})
    stage = stage_page("3", language)
    ask = [
        {"label": _("Do you need help right now?"), "url": reverse("content:help_now")},
        {"label": _("Get advice about your situation"), "url": stage[1] if stage else "?stage=3"},
        {"label": _("Browse by topic"), "url": reverse("search:search")},
    ]
    return {"ways": ways, "ask": ask, "has_words": bool(asked.words)}


def _without(asked: Asked, facet: str) -> tuple[Asked, str]:
    """The search without the choices of one facet, and what those choices were."""
    if facet == "municipality":
        label = _("Near me") if asked.near else (asked.area.label if asked.area else "")
        return asked.without_place(), label
    names = FLAGS if facet == "flags" else (facet,)
    chosen = asked.chosen
    labels = [RULE[name].label_of(value) for name in names for value in chosen.values(name)]
    for name in names:
        chosen = chosen.without(name)
    return asked.but(chosen=chosen), ", ".join(labels)


def stage_page(number: str, language: str) -> tuple[str, str] | None:
    """Title and address of the page of a stage, which the room above keeps under the same slug in every language."""
    order = languages.reading_order(language)
    pages = Page.objects.live().public().filter(slug=f"vaihe-{number}", locale__language_code__in=order)
    found = {page.locale.language_code: page for page in pages.select_related("locale")}
    page = next((found[code] for code in order if code in found), None)
    return (page.title, page.url or "") if page else None


def stage_link(asked: Asked, language: str) -> dict[str, str] | None:
    """The way from one chosen stage to its page: the cue, the form of guidance, the cards."""
    chosen = asked.chosen.values("stage")
    found = stage_page(chosen[0], language) if len(chosen) == 1 else None
    return {"number": chosen[0], "title": found[0], "url": found[1]} if found else None


def start(asked: Asked, results: SearchResults, totals: Mapping[str, int]) -> dict[str, Any]:
    """Before anything is asked: how much there is, the topics and the stages with their counts."""
    stages = results.facet("stage")
    return {
        "topics": [topic for topic in topic_tree(asked, results.facet("topic")) if topic["count"]],
        "stages": [
            {
                "number": value,
                "label": label.partition(": ")[2] or label,
                "url": asked.but(chosen=ServiceFilter({"stage": (value,)})).query(),
                "count": stages.count(value),
            }
            for value, label in RULE["stage"].choices()
            if stages.count(value)
        ],
        "all_url": asked.but(names_type=True).query(),
        "reader_query": f"&as={asked.reader}" if asked.reader else "",
        "all_count": totals[SERVICE],
    }


# --- suggestions ---------------------------------------------------------------------------------------------------
_KINDS = {
    TOPIC: lambda: pgettext("kind of suggestion", "topic"),
    SERVICE: lambda: pgettext("kind of suggestion", "service"),
    ORGANISATION: lambda: pgettext("kind of suggestion", "organisation"),
    CARD: lambda: pgettext("kind of suggestion", "card"),
    TOOL: lambda: pgettext("kind of suggestion", "tool"),
    PAGE: lambda: pgettext("kind of suggestion", "page"),
    PLACE: lambda: pgettext("kind of suggestion", "place"),
}


def suggestion_list(found: Iterable[Suggested], language: str) -> dict[str, Any]:
    """What the search box shows while one types, and what it says aloud. A plain word has no label."""
    options = [
        {
            "text": each.text,
            "kind": each.kind,
            "label": _KINDS[each.kind]() if each.kind in _KINDS else "",
            "lang": each.language if each.language.partition("-")[0] != language.partition("-")[0] else "",
        }
        for each in found
    ]
    said = ngettext("%(count)d suggestion", "%(count)d suggestions", len(options)) % {"count": len(options)}
    return {"options": options, "said": said if options else _("No suggestions")}
