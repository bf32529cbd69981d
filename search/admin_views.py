"""Views of our own in the admin: trying a search, and the words that lead nowhere. Rights stand here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from portal.base.languages import FINNISH
from search import dead_ends, indexing
from search.models import DeadEnd, Kind
from search.query import SearchRequest, SearchResults
from search.reading import read_hits
from search.vocabulary import SynonymRow, current_synonyms, look_again

TRIED_RESULTS = 10
LONGEST_QUERY = 200
PER_PAGE = 30
TYPES = {
    "service": gettext_lazy("Service"),
    "card": gettext_lazy("Action card"),
    "tool": gettext_lazy("Digital tool"),
    "page": gettext_lazy("Page of the site"),
}


# --- trying a search -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TriedHit:
    """One of the first results. `is_new`: it was not among them without the row that is tried."""

    title: str
    url: str
    type: str
    is_new: bool


@dataclass(frozen=True)
class Trial:
    """What a query is understood as and what it finds. `before`: how many it finds without the row that is tried."""

    query: str
    results: SearchResults
    hits: list[TriedHit]
    synonyms: list[dict[str, Any]]
    before: int | None


def try_out(query: str, row: SynonymRow | None = None, instead_of: SynonymRow | None = None) -> Trial:
    """Search as if `row` were in force instead of the one that is saved. Nothing is written or counted."""
    look_again()
    language = get_language() or FINNISH
    request = SearchRequest(query[:LONGEST_QUERY], language=language, per_page=TRIED_RESULTS)
    now = current_synonyms(indexing.analysis())
    rows = [one for one in now.rows if one != instead_of] + ([row] if row else [])
    is_changed = row != instead_of
    results = indexing.finder_with(now.with_rows(rows)).find(request)
    before = indexing.finder_with(now).find(request) if is_changed else results
    known = {hit.uuid for hit in before.hits}
    return Trial(
        query=query,
        results=results,
        hits=[
            TriedHit(found.title, found.url, str(TYPES.get(hit.type, hit.type)), hit.uuid not in known)
            for hit, found in read_hits(results.hits, language)
        ],
        synonyms=[
            {
                "phrase": use.phrase,
                "targets": use.targets,
                "kind": Kind(use.kind).label,
                "is_tried": is_changed and row is not None and use.phrase in row.sources and use.targets == row.targets,
            }
            for use in results.synonyms
        ],
        before=before.total if is_changed else None,
    )


@require_safe
def try_search(request: HttpRequest) -> HttpResponse:
    """A page to try what a query finds with the synonyms in force."""
    if not request.user.has_perm("search.view_synonym"):
        raise PermissionDenied
    query = request.GET.get("q", "").strip()
    context = {
        "page_title": _("Try the search"),
        "header_title": _("Try the search"),
        "header_icon": "search",
        "query": query,
        "trial": try_out(query) if query else None,
        "longest_query": LONGEST_QUERY,
    }
    return render(request, "search/admin/try_search.html", context)


# --- words that lead nowhere -----------------------------------------------------------------------------------------
@require_safe
def dead_ends_report(request: HttpRequest) -> HttpResponse:
    """What people looked for in vain, by what has been decided of it."""
    if not request.user.has_perm("search.view_deadend"):
        raise PermissionDenied
    state = request.GET.get("state", DeadEnd.State.OPEN)
    if state not in DeadEnd.State:
        state = DeadEnd.State.OPEN
    page = Paginator(dead_ends.shown(state).select_related("decided_by"), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Words that lead nowhere"),
        "header_title": _("Words that lead nowhere"),
        "header_icon": "help",
        "page": page,
        "rows": _rows(page.object_list),
        "state": state,
        "is_open": state == DeadEnd.State.OPEN,
        "tabs": [
            {
                "label": label,
                "url": f"?state={code}",
                "is_chosen": code == state,
                "count": dead_ends.shown(code).count(),
            }
            for code, label in DeadEnd.State.choices
        ],
        "threshold": settings.SMALLEST_GROUP_SHOWN,
        "weeks_shown": dead_ends.WEEKS_SHOWN,
        "little": dead_ends.LITTLE,
        "may_decide": request.user.has_perm("search.change_deadend"),
        "may_add_synonym": request.user.has_perm("search.add_synonym"),
    }
    return render(request, "search/admin/dead_ends.html", context)


def _rows(found: Sequence[DeadEnd]) -> list[dict[str, Any]]:
    finder = indexing.finder()
    rows = []
    for one in found:
        is_word = one.type == DeadEnd.Type.WORD
        facet, value = one.facet
        asked = SearchRequest(one.text, per_page=1) if is_word else SearchRequest(facets={facet: (value,)}, per_page=1)
        rows.append(
            {
                "dead_end": one,
                "found": finder.find(asked).total,
                "synonym_url": f"{reverse('synonyms:add')}?{urlencode({'phrases': one.text})}" if is_word else "",
                "decide_url": reverse("dead_ends:decide", args=[one.pk]),
            }
        )
    return rows


class DecisionForm(forms.ModelForm):
    """What is decided of a word; a note for the one who plans services."""

    class Meta:
        model = DeadEnd
        fields = ["state", "note"]


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: str) -> HttpResponse:
    """Wish for a service, leave a word aside, or take back what was decided."""
    if not request.user.has_perm("search.change_deadend"):
        raise PermissionDenied
    dead_end = get_object_or_404(DeadEnd.objects.exclude(text=""), pk=pk)
    form = DecisionForm(request.POST or None, instance=dead_end)
    if request.method == "POST" and form.is_valid():
        state = form.cleaned_data["state"]
        dead_ends.decide(DeadEnd.objects.filter(pk=pk), state, request.user, form.cleaned_data["note"])
        messages.success(
            request, _("«%(word)s»: %(state)s.") % {"word": dead_end.label, "state": DeadEnd.State(state).label.lower()}
        )
        return redirect("dead_ends:index")
    context = {
        "page_title": _("Wish for a service"),
        "header_title": _("Wish for a service"),
        "header_icon": "help",
        "dead_end": dead_end,
        "form": form,
        "index_url": reverse("dead_ends:index"),
    }
    return render(request, "search/admin/decide.html", context)
