"""Pages of the rounds for those who open one and those who answer. Thin: read, act, choose a template."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cards.choices import AnsweredBy, CriteriaTheme
from cards.models import QualityCriteriaPage, QualityRound
from cards.quality import actions
from cards.quality.access import address, for_answering, key_of
from cards.quality.forms import AnswerForm, RoundForm
from cards.quality.presentation import name_of
from cards.quality.rounds import groups_of, statements_for
from cards.quality.words import as_oneself
from portal.base import languages
from portal.base.ratelimit import is_too_often

ROUNDS_AN_HOUR = 10
# A whole team can sit behind one address, and each may answer for more than one group.
ANSWERS_AN_HOUR = 200


# --- Opening ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """What a round is, and its name; then to the keeper's page, whose address is the keeper's key."""
    page = get_object_or_404(QualityCriteriaPage.objects.live().public(), pk=pk)
    if not page.themes:
        raise Http404("nothing to rate")
    form = RoundForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 400
        elif is_too_often(request, "quality_open", most=ROUNDS_AN_HOUR, seconds=3600):
            form.add_error(None, _("You have opened many rounds. Try again in an hour."))
            status = 429
        else:
            opened = actions.open_round(page, name=form.cleaned_data["name"])
            return redirect(address("quality_round", opened.keeper_key))
    context = {"page": page, "form": form, "smallest": settings.SMALLEST_GROUP_SHOWN}
    return TemplateResponse(request, "cards/quality/open.html", context, status=status)


# --- Answering --------------------------------------------------------------------------------------------------------
@require_safe
@for_answering
def choose_group(request: HttpRequest, asked: QualityRound) -> HttpResponse:
    """Who are you? Only those who have something to rate."""
    context = _asked(request, asked)
    if asked.closed_at is not None:
        return _closed(request, context)
    context["ways"] = [
        {
            "url": address("quality_answer_as", key_of(request), group=group),
            "label": as_oneself(group),
            "count": len(statements_for(asked, group)),
        }
        for group in groups_of(asked)
    ]
    return TemplateResponse(request, "cards/quality/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_answering
def answer(request: HttpRequest, asked: QualityRound, group: str) -> HttpResponse:
    """Rate the statements of one group and send them, once."""
    statements = statements_for(asked, group)
    if group not in AnsweredBy or not statements:
        raise Http404("nothing to rate")
    context = _asked(request, asked)
    if asked.closed_at is not None:
        return _closed(request, context)
    is_simple = get_language() == languages.EASY_FINNISH
    form = AnswerForm(statements, request.POST if request.method == "POST" else None, is_simple=is_simple)
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 400
        elif is_too_often(request, "quality_answer", most=ANSWERS_AN_HOUR, seconds=3600):
            form.add_error(None, _("Many answers have come from your network. Try again in an hour."))
            status = 429
        else:
            try:
                actions.answer(asked, answered_by=group, values=form.values)
                return redirect(address("quality_thanks", key_of(request)))
            except actions.RoundIsClosedError:
                return _closed(request, context)
            except actions.RoundIsFullError:
                form.add_error(None, _("This round cannot take more answers."))
                status = 409
    context |= {
        "form": form,
        "group": group,
        "who": as_oneself(group),
        "themes": _themes(form, statements),
        "simple_url": _simple_address(request, asked, group),
    }
    return TemplateResponse(request, "cards/quality/answer.html", context, status=status)


@require_safe
@for_answering
def thanks(request: HttpRequest, asked: QualityRound) -> HttpResponse:
    """It was sent. The same address for all: it knows nothing of what was answered."""
    context = _asked(request, asked) | {"has_more": len(groups_of(asked)) > 1 and asked.closed_at is None}
    return TemplateResponse(request, "cards/quality/thanks.html", context)


def _asked(request: HttpRequest, asked: QualityRound) -> dict[str, Any]:
    return {
        "round": asked,
        "criteria_name": name_of(asked),
        "text_lang": asked.language,
        "choose_url": address("quality_answer", key_of(request)),
        "smallest": settings.SMALLEST_GROUP_SHOWN,
    }


def _closed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, "cards/quality/closed.html", context)


def _themes(form: AnswerForm, statements: list[Any]) -> list[dict[str, Any]]:
    """The fields of the form under their themes."""
    themes: dict[str, list[dict[str, Any]]] = {}
    for each in statements:
        lang = languages.EASY_FINNISH if form.fields[each.key].label == each.simple else ""
        themes.setdefault(each.theme, []).append({"field": form[each.key], "lang": lang})
    return [{"name": CriteriaTheme(theme).label, "rows": rows} for theme, rows in themes.items()]


def _simple_address(request: HttpRequest, asked: QualityRound, group: str) -> str:
    """The same page in Easy Finnish, when some of its statements are written in it."""
    is_written = any(each.simple for each in statements_for(asked, group))
    if not is_written or get_language() == languages.EASY_FINNISH:
        return ""
    with translation.override(languages.EASY_FINNISH):
        return address("quality_answer_as", key_of(request), group=group)
