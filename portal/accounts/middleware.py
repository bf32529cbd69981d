"""What holds for whole branches of the address map: the second factor, and pages that no cache keeps.

Of whom the second factor is asked is said in portal/accounts/access.py.
"""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from portal.accounts.access import (
    has_second_factor,
    has_used_second_factor,
    is_guarded_by_a_room,
    needs_second_factor,
)
from portal.base import languages

_LANGUAGE = rf"/(?:{'|'.join(languages.CODES)})"
GUARDED = re.compile(rf"/admin/|{_LANGUAGE}/yllapito/")
IN_A_LANGUAGE = re.compile(rf"{_LANGUAGE}/")
PERSONAL = re.compile(rf"{_LANGUAGE}/accounts/")
# Coming in leads here anyway, and going out must not need a phone that was left at home.
OPEN = ("/admin/login/", "/admin/logout/")


class PersonalPagesMiddleware:
    """Keeps the pages of signing in out of caches: the next person at the computer must not go back to spare codes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if PERSONAL.match(request.path_info):
            add_never_cache_headers(response)
        return response


class SecondFactorMiddleware:
    """Leads those who need a second factor to make one, or to use theirs, before they administer anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_SECOND_FACTOR and self._is_guarded(request.path_info) and needs_second_factor(request.user):
            if not has_second_factor(request.user):
                return redirect("mfa_index")
            if not has_used_second_factor(request):
                return self._ask_for_it(request)
        return self.get_response(request)

    def _is_guarded(self, path: str) -> bool:
        if GUARDED.match(path):
            return path not in OPEN
        language = IN_A_LANGUAGE.match(path)
        return language is not None and is_guarded_by_a_room(path[language.end() :])

    def _ask_for_it(self, request: HttpRequest) -> HttpResponse:
        """To the page that asks for it, and from there back; what a POST sent is not kept."""
        adapter = get_adapter()
        ways = adapter.get_reauthentication_methods(request.user)
        addresses = {way["id"]: way["url"] for way in ways}
        address = addresses.get("mfa_reauthenticate:webauthn") or addresses["mfa_reauthenticate"]
        wanted = request.get_full_path() if request.method == "GET" else adapter.get_login_redirect_url(request)
        return redirect(f"{address}?{urlencode({'next': wanted})}")
