"""The letters of a mailing: an administrator's own text in the frame of the reader's language, one for each reader."""

import re
from urllib.parse import parse_qsl

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory.models import Mailing
from directory.permissions import areas_of, is_staff
from directory.selection import Selection, reach_of
from portal.accounts.models import User
from portal.base import languages
from portal.post.composing import Button, Composed, Message, Paragraph, compose
from portal.post.letters import queue_letter
from portal.post.models import Letter


def query_of(mailing: Mailing) -> dict[str, str]:
    """The stored set, as a query."""
    return dict(parse_qsl(mailing.selection))


def _message(mailing: Mailing, *, has_account: bool, is_test: bool = False) -> Message:
    """The letter in the language of the moment. has_account: not of a shared mailbox."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", mailing.text.replace("\r\n", "\n")) if part.strip()]
    blocks: list[Paragraph | Button] = [Paragraph(_("Hello!")), *(Paragraph(part) for part in paragraphs)]
    if has_account:
        home = f"{settings.SITE_URL.rstrip('/')}{reverse('workspace:home')}"
        blocks.append(Button(_("Open my organisation"), home))
    return Message(
        subject=_("Test: %(title)s") % {"title": mailing.title} if is_test else mailing.title,
        blocks=blocks,
        why=_("You get this letter because you keep listings in the directory. %(name)s of the directory wrote it.")
        % {"name": (mailing.written_by.get_full_name() if mailing.written_by else "") or _("An administrator")},
    )


def composed_for(mailing: Mailing, user: User) -> Composed:
    """The letter as this person would get it."""
    with translation.override(user.language):
        return compose(_message(mailing, has_account=True), user.language)


def send_test(mailing: Mailing, user: User) -> Letter:
    """To its writer alone. The same text is tried once: pressed twice, it comes once."""
    with translation.override(user.language):
        message = _message(mailing, has_account=True, is_test=True)
    text = salted_hmac("mailing", f"{mailing.title}\n{mailing.text}").hexdigest()[:16]
    key = f"mailing-test-{mailing.uuid}-{text}"
    return queue_letter(key=key, to=user.email, message=message, language=user.language, user=user)


def send_all(mailing_id: int) -> int:
    """Write the letters of a mailing that was settled; how many there are. Done again, none is written twice."""
    mailing = Mailing.objects.select_related("written_by").filter(pk=mailing_id, sent_at__isnull=False).first()
    if mailing is None or mailing.written_by is None or not is_staff(mailing.written_by):
        return 0
    listings = Selection.from_query(query_of(mailing)).listings(areas_of(mailing.written_by), mailing.sent_at)
    recipients = reach_of(listings).recipients
    people = User.objects.in_bulk([recipient.user for recipient in recipients if recipient.user])
    for recipient in recipients:
        user = people[recipient.user] if recipient.user else None
        language = user.language if user else languages.FINNISH
        with translation.override(language):
            message = _message(mailing, has_account=user is not None)
        queue_letter(
            key=_key(mailing, recipient.address), to=recipient.address, message=message, language=language, user=user
        )
    Mailing.objects.filter(pk=mailing.pk).update(count=len(recipients))
    return len(recipients)


def _key(mailing: Mailing, address: str) -> str:
    """Of this mailing and this address; the address itself does not stand in it."""
    return f"{_prefix(mailing)}{salted_hmac('mailing', address).hexdigest()}"


def _prefix(mailing: Mailing) -> str:
    return f"mailing-{mailing.uuid}-"


def fates_of(mailing: Mailing) -> list[tuple[str, int]]:
    """What became of its letters, while the post remembers them: (state in words, how many)."""
    letters = Letter.objects.filter(key__startswith=_prefix(mailing)).order_by()
    counts = dict(letters.values_list("state").annotate(count=Count("pk")))
    return [(str(state.label), counts[state]) for state in Letter.State if counts.get(state)]
