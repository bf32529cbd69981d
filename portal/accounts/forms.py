"""Forms of signing in, where allauth's own say too much or ask too much."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    """E-mail and, for those who have one, a password. Without a password a code is sent by mail."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Your e-mail address")
        password = self.fields["password"]
        password.required = False
        password.label = _("Password, if you have one")
        # allauth puts a link here; the page has it elsewhere, in its own words.
        password.help_text = _("Leave this empty, and we send you a code by e-mail.")
