"""A simulated year: people act as they please, the daily tasks are missed at random, also for weeks. After every day
what must hold is looked at; in the end nothing about a person is left.

The log is kept for years: here for a part of one, so that a year sees it go.
"""

import dataclasses
import datetime
import random
from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from directory.models import Service
from portal.post.models import Letter
from referrals import actions, audit, keeping, letters, retention
from referrals.actors import PERSON, Actor
from referrals.choices import Act, ConsentHow, DeclineReason, LogEvent, Party, State
from referrals.models import Enquiry, Link, LogLine, Message, Person, Referral, Tally, Team
from referrals.permissions import Relation
from referrals.reading import open_for
from referrals.states import FINAL, OPEN, acts_for
from tests.factories import referrals as make
from tests.referrals.days_off import is_at_work

# Real transactions: within a single one every row ever written would be looked at again and again.
pytestmark = pytest.mark.usefixtures("committed_db")

HELSINKI = ZoneInfo("Europe/Helsinki")
FIRST = datetime.date(2027, 1, 4)
YEAR = 365
DAY = datetime.timedelta(days=1)
LOG_DAYS = 100
CLOSED_DAYS, WITHDRAWN_DAYS = 60, 7


@dataclass
class World:
    """What was seen of the year, beside the database."""

    chance: random.Random
    team: Team
    services: list[Service]
    # Enquiry → its last state; referral → when it was closed and withdrawn.
    states: dict[int, str] = field(default_factory=dict)
    ends: dict[int, tuple[datetime.datetime | None, datetime.datetime | None]] = field(default_factory=dict)
    # What the site has told of which enquiry, in which version of it.
    told: set[tuple[str, int, int]] = field(default_factory=set)
    # Everything that happened, to be sure that the year was wild enough.
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def lead(self):
        return make.lead_of(self.team)


# --- People -----------------------------------------------------------------------------------------------------------
def live(world: World, now: datetime.datetime) -> None:
    """A day: something is sent, something is answered, somebody withdraws, somebody reads."""
    chance = world.chance
    if chance.random() < 0.16:
        services = chance.sample(world.services, chance.randint(1, 3))
        is_own = chance.random() < 0.3
        actions.send(
            make.draft(*services), team=None if is_own else world.team, by=None if is_own else world.lead, at=now
        )
    for enquiry in Enquiry.objects.filter(state__in=OPEN).select_related("referral").order_by("pk"):
        if chance.random() < 0.12:
            move(world, enquiry, now)
    referrals = list(Referral.objects.order_by("pk"))
    for referral in referrals:
        if chance.random() < 0.004:
            actions.withdraw_consent(referral, by=PERSON, at=now)
        elif not referral.is_own and chance.random() < 0.01:
            ask_further(world, referral, now)
    if referrals and chance.random() < 0.3:
        open_for(chance.choice(referrals), relation=Relation.TEAM, by=Actor(Party.SENDER), at=now)


def move(world: World, enquiry: Enquiry, now: datetime.datetime) -> None:
    """One of the things that people can do now. Saying that one is full is left out: it is slow, and the listing's."""
    by = Actor(world.chance.choice([Party.ORGANISATION, Party.ORGANISATION, Party.SENDER, Party.PERSON]))
    can = set(acts_for(State(enquiry.state), by.parties(is_own=enquiry.referral.is_own)))
    can -= {Act.SAY_FULL, Act.WITHDRAW}
    if world.chance.random() < 0.85:
        # Most go on.
        can -= {Act.CANCEL, Act.DECLINE, Act.CLOSE}
    if can:
        what = Act(world.chance.choice(sorted(can)))
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
        world.seen[what] += 1


def ask_further(world: World, referral: Referral, now: datetime.datetime) -> None:
    try:
        actions.add_enquiries(
            referral,
            [world.chance.choice(world.services).translation_key],
            consent_how=ConsentHow.SPOKEN,
            by=world.lead,
            at=now,
        )
    except ValidationError:
        assert referral.withdrawn_at is not None
    else:
        world.seen["opened again"] += referral.closed_at is not None and Referral.objects.get(pk=referral.pk).is_open


# --- What must hold ---------------------------------------------------------------------------------------------------
def remind(world: World, now: datetime.datetime) -> None:
    """The daily reminders: on working days only, in time, and never twice for one wait."""
    last = LogLine.objects.order_by("number").last()
    keeping.run(now)
    lines = LogLine.objects.filter(event__in=(LogEvent.NUDGE, LogEvent.SILENCE), number__gt=last.number if last else 0)
    for line in lines:
        enquiry = Enquiry.objects.get(uuid=line.enquiry)
        what = (line.event, enquiry.pk, enquiry.version)
        assert what not in world.told
        world.told.add(what)
        world.seen[line.event] += 1
        today, since = now.astimezone(HELSINKI).date(), enquiry.waits_since.astimezone(HELSINKI).date()
        assert is_at_work(today)
        waited = sum(is_at_work(since + number * DAY) for number in range(1, (today - since).days + 1))
        assert waited >= (3 if line.event == LogEvent.NUDGE else 5)


