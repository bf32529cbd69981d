"""Editing an organisation's own facts: kept as a draft, sent for approval, with another's edit shown, not lost."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory import actions
from directory.changes import Difference, merge
from directory.choices import ReviewState
from directory.contents import content_of, newest, newest_content
from directory.difference_words import in_words
from directory.locking import lock_organisation
from directory.models import Organisation
from directory.permissions import Action
from portal.workspace.access import organisation_or_404, signed_in
from portal.workspace.keeping.forms import ContactFormSet, OrganisationForm, contacts_content

SEND = "send"


def _forms(organisation: Organisation, data: Any = None) -> tuple[OrganisationForm, Any]:
    draft = newest(organisation)
    contacts = [{"kind": each.kind, "value": each.value, "label": each.label} for each in draft.contacts.all()]
    return OrganisationForm(data, instance=draft), ContactFormSet(data, initial=contacts, prefix="contacts")


@require_http_methods(["GET", "POST"])
@signed_in
def edit_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisation's facts as a form. The public ones stay until the change is approved."""
    organisation = organisation_or_404(request, slug, Action.EDIT_ORGANISATION)
    form, contacts = _forms(organisation, request.POST if request.method == "POST" else None)
    base, conflicts, status = organisation.latest_revision_id, [], 200
    if request.method == "POST":
        status = 400
        base = int(text) if (text := request.POST.get("base", "")).isdecimal() else None
        # Both, so that all errors are told at once.
        if all([form.is_valid(), contacts.is_valid()]):
            try:
                return _save(request, organisation, {**form.contents(), "contacts": contacts_content(contacts)}, base)
            except actions.EditConflictError as error:
                found = [Difference(each.field, each.theirs, each.mine) for each in error.conflicts]
                conflicts, base, status = in_words(Organisation, found), error.theirs and error.theirs.pk, 409
            except ValidationError as error:
                form.add_error(None, error.messages)
    context = {
        "organisation": organisation,
        "form": form,
        "contacts": contacts,
        "base": base or "",
        "conflicts": conflicts,
        "changes": in_words(Organisation, actions.waiting_changes(organisation)),
        "review": organisation.reviews.filter(service=None).order_by("-submitted_at", "-pk").first(),
        "states": ReviewState,
    }
    return TemplateResponse(request, "workspace/keeping/organisation_edit.html", context, status=status)


@transaction.atomic
def _save(request: HttpRequest, organisation: Organisation, values: dict[str, Any], base: int | None) -> HttpResponse:
    lock_organisation(organisation.pk)
    organisation.refresh_from_db()
    if base is None and organisation.latest_revision_id:
        # The form was filled from the public facts, since there was no version yet; now somebody has made the first.
        merged = merge(content_of(organisation), newest_content(organisation), values)
        if merged.conflicts:
            raise actions.EditConflictError(merged.conflicts, organisation.latest_revision)
        values, base = merged.values, organisation.latest_revision_id
    actions.edit(organisation, values, by=request.user, base=base)
    if request.POST.get("then") != SEND:
        messages.success(request, _("Saved. Nobody else sees the changes before you send them."))
        return redirect("workspace:organisation_edit", slug=organisation.slug)
    organisation.refresh_from_db()
    if not actions.waiting_changes(organisation):
        messages.info(request, _("Nothing differs from what is public, so there is nothing to send."))
    elif actions.submit(organisation, by=request.user, note=request.POST.get("note", "")[:1000]).is_public:
        messages.success(request, _("The changes are public now."))
    else:
        messages.success(request, _("Sent. The facts as they were stay public until the change is approved."))
    return redirect("workspace:organisation", slug=organisation.slug)


@require_POST
@signed_in
def withdraw_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back what was sent, to go on editing."""
    organisation = organisation_or_404(request, slug, Action.EDIT_ORGANISATION)
    # The action asks for the right to edit services, which whoever may edit the organisation has.
    actions.withdraw_submission(organisation, by=request.user)
    messages.success(request, _("Taken back. You can go on editing; what is public stays as it is."))
    return redirect("workspace:organisation_edit", slug=organisation.slug)
