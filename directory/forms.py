"""Forms that the public fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReportForm(forms.Form):
    """Tell that something in a listing is wrong. No login; an address only if one wants an answer."""

    message = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("For example: the number does not answer. Do not write about yourself or anyone else."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what is wrong, so that we can mend it.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail, if you want an answer"),
        required=False,
        help_text=_("You can leave this empty."),
        error_messages={
            "invalid": _("This is not an e-mail address. Write it like name@example.fi, or leave it empty.")
        },
    )
    # A field no person sees; programs that fill in everything give themselves away.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    @property
    def is_by_program(self) -> bool:
        """Whether a program filled in the form."""
        return bool(self.data.get("website"))
