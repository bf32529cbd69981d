"""The moderators' queue as pages and files show it: what is asked, its rows, how many of each kind. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from directory.choices import CaseKind
from directory.models import AreaRole, Case, CaseNote, CaseQuerySet, County, Service
from directory.permissions import MODERATES, areas_of
from portal.accounts.models import User

PER_PAGE = 25
AGES = (3, 7, 14, 30)
MINE, NOBODYS, WATCHED = "mine", "nobody", "watched"
OPEN, CLOSED = "open", "closed"

# What a kind is called where there is little room. Its whole sentence is CaseKind's.
SHORT = {
    CaseKind.REVIEW: pgettext_lazy("queue", "Edits"),
    CaseKind.INSPECTION: pgettext_lazy("queue", "Published at once"),
    CaseKind.CLAIM: pgettext_lazy("queue", "Claims"),
    CaseKind.REPORT: pgettext_lazy("queue", "Reports"),
    CaseKind.NO_ANSWER: pgettext_lazy("queue", "No answer"),
    CaseKind.ORPHAN: pgettext_lazy("queue", "No keeper"),
    CaseKind.NOT_MINE: pgettext_lazy("queue", "Not mine"),
}


@dataclass(frozen=True)
class QueueFilter:
    """What a person asked of the queue; empty: everything that waits."""

    kind: str = ""
    whose: str = ""
    county: str = ""
    older: int = 0
    state: str = OPEN

    @classmethod
    def from_query(cls, query: QueryDict) -> "QueueFilter":
        """Of an address. What is not known is left out."""

        def one_of(name: str, allowed: Iterable[str]) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        county, older = query.get("area", ""), query.get("older", "")
        return cls(
            kind=one_of("kind", CaseKind.values),
            whose=one_of("whose", (MINE, NOBODYS, WATCHED)),
            county=county if county.isdecimal() and len(county) < 9 else "",
            older=int(older) if older.isdecimal() and len(older) < 5 else 0,
            state=one_of("state", (OPEN, CLOSED)) or OPEN,
        )

    def apply(self, cases: CaseQuerySet, user: User, at: datetime.datetime, *, kinds: bool = True) -> CaseQuerySet:
        """The cases that are meant. kinds=False: of every kind."""
        if self.kind and kinds:
            cases = cases.filter(kind=self.kind)
        if self.whose == MINE:
            cases = cases.filter(assigned_to=user)
        elif self.whose == NOBODYS:
            cases = cases.filter(assigned_to=None)
        elif self.whose == WATCHED:
            cases = cases.filter(watchers=user)
        if self.county:
            cases = cases.filter(county=self.county)
        if self.older:
            cases = cases.filter(opened_at__lt=at - datetime.timedelta(days=self.older))
        return cases.exclude(closed_at=None) if self.state == CLOSED else cases.open()


@dataclass
class Row:
    """One case as a list shows it."""

    case: Case
    title: str
    url: str
    is_watched: bool = False
    # The last thing that somebody noted, for those who watch.
    news: str = ""

    @property
    def kind(self) -> str:
        """What it is, in a word or two."""
        return str(SHORT[CaseKind(self.case.kind)])


def own_cases(user: Any) -> CaseQuerySet:
    """The cases of the areas that a person administers, with what rows show."""
    return Case.objects.in_areas(areas_of(user)).select_related(
        "organisation", "county", "assigned_to", "closed_by", "claim", "review"
    )


def page_of(case: Case) -> str:
    """Where a case is worked on."""
    if case.kind == CaseKind.REVIEW and case.review_id:
        return reverse("workspace:review", args=[case.review_id])
    if case.kind == CaseKind.INSPECTION:
        return reverse("workspace:inspection", args=[case.pk])
    return reverse("workspace:case", args=[case.pk])


def rows_of(cases: Iterable[Case], user: Any) -> list[Row]:
    """Rows, in three queries however many there are."""
    found = list(cases)
    titles = titles_of(case.key for case in found if case.key)
    watched = set(Case.watchers.through.objects.filter(user=user, case__in=found).values_list("case", flat=True))
    notes = dict(CaseNote.objects.filter(case__in=watched).order_by("written_at", "pk").values_list("case", "text"))
    return [
        Row(case, title_of(case, titles), page_of(case), case.pk in watched, notes.get(case.pk, "")) for case in found
    ]


def titles_of(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Service → its title in the reader's language, or the first there is."""
    rows = Service.objects.of_keys(set(keys)).best_for(get_language() or "fi")
    return dict(rows.values_list("translation_key", "title"))


