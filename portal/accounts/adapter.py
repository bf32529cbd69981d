"""What allauth asks of us: who may sign up and in, how often, and where a person goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import has_just_shown_who_they_are, may_open_admin
from portal.accounts.models import User
from portal.base import languages


class AccountAdapter(DefaultAccountAdapter):
    """Open sign-up by a mail code, and limits that keep out who guesses without keeping out whose account it is."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The address or the password is not right. You can also leave the password empty: we send you a code."
        ),
        "too_many_login_attempts": _(
            "Too many tries. Wait a moment, or leave the password empty: we send you a code by e-mail."
        ),
        "too_many_codes": _("We have sent many codes to this address. Look for the newest, or try again in an hour."),
    }

    def new_user(self, request: HttpRequest) -> User:
        """Letters come in the language in which the person signed up."""
        language = get_language()
        return User(language=language if language in languages.CODES else languages.FINNISH)

    def pre_login(self, request: HttpRequest, user, **kwargs) -> HttpResponse | None:
        """Sample people are turned away outside debug mode: allauth would sign in whom the backend has refused."""
        if user.is_development and not settings.DEBUG:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the admin those who may open it, others to their own rooms; a `next` in the address goes before this."""
        return (
            super().get_login_redirect_url(request) if may_open_admin(request.user) else resolve_url("workspace:home")
        )

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Who has just come is at the same door as everybody else."""
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page the person came from."""
        return resolve_url("accounts:home")

    def get_email_verification_redirect_url(self, email_address) -> str:
        """Back to the addresses who added one; into the site who has shown theirs."""
        if self.request.user.is_authenticated:
            return resolve_url("account_email")
        return super().get_email_verification_redirect_url(email_address)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not of those who have just come in: allauth would ask a forgotten password of who came by a code."""
        return super().is_reauthentication_required(app=app, **kwargs) and not has_just_shown_who_they_are(self.request)

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count a try with a password: per account and visitor first, then per account whoever tries.

        The second limit is wide and closes the password alone; a code or a passkey still opens the account.
        """
        super().pre_authenticate(request, **credentials)
        if not ratelimit.consume(request, action="login_failed_anywhere", key=credentials.get("email", "").lower()):
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """Tries are counted per account *and* visitor: guessing elsewhere must not shut the owner out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

    def count_code_request(self, request: HttpRequest, email: str) -> None:
        """Count a code asked for an address by this visitor; who asks often for another's leaves codes for the owner.

        Raises ValidationError when it is too often. The same whether the address has an account or not.
        """
        if not ratelimit.consume(request, action="request_login_code_here", key=f"{email.lower()}:{get_ip(request)}"):
            raise self.validation_error("too_many_codes")
