"""Forms of signing in and of one's own account, where allauth's own say too much or ask too much."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.browsers import browser_name
from portal.accounts.models import User


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

    def clean(self) -> dict | None:
        """allauth's, after counting the code that an empty password asks for."""
        if self.cleaned_data.get("login") and not self.cleaned_data.get("password"):
            get_adapter().count_code_request(self.request, self.cleaned_data["login"])
        return super().clean()


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):
    """The form that asks for a code alone."""

    def clean_email(self) -> str:
        """allauth's, after counting the code."""
        get_adapter().count_code_request(context.request, self.cleaned_data["email"])
        return super().clean_email()


class AddPasskeyForm(AllauthAddWebAuthnForm):
    """A passkey rather than a bare key: it opens the account alone, and is called after the device it lives in."""

    def __init__(self, *args, **kwargs) -> None:
        name = browser_name(context.request.headers.get("user-agent", ""))
        super().__init__(
            *args, **{**kwargs, "initial": {"name": name, "passwordless": True, **kwargs.get("initial", {})}}
        )
        self.fields["name"].label = _("A name by which you know it")
        self.fields["passwordless"].label = _("It opens the account alone")
        self.fields["passwordless"].help_text = _(
            "Take this away only for a key that has no fingerprint reader or PIN."
        )


class RenamePasskeyForm(AllauthEditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name by which you know it")


class NameField(forms.CharField):
    """A person's whole name, as they write it; never required."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            label=_("Your name"),
            required=False,
            max_length=User._meta.get_field("first_name").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            **kwargs,
        )


class SignupForm(AllauthSignupForm):
    """E-mail, and a name for those who give one. The code in the mail is the proof; a password can be made later."""

    name = NameField(help_text=_("Those you work with see it. You can also give it later."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your e-mail address")
        # The setting names it for the sake of the login form.
        del self.fields["password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook: the account has been made, its name has not."""
        user.set_full_name(self.cleaned_data["name"])
        user.save(update_fields=["first_name", "last_name"])
        # Made for every account when it is saved; after this hook allauth makes it too, and insists on being the first.
        EmailAddress.objects.filter(user=user).delete()


class DetailsForm(forms.ModelForm):
    """Name and language of letters."""

    name = NameField()

    class Meta:
        model = User
        fields = ["language"]
        widgets = {"language": forms.RadioSelect}
        labels = {"language": _("Language of the letters we send you")}

    field_order = ["name", "language"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.instance.get_full_name()

    def save(self, commit: bool = True) -> User:
        """Django's, with the name."""
        self.instance.set_full_name(self.cleaned_data["name"])
        return super().save(commit)


class CloseAccountForm(forms.Form):
    """The yes that closing one's account asks for."""

    is_sure = forms.BooleanField(label=_("Yes, I want to close my account"))
