"""Views of our own in the admin: the report of links. Wagtail's checks of rights stand around them (wagtail_hooks)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_tasks_db.models import DBTaskResult

from portal.content import tasks
from portal.content.links import judged_links

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def broken_links(request: HttpRequest) -> HttpResponse:
    """The links with a problem; with ?all=1 every link. POST asks the task queue to look again."""
    if request.method == "POST":
        return _ask_for_a_look(request)
    everything = judged_links()
    show_all = "all" in request.GET
    found = everything if show_all else [each for each in everything if each.problem]
    context: dict[str, Any] = {
        "page_title": _("Links"),
        "header_title": _("Links"),
        "header_icon": "link",
        "links": Paginator(found, PER_PAGE).get_page(request.GET.get("p")),
        "show_all": show_all,
        "count_all": len(everything),
        "last_look": max((each.checked_at for each in everything if each.checked_at), default=None),
    }
    return render(request, "content/admin/broken_links.html", context)


def _ask_for_a_look(request: HttpRequest) -> HttpResponse:
    waiting = DBTaskResult.objects.filter(task_path=tasks.check_links.module_path, status__in=["READY", "RUNNING"])
    if waiting.exists():
        messages.info(request, _("The links are being looked at already. Come back in a while."))
    else:
        tasks.check_links.enqueue()
        messages.success(request, _("The links will be looked at in the background. Come back in a while."))
    return redirect(request.path)
