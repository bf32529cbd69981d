"""Letters to the keepers of a chosen set: written, tried on oneself, sent once. GET only shows."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions
from directory.actions.mailing import MAILINGS_A_DAY, sent_today
from directory.filters import BadFilterError
from directory.models import Mailing
from directory.permissions import areas_of
from directory.selection import Selection
from portal.workspace.access import for_staff
from portal.workspace.administering import mailing_letters
from portal.workspace.administering.figures_selection import chosen, preview_of
from portal.workspace.administering.mailing_tasks import write_letters

PER_PAGE = 25
# Writing some thousand letters takes a minute.
CUT_OFF_AFTER = datetime.timedelta(minutes=15)


class MailingForm(forms.ModelForm):
    """Subject and plain text."""

    class Meta:
        model = Mailing
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "text": gettext_lazy(
                "Plain text; an empty line begins a new paragraph. The greeting and the end of the letter are added in "
                "the reader's own language."
            )
        }


def _readable(user: Any) -> QuerySet[Mailing]:
    """Those that a person may look at: one's own, and for the central ones all that were sent."""
    mailings = Mailing.objects.select_related("written_by")
    own = Q(written_by=user)
    return mailings.filter(own | Q(sent_at__isnull=False)) if areas_of(user) is None else mailings.filter(own)


def _mailing_or_404(request: HttpRequest, pk: int, *, to_write: bool = False) -> Mailing:
    rows = _readable(request.user)
    found = (rows.filter(written_by=request.user) if to_write else rows).filter(pk=pk).first()
    if found is None:
        raise Http404("no such letter")
    return found


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return TemplateResponse(request, f"workspace/administering/figures/{name}.html", context, status=status)


@require_GET
@for_staff
def mailings(request: HttpRequest) -> HttpResponse:
    """What was written before."""
    page = Paginator(_readable(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "mailings", {"page": page, "query": request.GET})


@require_http_methods(["GET", "POST"])
@for_staff
def mailing_new(request: HttpRequest) -> HttpResponse:
    """Choose a set, see whom it reaches, write. POST keeps the letter; nothing is sent yet."""
    choose = chosen(request)
    if not choose.is_valid():
        return _page(request, "mailing_new", {"choose": choose}, status=400)
    form = MailingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        written = actions.write_mailing(**form.cleaned_data, selection=choose.selection, by=request.user)
        return redirect("workspace:mailing_one", pk=written.pk)
    preview = preview_of(choose.selection, request.user, timezone.now())
    context = {"choose": choose, "preview": preview, "form": form}
    return _page(request, "mailing_new", context, status=400 if request.method == "POST" else 200)


@require_GET
@for_staff
def mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it will be, whom it reaches, and the next step; of a sent one what became of it."""
    found = _mailing_or_404(request, pk)
    now = timezone.now()
    context: dict[str, Any] = {
        "mailing": found,
        "composed": mailing_letters.composed_for(found, request.user),
        "words": [],
        "may_write": found.written_by_id == request.user.pk,
    }
    try:
        selection = Selection.from_query(mailing_letters.query_of(found))
        context["words"] = selection.words()
        if not found.sent_at:
            context["preview"] = preview_of(selection, request.user, now)
    except BadFilterError:
        # An organisation or a topic that is gone since.
        context["is_set_gone"] = True
    if found.sent_at:
        context["fates"] = mailing_letters.fates_of(found)
        context["is_cut_off"] = _is_cut_off(found, now)
    else:
        context["left_today"] = MAILINGS_A_DAY - sent_today(request.user, now)
    return _page(request, "mailing", context)


@require_http_methods(["GET", "POST"])
@for_staff
def mailing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a letter that is not sent: it is then to be tried again."""
    found = _mailing_or_404(request, pk, to_write=True)
    if found.sent_at:
        return redirect("workspace:mailing_one", pk=pk)
    form = MailingForm(request.POST or None, initial={"title": found.title, "text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_mailing(found, **form.cleaned_data, by=request.user)
        except actions.AlreadySentError:
            messages.error(request, _("The letter has gone already."))
        return redirect("workspace:mailing_one", pk=pk)
    context = {"mailing": found, "form": form}
    return _page(request, "mailing_edit", context, status=400 if request.method == "POST" else 200)


@require_POST
@for_staff
def mailing_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter to oneself, and to nobody else."""
    found = _mailing_or_404(request, pk, to_write=True)
    try:
        actions.note_test(found, by=request.user)
    except actions.AlreadySentError:
        messages.error(request, _("The letter has gone already."))
    else:
        letter = mailing_letters.send_test(found, request.user)
        text = _("The test is on its way to %(address)s. Read it before you send the letter to others.")
        messages.success(request, text % {"address": letter.to})
    return redirect("workspace:mailing_one", pk=pk)


@require_POST
@for_staff
def mailing_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it to the chosen set: once, however often it is pressed."""
    found = _mailing_or_404(request, pk, to_write=True)
    try:
        with transaction.atomic():
            actions.send_mailing(found, by=request.user)
            write_letters.enqueue(found.pk)
    except actions.AlreadySentError:
        found.refresh_from_db()
        if _is_cut_off(found, timezone.now()):
            # What was written is not written again.
            write_letters.enqueue(found.pk)
        messages.info(request, _("The letter has gone already."))
    except actions.NotTestedError:
        messages.error(request, _("Send the letter to yourself first, and read it."))
    except actions.TooManyMailingsError:
        text = _("You have sent %(count)d letters to keepers in a day. Wait until tomorrow with this one.")
        messages.error(request, text % {"count": MAILINGS_A_DAY})
    else:
        messages.success(request, _("The letter is on its way."))
    return redirect("workspace:mailing_one", pk=pk)


def _is_cut_off(mailing: Mailing, now: datetime.datetime) -> bool:
    """Whether writing its letters has begun and, it seems, not come to its end."""
    return mailing.sent_at is not None and mailing.count is None and now - mailing.sent_at > CUT_OFF_AFTER


@require_POST
@for_staff
def mailing_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a letter that was not sent."""
    found = _mailing_or_404(request, pk, to_write=True)
    try:
        actions.delete_mailing(found, by=request.user)
    except actions.AlreadySentError:
        messages.error(request, _("The letter has gone already."))
        return redirect("workspace:mailing_one", pk=pk)
    messages.success(request, _("The letter is thrown away."))
    return redirect("workspace:mailing")
