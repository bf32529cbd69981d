"""The table of states: what it says, that the actions do what it says and nothing else, and that whatever people do in
whatever order, the rows around an enquiry tell the same."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.post.models import Letter
from referrals import actions, audit, keeping, retention
from referrals.actors import PERSON, SITE, Actor
from referrals.choices import Act, ConsentHow, DeclineReason, Good, LogEvent, Party, State
from referrals.guidance import MOST_DAYS_AHEAD, MOST_ENQUIRIES
from referrals.models import Enquiry, Link, LogLine, Message, Person, Referral, Tally
from referrals.states import FINAL, MAY, OPEN, TRANSITIONS, NotNowError, acts_for, after
from tests.factories import referrals as make

NOON = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
# Who has a letter of an act. What is told after the meeting, and what ends in peace, needs none.
HEARS_ORGANISATION = {Act.ANSWER, Act.AGREE, Act.REFUSE_TIME, Act.CANCEL, Act.WITHDRAW}
HEARS_SENDER = {Act.ACCEPT, Act.ASK, Act.SUGGEST, Act.DECLINE, Act.SAY_FULL}
HEARS_SENDER_OF_PERSON = {Act.AGREE, Act.REFUSE_TIME, Act.WITHDRAW}


# --- The table itself -------------------------------------------------------------------------------------------------
def test_the_table_is_whole() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(MAY) == set(Act)
    assert {act for acts in TRANSITIONS.values() for act in acts} == set(Act)
    assert all(MAY.values())


def test_every_state_can_be_reached() -> None:
    reached = {State.SENT}
    while further := {to for state in reached for to in TRANSITIONS[state].values()} - reached:
        reached |= further
    assert reached == set(State)


def test_nothing_rests_for_ever() -> None:
    """The site alone brings every open enquiry to an end, in one step; it can do nothing else."""
    assert {act for act, parties in MAY.items() if Party.SITE in parties} == {Act.LAPSE}
    assert all(after(state, Act.LAPSE) in FINAL for state in OPEN)


def test_the_person_can_withdraw_as_long_as_it_is_open() -> None:
    for state in OPEN:
        assert Act.WITHDRAW in acts_for(state, {Party.PERSON})
        assert after(state, Act.WITHDRAW) == State.WITHDRAWN


def test_no_act_leads_out_of_an_end() -> None:
    for state in FINAL:
        assert acts_for(state, set(Party)) == []
        for act in Act:
            with pytest.raises(NotNowError):
                after(state, act)


# --- Every act of every party in every state --------------------------------------------------------------------------
@contextmanager
def undone() -> Iterator[None]:
    """What is done inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def words_for(act: Act, now: datetime.datetime) -> dict[str, object]:
    """What an act needs beside itself."""
    if act in (Act.ASK, Act.ANSWER):
        return {"words": "Sopiiko?"}
    if act is Act.SUGGEST:
        return {"meeting_at": now + datetime.timedelta(days=3)}
    return {"reason": DeclineReason.OTHER} if act is Act.DECLINE else {}


def actor(party: Party, referral: Referral) -> Actor:
    return PERSON if party is Party.PERSON else Actor(party, user=referral.keeper if party is Party.SENDER else None)


def all_told(referral: Referral) -> dict[str, object]:
    """Everything that an act may change."""
    return {
        "enquiries": list(referral.enquiries.order_by("pk").values()),
        "referral": Referral.objects.filter(pk=referral.pk).values().get(),
        "tallies": list(Tally.objects.order_by("pk").values()),
        "log": LogLine.objects.count(),
        "letters": Letter.objects.count(),
        "links": Link.objects.count(),
        "messages": Message.objects.count(),
    }


def letters_after(act: Act, party: Party, *, is_own: bool) -> int:
    """How many letters an act makes when the organisation has one address."""
    to_organisation = act in HEARS_ORGANISATION
    to_sender = act in HEARS_SENDER or (act in HEARS_SENDER_OF_PERSON and party is Party.PERSON)
    return to_organisation + (to_sender and not is_own)