def remove(world: World, now: datetime.datetime) -> None:
    """The daily removal: what had its time is gone, and nothing else is."""
    before = set(Referral.objects.values_list("pk", flat=True))
    lines = LogLine.objects.count()
    done = retention.run(now)
    gone = before - set(Referral.objects.values_list("pk", flat=True))
    due = {
        pk
        for pk, (closed_at, withdrawn_at) in world.ends.items()
        if (closed_at and now - closed_at > CLOSED_DAYS * DAY)
        or (withdrawn_at and now - withdrawn_at > WITHDRAWN_DAYS * DAY)
    }
    assert gone == due & before
    assert not LogLine.objects.filter(at__lt=now - LOG_DAYS * DAY).exists()
    assert LogLine.objects.count() == lines + len(gone) - done["log"]
    world.seen["removed"] += len(gone)
    world.seen["lines gone"] += done["log"]


def look(world: World) -> None:
    """At the end of every day."""
    referrals = list(Referral.objects.prefetch_related("enquiries"))
    world.ends = {each.pk: (each.closed_at, each.withdrawn_at) for each in referrals}
    enquiries = [enquiry for each in referrals for enquiry in each.enquiries.all()]
    world.states |= {each.pk: each.state for each in enquiries}
    for each in referrals:
        assert (each.closed_at is None) == any(enquiry.is_open for enquiry in each.enquiries.all())
    # No row about a person without its referral; figures of everything that was ever asked.
    assert set(Person.objects.values_list("referral", flat=True)) == {each.pk for each in referrals}
    known = {each.pk for each in enquiries}
    assert set(Message.objects.values_list("enquiry", flat=True)) <= known
    assert set(Link.objects.values_list("enquiry", flat=True)) <= known
    assert Counter(Tally.objects.values_list("state", flat=True)) == Counter(world.states.values())


def missed_days(chance: random.Random, days: int, share: float, weeks: int) -> set[int]:
    """Days without a run: a share of all, and twice some weeks in a row."""
    missed = {number for number in range(days) if chance.random() < share}
    for half in (0, days // 2):
        begin = half + chance.randrange(30, 120)
        missed |= set(range(begin, begin + 7 * weeks))
    return missed


# A year in which the worker is down now and then, and twice for weeks; and some months in which it hardly ever runs.
@pytest.mark.parametrize(("seed", "days", "share", "weeks"), [(1, YEAR, 0.1, 3), (2, 160, 0.85, 0)])
def test_whatever_was_missed_nothing_stays_and_nothing_is_told_twice(
    monkeypatch: pytest.MonkeyPatch, seed: int, days: int, share: float, weeks: int
) -> None:
    shorter = {"log": LOG_DAYS}
    rules = [dataclasses.replace(rule, days=shorter.get(rule.name, rule.days)) for rule in retention.RULES]
    kept = {rule.name: rule.days for rule in rules}
    assert (kept["closed"], kept["withdrawn"]) == (CLOSED_DAYS, WITHDRAWN_DAYS)
    monkeypatch.setattr(retention, "RULES", tuple(rules))
    make.switch_on()
    chance = random.Random(seed)
    world = World(chance, make.team(), [make.listing() for _each in range(6)])
    reminders, removals = (missed_days(chance, days, share, weeks) for _each in range(2))

    for number in range(days):
        morning = datetime.datetime.combine(FIRST + number * DAY, datetime.time(3), tzinfo=HELSINKI)
        if number not in removals:
            remove(world, morning)
        if number not in reminders:
            remind(world, morning.replace(hour=8))
        live(world, morning.replace(hour=chance.randint(9, 23), minute=chance.randrange(60)))
        look(world)
        if number % 10 == 0:
            assert audit.verify().is_whole

    # It was wild enough for everything to have happened.
    assert all(world.seen[each] for each in ("removed", "lines gone", LogEvent.NUDGE, LogEvent.SILENCE))
    if days == YEAR:
        acts = set(Act) - {Act.SAY_FULL, Act.WITHDRAW, Act.LAPSE}
        assert not [each for each in {*acts, "opened again"} if not world.seen[each]]
        assert set(world.states.values()) >= FINAL - {State.FULL}
    assert Letter.objects.filter(key__endswith=f":{letters.NUDGE}").count() == world.seen[LogEvent.NUDGE]

    # Then nobody does anything any more, and the tasks run once more each.
    end = datetime.datetime.combine(FIRST + 2 * YEAR * DAY, datetime.time(3), tzinfo=HELSINKI)
    remind(world, end)
    look(world)
    assert not Enquiry.objects.filter(state__in=OPEN).exists()
    remove(world, end + (CLOSED_DAYS + 1) * DAY)
    for model in (Referral, Person, Enquiry, Message, Link):
        assert not model.objects.exists(), model
    assert Counter(Tally.objects.values_list("state", flat=True)) == Counter(world.states.values())
    assert audit.verify().is_whole
    remove(world, end + 10 * YEAR * DAY)
    assert not Tally.objects.exists()
    assert audit.verify().is_whole
