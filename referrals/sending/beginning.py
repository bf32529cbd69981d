"""Pages by which something is sent: choosing, the gates, the form, the check; asking further organisations. Thin.

Up to the form everything travels in the address. What is told of a person travels in POST bodies alone, from the form
to the check and on, and is kept nowhere before it is sent.
"""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from directory import shortlist
from directory.choices import Sector, Stage
from directory.filters import ServiceFilter
from directory.models import Organisation, Service
from directory.presentation import list_message, shared_list_path
from directory.views import own_list
from portal.base import languages
from portal.base.qr import qr_svg
from portal.base.ratelimit import is_tried_too_often
from referrals import actions
from referrals.access import for_workers, in_use, referral_or_404, signed_in
from referrals.choices import Purpose
from referrals.guidance import GUIDANCE, MOST_ENQUIRIES
from referrals.models import PersonDetails, Team
from referrals.permissions import Right
from referrals.person_form import PersonForm
from referrals.receiving import Receiver
from referrals.retention import days_kept
from referrals.sending import choosing, gates
from referrals.sending.choosing import Choice, Option, Problem
from referrals.sending.forms import CONSENT_CHOICES, ConsentForm, MeetingForm, add_errors, errors_of
from referrals.sending.gates import Gate
from referrals.sending.presentation import other_options_url, services_of

# The page was sent on, not only opened: what is missing is told.
GO_ON = "jatka"
# The page that asks for a tick was sent on without it.
UNTICKED = "vahvista"
# Buttons of the check, and the referral's own UUID, chosen when the form is opened: one form is sent once.
SEND, FORM = "laheta", "lomake"
# More than anybody meets people in a day: an account in wrong hands floods no organisation.
MOST_A_DAY = 60
_TOO_MUCH = gettext_lazy("You have sent very many today. Go on tomorrow, or call the organisation.")


# --- Choosing ---------------------------------------------------------------------------------------------------------
@for_workers
@in_use
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Which stage, which of the collected options, and what is asked of them. In stage 2 nothing is sent."""
    teams = _teams(request)
    options = choosing.options_of(request.GET, own_list(request))
    choice = choosing.choice_in(request.GET, teams, options)
    problems = []
    if GO_ON in request.GET and choice.guidance.sends_data:
        problems = choosing.problems_of(choice, _chosen(options))
        if not problems:
            return _to_step(Gate.EMERGENCY, choice, {})
    context = {
        "choice": choice,
        "options": options,
        "has_askable": any(each.receiver.can_be_asked for each in options),
        "has_unaskable": not all(each.receiver.can_be_asked for each in options),
        "problems": problems,
        "teams": teams,
        "stages": _stages(choice),
        "purposes": Purpose,
        "most": MOST_ENQUIRIES,
        "search_url": _search_url(choice),
        "fixed": choosing,
        **_giving_along(request, choice, options),
    }
    return TemplateResponse(request, "referrals/sending/new.html", context, status=400 if problems else 200)


def _chosen(options: Sequence[Option]) -> list[Receiver]:
    return [each.receiver for each in options if each.is_chosen]


def _teams(request: HttpRequest) -> list[Team]:
    return list(Team.objects.of(request.user).select_related("organisation__home_municipality").order_by("pk"))


def _stages(choice: Choice) -> list[dict[str, object]]:
    return [
        {"value": stage.value, "label": f"{stage.label}", "hint": f"{each.name}", "checked": stage == choice.stage}
        for stage, each in GUIDANCE.items()
    ]


def _search_url(choice: Choice) -> str:
    filters = ServiceFilter({"stage": (choice.stage,) if choice.stage in Stage.values else ()})
    return f"{reverse('search:search')}?{filters.to_query()}"


def _giving_along(request: HttpRequest, choice: Choice, options: Sequence[Option]) -> dict[str, object]:
    """What carries the options to the person without a word about them: an address, its QR code, a message."""
    services: list[Service] = [each.service for each in options if each.is_chosen or not choice.keys]
    if not services:
        return {}
    address = request.build_absolute_uri(shared_list_path(shortlist.pack(each.translation_key for each in services)))
    return {
        "given": services,
        "share_address": address,
        "share_qr": qr_svg(address),
        "share_message": list_message(services, address),
    }


# --- The gates --------------------------------------------------------------------------------------------------------
@for_workers
@in_use
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def new_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step on the way to sending. Whoever has not passed the earlier ones is led back to the first of them."""
    if step not in gates.ORDER:
        raise Http404("no such step")
    gate = Gate(step)
    options = choosing.options_of(request.GET, ())
    choice, chosen = choosing.choice_in(request.GET, _teams(request), options), _chosen(options)
    answers = gates.answers_in(request.GET)
    problems = choosing.problems_of(choice, chosen)
    if problems == [Problem.CANNOT_BE_ASKED] and request.method == "POST":
        # What was typed stays on the page: it is told there who cannot be asked any more.
        problems = []
    if problems or not choice.guidance.sends_data:
        return redirect(_new_url(choice, (GO_ON, "1")))
    closed = gates.first_closed(gate, answers)
    if closed is not None:
        return _to_step(closed, choice, answers)
    if gate is Gate.CHECK and request.method == "POST":
        return _check(request, choice, chosen, answers)
    if gate is Gate.CHECK:
        return _to_step(Gate.DETAILS, choice, answers)
    if gate is Gate.DETAILS:
        return _details(request, choice, chosen, answers)
    return _gate(request, gate, choice, chosen, answers)


