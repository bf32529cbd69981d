"""What is asked about a person, by a worker or of the person: the fields, their words and what they notice. No writes.

The same form stands in the worker's steps and in self-referral. What was typed travels on as hidden fields of the next
page, in the POST and its answer alone: it is never kept before it is sent.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from directory.choices import SERVICE_LANGUAGES
from referrals.choices import PhoneRead, Purpose, Reach, Support
from referrals.models.person import PersonDetails
from referrals.noticing import Notice, notice_in

# str or a lazy translation.
_Words = Any

HOPE_MOST = 600
# Support that a worker gives: nobody is there to give it when the person sends without one.
_OF_WORKER = frozenset({Support.COMES_ALONG, Support.CALL_TOGETHER})
# 045 123 4567, (017) 123 456, +46 70 123 45 67, 00372 5123 4567.
_PHONE = re.compile(r"(?:\+[1-9]\d{6,14}|00[1-9]\d{6,14}|0[1-9]\d{4,11})")
_BETWEEN = re.compile(r"[\s()\-–/.]+")

# --- Words: (about the person, to the person) -------------------------------------------------------------------------
_LABELS: dict[str, tuple[_Words, _Words]] = {
    "name": (
        gettext_lazy("What should the person be called?"),
        gettext_lazy("What should we call you?"),
    ),
    "hope": (
        gettext_lazy("What does the person hope for, in their own words?"),
        gettext_lazy("What do you hope for?"),
    ),
    "language": (
        gettext_lazy("In which language does the person want to be spoken to?"),
        gettext_lazy("Which language do you want to use?"),
    ),
    "accessibility": (
        gettext_lazy("What makes it possible to take part?"),
        gettext_lazy("What makes it possible for you to take part?"),
    ),
    "support": (
        gettext_lazy("What would help the person to arrive the first time?"),
        gettext_lazy("What would help you to come the first time?"),
    ),
    "support_note": (
        gettext_lazy("More about the help"),
        gettext_lazy("More about the help you would like"),
    ),
    "reach": (
        gettext_lazy("How do the person and the organisation find each other?"),
        gettext_lazy("How do you and the organisation find each other?"),
    ),
    "reach_value": (
        gettext_lazy("The person's phone number or e-mail"),
        gettext_lazy("Your phone number or e-mail"),
    ),
    "may_call": (
        gettext_lazy("The person may be called"),
        gettext_lazy("You may call me"),
    ),
    "may_leave_message": (
        gettext_lazy("A text message or a voice message may be left"),
        gettext_lazy("You may leave me a text message or a voice message"),
    ),
    "phone_read": (
        gettext_lazy("Does somebody else read the person's phone or mail?"),
        gettext_lazy("Does somebody else read your phone or mail?"),
    ),
    "best_time": (
        gettext_lazy("When is a good time to make contact?"),
        gettext_lazy("When is a good time for you?"),
    ),
    "meeting_about": (
        gettext_lazy("What is the joint meeting about?"),
        gettext_lazy("What is the joint meeting about?"),
    ),
    "own_words": (
        gettext_lazy("The person wants it said in these words"),
        gettext_lazy("I want to say it in these words"),
    ),
}
_HELP: dict[str, tuple[_Words, _Words]] = {
    "name": (
        gettext_lazy("A first name or any other name is enough. No surname, no identity code."),
        gettext_lazy("Your first name or any other name is enough. Do not write your surname or your identity code."),
    ),
    "hope": (
        gettext_lazy("What the person would like to do and what would be good about it. No illnesses, no diagnosis."),
        gettext_lazy("What would you like to do? You do not need to tell about illnesses."),
    ),
    "accessibility": (
        gettext_lazy("Only what the organisation needs to know beforehand: for example a place without stairs."),
        gettext_lazy("Only what the organisation needs to know beforehand: for example a place without stairs."),
    ),
    "support": (
        gettext_lazy("The organisation sees what is ticked and tells whether it can be arranged."),
        gettext_lazy("The organisation sees what you tick and tells whether it can be arranged."),
    ),
    "reach_value": (
        gettext_lazy("Leave this empty when the person makes contact."),
        gettext_lazy("Leave this empty when you make contact without help."),
    ),
    "phone_read": (
        gettext_lazy(
            "Think of everybody at home too. If somebody else may read it, it is safer that the person makes contact:"
            " then no number and no address is sent."
        ),
        gettext_lazy(
            "Think of everybody at home too. If somebody else may read it, it is safer that you make contact:"
            " then no number and no address is sent."
        ),
    ),
    "own_words": (
        gettext_lazy("Tick this only if the person has said so. The organisation then reads these words."),
        gettext_lazy("The organisation then reads these words."),
    ),
}
_REACH_OWN = {
    Reach.PHONE: pgettext_lazy("reach", "The organisation calls me or sends a text message"),
    Reach.EMAIL: pgettext_lazy("reach", "The organisation writes me an e-mail"),
    Reach.COMES: pgettext_lazy("reach", "I make contact; my contact details are not sent"),
}
_SUPPORT_OWN = {
    Support.MET_AT_DOOR: gettext_lazy("Somebody meets me at the door or on the way"),
    Support.REMINDER: gettext_lazy("I am reminded the day before"),
    Support.TRANSPORT: gettext_lazy("I get help with the journey"),
    Support.INTERPRETER: gettext_lazy("I get an interpreter"),
}


def _text(most: int, rows: int = 0, **more: Any) -> forms.CharField:
    # What is typed here must not come up as a suggestion to whoever uses the machine next.
    attrs = {"autocomplete": "off"}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
    return forms.CharField(max_length=most, widget=widget, required=more.pop("required", False), **more)


def _tick() -> forms.BooleanField:
    return forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"autocomplete": "off"}))


class PersonForm(forms.Form):
    """What an organisation needs to receive a person warmly, and nothing else.

    is_own: the person fills it in. purpose: of a joint meeting its subject is asked too. organisations: names of those
    who will read it. A form that is valid gives `details`.
    """

    meeting_about = _text(
        HOPE_MOST, rows=4, required=True, error_messages={"required": gettext_lazy("Tell what the meeting is about.")}
    )
    name = _text(60, required=True, error_messages={"required": gettext_lazy("Write a first name or another name.")})
    hope = _text(
        HOPE_MOST, rows=5, required=True, error_messages={"required": gettext_lazy("Tell in a few words what for.")}
    )
    language = forms.ChoiceField(choices=SERVICE_LANGUAGES, widget=forms.Select(attrs={"autocomplete": "off"}))
    accessibility = _text(300, rows=2)
    support = forms.MultipleChoiceField(
        choices=Support.choices, required=False, widget=forms.CheckboxSelectMultiple(attrs={"autocomplete": "off"})
    )
    support_note = _text(300, rows=2)
    reach = forms.ChoiceField(
        choices=Reach.choices,
        widget=forms.RadioSelect(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Choose how contact is made.")},
    )
    reach_value = _text(254)
    may_call = _tick()
    may_leave_message = _tick()
    phone_read = forms.ChoiceField(
        choices=PhoneRead.choices, required=False, widget=forms.RadioSelect(attrs={"autocomplete": "off"})
    )
    best_time = _text(100)
    # Shown once words of health have been noticed.
    own_words = _tick()

    def __init__(
        self,
        data: Any = None,
        *,
        is_own: bool = False,
        purpose: str = Purpose.REFERRAL,
        organisations: Sequence[str] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"language": _own_language(), **(initial or {})})
        self.is_own = is_own
        self.organisations = list(organisations)
        self._has_health = False
        if purpose != Purpose.JOINT_MEETING:
            del self.fields["meeting_about"]
        for name, field in self.fields.items():
            field.label = _LABELS[name][is_own]
            field.help_text = _HELP[name][is_own] if name in _HELP else ""
        if is_own:
            self.fields["reach"].choices = list(_REACH_OWN.items())
            self.fields["support"].choices = list(_SUPPORT_OWN.items())
        if self.organisations:
            self.fields["reach"].help_text = gettext_lazy("Only these read it: %(organisations)s.") % {
                # A help text is written out as it is.
                "organisations": escape(", ".join(self.organisations))
            }

    def details(self) -> PersonDetails:
        """What is to be sent. Of a valid form only."""
        known = self.cleaned_data
        return PersonDetails(
            name=known["name"],
            hope=known["hope"],
            reach=known["reach"],
            reach_value=known["reach_value"],
            language=known["language"],
            accessibility=known["accessibility"],
            support=tuple(known["support"]),
            support_note=known["support_note"],
            may_call=known["may_call"],
            may_leave_message=known["may_leave_message"],
            phone_read=known["phone_read"],
            best_time=known["best_time"],
            meeting_about=known.get("meeting_about", ""),
        )

    @property
    def shows_own_words(self) -> bool:
        """Whether the tick that lets words of health through is shown: once some have been noticed."""
        self.is_valid()
        return self._has_health

    def clean(self) -> dict[str, Any]:
        """Look at every text, and at how the answers about contact fit together."""
        known: dict[str, Any] = super().clean() or self.cleaned_data
        for name in list(known):
            if isinstance(known[name], str) and name not in ("language", "reach", "phone_read"):
                self._notice(name, known[name], lets_health=bool(known.get("own_words")))
        self._check_reach(known)
        return known

    def _notice(self, name: str, text: str, *, lets_health: bool) -> None:
        found = notice_in(text)
        kinds = {each.notice for each in found}
        if Notice.IDENTITY_CODE in kinds:
            self.add_error(name, _("This looks like a personal identity code. It is never sent: take it out."))
        if name == "reach_value":
            return
        if Notice.PHONE in kinds:
            self.add_error(name, _("This looks like a phone number. Write it where the phone number is asked."))
        if Notice.EMAIL in kinds:
            self.add_error(name, _("This looks like an e-mail address. Write it where the e-mail is asked."))
        if Notice.HEALTH in kinds:
            self._has_health = True
            if not lets_health:
                words = ", ".join(_once(each.words for each in found if each.notice is Notice.HEALTH))
                self.add_error(name, self._health_words() % {"words": words})

    def _health_words(self) -> str:
        if self.is_own:
            return _(
                "These words tell about your health: %(words)s. The organisation does not need to know it. Take them"
                " out, or tick at the end of the form that you want to say it in these words."
            )
        return _(
            "These words tell about health: %(words)s. The activity does not need them. Take them out, or tick at the"
            " end of the form that the person wants it said in these words."
        )

    def _check_reach(self, known: dict[str, Any]) -> None:
        reach, value = known.get("reach"), known.get("reach_value", "")
        if reach != Reach.PHONE:
            # There is no number to call.
            known["may_call"] = known["may_leave_message"] = False
        if reach == Reach.COMES and value:
            self.add_error("reach_value", _("Leave this empty, or choose that the organisation makes contact."))
        if reach in (Reach.PHONE, Reach.EMAIL) and "reach_value" in known:
            self._check_value(reach, value)
        if reach == Reach.PHONE and not (known.get("may_call") or known.get("may_leave_message")):
            self.add_error("may_call", _("Tick whether one may call or leave a message, or choose another way."))
        if reach in (Reach.PHONE, Reach.EMAIL) and not known.get("phone_read"):
            self.add_error("phone_read", _("Answer this: it tells how careful the organisation has to be."))
        known["phone_read"] = known.get("phone_read") or PhoneRead.UNKNOWN.value

    def _check_value(self, reach: str, value: str) -> None:
        if reach == Reach.PHONE and not _PHONE.fullmatch(_BETWEEN.sub("", value)):
            self.add_error("reach_value", _("Write a phone number, for example 045 123 4567 or +46 70 123 45 67."))
        if reach == Reach.EMAIL:
            try:
                EmailValidator()(value)
            except ValidationError:
                self.add_error("reach_value", _("Write an e-mail address, for example name@example.fi."))


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _own_language() -> str:
    """The reader's language, if one can be spoken to in it: easy Finnish is spoken as Finnish."""
    return (get_language() or "fi").partition("-")[0]
