"""Many people in the same moment, a connection each: nothing lost, nothing done twice, nobody waits for ever.

The same tests meet SQLite, where one writes at a time, and PostgreSQL, where rows are locked one by one. What must not
depend on who is quicker is tried several times over.
"""

import datetime
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from directory.actions import change_at_once
from directory.choices import Capacity
from portal.accounts.actions import close_account
from portal.accounts.models import User
from portal.post.composing import Message, Paragraph
from portal.post.letters import queue_letter
from portal.post.models import Letter
from referrals import actions, audit, keeping, reading, retention
from referrals.access import private
from referrals.actions import ChangedMeanwhileError, LastLeadError, act
from referrals.actors import PERSON, Actor
from referrals.choices import Act, ConsentHow, DeclineReason, LogEvent, MemberState, Party, State, TeamRole
from referrals.models import Enquiry, Link, LogLine, Person, Referral, Tally, Team, TeamMember
from referrals.permissions import Relation, is_in_team
from referrals.states import OPEN, NotNowError
from tests.factories import referrals as make
from tests.workspace.test_many_at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

# A race is not lost every time.
ROUNDS = 3
ORGANISATION = Actor(Party.ORGANISATION)
TOO_LATE = (ChangedMeanwhileError, NotNowError)
# The person has said yes to these organisations too.
ask_further = partial(actions.add_enquiries, consent_how=ConsentHow.SPOKEN)
GONE = (Referral.DoesNotExist, Enquiry.DoesNotExist)

Deed = Callable[[], Any]


def tried(deed: Deed, *expected: type[Exception]) -> Deed:
    """What comes of it, or the exception that is to be expected; any other is the test's."""

    def carry_out() -> Any:
        try:
            return deed()
        except expected as error:
            return error

    return carry_out


def doing(enquiry: Enquiry, what: Act, by: Actor = ORGANISATION, **values: Any) -> Deed:
    """An act on the page as it is shown now."""
    return tried(partial(act, enquiry, what, by=by, version=enquiry.version, **values), *TOO_LATE, *GONE)


def kinds(outcomes: list[Any]) -> Counter[str]:
    """«done», or what came instead."""
    return Counter(type(each).__name__ if isinstance(each, Exception) else "done" for each in outcomes)


def everything_agrees() -> None:
    """Whoever was first: the rows tell the same story."""
    assert audit.verify().is_whole
    for referral in Referral.objects.prefetch_related("enquiries"):
        enquiries = referral.enquiries.all()
        assert (referral.closed_at is None) == any(each.is_open for each in enquiries)
        assert (referral.withdrawn_at is None) or not any(each.is_open for each in enquiries)
        assert Person.objects.filter(referral=referral).exists()
        for each in enquiries:
            assert each.tally.state == each.state
            # Every act has its line, and the enquiry its number.
            acts = LogLine.objects.filter(enquiry=each.uuid, event__in=Act.values)
            assert each.version == 1 + acts.count()
    assert not Tally.objects.filter(enquiry=None, state__in=OPEN).exists()


# --- One enquiry ------------------------------------------------------------------------------------------------------
def test_of_two_who_answer_one_is_heard_and_the_other_told() -> None:
    for _round in range(ROUNDS):
        enquiry = make.only_enquiry(make.sent().referral)
        outcomes = at_once(
            [doing(enquiry, Act.ACCEPT), doing(enquiry, Act.DECLINE, reason=DeclineReason.OTHER)],
        )
        assert kinds(outcomes) == {"done": 1, "ChangedMeanwhileError": 1}
        enquiry.refresh_from_db()
        assert (enquiry.state == State.ACCEPTED) == isinstance(outcomes[0], Enquiry)
        assert Letter.objects.filter(to=enquiry.referral.keeper.email).count() == 1
    everything_agrees()


def test_taking_back_while_it_is_accepted() -> None:
    for _round in range(ROUNDS):
        enquiry = make.only_enquiry(make.sent().referral)
        sender = make.sender_of(enquiry.referral)
        outcomes = at_once([doing(enquiry, Act.ACCEPT), doing(enquiry, Act.CANCEL, sender)])
        assert kinds(outcomes) == {"done": 1, "ChangedMeanwhileError": 1}
    everything_agrees()


