"""The closed lists of this room: codes and labels. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """What is asked of the organisations."""

    REFERRAL = "referral", _("Guidance to an activity or a service")
    JOINT_MEETING = "joint_meeting", _("An invitation to a joint meeting")


class Origin(models.TextChoices):
    """Who wrote it."""

    WORKER = "worker", _("A worker, together with the person")
    OWN = "own", _("The person")


class ConsentHow(models.TextChoices):
    """How the person gave consent."""

    SPOKEN = "spoken", _("Said aloud in the meeting")
    WRITTEN = "written", _("Signed on paper, which the worker's organisation keeps")
    OWN = "own", _("Sent it without help")


class Reach(models.TextChoices):
    """How the person and the organisation find each other."""

    PHONE = "phone", pgettext_lazy("reach", "The organisation calls or sends a text message")
    EMAIL = "email", pgettext_lazy("reach", "The organisation writes an e-mail")
    COMES = "comes", pgettext_lazy("reach", "The person makes contact with a code; no contact details are sent")


class PhoneRead(models.TextChoices):
    """Whether somebody else may read what comes to the person's phone or mail."""

    NO = "no", pgettext_lazy("phone is read", "No")
    YES = "yes", pgettext_lazy("phone is read", "Yes, or it is possible")
    UNKNOWN = "unknown", pgettext_lazy("phone is read", "I do not know")


class Support(models.TextChoices):
    """What helps a person to arrive: a warm handover."""

    COMES_ALONG = "comes_along", _("The worker comes along the first time")
    MET_AT_DOOR = "met_at_door", _("Somebody of the organisation meets the person at the door or on the way")
    CALL_TOGETHER = "call_together", _("The first call is made together with the worker")
    REMINDER = "reminder", _("A reminder the day before")
    TRANSPORT = "transport", _("Help with the journey")
    INTERPRETER = "interpreter", _("An interpreter")


class State(models.TextChoices):
    """How far an enquiry to one organisation is."""

    SENT = "sent", pgettext_lazy("enquiry", "Sent, waits for an answer")
    ASKED = "asked", pgettext_lazy("enquiry", "The organisation asks something")
    SUGGESTED = "suggested", pgettext_lazy("enquiry", "The organisation suggests a time")
    ACCEPTED = "accepted", pgettext_lazy("enquiry", "Accepted, a first meeting is agreed")
    ARRIVED = "arrived", pgettext_lazy("enquiry", "The person has come")
    CONTINUES = "continues", pgettext_lazy("enquiry", "It goes on")
    NOT_COME = "not_come", pgettext_lazy("enquiry", "The person did not come")
    DECLINED = "declined", pgettext_lazy("enquiry", "Declined")
    FULL = "full", pgettext_lazy("enquiry", "Declined: there is no room")
    UNANSWERED = "unanswered", pgettext_lazy("enquiry", "Nobody answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("enquiry", "Withdrawn by the person")
    CANCELLED = "cancelled", pgettext_lazy("enquiry", "Taken back by the sender")
    CLOSED = "closed", pgettext_lazy("enquiry", "Closed")


class Act(models.TextChoices):
    """What can be done to an enquiry."""

    ACCEPT = "accept", pgettext_lazy("act", "Accept")
    ASK = "ask", pgettext_lazy("act", "Ask something")
    SUGGEST = "suggest", pgettext_lazy("act", "Suggest a time")
    DECLINE = "decline", pgettext_lazy("act", "Decline")
    SAY_FULL = "say_full", pgettext_lazy("act", "We are full")
    TELL_CAME = "tell_came", pgettext_lazy("act", "The person came")
    TELL_NOT_COME = "tell_not_come", pgettext_lazy("act", "The person did not come")
    TELL_WENT_ON = "tell_went_on", pgettext_lazy("act", "It goes on")
    ANSWER = "answer", pgettext_lazy("act", "Answer the question")
    AGREE = "agree", pgettext_lazy("act", "The time suits")
    REFUSE_TIME = "refuse_time", pgettext_lazy("act", "The time does not suit")
    CANCEL = "cancel", pgettext_lazy("act", "Take back")
    WITHDRAW = "withdraw", pgettext_lazy("act", "Withdraw the consent")
    CLOSE = "close", pgettext_lazy("act", "Close")
    LAPSE = "lapse", pgettext_lazy("act", "Close for want of news")


class Party(models.TextChoices):
    """Who acts."""

    SENDER = "sender", pgettext_lazy("party", "The sender")
    ORGANISATION = "organisation", pgettext_lazy("party", "The organisation")
    PERSON = "person", pgettext_lazy("party", "The person")
    SITE = "site", pgettext_lazy("party", "This site")


class DeclineReason(models.TextChoices):
    """The standard reasons of declining. Being full is an act of its own: it changes the listing too."""

    NOT_FOR_THIS_NEED = "not_for_this_need", _("Our activity does not answer this hope")
    NOT_FOR_THIS_GROUP = "not_for_this_group", _("Our activity is for another group or area")
    TIMES_DO_NOT_SUIT = "times_do_not_suit", _("Our times do not suit")
    NEEDS_MORE_SUPPORT = "needs_more_support", _("We cannot give the support that is needed")
    NOT_ACCESSIBLE = "not_accessible", _("Our place or way of working is not accessible enough")
    ACTIVITY_ENDED = "activity_ended", _("The activity has ended or is on a break")
    OTHER = "other", _("Another reason")


class Good(models.TextChoices):
    """What the person says of it, if they want to."""

    YES = "yes", pgettext_lazy("was it good", "Yes")
    PARTLY = "partly", pgettext_lazy("was it good", "Partly")
    NO = "no", pgettext_lazy("was it good", "No")


class TeamRole(models.TextChoices):
    """What a worker may do in a team."""

    LEAD = "lead", pgettext_lazy("team role", "Leads the team")
    MEMBER = "member", pgettext_lazy("team role", "Member")


class MemberState(models.TextChoices):
    """How far a worker's membership is."""

    WAITING = "waiting", pgettext_lazy("team member", "Waits for approval")
    ACTIVE = "active", pgettext_lazy("team member", "Approved")
    REFUSED = "refused", pgettext_lazy("team member", "Refused")
    ENDED = "ended", pgettext_lazy("team member", "Ended")


class LogEvent(models.TextChoices):
    """What the log tells, beside the acts."""

    SEND = "send", pgettext_lazy("log", "Sent")
    OPEN = "open", pgettext_lazy("log", "Opened and read")
    PRINT = "print", pgettext_lazy("log", "Printed")
    TAKE_OVER = "take_over", pgettext_lazy("log", "Taken over by a colleague")
    NEW_CODE = "new_code", pgettext_lazy("log", "A new code for the person")
    LINK_SENT = "link_sent", pgettext_lazy("log", "A link was mailed to the organisation")
    NUDGE = "nudge", pgettext_lazy("log", "The organisation was reminded")
    SILENCE = "silence", pgettext_lazy("log", "The sender was told of silence")
    RATE = "rate", pgettext_lazy("log", "The person told how it was")
    READ_LOG = "read_log", pgettext_lazy("log", "The log was read")
    ACCESS = "access", pgettext_lazy("log", "An access request was answered")
    WIPE = "wipe", pgettext_lazy("log", "Personal data removed")
