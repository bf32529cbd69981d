"""What the form of a service offers to choose from: words, areas, the organisation's places, its other services.

Only reads. What an organisation may not see is never among the choices.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.choices import SERVICE_LANGUAGES, Scheme
from directory.models import County, Municipality, Organisation, Place, Service, Term

# (value, label), or (heading, [(value, label) …]): Django's shape of grouped choices.
Choices = list[tuple[Any, Any]]

# Most listings are served in these; the others wait under a heading.
_FIRST_LANGUAGES = ("fi", "sv", "en", "fse")


def choices_of(field: str, organisation: Organisation) -> Choices:
    """The choices of a field that is a long list."""
    if field == "topics":
        return _terms(Scheme.TOPIC)
    if field == "target_groups":
        return _terms(Scheme.TARGET_GROUP)
    if field == "municipalities":
        return _municipalities(organisation)
    if field == "counties":
        return _by_name((each.pk, str(each)) for each in County.objects.all())
    if field == "languages":
        rest = [(code, label) for code, label in SERVICE_LANGUAGES if code not in _FIRST_LANGUAGES]
        first = [(code, label) for code, label in SERVICE_LANGUAGES if code in _FIRST_LANGUAGES]
        return [*first, (_("Other languages"), _by_name((code, str(label)) for code, label in rest))]
    raise ValueError(f"no long list: {field}")


def _by_name(choices: Iterable[tuple[Any, str]]) -> Choices:
    return sorted(choices, key=lambda choice: choice[1].casefold())


def _terms(scheme: str) -> Choices:
    """A broad term heads those below it; one without any stands by itself."""
    below: dict[int | None, list[Term]] = {}
    for term in Term.objects.filter(scheme=scheme):
        below.setdefault(term.parent_id, []).append(term)

    def all_below(term: Term) -> list[tuple[int, str]]:
        return [(term.pk, str(term)), *(one for child in below.get(term.pk, ()) for one in all_below(child))]

    return [(str(root), all_below(root)) if root.pk in below else (root.pk, str(root)) for root in below.get(None, ())]


def _municipalities(organisation: Organisation) -> Choices:
    """Towns by wellbeing services county, the organisation's own first."""
    by_county: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for town in Municipality.objects.select_related("county"):
        by_county.setdefault(town.county_id, []).append((town.pk, str(town)))
        names[town.county_id] = str(town.county)
    own = organisation.county_id
    ordered = sorted(by_county, key=lambda code: (code != own, names[code].casefold()))
    return [(names[code], _by_name(by_county[code])) for code in ordered]


def towns() -> Choices:
    """All municipalities by name, for a place's address."""
    return _by_name((each.pk, str(each)) for each in Municipality.objects.all())


# --- what the organisation has already -------------------------------------------------------------------------------
def places_for(organisation: Organisation) -> list[Place]:
    """The organisation's own places, and those its services use. Never a secret one of another."""
    used = Q(service_places__service__organisation=organisation)
    others_secrets = Q(is_secret=True) & ~Q(organisation=organisation) & Q(organisation__isnull=False)
    found = Place.objects.filter(Q(organisation=organisation) | used).exclude(others_secrets)
    return list(found.select_related("municipality").distinct().order_by("name", "pk"))


def services_with(part: str, organisation: Organisation, but: Service | None) -> list[Service]:
    """The organisation's other services that have this part, each once, to copy it from."""
    rows = Service.objects.filter(**{"organisation": organisation, f"{part}__isnull": False, "withdrawn_on": None})
    if but is not None:
        rows = rows.exclude(translation_key=but.translation_key)
    return list(rows.best_for(get_language()).distinct().order_by("title").only("pk", "title", "translation_key"))