def _gate(
    request: HttpRequest, gate: Gate, choice: Choice, chosen: Sequence[Receiver], answers: dict[str, str]
) -> HttpResponse:
    """A question before the form."""
    missing = gates.missing_at(gate, answers)
    if GO_ON in request.GET and not missing:
        return _to_step(gates.following(gate), choice, answers)
    # The answers of this very gate are asked here; those of the others go on with it.
    asked = gates.OPENED_BY[gate]
    carried = [(name, value) for name, value in answers.items() if name not in asked]
    unanswered = [name for name in missing if name not in answers] if GO_ON in request.GET else []
    context = {
        **_step_context(gate, choice, chosen, answers),
        "carried": [*choice.pairs(), *carried, (GO_ON, "1")],
        # A yes is an answer too, though it opens nothing.
        "unanswered": unanswered,
        "is_unticked": UNTICKED in request.GET,
        "answer": answers,
        **(_statutory(choice, chosen) if gate is Gate.STATUTORY else {}),
        "consent_choices": CONSENT_CHOICES,
        "days": days_kept(),
    }
    is_incomplete = bool(unanswered) or UNTICKED in request.GET
    name = f"referrals/sending/gate_{gate.name.lower()}.html"
    return TemplateResponse(request, name, context, status=400 if is_incomplete else 200)


def _statutory(choice: Choice, chosen: Sequence[Receiver]) -> dict[str, object]:
    """Whose social services come first: the team's county's, else those of the first organisation that has a home."""
    organisations = [choice.team.organisation, *(each.service.organisation for each in chosen)]
    county = next((each.county_id for each in organisations if each.county_id), "")
    authorities = Organisation.objects.public().in_areas([county]).filter(sector=Sector.WELLBEING_SERVICES_COUNTY)
    return {"county": county, "authorities": authorities}


# --- The form and the check -------------------------------------------------------------------------------------------
@sensitive_variables()
def _details(request: HttpRequest, choice: Choice, chosen: Sequence[Receiver], answers: dict[str, str]) -> HttpResponse:
    """The form about the person; by POST with what was typed, to be changed."""
    data = request.POST if request.method == "POST" else None
    form, meeting = _forms(choice, chosen, data)
    return _form_page(request, choice, chosen, answers, form, meeting)


@sensitive_variables()
def _check(request: HttpRequest, choice: Choice, chosen: Sequence[Receiver], answers: dict[str, str]) -> HttpResponse:
    """Everything as it goes, to be looked at; then it is sent."""
    form, meeting = _forms(choice, chosen, request.POST)
    is_right = form.is_valid()
    if meeting is not None:
        is_right &= meeting.is_valid()
    if not is_right:
        return _form_page(request, choice, chosen, answers, form, meeting, status=400)
    askable = {each.service.translation_key for each in chosen if each.can_be_asked}
    gone = [key for key in choice.keys if key not in askable]
    error = ""
    is_too_much = SEND in request.POST and not gone and _sends_too_often(request)
    if is_too_much:
        error = str(_TOO_MUCH)
    elif SEND in request.POST and not gone:
        try:
            return _send(request, choice, answers, form, meeting)
        except actions.AlreadySentError as found:
            messages.info(request, _("This was sent already. It was not sent again."))
            return redirect("referrals:referral", uuid=found.referral.uuid)
        except actions.CannotBeAskedError as found:
            gone = found.keys
        except ValidationError as found:
            error = " ".join(found.messages)
    left = choice.without(gone)
    staying = [each for each in chosen if each.service.translation_key in left.keys]
    context = {
        **_step_context(Gate.CHECK, left, staying, answers),
        "form": form,
        "meeting": meeting,
        "details": form.details(),
        "meeting_at": meeting.meeting_at() if meeting else None,
        "form_uuid": _form_uuid(request),
        "has_gone": bool(gone),
        "error": error,
        "change_url": _step_url(Gate.DETAILS, left, answers),
        "send_url": _step_url(Gate.CHECK, left, answers),
        "consent_how": dict(CONSENT_CHOICES)[answers[gates.HOW]],
        "is_beside_statutory": answers[gates.NEED] == gates.TAKEN_CARE_OF,
    }
    status = 409 if gone else 429 if is_too_much else 400 if error else 200
    return TemplateResponse(request, "referrals/sending/check.html", context, status=status)


def _sends_too_often(request: HttpRequest) -> bool:
    return is_tried_too_often(f"{request.user.pk}", "referral-sent", most=MOST_A_DAY, seconds=24 * 3600)


