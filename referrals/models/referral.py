"""A referral and its enquiries: one to each organisation that is asked. What is said about the person is sealed."""

import datetime
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from directory.choices import Stage
from directory.models import Organisation
from portal.base import languages
from referrals import choices
from referrals.choices import State
from referrals.guidance import Guidance, guidance_of
from referrals.models.team import Team
from referrals.sealing import seal, unseal
from referrals.states import FINAL, OPEN


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Ways to read referrals. None of them says who may: that is referrals.permissions."""

    def of_teams(self, teams: Iterable[Team]) -> "ReferralQuerySet":
        """Those that these teams sent."""
        return self.filter(team__in=list(teams))

    def open(self) -> "ReferralQuerySet":
        """Those with an enquiry that is not at its end."""
        return self.filter(closed_at__isnull=True)

    def open_at(self, moment: datetime.datetime) -> "ReferralQuerySet":
        """Those that are open, or were at this moment."""
        return self.filter(models.Q(closed_at__isnull=True) | models.Q(closed_at__gt=moment))


class Referral(models.Model):
    """What was sent, by whom, and on which consent. Who it is about stands in Person alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=15, choices=choices.Purpose.choices, default=choices.Purpose.REFERRAL)
    origin = models.CharField(max_length=10, choices=choices.Origin.choices)
    stage = models.CharField(max_length=1, choices=Stage.choices)
    # Both empty when the person sent it. keeper: who answers the organisations' questions just now.
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals")
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="kept_referrals"
    )
    # What the organisations write to the sender about, and the person's pages, begin in this language.
    language = models.CharField(max_length=20, default=languages.FINNISH)
    consent_how = models.CharField(_("how"), max_length=10, choices=choices.ConsentHow.choices)
    consent_at = models.DateTimeField()
    # The statutory need was looked at: it is taken care of beside this.
    is_beside_statutory = models.BooleanField(default=False)
    # Keyed hash of the person's code; None when the code is no longer of use.
    code_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    sent_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the last enquiry came to its end.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["closed_at"]), models.Index(fields=["withdrawn_at"])]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def guidance(self) -> Guidance:
        """The form of guidance of its stage."""
        return guidance_of(self.stage)

    @property
    def is_own(self) -> bool:
        """Whether the person sent it without a worker."""
        return self.origin == choices.Origin.OWN

    @property
    def is_open(self) -> bool:
        """Whether any enquiry of it is not at its end."""
        return self.closed_at is None

    @property
    def reference(self) -> str:
        """The number that a person tells an organisation when they make contact. No secret: it opens nothing."""
        digits = f"{self.uuid.int % 1_000_000:06d}"
        return f"{digits[:3]} {digits[3:]}"


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Ways to read enquiries."""

    def open(self) -> "EnquiryQuerySet":
        """Those not at their end."""
        return self.filter(state__in=OPEN)


class Enquiry(models.Model):
    """A referral's question to one organisation about one of its listings."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="enquiries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enquiries")
    # The service's UUID and its name as it was then: a listing may end before its referral does.
    service_key = models.UUIDField(db_index=True)
    title = models.CharField(max_length=150)
    # On which consent this organisation was asked: those asked later have one of their own.
    consent_how = models.CharField(max_length=10, choices=choices.ConsentHow.choices)
    consent_at = models.DateTimeField()
    state = models.CharField(max_length=15, choices=State.choices, default=State.SENT)
    # Grows with every act: who acts on an older one is told.
    version = models.PositiveIntegerField(default=1)
    decline_reason = models.CharField(max_length=20, blank=True, choices=choices.DeclineReason.choices)
    # A meeting that is agreed (ACCEPTED) or suggested (SUGGESTED). Where: with the other words, sealed.
    meeting_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(help_text="Since when the one whose turn it is has been waited for.")
    first_answer_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    silence_told_at = models.DateTimeField(null=True, blank=True)
    was_good = models.CharField(max_length=10, blank=True, choices=choices.Good.choices)
    changed_at = models.DateTimeField()

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["referral", "pk"]
        constraints = [models.UniqueConstraint(fields=["referral", "service_key"], name="service_asked_once")]
        indexes = [models.Index(fields=["organisation", "state"]), models.Index(fields=["state", "waits_since"])]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether it is not at its end."""
        return State(self.state) not in FINAL

    @property
    def is_silent(self) -> bool:
        """Whether the organisation has not answered for so long that the sender was told."""
        return self.state == State.SENT and self.silence_told_at is not None


class Message(models.Model):
    """Words of an act, sealed: a question, its answer, a place of meeting, the reason in one's own words."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    act = models.CharField(max_length=20, choices=choices.Act.choices)
    party = models.CharField(max_length=15, choices=choices.Party.choices)
    at = models.DateTimeField()
    sealed = models.TextField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def text(self) -> str:
        """The words."""
        return unseal(self.sealed)

    @text.setter
    @sensitive_variables()
    def text(self, text: str) -> None:
        self.sealed = seal(text)


class Tally(models.Model):
    """What figures are counted from: an enquiry without its person, its worker and its day.

    Written beside the enquiry by the same acts; when the enquiry is removed, the link falls away and this stays.
    """

    enquiry = models.OneToOneField(Enquiry, null=True, blank=True, on_delete=models.SET_NULL, related_name="tally")
    # The first day of the month of sending, in Helsinki.
    month = models.DateField(db_index=True)
    purpose = models.CharField(max_length=15, choices=choices.Purpose.choices)
    origin = models.CharField(max_length=10, choices=choices.Origin.choices)
    stage = models.CharField(max_length=1, choices=Stage.choices)
    # Code of the receiving organisation's wellbeing services county, or empty.
    county = models.CharField(max_length=2, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="referral_tallies")
    service_key = models.UUIDField(db_index=True)
    # Codes of the listing's topics when it was sent.
    topics = models.JSONField(default=list)
    # How many enquiries its referral has had, so that figures know from how many people they come at least.
    asked_with = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=15, choices=State.choices)
    decline_reason = models.CharField(max_length=20, blank=True, choices=choices.DeclineReason.choices)
    # Working days from sending to the first answer; None: none yet.
    reply_days = models.PositiveSmallIntegerField(null=True, blank=True)
    was_silent = models.BooleanField(default=False)
    was_accepted = models.BooleanField(default=False)
    has_arrived = models.BooleanField(default=False)
    went_on = models.BooleanField(default=False)
    was_good = models.CharField(max_length=10, blank=True, choices=choices.Good.choices)

    class Meta:
        ordering = ["month", "pk"]

    def __str__(self) -> str:
        return str(self.pk)
