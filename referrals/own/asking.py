"""Self-referral: a person asks an organisation to make contact, without a worker. Thin.

Gates, form, check: each page carries what was typed in its own hidden fields, in the POST and its answer alone.
"""

import datetime
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from directory.models import Service
from portal.base import languages
from portal.base.qr import qr_svg
from portal.base.ratelimit import is_too_often, is_tried_too_often
from referrals import actions
from referrals.access import OWN_MINUTES, PERSON_DOOR, in_use, own_referral, own_until, private, remember_own
from referrals.addresses import own_address
from referrals.choices import ConsentHow
from referrals.guidance import own_stage
from referrals.models import Referral
from referrals.own.forms import GatesForm
from referrals.person_form import PersonForm
from referrals.reading import open_for
from referrals.receiving import receivers
from referrals.retention import days_kept
from referrals.switch import controller
from search.presentation import crisis

MOST_PER_HOUR = 5
# Of everybody together: volunteers read each of these. The page then says how to reach the organisation otherwise.
MOST_OF_LISTING = 30
# Buttons.
GATES, DETAILS, CHANGE, SEND = "gates", "details", "change", "send"
_FORM_SALT = "referrals.own.form"
_FORM_AGE = datetime.timedelta(hours=12)
_JUST_NOW = datetime.timedelta(minutes=OWN_MINUTES)


@private
@in_use
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def self_referral(request: HttpRequest, slug: str) -> HttpResponse:
    """Danger and consent first, then what is told, then a look at it; then it is sent."""
    service = _service(slug)
    (receiver,) = receivers([service], is_own=True)
    if not receiver.can_be_asked:
        return TemplateResponse(request, "referrals/own/cannot_ask.html", {"service": service}, status=404)
    if request.method == "GET":
        return _gates(request, service, GatesForm())
    gates = GatesForm(request.POST)
    if gates.tells_of_danger:
        return TemplateResponse(request, "referrals/own/danger.html", {"service": service})
    if not gates.is_valid():
        return _gates(request, service, gates, status=400)
    names = [str(service.organisation)]
    step = request.POST.get("step", "")
    if step == GATES:
        return _details(request, service, gates, PersonForm(is_own=True, organisations=names))
    form = PersonForm(request.POST, is_own=True, organisations=names)
    if not form.is_valid():
        return _details(request, service, gates, form, status=400)
    if step == CHANGE:
        return _details(request, service, gates, form)
    if step == SEND:
        return _send(request, service, gates, form)
    return _check(request, service, gates, form)


def _service(slug: str) -> Service:
    keys = Service.objects.public().filter(slug=slug).values("translation_key")
    rows = Service.objects.public().filter(translation_key__in=keys).best_for(get_language() or "")
    service = rows.with_page_facts().order_by("language_rank", "pk").first()
    if service is None:
        raise Http404("no such service")
    return service


# --- The pages --------------------------------------------------------------------------------------------------------
def _gates(request: HttpRequest, service: Service, gates: GatesForm, status: int = 200) -> HttpResponse:
    context = {
        "service": service,
        "gates": gates,
        "step": GATES,
        "controller": controller(),
        "withdrawn_days": days_kept()["withdrawn"],
        "closed_days": days_kept()["closed"],
    }
    return TemplateResponse(request, "referrals/own/gates.html", context, status=status)


@sensitive_variables()
def _details(
    request: HttpRequest, service: Service, gates: GatesForm, form: PersonForm, status: int = 200
) -> HttpResponse:
    context = {**_form_context(request, service, gates, form), "step": DETAILS}
    return TemplateResponse(request, "referrals/own/details.html", context, status=status)


@sensitive_variables()
def _check(
    request: HttpRequest, service: Service, gates: GatesForm, form: PersonForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **_form_context(request, service, gates, form),
        "details": form.details(),
        "change": CHANGE,
        "send": SEND,
        "error": error,
    }
    return TemplateResponse(request, "referrals/own/check.html", context, status=status)


@sensitive_variables()
def _form_context(request: HttpRequest, service: Service, gates: GatesForm, form: PersonForm) -> dict[str, object]:
    return {
        "service": service,
        "gates": gates,
        "form": form,
        # By which this form is known from when it was opened until it is sent: one form is sent once.
        "form_key": signing.dumps(str(_form_uuid(request)), salt=_FORM_SALT),
        # Words of danger do not wait for an organisation's answer. They are looked at and forgotten.
        "crisis": crisis(request.POST.get("hope", "")),
    }


def _form_uuid(request: HttpRequest) -> UUID:
    """Signed: only whoever opened a form here can come back to what it became."""
    try:
        return UUID(signing.loads(request.POST.get("form_key", ""), salt=_FORM_SALT, max_age=_FORM_AGE))
    except signing.BadSignature:
        return uuid4()


# --- Sending ----------------------------------------------------------------------------------------------------------
@sensitive_variables()
def _send(request: HttpRequest, service: Service, gates: GatesForm, form: PersonForm) -> HttpResponse:
    if gates.is_by_program:
        return redirect(service)
    if is_too_often(request, "self-referral", most=MOST_PER_HOUR, seconds=3600):
        error = _("You have sent many requests. Try again in an hour, or call the organisation.")
        return _check(request, service, gates, form, error=error, status=429)
    if is_tried_too_often(f"{service.translation_key}", "self-referral-to", most=MOST_OF_LISTING, seconds=3600):
        error = _("Very many requests come here just now. Try again in an hour, or call the organisation.")
        return _check(request, service, gates, form, error=error, status=429)
    stage = own_stage(service.stages)
    # A listing without one cannot be asked.
    assert stage is not None  # noqa: S101
    draft = actions.Draft(
        services=(service.translation_key,),
        stage=stage.value,
        details=form.details(),
        consent_how=ConsentHow.OWN,
        language=get_language() or languages.FINNISH,
        uuid=_form_uuid(request),
    )
    try:
        referral = actions.send(draft).referral
    except actions.AlreadySentError as found:
        referral = found.referral
    except actions.CannotBeAskedError:
        return TemplateResponse(request, "referrals/own/cannot_ask.html", {"service": service}, status=409)
    except ValidationError as found:
        return _check(request, service, gates, form, error=" ".join(found.messages), status=400)
    if not _is_new(referral):
        # The page of long ago, sent again: the code opens it.
        return redirect("referrals:own")
    remember_own(request, referral)
    return redirect("referrals:self_sent", slug=service.slug)


def _is_new(referral: Referral) -> bool:
    return referral.sent_at > timezone.now() - _JUST_NOW


@private
@require_GET
@sensitive_variables()
def self_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """It was sent: the code, and what happens next. In this browser, and for a while after sending only."""
    referral = own_referral(request)
    if referral is None:
        return redirect("referrals:own")
    if not referral.is_own or not _is_new(referral):
        return redirect("referrals:own_view")
    door = PERSON_DOOR
    opening = open_for(referral, relation=door.relation, by=door.actor, at=timezone.now())
    if opening.details is None:
        return redirect("referrals:own_view")
    code = opening.details.code
    context = {
        "referral": referral,
        "details": opening.details,
        "enquiry": referral.enquiries.select_related("organisation").first(),
        "code": code,
        "qr": qr_svg(own_address(code)),
        "address": own_address(),
        "until": own_until(request),
        "today": timezone.localdate(),
        "controller": controller(),
    }
    return TemplateResponse(request, "referrals/own/sent.html", context)
