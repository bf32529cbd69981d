"""The directory's data and constraints, and the querysets that read it. Rules and writes live elsewhere."""

from directory.models.organisation import Organisation, OrganisationContact, OrganisationQuerySet
from directory.models.parts import (
    ContactWay,
    OpeningException,
    OpeningHours,
    RequiredDocument,
    ServiceDescription,
    ServiceLink,
    ServicePlace,
)
from directory.models.place import Place
from directory.models.report import FactReport
from directory.models.service import Service, ServiceQuerySet
from directory.models.vocabulary import County, Municipality, Region, Term

__all__ = [
    "ContactWay",
    "County",
    "FactReport",
    "Municipality",
    "OpeningException",
    "OpeningHours",
    "Organisation",
    "OrganisationContact",
    "OrganisationQuerySet",
    "Place",
    "Region",
    "RequiredDocument",
    "Service",
    "ServiceDescription",
    "ServiceLink",
    "ServicePlace",
    "ServiceQuerySet",
    "Term",
]
