"""A letter's way out: once only, with the data that caused it, again when the server has no time, never for ever."""

import datetime
import logging
from email.message import Message as Email

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.accounts.models import User
from portal.post import letters
from portal.post.bounces import Kind
from portal.post.models import BouncedAddress, Letter
from portal.post.signals import letter_bounced
from tests.factories.post import MESSAGE, write_letter
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def deliver(letter: Letter, after: datetime.timedelta = datetime.timedelta()) -> Letter:
    """Deliver a letter some time after it was written."""
    letters.deliver(letter.pk, letter.created_at + after)
    letter.refresh_from_db()
    return letter


def part(email: Email, content_type: str) -> str:
    return next(
        each.get_payload(decode=True).decode() for each in email.walk() if each.get_content_type() == content_type
    )


@pytest.fixture
def told() -> list[Letter]:
    """The letters that the rooms above were told of."""
    heard: list[Letter] = []

    def hear(letter: Letter, **kwargs: object) -> None:
        heard.append(letter)

    letter_bounced.connect(hear)
    yield heard
    letter_bounced.disconnect(hear)


# --- Written ----------------------------------------------------------------------------------------------------------
def test_a_letter_arrives_as_it_was_written(mail_server: MailServer):
    letter = deliver(write_letter())

    assert letter.state == Letter.State.SENT
    [email] = mail_server.taken
    assert email["To"] == "keeper@example.org"
    assert email["Subject"] == MESSAGE.subject
    assert email["Message-ID"] == email["X-Letter"] == letter.message_id
    assert email["Auto-Submitted"] == "auto-generated"
    for content_type in ("text/plain", "text/html"):
        assert "Debt advice" in part(email, content_type)


def test_what_was_sent_is_not_kept(mail_server: MailServer):
    letter = write_letter()
    assert letter.text
    assert letter.html

    deliver(letter)

    assert (letter.text, letter.html) == ("", "")


def test_the_same_key_is_the_same_letter(mail_server: MailServer):
    first = write_letter("check-1")
    second = write_letter("check-1", to="other@example.org")

    assert first == second
    assert DBTaskResult.objects.count() == 1
    deliver(first)
    deliver(write_letter("check-1"))
    assert len(mail_server.taken) == 1
    assert mail_server.taken[0]["To"] == "keeper@example.org"


def test_a_letter_delivered_twice_is_sent_once(mail_server: MailServer):
    letter = write_letter()

    for _time in range(3):
        deliver(letter, after=datetime.timedelta(days=1))

    assert len(mail_server.taken) == 1


def test_rolled_back_it_was_never_written():
    class ChangedMindError(Exception):
        pass

    def write_and_change_my_mind() -> None:
        with transaction.atomic():
            write_letter()
            assert DBTaskResult.objects.count() == 1
            raise ChangedMindError

    with pytest.raises(ChangedMindError):
        write_and_change_my_mind()

    assert not Letter.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_no_mail_server_is_asked_in_a_transaction():
    letter = write_letter()
    with transaction.atomic(durable=True), pytest.raises(RuntimeError, match="durable"):
        letters.deliver(letter.pk, NOW)


def test_a_subject_is_one_line(mail_server: MailServer):
    message = letters.Message("A subject\r\nBcc: everybody@example.org", [])
    deliver(write_letter(message=message))

    assert mail_server.taken[0]["Bcc"] is None


def test_a_person_who_leaves_takes_their_letters_names_along():
    user = User.objects.create_user("keeper@example.org")
    letter = write_letter(user=user)
    user.delete()
    letter.refresh_from_db()

    assert letter.user is None


# --- Refused ----------------------------------------------------------------------------------------------------------
def test_a_busy_server_is_asked_again_ever_later(mail_server: MailServer):
    mail_server.reply_to["keeper@example.org"] = "450 4.2.0 Come back later"
    letter = write_letter()
    moments = []
    after = datetime.timedelta()
    while letter.state == Letter.State.WAITING:
        deliver(letter, after)
        if letter.state == Letter.State.WAITING:
            # Not a moment too soon.
            tries = letter.tries
            assert deliver(letter, letter.due_at - letter.created_at - datetime.timedelta(seconds=1)).tries == tries
            assert DBTaskResult.objects.filter(run_after=letter.due_at).count() == 1
            after = letter.due_at - letter.created_at
            moments.append(letter.due_at)

    assert letter.state == Letter.State.FAILED
    assert letter.text == ""
    waits = [later - sooner for sooner, later in zip([letter.created_at, *moments], moments, strict=False)]
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits) >= 3


def test_the_second_try_is_the_same_letter(mail_server: MailServer):
    mail_server.reply_to["keeper@example.org"] = "451 greylisted"
    letter = deliver(write_letter())
    assert letter.state == Letter.State.WAITING
    del mail_server.reply_to["keeper@example.org"]

    deliver(letter, after=datetime.timedelta(days=1))

    assert letter.state == Letter.State.SENT
    assert mail_server.taken_ids == [letter.message_id]


