"""The page behind the link of a letter: shows on GET, acts on POST, and tells nothing of what it opens. Thin.

The token stays in the query string, which no log of ours keeps. A program that opens every link of a mail presses
nothing, so it neither uses the link up nor has a code sent.
"""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.base.ratelimit import is_too_often
from referrals import letters, links
from referrals.access import enquiry_or_404, private, remember_link
from referrals.links import CodeState, LinkState, Opened
from referrals.models import Link
from referrals.permissions import Right

QUERY = "avain"
CODES_AN_HOUR, TRIES_AN_HOUR, NEW_LINKS_AN_HOUR = 30, 60, 10
_GONE = {LinkState.USED: 410, LinkState.EXPIRED: 410, LinkState.UNKNOWN: 404}


@private
@require_safe
def link(request: HttpRequest) -> HttpResponse:
    """What the link will do, and the button that has the code sent; while a code is on its way, where to type it."""
    opened = _opened(request)
    if opened.link is not None and _is_open_here(request, opened.link):
        return redirect("referrals:enquiry", uuid=opened.link.enquiry.uuid)
    return _page(request, opened)


@sensitive_post_parameters()
@private
@require_http_methods(["GET", "HEAD", "POST"])
def link_code(request: HttpRequest) -> HttpResponse:
    """Without digits: send them. With digits: try them. By GET: back to the page of the link."""
    if request.method != "POST":
        return redirect(_address("referrals:link", request))
    opened = _opened(request)
    if opened.link is None or opened.state is not LinkState.OPEN:
        return _page(request, opened)
    return _try(request, opened, opened.link) if "digits" in request.POST else _send(request, opened.link)


@private
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """A new letter to the address of the old one. Says the same whatever there is to send."""
    if is_too_often(request, "referral_new_link", most=NEW_LINKS_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    opened = _opened(request)
    if opened.link is not None:
        letters.send_again(opened.link, at=timezone.now())
    return TemplateResponse(request, "referrals/answering/new_link.html", {})


def _send(request: HttpRequest, found: Link) -> HttpResponse:
    if is_too_often(request, "referral_code", most=CODES_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    with transaction.atomic():
        digits = links.new_digits_for(found, at=timezone.now())
        if digits is not None:
            letters.send_digits(found, digits)
    # A page that was loaded anew would send one more.
    return redirect(_address("referrals:link", request))


def _try(request: HttpRequest, opened: Opened, found: Link) -> HttpResponse:
    if is_too_often(request, "referral_digits", most=TRIES_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    digits = "".join(each for each in request.POST["digits"] if each.isdecimal())
    if len(digits) != links.DIGITS:
        return _page(request, opened, error=_("Type the six digits of the code."))
    match links.prove(found, digits, at=timezone.now()):
        case CodeState.RIGHT:
            remember_link(request, found)
            return redirect("referrals:enquiry", uuid=found.enquiry.uuid)
        case CodeState.WRONG:
            return _page(request, _opened(request), error=_("The code is not right. Look at the newest letter."))
        case _:
            # Too late, too often, or somebody else was faster: then the page says that the link is used.
            error = _("This code does not work any more. Ask for a new one.")
            return _page(request, _opened(request), error=error)


def _page(request: HttpRequest, opened: Opened, *, error: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "state": opened.state.value,
        "code_url": _address("referrals:link_code", request),
        "new_url": _address("referrals:new_link", request),
    }
    if opened.link is None or opened.state is not LinkState.OPEN:
        return TemplateResponse(request, "referrals/answering/gone.html", context, status=_GONE[opened.state])
    context |= {
        "address": links.masked(opened.link.address),
        "awaits_digits": links.awaits_digits(opened.link, at=timezone.now()),
        "may_ask": opened.link.codes_sent < links.MOST_CODES,
        "minutes": links.CODE_MINUTES,
        "errors": [{"message": error, "href": "#digits"}] if error else [],
    }
    return TemplateResponse(request, "referrals/answering/link.html", context, status=400 if error else 200)


def _opened(request: HttpRequest) -> Opened:
    return links.open_link(request.GET.get(QUERY, ""), at=timezone.now())


def _address(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({QUERY: request.GET.get(QUERY, '')})}"


def _is_open_here(request: HttpRequest, found: Link) -> bool:
    """Whether this browser may read it anyway: signed in, or opened a while ago."""
    try:
        enquiry_or_404(request, found.enquiry.uuid, Right.SEE_ENQUIRY)
    except Http404:
        return False
    return True
