"""Which cards show a listing: because an editor has picked it, or because a saved query of theirs finds it today.

Reads only. What a card shows: cards.live_search.
"""

from typing import Any

from django.db.models import Value

from cards.live_search import filter_of
from cards.models import ActionCardPage
from directory.filters import ServiceFilter
from directory.models import Service
from portal.base import languages
from portal.base.remembering import remembered

MOST_CARDS = 3


def cards_showing(service: Service, language: str) -> list[dict[str, str]]:
    """Title, address and language (when it is not the reader's) of at most MOST_CARDS cards: picked first, then those
    whose query is the narrowest.
    """
    key = service.translation_key
    return remembered("cards-with", key, language, make=lambda: _links(_keys(service)[:MOST_CARDS], language))


def _keys(service: Service) -> list[Any]:
    """Identities of the cards that show the service, best first."""
    picked, queries = _what_cards_show()
    fitting = _fitting(service, [chosen for _key, chosen in queries])
    narrowest = sorted((-len(list(queries[position][1].pairs())), position) for position in fitting)
    own = [key for key, chosen in picked if chosen == service.translation_key]
    return list(dict.fromkeys([*own, *(queries[position][0] for _narrow, position in narrowest)]))


def _what_cards_show() -> tuple[list[tuple[Any, Any]], list[tuple[Any, ServiceFilter]]]:
    """(card, service) of what was picked, (card, filter) of the saved queries; remembered for a while."""
    picked, chosen = remembered("what-cards-show", make=_read_cards)
    return picked, [(key, ServiceFilter(values)) for key, values in chosen]


def _read_cards() -> tuple[list[tuple[Any, Any]], list[tuple[Any, dict[str, Any]]]]:
    picked, queries = [], []
    for card in ActionCardPage.objects.live().public().filter(locale__language_code=languages.FINNISH):
        for block in card.body:
            if block.block_type == "pinned_listings":
                rows = [row["service"] for row in block.value["listings"]]
                picked += [(card.translation_key, row.translation_key) for row in rows if row is not None]
            elif block.block_type == "live_search":
                queries.append((card.translation_key, dict(filter_of(block.value).chosen)))
    return picked, queries


def _fitting(service: Service, filters: list[ServiceFilter]) -> set[int]:
    """The positions of the filters that the service fits, in one query."""
    own = Service.objects.public().of_keys([service.translation_key]).order_by()
    asked = [
        chosen.apply(own).order_by().annotate(position=Value(position)).values_list("position", flat=True)
        for position, chosen in enumerate(filters)
        if _may_fit(service, chosen)
    ]
    return set(asked[0].union(*asked[1:])) if asked else set()


def _may_fit(service: Service, chosen: ServiceFilter) -> bool:
    """Whether the facts on the row itself leave it possible: most queries need not be asked."""
    stages, kinds = chosen.values("stage"), chosen.values("kind")
    return (not stages or bool(set(stages) & set(service.stages))) and (not kinds or service.kind in kinds)


def _links(keys: list[Any], language: str) -> list[dict[str, str]]:
    order = languages.reading_order(language)
    rows = ActionCardPage.objects.live().public().filter(translation_key__in=keys, locale__language_code__in=order)
    best: dict[Any, ActionCardPage] = {}
    for row in sorted(rows.select_related("locale"), key=lambda each: -order.index(each.locale.language_code)):
        best[row.translation_key] = row
    return [
        {
            "title": card.title,
            "url": card.url or "",
            "lang": card.locale.language_code if card.locale.language_code != language else "",
        }
        for key in keys
        if (card := best.get(key)) is not None
    ]
