"""What allauth asks of us: nobody signs up by oneself yet; organisations will be invited."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up: accounts are made by administrators."""

    def is_open_for_signup(self, request) -> bool:
        return False
