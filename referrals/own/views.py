"""The person's own view: opening by code, what was sent and to whom, what can be done, who has read it. Thin."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.base.ratelimit import is_too_often, is_tried_too_often
from referrals import actions, audit
from referrals.access import (
    PERSON_DOOR,
    forget_own,
    own_referral,
    own_until,
    private,
    remember_own,
    remember_typed,
    take_typed,
)
from referrals.actors import PERSON
from referrals.addresses import own_address
from referrals.choices import Act, Good, LogEvent
from referrals.codes import hash_of
from referrals.models import Referral
from referrals.own import presentation
from referrals.own.forms import ActForm, CodeForm
from referrals.permissions import Right, allows
from referrals.reading import Opening, open_for
from referrals.retention import days_kept, removed_on
from referrals.states import NotNowError
from referrals.switch import controller

# Tries of one visitor; and of everybody together at codes that begin alike: a torn paper shows a part of a code.
TRIES, TRIES_SECONDS = 10, 15 * 60
TRIES_OF_PREFIX, PREFIX_SECONDS, PREFIX_LETTERS = 20, 60 * 60, 4

View = Callable[..., HttpResponse]


def opened(right: Right) -> Callable[[View], View]:
    """A page of the referral that a code has opened in this browser; others are asked for the code first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not allows(PERSON_DOOR.relation, right):
                raise Http404("not the person's to do")
            referral = own_referral(request)
            if referral is None:
                return _door(request, CodeForm(), is_over=True)
            return view(request, referral, **kwargs)

        return private(sensitive_post_parameters()(guarded))

    return decorate


# --- The door ---------------------------------------------------------------------------------------------------------
@private
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One field for the code. An address with the code in it only fills it in, once: to open, one presses. The code
    is out of the address before the page is shown: what the browser notes down opens nothing."""
    if request.method == "GET" and "koodi" in request.GET:
        remember_typed(request, request.GET["koodi"][:40])
        return redirect("referrals:own")
    if request.method == "GET":
        return _door(request, CodeForm(initial={"koodi": take_typed(request)}))
    form = CodeForm(request.POST)
    if is_too_often(request, "own-code", most=TRIES, seconds=TRIES_SECONDS):
        form.add_error(None, _("Too many tries. Try again in a quarter of an hour."))
        return _door(request, form, status=429)
    if not form.is_valid():
        return _door(request, form, status=400)
    code = form.code()
    if code and is_tried_too_often(
        code[:PREFIX_LETTERS], "own-code-prefix", most=TRIES_OF_PREFIX, seconds=PREFIX_SECONDS
    ):
        form.add_error(None, _("Too many tries. Try again in an hour."))
        return _door(request, form, status=429)
    referral = Referral.objects.filter(code_hash=hash_of(code)).first() if code else None
    if referral is None:
        form.refuse()
        return _door(request, form, status=400)
    remember_own(request, referral)
    return redirect("referrals:own_view")


def _door(request: HttpRequest, form: CodeForm, *, is_over: bool = False, status: int = 200) -> HttpResponse:
    # What was written into a page whose time was over is shown to its writer once more, and kept nowhere.
    lost = request.POST.get("words", "") if is_over else ""
    context = {"form": form, "is_over": is_over, "lost_words": lost}
    return TemplateResponse(request, "referrals/own/door.html", context, status=403 if is_over else status)


@private
@require_POST
def own_leave(request: HttpRequest) -> HttpResponse:
    """Close it in this browser, and go where nothing tells of it."""
    _close(request)
    return redirect(f"/{get_language()}/")


@private
@require_GET
def own_exit(request: HttpRequest) -> HttpResponse:
    """«Leave this site» on the person's pages: closes and leaves in one step. By GET: it is a link, works without
    script, and does no more than what time does by itself."""
    _close(request)
    response = redirect(settings.QUICK_EXIT_URL or f"/{get_language()}/")
    response["Referrer-Policy"] = "no-referrer"
    return response


def _close(request: HttpRequest) -> None:
    forget_own(request)
    if not request.user.is_authenticated:
        request.session.flush()
    # A form that the browser still holds behind its back button cannot be sent once more.
    rotate_token(request)


# --- The view ---------------------------------------------------------------------------------------------------------
@opened(Right.SEE_REFERRAL)
@require_GET
def own_view(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What was sent and to whom, how far it is, what one can do."""
    return _page(request, referral)