def test_a_server_that_is_down_is_asked_again(mail_server: MailServer, settings):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    letter = deliver(write_letter())
    assert letter.state == Letter.State.WAITING
    settings.EMAIL_PORT = port

    assert deliver(letter, after=datetime.timedelta(days=1)).state == Letter.State.SENT


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 No such user", Kind.HARD),
        ("550 no mailbox here", Kind.HARD),
        ("552 5.2.2 Mailbox full", Kind.SOFT),
        ("554 5.7.1 Not from you", Kind.SOFT),
    ],
)
def test_an_address_that_takes_nothing(mail_server: MailServer, told: list[Letter], reply: str, kind: Kind):
    mail_server.reply_to["keeper@example.org"] = reply
    letter = deliver(write_letter())

    assert (letter.state, letter.bounce_kind, letter.tries) == (Letter.State.BOUNCED, kind, 1)
    assert told == [letter]
    assert BouncedAddress.objects.exists() == (kind is Kind.HARD)


def test_a_text_that_is_refused_says_nothing_of_the_address(mail_server: MailServer, told: list[Letter]):
    mail_server.reply_to_data = "554 5.6.0 We do not like it"
    letter = deliver(write_letter())

    assert letter.state == Letter.State.FAILED
    assert told == []
    assert not BouncedAddress.objects.exists()


def test_nothing_is_sent_to_a_dead_address(mail_server: MailServer, told: list[Letter]):
    mail_server.reply_to["keeper@example.org"] = "550 5.1.1 No such user"
    deliver(write_letter())
    mail_server.reply_to.clear()

    second = deliver(write_letter(to="Keeper@Example.org"))

    assert second.state == Letter.State.BOUNCED
    assert mail_server.taken == []
    assert told[-1] == second

    letters.trust_again("KEEPER@example.org")
    assert deliver(write_letter()).state == Letter.State.SENT


def test_confirming_the_address_opens_it_again():
    from allauth.account.models import EmailAddress
    from allauth.account.signals import email_confirmed

    user = User.objects.create_user("keeper@example.org")
    BouncedAddress.objects.create(email="keeper@example.org", bounced_at=NOW)
    address = EmailAddress.objects.get(user=user)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)

    assert not BouncedAddress.objects.exists()


def test_no_address_reaches_the_log(mail_server: MailServer, caplog: pytest.LogCaptureFixture, settings):
    mail_server.reply_to["keeper@example.org"] = "450 4.2.0 keeper@example.org is busy"
    with caplog.at_level(logging.DEBUG, logger="portal"):
        letter = deliver(write_letter())
        mail_server.reply_to["keeper@example.org"] = "550 5.1.1 keeper@example.org unknown"
        deliver(letter, after=datetime.timedelta(days=1))

    said = " ".join(record.getMessage() for record in caplog.records)
    assert str(letter.pk) in said
    assert "@" not in said
    assert "@" not in letter.error


# --- Cut off ----------------------------------------------------------------------------------------------------------
def cut_off(letter: Letter, ago: datetime.timedelta) -> None:
    """As a killed worker leaves it."""
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENDING, sending_at=NOW - ago, tries=1)
    DBTaskResult.objects.all().delete()


def test_a_letter_cut_off_is_taken_up(mail_server: MailServer):
    letter = write_letter()
    cut_off(letter, letters.CUT_OFF_AFTER)

    assert letters.resume(NOW) == 1
    letters.deliver(letter.pk, NOW)

    assert mail_server.taken_ids == [letter.message_id]


def test_a_letter_that_somebody_is_at_is_left_alone(mail_server: MailServer):
    letter = write_letter()
    cut_off(letter, letters.CUT_OFF_AFTER - datetime.timedelta(seconds=1))

    assert letters.resume(NOW) == 0
    letters.deliver(letter.pk, NOW)

    assert mail_server.taken == []


def test_a_letter_that_is_always_cut_off_is_given_up(mail_server: MailServer):
    letter = write_letter()
    cut_off(letter, letters.CUT_OFF_AFTER)
    Letter.objects.update(tries=letters.MOST_TRIES)

    letters.deliver(letter.pk, NOW)

    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED
    assert mail_server.taken == []


def test_a_letter_whose_task_is_lost_is_put_on_its_way():
    letter = write_letter()
    later = letter.created_at + datetime.timedelta(minutes=1)
    assert letters.resume(later) == 0, "its task is in the queue"
    DBTaskResult.objects.all().delete()

    assert letters.resume(later) == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [letter.pk]


# --- Old --------------------------------------------------------------------------------------------------------------
def test_old_letters_go_and_waiting_ones_stay(settings):
    settings.LETTER_KEEP_DAYS = 30
    old, new, waiting = (write_letter() for _each in range(3))
    Letter.objects.filter(pk__in=[old.pk, new.pk]).update(state=Letter.State.SENT)
    Letter.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=NOW - datetime.timedelta(days=31))

    assert letters.prune(NOW) == 1

    assert set(Letter.objects.all()) == {new, waiting}
