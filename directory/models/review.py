"""Edits on their way: what was sent for approval, and what was typed but not saved. Deciding is directory.actions'."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory import choices
from directory.models.organisation import Organisation


class ReviewQuerySet(models.QuerySet["Review"]):
    """Ways to read reviews."""

    def waiting(self) -> "ReviewQuerySet":
        """Those that nobody has decided."""
        return self.filter(state=choices.ReviewState.WAITING)


class Review(models.Model):
    """One edit of a service or of an organisation's own facts that waits for, or got, a decision.

    What is public stays as it was until then. The edit itself is a Wagtail revision.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reviews")
    # None: the edit is of the organisation itself.
    service = models.ForeignKey(
        "directory.Service", null=True, blank=True, on_delete=models.CASCADE, related_name="reviews"
    )
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    # What was public when it was sent: the side the reviewer compares with. None: nothing was.
    public_revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_at = models.DateTimeField()
    note = models.TextField(_("a word to the reviewer"), max_length=1000, blank=True)
    # The keeper said while sending: all of it is right as of this day.
    checked_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=choices.ReviewState.choices, default=choices.ReviewState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=15, blank=True, choices=choices.SendBackReason.choices)
    words = models.TextField(_("in your own words"), max_length=2000, blank=True)
    # The keeper has seen what came back.
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state=choices.ReviewState.WAITING, service__isnull=False),
                name="one_waiting_review_of_a_service",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(state=choices.ReviewState.WAITING, service__isnull=True),
                name="one_waiting_review_of_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service or self.organisation}: {self.get_state_display()}"


class UnsavedInput(models.Model):
    """What a person has typed into one step of a form and not saved, as the browser sent it.

    Kept raw, so that what is not valid yet is not lost either. Deleted when the step is saved.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    # None: of a service that has no row yet.
    service = models.ForeignKey("directory.Service", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=30)
    # Field name → list of values.
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "service", "step"], name="unsaved_input_once"),
            models.UniqueConstraint(
                fields=["user", "organisation", "step"],
                condition=models.Q(service=None),
                name="unsaved_input_of_a_new_one_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.step}"
