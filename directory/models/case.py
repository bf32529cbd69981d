"""The moderators' queue: one row for each thing that waits for a person of the directory, and what they noted of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory import choices
from directory.models.organisation import Organisation
from directory.models.people import Claim
from directory.models.report import FactReport
from directory.models.review import Review
from directory.models.vocabulary import County


class CaseQuerySet(models.QuerySet["Case"]):
    """Ways to read the queue."""

    def open(self) -> "CaseQuerySet":
        """What waits."""
        return self.filter(closed_at=None)

    def in_areas(self, counties: list | None) -> "CaseQuerySet":
        """Of these counties (codes); None: all (directory.permissions.areas_of)."""
        return self if counties is None else self.filter(county__in=counties)


class Case(models.Model):
    """Something that waits for a person of the directory. The same thing never waits twice."""

    kind = models.CharField(_("what"), max_length=12, choices=choices.CaseKind.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="cases"
    )
    # The service's UUID.
    key = models.UUIDField(null=True, blank=True, db_index=True)
    review = models.OneToOneField(Review, null=True, blank=True, on_delete=models.CASCADE, related_name="case")
    claim = models.OneToOneField(Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="case")
    report = models.OneToOneField(FactReport, null=True, blank=True, on_delete=models.CASCADE, related_name="case")
    # Whose area it is. None: nobody's in particular, so the central editors'.
    county = models.ForeignKey(
        County, verbose_name=_("area"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose task"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    watchers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["opened_at", "pk"]
        constraints = [
            # Of those that are about a service and nothing else.
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(closed_at=None, review=None, claim=None, report=None, key__isnull=False),
                name="one_open_case_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation or ''}"


class CaseNote(models.Model):
    """What a moderator wrote down about a case, for the other moderators."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
