"""A simulated year: people act as they please, the daily tasks are missed at random, also for weeks. After every day
what must hold is looked at; in the end nothing about a person is left.

The log and the figures are kept for years: here for a part of one, so that a year sees them go.
"""

import dataclasses
import datetime
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from directory.models import Service
from portal.post.models import Letter
from referrals import actions, audit, keeping, retention
from referrals.actors import PERSON, Actor
from referrals.choices import Act, DeclineReason, LogEvent, Party, State
from referrals.models import Enquiry, Link, LogLine, Message, Person, Referral, Tally, Team
from referrals.permissions import Relation
from referrals.reading import open_for
from referrals.states import OPEN, acts_for
from tests.factories import referrals as make
from tests.referrals.days_off import is_at_work

pytestmark = pytest.mark.django_db

FIRST = datetime.datetime(2027, 1, 4, 6, tzinfo=datetime.UTC)
YEAR = 365
DAY = datetime.timedelta(days=1)
SHORTER = {"log": 100, "tallies": 200}


@dataclass
class World:
    """What was seen of the year, beside the database."""

    chance: random.Random
    team: Team
    services: list[Service]
    rules: dict[str, int]
    asked: int = 0
    # Enquiry → the site's words to it since it last moved.
    told: dict[int, list[str]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    # Referral → (closed, withdrawn), as they were when it was last seen.
    ends: dict[int, tuple[datetime.datetime | None, datetime.datetime | None]] = field(default_factory=dict)
    seen_lines: int = 0
    last_removal: datetime.datetime = FIRST
    seen: Counter[str] = field(default_factory=Counter)


def live(world: World, now: datetime.datetime) -> None:
    """A day of people: something is sent, something is answered, somebody withdraws, somebody reads."""
    chance = world.chance
    if chance.random() < 0.35:
        services = chance.sample(world.services, chance.randint(1, 3))
        is_own = chance.random() < 0.3
        worker = None if is_own else make.lead_of(world.team)
        actions.send(make.draft(*services), team=None if is_own else world.team, by=worker, at=now)
        world.asked += len(services)
    for enquiry in Enquiry.objects.filter(state__in=OPEN).select_related("referral").order_by("pk"):
        if chance.random() < 0.08:
            move(world, enquiry, now)
    referrals = list(Referral.objects.order_by("pk"))
    for referral in referrals:
        if chance.random() < 0.003:
            actions.withdraw_consent(referral, by=PERSON, at=now)
        elif chance.random() < 0.01 and not referral.is_own:
            ask_further(world, referral, now)
    if referrals:
        open_for(chance.choice(referrals), relation=Relation.TEAM, by=Actor(Party.SENDER), at=now)


def move(world: World, enquiry: Enquiry, now: datetime.datetime) -> None:
    """One of the things that people can do now. Being full is left out: it is the directory's to show, and slow."""
    party = world.chance.choice([Party.ORGANISATION, Party.ORGANISATION, Party.SENDER, Party.PERSON])
    by = Actor(party)
    # Who writes is heard more often than who withdraws.
    can = [
        what
        for what in acts_for(State(enquiry.state), by.parties(is_own=enquiry.referral.is_own))
        if what not in (Act.SAY_FULL, Act.WITHDRAW)
    ]
    if not can:
        return
    what = world.chance.choice(can)
    actions.act(
        enquiry,
        what,
        by=by,
        version=enquiry.version,
        words="Sopiiko?" if what in (Act.ASK, Act.ANSWER) else "",
        reason=DeclineReason.OTHER if what is Act.DECLINE else "",
        meeting_at=now + world.chance.randint(1, 40) * DAY if what is Act.SUGGEST else None,
        at=now,
    )


def ask_further(world: World, referral: Referral, now: datetime.datetime) -> None:
    service = world.chance.choice(world.services)
    before = referral.enquiries.count()
    try:
        actions.add_enquiries(referral, [service.translation_key], by=make.lead_of(world.team), at=now)
    except ValidationError:
        assert referral.withdrawn_at is not None
    world.asked += referral.enquiries.count() - before


def look(world: World, now: datetime.datetime) -> None:
    """What must hold on every day."""
    referrals = {each.pk: each for each in Referral.objects.prefetch_related("enquiries")}
    for pk, (closed_at, withdrawn_at) in world.ends.items():
        if pk in referrals:
            continue
        # Gone: never before its time.
        was_closed = closed_at is not None and now - closed_at > world.rules["closed"] * DAY
        was_withdrawn = withdrawn_at is not None and now - withdrawn_at > world.rules["withdrawn"] * DAY
        assert was_closed or was_withdrawn
        world.seen["removed"] += 1
    world.ends = {pk: (each.closed_at, each.withdrawn_at) for pk, each in referrals.items()}
    for referral in referrals.values():
        enquiries = referral.enquiries.all()
        assert (referral.closed_at is None) == any(each.is_open for each in enquiries)
        for each in enquiries:
            world.seen[each.state] += 1
            if world.versions.get(each.pk) != each.version:
                world.versions[each.pk], world.told[each.pk] = each.version, []
            # Nothing rests longer than the longest period and the longest wait for a meeting.
            longest = max(settings.REFERRAL_PERIODS["forgotten"], settings.REFERRAL_PERIODS["unanswered"]) + 40
            if each.is_open:
                assert now - each.waits_since < (longest + world.longest_gap) * DAY
    # No row about a person without its referral.
    assert set(Person.objects.values_list("referral", flat=True)) == set(referrals)
    enquiries = set(Enquiry.objects.values_list("pk", flat=True))
    assert set(Message.objects.values_list("enquiry", flat=True)) <= enquiries
    assert set(Link.objects.values_list("enquiry", flat=True)) <= enquiries
