"""Choosing what to print, asking for it, waiting for it, fetching it. Thin: read, ask cards.printing.making, show."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cards.choices import PrintState
from cards.models import ActionCardPage, PracticeModelPage, Print
from cards.printing import engine, making
from cards.printing.selection import Layout, selection_of
from portal.base import languages
from portal.base.ratelimit import is_too_often

# An office shares one address.
PRINTS_PER_HOUR = 60
# htmx stops asking when it gets this.
STOP_POLLING = 286


@never_cache
@require_GET
def choose_pages(request: HttpRequest) -> HttpResponse:
    """The cards of every practice model, to be ticked. ?model=A shows one model's alone; ?page= ticks beforehand."""
    models = _models_with_cards(get_language() or languages.FINNISH)
    chosen = [row for row in models if row["model"].letter == request.GET.get("model")]
    context = {
        "models": chosen or models,
        "is_one_model": bool(chosen),
        "ticked": set(_numbers(request.GET.getlist("page"))),
        "has_pdf": engine.is_available(),
    }
    return TemplateResponse(request, "cards/print/choose.html", context)


@never_cache
@require_POST
def make_print(request: HttpRequest) -> HttpResponse:
    """Make the print of the pages named, or lead to the one that is there."""
    pages = _numbers(request.POST.getlist("page"))
    if not pages:
        return redirect("cards:choose_pages")
    selection = selection_of(pages, request.POST.get("layout", Layout.PAGES))
    if selection is None or not engine.is_available():
        raise Http404("nothing that can be printed")
    now = timezone.now()
    printed = making.ready_print(selection, now)
    if printed is None:
        if is_too_often(request, "print", most=PRINTS_PER_HOUR, seconds=3600):
            return render(request, "cards/print/too_often.html", status=429)
        try:
            printed = making.ask_for(selection, now)
        except making.PrintFailedError:
            printed = Print.objects.get(key=selection.key(timezone.localdate(now)))
    if printed.state == PrintState.READY and printed.file:
        return redirect("cards:print_file", key=printed.pk)
    return redirect("cards:print_state", key=printed.pk)


@never_cache
@require_GET
def print_state(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a print is. Asked again and again, by the page itself or by its link."""
    printed = _print_or_404(key)
    now = timezone.now()
    context = {
        "printed": printed,
        "has_failed": making.has_failed(printed, now),
        "is_gone": making.is_gone(printed),
        "is_ready": printed.state == PrintState.READY and bool(printed.file),
    }
    context["is_under_way"] = not (context["has_failed"] or context["is_gone"] or context["is_ready"])
    stops = request.htmx and not context["is_under_way"]
    return TemplateResponse(request, "cards/print/state.html", context, status=STOP_POLLING if stops else 200)


@never_cache
@require_POST
def try_print_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a print that failed into the queue again."""
    printed = _print_or_404(key)
    if is_too_often(request, "print", most=PRINTS_PER_HOUR, seconds=3600):
        return render(request, "cards/print/too_often.html", status=429)
    making.try_again(printed, timezone.now())
    return redirect("cards:print_state", key=key)


@never_cache
@require_GET
def print_file(request: HttpRequest, key: UUID) -> HttpResponse | FileResponse:
    """The PDF itself; while there is none, the page that tells how far it is."""
    printed = _print_or_404(key)
    if printed.state != PrintState.READY or not printed.file:
        return redirect("cards:print_state", key=key)
    response = FileResponse(
        printed.file.open("rb"), as_attachment=True, filename=printed.filename, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _print_or_404(key: UUID) -> Print:
    printed = get_object_or_404(Print, pk=key)
    if not making.is_public(printed):
        raise Http404("nothing of it is public")
    return printed


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _models_with_cards(language: str) -> list[dict[str, Any]]:
    """Each practice model in the reader's language, or the first of its fallbacks, with its cards."""
    order = languages.reading_order(language)
    found: dict[Any, PracticeModelPage] = {}
    for model in PracticeModelPage.objects.live().public().select_related("locale").order_by("letter"):
        kept = found.get(model.translation_key)
        code = model.locale.language_code
        if code in order and (kept is None or order.index(code) < order.index(kept.locale.language_code)):
            found[model.translation_key] = model
    cards = ActionCardPage.objects.live().public().order_by("path")
    rows = sorted(found.values(), key=lambda model: model.letter)
    return [
        {
            "model": model,
            "lang": model.locale.language_code if model.locale.language_code != language else "",
            "cards": [card for card in cards if card.path.startswith(model.path) and card.depth == model.depth + 1],
        }
        for model in rows
    ]
