"""The log of referrals: who did or opened what, and when. Append-only; each line carries the hash of the one before.

Written by referrals.audit alone. It names no person who is referred, only the referral's UUID.
"""

from typing import Any, NoReturn

from django.db import models

from referrals.choices import Act, LogEvent, Party

# The same word for an act and its line.
EVENTS = [*LogEvent.choices, *Act.choices]


class AppendOnlyError(Exception):
    """A line of the log is never changed."""


class LogLineQuerySet(models.QuerySet["LogLine"]):
    """Ways to read the log. Lines leave it only from its beginning (referrals.audit.prune)."""

    def update(self, **values: Any) -> NoReturn:
        """Never."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Never, but from the beginning."""
        raise AppendOnlyError

    def remove_up_to(self, number: int) -> int:
        """For referrals.audit alone, which remembers where the log begins then: how many."""
        removed, _by_model = models.QuerySet.delete(self.filter(number__lte=number))
        return removed

    def of_referral(self, uuid: Any) -> "LogLineQuerySet":
        """The lines about one referral, the oldest first."""
        return self.filter(referral=uuid).order_by("number")


class LogLine(models.Model):
    """One line."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    referral = models.UUIDField(db_index=True)
    enquiry = models.UUIDField(null=True, blank=True)
    event = models.CharField(max_length=20, choices=EVENTS)
    party = models.CharField(max_length=15, choices=Party.choices)
    # Who: an account, or the link that was opened. By id: the log outlives both.
    user_id_then = models.PositiveBigIntegerField(null=True, blank=True)
    link = models.UUIDField(null=True, blank=True)
    # In the name of which organisation or team, as it was called then.
    in_name_of = models.CharField(max_length=200, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = LogLineQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new line; a written one raises AppendOnlyError."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never one by one."""
        raise AppendOnlyError

    @property
    def user(self) -> Any:
        """The account, if it is still there."""
        from django.contrib.auth import get_user_model

        return get_user_model().objects.filter(pk=self.user_id_then).first() if self.user_id_then else None


class LogHead(models.Model):
    """Where the log ends, and where what is left of it begins. One row; whoever appends locks it."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    # The last line that was removed for its age.
    pruned_number = models.PositiveBigIntegerField(default=0)
    pruned_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.number)
