"""The closed lists of the directory: codes and labels. Imports nothing of ours; open lists are vocabulary, not here.

Codes follow HSDS and PTV words where those have one; the stages and tiers are the domain's own.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """The five stages of the pathway."""

    ONE = "1", _("Stage 1: I look after myself and take part")
    TWO = "2", _("Stage 2: I want to talk with someone")
    THREE = "3", _("Stage 3: I want advice about my situation")
    FOUR = "4", _("Stage 4: I need an assessment, a plan or peers")
    FIVE = "5", _("Stage 5: I need several helpers")


class GuidanceLevel(models.TextChoices):
    """The three levels of service guidance."""

    ADVICE = "advice", _("Advice and guidance")
    CLIENT_GUIDANCE = "client_guidance", _("Client guidance")
    INTENSIVE = "intensive", _("Intensive service guidance")


class NeedTier(models.TextChoices):
    """The branches of the action cards."""

    LIGHT = "light", _("Light need: talk and advice are enough")
    WIDER = "wider", _("Wider need: the person has strength, coordination helps")
    COMPLEX = "complex", _("Complex situation: many helpers are needed")


class Kind(models.TextChoices):
    """What sort of thing a listing is."""

    SERVICE = "service", _("Service")
    ACTIVITY = "activity", _("Activity")
    PEER_GROUP = "peer_group", _("Peer group")
    VOLUNTEERING = "volunteering", _("Volunteering")
    MEETING_PLACE = "meeting_place", _("Meeting place")
    ADVICE = "advice", _("Information and advice")
    EXPERT_BY_EXPERIENCE = "expert_by_experience", _("Expert by experience")
    EVENT = "event", _("Event")
    COURSE = "course", _("Course")


# Kinds that have days of their own and end by themselves.
DATED_KINDS = (Kind.EVENT, Kind.COURSE)


class Charge(models.TextChoices):
    """PTV: serviceChargeType FreeOfCharge, Chargeable, Other."""

    FREE = "free", _("Free of charge")
    CHARGEABLE = "chargeable", _("Has a fee")
    VARIES = "varies", _("The fee varies")
    UNKNOWN = "", _("Not told")


class Channel(models.TextChoices):
    """How one takes part."""

    ON_SITE = "on_site", _("On site")
    PHONE = "phone", _("By phone")
    CHAT = "chat", _("By chat")
    REMOTE = "remote", _("Remote")
    HOME_VISIT = "home_visit", _("At home")
    WEB = "web", _("On the web")


# Channels that reach a person wherever they are.
REMOTE_CHANNELS = (Channel.PHONE, Channel.CHAT, Channel.REMOTE, Channel.WEB)


class Capacity(models.TextChoices):
    """Whether people are taken in. A statement that lapses by its own day."""

    UNKNOWN = "unknown", _("Not told")
    TAKING_PEOPLE = "taking_people", _("Taking people now")
    QUEUE = "queue", _("Waiting list")
    FULL = "full", _("Full")


class Referral(models.TextChoices):
    """Whether a worker's referral is needed or possible."""

    UNKNOWN = "unknown", _("Not told")
    NEEDED = "needed", _("A referral is needed")
    ALLOWED = "allowed", _("A worker may refer, and one may come without")
    NOT_USED = "not_used", _("One comes without a referral")


class Grouping(models.TextChoices):
    """Alone or with others."""

    UNKNOWN = "", _("Not told")
    ALONE = "alone", _("Alone with a worker")
    GROUP = "group", _("In a group")
    BOTH = "both", _("Alone or in a group")


class Meets(models.TextChoices):
    """Whom one meets."""

    PROFESSIONAL = "professional", _("Professional")
    VOLUNTEER = "volunteer", _("Volunteer")
    PEER = "peer", _("Peer")
    EXPERT_BY_EXPERIENCE = "expert_by_experience", _("Expert by experience")


