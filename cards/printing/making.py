"""Prints from the asking to the file: each once, however many ask; one that failed can be tried again; old ones go.

The only place that writes prints. A short one is made while the reader waits, a long one in the task queue; both are
fit to be made twice (portal.jobs puts back what a dead worker had begun).
"""

import datetime
import logging
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cards.choices import PrintState
from cards.models import Print
from cards.printing.composing import make_pdf, parts_of
from cards.printing.selection import Selection, public_ones, selection_again

logger = logging.getLogger(__name__)

# A card, a poster: a second or two.
MOST_PAGES_AT_ONCE = 1
# Whoever began it has died, and its task with it.
STUCK_AFTER = datetime.timedelta(minutes=15)


class PrintFailedError(Exception):
    """The PDF could not be made. What happened is in the log."""


def ready_print(selection: Selection, now: datetime.datetime) -> Print | None:
    """The print of exactly this, when it is already there."""
    return (
        Print.objects.filter(key=selection.key(timezone.localdate(now)), state=PrintState.READY)
        .exclude(file="")
        .first()
    )


def ask_for(selection: Selection, now: datetime.datetime) -> Print:
    """The print of this selection: the one that is there or under way, else a new one, begun.

    Raises PrintFailedError when it was to be made at once and could not be.
    """
    from cards.printing.tasks import make_print  # which imports this module

    is_short = len(selection.pages) <= MOST_PAGES_AT_ONCE
    with transaction.atomic():
        printed, is_new = Print.objects.get_or_create(
            key=selection.key(timezone.localdate(now)),
            defaults={
                "title": selection.title,
                "language": selection.language,
                "pages": selection.revisions,
                "layout": selection.layout,
                "total": parts_of(selection),
            },
        )
        begins = is_new or _takes_up_again(printed, now)
        if begins and not is_short:
            make_print.enqueue(str(printed.pk))
    if begins and is_short:
        make(printed.pk, now)
    printed.refresh_from_db()
    return printed


def try_again(printed: Print, now: datetime.datetime) -> bool:
    """Put a failed or stuck print, or one whose file is gone, into the queue again; false when it is neither."""
    from cards.printing.tasks import make_print

    with transaction.atomic():
        begins = _takes_up_again(printed, now)
        if begins:
            make_print.enqueue(str(printed.pk))
    return begins


def has_failed(printed: Print, now: datetime.datetime) -> bool:
    """Whether nothing comes of it any more unless it is tried again."""
    is_stuck = printed.state != PrintState.READY and printed.asked_at < now - STUCK_AFTER
    return printed.state == PrintState.FAILED or is_stuck


def is_gone(printed: Print) -> bool:
    """Whether it was ready once, and its file has been removed since."""
    return printed.state == PrintState.READY and not printed.file


def _takes_up_again(printed: Print, now: datetime.datetime) -> bool:
    """Mark it as waiting anew if nobody works on it; of two that ask at once, one does."""
    lost = Q(state=PrintState.FAILED) | Q(state=PrintState.READY, file="")
    stuck = Q(state__in=[PrintState.WAITING, PrintState.WORKING], asked_at__lt=now - STUCK_AFTER)
    waiting = {"state": PrintState.WAITING, "done": 0, "asked_at": now}
    return bool(Print.objects.filter(lost | stuck, pk=printed.pk).update(**waiting))


# --- The work ---------------------------------------------------------------------------------------------------------
def make(key: UUID, now: datetime.datetime) -> None:
    """Make the file of a print, of what of its pages is public now. One that is ready is left alone.

    Raises PrintFailedError; the print then says that it failed.
    """
    unfinished = Print.objects.filter(pk=key).exclude(state=PrintState.READY)
    if not unfinished.update(state=PrintState.WORKING, done=0):
        return
    printed = Print.objects.get(pk=key)
    try:
        selection = selection_again([page for page, _revision in printed.pages], printed.layout)
        if selection is None:
            raise PrintFailedError("none of its pages is public any more")
        pdf = make_pdf(selection, timezone.localdate(now), lambda done: unfinished.update(done=done))
    except Exception as error:
        logger.exception("Print %s could not be made", key)
        unfinished.update(state=PrintState.FAILED)
        raise PrintFailedError from error
    _keep(printed, selection, pdf)
    # A page may have been taken off while it was drawn.
    _remove_unless_public(Print.objects.filter(pk=key))


def _keep(printed: Print, selection: Selection, pdf: bytes) -> None:
    """The file and, in one step, that it is ready. Of two that made it at once the first one's stays."""
    storage = printed.file.storage
    name = storage.save(f"{printed.file.field.upload_to}/{printed.pk}.pdf", ContentFile(pdf))
    is_first = (
        Print.objects.filter(pk=printed.pk)
        .exclude(state=PrintState.READY)
        .update(
            state=PrintState.READY,
            file=name,
            title=selection.title,
            pages=selection.revisions,
            done=parts_of(selection),
            total=parts_of(selection),
            ready_at=timezone.now(),
        )
    )
    if not is_first:
        storage.delete(name)


# --- The end ----------------------------------------------------------------------------------------------------------
def is_public(printed: Print) -> bool:
    """Whether any of its pages may still be read by anybody: if not, even its title is told to nobody."""
    return bool(public_ones(page for page, _revision in printed.pages))


def remove_hidden() -> int:
    """Remove the files that hold a page which is not public any more: how many. What is left can be printed again."""
    return _remove_unless_public(Print.objects.all())


def _remove_unless_public(prints: QuerySet[Print]) -> int:
    kept = list(prints.filter(state=PrintState.READY).exclude(file=""))
    public = public_ones(page for printed in kept for page, _revision in printed.pages)
    hidden = [printed for printed in kept if not public.issuperset(page for page, _revision in printed.pages)]
    for printed in hidden:
        printed.file.delete()
    return len(hidden)


def remove_old(now: datetime.datetime) -> int:
    """Remove the files of prints older than PRINT_KEEP_DAYS: how many prints.

    The last print of each page stays as a row, without its file: editors see what has changed since.
    """
    seen: set[tuple[int, str]] = set()
    old, removed = now - datetime.timedelta(days=settings.PRINT_KEEP_DAYS), 0
    for printed in Print.objects.order_by("-asked_at"):
        pages = {(page, printed.layout) for page, _revision in printed.pages}
        is_last_of_some = printed.state == PrintState.READY and not pages <= seen
        if printed.state == PrintState.READY:
            seen |= pages
        if printed.asked_at >= old:
            continue
        if printed.file:
            printed.file.delete(save=is_last_of_some)
            removed += 1
        if not is_last_of_some:
            printed.delete()
    return removed
