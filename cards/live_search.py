"""What a saved query, and what an editor has picked, is in the directory today. Reads only what is public; writes and
shows nothing. The other way round, which cards show a listing: cards.showing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Window
from django.http import HttpRequest

from directory import shortlist
from directory.filters import FLAGS, ServiceFilter
from directory.models import Service
from directory.presentation import listing_items

MOST_ON_A_CARD = 5

# The block's fields → the parameters of the directory.
_LISTS = {"stages": "stage", "topics": "topic", "target_groups": "target", "kinds": "kind", "channels": "channel"}


@dataclass(frozen=True)
class Found:
    """The first rows, how many services fit in all, and the query that finds the same in the search.

    items: inputs of the card_listing component.
    """

    items: list[dict[str, Any]]
    total: int
    query: str

    @property
    def is_sample(self) -> bool:
        """Whether an invented service is among the rows."""
        return any(item["is_sample"] for item in self.items)

    @property
    def is_collected(self) -> bool:
        """Whether the reader has put one of the rows on their own list."""
        return any(item["on_list"] for item in self.items)


def filter_of(value: Mapping[str, Any]) -> ServiceFilter:
    """The filter that a LiveSearchBlock's value stands for."""
    chosen = {parameter: tuple(value.get(name) or ()) for name, parameter in _LISTS.items()}
    chosen |= {name: ("1",) for name in FLAGS if value.get(name)}
    if value.get("free"):
        chosen["charge"] = ("free",)
    return ServiceFilter(chosen)


def find(chosen: ServiceFilter, language: str, most: int, on_list: Iterable[Any] = ()) -> Found:
    """The public services that fit, those in the reader's own language and of one area first, then the newest check."""
    fitting = chosen.apply(Service.objects.public())
    rows = (
        fitting.best_for(language)
        .with_list_facts()
        .prefetch_related("counties")
        .annotate(total=Window(Count("pk")))
        .order_by("language_rank", "is_nationwide", F("checked_on").desc(nulls_last=True), "title", "pk")[:most]
    )
    return Found(
        items=listing_items(rows, on_list),
        total=rows[0].total if rows else 0,
        query=chosen.to_query(),
    )


def pinned(chosen: Iterable[Mapping[str, Any]], language: str, on_list: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """The public ones of the listings of a PinnedListingsBlock, in its order, each with `why` it was picked.

    items: inputs of the card_listing component. A listing that was removed leaves an empty place behind.
    """
    whys = {row["service"].translation_key: row["why"] for row in chosen if row["service"] is not None}
    rows = Service.objects.public().of_keys(whys).best_for(language).with_list_facts().prefetch_related("counties")
    by_key = {row.translation_key: row for row in rows}
    keys = [key for key in whys if key in by_key]
    items = listing_items([by_key[key] for key in keys], on_list)
    return [{**item, "why": whys[key]} for key, item in zip(keys, items, strict=True)]


def own_list(request: HttpRequest | None) -> list[Any]:
    """The UUIDs on the reader's own list; none where there is no request."""
    return shortlist.unpack(request.COOKIES.get(shortlist.COOKIE, "")) if request is not None else []
