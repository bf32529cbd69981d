"""Workers' teams: who may send referrals, and who sees them. A team is of an organisation of the directory."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from referrals.choices import MemberState, TeamRole


class TeamQuerySet(models.QuerySet["Team"]):
    """Ways to read teams."""

    def open(self) -> "TeamQuerySet":
        """Those whose members may send."""
        return self.filter(approved_at__isnull=False, closed_at__isnull=True)

    def waiting(self) -> "TeamQuerySet":
        """Those that nobody has approved or refused yet."""
        return self.filter(approved_at__isnull=True, closed_at__isnull=True)

    def of(self, user: Any) -> "TeamQuerySet":
        """The open teams of which this person is an approved member."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        return self.open().filter(members__user=user, members__state=MemberState.ACTIVE).distinct()

    def in_areas(self, counties: list[str] | None) -> "TeamQuerySet":
        """Those of organisations in these counties (codes); None: all."""
        return self if counties is None else self.filter(organisation__home_municipality__county__in=counties)

    def with_people(self) -> "TeamQuerySet":
        """With `active_count`, `lead_count` and `waiting_count` of their members."""
        active = Q(members__state=MemberState.ACTIVE, members__user__is_active=True)
        return self.annotate(
            active_count=Count("members", filter=active),
            lead_count=Count("members", filter=active & Q(members__role=TeamRole.LEAD)),
            waiting_count=Count("members", filter=Q(members__state=MemberState.WAITING)),
        )


class Team(models.Model):
    """Workers who see each other's referrals and nobody else's."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referral_teams")
    name = models.CharField(_("name of the team"), max_length=120)
    asked_at = models.DateTimeField(auto_now_add=True)
    # Refused: closed without ever having been approved.
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team of workers")
        verbose_name_plural = _("teams of workers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether its members may send."""
        return self.approved_at is not None and self.closed_at is None


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """Ways to read members."""

    def active(self) -> "TeamMemberQuerySet":
        """Approved, with an open account."""
        return self.filter(state=MemberState.ACTIVE, user__is_active=True)

    def waiting(self) -> "TeamMemberQuerySet":
        """Whom nobody has approved or refused yet."""
        return self.filter(state=MemberState.WAITING)


class TeamMember(models.Model):
    """A worker's place in a team. It is not deleted when it ends: the log tells who could see what, and when."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_places")
    role = models.CharField(_("role"), max_length=10, choices=TeamRole.choices, default=TeamRole.MEMBER)
    state = models.CharField(max_length=10, choices=MemberState.choices, default=MemberState.WAITING)
    message = models.TextField(_("who are you, and what is your work?"), max_length=600, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        ordering = ["team", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="worker_once_in_team")]

    def __str__(self) -> str:
        return f"{self.user}: {self.team}"
