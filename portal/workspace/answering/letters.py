"""The letter that asks a keeper about their listings: one a day, in their language, answered by its buttons.

Written in the transaction that writes the question (directory.keeping), so neither is ever there without the other.
"""

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import actions
from directory.choices import Answer, Capacity
from directory.models import Notice
from directory.signals import notice_made
from portal.base import languages
from portal.post.composing import Block, Button, Heading, Item, Message, Paragraph
from portal.post.letters import queue_letter
from portal.post.models import Letter
from portal.post.signals import letter_bounced
from portal.workspace.answering.links import token_of
from portal.workspace.answering.questions import Question, questions_of

_KEY = "notice:"


@receiver(notice_made, dispatch_uid="letter_of_a_question")
def send_question(sender: Any, notice: Notice, **kwargs: Any) -> None:
    """Write the letter of a new question."""
    _send(notice, f"{_KEY}{notice.uuid}")


def send_again(notice: Notice) -> None:
    """A new link, for whoever opened one that had expired; at most one a day."""
    _send(notice, f"{_KEY}{notice.uuid}:{timezone.localdate()}")


@receiver(letter_bounced, dispatch_uid="question_came_back")
def note_bounce(sender: Any, letter: Letter, **kwargs: Any) -> None:
    """The question reached nobody: the next person is asked at the next run."""
    if letter.key.startswith(_KEY):
        actions.note_bounce(UUID(letter.key.removeprefix(_KEY).partition(":")[0]), at=letter.bounced_at)


def _send(notice: Notice, key: str) -> None:
    language = _language_of(notice)
    with translation.override(language):
        questions = [each for each in questions_of(notice) if each.is_open]
        if questions:
            message = _message(notice, questions)
            queue_letter(key=key, to=notice.address, message=message, language=language, user=notice.user)


def _language_of(notice: Notice) -> str:
    """The person's own; of a mailbox, the language that its listings are written in, Finnish first."""
    if notice.user is not None:
        return notice.user.language
    with translation.override(languages.FINNISH):
        return next((each.service.language for each in questions_of(notice)), languages.FINNISH)


# --- words ------------------------------------------------------------------------------------------------------------
def _message(notice: Notice, questions: list[Question]) -> Message:
    token = token_of(notice)
    page = settings.SITE_URL.rstrip("/") + reverse("workspace:answer", kwargs={"token": token})
    return Message(
        subject=_subject(questions),
        blocks=[
            Paragraph(_("Hello!")),
            *_campaign_words(notice),
            Paragraph(
                ngettext(
                    "People look for help here. Is this still right? One press is enough, and you need not sign in.",
                    "People look for help in these %(count)d listings. Are they still right? One press is enough, and "
                    "you need not sign in.",
                    len(questions),
                )
                % {"count": len(questions)}
            ),
            *_for_all(questions, page),
            *(_item(each, token) for each in questions),
            Paragraph(
                _("The buttons open a page where you confirm your answer. They work until %(day)s.")
                % {"day": _day(timezone.localdate() + datetime.timedelta(days=settings.ANSWER_LINK_DAYS))}
            ),
        ],
        why=_why(notice),
    )


def _for_all(questions: list[Question], page: str) -> list[Block]:
    if len(questions) == 1:
        return []
    return [Button(_("All are still right"), page), Heading(_("One by one"))]


def _subject(questions: list[Question]) -> str:
    if len(questions) == 1:
        return _("Is this still right? %(title)s") % {"title": questions[0].service.title}
    return _("Are these %(count)d listings still right?") % {"count": len(questions)}


def _campaign_words(notice: Notice) -> list[Block]:
    campaign = notice.campaign
    if campaign is None:
        return []
    words = [Paragraph(campaign.message)] if campaign.message else []
    due = _("We ask you to check your listings by %(day)s: %(title)s.")
    return [*words, Paragraph(due % {"day": _day(campaign.due_on), "title": campaign.title})]


def _why(notice: Notice) -> str:
    if notice.user is None:
        return _("You get this because this is the organisation's address in the directory.")
    return _("You get this because you keep these listings, or stand in for their keeper.")


BUTTONS = {
    Answer.STILL_RIGHT: lambda: _("This is still right"),
    Answer.WILL_EDIT: lambda: _("I will edit it"),
    Answer.ENDED: lambda: _("This has ended"),
    Answer.NOT_MINE: lambda: _("Not mine any more"),
}


def _item(question: Question, token: str) -> Item:
    site = settings.SITE_URL.rstrip("/")
    return Item(
        title=question.service.title,
        text="\n".join(_lines(question)),
        buttons=[
            Button(
                BUTTONS[answer](),
                site
                + reverse("workspace:answer_one", kwargs={"token": token, "pk": question.item.pk, "answer": answer}),
            )
            for answer in question.answers
        ],
    )


def _lines(question: Question) -> list[str]:
    service = question.service
    lines = [service.summary]
    if service.checked_on:
        lines.append(_("Last checked on %(day)s.") % {"day": _day(service.checked_on)})
    else:
        lines.append(_("Nobody has checked it since it was published."))
    if service.current_capacity != Capacity.UNKNOWN:
        lines.append(_("Just now it says: %(capacity)s.") % {"capacity": service.get_capacity_display()})
    lines += [
        _("Look at this: %(what)s (%(which)s).") % {"what": each.get_kind_display(), "which": each.what}
        for each in question.findings
    ]
    if question.hidden_on:
        lines.append(
            _("Nobody has answered us. Without an answer it leaves the directory on %(day)s.")
            % {"day": _day(question.hidden_on)}
        )
    return lines


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
