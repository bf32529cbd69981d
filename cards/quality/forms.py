"""Forms of a round of self-assessment: its name, the ratings of one group, the goals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cards.models import QualityRound
from cards.quality.actions import version_of
from cards.quality.figures import Statement
from cards.quality.words import anchors

NO_RATE = 0


class RoundForm(forms.Form):
    """Open a round, the first one or the next."""

    name = forms.CharField(
        label=_("Name of the round"),
        help_text=_("Those who answer see this too. Do not write anybody's name here."),
        max_length=QualityRound._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the round a name, so that you tell it from others.")},
    )


class AnswerForm(forms.Form):
    """One group's statements, each 1–5 or left alone. Its fields are the statements' keys."""

    def __init__(self, statements: Sequence[Statement], *args: Any, is_simple: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*enumerate(anchors(), start=1), (NO_RATE, _("I cannot say"))]
        for statement in statements:
            self.fields[statement.key] = forms.TypedChoiceField(
                label=(is_simple and statement.simple) or statement.text,
                choices=choices,
                coerce=int,
                empty_value=NO_RATE,
                required=False,
                # Nothing is chosen beforehand. "I cannot say" is the same as leaving it, for those who want to say so,
                # and takes back a rate: a radio button cannot be unpressed.
                widget=forms.RadioSelect(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """At least one statement is rated."""
        cleaned = {key: rate for key, rate in (super().clean() or {}).items() if rate}
        if not cleaned and not self.errors:
            raise ValidationError(_("Rate at least one statement."))
        return cleaned

    @property
    def values(self) -> dict[str, int]:
        """The ratings, as the action takes them."""
        return self.cleaned_data


class GoalsForm(forms.Form):
    """What is developed next. seen: which text it was written over."""

    goals = forms.CharField(
        label=_("What do we develop next?"),
        help_text=_("What, who and by when. Write of the work, not of persons: no names."),
        max_length=QualityRound._meta.get_field("goals").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, goals: str) -> "GoalsForm":
        """The form over the text as it stands."""
        return cls(initial={"goals": goals, "seen": version_of(goals)})
