"""What is done at the terminal, and by the nightly removal: keys, the log, access and erasure, retention."""

import datetime
import io
import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from referrals import actions, audit, data_requests, reading, retention, rotating
from referrals.actors import PERSON
from referrals.checks import referral_keys
from referrals.choices import Act, LogEvent, MemberState, State
from referrals.management import typed
from referrals.models import Enquiry, Link, LogLine, Message, Person, Referral, Tally, TeamMember
from referrals.permissions import Relation
from referrals.sealing import CannotOpenError
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def run(name: str, *words: str, typed_in: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    """What a command prints, with something on its standard input."""
    if monkeypatch is not None:
        monkeypatch.setattr(typed.sys, "stdin", io.StringIO(typed_in))
    out = io.StringIO()
    call_command(name, *words, stdout=out)
    return out.getvalue()


def answered() -> actions.Sent:
    """A referral whose organisation has asked something: a person and a message are sealed."""
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    actions.act(enquiry, Act.ASK, by=make.organisation_of(enquiry), version=enquiry.version, words=make.HOPE)
    return sent


@pytest.fixture
def new_key(settings) -> str:
    """A new key, put before the one that everything is sealed with when the test says so."""
    return Fernet.generate_key().decode()


# --- Keys -------------------------------------------------------------------------------------------------------------
def test_after_changing_keys_the_old_one_can_go(settings, new_key: str) -> None:
    referral = answered().referral
    old = settings.REFERRAL_KEYS
    settings.REFERRAL_KEYS = [new_key, *old]
    assert "2 closed anew, 0 closed" in run("rotate_referral_keys")
    assert "0 closed anew, 2 closed" in run("rotate_referral_keys")
    settings.REFERRAL_KEYS = [new_key]
    assert Person.objects.get().details.hope == make.HOPE
    assert Message.objects.get(enquiry__referral=referral).text == make.HOPE
    settings.REFERRAL_KEYS = old
    with pytest.raises(CannotOpenError):
        _ = Person.objects.get().details


def test_a_dry_run_changes_no_key(settings, new_key: str) -> None:
    answered()
    before = Person.objects.get().sealed
    settings.REFERRAL_KEYS = [new_key, *settings.REFERRAL_KEYS]
    assert "2 would be" in run("rotate_referral_keys", "--dry-run")
    assert Person.objects.get().sealed == before


def test_what_no_key_opens_is_reported_and_stops_nothing(settings, new_key: str, monkeypatch) -> None:
    monkeypatch.setattr(rotating, "_BATCH", 1)
    lost = Person.objects.get(referral=answered().referral)
    Person.objects.filter(pk=lost.pk).update(sealed=Fernet(Fernet.generate_key()).encrypt(b"{}").decode())
    other = answered().referral
    settings.REFERRAL_KEYS = [new_key, *settings.REFERRAL_KEYS]
    with pytest.raises(CommandError, match="1 cannot be opened"):
        run("rotate_referral_keys")
    settings.REFERRAL_KEYS = [new_key]
    assert Person.objects.get(referral=other).details.name == make.ALIAS


def test_without_a_key_what_is_known_is_not_shown_and_nothing_breaks(settings) -> None:
    referral = answered().referral
    for keys in ([Fernet.generate_key().decode()], []):
        settings.REFERRAL_KEYS = keys
        opened = reading.open_for(referral, relation=Relation.TEAM, by=make.sender_of(referral), at=timezone.now())
        assert opened.details is None
        assert opened.cannot_open
        # It is removed all the same.
        assert data_requests.answer_access_request(referral)["person"] == data_requests.UNREADABLE
    with pytest.raises(CommandError):
        run("rotate_referral_keys")
    retention.wipe(referral)
    assert not Person.objects.exists()


def test_a_key_that_is_none_is_told_at_the_start_by_its_place_alone(settings) -> None:
    settings.REFERRAL_KEYS = [*settings.REFERRAL_KEYS, "salasana123"]
    (error,) = referral_keys(None)
    assert "number 2" in error.msg
    assert "salasana123" not in str(error)


# --- The log ----------------------------------------------------------------------------------------------------------
def test_the_log_is_proved_and_an_earlier_head_is_found_in_it() -> None:
    make.sent()
    head = audit.verify().head
    answered()
    assert audit.verify().head in run("verify_referral_log")
    assert f"line {audit.place_of(head)}" in run("verify_referral_log", "--expect", head)
    with pytest.raises(CommandError, match="does not hold"):
        run("verify_referral_log", "--expect", "0" * 64)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE referrals_logline SET in_name_of = 'Joku muu' WHERE number = 2",
        "DELETE FROM referrals_logline WHERE number = 2",
        "DELETE FROM referrals_logline WHERE number = 1",
        "DELETE FROM referrals_logline WHERE number = (SELECT MAX(number) FROM referrals_logline)",
        "UPDATE referrals_loghead SET number = number - 1",
    ],
)
def test_a_forged_log_is_found(forgery: str) -> None:
    answered()
    with connection.cursor() as cursor:
        cursor.execute(forgery)
    with pytest.raises(CommandError, match="broken"):
        run("verify_referral_log")


