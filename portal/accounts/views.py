"""Ways in: everything leads to the one login. The development login exists in debug mode only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User


def login_redirect(request: HttpRequest) -> HttpResponse:
    """Send whoever meets Wagtail's own login to ours, and on to where they were going."""
    query = urlencode({"next": request.GET["next"]}) if "next" in request.GET else ""
    return redirect(f"{reverse(settings.LOGIN_URL)}{'?' if query else ''}{query}")


@require_http_methods(["GET", "POST"])
def development_login(request: HttpRequest) -> HttpResponse:
    """One button for each sample person. A 404 outside debug mode, whatever the address map says."""
    if not settings.DEBUG:
        raise Http404
    people = User.objects.filter(is_development=True, is_active=True).order_by("pk")
    if request.method == "POST":
        user = get_object_or_404(people, pk=request.POST.get("user"))
        login(request, user, backend="portal.accounts.backends.AuthenticationBackend")
        return redirect("wagtailadmin_home")
    return render(request, "accounts/development_login.html", {"people": people})
