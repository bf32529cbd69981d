"""Letters that an administrator writes to the keepers of a chosen set: what was written, to whom, and when it went."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailingQuerySet(models.QuerySet["Mailing"]):
    """Ways to read mailings."""

    def sent(self) -> "MailingQuerySet":
        """Those that went out."""
        return self.filter(sent_at__isnull=False)


class Mailing(models.Model):
    """One letter to many. It is tried on its writer first, and goes out once (directory.actions.mailing)."""

    # What the keys of its letters are made of.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    # The query string of a directory.selection.Selection.
    selection = models.TextField(blank=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    written_at = models.DateTimeField(auto_now_add=True)
    # When its writer got this very text as a test.
    tested_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How many letters were written. None: they are being written.
    count = models.PositiveIntegerField(null=True, blank=True, editable=False)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to keepers")
        verbose_name_plural = _("letters to keepers")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.title
