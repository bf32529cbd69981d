"""Views of our own in the admin: links, pages to mend, contacts and laws due, translations. Wagtail's checks of rights
stand around them (wagtail_hooks).
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from cards import upkeep
from cards.models import HelpContact, LawReference
from portal.base import languages
from portal.content import page_checks, tasks, translating
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


@require_safe
def pages_to_mend(request: HttpRequest) -> HttpResponse:
    """Pages that refer to what is broken, repealed, hidden or out of date."""
    context = {**_head(_("Pages to mend"), "warning"), "pages": page_checks.pages_to_mend()}
    return render(request, "content/admin/pages_to_mend.html", context)


@require_safe
def translations(request: HttpRequest) -> HttpResponse:
    """The translators' list; with ?language=sv what wants work in one language."""
    only = request.GET.get("language", "")
    others = [language for language in languages.ALL if language.code != languages.FINNISH]
    rows = translating.rows(only if only in {language.code for language in others} else "")
    context = {
        **_head(_("Translations"), "site"),
        "rows": rows,
        "languages": others,
        "only": only,
        "missing": sum(cell.state is not translating.State.CURRENT for row in rows for cell in row.cells),
    }
    return render(request, "content/admin/translations.html", context)


RECORDS = {"contact": HelpContact, "law": LawReference}


@require_safe
def due_records(request: HttpRequest) -> HttpResponse:
    """Contacts and laws that a person should check, the longest waiting first."""
    day = timezone.localdate()
    kinds = [
        {
            "code": code,
            "name": model._meta.verbose_name_plural,
            "records": [
                {"record": record, "url": reverse(model.snippet_viewset.get_url_name("edit"), args=[record.pk])}
                for record in upkeep.due(model, day)
            ],
            "may_confirm": request.user.has_perm(f"cards.change_{model._meta.model_name}"),
        }
        for code, model in RECORDS.items()
    ]
    return render(request, "content/admin/due_records.html", {**_head(_("To be checked"), "check"), "kinds": kinds})


@require_POST
def confirm_record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """«This is still right» of a contact or a law."""
    model = RECORDS[kind]
    if not request.user.has_perm(f"cards.change_{model._meta.model_name}"):
        raise PermissionDenied
    record = get_object_or_404(model, pk=pk)
    upkeep.confirm(record, by=request.user, on=timezone.localdate())
    messages.success(request, _("Noted: «%(title)s» is right as of today.") % {"title": record})
    return redirect("due_records")


def _head(title: str, icon: str) -> dict[str, str]:
    return {"page_title": title, "header_title": title, "header_icon": icon}