def test_a_log_written_anew_is_found_by_the_head_that_was_noted_down() -> None:
    """Whoever writes the whole chain again makes one that is whole: only the head kept elsewhere tells."""
    answered()
    head = audit.verify().head
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM referrals_logline")
        cursor.execute("UPDATE referrals_loghead SET number = 0, hash = ''")
    make.sent()
    run("verify_referral_log")
    with pytest.raises(CommandError, match="does not hold"):
        run("verify_referral_log", "--expect", head)


def test_old_lines_go_from_the_beginning_and_the_rest_is_whole() -> None:
    now = timezone.now()
    make.sent(at=now - 900 * DAY)
    old = audit.verify().head
    make.sent(at=now - 10 * DAY)
    assert audit.prune(now - 730 * DAY) > 0
    assert LogLine.objects.earliest("number").number > 1
    assert audit.verify().is_whole
    # Where the chain begins now is still known.
    assert "line" in run("verify_referral_log", "--expect", old)


def test_a_clock_that_was_put_back_takes_no_young_line_along() -> None:
    now = timezone.now()
    make.sent(at=now - 10 * DAY)
    young = LogLine.objects.count()
    make.sent(at=now - 900 * DAY)
    audit.prune(now - 730 * DAY)
    assert LogLine.objects.count() >= young
    assert audit.verify().is_whole


# --- Access and erasure -----------------------------------------------------------------------------------------------
def test_an_access_request_gives_all_that_is_held(monkeypatch) -> None:
    sent = answered()
    answer = json.loads(run("answer_access_request", typed_in=f" {sent.code.lower()} \n", monkeypatch=monkeypatch))
    assert (answer["person"]["name"], answer["person"]["reach_value"]) == (make.ALIAS, make.PHONE)
    (enquiry,) = answer["enquiries"]
    assert enquiry["messages"][0]["words"] == make.HOPE
    assert enquiry["organisation"] == str(make.only_enquiry(sent.referral).organisation)
    events = [line["event"] for line in answer["log"]]
    assert events[0] == LogEvent.SEND
    assert events[-1] == LogEvent.ACCESS
    assert LogLine.objects.latest("number").event == LogEvent.ACCESS
    # Who did it is told by the organisation, not by a worker's name.
    assert sent.referral.keeper.last_name not in json.dumps(answer)


def test_the_copy_can_be_a_file_that_nobody_else_reads(monkeypatch, tmp_path: Path) -> None:
    sent = answered()
    target = tmp_path / "vastaus.json"
    printed = run("answer_access_request", "--to", str(target), typed_in=sent.code, monkeypatch=monkeypatch)
    assert make.HOPE in target.read_text()
    assert make.HOPE not in printed
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="exists"):
        run("answer_access_request", "--to", str(target), typed_in=sent.code, monkeypatch=monkeypatch)


@pytest.mark.parametrize("name", ["answer_access_request", "erase_referral"])
@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMN", "hei"])
def test_a_wrong_code_opens_and_removes_nothing(monkeypatch, name: str, code: str) -> None:
    answered()
    lines = LogLine.objects.count()
    with pytest.raises(CommandError):
        run(name, typed_in=f"{code}\ny\n", monkeypatch=monkeypatch)
    assert Person.objects.count() == 1
    assert LogLine.objects.count() == lines


