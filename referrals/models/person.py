"""What is known about the person of a referral: one sealed text, and the plain values in it. Nothing else holds it."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.views.decorators.debug import sensitive_variables

from directory.choices import SERVICE_LANGUAGES
from referrals.choices import PhoneRead, Reach, Support
from referrals.sealing import seal, unseal


@dataclass(frozen=True, repr=False)
class PersonDetails:
    """The least that an organisation needs to receive a person warmly. Its repr is empty: it never reaches a log.

    name: first name or alias. reach_value: phone or e-mail, as `reach` says; empty when the person makes contact.
    hope: in the person's own words. language: BCP 47. code: by which the person opens their own view.
    """

    name: str
    hope: str
    reach: str = Reach.COMES.value
    reach_value: str = ""
    language: str = "fi"
    accessibility: str = ""
    support: tuple[str, ...] = ()
    support_note: str = ""
    may_call: bool = False
    may_leave_message: bool = False
    phone_read: str = PhoneRead.UNKNOWN.value
    best_time: str = ""
    # Of a joint meeting.
    meeting_about: str = ""
    code: str = field(default="")

    def __repr__(self) -> str:
        return "PersonDetails(…)"

    @property
    def needs_care(self) -> bool:
        """Whether somebody else may read or hear what is sent to the person."""
        return self.phone_read != PhoneRead.NO

    @property
    def makes_contact(self) -> bool:
        """Whether the person makes contact: there is no number and no address."""
        return self.reach == Reach.COMES

    # Named as Django names the label of a choice.
    def get_language_display(self) -> str:
        """The language to be used, in the reader's words."""
        return str(dict(SERVICE_LANGUAGES).get(self.language, self.language))

    def get_support_display(self) -> list[str]:
        """What helps the person to arrive, in the reader's words."""
        return [str(Support(code).label) for code in self.support if code in Support.values]


class Person(models.Model):
    """The sealed details of one referral's person. When the time comes the row is removed, and with it the person."""

    referral = models.OneToOneField("referrals.Referral", on_delete=models.CASCADE, related_name="person")
    sealed = models.TextField()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    @sensitive_variables()
    def details(self) -> PersonDetails:
        """What is known. Opening it for somebody is written into the log by whoever shows it (referrals.reading)."""
        values: dict[str, Any] = unseal(self.sealed)
        values["support"] = tuple(values.get("support", ()))
        return PersonDetails(**values)

    @details.setter
    @sensitive_variables()
    def details(self, details: PersonDetails) -> None:
        self.sealed = seal(dataclasses.asdict(details))
