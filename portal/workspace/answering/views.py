"""The page behind a letter's buttons: shows on GET, acts on POST, needs no signing in. Mail scanners press nothing.

The address is a key, so it must not travel: never cached, not indexed, and told to no other site (Referrer-Policy
same-origin, as everywhere here; no-referrer would make browsers send `Origin: null`, which the CSRF check refuses).
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory import actions
from directory.choices import Answer
from directory.models import Notice, Service
from portal.base.ratelimit import is_too_often
from portal.workspace.answering.forms import RoomForm
from portal.workspace.answering.letters import send_again
from portal.workspace.answering.links import Link, LinkState, open_link
from portal.workspace.answering.questions import Question, questions_of

ALL = "all"
ROOM = "room"
MOST_AN_HOUR = 120
NEW_LINKS_AN_HOUR = 10
LONGEST_NAME = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, pk: int | None = None, answer: str = "") -> HttpResponse:
    """The questions of a letter; with `pk` and `answer`, the one that was pressed in the letter, to be confirmed."""
    link = open_link(token)
    if link.notice is None or link.state is not LinkState.OPEN:
        return _gone(request, token, link)
    questions = questions_of(link.notice)
    pressed = next((each for each in questions if each.item.pk == pk), None)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        if is_too_often(request, "answer", most=MOST_AN_HOUR, seconds=3600):
            return render(request, "429.html", status=429)
        errors = _take(request, link.notice, questions)
        if not errors:
            return _unindexed(redirect("workspace:answer", token=token))
    is_one = pressed is not None and pressed.is_open and answer in pressed.answers
    context = {
        "token": token,
        "notice": link.notice,
        "questions": [pressed] if is_one else questions,
        "still_open": [each for each in questions if each.is_open],
        "answer": answer if is_one else "",
        "asks_name": link.notice.user is None,
        "name": request.POST.get("name", "")[:LONGEST_NAME],
        "errors": errors,
        "room_form": RoomForm(),
    }
    response = TemplateResponse(request, "workspace/answering/answer.html", context, status=400 if errors else 200)
    return _unindexed(response)


@never_cache
@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """A new letter to the address of the old one. Says the same whatever there is to send."""
    if is_too_often(request, "new_link", most=NEW_LINKS_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    notice = open_link(token).notice
    if notice is not None:
        send_again(notice)
    return _unindexed(TemplateResponse(request, "workspace/answering/sent.html", {}))


def _gone(request: HttpRequest, token: str, link: Link) -> HttpResponse:
    context = {"token": token, "is_expired": link.state is LinkState.EXPIRED}
    status = 410 if link.state is LinkState.EXPIRED else 404
    return _unindexed(TemplateResponse(request, "workspace/answering/gone.html", context, status=status))


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


# --- what was pressed -------------------------------------------------------------------------------------------------
def _take(request: HttpRequest, notice: Notice, questions: list[Question]) -> list[dict[str, str]]:
    """Do what the pressed button says (`choice`: which and what); what is wrong, as error_summary takes it."""
    which, _colon, what = request.POST.get("choice", "").partition(":")
    name = request.POST.get("name", "").strip()
    if notice.user is None and not name:
        return [{"message": _("Write your name, so that it is known who checked this."), "href": "#id_name"}]
    chosen = [each for each in questions if which == str(each.item.pk) or (which == ALL and each.is_open)]
    if what == ROOM:
        return _set_room(request, notice, chosen)
    if what not in Answer.values or (which == ALL and what != Answer.STILL_RIGHT) or not chosen:
        return [{"message": _("Choose one of the answers."), "href": "#questions"}]
    for question in chosen:
        _answer(notice, question, what, name)
    return []


def _answer(notice: Notice, question: Question, what: str, name: str) -> None:
    try:
        actions.answer(question.item, what, by=notice.user, by_name="" if notice.user else name)
    except (actions.AlreadyAnsweredError, PermissionDenied):
        # Pressed twice, or somebody was faster: the page that follows tells how it stands.
        return


def _set_room(request: HttpRequest, notice: Notice, chosen: list[Question]) -> list[dict[str, str]]:
    for question in chosen:
        if notice.user is None or not question.may_set_capacity:
            raise PermissionDenied("not theirs to say")
        form = RoomForm(_of_item(request.POST, question.item.pk))
        if not form.is_valid():
            return [
                {"message": _("Choose whether there is room, and until when."), "href": f"#item-{question.item.pk}"}
            ]
        try:
            for row in Service.objects.of_keys([question.item.key]).filter(live=True):
                actions.change_at_once(row, form.contents(), by=notice.user)
        except ValidationError:
            words = _("The listing has to be mended first. Sign in to edit it.")
            return [{"message": words, "href": f"#item-{question.item.pk}"}]
    return []


def _of_item(data: Any, pk: int) -> dict[str, str]:
    """The fields of one listing: the page has one form for all."""
    return {name: data.get(f"{name}-{pk}", "") for name in ("capacity", "until")}
