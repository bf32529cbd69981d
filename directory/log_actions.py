"""The words of the log: what our own actions are called in a listing's history. A table; nothing is written here."""

from django.utils.translation import gettext_lazy as _

# Action → (what it is called in a filter, what the history says).
LOG_ACTIONS = {
    "directory.confirm": (_("Check the listing"), _("Checked the listing and found it right")),
    "directory.end": (_("End the listing"), _("Told that it has ended")),
    "directory.resume": (_("Bring the listing back"), _("Brought the listing back")),
    "directory.submit": (_("Send for approval"), _("Sent for approval")),
    "directory.approve": (_("Approve the edit"), _("Approved the edit")),
    "directory.send_back": (_("Send the edit back"), _("Sent the edit back")),
    "directory.stage": (_("Change the stage of freshness"), _("The stage of freshness changed")),
    "directory.answer": (_("Answer a question"), _("Answered a question about the listing")),
    "directory.invite": (_("Invite a person"), _("Invited a person")),
    "directory.join": (_("Join the organisation"), _("Joined the organisation")),
    "directory.leave": (_("Leave the organisation"), _("Left the organisation")),
    "directory.role": (_("Change a role"), _("Changed a person's role")),
    "directory.hand_over": (_("Hand over"), _("Handed over to another person")),
    "directory.claim": (_("Decide a claim"), _("Decided who may keep the listings")),
    "directory.trust": (_("Change trust"), _("Changed whether the organisation is trusted")),
    "directory.mail": (_("Write to keepers"), _("Wrote to the keepers of a chosen set")),
    "directory.partnership": (
        _("Answer the checklist of partnership"),
        _("Changed the area's answer in the checklist"),
    ),
    "directory.merge": (_("Merge duplicates"), _("Merged a duplicate into this")),
}
