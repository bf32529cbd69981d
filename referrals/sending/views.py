"""The worker's own referrals: the list, one of them, what is done to it. Thin."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from referrals import actions
from referrals.access import Door, for_workers, referral_or_404, signed_in
from referrals.choices import Act
from referrals.models import Enquiry, Person, Referral, Team
from referrals.permissions import Right
from referrals.reading import open_for
from referrals.retention import removed_on
from referrals.sending import presentation
from referrals.sending.attention import REFUSED_DAYS
from referrals.sending.forms import ActForm, add_errors
from referrals.sending.presentation import STEERING, Tried
from referrals.states import NotNowError

PAGE_SIZE = 20
CLOSED = "paattyneet"


# --- The list ---------------------------------------------------------------------------------------------------------
@for_workers
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The teams' referrals: first what needs somebody, then the other open ones; those at their end on another page.

    Nothing here tells who a referral is about.
    """
    now = timezone.now()
    teams = list(Team.objects.of(request.user))
    ours = Referral.objects.of_teams(teams)
    shows_closed = request.GET.get("nayta") == CLOSED
    if shows_closed:
        closed: Page = Paginator(ours.filter(closed_at__isnull=False), PAGE_SIZE).get_page(request.GET.get("page"))
        needing, page, rows = [], closed, presentation.rows_of(closed.object_list, request.user, now)
    else:
        found = presentation.rows_of(ours.open_at(now - datetime.timedelta(days=REFUSED_DAYS)), request.user, now)
        # One's own first; of the same keeper the newest first.
        needing = sorted((row for row in found if row.reasons), key=lambda row: not row.is_mine)
        resting = [row for row in found if not row.reasons and row.referral.is_open]
        page = Paginator(resting, PAGE_SIZE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
    context = {
        "needing": needing if page.number == 1 else [],
        "rows": rows,
        "page": page,
        "shows_closed": shows_closed,
        "has_any": bool(needing or rows) or ours.exists(),
        "has_many_teams": len(teams) > 1,
    }
    return TemplateResponse(request, "referrals/sending/home.html", context)


# --- One referral -----------------------------------------------------------------------------------------------------
@signed_in
@require_GET
@sensitive_variables()
def referral(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was sent, to whom, how it stands, and what can be done now. Opening it is written down."""
    found, door = referral_or_404(request, uuid, Right.SEE_REFERRAL)
    return _page(request, found, door)


@sensitive_variables()
def _page(
    request: HttpRequest,
    found: Referral,
    door: Door,
    *,
    tried: Tried | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    opening = open_for(found, relation=door.relation, by=door.actor, at=timezone.now())
    items = presentation.items_of(found, door.actor, tried)
    services = [each.service for each in items if each.service]
    context = {
        "referral": found,
        "opening": opening,
        "items": items,
        "tried": tried,
        "conflict": conflict,
        "others": presentation.others_to_take_back(items),
        "is_turned_down": presentation.is_turned_down(items),
        "is_keeper": found.keeper_id == request.user.pk,
        "paper_links": presentation.paper_links(found),
        "other_options_url": presentation.other_options_url(found, services),
        "removed_on": removed_on(found),
    }
    return TemplateResponse(request, "referrals/sending/referral.html", context, status=status)


@signed_in
@require_POST
@sensitive_post_parameters()
@sensitive_variables()
def act(request: HttpRequest, uuid: UUID, enquiry: UUID) -> HttpResponse:
    """Answer, agree, refuse, take back, close. When it cannot be done the page comes back with what was typed."""
    found, door = referral_or_404(request, uuid, Right.STEER)
    asked = get_object_or_404(Enquiry, uuid=enquiry, referral=found)
    what = _act_in(request)
    form = ActForm(what, asked, request.POST)
    conflict, status = "", 400
    if form.is_valid():
        version, words = form.cleaned_data["version"], form.cleaned_data["words"]
        try:
            actions.act(asked, what, by=door.actor, version=version, words=words)
        except (actions.ChangedMeanwhileError, NotNowError):
            conflict, status = _("Something has happened since you opened the page. Look below and try again."), 409
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Done."))
            return redirect(f"{reverse('referrals:referral', kwargs={'uuid': uuid})}#pyynto-{asked.pk}")
    if conflict:
        # What was typed stays; the next press is about what the page shows now.
        asked.refresh_from_db()
        form = ActForm(what, asked, {**request.POST.dict(), "version": asked.version})
    return _page(request, found, door, tried=Tried(asked.uuid, form), conflict=conflict, status=status)


def _act_in(request: HttpRequest) -> Act:
    what = request.POST.get("act", "")
    if what not in STEERING:
        raise Http404("not done here")
    return Act(what)


@signed_in
@require_POST
def take_over(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep a colleague's referral from now on."""
    found, _door = referral_or_404(request, uuid, Right.TAKE_OVER)
    actions.take_over(found, by=request.user)
    messages.success(request, _("You keep this referral now. News of it comes to you."))
    return redirect("referrals:referral", uuid=uuid)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The person has told the worker that they withdraw. GET tells what happens."""
    found, door = referral_or_404(request, uuid, Right.WITHDRAW)
    if request.method == "POST":
        actions.withdraw_consent(found, by=door.actor)
        messages.success(request, _("The consent is withdrawn. The organisations do not see the person any more."))
        return redirect("referrals:referral", uuid=uuid)
    context = {"referral": found, "enquiries": found.enquiries.open().select_related("organisation")}
    return TemplateResponse(request, "referrals/sending/withdraw.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new_code(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new code for the person, when the paper is lost or somebody else has it. It is shown on the new paper."""
    found, _door = referral_or_404(request, uuid, Right.PRINT_PAPER)
    if found.withdrawn_at is not None or not Person.objects.filter(referral=found).exists():
        raise Http404("nothing to open")
    if request.method == "POST":
        actions.new_code_for(found, by=request.user)
        messages.success(request, _("The code is new. The old one opens nothing any more."))
        return redirect("referrals:paper", uuid=uuid)
    return TemplateResponse(request, "referrals/sending/new_code.html", {"referral": found})
