"""What people tell us about mistakes. Writing one is an action; here is only the record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FactReport(models.Model):
    """A reader's word that something in a listing is wrong."""

    service = models.ForeignKey("directory.Service", on_delete=models.CASCADE, related_name="reports")
    message = models.TextField(_("what is wrong?"), max_length=2000)
    # Emptied when the report is answered and a while has passed.
    email = models.EmailField(_("your e-mail, if you want an answer"), blank=True)
    language = models.CharField(max_length=10, default="fi")
    reported_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(_("answer to the reader"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{self.service}: {self.message[:40]}"
