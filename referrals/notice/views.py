"""What people and the authority are told of the processing: the privacy notice, the record of processing. Thin."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from referrals.access import signed_in
from referrals.notice.presentation import notice_context, record_context
from referrals.switch import controller


def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice (GDPR art. 13 and 14), for everybody, also before referrals are in use."""
    return render(request, "referrals/notice/privacy.html", notice_context(controller()))


@signed_in
def record(request: HttpRequest) -> HttpResponse:
    """The record of processing (GDPR art. 30), for those who fill it in; for others it is not there."""
    if not request.user.has_perm("referrals.change_controller"):
        raise Http404("nothing here")
    context = record_context(controller())
    context["edit_url"] = reverse("wagtailsettings:edit", args=["referrals", "controller"])
    return render(request, "referrals/notice/record.html", context)