def test_who_withdraws_is_heard_whatever_others_do() -> None:
    for _round in range(ROUNDS):
        sent = make.sent(*(make.listing() for _each in range(3)))
        first, second, third = sent.referral.enquiries.order_by("pk")
        outcomes = at_once(
            [
                doing(first, Act.ACCEPT),
                doing(third, Act.ASK, words="Sopiiko?"),
                doing(second, Act.WITHDRAW, PERSON),
                tried(partial(actions.withdraw_consent, sent.referral, by=PERSON)),
                tried(
                    partial(ask_further, sent.referral, [make.listing().translation_key], by=sent.referral.keeper),
                    ValidationError,
                ),
            ]
        )
        assert isinstance(outcomes[3], Referral)
        assert not sent.referral.enquiries.open().exists()
        assert LogLine.objects.of_referral(sent.referral.uuid).filter(event=Act.WITHDRAW, enquiry=None).count() == 1
    everything_agrees()


def test_nobody_reads_what_was_withdrawn() -> None:
    """Who got to see the person stands in the log before the line of withdrawing."""
    for _round in range(ROUNDS):
        sent = make.sent()
        enquiry = make.only_enquiry(sent.referral)

        def read(sent: actions.Sent = sent, enquiry: Enquiry = enquiry) -> reading.Opening:
            return reading.open_for(
                sent.referral, relation=Relation.RECEIVER, by=ORGANISATION, at=timezone.now(), enquiry=enquiry
            )

        outcomes = at_once([read, partial(actions.withdraw_consent, sent.referral, by=PERSON), read, read])
        events = LogLine.objects.of_referral(sent.referral.uuid).values_list("event", flat=True)
        before = list(events)[: list(events).index(Act.WITHDRAW)]
        seen = [each for each in outcomes if isinstance(each, reading.Opening) and each.details is not None]
        assert len(seen) == before.count(LogEvent.OPEN)
    everything_agrees()


def test_a_page_from_before_withdrawing_opens_nothing_after() -> None:
    sent = make.sent()
    shown = Referral.objects.get(pk=sent.referral.pk)
    enquiry = make.only_enquiry(shown)
    actions.withdraw_consent(sent.referral, by=PERSON)
    for relation in Relation:
        opened = reading.open_for(shown, relation=relation, by=ORGANISATION, at=timezone.now(), enquiry=enquiry)
        assert opened.details is None


def test_one_form_sent_twice_is_one_referral() -> None:
    make.switch_on()
    team = make.team()
    lead = make.lead_of(team)
    for number in range(ROUNDS):
        draft = make.draft(make.listing())
        outcomes = at_once(
            tried(partial(actions.send, draft, team=team, by=lead), actions.AlreadySentError) for _each in range(3)
        )
        assert kinds(outcomes) == {"done": 1, "AlreadySentError": 2}
        assert Person.objects.count() == number + 1
    everything_agrees()


def test_asking_further_twice_asks_once_and_never_too_many() -> None:
    for _round in range(ROUNDS):
        referral = make.sent().referral
        colleague = make.worker(referral.team)
        one, two = [make.listing().translation_key for _each in range(3)], [make.listing().translation_key]
        outcomes = at_once(
            tried(partial(ask_further, referral, keys, by=by), ValidationError)
            for keys, by in ((one, referral.keeper), (one, colleague), (two, referral.keeper), (two, colleague))
        )
        assert kinds(outcomes) == {"done": 4}
        assert referral.enquiries.count() == 5
        more = [[make.listing().translation_key] for _each in range(2)]
        enquiry = referral.enquiries.first()
        act(enquiry, Act.CANCEL, by=make.sender_of(referral), version=enquiry.version)
        outcomes = at_once(tried(partial(ask_further, referral, keys, by=colleague), ValidationError) for keys in more)
        assert kinds(outcomes) == {"done": 1, "ValidationError": 1}
        assert referral.enquiries.open().count() == 5
    everything_agrees()


