"""Writes of a letter to the keepers of a chosen set: written, tried on its writer, sent once. Who gets it: selection.

Sending means here that it is settled; the letters themselves are written by whoever knows the post (portal.workspace).
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from directory import permissions
from directory.models import Mailing
from directory.selection import Selection
from portal.accounts.models import User

# Of one person: nobody's letters are to become a flood.
MAILINGS_A_DAY = 3


class NotTestedError(Exception):
    """The letter has not been tried on its writer, or was changed since: nothing was sent."""


class TooManyMailingsError(Exception):
    """The person has sent as many letters today as one may: nothing was sent."""


class AlreadySentError(Exception):
    """The letter has gone: nothing was written."""


def write_mailing(*, title: str, text: str, selection: Selection, by: User) -> Mailing:
    """Keep a letter that is not sent yet. Raises PermissionDenied, ValidationError."""
    if not permissions.is_staff(by):
        raise PermissionDenied("write_mailing is not allowed")
    mailing = Mailing(title=title.strip(), text=text.strip(), selection=selection.query(), written_by=by)
    mailing.full_clean()
    mailing.save()
    return mailing


def edit_mailing(mailing: Mailing, *, title: str, text: str, by: User) -> None:
    """Change a letter that is not sent yet: it is to be tried again. Raises PermissionDenied, AlreadySentError."""
    _require_writer(mailing, by)
    mailing.title, mailing.text = title.strip(), text.strip()
    mailing.full_clean()
    _change(mailing, title=mailing.title, text=mailing.text, tested_at=None)


def note_test(mailing: Mailing, *, by: User, at: datetime.datetime | None = None) -> None:
    """Its writer gets this very text now. Raises PermissionDenied, AlreadySentError."""
    _require_writer(mailing, by)
    # Of the text as the writer sees it: one changed meanwhile is not tested.
    seen = Mailing.objects.filter(pk=mailing.pk, title=mailing.title, text=mailing.text)
    if seen.exists():
        _change(mailing, tested_at=at or timezone.now())


def delete_mailing(mailing: Mailing, *, by: User) -> None:
    """Throw a letter away that was not sent. Raises PermissionDenied, AlreadySentError."""
    _require_writer(mailing, by)
    removed, _by_model = Mailing.objects.filter(pk=mailing.pk, sent_at=None).delete()
    if not removed:
        raise AlreadySentError


@transaction.atomic
def send_mailing(mailing: Mailing, *, by: User, at: datetime.datetime | None = None) -> None:
    """Settle that a letter goes to its set. Works once, however often it is asked.

    Raises PermissionDenied, NotTestedError, TooManyMailingsError, AlreadySentError.
    """
    _require_writer(mailing, by)
    moment = at or timezone.now()
    # Two letters of one person that are sent in the same moment wait here for each other, or the limit is none.
    list(User.objects.select_for_update().filter(pk=by.pk).values_list("pk"))
    now = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if now.sent_at:
        raise AlreadySentError
    if now.tested_at is None:
        raise NotTestedError
    if sent_today(by, moment) >= MAILINGS_A_DAY:
        raise TooManyMailingsError
    _change(mailing, sent_at=moment)
    log(instance=mailing, action="directory.mail", user=by, data={"selection": now.selection})


def sent_today(person: User, at: datetime.datetime) -> int:
    """How many letters a person has sent in the 24 hours before."""
    return Mailing.objects.filter(written_by=person, sent_at__gt=at - datetime.timedelta(days=1)).count()


def _require_writer(mailing: Mailing, by: User) -> None:
    if mailing.written_by_id != by.pk or not permissions.is_staff(by):
        raise PermissionDenied("Somebody else's letter.")


def _change(mailing: Mailing, **values: object) -> None:
    if not Mailing.objects.filter(pk=mailing.pk, sent_at=None).update(**values):
        raise AlreadySentError
    mailing.refresh_from_db()
