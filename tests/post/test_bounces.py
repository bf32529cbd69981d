"""Letters that come back: what a report says, and that each way of hearing of it marks the letter once."""

import json
import mailbox
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.post import letters
from portal.post.bounces import Bounce, Kind, Refusal, kind_of, read_entry, read_report
from portal.post.models import BouncedAddress, Letter
from portal.post.signals import letter_bounced
from tests.factories.post import write_letter

SECRET = "a-secret-of-the-mail-service"

REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: site@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry to tell you that your message did not arrive. <not-this@example.org>

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0200

Final-Recipient: rfc822; Keeper@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 nobody of that name

--b
{returned}
--b--
"""
WHOLE_LETTER = "Content-Type: message/rfc822\n\nMessage-ID: {id}\nTo: keeper@example.org\nSubject: Hello\n\nText\n"
ITS_HEADERS = "Content-Type: text/rfc822-headers\n\nTo: keeper@example.org\nMessage-ID: {id}\nSubject: Hello\n"
FOLDED_HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-Id:\n {id}\nTo: keeper@example.org\n"
RENAMED = "Content-Type: message/rfc822\n\nMessage-ID: <new@other.example>\nX-Letter: {id}\nSubject: Hello\n\nText\n"
ENCODED_HEADERS = "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable\n\nX-Letter: {id}\n"


def report(message_id: str, action: str = "failed", status: str = "5.1.1", returned: str = WHOLE_LETTER):
    text = REPORT.format(action=action, status=status, returned=returned.format(id=message_id))
    return mailbox.mboxMessage(text.encode())


# --- What it says -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("returned", [WHOLE_LETTER, ITS_HEADERS, FOLDED_HEADERS, RENAMED, ENCODED_HEADERS])
def test_a_report_names_the_letter(returned: str):
    assert read_report(report("<a1@example.org>", returned=returned)) == Bounce(
        "<a1@example.org>", Kind.HARD, "keeper@example.org"
    )


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("5.1.1", Kind.HARD),
        ("5.1.10", Kind.HARD),
        ("5.2.1", Kind.HARD),
        ("5.2.2", Kind.SOFT),
        ("5.7.1", Kind.SOFT),
        ("4.1.1", Kind.SOFT),
        ("4.4.7", Kind.SOFT),
        ("", Kind.SOFT),
        ("nonsense 15.1.1", Kind.SOFT),
    ],
)
def test_what_a_status_means(words: str, kind: Kind):
    assert kind_of(words) is kind


def test_the_newer_code_tells_more():
    assert Refusal(550, "no such user").kind is Kind.HARD
    assert Refusal(550, "5.7.1 policy").kind is Kind.SOFT
    assert Refusal(450, "4.2.0 busy").kind is Kind.SOFT
    assert not Refusal(450, "busy").is_for_ever


@pytest.mark.parametrize(
    "message",
    [
        report("<a1@example.org>", action="delayed", status="4.4.1"),
        report("<a1@example.org>", action="delivered", status="2.0.0"),
        report("no id at all"),
        mailbox.mboxMessage(b"Subject: Out of office\nMessage-ID: <a1@example.org>\n\nBack on Monday\n"),
        mailbox.mboxMessage(b"Content-Type: multipart/report; boundary=b\nMessage-ID: <a1@example.org>\n\nnothing\n"),
    ],
)
def test_what_is_no_bounce(message: mailbox.mboxMessage):
    assert read_report(message) is None


@given(st.binary(), st.integers(0, 600), st.integers(0, 40))
def test_no_mail_breaks_the_reader(noise: bytes, at: int, length: int):
    whole = report("<a1@example.org>").as_bytes()
    found = read_report(mailbox.mboxMessage(whole[:at] + noise + whole[at + length :]))
    assert found is None or found.message_id.startswith("<")


@pytest.mark.parametrize(
    "entry", [None, 1, "x", [], {}, {"message_id": "<a@b>"}, {"message_id": 1, "kind": "hard"}, {"kind": "hard"}]
)
def test_what_is_no_entry(entry: object):
    with pytest.raises(ValueError, match="entry"):
        read_entry(entry)


def test_an_entry_with_or_without_brackets():
    assert (
        read_entry({"message_id": "a@b", "kind": "soft"})
        == read_entry({"message_id": "<a@b>", "kind": "soft"})
        == Bounce("<a@b>", Kind.SOFT)
    )


# --- Each way marks the letter ----------------------------------------------------------------------------------------
@pytest.fixture
def told() -> list[int]:
    """The letters that the rooms above were told of."""
    heard: list[int] = []

    def hear(letter: Letter, **kwargs: object) -> None:
        heard.append(letter.pk)

    letter_bounced.connect(hear)
    yield heard
    letter_bounced.disconnect(hear)


@pytest.fixture
def sent(db) -> Letter:
    letter = write_letter()
    Letter.objects.update(state=Letter.State.SENT, sent_at=timezone.now(), text="", html="")
    return letter


def read_bounces(path: Path) -> str:
    said = StringIO()
    call_command("read_bounces", path, stdout=said)
    return said.getvalue()


def test_a_mailbox_file(sent: Letter, told: list[int], tmp_path: Path):
    path = tmp_path / "mbox"
    box = mailbox.mbox(path)
    for message in (
        mailbox.mboxMessage(b"Subject: Hello\n\nA person\n"),
        report("<unknown@example.org>"),
        report(sent.message_id),
        report(sent.message_id),
    ):
        box.add(message)
    box.close()
    before = path.read_bytes()

    for _time in range(2):
        read_bounces(path)

    sent.refresh_from_db()
    assert (sent.state, sent.bounce_kind) == (Letter.State.BOUNCED, Kind.HARD)
    assert sent.bounced_at
    assert told == [sent.pk]
    assert BouncedAddress.objects.get().email == sent.to
    assert path.read_bytes() == before


def test_an_old_report_does_not_close_an_address_again(sent: Letter, tmp_path: Path):
    path = tmp_path / "mbox"
    box = mailbox.mbox(path)
    box.add(report(sent.message_id))
    box.close()
    read_bounces(path)
    letters.trust_again(sent.to)

    read_bounces(path)

    assert not BouncedAddress.objects.exists()


def test_a_mailbox_that_is_not_there(tmp_path: Path):
    with pytest.raises(CommandError):
        read_bounces(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def post(client: Client, body: object, secret: str = SECRET, **headers: str):
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {secret}", **headers}
    return client.post("/post/bounces/", text, content_type="application/json", headers=headers)


@pytest.fixture
def webhook(settings) -> Client:
    """A mail service that knows the secret. Nothing of a browser: no cookie, no token."""
    settings.BOUNCE_WEBHOOK_SECRET = SECRET
    return Client(enforce_csrf_checks=True)


def test_the_webhook(sent: Letter, told: list[int], webhook: Client):
    entries = [
        {"message_id": sent.message_id, "kind": "soft"},
        {"message_id": sent.message_id, "kind": "hard"},
        {"message_id": "<unknown@example.org>", "kind": "hard"},
    ]
    answer = post(webhook, entries)

    assert answer.status_code == 200
    assert answer.json() == {"read": 3, "marked": 1}
    sent.refresh_from_db()
    assert (sent.state, sent.bounce_kind) == (Letter.State.BOUNCED, Kind.SOFT)
    assert not BouncedAddress.objects.exists()
    assert told == [sent.pk]
    assert post(webhook, entries).json()["marked"] == 0


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "ä"])
def test_the_webhook_wants_the_secret(sent: Letter, webhook: Client, secret: str):
    entry = {"message_id": sent.message_id, "kind": "hard"}

    assert post(webhook, [entry], secret=secret).status_code == 401
    assert webhook.post("/post/bounces/", [entry], content_type="application/json").status_code == 401
    sent.refresh_from_db()
    assert sent.state == Letter.State.SENT


@pytest.mark.django_db
def test_without_a_secret_there_is_no_webhook(client: Client, settings):
    settings.BOUNCE_WEBHOOK_SECRET = ""
    assert post(client, []).status_code == 404
    assert post(client, [], secret="").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("{}", 400),
        ("[" * 20_000, 400),
        ('[{"message_id": 1}]', 400),
        (json.dumps([{}] * 501), 400),
        (" " * 300_000, 413),
        (" " * 3_000_000, 400),
    ],
)
def test_a_bad_body_marks_nothing(sent: Letter, webhook: Client, body: str, status: int):
    assert post(webhook, body).status_code == status


def test_one_bad_entry_and_nothing_is_marked(sent: Letter, webhook: Client):
    assert post(webhook, [{"message_id": sent.message_id, "kind": "hard"}, {}]).status_code == 400
    sent.refresh_from_db()
    assert sent.state == Letter.State.SENT


def test_the_webhook_is_no_page(webhook: Client):
    assert webhook.get("/post/bounces/").status_code == 405


def test_a_bounce_that_is_faster_than_the_sender_stands(sent: Letter):
    """The report comes while the letter is still on the line; the sender then says that it was sent."""
    Letter.objects.update(state=Letter.State.SENDING)
    letters.mark_bounced(Bounce(sent.message_id, Kind.HARD), timezone.now())

    letters._finish(sent, Letter.State.SENT)

    sent.refresh_from_db()
    assert sent.state == Letter.State.BOUNCED
