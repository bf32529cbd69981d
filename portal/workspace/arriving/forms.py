"""Forms of coming, going and deciding. What may be chosen is given by the views; rules are directory.actions'."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.choices import Proof, Role, Sector
from directory.models import Claim, County, Membership, Municipality, Organisation
from directory.organisation_finder import as_business_id
from portal.accounts.models import User

ROLES = [
    (Role.OWNER, _("Owner: keeps the listings and says who else does")),
    (Role.DEPUTY, _("Deputy: keeps the listings and the organisation's details")),
    (Role.WRITER, _("Writer: keeps the listings")),
]


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what an action had to say, beside the field it is about where the form has it."""
    found = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, messages in found.items():
        form.add_error(name if name in form.fields else None, ValidationError(messages))


def _role_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("What may the person do?"), choices=ROLES, widget=forms.RadioSelect, **kwargs)


class ClaimForm(forms.Form):
    """Why one may keep an organisation's listings."""

    message = forms.CharField(
        label=_("Who are you in the organisation?"),
        help_text=_(
            "Your task there, and a phone number where we can reach you or somebody of the board. "
            "Only people of the directory read this."
        ),
        max_length=Claim._meta.get_field("message").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell who you are in the organisation, so that we can make sure.")},
    )


class ProposalForm(ClaimForm):
    """An organisation that is missing."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=Claim._meta.get_field("proposed_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write the name as it stands in your rules.")},
    )
    business_id = forms.CharField(
        label=_("Business ID (Y-tunnus)"),
        required=False,
        max_length=12,
        help_text=_("If you have one. It looks like 1234567-1."),
    )
    sector = forms.ChoiceField(label=_("Kind of organisation"), choices=Sector.choices, initial=Sector.ASSOCIATION)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Home municipality"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the home municipality.")},
    )
    website = forms.URLField(
        label=_("Website"), required=False, max_length=500, assume_scheme="https", help_text=_("If you have one.")
    )
    # The person has looked at those that look alike.
    none_of_these = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "business_id", "sector", "municipality", "website", "message"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # In the order of the reader's language.
        field = self.fields["municipality"]
        field.queryset = Municipality.objects.all()
        rows = sorted(field.queryset, key=lambda each: str(each))
        field.choices = [("", field.empty_label), *((each.pk, str(each)) for each in rows)]

    def clean_business_id(self) -> str:
        """As it is written in the register."""
        text = self.cleaned_data["business_id"]
        if text and not as_business_id(text):
            raise ValidationError(_("This is not a right Y-tunnus. It looks like 1234567-1."))
        return as_business_id(text) if text else ""

    def as_organisation(self) -> Organisation:
        """What would be made of it, for looking for others like it."""
        return Organisation(
            names={"fi": self.cleaned_data["name"]},
            business_id=self.cleaned_data["business_id"],
            website=self.cleaned_data["website"],
            home_municipality=self.cleaned_data["municipality"],
        )


class InviteForm(forms.Form):
    """Somebody new."""

    email = forms.EmailField(
        label=_("The person's e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = _role_field(initial=Role.WRITER)


class RoleForm(forms.Form):
    """Another role."""

    role = _role_field()


def _person(user: User) -> str:
    return f"{user.get_full_name()} ({user.email})" if user.get_full_name() else user.email


class HandOverForm(forms.Form):
    """Who takes over: somebody of the team, or (may_invite) a new person."""

    NEW = "new"
    to = forms.ChoiceField(
        label=_("Who takes over?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who takes over.")},
    )

    def __init__(self, *args, team: Iterable[Membership], may_invite: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), _person(each.user)) for each in team]
        if may_invite:
            choices.append((self.NEW, _("A new person")))
            self.fields["email"] = forms.EmailField(
                label=_("The new person's e-mail address"),
                required=False,
                help_text=_("Only if a new person takes over. They get an invitation; you stay until they come."),
            )
        self.fields["to"].choices = choices

    def clean(self) -> dict:
        """A new person has an address."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("to") == self.NEW and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the new person's e-mail address."))
        return cleaned


class RemoveForm(forms.Form):
    """Who gets the services of a person who is taken off the team."""

    to = forms.ChoiceField(label=_("Who gets what they keep?"), required=False)

    def __init__(self, *args, team: Iterable[Membership], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        nobody = ("", _("The deputy of each service, else the owners"))
        self.fields["to"].choices = [nobody, *((str(each.pk), _person(each.user)) for each in team)]


class KeepersForm(forms.Form):
    """Who answers for a service."""

    owner = forms.ChoiceField(
        label=_("Keeper"), required=False, help_text=_("We ask the keeper first whether the listing is still right.")
    )
    deputy = forms.ChoiceField(
        label=_("Deputy"), required=False, help_text=_("We ask the deputy when the keeper does not answer.")
    )

    def __init__(self, *args, team: Iterable[Membership], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(each.user_id), _person(each.user)) for each in team]
        self.fields["owner"].choices = [("", _("Nobody of its own: the owners answer")), *people]
        self.fields["deputy"].choices = [("", _("Nobody")), *people]


class ApproveForm(forms.Form):
    """Yes, with the proof."""

    proof = forms.ChoiceField(label=_("How did you make sure?"), choices=Proof.choices, widget=forms.RadioSelect)
    proof_note = forms.CharField(
        label=_("What did you see or hear, and from whom?"),
        max_length=Claim._meta.get_field("proof_note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    role = _role_field(initial=Role.OWNER)
    organisation = forms.ChoiceField(label=_("Which organisation is it?"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("A word to the person"),
        required=False,
        max_length=Claim._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, lookalikes: Iterable[Organisation] | None, has_owner: bool, **kwargs) -> None:
        super().__init__(*args, prefix="yes", **kwargs)
        if lookalikes:
            choices = [(str(each.pk), str(each)) for each in lookalikes]
            self.fields["organisation"].choices = [("", _("A new one: none of those below")), *choices]
        else:
            del self.fields["organisation"]
        if not has_owner:
            # The first person is the owner.
            del self.fields["role"]


class RefuseForm(forms.Form):
    """No, with the reason."""

    words = forms.CharField(
        label=_("Why not? The person gets these words."),
        max_length=Claim._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell the person why, and what they can do.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="no", **kwargs)


class AreaForm(forms.Form):
    """A regional administrator."""

    email = forms.EmailField(label=_("The person's e-mail address"), help_text=_("They must have an account already."))
    county = forms.ModelChoiceField(County.objects.all(), label=_("Wellbeing services county"), empty_label=_("Choose"))
