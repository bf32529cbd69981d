"""The last step of a service's form: all of it to look through, what is missing, writing help, and sending."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.actions import submit
from directory.changes import Difference
from directory.choices import ReviewState
from directory.contents import newest, newest_content
from directory.difference_words import in_words
from directory.models import Review, Service, UnsavedInput
from directory.permissions import Action
from portal.workspace.access import service_or_404
from portal.workspace.keeping.form import steps
from portal.workspace.keeping.form.advice import advice_on
from portal.workspace.keeping.form.fields import QuietForm
from portal.workspace.keeping.form.progress import lacking, progress, step_url
from portal.workspace.keeping.form.steps import BY_CODE, SEND, STEPS, step_of
from portal.workspace.keeping.form.unsaved import keep, keeps_what_is_sent, kept_for, saved_words
from portal.workspace.keeping.form.values import is_filled
from search.findability import findability


class SendForm(QuietForm):
    """The last words before sending."""

    is_checked = forms.BooleanField(
        label=gettext_lazy("I have checked that all of this is right"),
        required=False,
        help_text=gettext_lazy("Then the page tells readers that it was checked today. You may also send without."),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to whoever approves this"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"].widget.attrs.pop("maxlength", None)


@keeps_what_is_sent
@require_http_methods(["GET", "POST"])
def service_send(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """Look it through and send it."""
    service = service_or_404(request, key, language, Action.SUBMIT_SERVICE)
    if request.method == "GET":
        kept = kept_for(request, service.organisation, service, SEND)
        return _show(request, service, SendForm(kept[0] if kept else None))
    form = SendForm(request.POST)
    lacks = lacking(newest_content(service))
    if form.is_valid() and not lacks:
        told = form.cleaned_data
        try:
            done = submit(service, by=request.user, is_checked=told["is_checked"], note=told["note"])
        except ValidationError as error:
            keep(request, service.organisation, service, SEND)
            return _show(request, service, form, faults=_faults(service, error), status=400)
        UnsavedInput.objects.filter(user=request.user, service=service, step=SEND).delete()
        messages.success(
            request,
            _("Thank you! It is public now.")
            if done.is_public
            else _(
                "Thank you! It is sent. You get a letter when it has been looked at; this takes a few days at most."
            ),
        )
        return redirect("workspace:service", key=key)
    keep(request, service.organisation, service, SEND)
    return _show(request, service, form, status=400)


def _faults(service: Service, error: ValidationError) -> list[dict[str, str]]:
    """What the model finds wrong, each leading to its step."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        {"message": message, "href": step_url(service, step_of(field))}
        for field, messages_of in found.items()
        for message in messages_of
    ]


def _show(
    request: HttpRequest,
    service: Service,
    form: SendForm,
    *,
    faults: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    now, content = timezone.now(), newest_content(service)
    draft = newest(service)
    lacks = lacking(content)
    unsaved = UnsavedInput.objects.filter(user=request.user, service=service).exclude(step=SEND)
    context = {
        "service": service,
        "organisation": service.organisation,
        "step": BY_CODE[SEND],
        "number": steps.number_of(SEND),
        "count": len(STEPS),
        "steps": progress(service, content, SEND),
        "previous": steps.before(SEND),
        "form": form,
        "faults": faults
        or [
            *(
                {"message": f"{form[name].label}: {errors[0]}", "href": f"#id_{name}"}
                for name, errors in form.errors.items()
            ),
            *(
                {"message": lack.words, "href": step_url(service, lack.step)}
                for lack in (lacks if status == 400 else ())
            ),
        ],
        "lacks": [{"words": lack.words, "url": step_url(service, lack.step)} for lack in lacks],
        "summary": _summary(service, content),
        "advice": [
            {"advice": each, "url": step_url(service, step_of(each.field) if each.field in content else "long")}
            for each in advice_on(service.organisation, service.language, content, {}, timezone.localdate(now))
        ],
        "findable": findability(draft, is_draft=True),
        "saved": saved_words(service.latest_revision.created_at, now) if service.latest_revision else "",
        "unsaved": [
            {"label": BY_CODE[each.step].label, "url": step_url(service, each.step)}
            for each in unsaved
            if each.step in BY_CODE
        ],
        "is_waiting": Review.objects.waiting().filter(service=service).exists(),
        "sent_back": service.reviews.filter(state=ReviewState.SENT_BACK).order_by("-submitted_at").first(),
    }
    return TemplateResponse(request, "workspace/keeping/form/send.html", context, status=status)


def _summary(service: Service, content: dict[str, Any]) -> list[dict[str, Any]]:
    """What is told on each step, in words, with the way to change it."""
    told = [
        Difference(name, None, content[name]) for step in STEPS for name in step.fields if is_filled(content.get(name))
    ]
    words = in_words(Service, told)
    return [
        {
            "label": step.label,
            "url": step_url(service, step.code),
            "rows": [each for each in words if step_of(each.field.split(".")[0]) == step.code],
        }
        for step in STEPS
        if step.code != SEND
    ]
