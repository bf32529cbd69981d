"""How soon the organisation behind a service usually answers, as the public may know it: a figure alone, no enquiry.

Where it comes from is not this room's to know; it is set and taken away by directory.actions.reply_times alone.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReplyTime(models.Model):
    """The usual time to an answer about one service."""

    # The service's UUID: the same in every language.
    key = models.UUIDField(unique=True)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    counted_on = models.DateField(_("counted on"))

    class Meta:
        verbose_name = _("usual reply time")
        verbose_name_plural = _("usual reply times")

    def __str__(self) -> str:
        return f"{self.key}: {self.working_days}"