class Payment(models.TextChoices):
    """How a public body can pay."""

    SERVICE_VOUCHER = "service_voucher", _("Service voucher")
    PAYMENT_COMMITMENT = "payment_commitment", _("Payment commitment")


class Production(models.TextChoices):
    """Who stands behind the offer."""

    UNKNOWN = "", _("Not told")
    OWN = "own", _("The organisation's own activity")
    CONTRACTED = "contracted", _("Produced under a contract with a public body")


class Accessibility(models.TextChoices):
    """Features that let a person in."""

    STEP_FREE = "step_free", _("Step-free entrance")
    ACCESSIBLE_TOILET = "accessible_toilet", _("Accessible toilet")
    LIFT = "lift", _("Lift")
    HEARING_LOOP = "hearing_loop", _("Hearing loop")
    SIGN_LANGUAGE = "sign_language", _("Sign language")
    EASY_LANGUAGE = "easy_language", _("Easy language")
    ASSISTANCE_ANIMAL = "assistance_animal", _("Assistance animals are welcome")
    QUIET_SPACE = "quiet_space", _("Quiet space")
    PARKING = "parking", _("Accessible parking")


class Sector(models.TextChoices):
    """What kind of body an organisation is."""

    ASSOCIATION = "association", _("Association")
    FOUNDATION = "foundation", _("Foundation")
    PARISH = "parish", _("Parish")
    COMMUNITY = "community", _("Community")
    MUNICIPALITY = "municipality", _("Municipality")
    WELLBEING_SERVICES_COUNTY = "wellbeing_services_county", _("Wellbeing services county")
    STATE = "state", _("State")
    COMPANY = "company", _("Company")


class CheckedHow(models.TextChoices):
    """How a person made sure that a listing is right."""

    KEEPER = "keeper", _("by the organisation")
    CALL = "call", _("by phone")
    VISIT = "visit", _("by a visit")
    REVIEWER = "reviewer", _("by the directory's editor")


