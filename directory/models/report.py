"""What people tell us about mistakes. Writing one is an action; here is only the record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FactReport(models.Model):
    """A reader's word that something in a listing is wrong."""

    service = models.ForeignKey("directory.Service", on_delete=models.CASCADE, related_name="reports")
    message = models.TextField(_("what is wrong?"), max_length=2000)
    email = models.EmailField(_("your e-mail, if you want an answer"), blank=True)
    reported_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{self.service}: {self.message[:40]}"
