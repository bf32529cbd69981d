"""Views of our own in the admin: recording that a listing has been checked. Rights stand here, the write in actions."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory import actions
from directory.choices import CheckedHow
from directory.models import Service


class CheckForm(forms.Form):
    """How the person made sure."""

    how = forms.ChoiceField(
        label=gettext_lazy("How did you check it?"), choices=CheckedHow.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "POST"])
def confirm_service(request: HttpRequest, pk: int) -> HttpResponse:
    """«This is still right»: the only way in the admin to move a listing's check date."""
    if not request.user.has_perm("directory.change_service"):
        raise PermissionDenied
    service = get_object_or_404(Service.objects.select_related("organisation"), pk=pk)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.confirm_service(service, by=request.user, how=form.cleaned_data["how"])
        messages.success(request, _("Noted: «%(title)s» is right as of today.") % {"title": service.title})
        return redirect(reverse(service.snippet_viewset.get_url_name("list")))
    context = {
        "service": service,
        "form": form,
        "page_title": _("This is still right"),
        "header_title": _("This is still right"),
        "header_icon": "check",
        "edit_url": reverse(service.snippet_viewset.get_url_name("edit"), args=[service.pk]),
    }
    return render(request, "directory/admin/confirm_service.html", context)
