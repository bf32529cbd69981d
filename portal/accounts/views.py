"""Ways in: everything leads to the one login. The development login exists in debug mode only."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from portal.accounts.access import may_open_admin
from portal.accounts.models import User


def admin_login(request: HttpRequest) -> HttpResponse:
    """Stands where Wagtail's admin login would: to the one login, or on to the admin, or a plain no."""
    if not request.user.is_authenticated:
        return _to_the_one_login(request, default=resolve_url(settings.LOGIN_REDIRECT_URL))
    if not may_open_admin(request.user):
        return _no_entry(request)
    return redirect(_next(request) or settings.LOGIN_REDIRECT_URL)


def page_login(request: HttpRequest) -> HttpResponse:
    """Stands where Wagtail's login for closed pages would. Who comes here signed in may not see the page."""
    if request.user.is_authenticated:
        return _no_entry(request)
    return _to_the_one_login(request, default=resolve_url("/"))


def _to_the_one_login(request: HttpRequest, default: str) -> HttpResponse:
    return redirect_to_login(_next(request) or default, resolve_url(settings.LOGIN_URL))


def _no_entry(request: HttpRequest) -> HttpResponse:
    """A page that says so. A redirect to the login would come back here for ever."""
    return render(request, "account/no_entry.html", status=403)


def _next(request: HttpRequest) -> str:
    """Where the person was going, when that is on this site."""
    address = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


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
