"""Forms of the keepers' pages, but for the step form and what holds for a while. They check shapes; actions write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.choices import ContactKind
from directory.contents import Content
from directory.models import FactReport, Municipality, Organisation, Service
from portal.base.fields import Multilingual

# Beside those that there are; saving gives more.
EMPTY_CONTACTS = 2


class CopyForm(forms.ModelForm):
    """What the copy of a service is called."""

    class Meta:
        model = Service
        fields = ("title",)
        labels = {"title": _("Name of the new service")}


class AnswerForm(forms.ModelForm):
    """What a reader who told of a mistake is answered; they are told only if they left an address."""

    class Meta:
        model = FactReport
        fields = ("answer",)
        labels = {"answer": _("Your answer")}
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}


class ContactForm(forms.Form):
    """One further contact way of an organisation; emptied, it goes."""

    kind = forms.ChoiceField(label=_("Way"), choices=ContactKind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=500, required=False)
    label = forms.CharField(label=_("Whose or what for"), max_length=120, required=False)

    def has_changed(self) -> bool:
        """A row with nothing but its kind chosen is an empty one."""
        return bool(self.data.get(self.add_prefix("value")) or self.data.get(self.add_prefix("label")))

    def clean(self) -> dict[str, Any]:
        """A label alone reaches nobody."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("label") and not cleaned.get("value"):
            self.add_error("value", _("Give the number or the address too."))
        return cleaned


ContactFormSet = forms.formset_factory(ContactForm, extra=EMPTY_CONTACTS, max_num=20)


class OrganisationForm(forms.ModelForm):
    """An organisation's own facts: what its keepers edit, no more. Contacts are a formset beside it."""

    class Meta:
        model = Organisation
        fields = ("names", "short_name", "description", "home_municipality", "phone", "email", "website")
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})}

    website = forms.URLField(label=_("Website"), max_length=500, required=False, assume_scheme="https")
    home_municipality = forms.ModelChoiceField(
        queryset=Municipality.objects.all(), required=False, label=_("Home municipality")
    )

    def contents(self) -> Content:
        """The cleaned values as a revision holds them."""
        data = self.cleaned_data
        values = {name: data[name] for name in ("short_name", "phone", "email", "website")}
        values |= {name: dict(data[name] or Multilingual()) for name in ("names", "description")}
        values["home_municipality"] = data["home_municipality"].pk if data["home_municipality"] else None
        return values


def contacts_content(formset: Any) -> list[Content]:
    """The rows of the contact formset as a revision holds them, the empty ones left out."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("value")]
    return [
        {"pk": None, "sort_order": position, **{name: row[name] for name in ("kind", "value", "label")}}
        for position, row in enumerate(rows)
    ]
