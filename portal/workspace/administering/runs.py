"""What runs by itself: when it ran and what it did, what it would do now, and the letters that do not arrive.

For the central people alone. Addresses stand on no other page of figures. Writes on POST only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory.keeping import keep_fresh
from directory.permissions import Action, may
from portal.accounts.models import User
from portal.jobs import schedule, workers
from portal.jobs.models import JobRun
from portal.jobs.tasks import carry_out_run
from portal.post import letters
from portal.post.models import BouncedAddress, Letter
from portal.workspace.access import View, for_staff
from portal.workspace.administering.runs_words import ShownJob, report_words, shown_jobs

PER_PAGE = 25


def for_central(view: View) -> View:
    """A page for those who may see the runs; for others it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, Action.SEE_RUNS, None):
            raise Http404("nothing here")
        return view(request, *args, **kwargs)

    wrapped: Callable[..., HttpResponse] = for_staff(guarded)
    return wrapped


@require_GET
@for_central
def runs(request: HttpRequest) -> HttpResponse:
    """Every job, the post, and with ?koe=1 what the round of questions would do now."""
    now = timezone.now()
    counts = dict(Letter.objects.order_by().values_list("state").annotate(count=Count("pk")))
    addresses = BouncedAddress.objects.order_by("-bounced_at", "pk")
    jobs: list[ShownJob] = shown_jobs(now)
    context = {
        "jobs": jobs,
        "late": [job for job in jobs if job.is_late],
        "is_silent": not workers.alive(now),
        "would_do": report_words(keep_fresh(now, dry_run=True).as_json()) if request.GET.get("koe") == "1" else None,
        "letters": [(state.label, counts.get(state, 0)) for state in Letter.State],
        "page": Paginator(addresses, PER_PAGE).get_page(request.GET.get("page")),
        "query": request.GET,
    }
    return TemplateResponse(request, "workspace/administering/figures/runs.html", context)


@require_POST
@for_central
def run(request: HttpRequest, name: str) -> HttpResponse:
    """Put a job into the queue now, unless it waits there already."""
    try:
        job = schedule.job_named(name)
    except KeyError as error:
        raise Http404("no such job") from error
    with transaction.atomic():
        # Two presses wait here for each other.
        list(User.objects.select_for_update().filter(pk=request.user.pk).values_list("pk"))
        if JobRun.objects.filter(name=name, finished_at=None).exists():
            messages.info(request, _("It is on its way already."))
        else:
            waiting = JobRun.objects.create(name=name, due_at=timezone.now())
            carry_out_run.enqueue(waiting.pk)
            messages.success(request, _("«%(job)s» is in the queue.") % {"job": job.label})
    return redirect("workspace:runs")


@require_POST
@for_central
def trust_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Send to an address again: its owner says that mail arrives."""
    address = get_object_or_404(BouncedAddress, pk=pk)
    letters.trust_again(address.email)
    messages.success(request, _("Letters go to %(address)s again.") % {"address": address.email})
    return redirect("workspace:runs")
