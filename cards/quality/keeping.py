"""Pages of a round's keeper: how it stands, closing, results, goals, files, the next round. Thin."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.models import QualityRound
from cards.printing import engine
from cards.quality import actions
from cards.quality.access import address, answering_path, for_keeper, key_of
from cards.quality.forms import GoalsForm, RoundForm
from cards.quality.presentation import name_of, results_context, table_of
from cards.quality.rounds import removed_on, results, states_of
from cards.quality.views import ROUNDS_AN_HOUR
from cards.quality.words import in_plural
from portal.base.csv_export import csv_response
from portal.base.qr import qr_svg
from portal.base.ratelimit import is_too_often

FILE = "laatukriteerit"
# Each is drawn anew.
PDFS_AN_HOUR = 60
PDF_STYLES = ("portal/css/pdf.css", "portal/css/quality-pdf.css")


@require_safe
@for_keeper
def keep(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """How the round stands; when it is closed, its results."""
    if kept.closed_at is not None:
        return _results(request, kept)
    context = _kept(request, kept)
    share = request.build_absolute_uri(answering_path(kept, key_of(request)))
    context |= {
        "share": share,
        "qr": qr_svg(share),
        "states": [{"name": in_plural(state.answered_by), **vars(state)} for state in states_of(kept)],
    }
    return TemplateResponse(request, "cards/quality/keep.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def close(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """Asks once more, since nothing opens a closed round again; then closes it."""
    here = address("quality_round", key_of(request))
    if request.method == "POST" or kept.closed_at is not None:
        actions.close_round(kept)
        return redirect(here)
    states = states_of(kept)
    context = _kept(request, kept) | {
        "too_few": [in_plural(state.answered_by) for state in states if not state.has_enough],
        "is_empty": not any(state.has_enough for state in states),
    }
    return TemplateResponse(request, "cards/quality/close.html", context)


@require_POST
@for_keeper
def write_goals(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """Keep what is developed next. When somebody else wrote meanwhile, both texts are shown and none is lost."""
    form = GoalsForm(request.POST)
    if kept.closed_at is None:
        return redirect(_here(request))
    if not form.is_valid():
        return _results(request, kept, form, status=400)
    try:
        actions.write_goals(kept, form.cleaned_data["goals"], seen=form.cleaned_data["seen"])
    except actions.ChangedMeanwhileError as error:
        mine = GoalsForm(initial={"goals": form.cleaned_data["goals"], "seen": actions.version_of(error.current)})
        return _results(request, kept, mine, theirs=error.current, status=409)
    messages.success(request, _("The goals are saved."))
    return redirect(f"{_here(request)}#goals")


@require_POST
@for_keeper
def begin_next(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """Open the next round, to be compared with this one; then to its own page, with a key of its own."""
    form = RoundForm(request.POST)
    if kept.closed_at is None:
        return redirect(_here(request))
    if not form.is_valid():
        return _results(request, kept, next_form=form, status=400)
    if is_too_often(request, "quality_open", most=ROUNDS_AN_HOUR, seconds=3600):
        form.add_error(None, _("You have opened many rounds. Try again in an hour."))
        return _results(request, kept, next_form=form, status=429)
    try:
        opened = actions.begin_next_round(kept, name=form.cleaned_data["name"])
    except ValidationError:
        form.add_error(None, _("The criteria have no statements any more."))
        return _results(request, kept, next_form=form, status=409)
    return redirect(address("quality_round", opened.keeper_key))


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def delete(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """Asks once more, then removes the round and every answer in it."""
    if request.method == "POST":
        where = kept.criteria.url if kept.criteria is not None and kept.criteria.live else None
        actions.delete_round(kept)
        messages.success(request, _("The round and its answers have been removed."))
        return redirect(where or "/")
    return TemplateResponse(request, "cards/quality/delete.html", _kept(request, kept))


# --- Files ------------------------------------------------------------------------------------------------------------
@require_safe
@for_keeper
def as_csv(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """The results as a table for a spreadsheet."""
    if kept.closed_at is None:
        return redirect(_here(request))
    return csv_response(FILE, *table_of(results(kept)))


@require_safe
@for_keeper
def as_pdf(request: HttpRequest, kept: QualityRound) -> HttpResponse:
    """The results and the goals on paper."""
    if not engine.is_available():
        raise Http404("no PDFs on this machine")
    if kept.closed_at is None:
        return redirect(_here(request))
    if is_too_often(request, "quality_pdf", most=PDFS_AN_HOUR, seconds=3600):
        return render(request, "cards/print/too_often.html", status=429)
    context = _kept(request, kept) | results_context(results(kept)) | {"printed_on": timezone.localdate()}
    html = render_to_string("cards/quality/results_pdf.html", context)
    return HttpResponse(
        engine.draw(html, [engine.style(name) for name in PDF_STYLES]),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{FILE}.pdf"'},
    )


def _results(
    request: HttpRequest,
    kept: QualityRound,
    goals_form: GoalsForm | None = None,
    *,
    next_form: RoundForm | None = None,
    theirs: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _kept(request, kept) | results_context(results(kept))
    context |= {
        "goals_form": goals_form or GoalsForm.of(kept.goals),
        "next_form": next_form or RoundForm(),
        "has_pdf": engine.is_available(),
        "theirs": theirs,
    }
    return TemplateResponse(request, "cards/quality/results.html", context, status=status)


def _kept(request: HttpRequest, kept: QualityRound) -> dict[str, Any]:
    key = key_of(request)
    names = ("round", "close", "goals", "next", "delete", "csv", "pdf")
    return {
        "round": kept,
        "criteria_name": name_of(kept),
        "criteria_url": kept.criteria.url if kept.criteria is not None and kept.criteria.live else "",
        "own_address": request.build_absolute_uri(_here(request)),
        "urls": {name: address(f"quality_{name}", key) for name in names},
        "removed_on": removed_on(kept),
        "smallest": settings.SMALLEST_GROUP_SHOWN,
    }


def _here(request: HttpRequest) -> str:
    return address("quality_round", key_of(request))
