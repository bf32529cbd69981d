"""Fixtures of the workspace's tests: people with a browser each, and a service that has something of everything."""

import datetime

import pytest
from django.test import Client

from directory.choices import Role, Scheme
from directory.models import Organisation, Service
from tests.editing import client_of
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    member,
)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory(home_municipality=MunicipalityFactory())


@pytest.fixture
def writer(organisation: Organisation) -> Client:
    """The browser of a writer of the organisation."""
    return client_of(member(organisation, Role.WRITER))


@pytest.fixture
def full_service(organisation: Organisation) -> Service:
    """A public service with a value in every kind of field."""
    place = PlaceFactory(organisation=organisation)
    nine, three = datetime.time(9), datetime.time(15)
    return ServiceFactory(
        organisation=organisation,
        title="Avoin olohuone",
        description="Kahvia ja juttuseuraa.\n\nTule sellaisena kuin olet.",
        for_whom="Kaikille.",
        age_min=18,
        how_to_join="Tule sisään.",
        charge="free",
        stages=["1", "2"],
        channels=["on_site"],
        languages=["fi", "sv"],
        referral="allowed",
        how_to_refer="Soita.",
        is_anonymous=True,
        keywords="kahvila\nkerho",
        capacity_until=datetime.date(2031, 5, 1),
        topics=[TermFactory()],
        target_groups=[TermFactory(scheme=Scheme.TARGET_GROUP)],
        municipalities=[organisation.home_municipality],
        places=[place],
        contact_ways=[
            {"kind": "phone", "value": "012 345 6789", "hours": "ma–pe 9–12"},
            {"kind": "email", "value": "talo@example.org", "audience": "workers"},
        ],
        opening_hours=[{"weekday": day, "opens": nine, "closes": three} for day in (1, 3, 5)]
        + [{"weekday": 2, "opens": nine, "closes": three, "note": "vain miehille", "place": place}],
        opening_exceptions=[
            {"date_from": datetime.date(2031, 12, 24), "date_to": datetime.date(2031, 12, 26), "note": "joulu"}
        ],
        links=[{"label": "Kotisivu", "url": "https://www.example.org/"}],
        required_documents=[{"name": "Henkilökortti"}],
        long_description=[{"content": "Avoin kohtaamispaikka.", "quality": "Kysymme kävijöiltä."}],
    )
