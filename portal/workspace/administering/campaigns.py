"""Campaigns: ask the keepers of a chosen set to check it by a day; how far it is; its end. Writes on POST only."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions
from directory.models import Campaign
from directory.permissions import areas_of
from portal.accounts.models import User
from portal.workspace.access import for_staff
from portal.workspace.administering.campaigns_progress import asked_services, progress_parts
from portal.workspace.administering.figures_selection import chosen, preview_of

PER_PAGE = 25


class CampaignForm(forms.ModelForm):
    """What is said to the keepers, and by when."""

    class Meta:
        model = Campaign
        fields = ["title", "message", "due_on"]
        widgets = {
            "message": forms.Textarea(attrs={"rows": 4}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": gettext_lazy("For the directory's own people, for example: Summer 2027."),
            "message": gettext_lazy("Stands at the top of the letter. Tell why you ask just now."),
        }

    def clean_due_on(self) -> Any:
        """A day to come."""
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Give the keepers some time: choose a day to come."))
        return day


def _own(user: Any) -> QuerySet[Campaign]:
    """The campaigns that a person may look into: the central ones see all, others those they started."""
    campaigns = Campaign.objects.select_related("started_by")
    return campaigns if areas_of(user) is None else campaigns.filter(started_by=user)


@require_GET
@for_staff
def campaigns(request: HttpRequest) -> HttpResponse:
    """Those that run, and those that have ended."""
    rows = _own(request.user).annotate(listings=Count("services")).order_by("-started_at", "-pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "query": request.GET,
    }
    return TemplateResponse(request, "workspace/administering/figures/campaigns.html", context)


@require_http_methods(["GET", "POST"])
@for_staff
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Choose a set, see how many that is, say by when. Only POST starts it, for the set that the address chooses."""
    choose = chosen(request)
    if not choose.is_valid():
        context: dict[str, Any] = {"choose": choose}
        return TemplateResponse(request, "workspace/administering/figures/campaign_new.html", context, status=400)
    preview = preview_of(choose.selection, request.user, timezone.now())
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and preview.listings:
        started, is_new = _start(form, request.user, [each.key for each in preview.listings])
        if is_new:
            messages.success(request, _("The campaign has started. The letters go with the next daily run."))
        return redirect("workspace:campaign", pk=started.pk)
    context = {"choose": choose, "preview": preview, "form": form}
    status = 400 if request.method == "POST" else 200
    return TemplateResponse(request, "workspace/administering/figures/campaign_new.html", context, status=status)


@transaction.atomic
def _start(form: CampaignForm, user: Any, keys: list[Any]) -> tuple[Campaign, bool]:
    """Start it; the same one again, pressed twice, is found. (the campaign, whether it is new)."""
    list(User.objects.select_for_update().filter(pk=user.pk).values_list("pk"))
    wanted = form.cleaned_data
    same = Campaign.objects.filter(
        started_by=user, title=wanted["title"].strip(), due_on=wanted["due_on"], ended_at=None
    ).first()
    if same is not None and set(same.services.values_list("key", flat=True)) == set(keys):
        return same, False
    started = actions.start_campaign(
        title=wanted["title"], message=wanted["message"], due_on=wanted["due_on"], keys=keys, by=user
    )
    return started, True


def _campaign_or_404(request: HttpRequest, pk: int) -> Campaign:
    campaign = _own(request.user).filter(pk=pk).first()
    if campaign is None:
        raise Http404("no such campaign")
    return campaign


@require_GET
@for_staff
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and which listings nobody has answered for."""
    found = _campaign_or_404(request, pk)
    rows = Paginator(asked_services(found), PER_PAGE).get_page(request.GET.get("page"))
    progress = actions.campaign_progress(found)
    context = {
        "campaign": found,
        "progress": progress,
        "done": progress.checked + progress.ended,
        "parts": progress_parts(progress),
        "page": rows,
        "is_over": found.ended_at is not None or found.due_on < timezone.localdate(),
        "query": request.GET,
    }
    return TemplateResponse(request, "workspace/administering/figures/campaign.html", context)


@require_POST
@for_staff
def campaign_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask no more."""
    found = _campaign_or_404(request, pk)
    actions.end_campaign(found, by=request.user)
    messages.success(request, _("The campaign has ended. Nobody is asked for it any more."))
    return redirect("workspace:campaign", pk=pk)
