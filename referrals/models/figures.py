"""Figures as they were told: counts that may be told (referrals.figures.protection), and no others. No enquiry."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ToldQuarter(models.Model):
    """What is told of one quarter. Reckoned once and never again: what moved afterwards would tell who moved it."""

    # «2026-3»
    quarter = models.CharField(max_length=6, unique=True)
    told_on = models.DateField()
    # As referrals.figures.tables.Told writes itself.
    figures = models.JSONField()

    class Meta:
        verbose_name = _("referrals of a quarter in figures")
        verbose_name_plural = _("referrals in figures")
        ordering = ["-quarter"]

    def __str__(self) -> str:
        return self.quarter
