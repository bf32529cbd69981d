"""Everything this room stores. Who is referred stands in Person and Message alone, sealed."""

from referrals.models.controller import Controller
from referrals.models.figures import ToldQuarter
from referrals.models.links import Link
from referrals.models.log import AppendOnlyError, LogHead, LogLine
from referrals.models.person import Person, PersonDetails
from referrals.models.referral import Enquiry, Message, Referral, Tally
from referrals.models.team import Team, TeamMember

__all__ = [
    "AppendOnlyError",
    "Controller",
    "Enquiry",
    "Link",
    "LogHead",
    "LogLine",
    "Message",
    "Person",
    "PersonDetails",
    "Referral",
    "Tally",
    "Team",
    "TeamMember",
    "ToldQuarter",
]