@pytest.mark.django_db
@pytest.mark.parametrize("send", [make.sent, make.own_sent])
@pytest.mark.parametrize("state", State)
def test_an_act_does_what_the_table_says_and_nothing_else(state: State, send: Callable[..., actions.Sent]) -> None:
    referral = send(at=NOON).referral
    enquiry = make.only_enquiry(referral)
    Enquiry.objects.update(state=state)
    Tally.objects.update(state=state)
    Referral.objects.update(closed_at=NOON if state in FINAL else None)
    enquiry.refresh_from_db()
    referral.refresh_from_db()
    later = NOON + datetime.timedelta(hours=1)
    for party in Party:
        parties = {party, Party.SENDER} if party is Party.PERSON and referral.is_own else {party}
        assert [act for act in Act if act in TRANSITIONS[state] and MAY[act] & parties] == acts_for(state, parties)
        for act in Act:
            is_allowed = act in TRANSITIONS[state] and bool(MAY[act] & parties)
            with undone():
                before = all_told(referral)
                try:
                    done = actions.act(
                        enquiry, act, by=actor(party, referral), version=1, at=later, **words_for(act, later)
                    )
                except (actions.NotAllowedError, NotNowError):
                    assert not is_allowed, (party, act)
                    assert all_told(referral) == before
                    continue
                assert is_allowed, (party, act)
                assert done.state == TRANSITIONS[state][act]
                now = Enquiry.objects.get()
                assert (now.state, now.version) == (done.state, 2)
                assert Tally.objects.get().state == now.state
                referral_now = Referral.objects.get()
                assert (referral_now.closed_at is None) == (now.state in OPEN)
                assert (referral_now.withdrawn_at is None) == (act is not Act.WITHDRAW)
                lines = [(line.event, line.enquiry) for line in LogLine.objects.order_by("number")][before["log"] :]
                of_referral = [(act, None)] if act is Act.WITHDRAW else []
                assert lines == [*of_referral, (act, enquiry.uuid)]
                assert Letter.objects.count() - before["letters"] == letters_after(
                    act, party, is_own=referral.is_own
                ), (party, act)


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(OPEN))
def test_whatever_state_it_rests_in_it_ends_and_is_removed(state: State) -> None:
    referral = make.sent(at=NOON).referral
    # The latest meeting that can be agreed.
    latest = NOON + datetime.timedelta(days=MOST_DAYS_AHEAD)
    Enquiry.objects.update(state=state, meeting_at=latest)
    longest = max(settings.REFERRAL_PERIODS["unanswered"], settings.REFERRAL_PERIODS["forgotten"])
    end = latest + datetime.timedelta(days=longest)
    assert keeping.run(end).lapsed == 1
    referral.refresh_from_db()
    assert referral.closed_at == end
    retention.run(end + datetime.timedelta(days=61))
    assert not Referral.objects.exists()
    assert not Person.objects.exists()


# --- What must not slip through --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_meeting_too_far_away_is_refused() -> None:
    """An enquiry rests until its meeting: one in the year 9999 would be kept for ever."""
    sent = make.sent(at=NOON)
    far = datetime.datetime(9998, 1, 1, tzinfo=datetime.UTC)
    for act in (Act.SUGGEST, Act.ACCEPT):
        with pytest.raises(ValidationError):
            actions.act(
                make.only_enquiry(sent.referral), act, by=Actor(Party.ORGANISATION), version=1, meeting_at=far, at=NOON
            )
    with pytest.raises(ValidationError):
        make.sent(stage="3", purpose="joint_meeting", meeting_at=far, at=NOON)


@pytest.mark.django_db
def test_asking_those_who_were_asked_opens_nothing_again() -> None:
    """A closed referral without an open enquiry would never be removed."""
    service = make.listing()
    referral = make.sent(service, at=NOON).referral
    actions.act(make.only_enquiry(referral), Act.CANCEL, by=make.sender_of(referral), version=1, at=NOON)
    actions.add_enquiries(
        referral, [service.translation_key], consent_how=ConsentHow.SPOKEN, by=referral.keeper, at=NOON
    )
    referral.refresh_from_db()
    assert referral.closed_at == NOON
    assert referral.enquiries.count() == 1


@pytest.mark.django_db
def test_whoever_asks_further_keeps_what_a_colleague_left() -> None:
    referral = make.sent(at=NOON).referral
    colleague = make.worker(referral.team)
    actions.act(make.only_enquiry(referral), Act.CANCEL, by=make.sender_of(referral), version=1, at=NOON)
    place = referral.team.members.get(user=colleague)
    actions.set_role(place, role="lead", by=referral.keeper)
    actions.end_member(referral.team.members.get(user=referral.keeper), by=referral.keeper)
    actions.add_enquiries(
        referral, [make.listing().translation_key], consent_how=ConsentHow.SPOKEN, by=colleague, at=NOON
    )
    referral.refresh_from_db()
    assert referral.keeper == colleague
    assert LogLine.objects.filter(event=LogEvent.TAKE_OVER).count() == 1


@pytest.mark.django_db
def test_reply_time_is_counted_from_asking_this_organisation() -> None:
    """Those who are asked later have not been silent since the referral was sent."""
    referral = make.sent(at=NOON).referral
    later = NOON + datetime.timedelta(days=60)
    service = make.listing()
    actions.add_enquiries(
        referral, [service.translation_key], consent_how=ConsentHow.SPOKEN, by=referral.keeper, at=later
    )
    second = referral.enquiries.get(service_key=service.translation_key)
    actions.act(second, Act.ACCEPT, by=Actor(Party.ORGANISATION), version=1, at=later)
    tally = Tally.objects.get(enquiry=second)
    assert (tally.reply_days, tally.month) == (0, datetime.date(2027, 4, 1))


