"""What allauth asks of us: who may sign up, and where a person goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.shortcuts import resolve_url

from portal.accounts.access import may_open_admin


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up: accounts are made by administrators. Organisations will be invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the admin those who may open it, others to the front page; a `next` in the address goes before this."""
        return super().get_login_redirect_url(request) if may_open_admin(request.user) else resolve_url("/")
