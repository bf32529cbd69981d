"""What people decided of likely duplicates: not the same after all, or merged, and into which."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DuplicateKind(models.TextChoices):
    """What may be in the directory twice."""

    SERVICE = "service", _("Service")
    ORGANISATION = "organisation", _("Organisation")


class NotDuplicate(models.Model):
    """A person said: these two look alike and are not the same. They are not offered again."""

    kind = models.CharField(max_length=12, choices=DuplicateKind.choices)
    # UUIDs of the two, the smaller first: a pair has no order.
    a = models.UUIDField()
    b = models.UUIDField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "a", "b"], name="not_duplicate_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="not_duplicate_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.a} ≠ {self.b}"

    @staticmethod
    def ordered(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
        """The pair as it is kept."""
        return (one, other) if one.hex < other.hex else (other, one)


class MergedQuerySet(models.QuerySet["Merged"]):
    """Ways to read what was merged."""

    def kept_of(self, kind: str, dropped: "list[uuid.UUID] | models.QuerySet") -> dict[uuid.UUID, uuid.UUID]:
        """Dropped UUID → the one it was merged into; of these UUIDs, or of a query for them."""
        return dict(self.filter(kind=kind, dropped__in=dropped).values_list("dropped", "kept"))


class Merged(models.Model):
    """A duplicate and what it was merged into: old addresses and collected lists lead on to the one that is kept."""

    kind = models.CharField(max_length=12, choices=DuplicateKind.choices)
    dropped = models.UUIDField(unique=True)
    kept = models.UUIDField(db_index=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)

    objects = MergedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.dropped} → {self.kept}"