@sensitive_variables()
def _send(
    request: HttpRequest, choice: Choice, answers: dict[str, str], form: PersonForm, meeting: MeetingForm | None
) -> HttpResponse:
    details = form.details()
    draft = actions.Draft(
        services=choice.keys,
        stage=choice.stage,
        details=details,
        consent_how=answers[gates.HOW],
        purpose=choice.purpose,
        is_beside_statutory=answers[gates.NEED] == gates.TAKEN_CARE_OF,
        language=_language_of(details),
        meeting_at=meeting.meeting_at() if meeting else None,
        uuid=_form_uuid(request),
    )
    sent = actions.send(draft, team=choice.team, by=request.user)
    messages.success(request, _("Sent. Give the person the paper with the code before you part."))
    return redirect("referrals:referral", uuid=sent.referral.uuid)


def _language_of(details: PersonDetails) -> str:
    """In which language the person's pages begin."""
    return details.language if details.language in languages.CODES else get_language() or languages.FINNISH


def _forms(choice: Choice, chosen: Sequence[Receiver], data: object | None) -> tuple[PersonForm, MeetingForm | None]:
    names = [str(each.service.organisation) for each in chosen]
    form = PersonForm(data, purpose=choice.purpose, organisations=list(dict.fromkeys(names)))
    return form, MeetingForm(data) if choice.is_joint_meeting else None


@sensitive_variables()
def _form_page(
    request: HttpRequest,
    choice: Choice,
    chosen: Sequence[Receiver],
    answers: dict[str, str],
    form: PersonForm,
    meeting: MeetingForm | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_step_context(Gate.DETAILS, choice, chosen, answers),
        "form": form,
        "meeting": meeting,
        "meeting_errors": errors_of(meeting),
        "form_uuid": _form_uuid(request),
        "check_url": _step_url(Gate.CHECK, choice, answers),
    }
    return TemplateResponse(request, "referrals/sending/details.html", context, status=status)


def _form_uuid(request: HttpRequest) -> UUID:
    """By which this form is known from when it was opened until it is sent."""
    try:
        return UUID(request.POST.get(FORM, ""))
    except ValueError:
        return uuid4()


# --- Between the steps ------------------------------------------------------------------------------------------------
def _step_context(gate: Gate, choice: Choice, chosen: Sequence[Receiver], answers: dict[str, str]) -> dict[str, object]:
    preceding = gates.preceding(gate)
    back = _step_url(preceding, choice, answers) if preceding else _new_url(choice)
    return {
        "gate": gate,
        "number": gates.ORDER.index(gate) + 1,
        "total": len(gates.ORDER),
        "choice": choice,
        "chosen": chosen,
        "back_url": back,
    }


def _new_url(choice: Choice, *extra: tuple[str, str]) -> str:
    return f"{reverse('referrals:new')}?{urlencode([*choice.pairs(), *extra])}"


def _step_url(gate: Gate, choice: Choice, answers: dict[str, str]) -> str:
    query = urlencode([*choice.pairs(), *answers.items()])
    return f"{reverse('referrals:new_step', kwargs={'step': gate.value})}?{query}"


def _to_step(gate: Gate, choice: Choice, answers: dict[str, str]) -> HttpResponseRedirect:
    return HttpResponseRedirect(_step_url(gate, choice, answers))


# --- Further organisations --------------------------------------------------------------------------------------------
@signed_in
@in_use
@require_http_methods(["GET", "POST"])
def more(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask further organisations with what was sent already, when the person consents to those too."""
    found, _door = referral_or_404(request, uuid, Right.STEER)
    if found.withdrawn_at is not None:
        raise Http404("the person has withdrawn")
    query = request.POST if request.method == "POST" else request.GET
    asked = set(found.enquiries.values_list("service_key", flat=True))
    options = [
        each for each in choosing.options_of(query, own_list(request)) if each.service.translation_key not in asked
    ]
    form = ConsentForm(request.POST or None)
    chosen = [each.service.translation_key for each in _chosen(options)]
    status = 200
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        status = 400
        if not chosen:
            errors = [{"message": _("Choose at least one organisation."), "href": "#options"}]
        if form.is_valid() and chosen and _sends_too_often(request):
            status = 429
            form.add_error(None, _TOO_MUCH)
        elif form.is_valid() and chosen:
            try:
                actions.add_enquiries(found, chosen, consent_how=form.cleaned_data["how"], by=request.user)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Sent to those too."))
                return redirect("referrals:referral", uuid=found.uuid)
    context = {
        "referral": found,
        "options": options,
        "has_askable": any(each.receiver.can_be_asked for each in options),
        "has_unaskable": not all(each.receiver.can_be_asked for each in options),
        "form": form,
        "errors": errors,
        "fixed": choosing,
        "search_url": other_options_url(found, services_of(found.enquiries.all()).values()),
        "left": MOST_ENQUIRIES - found.enquiries.open().count(),
    }
    return TemplateResponse(request, "referrals/sending/more.html", context, status=status)
