"""The log as a chain: whatever is done to it beside the program is found, and where; its beginning goes in time."""

import datetime
import json
import uuid

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from referrals import audit
from referrals.actors import PERSON, SITE, Actor
from referrals.choices import Act, LogEvent, Party
from referrals.models import AppendOnlyError, LogHead, LogLine, Referral, Tally
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

START = datetime.datetime(2027, 1, 1, 8, tzinfo=datetime.UTC)
LINES = 12


def moment(days: int) -> datetime.datetime:
    return START + datetime.timedelta(days=days)


@pytest.fixture
def chain() -> list[LogLine]:
    """Lines, one a day."""
    about = Referral(uuid=uuid.uuid4())
    actors = (PERSON, SITE, Actor(Party.ORGANISATION, link=uuid.uuid4(), in_name_of="Järjestö «Äö»"))
    return [
        audit.append(LogEvent.OPEN if number % 2 else Act.ACCEPT, about, actors[number % 3], at=moment(number))
        for number in range(LINES)
    ]


def write(words: str, *values: object) -> None:
    """Beside the program, as somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(words, values)


def broken_at() -> int | None:
    return audit.verify().broken_at


def test_an_untouched_chain_is_whole(chain: list[LogLine]) -> None:
    verdict = audit.verify()
    assert verdict.is_whole
    assert (verdict.lines, verdict.head) == (LINES, chain[-1].hash)


def test_an_empty_log_is_whole() -> None:
    assert audit.verify() == audit.Verdict(0, "")
    assert audit.prune(START) == 0


CHANGES = {
    "at": "2020-01-01 00:00:00+00:00",
    "event": "print",
    "party": "sender",
    "user_id_then": 7,
    "in_name_of": "Toinen järjestö",
    "referral": "0" * 32,
    "enquiry": "1" * 32,
    "link": "2" * 32,
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("number", [1, 5, LINES])
def test_a_changed_line_is_found(chain: list[LogLine], name: str, number: int) -> None:
    write(f"UPDATE referrals_logline SET {name} = %s WHERE number = %s", CHANGES[name], number)
    assert broken_at() == number


def test_every_field_is_in_the_hash() -> None:
    """A field that is added one day and forgotten there could be changed unseen."""
    assert {field.name for field in LogLine._meta.fields} == {*CHANGES, "id", "number"}


@pytest.mark.parametrize("number", [1, 5, LINES])
def test_a_removed_line_is_found(chain: list[LogLine], number: int) -> None:
    write("DELETE FROM referrals_logline WHERE number = %s", number)
    assert broken_at() == number


def test_a_log_cut_off_is_found(chain: list[LogLine]) -> None:
    write("DELETE FROM referrals_logline WHERE number > %s", 7)
    assert broken_at() == 8


def test_an_emptied_log_is_found(chain: list[LogLine]) -> None:
    write("DELETE FROM referrals_logline")
    assert broken_at() == 1


def test_a_log_emptied_with_its_head_is_found() -> None:
    make.sent(at=START)
    write("DELETE FROM referrals_logline")
    write("DELETE FROM referrals_loghead")
    assert Tally.objects.exists()
    assert broken_at() == 1


def forged(line: LogLine, **values: object) -> LogLine:
    """A line with hashes that fit, as somebody would write it who knows the program."""
    copy = LogLine.objects.get(pk=line.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in values.items():
        setattr(copy, name, value)
    copy.hash = audit.hash_of(copy)
    return copy


def test_a_line_hung_on_at_the_end_is_found(chain: list[LogLine]) -> None:
    forged(chain[-1], number=LINES + 1, previous_hash=chain[-1].hash).save()
    assert broken_at() == LINES + 1


def test_a_last_line_written_anew_is_found(chain: list[LogLine]) -> None:
    last = forged(chain[-1], event=LogEvent.PRINT.value)
    write("UPDATE referrals_logline SET event = %s, hash = %s WHERE number = %s", last.event, last.hash, LINES)
    assert broken_at() == LINES


def test_a_line_slipped_in_is_found(chain: list[LogLine]) -> None:
    write("UPDATE referrals_logline SET number = number + 1000 WHERE number >= 6")
    write("UPDATE referrals_logline SET number = number - 999 WHERE number > 1000")
    forged(chain[5], number=6, previous_hash=chain[4].hash).save()
    assert broken_at() == 7


def test_lines_that_changed_places_are_found(chain: list[LogLine]) -> None:
    write("UPDATE referrals_logline SET number = 1000 WHERE number = 4")
    write("UPDATE referrals_logline SET number = 4 WHERE number = 9")
    write("UPDATE referrals_logline SET number = 9 WHERE number = 1000")
    assert broken_at() == 4


def test_lines_that_changed_their_words_are_found(chain: list[LogLine]) -> None:
    """The numbers stay in their order, the contents change places."""
    write("UPDATE referrals_logline SET at = %s, event = %s WHERE number = 4", moment(4), LogEvent.OPEN.value)
    assert broken_at() == 4


def test_what_follows_a_broken_line_does_not_mend_it(chain: list[LogLine]) -> None:
    write("UPDATE referrals_logline SET event = 'print' WHERE number = 5")
    audit.append(LogEvent.OPEN, Referral(uuid=uuid.uuid4()), PERSON, at=moment(LINES))
    assert broken_at() == 5
    with pytest.raises(audit.BrokenChainError, match="5"):
        audit.verify_daily()


@hypothesis_settings(max_examples=25)
@given(data=st.data())
def test_any_change_of_any_kept_letter_is_found(data: st.DataObject) -> None:
    """Names as organisations have them, with every sign that could be mistaken for a border between two fields."""
    LogLine.objects.all().remove_up_to(10**9)
    LogHead.objects.all().delete()
    names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
    one, two = data.draw(names), data.draw(names)
    audit.append(LogEvent.OPEN, Referral(uuid=uuid.uuid4()), Actor(Party.ORGANISATION, in_name_of=one), at=START)
    assert audit.verify().is_whole
    write("UPDATE referrals_logline SET in_name_of = %s", two)
    assert audit.verify().is_whole == (one == two)


# --- Through the program ----------------------------------------------------------------------------------------------
def test_the_program_itself_changes_no_line(chain: list[LogLine]) -> None:
    line = LogLine.objects.get(number=3)
    line.event = LogEvent.PRINT
    for change in (
        line.save,
        line.delete,
        LogLine.objects.all().delete,
        LogLine.objects.filter(number=3).delete,
        lambda: LogLine.objects.update(event="print"),
        lambda: LogLine.objects.filter(number=3).update(number=F("number") + 1),
        lambda: LogLine.objects.bulk_update([line], ["event"]),
    ):
        with pytest.raises(AppendOnlyError), transaction.atomic():
            change()
    assert LogLine.objects.count() == LINES
    assert audit.verify().is_whole


def test_a_line_names_no_person() -> None:
    sent = make.sent(at=START)
    stored = json.dumps(list(LogLine.objects.values()), default=str)
    for secret in (make.ALIAS, make.PHONE, make.HOPE, sent.code):
        assert secret not in stored


# --- The beginning goes in time ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("days", range(LINES + 2))
def test_what_is_left_after_pruning_is_whole(chain: list[LogLine], days: int) -> None:
    removed = min(days, LINES)
    assert audit.prune(moment(days)) == removed
    assert audit.prune(moment(days)) == 0
    assert [line.number for line in LogLine.objects.all()] == list(range(removed + 1, LINES + 1))
    assert audit.verify().lines == LINES - removed
    audit.append(LogEvent.OPEN, Referral(uuid=uuid.uuid4()), PERSON, at=moment(LINES))
    verdict = audit.verify()
    assert verdict.is_whole
    assert verdict.lines == LINES - removed + 1


def test_a_change_after_pruning_is_found(chain: list[LogLine]) -> None:
    audit.prune(moment(4))
    write("DELETE FROM referrals_logline WHERE number = 5")
    assert broken_at() == 5


def test_a_clock_that_was_put_back_removes_nothing_too_early() -> None:
    about = Referral(uuid=uuid.uuid4())
    for days in (10, 11, 0, 12):
        audit.append(LogEvent.OPEN, about, PERSON, at=moment(days))
    assert audit.prune(moment(5)) == 0
    assert audit.prune(moment(12)) == 3
    assert audit.verify().is_whole


def test_age_does_not_hide_a_change(chain: list[LogLine]) -> None:
    """Who dates lines back would have the daily run remove them, and its proof with them."""
    write("UPDATE referrals_logline SET at = %s WHERE number <= 8", moment(-900))
    with pytest.raises(audit.BrokenChainError):
        audit.prune(moment(-800))
    assert LogLine.objects.count() == LINES
    assert broken_at() == 1


def test_a_head_that_was_noted_down_tells_of_a_log_written_anew(chain: list[LogLine]) -> None:
    noted = audit.verify().head
    LogLine.objects.all().remove_up_to(LINES)
    LogHead.objects.all().delete()
    for number in range(LINES):
        audit.append(LogEvent.OPEN, Referral(uuid=uuid.uuid4()), SITE, at=moment(number))
    assert audit.verify().is_whole
    assert audit.place_of(noted) is None
    assert audit.place_of(audit.verify().head) == LINES
