"""Ways in, which all lead to the one login, and one's own account. The development login exists in debug mode only."""

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import has_second_factor, may_open_admin
from portal.accounts.actions import close_account, is_last_administrator
from portal.accounts.forms import CloseAccountForm, DetailsForm
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


@login_required
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """My account: name and language of letters, and the ways to everything else about signing in."""
    # A form leaves what was typed on the person it is given; the rest of the page shows the one who is signed in.
    user = User.objects.get(pk=request.user.pk)
    form = DetailsForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:home")
    context = {
        "form": form,
        "has_password": user.has_usable_password(),
        "has_second_factor": has_second_factor(user),
    }
    return render(request, "accounts/home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close my account: says what happens, and does it after a yes."""
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    may_close = not is_last_administrator(request.user)
    if request.method == "POST" and may_close and form.is_valid():
        close_account(request.user, by=request.user)
        logout(request)
        return redirect("accounts:closed")
    return render(request, "accounts/close.html", {"form": form, "may_close": may_close})


@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """The last page: the account is no more."""
    return render(request, "accounts/closed.html")


@require_http_methods(["GET", "POST"])
def development_login(request: HttpRequest) -> HttpResponse:
    """One button for each sample person. A 404 outside debug mode, whatever the address map says."""
    if not settings.DEBUG:
        raise Http404
    people = User.objects.filter(is_development=True, is_active=True).order_by("pk")
    if request.method == "POST":
        user = get_object_or_404(people, pk=request.POST.get("user"))
        login(request, user, backend="portal.accounts.backends.AuthenticationBackend")
        # Django's login, not allauth's: what allauth keeps of a session is asked for here.
        UserSession.objects.create_from_request(request)
        return redirect(_next(request) or get_adapter().get_login_redirect_url(request))
    return render(request, "accounts/development_login.html", {"people": people})