def test_full_is_said_while_the_listing_is_edited_and_its_keeper_leaves() -> None:
    """The directory has locks of its own: together they must be taken in one order."""
    for _round in range(ROUNDS):
        service = make.listing()
        enquiries = [make.only_enquiry(make.sent(service).referral) for _each in range(3)]
        keeper = service.organisation.memberships.get().user
        worker = enquiries[0].referral.keeper
        outcomes = at_once(
            [
                *(doing(enquiry, Act.SAY_FULL, Actor(Party.ORGANISATION, user=keeper)) for enquiry in enquiries),
                tried(
                    partial(change_at_once, service, {"capacity": Capacity.FULL.value}, by=keeper),
                    PermissionDenied,
                ),
                partial(close_account, keeper, keeper),
                partial(close_account, worker, worker),
            ]
        )
        assert kinds(outcomes[:3]) == {"done": 3}
        assert kinds(outcomes[4:]) == {"done": 2}
        assert not User.objects.filter(pk__in=(keeper.pk, worker.pk), is_active=True).exists()
    everything_agrees()


# --- Teams ------------------------------------------------------------------------------------------------------------
def test_two_colleagues_take_over() -> None:
    for _round in range(ROUNDS):
        referral = make.sent().referral
        colleagues = [make.worker(referral.team) for _each in range(2)]
        at_once(partial(actions.take_over, referral, by=by) for by in colleagues)
        referral.refresh_from_db()
        lines = LogLine.objects.of_referral(referral.uuid).filter(event=LogEvent.TAKE_OVER)
        assert [line.user for line in lines][-1] == referral.keeper
        assert {line.user for line in lines} == set(colleagues)
    everything_agrees()


def test_of_two_leads_who_leave_one_stays() -> None:
    for _round in range(ROUNDS):
        team = make.team()
        make.worker(team)
        leads = [team.members.get(role=TeamRole.LEAD), None]
        leads[1] = team.members.get(user=make.worker(team, role=TeamRole.LEAD))
        outcomes = at_once(tried(partial(actions.end_member, place, by=place.user), LastLeadError) for place in leads)
        assert kinds(outcomes) == {"done": 1, "LastLeadError": 1}
        assert team.members.active().filter(role=TeamRole.LEAD).count() == 1


def test_nobody_keeps_a_referral_of_a_team_they_have_left() -> None:
    for _round in range(ROUNDS):
        referral = make.sent().referral
        place = TeamMember.objects.get(user=make.worker(referral.team))
        outcomes = at_once(
            [
                tried(partial(actions.take_over, referral, by=place.user), PermissionDenied),
                partial(actions.end_member, place, by=place.user),
                doing(make.only_enquiry(referral), Act.ACCEPT),
            ]
        )
        assert kinds(outcomes[1:]) == {"done": 2}
        referral.refresh_from_db()
        assert is_in_team(referral.keeper, referral.team)


def test_a_team_that_closes_has_nothing_open() -> None:
    make.switch_on()
    for _round in range(ROUNDS):
        closed = make.sent().referral
        team, lead = closed.team, closed.keeper
        actions.withdraw_consent(closed, by=PERSON)
        fresh, key = make.draft(make.listing()), make.listing().translation_key
        again = make.sent(to_team=team).referral
        enquiry = make.only_enquiry(again)
        act(enquiry, Act.CANCEL, by=make.sender_of(again), version=1)
        at_once(
            [
                tried(partial(actions.send, fresh, team=team, by=lead), PermissionDenied),
                tried(
                    partial(ask_further, again, [key], by=lead),
                    PermissionDenied,
                ),
                tried(partial(actions.close_team, team, by=lead), ValidationError),
            ]
        )
        team = Team.objects.get(pk=team.pk)
        assert team.closed_at is None or not Referral.objects.of_teams([team]).open().exists()
    everything_agrees()


