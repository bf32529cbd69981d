"""Who may sign in. One backend for everybody."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.conf import settings


class AuthenticationBackend(AllauthBackend):
    """allauth's backend, which refuses sample logins outside debug mode, also in sessions that are open already."""

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.DEBUG or not user.is_development)

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None
