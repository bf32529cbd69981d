"""Links by which an organisation opens an enquiry without an account. The words of a link: referrals.links."""

import datetime
import uuid

from django.conf import settings
from django.db import models

from referrals.models.referral import Enquiry


class LinkQuerySet(models.QuerySet["Link"]):
    """Ways to read links."""

    def usable(self, at: datetime.datetime) -> "LinkQuerySet":
        """Those that still open something."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class Link(models.Model):
    """One signed link to one address. Works once: when the code that proves the address has been typed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="links")
    # An organisation's mailbox or its keeper's address; never the person's.
    address = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # The second proof: keyed hash of six digits that were mailed to the same address.
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    code_tries = models.PositiveSmallIntegerField(default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return str(self.uuid)