def title_of(case: Case, titles: dict[UUID, str]) -> str:
    """What a case is about: a service, an organisation, or one that somebody proposes."""
    if case.key:
        return titles.get(case.key, _("A service that is gone"))
    if case.organisation:
        return str(case.organisation)
    return case.claim.proposed_name if case.claim else case.get_kind_display()


def queue_context(query: QueryDict, user: Any, at: datetime.datetime) -> dict[str, Any]:
    """What the page of the queue shows, in a number of queries that does not grow."""
    asked = QueueFilter.from_query(query)
    cases = own_cases(user)
    shared = asked.apply(cases, user, at, kinds=False)
    counts = dict(shared.order_by().values_list("kind").annotate(count=Count("pk")))
    chosen = asked.apply(cases, user, at)
    if asked.state == CLOSED:
        chosen = chosen.order_by("-closed_at", "-pk")
    page: Page = Paginator(chosen, PER_PAGE).get_page(query.get("page"))
    oldest = shared.aggregate(oldest=Min("opened_at"))["oldest"]
    return {
        "asked": asked,
        "page": page,
        "rows": rows_of(page.object_list, user),
        "tabs": list(_tabs(query, asked, counts)),
        "total": sum(counts.values()),
        "oldest": oldest,
        "areas": areas_to_choose(user),
        "ages": AGES,
        "people": people_for(user),
        "query": query,
    }


def _tabs(query: QueryDict, asked: QueueFilter, counts: dict[str, int]) -> Iterable[dict[str, Any]]:
    kinds = [("", _("All")), *((kind, SHORT[kind]) for kind in CaseKind)]
    for kind, label in kinds:
        count = counts.get(kind, 0) if kind else sum(counts.values())
        if not count and kind != asked.kind and kind:
            continue
        address = query.copy()
        address.pop("page", None)
        address.pop("kind", None)
        if kind:
            address["kind"] = kind
        yield {
            "label": label,
            "url": f"?{address.urlencode()}",
            "is_current": kind == asked.kind,
            "count": count,
        }


def areas_to_choose(user: Any) -> list[County]:
    """The areas that a person may narrow to; none where there is only one."""
    counties = areas_of(user)
    found = County.objects.order_by("code")
    if counties is not None:
        found = found.filter(pk__in=counties)
    else:
        found = found.filter(Q(pk__in=Case.objects.open().order_by().values("county")))
    rows = list(found)
    return rows if len(rows) > 1 else []


def people_for(user: Any) -> list[User]:
    """Those to whom a person may give a case: the administrators of the same areas; for the central ones, everybody."""
    counties = areas_of(user)
    roles = AreaRole.objects.all() if counties is None else AreaRole.objects.filter(county__in=counties)
    people = Q(pk__in=roles.values("user"))
    if counties is None:
        people |= Q(pk__in=_central().values("pk"))
    found = User.objects.filter(people, is_active=True).order_by("last_name", "first_name", "email")
    return list(found)


def _central():
    return User.objects.with_perm(MODERATES, backend="django.contrib.auth.backends.ModelBackend")


def queue_table(query: QueryDict, user: Any, at: datetime.datetime) -> tuple[list[str], Iterable[list[object]]]:
    """(columns, rows) of the same cases as a file."""
    rows = rows_of(QueueFilter.from_query(query).apply(own_cases(user), user, at), user)
    columns = [_("What"), _("About"), _("Organisation"), _("Area"), _("Since"), _("Days"), _("Whose task"), _("Closed")]
    return columns, (
        [
            row.case.get_kind_display(),
            row.title,
            row.case.organisation or "",
            row.case.county or "",
            timezone.localtime(row.case.opened_at).date(),
            ((row.case.closed_at or at) - row.case.opened_at).days,
            row.case.assigned_to or "",
            timezone.localtime(row.case.closed_at).date() if row.case.closed_at else "",
        ]
        for row in rows
    )
