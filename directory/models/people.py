"""Who may keep an organisation's listings: members, invitations, claims, and who answers for an area."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory import choices
from directory.models.organisation import Organisation
from directory.models.vocabulary import County, Municipality


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Ways to read memberships."""

    def reachable(self) -> "MembershipQuerySet":
        """Of people whose account is open. Whether their mail comes back is the post's to say."""
        return self.filter(user__is_active=True)

    def of(self, user) -> "MembershipQuerySet":
        """This person's, with the organisations."""
        return self.filter(user=user).select_related("organisation")


class Membership(models.Model):
    """A person of an organisation, with a role. It ends by being deleted; the log keeps who, when and by whom."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=choices.Role.choices)
    since = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["organisation", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Ways to read invitations."""

    def open(self, at: datetime.datetime | None = None) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, cancelled_at=None, expires_at__gt=at or timezone.now())


class Invitation(models.Model):
    """A word to an address: come and keep our listings. Works once, for a while, and acts on POST only."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=choices.Role.choices, default=choices.Role.WRITER)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Handing over: when it is accepted, the inviter's own part goes to the new person.
    hands_over = models.BooleanField(default=False)
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.email}"


class Claim(models.Model):
    """A person says: I may keep this organisation's listings. Or: our organisation is missing, here it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="claims"
    )
    # Of an organisation that is not in the directory yet.
    proposed_name = models.CharField(_("name of the organisation"), max_length=150, blank=True)
    proposed_business_id = models.CharField(_("business ID (Y-tunnus)"), max_length=9, blank=True)
    proposed_sector = models.CharField(
        _("kind of organisation"), max_length=30, blank=True, choices=choices.Sector.choices
    )
    proposed_municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("home municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_website = models.URLField(_("website"), max_length=500, blank=True)
    message = models.TextField(_("who are you in the organisation?"), max_length=1000, blank=True)
    claimed_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=choices.ClaimState.choices, default=choices.ClaimState.WAITING)
    proof = models.CharField(_("how it was made sure"), max_length=15, blank=True, choices=choices.Proof.choices)
    proof_note = models.TextField(_("what was seen or heard, and from whom"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(_("a word to the person"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["claimed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(state=choices.ClaimState.WAITING),
                name="one_waiting_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.organisation or self.proposed_name}"


class AreaRole(models.Model):
    """A regional administrator: approves and helps the organisations of one wellbeing services county."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="area_roles")
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="area_roles")

    class Meta:
        verbose_name = _("regional administrator")
        verbose_name_plural = _("regional administrators")
        ordering = ["county", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "county"], name="area_role_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.county}"
