"""Every write that means something in the directory: one verb, one function: check → write → log.

Commands, views, imports and the workspace call these; none of them saves a service by itself. By module: services (the
listing as such), editing (its keepers), reviewing (who approves), reports (readers), cases (the moderators' queue),
trust (whom we trust, looking afterwards), merging (duplicates), people (teams, invitations), claims (coming in),
keepers (who answers for a service), areas (regional administrators), keeping (answers to questions about freshness).
"""

from directory.actions.areas import (
    grant_area,
    revoke_area,
)
from directory.actions.cases import assign_case, close_case, open_case, watch_case, write_note
from directory.actions.claims import (
    AlreadyMemberError,
    approve_claim,
    claim_organisation,
    may_decide,
    propose_organisation,
    refuse_claim,
)
from directory.actions.editing import (
    EditConflictError,
    Submission,
    begin_service,
    begin_translation,
    change_at_once,
    copy_service,
    edit,
    forget_input,
    keep_input,
    restore_version,
    submit,
    waiting_changes,
    withdraw_submission,
)
from directory.actions.keepers import (
    mail_came_back,
    may_set_keepers,
    set_keepers,
)
from directory.actions.keeping import (
    AlreadyAnsweredError,
    CampaignProgress,
    answer,
    answers_for,
    campaign_progress,
    end_campaign,
    may_answer,
    note_bounce,
    start_campaign,
)
from directory.actions.merging import CannotMergeError, merge_organisations, merge_services, say_not_duplicate
from directory.actions.people import (
    InvitationClosedError,
    LastOwnerError,
    TeamChange,
    accept_invitation,
    cancel_invitation,
    change_role,
    hand_over,
    invite,
    leave,
    leave_everything,
    remove_member,
)
from directory.actions.reports import answer_report, report_mistake
from directory.actions.reviewing import AlreadyDecidedError, approve, send_back
from directory.actions.services import confirm_service, end_service, publish_service, resume_service, save_draft
from directory.actions.trust import EditWaitsError, restore_public, trust_organisation

__all__ = [
    "AlreadyAnsweredError",
    "AlreadyDecidedError",
    "AlreadyMemberError",
    "CampaignProgress",
    "CannotMergeError",
    "EditConflictError",
    "EditWaitsError",
    "InvitationClosedError",
    "LastOwnerError",
    "Submission",
    "TeamChange",
    "accept_invitation",
    "answer",
    "answer_report",
    "answers_for",
    "approve",
    "approve_claim",
    "assign_case",
    "begin_service",
    "begin_translation",
    "campaign_progress",
    "cancel_invitation",
    "change_at_once",
    "change_role",
    "claim_organisation",
    "close_case",
    "confirm_service",
    "copy_service",
    "edit",
    "end_campaign",
    "end_service",
    "forget_input",
    "grant_area",
    "hand_over",
    "invite",
    "keep_input",
    "leave",
    "leave_everything",
    "mail_came_back",
    "may_answer",
    "may_decide",
    "may_set_keepers",
    "merge_organisations",
    "merge_services",
    "note_bounce",
    "open_case",
    "propose_organisation",
    "publish_service",
    "refuse_claim",
    "remove_member",
    "report_mistake",
    "restore_public",
    "restore_version",
    "resume_service",
    "revoke_area",
    "save_draft",
    "say_not_duplicate",
    "send_back",
    "set_keepers",
    "start_campaign",
    "submit",
    "trust_organisation",
    "waiting_changes",
    "watch_case",
    "withdraw_submission",
    "write_note",
]
