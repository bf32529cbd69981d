"""Who writes first: the one order in which every verb of this room locks what it writes. No rules, no permissions.

The team, the referral, its enquiry, the listing (directory.locking), and last of all the head of the log
(referrals.audit), for which everybody waits. Two verbs then never wait for each other, and none overwrites what the
other has just written. Only inside a transaction; SQLite, where one writes at a time, needs none of it.
"""

from referrals.models import Enquiry, Referral, Team


def lock_team(team: Team | None) -> None:
    """Keep a team, its members and what it may send as they are until the transaction ends; None: nobody's."""
    if team is not None:
        # no_key, here and below: rows that only refer to it are still written.
        list(Team.objects.select_for_update(no_key=True).filter(pk=team.pk).values_list("pk"))


def lock_referral(referral: Referral) -> Referral:
    """The referral as it is now, held until the transaction ends. Raises Referral.DoesNotExist: it was removed."""
    return Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)


def lock_referral_of_team(referral: Referral) -> Referral:
    """The same, for what hangs on who is in its team: the team is held too."""
    lock_team(referral.team)
    return lock_referral(referral)


def lock_enquiry(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it is now, held with its referral until the transaction ends. Raises Referral.DoesNotExist or
    Enquiry.DoesNotExist when it was removed."""
    referral = Referral.objects.select_for_update(no_key=True).get(pk=enquiry.referral_id)
    locked = Enquiry.objects.select_for_update(no_key=True).get(pk=enquiry.pk)
    locked.referral = referral
    return locked
