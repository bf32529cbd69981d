"""Likely duplicates and the choice between two, as pages and files show them. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory import duplicates
from directory.actions.merging import ORGANISATION_MERGE_FIELDS
from directory.changes import differences
from directory.contents import Cluster, content_of, fields_of, newest_content
from directory.difference_words import DifferenceInWords, in_words
from directory.duplicates import Pair, Reason
from directory.models import DuplicateKind, FactReport, Organisation, Service
from directory.permissions import Action, areas_of, may
from portal.base import languages

WHOLE = "*"


def reasons() -> dict[Reason, str]:
    """Why two are thought to be the same, in words."""
    return {
        Reason.SAME_NAME: _("nearly the same name"),
        Reason.SAME_CONTACT: _("the same contact and place"),
        Reason.SAME_NUMBER: _("the same business ID"),
        Reason.SAME_TOWN: _("nearly the same name in one municipality"),
        Reason.SAME_DOMAIN: _("the same website"),
    }


@dataclass(frozen=True)
class Twins:
    """A pair as a list shows it."""

    a: Cluster
    b: Cluster
    likeness: int
    why: str


def pairs_for(kind: str, user: Any) -> list[Pair]:
    """The likely duplicates in a person's areas."""
    find = duplicates.find_organisations if kind == DuplicateKind.ORGANISATION else duplicates.find_services
    return find(areas_of(user))


def twins_of(kind: str, pairs: Iterable[Pair]) -> list[Twins]:
    """Pairs with what they are called, in a fixed number of queries."""
    found = list(pairs)
    rows = rows_of(kind, {key for pair in found for key in (pair.a, pair.b)})
    words = reasons()
    return [
        Twins(rows[pair.a], rows[pair.b], pair.likeness, ", ".join(words[each] for each in pair.reasons))
        for pair in found
        if pair.a in rows and pair.b in rows
    ]


def rows_of(kind: str, keys: Iterable[UUID]) -> dict[UUID, Cluster]:
    """UUID → the organisation, or the service's row in the reader's language."""
    if kind == DuplicateKind.ORGANISATION:
        rows = Organisation.objects.filter(uuid__in=list(keys)).select_related("home_municipality__county")
        return {row.uuid: row for row in rows}
    services = Service.objects.of_keys(keys).best_for(get_language() or "fi")
    return {
        row.uuid: row for row in services.select_related("organisation__home_municipality", "locale", "latest_revision")
    }


def may_merge(user: Any, *rows: Cluster) -> bool:
    """Whether a person administers all of these."""
    return all(may(user, Action.MERGE, row.organisation if isinstance(row, Service) else row) for row in rows)


@dataclass(frozen=True)
class Choice:
    """One field in which the two differ. name: of the form's field, `<language>:<field>`."""

    name: str
    words: list[DifferenceInWords]
    takes_dropped: bool


@dataclass(frozen=True)
class Section:
    """The choices of one language; of a language that only the dropped one has, whether it is taken along."""

    language: str
    label: str
    choices: list[Choice] = field(default_factory=list)
    is_new: bool = False
    title: str = ""


def _content(row: Cluster) -> dict[str, Any]:
    return content_of(row) if row.live else newest_content(row)


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {}, "unknown")


def _choices(keep: Cluster, drop: Cluster, names: Iterable[str], language: str) -> list[Choice]:
    mine, theirs = _content(keep), _content(drop)
    grouped: dict[str, list[DifferenceInWords]] = {}
    # What the dropped one has not is nothing to choose.
    found = [each for each in differences(mine, theirs, names) if not _is_nothing(each.after)]
    for words in in_words(type(keep), found):
        grouped.setdefault(words.field.split(".")[0], []).append(words)
    # What the kept one has not is taken, unless the person says otherwise.
    empty = {each.field for each in found if _is_nothing(each.before)}
    return [Choice(f"{language}:{name}", words, name in empty) for name, words in grouped.items()]


def languages_of(service: Service) -> dict[str, Service]:
    """The rows of a service by language, in the order of the site's languages."""
    rows = Service.objects.filter(translation_key=service.translation_key).select_related("locale", "latest_revision")
    found = {row.language: row for row in rows}
    return {code: found[code] for code in languages.CODES if code in found}


def sections_of(keep: Cluster, drop: Cluster) -> list[Section]:
    """Everything in which the two differ, to choose from."""
    if isinstance(keep, Organisation):
        return [Section("", "", _choices(keep, drop, ORGANISATION_MERGE_FIELDS, ""))]
    kept, dropped = languages_of(keep), languages_of(drop)
    sections = []
    facts_are_shown = False
    for code, row in dropped.items():
        endonym = languages.BY_CODE[code].endonym
        if code not in kept:
            sections.append(Section(code, endonym, is_new=True, title=row.title))
            continue
        # Facts are the same in every language: once is enough.
        names = [name for name in fields_of(row) if not facts_are_shown or name not in Service.FACTS]
        sections.append(Section(code, endonym, _choices(kept[code], row, names, code)))
        facts_are_shown = True
    return sections


def chosen_values(posted: Any, sections: Iterable[Section], drop: Cluster) -> dict[str, list[str]]:
    """Language → fields taken from the dropped one, as the form says; only of what was offered."""
    values: dict[str, list[str]] = {}
    for section in sections:
        if section.is_new:
            if posted.get(f"{section.language}:{WHOLE}") == "drop":
                row = languages_of(drop)[section.language]
                own = (*Service.TEXTS, "required_documents", "links", "long_description")
                content = _content(row)
                values[section.language] = [name for name in own if content.get(name)]
            continue
        taken = [choice.name.partition(":")[2] for choice in section.choices if posted.get(choice.name) == "drop"]
        if taken:
            values[section.language] = taken
    return values


def what_moves(keep: Cluster, drop: Cluster) -> list[tuple[str, int]]:
    """What goes over to the kept one, in words and numbers."""
    if isinstance(drop, Organisation):
        services = drop.services.order_by().values("translation_key").distinct().count()
        return [(_("services"), services), (_("people"), drop.memberships.count()), (_("places"), drop.places.count())]
    reports = FactReport.objects.filter(service__translation_key=drop.translation_key, handled_at=None).count()
    return [(_("open reports"), reports)]
