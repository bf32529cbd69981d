"""Letters about referrals. They say only that something has come: no name, no listing, no word of anybody's.

The letter with the code carries nothing but the code. To the person no letter is ever sent: somebody else may read it.
"""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.keepers import Recipient
from portal.accounts.models import User
from portal.base import languages
from portal.post.composing import Block, Button, Message, Paragraph
from portal.post.letters import queue_letter
from referrals.choices import Act, Party
from referrals.links import CODE_MINUTES, make_link, token_of
from referrals.models import Enquiry, Link


# --- To the organisation ----------------------------------------------------------------------------------------------
def send_links(enquiry: Enquiry, recipients: list[Recipient], *, why: str, at: datetime.datetime) -> list[Link]:
    """A letter with a link to each of these addresses. why: part of the key; the same one is sent once."""
    return [send_link(make_link(enquiry, recipient, at=at), why=why) for recipient in recipients]


def send_link(link: Link, *, why: str) -> Link:
    """The letter of one link."""
    language = link.user.language if link.user else languages.FINNISH
    with translation.override(language):
        url = _address("referrals:link") + f"?avain={token_of(link)}"
        day = date_format(link.expires_at, "SHORT_DATE_FORMAT")
        blocks: list[Block] = [
            Paragraph(_("Hello!")),
            Paragraph(_("A message has come to your organisation. For safety this letter does not tell what it is.")),
            Button(_("Open the message"), url),
            Paragraph(
                _("The link works once, until %(day)s. Before the message opens we send a code to this address.")
                % {"day": day}
            ),
        ]
        message = Message(subject=_subject(why), blocks=blocks, why=_why_organisation())
    queue_letter(
        key=f"referral-link:{link.uuid}:{why}", to=link.address, message=message, language=language, user=link.user
    )
    return link


def send_digits(link: Link, digits: str) -> None:
    """The second proof, to the address of the link."""
    language = link.user.language if link.user else languages.FINNISH
    with translation.override(language):
        blocks: list[Block] = [
            Paragraph(_("Your code is %(digits)s") % {"digits": f"{digits[:3]} {digits[3:]}"}),
            Paragraph(
                _("Type it on the page that asks for it. It works for %(minutes)d minutes.") % {"minutes": CODE_MINUTES}
            ),
            Paragraph(_("Did you not ask for a code? Then you need not do anything.")),
        ]
        message = Message(subject=_("Your code"), blocks=blocks, why=_why_organisation())
    key = f"referral-code:{link.uuid}:{link.codes_sent + 1}"
    queue_letter(key=key, to=link.address, message=message, language=language, user=link.user)


# --- To the worker ----------------------------------------------------------------------------------------------------
def tell_sender(enquiry: Enquiry, why: str) -> None:
    """Tell whoever keeps the referral that there is news; of a person's own referral nobody is told."""
    keeper = enquiry.referral.keeper
    if keeper is None or not keeper.is_active:
        return
    _tell(keeper, reverse_name="referrals:referral", uuid=str(enquiry.referral.uuid), key=f"{enquiry.uuid}:{why}")


def tell_of_act(enquiry: Enquiry, act: Act, party: Party) -> None:
    """Tell the other side of an act: the sender of what the organisation or the person did, the organisation of the
    rest, by a new link to those who were asked."""
    why = f"{act.value}-{enquiry.version}"
    if party in (Party.ORGANISATION, Party.PERSON):
        tell_sender(enquiry, why)
    if party in (Party.SENDER, Party.PERSON):
        send_links(enquiry, recipients_of(enquiry), why=why, at=enquiry.changed_at)


def recipients_of(enquiry: Enquiry) -> list[Recipient]:
    """The addresses that the enquiry was sent to."""
    links = {link.address: link for link in enquiry.links.select_related("user")}
    return [
        Recipient(link.address, user=link.user_id, organisation=None if link.user_id else enquiry.organisation_id)
        for link in links.values()
        if link.user is None or link.user.is_active
    ]


def _tell(user: User, *, reverse_name: str, uuid: str, key: str) -> None:
    with translation.override(user.language):
        url = _address(reverse_name, uuid=uuid)
        blocks: list[Block] = [
            Paragraph(_("Hello!")),
            Paragraph(_("There is news about something you sent. Sign in to see it.")),
            Button(_("See the news"), url),
        ]
        message = Message(subject=_("News in Palvelupolku"), blocks=blocks)
    queue_letter(key=f"referral-news:{key}", to=user.email, message=message, language=user.language, user=user)


def _subject(why: str) -> str:
    return _("A message waits for your answer") if why == "nudge" else _("A message has come to you")


def _why_organisation() -> str:
    return _("You get this because your organisation's listing says that workers may refer people to it.")


def _address(name: str, **values: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, kwargs=values)
