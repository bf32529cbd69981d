"""What happens by itself: the nudge on the third working day, silence told on the fifth, ends; whatever was missed."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.post.models import Letter
from referrals import actions, keeping, letters
from referrals.actors import PERSON, Actor
from referrals.choices import Act, LogEvent, Party, State
from referrals.models import Enquiry, LogLine, Referral, Tally
from tests.factories import referrals as make
from tests.referrals.days_off import is_at_work

pytestmark = pytest.mark.django_db

HELSINKI = ZoneInfo("Europe/Helsinki")
ORGANISATION = Actor(Party.ORGANISATION)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def run_of(day: datetime.date) -> datetime.datetime:
    """When the daily task runs."""
    return datetime.datetime.combine(day, datetime.time(8), tzinfo=HELSINKI)


def told_on(enquiry: Enquiry) -> list[tuple[str, datetime.date]]:
    """What the site has told of an enquiry, and on which days."""
    lines = LogLine.objects.filter(enquiry=enquiry.uuid, party=Party.SITE).order_by("number")
    return [(line.event, line.at.astimezone(HELSINKI).date()) for line in lines]


def run_daily(first: datetime.date, days: int, missed: frozenset[int] = frozenset()) -> None:
    for number in range(days):
        if number not in missed:
            keeping.run(run_of(first + datetime.timedelta(days=number)))


@pytest.mark.parametrize(
    ("sent_at", "nudge", "silence"),
    [
        # A Monday, a Friday, a Sunday; one minute before midnight, when it is still yesterday in UTC, and after.
        ("2027-03-01 12:00", "2027-03-04", "2027-03-08"),
        ("2027-03-05 12:00", "2027-03-10", "2027-03-12"),
        ("2027-03-07 12:00", "2027-03-10", "2027-03-12"),
        ("2027-03-01 23:59", "2027-03-04", "2027-03-08"),
        ("2027-03-02 00:01", "2027-03-05", "2027-03-09"),
        # Easter, May Day, Midsummer, Independence Day, Christmas with New Year and Epiphany.
        ("2027-03-24 12:00", "2027-03-31", "2027-04-02"),
        ("2026-04-29 12:00", "2026-05-05", "2026-05-07"),
        ("2027-06-23 12:00", "2027-06-29", "2027-07-01"),
        ("2027-12-02 12:00", "2027-12-08", "2027-12-10"),
        ("2026-12-23 12:00", "2026-12-30", "2027-01-04"),
        ("2026-12-30 12:00", "2027-01-05", "2027-01-08"),
        # The clock is put forward on 28 March 2027 and back on 31 October.
        ("2026-03-26 23:30", "2026-03-31", "2026-04-02"),
        ("2027-10-28 23:30", "2027-11-02", "2027-11-04"),
    ],
)
def test_the_nudge_and_the_news_of_silence_come_on_their_day(sent_at: str, nudge: str, silence: str) -> None:
    referral = make.sent(at=at(sent_at)).referral
    enquiry = make.only_enquiry(referral)
    run_daily(at(sent_at).date(), 20)
    assert told_on(enquiry) == [
        (LogEvent.NUDGE, datetime.date.fromisoformat(nudge)),
        (LogEvent.SILENCE, datetime.date.fromisoformat(silence)),
    ]
    keys = [letter.key for letter in Letter.objects.all()]
    assert len([key for key in keys if key.endswith(f":{letters.NUDGE}")]) == 1
    assert Letter.objects.filter(to=referral.keeper.email).count() == 1
    assert Tally.objects.get().was_silent
    assert Enquiry.objects.get().is_silent


@hypothesis_settings(max_examples=15)
@given(
    sent_at=st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2028, 12, 1)),
    missed=st.frozensets(st.integers(0, 29), max_size=28),
)
def test_a_missed_day_is_made_good_by_the_next_and_nothing_is_told_twice(
    sent_at: datetime.datetime, missed: frozenset[int]
) -> None:
    sent_at = sent_at.replace(tzinfo=HELSINKI)
    with transaction.atomic():
        enquiry = make.only_enquiry(make.sent(at=sent_at).referral)
        first = sent_at.date()
        run_daily(first, 30, missed)
        told = told_on(enquiry)
        transaction.set_rollback(True)

    days = [first + datetime.timedelta(days=number) for number in range(30)]
    runs = [day for number, day in enumerate(days) if number not in missed and is_at_work(day)]
    waited = {day: sum(is_at_work(each) for each in days if first < each <= day) for day in runs}
    nudge = next((day for day in runs if waited[day] >= 3), None)
    silence = next((day for day in runs if nudge and day > nudge and waited[day] >= 5), None)
    expected = [(LogEvent.NUDGE, nudge), (LogEvent.SILENCE, silence)]
    assert told == [(event, day) for event, day in expected if day is not None]


def test_a_run_that_is_repeated_does_nothing() -> None:
    enquiry = make.only_enquiry(make.sent(at=at("2027-03-01 12:00")).referral)
    morning = run_of(datetime.date(2027, 3, 4))
    assert keeping.run(morning) == (1, 0, 0)
    for minutes in (0, 5, 600):
        assert keeping.run(morning + datetime.timedelta(minutes=minutes)) == (0, 0, 0)
    assert len(told_on(enquiry)) == 1


def test_each_wait_has_its_own_nudge() -> None:
    """The organisation asked, was answered and fell silent again."""
    referral = make.sent(at=at("2027-03-01 12:00")).referral
    enquiry = make.only_enquiry(referral)
    run_daily(datetime.date(2027, 3, 1), 8)
    for act, by in ((Act.ASK, ORGANISATION), (Act.ANSWER, make.sender_of(referral))):
        enquiry.refresh_from_db()
        actions.act(enquiry, act, by=by, version=enquiry.version, words="Sopiiko?", at=at("2027-03-08 12:00"))
    run_daily(datetime.date(2027, 3, 9), 14)
    assert [(event, f"{day}") for event, day in told_on(enquiry)] == [
        (LogEvent.NUDGE, "2027-03-04"),
        (LogEvent.SILENCE, "2027-03-08"),
        (LogEvent.NUDGE, "2027-03-11"),
        (LogEvent.SILENCE, "2027-03-15"),
    ]


@pytest.mark.parametrize("state", sorted(set(State) - {State.SENT}))
def test_only_who_owes_an_answer_is_reminded(state: State) -> None:
    make.sent(at=at("2027-03-01 12:00"))
    Enquiry.objects.update(state=state)
    run_daily(datetime.date(2027, 3, 1), 20)
    assert not LogLine.objects.filter(event__in=(LogEvent.NUDGE, LogEvent.SILENCE)).exists()


def test_of_a_persons_own_referral_nobody_is_told_but_its_page_is() -> None:
    enquiry = make.only_enquiry(make.own_sent(at=at("2027-03-01 12:00")).referral)
    before = Letter.objects.count()
    run_daily(datetime.date(2027, 3, 1), 10)
    assert Letter.objects.count() == before + 1
    enquiry.refresh_from_db()
    assert enquiry.is_silent


def test_what_was_removed_meanwhile_stops_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased between reading and reminding; the others are reminded."""
    gone, stays = (make.only_enquiry(make.sent(at=at("2027-03-01 12:00")).referral) for _each in range(2))
    has_waited = keeping._has_waited

    def erase(enquiry: Enquiry, *args: object) -> bool:
        Referral.objects.filter(pk=gone.referral_id).delete()
        return has_waited(enquiry, *args)

    monkeypatch.setattr(keeping, "_has_waited", erase)
    assert keeping.run(run_of(datetime.date(2027, 3, 4))).nudged == 1
    assert len(told_on(stays)) == 1


