"""Letters about referrals. They say only that something has come: no name, no listing, no word of anybody's.

The letter with the code carries nothing but the code. To the person no letter is ever sent: somebody else may read it.
"""

import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from directory.keepers import Recipient
from directory.models import Service
from portal.accounts.models import User
from portal.base import languages
from portal.post.composing import Block, Button, Message, Paragraph
from portal.post.letters import queue_letter
from portal.post.models import BouncedAddress, Letter
from referrals.choices import Act, Party, TeamRole
from referrals.links import CODE_MINUTES, make_link, may_use, token_of
from referrals.locking import lock_enquiry
from referrals.models import Enquiry, Link, Referral
from referrals.permissions import is_in_team

# Why a letter goes; part of its key, and some are told in other words.
NEW, NUDGE, AGAIN, SILENCE = "new", "nudge", "again", "silence"
_LINK = "referral-link"


# --- To the organisation ----------------------------------------------------------------------------------------------
def send_links(enquiry: Enquiry, recipients: list[Recipient], *, why: str, at: datetime.datetime) -> list[Link]:
    """A letter with a link to each of these addresses; the links that were made.

    why: of the same enquiry, as it stands, the same address gets one letter for the same reason.
    """
    # A person has a language of their own; that of a listing is dear to find out.
    box_language = languages.FINNISH if all(each.user for each in recipients) else _language_of(enquiry)
    return [link for each in recipients if (link := _send_link(enquiry, each, box_language, why, at)) is not None]


def send_again(link: Link, *, at: datetime.datetime) -> None:
    """A new link to the address of an old one, while there is something to open; at most one a day. Raises
    Referral.DoesNotExist when it was removed."""
    with transaction.atomic():
        enquiry = lock_enquiry(link.enquiry)
        if enquiry.is_open and may_use(link):
            why = f"{AGAIN}-{timezone.localdate(at).isoformat()}"
            send_links(enquiry, [_recipient(link)], why=why, at=at)


def enquiry_of_letter(letter: Letter) -> UUID | None:
    """The UUID of the enquiry that a letter's link leads to; None for a letter without one."""
    kind, _colon, rest = letter.key.partition(":")
    return UUID(rest.partition(":")[0]) if kind == _LINK else None


@sensitive_variables()
def send_digits(link: Link, digits: str) -> None:
    """The second proof, to the address of the link."""
    language = link.user.language if link.user else _language_of(link.enquiry)
    with translation.override(language):
        blocks: list[Block] = [
            Paragraph(_("Your code is %(digits)s") % {"digits": f"{digits[:3]} {digits[3:]}"}),
            Paragraph(
                _("Type it on the page that asks for it. It works for %(minutes)d minutes.") % {"minutes": CODE_MINUTES}
            ),
            Paragraph(_("Did you not ask for a code? Then you need not do anything. Give the code to nobody.")),
        ]
        message = Message(subject=_("Your code"), blocks=blocks, why=_why_organisation())
    key = f"referral-code:{link.uuid}:{link.codes_sent}"
    queue_letter(key=key, to=link.address, message=message, language=language, user=link.user)


def recipients_of(enquiry: Enquiry) -> list[Recipient]:
    """The addresses that the enquiry was sent to, and whose people may still answer it."""
    links = {link.address: link for link in enquiry.links.select_related("user")}
    return [_recipient(link) for link in links.values() if may_use(link)]


def reachable(enquiry: Enquiry, *, lost: str) -> list[Recipient]:
    """Those of them where letters arrive. lost: an address from which one has just come back."""
    recipients = [each for each in recipients_of(enquiry) if each.address.lower() != lost.lower()]
    addresses = [each.address.lower() for each in recipients]
    dead = set(BouncedAddress.objects.filter(email__in=addresses).values_list("email", flat=True))
    return [each for each in recipients if each.address.lower() not in dead]


def _recipient(link: Link) -> Recipient:
    organisation = None if link.user_id else link.enquiry.organisation_id
    return Recipient(link.address, user=link.user_id, organisation=organisation)


def _send_link(
    enquiry: Enquiry, recipient: Recipient, box_language: str, why: str, at: datetime.datetime
) -> Link | None:
    address = salted_hmac("referrals.letters", recipient.address.lower()).hexdigest()[:16]
    key = f"{_LINK}:{enquiry.uuid}:{enquiry.version}:{address}:{why}"
    if Letter.objects.filter(key=key).exists():
        return None
    link = make_link(enquiry, recipient, at=at)
    language = link.user.language if link.user else box_language
    message = _message(link, language, why)
    queue_letter(key=key, to=link.address, message=message, language=language, user=link.user)
    return link


