"""Letters: written once, put on their way with the data that caused them, delivered, and marked when they come back.

The only place that writes a Letter. What a letter looks like: portal.post.composing.

A letter is claimed (state "sending", committed) before the network is touched, so no transaction waits for a mail
server and no two workers send the same one. What a killed worker leaves behind is sent again with the same Message-ID:
if the server had taken it in the very moment of the kill, the receiving side can tell that the two are one.
"""

import datetime
import logging
import smtplib
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks_db.models import DBTaskResult

from portal.accounts.models import User
from portal.post.bounces import LETTER_HEADER, Bounce, Kind, Refusal
from portal.post.composing import Message, compose
from portal.post.models import BouncedAddress, Letter, LetterQuerySet
from portal.post.signals import letter_bounced

logger = logging.getLogger(__name__)

State = Letter.State

QUEUE = "mail"
# After each failed try; after the last of them one more.
WAITS = (
    datetime.timedelta(minutes=5),
    datetime.timedelta(minutes=30),
    datetime.timedelta(hours=2),
    datetime.timedelta(hours=8),
    datetime.timedelta(hours=24),
)
MOST_TRIES = len(WAITS) + 1
# Far longer than the time limits of one conversation with a mail server add up to (EMAIL_TIMEOUT).
CUT_OFF_AFTER = datetime.timedelta(minutes=10)


# --- Out --------------------------------------------------------------------------------------------------------------
def queue_letter(*, key: str, to: str, message: Message, language: str, user: User | None = None) -> Letter:
    """Write a letter and put it on its way, with the caller's transaction: rolled back, it was never written.

    The same key again: the letter of then is returned, and nothing is sent.
    """
    if found := Letter.objects.filter(key=key).first():
        return found
    now = timezone.now()
    composed = compose(message, language)
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(
            key=key,
            defaults={
                "to": to,
                "user": user,
                "language": language,
                "subject": composed.subject,
                "text": composed.text,
                "html": composed.html,
                "message_id": message_id_for(key),
                "created_at": now,
                "due_at": now,
            },
        )
        if is_new:
            _enqueue(letter.pk)
    return letter


