"""Letters, what became of them, and the addresses where nothing arrives. All are written by portal.post.letters alone.

A letter is data about a person: its text is emptied as soon as it is not needed, and the row is removed in time.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.post.bounces import Kind


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, by where they are."""

    def to_send(self, now: datetime.datetime, cut_off_after: datetime.timedelta) -> "LetterQuerySet":
        """Whose time has come, and those whose sending began so long ago that nobody can still be at it."""
        State = Letter.State  # noqa: N806 it is a class
        return self.filter(
            Q(state=State.WAITING, due_at__lte=now) | Q(state=State.SENDING, sending_at__lte=now - cut_off_after)
        )

    def finished(self) -> "LetterQuerySet":
        """That will not be sent any more."""
        return self.filter(state__in=Letter.FINAL)


class Letter(models.Model):
    """One letter of the site to one person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        BOUNCED = "bounced", _("Came back")
        FAILED = "failed", _("Could not be sent")

    FINAL = (State.SENT, State.BOUNCED, State.FAILED)

    key = models.CharField(
        max_length=200, unique=True, help_text="What the letter is about; a second one of the same key is not written."
    )
    to = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="letters"
    )
    language = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not to be tried before.")
    sending_at = models.DateTimeField(null=True, blank=True, help_text="When the last try began.")
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_kind = models.CharField(max_length=10, blank=True, choices=[(kind.value, kind.value) for kind in Kind])
    error = models.CharField(
        max_length=100, blank=True, help_text="The class of the last error alone: its words can hold an address."
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = [F("created_at").desc(), F("pk").desc()]
        indexes = [
            models.Index(fields=["state", "due_at"], name="post_letter_state_due"),
            models.Index(fields=["created_at"], name="post_letter_created"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class BouncedAddress(models.Model):
    """An address where letters do not arrive. Nothing is sent there until somebody shows otherwise."""

    email = models.EmailField(unique=True, help_text="In small letters.")
    bounced_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
