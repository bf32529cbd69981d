"""The facets that a search can be narrowed by, as a table. A new facet is one line here and one in sources.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FacetRule:
    """With several values chosen a listing needs any one of them, or all where each value is a wish of its own."""

    name: str
    needs_all: bool = False


FACETS: dict[str, FacetRule] = {
    rule.name: rule
    for rule in (
        FacetRule("type"),
        FacetRule("stage"),
        FacetRule("topic"),
        FacetRule("target"),
        FacetRule("municipality"),
        FacetRule("area"),
        FacetRule("channel"),
        FacetRule("language"),
        FacetRule("charge"),
        FacetRule("kind"),
        FacetRule("accessibility", needs_all=True),
        FacetRule("flags", needs_all=True),
        # Whom a page is written for. Services are for everybody and have none.
        FacetRule("audience"),
    )
}

# Yes-or-no facts of a listing, each a value of the facet `flags`.
FLAGS = (
    "anonymous",
    "no_appointment",
    "outreach",
    "outside_office_hours",
    "interpreter",
    "taking_people",
    "referral_allowed",
)
