"""The directory's data and constraints, and the querysets that read it. Rules and writes live elsewhere."""

from directory.models.case import Case, CaseNote, CaseQuerySet
from directory.models.duplicates import DuplicateKind, Merged, MergedQuerySet, NotDuplicate
from directory.models.mailing import Mailing, MailingQuerySet
from directory.models.organisation import Organisation, OrganisationContact, OrganisationQuerySet
from directory.models.partnership import (
    PartnershipAnswer,
    PartnershipGroup,
    PartnershipItem,
    PartnershipProgress,
    PartnershipState,
)
from directory.models.parts import (
    ContactWay,
    OpeningException,
    OpeningHours,
    RequiredDocument,
    ServiceDescription,
    ServiceLink,
    ServicePlace,
)
from directory.models.people import AreaRole, Claim, Invitation, InvitationQuerySet, Membership, MembershipQuerySet
from directory.models.place import Place
from directory.models.reply_time import ReplyTime
from directory.models.report import FactReport
from directory.models.review import Review, ReviewQuerySet, UnsavedInput
from directory.models.service import Service, ServiceQuerySet
from directory.models.upkeep import (
    Campaign,
    CampaignService,
    Check,
    Finding,
    Notice,
    NoticeItem,
    StageChange,
    Upkeep,
    UpkeepQuerySet,
)
from directory.models.vocabulary import County, Municipality, Region, Term

__all__ = [
    "AreaRole",
    "Campaign",
    "CampaignService",
    "Case",
    "CaseNote",
    "CaseQuerySet",
    "Check",
    "Claim",
    "ContactWay",
    "County",
    "DuplicateKind",
    "FactReport",
    "Finding",
    "Invitation",
    "InvitationQuerySet",
    "Mailing",
    "MailingQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Merged",
    "MergedQuerySet",
    "Municipality",
    "NotDuplicate",
    "Notice",
    "NoticeItem",
    "OpeningException",
    "OpeningHours",
    "Organisation",
    "OrganisationContact",
    "OrganisationQuerySet",
    "PartnershipAnswer",
    "PartnershipGroup",
    "PartnershipItem",
    "PartnershipProgress",
    "PartnershipState",
    "Place",
    "Region",
    "ReplyTime",
    "RequiredDocument",
    "Review",
    "ReviewQuerySet",
    "Service",
    "ServiceDescription",
    "ServiceLink",
    "ServicePlace",
    "ServiceQuerySet",
    "StageChange",
    "Term",
    "UnsavedInput",
    "Upkeep",
    "UpkeepQuerySet",
]