def test_what_was_answered_meanwhile_is_not_reminded(monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make.only_enquiry(make.sent(at=at("2027-03-01 12:00")).referral)

    def answer(*args: object) -> bool:
        if Enquiry.objects.get().version == 1:
            actions.act(enquiry, Act.ACCEPT, by=ORGANISATION, version=1, at=at("2027-03-04 07:59"))
        return True

    monkeypatch.setattr(keeping, "_has_waited", answer)
    assert keeping.run(run_of(datetime.date(2027, 3, 4))) == (0, 0, 0)


# --- Ends -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "period", "end"),
    [
        (State.SENT, "unanswered", State.UNANSWERED),
        (State.ASKED, "forgotten", State.CLOSED),
        (State.ACCEPTED, "forgotten", State.CLOSED),
        (State.CONTINUES, "forgotten", State.CLOSED),
    ],
)
def test_what_rests_too_long_ends(state: State, period: str, end: State) -> None:
    referral = make.sent(at=at("2027-01-04 08:00")).referral
    Enquiry.objects.update(state=state)
    due = at("2027-01-04 08:00").astimezone(datetime.UTC) + datetime.timedelta(days=settings.REFERRAL_PERIODS[period])
    assert keeping.run(due - datetime.timedelta(minutes=1)).lapsed == 0
    assert keeping.run(due).lapsed == 1
    referral.refresh_from_db()
    assert (Enquiry.objects.get().state, referral.closed_at) == (end, due)


def test_it_ends_on_a_holiday_too() -> None:
    make.sent(at=at("2026-12-25 08:00") - datetime.timedelta(days=settings.REFERRAL_PERIODS["unanswered"]))
    assert keeping.run(at("2026-12-25 08:00")) == (0, 0, 1)


def test_a_meeting_that_is_still_to_come_is_waited_for() -> None:
    enquiry = make.only_enquiry(make.sent(at=at("2027-01-04 12:00")).referral)
    meeting = at("2027-09-01 12:00")
    actions.act(enquiry, Act.ACCEPT, by=ORGANISATION, version=1, meeting_at=meeting, at=at("2027-01-05 12:00"))
    forgotten = datetime.timedelta(days=settings.REFERRAL_PERIODS["forgotten"])
    assert keeping.run(meeting + forgotten - datetime.timedelta(days=1)).lapsed == 0
    assert keeping.run(meeting + forgotten).lapsed == 1


def test_what_was_withdrawn_rests_in_peace() -> None:
    sent = make.sent(at=at("2027-03-01 12:00"))
    actions.withdraw_consent(sent.referral, by=PERSON, at=at("2027-03-01 13:00"))
    assert keeping.run(at("2028-03-01 08:00")) == (0, 0, 0)