@pytest.mark.django_db
def test_the_sender_hears_once_that_the_person_withdrew() -> None:
    sent = make.sent(*(make.listing() for _each in range(3)), at=NOON)
    before = Letter.objects.filter(to=sent.referral.keeper.email).count()
    actions.withdraw_consent(sent.referral, by=PERSON, at=NOON)
    assert Letter.objects.filter(to=sent.referral.keeper.email).count() == before + 1


@pytest.mark.django_db
def test_a_listing_that_has_to_be_mended_stops_no_answer() -> None:
    service = make.listing()
    enquiry = make.only_enquiry(make.sent(service, at=NOON).referral)
    type(service).objects.filter(pk=service.pk).update(charge="nonsense")
    done = actions.act(enquiry, Act.SAY_FULL, by=make.organisation_of(enquiry), version=1, at=NOON)
    assert done.state == State.FULL


# --- Whatever people do, in whatever order ----------------------------------------------------------------------------
class Loop(RuleBasedStateMachine):
    """A team, six listings, a clock. What was done is written down beside, and compared after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.now = NOON
        self.lines = self.letters = self.asked = 0
        # Enquiry → (state, version, how many lines of reminders since it last moved).
        self.known: dict[int, tuple[str, int]] = {}
        self.gone: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @initialize()
    def world(self) -> None:
        make.switch_on()
        self.team = make.team()
        self.workers = [make.lead_of(self.team), make.worker(self.team)]
        self.stranger = make.worker(make.team(name="Muu tiimi"))
        self.listings = [make.listing() for _each in range(6)]

    def any_of(self, data: st.DataObject, rows: list) -> object:
        return rows[data.draw(st.integers(0, len(rows) - 1))]

    def a_referral(self, data: st.DataObject) -> Referral:
        return self.any_of(data, list(Referral.objects.order_by("pk")))

    def remember(self, referral: Referral, *, lines: int, letters: int) -> None:
        self.lines += lines
        self.letters += letters
        self.known.update({each.pk: (each.state, each.version) for each in referral.enquiries.all()})

    @rule(data=st.data(), count=st.integers(1, 3), is_own=st.booleans())
    def send(self, data: st.DataObject, count: int, is_own: bool) -> None:
        services = data.draw(st.lists(st.sampled_from(self.listings), min_size=count, max_size=count, unique=True))
        worker = None if is_own else self.any_of(data, self.workers)
        sent = actions.send(make.draft(*services), team=None if is_own else self.team, by=worker, at=self.now)
        self.asked += count
        self.remember(sent.referral, lines=1 + count, letters=count)

    @precondition(lambda self: Referral.objects.exists())
    @rule(data=st.data(), act=st.sampled_from(Act), party=st.sampled_from(Party), is_stale=st.booleans())
    def act(self, data: st.DataObject, act: Act, party: Party, is_stale: bool) -> None:
        enquiry = self.any_of(data, list(Enquiry.objects.order_by("pk")))
        referral = enquiry.referral
        parties = {party, Party.SENDER} if party is Party.PERSON and referral.is_own else {party}
        open_ones = list(referral.enquiries.open())
        version = enquiry.version - 1 if is_stale else enquiry.version
        try:
            actions.act(
                enquiry, act, by=actor(party, referral), version=version, at=self.now, **words_for(act, self.now)
            )
        except actions.ChangedMeanwhileError:
            assert is_stale
            return
        except actions.NotAllowedError:
            assert not MAY[act] & parties
            return
        except NotNowError:
            assert act not in TRANSITIONS[State(enquiry.state)]
            return
        assert not is_stale
        if act is Act.WITHDRAW:
            to_sender = party is Party.PERSON and not referral.is_own and referral.keeper is not None
            self.remember(referral, lines=1 + len(open_ones), letters=len(open_ones) + to_sender)
        else:
            self.remember(referral, lines=1, letters=letters_after(act, party, is_own=referral.is_own))
        assert Enquiry.objects.get(pk=enquiry.pk).state == TRANSITIONS[State(enquiry.state)][act]

    @precondition(lambda self: Referral.objects.exists())
    @rule(data=st.data(), by_stranger=st.booleans())
    def ask_further(self, data: st.DataObject, by_stranger: bool) -> None:
        referral = self.a_referral(data)
        services = data.draw(st.lists(st.sampled_from(self.listings), min_size=1, max_size=3, unique=True))
        known = set(referral.enquiries.values_list("service_key", flat=True))
        new = [each for each in services if each.translation_key not in known]
        by = self.stranger if by_stranger else self.any_of(data, self.workers)
        open_ones = referral.enquiries.open().count()
        try:
            actions.add_enquiries(
                referral, [each.translation_key for each in services], consent_how=ConsentHow.SPOKEN, by=by, at=self.now
            )
        except PermissionDenied:
            assert by_stranger or referral.is_own
        except ValidationError:
            assert referral.withdrawn_at is not None or open_ones + len(new) > MOST_ENQUIRIES
        else:
            assert not by_stranger
            self.asked += len(new)
            self.remember(referral, lines=len(new), letters=len(new))

    @precondition(lambda self: Referral.objects.exists())
    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        referral, worker = self.a_referral(data), self.any_of(data, [*self.workers, self.stranger])
        try:
            actions.take_over(referral, by=worker, at=self.now)
        except PermissionDenied:
            assert referral.is_own or worker == self.stranger
        else:
            self.remember(referral, lines=referral.keeper != worker, letters=0)

    @precondition(lambda self: Referral.objects.exists())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        referral = self.a_referral(data)
        open_ones = referral.enquiries.open().count()
        is_first = referral.withdrawn_at is None
        actions.withdraw_consent(referral, by=PERSON, at=self.now)
        to_sender = bool(open_ones) and not referral.is_own
        self.remember(referral, lines=is_first * (1 + open_ones), letters=open_ones + to_sender)
        assert not referral.enquiries.open().exists()

    @precondition(lambda self: Referral.objects.exists())
    @rule(data=st.data(), good=st.sampled_from(Good))
    def rate(self, data: st.DataObject, good: Good) -> None:
        enquiry = self.any_of(data, list(Enquiry.objects.order_by("pk")))
        try:
            actions.rate(enquiry, good=good, at=self.now)
        except PermissionDenied:
            assert enquiry.state not in (State.ARRIVED, State.CONTINUES, State.CLOSED, State.NOT_COME)
        else:
            self.lines += 1
            assert Tally.objects.get(enquiry=enquiry).was_good == good

    @rule(days=st.integers(0, 45), keeps=st.booleans(), removes=st.booleans())
    def time_passes(self, days: int, keeps: bool, removes: bool) -> None:
        self.now += datetime.timedelta(days=days)
        if keeps:
            before = Letter.objects.count()
            kept = keeping.run(self.now)
            self.lines += sum(kept)
            assert keeping.run(self.now) == (0, 0, 0)
            told = Letter.objects.count() - before
            assert kept.nudged <= told <= kept.nudged + kept.silent
            self.letters += told
            self.known = {each.pk: (each.state, each.version) for each in Enquiry.objects.all()}
        if removes:
            referrals = Referral.objects.count()
            retention.run(self.now)
            self.lines += referrals - Referral.objects.count()
            self.known = {each.pk: (each.state, each.version) for each in Enquiry.objects.all()}

    @invariant()
    def everything_agrees(self) -> None:
        assert {each.pk: (each.state, each.version) for each in Enquiry.objects.all()} == self.known
        assert LogLine.objects.count() == self.lines
        assert Letter.objects.count() == self.letters
        assert Letter.objects.values("key").annotate(times=Count("pk")).filter(times__gt=1).count() == 0
        assert audit.verify().is_whole
        for referral in Referral.objects.prefetch_related("enquiries", "person"):
            enquiries = referral.enquiries.all()
            assert (referral.closed_at is None) == any(each.is_open for each in enquiries)
            assert referral.person.details.hope == make.HOPE
            if referral.withdrawn_at is not None:
                assert not any(each.is_open for each in enquiries)
            for each in enquiries:
                assert (each.state, each.decline_reason) == (each.tally.state, each.tally.decline_reason)
                assert (each.first_answer_at is None) == (each.tally.reply_days is None)
        # Of what was removed the figures stay, and nothing else.
        assert Tally.objects.count() == self.asked
        assert not Tally.objects.filter(enquiry=None, state__in=OPEN).exists()
        assert Person.objects.count() == Referral.objects.count()


@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order() -> None:
    # A step writes much: a few long walks rather than many.
    run_state_machine_as_test(Loop, settings=hypothesis_settings(max_examples=6, stateful_step_count=25, deadline=None))


@pytest.mark.django_db
def test_the_site_acts_only_by_itself() -> None:
    enquiry = make.only_enquiry(make.sent(at=NOON).referral)
    for act in set(Act) - {Act.LAPSE}:
        with pytest.raises((actions.NotAllowedError, NotNowError)):
            actions.act(enquiry, act, by=SITE, version=1, at=NOON, **words_for(act, NOON))
