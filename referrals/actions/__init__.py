"""Every write about referrals that means something: check → write → log → letter. One verb, one function."""

from referrals.actions.acting import (
    ChangedMeanwhileError,
    NotAllowedError,
    act,
    withdraw_consent,
)
from referrals.actions.after import new_code_for, rate, take_over
from referrals.actions.moving import move_to_organisation
from referrals.actions.sending import AlreadySentError, CannotBeAskedError, Draft, Sent, add_enquiries, send
from referrals.actions.teams import (
    AlreadyDecidedError,
    LastLeadError,
    approve_member,
    approve_team,
    ask_to_join,
    close_team,
    end_member,
    leave_teams,
    open_team,
    refuse_member,
    refuse_team,
    set_role,
)

__all__ = [
    "AlreadyDecidedError",
    "AlreadySentError",
    "CannotBeAskedError",
    "ChangedMeanwhileError",
    "Draft",
    "LastLeadError",
    "NotAllowedError",
    "Sent",
    "act",
    "add_enquiries",
    "approve_member",
    "approve_team",
    "ask_to_join",
    "close_team",
    "end_member",
    "leave_teams",
    "move_to_organisation",
    "new_code_for",
    "open_team",
    "rate",
    "refuse_member",
    "refuse_team",
    "send",
    "set_role",
    "take_over",
    "withdraw_consent",
]