class Role(models.TextChoices):
    """What a person may do in an organisation's workspace."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    DEPUTY = "deputy", pgettext_lazy("role", "Deputy")
    WRITER = "writer", pgettext_lazy("role", "Writer")


class ClaimState(models.TextChoices):
    """How far a person's claim to an organisation is."""

    WAITING = "waiting", _("Waits for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class Proof(models.TextChoices):
    """How it was made sure that a person may speak for an organisation."""

    MAIL_DOMAIN = "mail_domain", _("The e-mail address is the organisation's own")
    REGISTER = "register", _("The person is in a public register")
    CALL = "call", _("We called the organisation's known number")
    OTHER = "other", _("In another way")


class ReviewState(models.TextChoices):
    """How far an edit that was sent for approval is."""

    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")
    # A newer edit, or somebody's publishing, took its place.
    REPLACED = "replaced", _("Replaced by a newer one")


class SendBackReason(models.TextChoices):
    """The standard reasons for sending an edit back."""

    UNCLEAR = "unclear", _("A reader would not understand what this is or for whom")
    HOW_TO_JOIN = "how_to_join", _("It does not tell how to join or how to refer")
    WRONG_FACT = "wrong_fact", _("A fact seems to be wrong")
    CONTACT = "contact", _("Contact details are missing or do not work")
    PRIVATE = "private", _("It tells of a private person or of a secret address")
    DUPLICATE = "duplicate", _("The same is in the directory already")
    NOT_HERE = "not_here", _("It does not belong in this directory")
    OTHER = "other", _("Another reason")


class CaseKind(models.TextChoices):
    """What lands in the moderators' queue."""

    REVIEW = "review", _("An edit waits for approval")
    INSPECTION = "inspection", _("Published at once: look at it afterwards")
    CLAIM = "claim", _("A person wants to keep an organisation's listings")
    REPORT = "report", _("A reader told of a mistake")
    NO_ANSWER = "no_answer", _("Nobody has answered for a listing")
    ORPHAN = "orphan", _("A listing has no reachable keeper")
    NOT_MINE = "not_mine", _("The keeper says: not mine any more")


class Answer(models.TextChoices):
    """What a keeper answers when asked whether a listing is right."""

    STILL_RIGHT = "still_right", _("This is still right")
    WILL_EDIT = "will_edit", _("I will edit it")
    ENDED = "ended", _("This has ended")
    NOT_MINE = "not_mine", _("Not mine any more")


class NoticeStep(models.IntegerChoices):
    """The steps by which keepers are asked, in their order. A later one reaches further."""

    OWNER = 1, _("The keeper")
    DEPUTY = 2, _("The keeper and the deputy")
    ORGANISATION = 3, _("The organisation")
    AREA = 4, _("The regional queue")


class FindingKind(models.TextChoices):
    """Automatic evidence that something may be wrong. Never a check."""

    DEAD_LINK = "dead_link", _("A link does not open")
    PHONE_SHAPE = "phone_shape", _("A phone number has a wrong shape")
    BUSINESS_ID = "business_id", _("The business ID is not a right one")
    MAIL_BOUNCES = "mail_bounces", _("Mail to this address comes back")


class ContactKind(models.TextChoices):
    """A way to make contact."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WEB = "web", _("Website")
    CHAT = "chat", _("Chat")
    ADDRESS_NOTE = "address_note", _("Where to come")


class Audience(models.TextChoices):
    """Who may see a contact way."""

    PUBLIC = "public", pgettext_lazy("audience", "Everybody")
    WORKERS = "workers", pgettext_lazy("audience", "Workers only")


class Weekday(models.IntegerChoices):
    """ISO weekdays."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Scheme(models.TextChoices):
    """The taxonomies of the vocabulary."""

    TOPIC = "topic", _("Topic")
    TARGET_GROUP = "target_group", _("Target group")
    LIFE_EVENT = "life_event", _("Life event (PTV)")
    SERVICE_CLASS = "service_class", _("Service class (PTV)")


class Source(models.TextChoices):
    """Where a record came from."""

    OWN = "own", _("Written here")
    PTV = "ptv", _("Finnish Service Catalogue (PTV)")
    HSDS = "hsds", _("Open Referral (HSDS)")
    SAMPLE = "sample", _("Sample data")


# Other catalogues, which have keepers of their own.
CATALOGUES = (Source.PTV, Source.HSDS)


# Languages of service: BCP 47. An open-ended world, but editors choose from what the field meets.
SERVICE_LANGUAGES = [
    ("fi", _("Finnish")),
    ("sv", _("Swedish")),
    ("en", _("English")),
    ("se", _("Northern Sámi")),
    ("smn", _("Inari Sámi")),
    ("sms", _("Skolt Sámi")),
    ("rom", _("Romani")),
    ("ru", _("Russian")),
    ("uk", _("Ukrainian")),
    ("et", _("Estonian")),
    ("ar", _("Arabic")),
    ("so", _("Somali")),
    ("fa", _("Persian")),
    ("prs", _("Dari")),
    ("ku", _("Kurdish")),
    ("ckb", _("Central Kurdish")),
    ("ti", _("Tigrinya")),
    ("am", _("Amharic")),
    ("tr", _("Turkish")),
    ("sq", _("Albanian")),
    ("bs", _("Bosnian")),
    ("zh", _("Chinese")),
    ("vi", _("Vietnamese")),
    ("th", _("Thai")),
    ("hi", _("Hindi")),
    ("ur", _("Urdu")),
    ("bn", _("Bengali")),
    ("ne", _("Nepali")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("pl", _("Polish")),
    ("ro", _("Romanian")),
    ("pt", _("Portuguese")),
    ("nl", _("Dutch")),
    ("ja", _("Japanese")),
    ("fse", _("Finnish Sign Language")),
    ("fss", _("Finland-Swedish Sign Language")),
]
