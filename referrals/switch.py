"""Whether referrals are in use on this site: an administrator has said so and has told who answers for the data."""

from referrals.models import Controller


class NotInUseError(Exception):
    """Referrals are not switched on: nothing about a person may be taken in."""


def controller() -> Controller:
    """Who answers for the data of referrals; empty before an administrator has filled it in."""
    return Controller.objects.first() or Controller()


def is_in_use() -> bool:
    """Whether a referral can be sent."""
    return controller().is_in_use


def require_in_use() -> None:
    """Raises NotInUseError unless referrals are in use."""
    if not is_in_use():
        raise NotInUseError