def message_id_for(key: str) -> str:
    """The Message-ID of the letter of this key: always the same, and told by nobody who has not got the letter."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{salted_hmac('portal.post.letters', key).hexdigest()}@{domain or 'localhost'}>"


def deliver(letter_id: int, now: datetime.datetime) -> None:
    """Send a letter if it is to be sent now; fit to be called by anybody at any time. Never inside a transaction."""
    letter = _claim(letter_id, now)
    if letter is None:
        return
    if letter.tries > MOST_TRIES:
        # Every try ended without a word: cut off again and again.
        _finish(letter, State.FAILED)
        return
    if BouncedAddress.objects.filter(email=letter.to.lower()).exists():
        _come_back(letter, Kind.HARD, now)
        return
    try:
        _as_email(letter).send()
    except Exception as error:  # noqa: BLE001 whatever broke, the letter is not lost, and no address reaches the log
        logger.warning("Letter %s was not taken: %s", letter.pk, type(error).__name__)
        _after_refusal(letter, error, now)
    else:
        _finish(letter, State.SENT, sent_at=now)


def _claim(letter_id: int, now: datetime.datetime) -> Letter | None:
    """Take a letter for this process alone, and tell all others before anything else is done."""
    with transaction.atomic(durable=True):
        letter = Letter.objects.to_send(now, CUT_OFF_AFTER).filter(pk=letter_id)
        claimed = letter.update(state=State.SENDING, sending_at=now, tries=F("tries") + 1)
    return Letter.objects.get(pk=letter_id) if claimed else None


def _as_email(letter: Letter) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": letter.message_id,
        LETTER_HEADER: letter.message_id,
        # The same at every try: it is the same letter.
        "Date": format_datetime(timezone.localtime(letter.created_at)),
        "Content-Language": letter.language,
        # RFC 3834: holiday replies and other machines do not answer.
        "Auto-Submitted": "auto-generated",
    }
    email = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to], headers=headers)
    email.attach_alternative(letter.html, "text/html")
    return email


def _after_refusal(letter: Letter, error: Exception, now: datetime.datetime) -> None:
    """The address takes no mail: it came back. Something that passes: wait, ever longer. Else give up."""
    name = type(error).__name__
    refusal = _refusal_in(error)
    if refusal is not None and refusal.is_for_ever:
        if refusal.kind is Kind.HARD or isinstance(error, smtplib.SMTPRecipientsRefused):
            _come_back(letter, refusal.kind, now, error=name)
        else:
            _finish(letter, State.FAILED, error=name)
    elif letter.tries >= MOST_TRIES:
        _finish(letter, State.FAILED, error=name)
    else:
        due_at = now + WAITS[letter.tries - 1]
        with transaction.atomic():
            _being_sent(letter).update(state=State.WAITING, due_at=due_at, error=name)
            _enqueue(letter.pk, run_after=due_at)


def _refusal_in(error: Exception) -> Refusal | None:
    """What the server said of the recipient or the text. Of the sender, the login, the line: ours to mend, and None."""
    reply: tuple[int, bytes | str]
    match error:
        case smtplib.SMTPRecipientsRefused():
            reply = next(iter(error.recipients.values()))
        case smtplib.SMTPDataError():
            reply = error.smtp_code, error.smtp_error
        case _:
            return None
    code, words = reply
    return Refusal(code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)


def _finish(letter: Letter, state: Letter.State, **fields: object) -> None:
    _being_sent(letter).update(state=state, text="", html="", **fields)


def _being_sent(letter: Letter) -> LetterQuerySet:
    # The report that it came back can be faster than we are: that stands.
    return Letter.objects.filter(pk=letter.pk, state=State.SENDING)


def _enqueue(letter_id: int, run_after: datetime.datetime | None = None) -> None:
    from portal.post.tasks import deliver_letter  # which imports this module

    deliver_letter.using(run_after=run_after).enqueue(letter_id)


# --- Back -------------------------------------------------------------------------------------------------------------
def mark_bounced(bounce: Bounce, now: datetime.datetime) -> Letter | None:
    """Mark the letter that a bounce is about. The letter, or None: it is unknown, or was marked before."""
    letter = Letter.objects.filter(message_id=bounce.message_id).first()
    return letter if letter and _come_back(letter, bounce.kind, now) else None


def _come_back(letter: Letter, kind: Kind, now: datetime.datetime, error: str = "") -> bool:
    """Mark a letter once, remember a dead address, and tell the rooms above. Whether it was not marked before."""
    with transaction.atomic():
        marked = (
            Letter.objects.filter(pk=letter.pk)
            .exclude(state=State.BOUNCED)
            .update(state=State.BOUNCED, bounced_at=now, bounce_kind=kind, error=error, text="", html="")
        )
        if not marked:
            return False
        if kind is Kind.HARD:
            BouncedAddress.objects.update_or_create(email=letter.to.lower(), defaults={"bounced_at": now})
        letter.refresh_from_db()
        letter_bounced.send(sender=Letter, letter=letter)
    return True


def trust_again(email: str) -> None:
    """Send to an address again although a letter came back: its owner, or an administrator, says that mail arrives."""
    BouncedAddress.objects.filter(email=email.lower()).delete()


# --- By itself --------------------------------------------------------------------------------------------------------
def resume(now: datetime.datetime) -> int:
    """Put letters whose task was lost on their way again: how many.

    Those in the middle of sending for too long, and, when no task is left that could be theirs, those that wait still.
    """
    to_send = Letter.objects.to_send(now, CUT_OFF_AFTER)
    if DBTaskResult.objects.ready().filter(queue_name=QUEUE).exists():
        to_send = to_send.filter(state=State.SENDING)
    lost = list(to_send.values_list("pk", flat=True))
    for letter_id in lost:
        _enqueue(letter_id)
    return len(lost)


def prune(now: datetime.datetime) -> int:
    """Remove letters, and what is remembered of dead addresses, after LETTER_KEEP_DAYS: how many letters."""
    before = now - datetime.timedelta(days=settings.LETTER_KEEP_DAYS)
    BouncedAddress.objects.filter(bounced_at__lt=before).delete()
    removed, _by_model = Letter.objects.finished().filter(created_at__lt=before).delete()
    return removed