def test_a_worker_whose_account_closes_stops_nobody() -> None:
    """Accounts are locked by the rooms below, before the team is."""
    make.switch_on()
    for _round in range(ROUNDS):
        team = make.team()
        leaver, colleague = make.worker(team), make.worker(team)
        referrals = [make.sent(make.listing(), by=leaver, to_team=team).referral for _each in range(3)]
        enquiries = [make.only_enquiry(each) for each in referrals]
        drafts = [make.draft(make.listing()) for _each in range(2)]
        outcomes = at_once(
            [
                *(doing(enquiry, Act.ACCEPT) for enquiry in enquiries),
                partial(close_account, leaver, leaver),
                partial(actions.take_over, referrals[0], by=colleague),
                *(
                    tried(partial(actions.send, draft, team=team, by=by), PermissionDenied)
                    for draft, by in zip(drafts, (leaver, colleague), strict=True)
                ),
            ]
        )
        assert kinds(outcomes[:5]) == {"done": 5}
        assert TeamMember.objects.get(user=leaver).state == MemberState.ENDED
        assert not Referral.objects.open().filter(keeper=leaver).exists()
    everything_agrees()


# --- By itself, and people --------------------------------------------------------------------------------------------
def test_two_runs_at_once_remind_once() -> None:
    monday = datetime.datetime(2027, 3, 1, 10, tzinfo=datetime.UTC)
    enquiries = [make.only_enquiry(make.sent(at=monday).referral) for _each in range(4)]
    before = Letter.objects.count()
    thursday = monday + datetime.timedelta(days=3)
    outcomes = at_once(
        [
            *(partial(keeping.run, thursday) for _each in range(3)),
            doing(enquiries[0], Act.ACCEPT, at=thursday),
        ]
    )
    nudged = LogLine.objects.filter(event=LogEvent.NUDGE)
    assert sum(kept.nudged for kept in outcomes[:3]) == nudged.count()
    assert {each.uuid for each in enquiries[1:]} <= set(nudged.values_list("enquiry", flat=True))
    assert nudged.count() == nudged.values("enquiry").distinct().count()
    # The answer of the first one is news for its sender.
    assert Letter.objects.count() - before == nudged.count() + 1
    everything_agrees()


def test_what_is_removed_while_people_are_at_it() -> None:
    """Each act is done before, or finds nothing. What the person's page then answers: not there."""
    for _round in range(ROUNDS):
        sent = make.sent(make.listing(), make.listing())
        referral = sent.referral
        one, two = referral.enquiries.order_by("pk")
        act(one, Act.ACCEPT, by=ORGANISATION, version=1)
        one.refresh_from_db()
        key, colleague = make.listing().translation_key, make.worker(referral.team)

        def read(referral: Referral = referral, one: Enquiry = one) -> reading.Opening:
            return reading.open_for(referral, relation=Relation.LINK, by=ORGANISATION, at=timezone.now(), enquiry=one)

        outcomes = at_once(
            [
                partial(retention.wipe, referral),
                partial(retention.wipe, referral),
                doing(one, Act.TELL_CAME),
                doing(two, Act.ACCEPT),
                tried(read, *GONE),
                tried(partial(actions.withdraw_consent, referral, by=PERSON), *GONE),
                tried(partial(actions.take_over, referral, by=colleague), *GONE),
                tried(partial(actions.rate, one, good="yes"), PermissionDenied, *GONE),
                tried(
                    partial(ask_further, referral, [key], by=referral.keeper),
                    ValidationError,
                    *GONE,
                ),
            ]
        )
        assert kinds(outcomes[:2]) == {"done": 2}
        lines = list(LogLine.objects.of_referral(referral.uuid).values_list("event", flat=True))
        assert lines.count(LogEvent.WIPE) == 1
        # Nothing comes after: neither an act nor somebody who reads.
        assert lines[-1] == LogEvent.WIPE
    assert not Referral.objects.exists()
    assert not Link.objects.exists()
    everything_agrees()


def test_what_is_opened_again_is_not_removed() -> None:
    """Its time had come; a worker asked one more organisation in that moment."""
    for _round in range(ROUNDS):
        long_ago = timezone.now() - datetime.timedelta(days=90)
        referral = make.sent(at=long_ago).referral
        enquiry = make.only_enquiry(referral)
        act(enquiry, Act.CANCEL, by=make.sender_of(referral), version=1, at=long_ago)
        key = make.listing().translation_key
        outcomes = at_once(
            [
                partial(retention.run, timezone.now()),
                tried(partial(ask_further, referral, [key], by=referral.keeper), *GONE),
                partial(retention.run, timezone.now()),
            ]
        )
        assert Referral.objects.filter(pk=referral.pk).exists() == (kinds(outcomes[1:2]) == {"done": 1})
    everything_agrees()


