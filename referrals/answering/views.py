"""The organisation's pages: the inbox, and one enquiry, signed in or by a link that was opened. Thin."""

import re
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from referrals import actions, reading
from referrals.access import Door, enquiry_or_404, forget_link, open_until, private, signed_in
from referrals.answering.forms import ActForm
from referrals.answering.presentation import enquiry_context, form_of, inbox_context
from referrals.choices import Act, Party
from referrals.models import Enquiry, Referral
from referrals.permissions import Relation, Right
from referrals.states import MAY, NotNowError

# Of a page that is shown; what is none is older than any.
_VERSION = re.compile(r"[0-9]{1,9}")


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """What has come to the organisations that this person answers for."""
    context = inbox_context(request.user, request.GET.get("page"), timezone.now())
    return TemplateResponse(request, "referrals/answering/inbox.html", context)


@sensitive_post_parameters()
@private
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One enquiry, with what can be done now: shown on GET, done on POST."""
    right = Right.ANSWER if request.method == "POST" else Right.SEE_ENQUIRY
    try:
        found, door = enquiry_or_404(request, uuid, right)
    except Http404:
        return _closed(request, status=404)
    if request.method != "POST":
        return _page(request, found, door)
    if "leave" in request.POST and door.relation is Relation.LINK:
        forget_link(request, found)
        return _closed(request, has_left=True)
    return _act(request, found, door)


@sensitive_variables()
def _act(request: HttpRequest, found: Enquiry, door: Door) -> HttpResponse:
    what, now = _act_named(request.POST.get("act", "")), timezone.now()
    form = form_of(found, what, now=now, data=request.POST)
    if not form.is_valid():
        return _page(request, found, door, form, status=400)
    shown = request.POST.get("version", "")
    version = int(shown) if _VERSION.fullmatch(shown) else 0
    try:
        actions.act(found, what, by=door.actor, version=version, **form.values())
    except ValidationError as error:
        form.take_refusal(error)
        return _page(request, found, door, form, status=400)
    except Referral.DoesNotExist:
        return _closed(request, status=404)
    except (actions.ChangedMeanwhileError, NotNowError):
        newest = enquiry_or_404(request, found.uuid, Right.SEE_ENQUIRY)[0]
        return _page(request, newest, door, form, has_changed=True, status=409)
    messages.success(request, _("Thank you. Your answer has been saved."))
    return redirect("referrals:enquiry", uuid=found.uuid)


def _act_named(name: str) -> Act:
    acts = {act.value: act for act in Act if Party.ORGANISATION in MAY[act]}
    if name not in acts:
        raise Http404("no such act")
    return acts[name]


@sensitive_variables()
def _page(
    request: HttpRequest,
    found: Enquiry,
    door: Door,
    form: ActForm | None = None,
    *,
    has_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    opening = reading.open_for(found.referral, relation=door.relation, by=door.actor, at=now, enquiry=found)
    context = enquiry_context(found, door, opening, now=now, pressed=form)
    context |= {
        "form": form,
        "has_changed": has_changed,
        "typed": _typed(request) if form is not None and form not in [each.form for each in context["choices"]] else "",
        "open_until": open_until(request, found) if door.relation is Relation.LINK else None,
    }
    return TemplateResponse(request, "referrals/answering/enquiry.html", context, status=status)


@sensitive_variables()
def _closed(request: HttpRequest, *, has_left: bool = False, status: int = 200) -> HttpResponse:
    """The enquiry is not open in this browser, or there is none: the same page. What was typed is given back."""
    context = {"has_left": has_left, "typed": _typed(request)}
    return TemplateResponse(request, "referrals/answering/closed.html", context, status=status)


@sensitive_variables()
def _typed(request: HttpRequest) -> str:
    """The words of a form that cannot be sent any more: nobody should have to write them again."""
    return "\n".join(value for name, value in request.POST.items() if name.endswith("-words")).strip()