def _message(link: Link, language: str, why: str) -> Message:
    with translation.override(language):
        day = date_format(timezone.localtime(link.expires_at), "SHORT_DATE_FORMAT")
        blocks: list[Block] = [
            Paragraph(_("Hello!")),
            Paragraph(_lead(why)),
            Paragraph(_("For safety this letter does not tell what it is.")),
            Button(_("Open the message"), _address("referrals:link") + f"?avain={token_of(link)}"),
            Paragraph(
                _("The link works once, until %(day)s. Before the message opens we send a code to this address.")
                % {"day": day}
            ),
        ]
        if link.user is not None:
            blocks.append(Paragraph(_("If you sign in, you find the message there too, without a code.")))
        return Message(subject=_subject(why), blocks=blocks, why=_why_organisation())


def _lead(why: str) -> str:
    if why == NUDGE:
        return _("A message to your organisation still waits for an answer. Somebody hopes to hear from you.")
    if why.startswith(AGAIN):
        return _("Here is the new link that you asked for.")
    return _("A message has come to your organisation.")


def _subject(why: str) -> str:
    if why == NUDGE:
        return _("A message waits for your answer")
    return _("Your new link") if why.startswith(AGAIN) else _("A message has come to you")


def _language_of(enquiry: Enquiry) -> str:
    """Of a mailbox: the language that the listing is written in, Finnish first."""
    rows = Service.objects.of_keys([enquiry.service_key]).best_for(languages.FINNISH)
    return next((row.language for row in rows.select_related("locale")), languages.FINNISH)


def _why_organisation() -> str:
    return _("You get this because your organisation takes messages by way of its listing in Palvelupolku.")


# --- To the worker ----------------------------------------------------------------------------------------------------
def tell_sender(enquiry: Enquiry, why: str, *, of_all: bool = False) -> None:
    """Tell whoever keeps the referral that there is news, or none yet; where nobody does any more, the leads of its
    team. Of a person's own referral nobody is told.

    of_all: it is news of the whole referral, told once however many enquiries it has.
    """
    for user in _who_hears(enquiry.referral):
        with translation.override(user.language):
            url = _address("referrals:referral", uuid=str(enquiry.referral.uuid))
            message = _news_of_silence(url) if why.startswith(SILENCE) else _news(url)
        key = f"referral-news:{enquiry.referral.uuid}" if of_all else f"referral-news:{enquiry.uuid}:{why}"
        if user.pk != enquiry.referral.keeper_id:
            key += f":{user.pk}"
        queue_letter(key=key, to=user.email, message=message, language=user.language, user=user)


def _who_hears(referral: Referral) -> list[User]:
    """The keeper; when the account was closed or taken out of the team by another way than the team's, its leads."""
    if referral.team is None:
        return []
    if referral.keeper is not None and is_in_team(referral.keeper, referral.team):
        return [referral.keeper]
    members = referral.team.members.active().select_related("user").order_by("pk") if referral.team.is_open else ()
    return [each.user for each in members if each.role == TeamRole.LEAD] or [each.user for each in members]


def tell_of_act(enquiry: Enquiry, act: Act, party: Party) -> None:
    """Tell the other side of an act: the sender of what the organisation or the person did, the organisation of the
    rest, by a new link to those who were asked. Withdrawing ends every enquiry at once: the sender hears it once."""
    if party in (Party.ORGANISATION, Party.PERSON):
        tell_sender(enquiry, f"{act.value}-{enquiry.version}", of_all=act is Act.WITHDRAW)
    if party in (Party.SENDER, Party.PERSON):
        send_links(enquiry, recipients_of(enquiry), why=act.value, at=enquiry.changed_at)


def _news(url: str) -> Message:
    return Message(
        subject=_("News in Palvelupolku"),
        blocks=[
            Paragraph(_("Hello!")),
            Paragraph(_("There is news about something you sent. Sign in to see it.")),
            Button(_("See the news"), url),
        ],
    )


def _news_of_silence(url: str) -> Message:
    return Message(
        subject=_("No answer yet"),
        blocks=[
            Paragraph(_("Hello!")),
            Paragraph(_("Something you sent has had no answer yet. Sign in to see what you can do next.")),
            Button(_("See what you can do"), url),
        ],
    )


def _address(name: str, **values: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, kwargs=values)