def test_erasure_leaves_no_person_and_names_who_has_to_be_told(monkeypatch) -> None:
    sent, other = answered(), answered()
    enquiry = make.only_enquiry(sent.referral)
    printed = run("erase_referral", typed_in=f"{sent.code}\ny\n", monkeypatch=monkeypatch)
    assert str(enquiry.organisation) in printed
    assert list(Referral.objects.all()) == [other.referral]
    for model, path in ((Person, "referral"), (Message, "enquiry__referral"), (Link, "enquiry__referral")):
        assert set(model.objects.values_list(path, flat=True)) == {other.referral.pk}
    assert LogLine.objects.latest("number").event == LogEvent.WIPE
    assert audit.verify().is_whole
    # Figures count it as withdrawn: no tally waits for ever.
    assert Tally.objects.get(enquiry=None).state == State.WITHDRAWN


def test_erasure_asks_first_and_goes_by_uuid_too(monkeypatch) -> None:
    referral = answered().referral
    with pytest.raises(CommandError, match="Nothing"):
        run("erase_referral", "--uuid", str(referral.uuid), typed_in="n\n", monkeypatch=monkeypatch)
    assert Person.objects.exists()
    run("erase_referral", "--uuid", str(referral.uuid), "--yes")
    assert not Person.objects.exists()


# --- Retention --------------------------------------------------------------------------------------------------------
def ended(days_ago: int, *, withdrawn: bool = False) -> Referral:
    """A referral that ended, or was withdrawn, so many days ago."""
    at = timezone.now() - days_ago * DAY
    referral = make.sent(at=at - DAY).referral
    enquiry = make.only_enquiry(referral)
    if withdrawn:
        actions.withdraw_consent(referral, by=PERSON, at=at)
    else:
        actions.act(enquiry, Act.SAY_FULL, by=make.organisation_of(enquiry), version=enquiry.version, at=at)
    return referral


def test_each_period_counts_from_its_own_day() -> None:
    days = {rule.name: rule.days for rule in retention.RULES}
    kept = [
        ended(days["closed"] - 1),
        ended(days["withdrawn"] - 1, withdrawn=True),
        make.sent(at=timezone.now() - 300 * DAY).referral,
    ]
    ended(days["closed"] + 1)
    ended(days["withdrawn"] + 1, withdrawn=True)
    assert "closed (60 days): 1" in run("wipe_referrals", "--dry-run")
    assert Referral.objects.count() == len(kept) + 2
    run("wipe_referrals")
    assert set(Referral.objects.all()) == set(kept)
    assert set(Person.objects.values_list("referral", flat=True)) == {each.pk for each in kept}
    assert Tally.objects.count() == len(kept) + 2
    assert retention.run(timezone.now())["closed"] == 0


def test_one_that_cannot_be_removed_keeps_no_other_here(monkeypatch, caplog) -> None:
    stuck, _other = ended(100), ended(100)
    append = audit.append

    def fail_for_one(event, referral, by, **values):
        if referral.uuid == stuck.uuid:
            raise RuntimeError(make.HOPE)
        return append(event, referral, by, **values)

    monkeypatch.setattr(audit, "append", fail_for_one)
    with pytest.raises(retention.NotAllRemovedError):
        retention.run(timezone.now())
    assert list(Referral.objects.all()) == [stuck]
    assert make.HOPE not in caplog.text
    monkeypatch.setattr(audit, "append", append)
    retention.run(timezone.now())
    assert not Referral.objects.exists()


def test_what_is_opened_anew_in_the_last_moment_stays() -> None:
    """Found to be due, and then a colleague asks a further organisation before the removal has come to it."""
    referral = ended(100)
    due = Referral.objects.filter(closed_at__lt=timezone.now() - 60 * DAY)
    assert due.get() == referral
    Referral.objects.update(closed_at=None)
    assert not retention._wipe(due, referral.pk, by=make.sender_of(referral), at=timezone.now())
    assert Person.objects.exists()


def test_of_a_worker_who_leaves_nothing_stays_for_ever() -> None:
    team = make.team()
    gone = make.worker(team)
    actions.end_member(TeamMember.objects.get(user=gone), by=gone, at=timezone.now() - 800 * DAY)
    left = make.worker(team)
    actions.end_member(TeamMember.objects.get(user=left), by=left)
    retention.run(timezone.now())
    assert not TeamMember.objects.filter(user=gone).exists()
    assert TeamMember.objects.get(user=left).state == MemberState.ENDED


def test_old_tallies_go_only_when_their_referral_has_gone() -> None:
    long_ago = timezone.now() - 6 * 365 * DAY
    gone, _here = make.sent(at=long_ago).referral, make.sent(at=long_ago).referral
    retention.wipe(gone)
    retention.run(timezone.now())
    assert Enquiry.objects.count() == Tally.objects.count() == 1
