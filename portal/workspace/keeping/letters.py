"""Letters about decisions and reports: an edit was approved or sent back, a reader wrote, a reader is answered."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from directory.choices import ReviewState, Role
from directory.models import FactReport, Membership, Review, Service
from directory.signals import report_answered, report_made, review_decided
from portal.accounts.models import User
from portal.base import languages
from portal.post.composing import Button, Message, Paragraph
from portal.post.letters import queue_letter


def _address(name: str, *args: Any) -> str:
    """A whole address, in the language of the moment."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


def _keepers_of(service: Service) -> list[User]:
    """Whom a letter about a service reaches: its keeper, else the deputy, else the owners of the organisation."""
    row = Service.objects.select_related("owner", "deputy").get(pk=service.pk)
    for person in (row.owner, row.deputy):
        if person is not None and person.is_active:
            return [person]
    owners = Membership.objects.reachable().filter(organisation=service.organisation_id, role=Role.OWNER)
    return [membership.user for membership in owners.select_related("user")]


def _tell(people: Iterable[User], key: str, write: Any) -> None:
    """A letter to each, once, in their own language. write: makes the message in the language of the moment."""
    for person in {each.pk: each for each in people if each.is_active and each.email}.values():
        with translation.override(person.language):
            message = write()
        queue_letter(key=f"{key}-{person.pk}", to=person.email, message=message, language=person.language, user=person)


# --- decisions -------------------------------------------------------------------------------------------------------
@receiver(review_decided, dispatch_uid="letter_about_a_decision")
def tell_of_decision(sender: Any, review: Review, **kwargs: Any) -> None:
    """Whoever sent the edit hears; the listing's keeper too, when that is somebody else."""
    write = {ReviewState.APPROVED: _approved, ReviewState.SENT_BACK: _sent_back}.get(ReviewState(review.state))
    if write is None:
        return
    people = [review.submitted_by] if review.submitted_by else []
    if review.service is not None:
        people += _keepers_of(review.service)
    # Whoever decided knows it.
    people = [person for person in people if person.pk != review.decided_by_id]
    _tell(people, f"review-{review.pk}-{review.state}", partial(write, review))


def _about(review: Review) -> tuple[str, str]:
    """(what the edit was of, where one sees it in the workspace)."""
    if review.service is not None:
        return review.service.title, _address("workspace:service", review.service.translation_key)
    return str(review.organisation), _address("workspace:organisation", review.organisation.slug)


def _words_of(review: Review) -> list[Paragraph]:
    if not review.words:
        return []
    return [Paragraph(_("The editor writes:")), Paragraph(review.words)]


def _approved(review: Review) -> Message:
    title, address = _about(review)
    return Message(
        subject=_("Approved: %(title)s") % {"title": title},
        blocks=[
            Paragraph(_("Your change to «%(title)s» is approved. Everybody sees it now.") % {"title": title}),
            *_words_of(review),
            Button(_("See the listing"), address),
        ],
        why=_("You get this because you sent the change, or keep the listing."),
    )


def _sent_back(review: Review) -> Message:
    title, address = _about(review)
    return Message(
        subject=_("Sent back to you: %(title)s") % {"title": title},
        blocks=[
            Paragraph(_("Your change to «%(title)s» needs a little more before it can be public.") % {"title": title}),
            Paragraph(_("Why: %(reason)s.") % {"reason": review.get_reason_display()}),
            *_words_of(review),
            Paragraph(_("Nothing that you wrote is lost. Mend it and send it again.")),
            Button(_("Go on with it"), address),
        ],
        why=_("You get this because you sent the change, or keep the listing."),
    )


# --- reports ---------------------------------------------------------------------------------------------------------
@receiver(report_made, dispatch_uid="letter_about_a_report")
def tell_of_report(sender: Any, report: FactReport, **kwargs: Any) -> None:
    """The keeper hears what a reader told. The reader's address stays with us."""
    _tell(_keepers_of(report.service), f"report-{report.pk}", partial(_reported, report))


def _reported(report: FactReport) -> Message:
    title = report.service.title
    return Message(
        subject=_("A reader told of a mistake: %(title)s") % {"title": title},
        blocks=[
            Paragraph(_("A reader thinks that something is wrong in «%(title)s»:") % {"title": title}),
            Paragraph(report.message),
            Paragraph(_("Look whether it is so. Mend the listing if it is, and answer the reader.")),
            Button(_("Look at it"), _address("workspace:service", report.service.translation_key)),
        ],
        why=_("You get this because you keep the listing."),
    )


@receiver(report_answered, dispatch_uid="letter_with_an_answer")
def tell_reader(sender: Any, report: FactReport, **kwargs: Any) -> None:
    """The reader who left an address reads the answer."""
    if not report.email or not report.answer:
        return
    language = report.language if report.language in languages.CODES else languages.FINNISH
    with translation.override(language):
        message = _answered(report)
    queue_letter(key=f"report-{report.pk}-answer", to=report.email, message=message, language=language)


def _answered(report: FactReport) -> Message:
    title = report.service.title
    blocks = [
        Paragraph(_("You told us of a mistake in «%(title)s». Thank you!") % {"title": title}),
        Paragraph(_("The answer:")),
        Paragraph(report.answer),
    ]
    if Service.objects.public().filter(pk=report.service_id).exists():
        blocks.append(Button(_("See the listing"), settings.SITE_URL.rstrip("/") + report.service.get_absolute_url()))
    return Message(
        subject=_("An answer to your report: %(title)s") % {"title": title},
        blocks=blocks,
        why=_("You get this because you left your address when you told of a mistake. You will get no other mail."),
    )
