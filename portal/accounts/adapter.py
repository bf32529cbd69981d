"""What allauth asks of us: who may sign up and in, and where a person goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from portal.accounts.access import may_open_admin


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up: accounts are made by administrators. Organisations will be invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user, **kwargs) -> HttpResponse | None:
        """Sample people are turned away outside debug mode: allauth would sign in whom the backend has refused."""
        if user.is_development and not settings.DEBUG:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the admin those who may open it, others to the front page; a `next` in the address goes before this."""
        return super().get_login_redirect_url(request) if may_open_admin(request.user) else resolve_url("/")
