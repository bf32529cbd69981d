"""The filters' side of the search page: each rule as a group of choices with counts and links. No HTML, no search."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from directory.filters import FLAGS, RULE
from directory.models import Term
from search.forms import EVERYTHING, FILTERS_OF_TYPE, SERVICE, Asked
from search.query import Facet, SearchResults

# What most people choose by comes first. The municipality is a field of the search box.
ORDER = ("stage", "topic", "flags", "target", "channel", "charge", "language", "kind", "accessibility", "area")
# Open from the beginning; the others tell their names and wait.
OPEN = ("stage",)


def filter_groups(asked: Asked, results: SearchResults) -> list[dict[str, Any]]:
    """The groups that have something to choose. A choice that would find nothing is shown only when it is chosen."""
    known = FILTERS_OF_TYPE[SERVICE if asked.type == EVERYTHING else asked.type]
    groups = []
    for name in ORDER:
        if name == "topic" and name in known:
            choices = [choice for choice in topic_tree(asked, results.facet("topic")) if _is_shown(choice)]
        elif name == "flags" and FLAGS[0] in known:
            counts = results.facet("flags")
            choices = [_choice(asked, flag, "1", counts.count(flag), str(RULE[flag].label)) for flag in FLAGS]
        elif name in known:
            counts = results.facet(name)
            taken = asked.chosen.values(name)
            choices = [
                _choice(asked, name, value, count, label)
                for value, label in RULE[name].choices()
                if (count := counts.count(value)) or value in taken
            ]
        else:
            continue
        shown = [choice for choice in choices if _is_shown(choice)]
        if shown:
            chosen = sum(choice["checked"] + sum(each["checked"] for each in choice["narrower"]) for choice in shown)
            groups.append(
                {
                    "name": name,
                    "legend": _("Wishes") if name == "flags" else str(RULE[name].label),
                    "choices": shown,
                    "chosen": chosen,
                    "is_open": bool(chosen) or name in OPEN,
                }
            )
    return groups


def topic_tree(asked: Asked, counts: Facet) -> list[dict[str, Any]]:
    """Broad topics, each with its narrower ones. The link of a narrower topic takes the place of the broad one's."""
    terms = list(Term.objects.topics().order_by("order", "code"))
    labels, taken = dict(RULE["topic"].choices()), asked.chosen.values("topic")
    tree = []
    for broad in (term for term in terms if term.parent_id is None):
        narrower = [
            _choice(asked, "topic", term.code, count, labels.get(term.code, term.code), instead_of=[broad.code])
            for term in terms
            if term.parent_id == broad.pk and ((count := counts.count(term.code)) or term.code in taken)
        ]
        codes = [term.code for term in terms if term.parent_id == broad.pk]
        label = labels.get(broad.code, broad.code)
        choice = _choice(asked, "topic", broad.code, counts.count(broad.code), label, instead_of=codes)
        choice["narrower"] = narrower
        choice["is_open"] = any(each["checked"] for each in narrower)
        tree.append(choice)
    return tree


def _is_shown(choice: dict[str, Any]) -> bool:
    return bool(choice["count"] or choice["checked"] or choice["narrower"])


def _choice(
    asked: Asked, name: str, value: str, count: int, label: str, instead_of: list[str] | None = None
) -> dict[str, Any]:
    """One choice. url: the same search with this choice made, or taken back when it is made already."""
    checked = value in asked.chosen.values(name)
    chosen = asked.chosen.without(name, value)
    if not checked:
        for other in instead_of or ():
            chosen = chosen.without(name, other)
        chosen = chosen.with_value(name, value)
    return {
        "name": name,
        "value": value,
        "label": label,
        "count": count,
        "checked": checked,
        "url": asked.but(chosen=chosen).query(),
        "narrower": [],
        "is_open": False,
    }