def test_a_page_of_what_was_removed_is_not_there() -> None:
    referral = make.sent().referral
    enquiry = make.only_enquiry(referral)
    retention.wipe(referral)

    @private
    def view(request: Any) -> Any:
        return act(enquiry, Act.ACCEPT, by=ORGANISATION, version=1)

    with pytest.raises(Http404):
        view(RequestFactory().post("/"))


# --- The log ----------------------------------------------------------------------------------------------------------
def test_many_write_one_chain() -> None:
    """From the very first line on, while it is read and cut off at its beginning."""
    old = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    def append(number: int) -> None:
        for _each in range(10):
            audit.append(LogEvent.OPEN, Referral(), PERSON, at=old if number < 2 else timezone.now())

    at_once(partial(append, number) for number in range(8))
    assert audit.verify() == audit.Verdict(80, LogLine.objects.last().hash)
    outcomes = at_once(
        [
            *(partial(append, number) for number in range(2, 6)),
            *(audit.verify for _each in range(3)),
            *(partial(audit.prune, datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)) for _each in range(2)),
        ]
    )
    assert all(verdict.is_whole for verdict in outcomes[4:7])
    assert audit.verify().is_whole


# --- Load -------------------------------------------------------------------------------------------------------------
def test_a_hundred_referrals_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is sent by a worker, accepted by the organisation, and every third one withdrawn by the person."""
    count = 100 if connection.vendor == "postgresql" else 20
    make.switch_on()
    teams = [make.team(name=f"Tiimi {number}") for number in range(5)]
    workers = [(each, make.lead_of(each)) for each in teams]
    services = [make.listing() for _each in range(10)]

    def loop(number: int) -> actions.Sent:
        team, worker = workers[number % len(workers)]
        sent = actions.send(make.draft(services[number % len(services)]), team=team, by=worker)
        act(make.only_enquiry(sent.referral), Act.ACCEPT, by=ORGANISATION, version=1)
        if number % 3 == 0:
            actions.withdraw_consent(sent.referral, by=PERSON)
        return sent

    def write_letter(number: int) -> Letter:
        message = Message(subject="Aihe", blocks=[Paragraph("Sanat")])
        return queue_letter(key=f"plain:{number}", to="a@example.org", message=message, language="fi")

    began = time.perf_counter()
    at_once(partial(write_letter, number) for number in range(count))
    plain = time.perf_counter() - began
    Letter.objects.all().delete()
    DBTaskResult.objects.all().delete()
    began = time.perf_counter()
    all_sent = at_once(partial(loop, number) for number in range(count))
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n{count} referrals: {took:.1f} s; {count} plain letters: {plain:.1f} s; ratio {took / plain:.1f}")

    withdrawn = len(range(0, count, 3))
    assert len({sent.code for sent in all_sent}) == count
    assert Counter(Enquiry.objects.values_list("state", flat=True)) == {
        State.ACCEPTED: count - withdrawn,
        State.WITHDRAWN: withdrawn,
    }
    assert Counter(Tally.objects.values_list("state", "was_accepted")) == {
        (State.ACCEPTED, True): count - withdrawn,
        (State.WITHDRAWN, True): withdrawn,
    }
    # Sent, a link; accepted; withdrawn, and so its enquiry.
    assert audit.verify() == audit.Verdict(3 * count + 2 * withdrawn, LogLine.objects.last().hash)
    # A link to the organisation and its answer to the worker; of withdrawing both hear. Each is put on its way once.
    letters = 2 * count + 2 * withdrawn
    assert Letter.objects.count() == letters
    assert Letter.objects.values("message_id").distinct().count() == letters
    queued = [task.args_kwargs["args"][0] for task in DBTaskResult.objects.all()]
    assert sorted(queued) == sorted(Letter.objects.values_list("pk", flat=True))
    everything_agrees()