@sensitive_variables()
def _page(
    request: HttpRequest,
    referral: Referral,
    *,
    tried: ActForm | None = None,
    at: UUID | None = None,
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    opening = _open(referral, LogEvent.OPEN)
    context = {
        **_context(request, opening),
        "items": presentation.items_of(opening, tried, at),
        "tried": tried if tried is not None and tried.is_bound and tried.errors else None,
        "has_changed": has_changed,
        "good": Good,
    }
    return TemplateResponse(request, "referrals/own/view.html", context, status=status)


def _open(referral: Referral, event: LogEvent) -> Opening:
    door = PERSON_DOOR
    return open_for(referral, relation=door.relation, by=door.actor, at=timezone.now(), event=event)


def _context(request: HttpRequest, opening: Opening) -> dict[str, Any]:
    referral = opening.referral
    return {
        "referral": referral,
        "details": opening.details,
        "cannot_open": opening.cannot_open,
        "until": own_until(request),
        "removed_by": removed_on(referral),
        "controller": controller(),
    }


@opened(Right.SEE_REFERRAL)
@require_POST
@sensitive_variables()
def own_act(request: HttpRequest, referral: Referral, enquiry: UUID) -> HttpResponse:
    """Answer, or tell whether a time suits."""
    found = get_object_or_404(referral.enquiries.select_related("organisation"), uuid=enquiry)
    what = request.POST.get("act", "")
    if what not in presentation.OFFERED:
        raise Http404("not done here")
    form = ActForm(Act(what), found, request.POST)
    if not form.is_valid():
        return _page(request, referral, tried=form, at=enquiry, status=400)
    try:
        actions.act(
            found,
            form.what,
            by=PERSON,
            version=form.cleaned_data["version"],
            words=form.cleaned_data.get("words", ""),
        )
    except (NotNowError, actions.ChangedMeanwhileError):
        return _page(request, referral, tried=form, at=enquiry, has_changed=True, status=409)
    except ValidationError as error:
        form.refuse(error)
        return _page(request, referral, tried=form, at=enquiry, status=400)
    except actions.NotAllowedError:
        raise Http404("the worker's to do") from None
    return redirect("referrals:own_view")


@opened(Right.RATE)
@require_POST
def own_rate(request: HttpRequest, referral: Referral, enquiry: UUID) -> HttpResponse:
    """Was it good?"""
    found = get_object_or_404(referral.enquiries.all(), uuid=enquiry)
    if request.POST.get("good") not in Good.values:
        raise Http404("no such answer")
    try:
        actions.rate(found, good=request.POST["good"])
    except PermissionDenied:
        return _page(request, referral, has_changed=True, status=409)
    return redirect("referrals:own_view")


@opened(Right.WITHDRAW)
@require_http_methods(["GET", "POST"])
def own_withdraw(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Withdraw: first what happens then, then it happens."""
    if request.method == "POST":
        actions.withdraw_consent(referral, by=PERSON)
        return redirect("referrals:own_view")
    context = {
        "referral": referral,
        "enquiries": list(referral.enquiries.open().select_related("organisation")),
        "days": days_kept()["withdrawn"],
        "until": own_until(request),
    }
    return TemplateResponse(request, "referrals/own/withdraw.html", context)


# --- The log, the paper -----------------------------------------------------------------------------------------------
@opened(Right.READ_LOG)
@require_GET
def own_log(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Who has opened it and when."""
    rows = presentation.log_rows(referral)
    audit.append(LogEvent.READ_LOG, referral, PERSON, at=timezone.now())
    context = {"referral": referral, "rows": rows, "until": own_until(request), "controller": controller()}
    return TemplateResponse(request, "referrals/own/log.html", context)


@opened(Right.PRINT_PLAN)
@require_GET
def own_plan(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What was agreed, on paper: to take along, or into one's plan."""
    opening = _open(referral, LogEvent.PRINT)
    context = {
        **_context(request, opening),
        "items": presentation.items_of(opening),
        "address": own_address(),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "referrals/own/plan.html", context)
