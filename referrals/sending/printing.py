"""What of a referral goes on paper, and its log. Thin."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from portal.base.qr import qr_svg
from referrals import audit
from referrals.access import referral_or_404, signed_in
from referrals.addresses import own_address
from referrals.choices import LogEvent
from referrals.permissions import Right
from referrals.reading import open_for
from referrals.retention import days_kept
from referrals.sending import presentation

# Which paper: the one that names nothing, or the one that tells what was sent. Without a choice: as is safe.
KIND, DISCREET, FULL = "paperi", "varovainen", "kaikki"


@signed_in
@require_GET
@sensitive_variables()
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The person's paper: what was sent and to whom, the code, how to withdraw. A discreet one names nothing."""
    found, door = referral_or_404(request, uuid, Right.PRINT_PAPER)
    opening = open_for(found, relation=door.relation, by=door.actor, at=timezone.now(), event=LogEvent.PRINT)
    if opening.details is None or not opening.details.code:
        raise Http404("nothing to open with a code")
    wanted = request.GET.get(KIND)
    is_discreet = wanted == DISCREET or (wanted != FULL and opening.details.needs_care)
    context = {
        "referral": found,
        "items": presentation.items_of(found, door.actor),
        "code": opening.details.code,
        "comes": opening.details.reach == "comes",
        "is_discreet": is_discreet,
        "is_by_itself": wanted not in (DISCREET, FULL),
        "address": own_address(),
        "qr": qr_svg(own_address(opening.details.code)),
        "paper_links": presentation.paper_links(found),
        "removed_days": days_kept(),
    }
    return TemplateResponse(request, "referrals/sending/paper.html", context)


@signed_in
@require_GET
@sensitive_variables()
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The referral as a part of the person's plan: what, where, when, who does what next."""
    found, door = referral_or_404(request, uuid, Right.PRINT_PLAN)
    opening = open_for(found, relation=door.relation, by=door.actor, at=timezone.now(), event=LogEvent.PRINT)
    context = {
        "referral": found,
        "opening": opening,
        "items": presentation.items_of(found, door.actor),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "referrals/sending/plan.html", context)


@signed_in
@require_GET
def log(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who opened what and when, for a person who asks. That it was read is written down too."""
    found, door = referral_or_404(request, uuid, Right.READ_LOG)
    audit.append(LogEvent.READ_LOG, found, door.actor, at=timezone.now())
    rows = presentation.log_rows(found)
    return TemplateResponse(request, "referrals/sending/log.html", {"referral": found, "rows": rows})
