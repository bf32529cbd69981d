"""How soon an organisation usually answers: told of listings with enough answers, and taken away again."""

import datetime
import uuid

import pytest
from django.conf import settings
from django.test import override_settings

from directory.actions import set_reply_times
from directory.models import Organisation, ReplyTime
from directory.reply_times import usual_reply_days
from referrals.choices import Origin, Purpose, State
from referrals.figures import reply_times
from referrals.figures.reply_times import usual_reply
from referrals.models import Tally
from tests.factories.directory import OrganisationFactory

MAY = datetime.date(2026, 5, 1)
TODAY = datetime.date(2026, 9, 15)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory()


def answers(organisation: Organisation, key: uuid.UUID, days: list[int | None], month: datetime.date = MAY) -> None:
    Tally.objects.bulk_create(
        Tally(
            organisation=organisation,
            service_key=key,
            month=month,
            purpose=Purpose.REFERRAL,
            origin=Origin.WORKER,
            stage="1",
            state=State.UNANSWERED if each is None else State.ACCEPTED,
            was_silent=each is None,
            reply_days=each,
        )
        for each in days
    )


@pytest.mark.parametrize(
    "days, usual",
    [
        ([1, 1, 2, 9, 9], 2),
        # Between two it is rounded up: nobody is promised too much.
        ([1, 1, 2, 3, 9, 9], 3),
        ([0, 0, 0, 0, 0], 0),
        # Too few answers.
        ([1, 1, 1, 1], None),
        ([1, 1, 1, 1, None], None),
        # Those who never answered waited longest.
        ([1, 1, 2, 2, 8, None, None, None, None], 8),
        # Half were never answered: nothing is usual.
        ([1, 1, 1, 1, 1, None, None, None, None, None], None),
        ([], None),
    ],
)
def test_what_is_usual(days: list[int | None], usual: int | None) -> None:
    assert usual_reply(days) == usual


@override_settings(SMALLEST_GROUP_SHOWN=3)
def test_the_products_one_threshold_holds() -> None:
    assert usual_reply([1, 2, 3]) == 2
    assert usual_reply([1, 2]) is None


def test_each_listing_has_its_own(organisation: Organisation) -> None:
    quick, slow, rare, unknown = (uuid.uuid4() for _ in range(4))
    answers(organisation, quick, [1] * 5)
    answers(organisation, slow, [8] * 5)
    answers(organisation, rare, [1] * (settings.SMALLEST_GROUP_SHOWN - 1))
    assert reply_times.run(TODAY) == 2
    assert usual_reply_days([quick, slow, rare, unknown]) == {quick: 1, slow: 8}
    assert usual_reply_days([]) == {}


def test_only_settled_quarters_of_the_last_year_count(organisation: Organisation) -> None:
    long_ago, running, settling = (uuid.uuid4() for _ in range(3))
    answers(organisation, long_ago, [1] * 9, datetime.date(2025, 6, 1))
    answers(organisation, running, [1] * 9, datetime.date(2026, 9, 1))
    assert reply_times.run(TODAY) == 0
    answers(organisation, settling, [1] * 9, datetime.date(2026, 6, 1))
    assert reply_times.run(datetime.date(2026, 8, 31)) == 1
    assert set(usual_reply_days([long_ago, running, settling])) == {long_ago}
    assert reply_times.run(TODAY) == 1
    assert set(usual_reply_days([long_ago, running, settling])) == {settling}


def test_what_is_told_follows_and_goes(organisation: Organisation) -> None:
    key = uuid.uuid4()
    answers(organisation, key, [1] * 5)
    reply_times.run(TODAY)
    answers(organisation, key, [6] * 9)
    later = TODAY + datetime.timedelta(days=1)
    reply_times.run(later)
    told = ReplyTime.objects.get()
    assert (told.working_days, told.counted_on) == (6, later)
    # Nothing changed: it is not counted anew.
    reply_times.run(later + datetime.timedelta(days=1))
    assert ReplyTime.objects.get().counted_on == later
    Tally.objects.all().delete()
    reply_times.run(later)
    assert usual_reply_days([key]) == {}


def test_setting_tells_these_and_no_others(db: None) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    set_reply_times({first: 2}, on=TODAY)
    set_reply_times({second: 3}, on=TODAY)
    assert usual_reply_days([first, second]) == {second: 3}


def test_one_query_for_many(db: None, django_assert_num_queries) -> None:
    keys = [uuid.uuid4() for _ in range(60)]
    set_reply_times(dict.fromkeys(keys, 2), on=TODAY)
    with django_assert_num_queries(1):
        assert len(usual_reply_days(keys)) == 60
