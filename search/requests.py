"""The directory's filter → what search is asked. The one place where the two sets of names meet."""

from __future__ import annotations

from directory.filters import FLAGS, ServiceFilter
from directory.models import Municipality
from search.query import Point


def facets_of(chosen: ServiceFilter, types: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The facets of a SearchRequest for a filter; yes-or-no facts become values of the facet `flags`."""
    facets = {name: values for name, values in chosen.chosen.items() if name not in FLAGS}
    if flags := tuple(name for name in FLAGS if chosen.values(name)):
        facets["flags"] = flags
    if types:
        facets["type"] = types
    return facets


def centre_of(code: str) -> Point | None:
    """About the centre of a municipality: what is near it may suit too."""
    row = Municipality.objects.filter(pk=code, latitude__isnull=False).values_list("latitude", "longitude").first()
    return Point(*row) if row else None
