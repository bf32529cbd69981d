"""What the freshness engine remembers: checks, stages, whom it asked and what they answered, campaigns, evidence.

A service is meant here by its UUID (`key`): a check, a stage and a question hold for all its languages.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory import choices
from directory.models.organisation import Organisation


class Check(models.Model):
    """A person made sure that a listing is right: who, when and how. Never changed, never deleted by the site."""

    key = models.UUIDField(db_index=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Of somebody who answered from the organisation's shared mailbox.
    by_name = models.CharField(max_length=100, blank=True)
    how = models.CharField(max_length=10, choices=choices.CheckedHow.choices)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.key} {self.on}"


class UpkeepQuerySet(models.QuerySet["Upkeep"]):
    """Ways to read upkeep."""

    def hidden(self) -> "UpkeepQuerySet":
        """Of services that the engine took off the public side, since nobody answered for them."""
        return self.filter(hidden_on__isnull=False)


class Upkeep(models.Model):
    """Where one service stands in its round of questions. The stage itself follows from dates (directory.freshness)."""

    key = models.UUIDField(primary_key=True)
    # What the engine last found, so that a change is told of once.
    stage = models.CharField(max_length=10)
    stage_since = models.DateField()
    # The date that this round counts from: a check ends it and begins another.
    counts_from = models.DateField()
    # The last step of this round that was taken, and when.
    step = models.PositiveSmallIntegerField(choices=choices.NoticeStep.choices, null=True, blank=True)
    notices = models.PositiveSmallIntegerField(default=0)
    last_notice_on = models.DateField(null=True, blank=True)
    hidden_on = models.DateField(null=True, blank=True, db_index=True)

    objects = UpkeepQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"


class StageChange(models.Model):
    """One change of a service's stage, as the engine found it."""

    key = models.UUIDField(db_index=True)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    on = models.DateField(db_index=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.key} {self.before} → {self.after}"


class Notice(models.Model):
    """One question to a person, or to an organisation's mailbox, about all that they should look at. One mail a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField()
    campaign = models.ForeignKey(
        "directory.Campaign", null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["address", "on"], name="one_notice_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.items.count()}"


class NoticeItem(models.Model):
    """One service of a notice, and what was answered. An answer is given once."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    key = models.UUIDField(db_index=True)
    step = models.PositiveSmallIntegerField(choices=choices.NoticeStep.choices, null=True, blank=True)
    # The round it belongs to: `Upkeep.counts_from` at the time.
    counts_from = models.DateField()
    answer = models.CharField(max_length=15, blank=True, choices=choices.Answer.choices)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "key"], name="service_once_in_a_notice")]

    def __str__(self) -> str:
        return f"{self.key} {self.answer}"


class Campaign(models.Model):
    """An administrator asks the keepers of a chosen set to check it by a day: before the summer, at Christmas."""

    title = models.CharField(_("name of the campaign"), max_length=120)
    message = models.TextField(_("a word to the keepers"), max_length=1000, blank=True)
    due_on = models.DateField(_("to be checked by"))
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.title


class CampaignService(models.Model):
    """A service that a campaign asks about."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="services")
    key = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="service_once_in_a_campaign")]

    def __str__(self) -> str:
        return str(self.key)


class Finding(models.Model):
    """Automatic evidence that something in a listing may be wrong. Shown to the keeper; never a check."""

    key = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=15, choices=choices.FindingKind.choices)
    # The link, the number, the address in question.
    what = models.CharField(max_length=500)
    found_on = models.DateField()

    class Meta:
        ordering = ["found_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["key", "kind", "what"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"
