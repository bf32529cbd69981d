"""Referrals for tests: switched on, a team with its worker, listings that can be asked, a referral that was sent.

Everything is written by referrals.actions, as people would do it.
"""

import datetime
from typing import Any

from directory.choices import Referral as ReferralUse
from directory.choices import Role
from directory.models import Organisation, Service
from portal.accounts.models import User
from referrals import actions
from referrals.actors import Actor
from referrals.choices import ConsentHow, MemberState, Party, Reach, TeamRole
from referrals.models import Controller, Enquiry, PersonDetails, Referral, Team, TeamMember
from tests.factories.directory import OrganisationFactory, ServiceFactory, member

# Words that no language has: they must stay where they belong.
ALIAS, PHONE, HOPE = "Salanimi-Xilou", "045 7391 6824", "Toivonkalojenkanssaxylofonia"


def switch_on() -> Controller:
    """Referrals in use, with a controller."""
    controller = Controller.load()
    for name, value in {
        "controller": "Esimerkin hyvinvointialue",
        "controller_address": "Esimerkkikatu 1, 70100 Kuopio",
        "contact_email": "tietopyynnot@example.org",
        "officer": "Tiina Tietosuoja",
        "officer_email": "tietosuoja@example.org",
        "basis": {"fi": "Suostumus"},
        "processors": {"fi": "Palvelin on Suomessa."},
        "is_on": True,
    }.items():
        setattr(controller, name, value)
    controller.full_clean()
    controller.save()
    return controller


def worker(team: Team | None = None, *, role: str = TeamRole.MEMBER, email: str = "") -> User:
    """An approved member of a team."""
    number = User.objects.count()
    user = User.objects.create_user(
        email or f"tyontekija{number}@example.org", first_name="Työn", last_name=f"Tekijä{number}"
    )
    if team is not None:
        TeamMember.objects.create(team=team, user=user, role=role, state=MemberState.ACTIVE)
    return user


def team(
    organisation: Organisation | None = None, *, lead: User | None = None, name: str = "Aikuissosiaalityö"
) -> Team:
    """An approved team with a lead."""
    made = Team.objects.create(
        organisation=organisation or OrganisationFactory(),
        name=name,
        approved_at=datetime.datetime.now(tz=datetime.UTC),
    )
    TeamMember.objects.create(team=made, user=lead or worker(), role=TeamRole.LEAD, state=MemberState.ACTIVE)
    return made


def lead_of(team: Team) -> User:
    """Who leads it."""
    return team.members.get(role=TeamRole.LEAD).user


def listing(**values: Any) -> Service:
    """A public listing that can be asked: workers may refer, and an owner of the organisation can be reached."""
    organisation = values.pop("organisation", None) or OrganisationFactory()
    if not organisation.memberships.exists():
        member(organisation, Role.OWNER)
    values.setdefault("referral", ReferralUse.ALLOWED)
    values.setdefault("stages", ["1"])
    return ServiceFactory(organisation=organisation, **values)


def details(**values: Any) -> PersonDetails:
    """What is told of a person, with words that must stay where they belong."""
    known: dict[str, Any] = {"name": ALIAS, "hope": HOPE, "reach": Reach.PHONE, "reach_value": PHONE, "may_call": True}
    return PersonDetails(**{**known, **values})


def draft(*services: Service, **values: Any) -> actions.Draft:
    """A referral to these listings as it is to be sent."""
    known: dict[str, Any] = {"stage": "1", "details": details(), "consent_how": ConsentHow.SPOKEN}
    return actions.Draft(services=tuple(each.translation_key for each in services), **{**known, **values})


def sent(
    *services: Service,
    by: User | None = None,
    to_team: Team | None = None,
    at: datetime.datetime | None = None,
    **values: Any,
) -> actions.Sent:
    """A worker's referral that was sent; switches referrals on, makes team and listing when none is given."""
    switch_on()
    the_team = to_team or team(lead=by)
    return actions.send(draft(*(services or (listing(),)), **values), team=the_team, by=by or lead_of(the_team), at=at)


def own_sent(*services: Service, at: datetime.datetime | None = None, **values: Any) -> actions.Sent:
    """A referral that a person sent without a worker."""
    switch_on()
    return actions.send(draft(*(services or (listing(),)), consent_how=ConsentHow.OWN, **values), at=at)


def only_enquiry(referral: Referral) -> Enquiry:
    """The one enquiry of a referral."""
    return referral.enquiries.get()


def organisation_of(enquiry: Enquiry) -> Actor:
    """The organisation as an actor, without an account."""
    return Actor(Party.ORGANISATION, in_name_of=str(enquiry.organisation))


def sender_of(referral: Referral) -> Actor:
    """The sender as an actor."""
    return Actor(Party.SENDER, user=referral.keeper, in_name_of=str(referral.team))
