"""Middleware of the whole site: the content security policy and the choice of language."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.utils import translation

# Wagtail's admin needs inline code (date pickers, choosers, inline panels): the public side must not inherit it.
ADMIN_DIRECTIVES = {
    **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}

# An unknown address below these answers 404, never a redirect to a language's front page.
UNPREFIXED_PATHS = (
    "/admin/",
    "/api/",
    "/static/",
    "/media/",
    "/documents/",
    "/health/",
    "/dev-login/",
    "/dev-mail/",
    "/post/bounces/",
)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """One strict policy for the public side, a looser one for the admin, and previews that the admin may frame."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        if report_only:
            return super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/") and not getattr(request, "is_preview", False):
            return PolicyParts(config=ADMIN_DIRECTIVES)
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "is_preview", False):
            parts.replace = {"frame-ancestors": ["'self'"]}
        return parts


class LocaleMiddleware(DjangoLocaleMiddleware):
    """Django's, except that a 404 outside the language prefixes stays a 404, and that the admin is Finnish first.

    Wagtail's catch-all makes every `/fi/…` address look valid, so Django would redirect an unknown `/api/x` there.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        # Whatever the browser asks for: an editor who wants another language chooses it in the account's settings.
        if request.path_info.startswith("/admin/"):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response):
        if response.status_code == 404 and request.path_info.startswith(UNPREFIXED_PATHS):
            return response
        return super().process_response(request, response)
