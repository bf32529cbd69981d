"""What a service's own page in the workspace shows: each language, what waits, checks, reports. Plain values."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale

from directory.actions import waiting_changes
from directory.choices import Capacity, ReviewState
from directory.contents import newest
from directory.difference_words import DifferenceInWords, in_words
from directory.models import Check, FactReport, Finding, Membership, Organisation, Review, Service
from directory.permissions import Action, is_staff, may
from directory.presentation import checked_stamp
from portal.accounts.models import User
from portal.base import languages
from portal.workspace.keeping.form.steps import SEND
from portal.workspace.keeping.presentation import KeptService, is_sent_back, is_unsent, kept_of, last_reviews, step_url

SHOWN_CHECKS = 5
SHOWN_ANSWERS = 3


def people_words(users: Iterable[User | None], organisation: Organisation, reader: User) -> dict[int | None, str]:
    """User (primary key) → what a reader of the workspace is told of them.

    Members by the name that the site shows; the directory's own people by what they are, save to each other.
    """
    known = {user.pk: user for user in users if user is not None}
    members = set(Membership.objects.filter(organisation=organisation).values_list("user", flat=True))
    staff: set[int] = set()
    if not is_staff(reader):
        own = Q(is_superuser=True) | Q(groups__isnull=False) | Q(area_roles__isnull=False)
        staff = set(User.objects.filter(own, pk__in=set(known) - members).values_list("pk", flat=True))
    words = {pk: _("An editor of the directory") if pk in staff else str(user) for pk, user in known.items()}
    return {None: _("Done by the site"), **words}


@dataclass
class LanguageOfService:
    """One language of a service."""

    row: Service
    name: str
    edit_url: str
    send_url: str
    public_url: str
    is_waiting: bool
    is_sent_back: bool
    is_unsent: bool
    review: Review | None = None
    changes: list[DifferenceInWords] = field(default_factory=list)


def _language(row: Service, review: Review | None, is_public: bool) -> LanguageOfService:
    with translation.override(row.language):
        url = row.get_absolute_url()
    return LanguageOfService(
        row=row,
        name=_name_of(row.language),
        edit_url=step_url(row),
        send_url=step_url(row, SEND),
        public_url=url if is_public else "",
        is_waiting=review is not None and review.state == ReviewState.WAITING,
        is_sent_back=is_sent_back(row, review),
        is_unsent=is_unsent(row, review),
        review=review,
        changes=in_words(Service, waiting_changes(row)) if row.live and row.has_unpublished_changes else [],
    )


def _name_of(code: str) -> str:
    found = languages.BY_CODE.get(code)
    return found.endonym if found else code


def right_now(rows: Iterable[Service], today: datetime.date) -> dict[str, Any]:
    """What holds for a while: capacity, notices, closings to come. Of the public row, else of the draft."""
    rows = list(rows)
    first = next((row for row in rows if row.live), rows[0])
    seen = first if first.live else newest(first)
    notices = [(_name_of(row.language), (row if row.live else newest(row)).current_notice) for row in rows]
    return {
        "capacity": seen.current_capacity if seen.current_capacity != Capacity.UNKNOWN else "",
        "capacity_until": seen.capacity_until,
        "capacity_note": seen.capacity_note,
        "notices": [(name, text) for name, text in notices if text],
        "notice_until": seen.notice_until,
        "closings": [each for each in seen.opening_exceptions.all() if each.is_closed and each.date_to >= today],
    }


def checks_of(service: Service, reader: User) -> list[dict[str, str]]:
    """The last checks: when, by whom, how."""
    checks = list(Check.objects.filter(key=service.translation_key).select_related("by")[:SHOWN_CHECKS])
    names = people_words([check.by for check in checks], service.organisation, reader)
    return [
        {"on": check.on, "by": names[check.by_id] if check.by_id else check.by_name, "how": check.get_how_display()}
        for check in checks
    ]


def service_context(service: Service, reader: User, now: datetime.datetime) -> dict[str, Any]:
    """Everything the service's page shows."""
    key, today = service.translation_key, timezone.localdate(now)
    kept = one_kept(service, now)
    last = last_reviews([key])
    public = set(Service.objects.public(now).of_keys([key]).values_list("pk", flat=True))
    reports = FactReport.objects.filter(service__translation_key=key).select_related("handled_by")
    handled = list(reports.exclude(handled_at=None)[:SHOWN_ANSWERS])
    # A locale that the site has not is a language that nobody could read it in.
    unwritten = set(Locale.objects.values_list("language_code", flat=True)) - {row.language for row in kept.rows}
    return {
        "service": service,
        "kept": kept,
        "organisation": service.organisation,
        "languages": [_language(row, last.get(row.pk), row.pk in public) for row in kept.rows],
        "missing": [each for each in languages.ALL if each.code in unwritten],
        "checked": checked_stamp(service, today),
        "is_checked_today": service.checked_on == today,
        "checks": checks_of(service, reader),
        "findings": list(Finding.objects.filter(key=key)),
        "now": right_now(kept.rows, today),
        "open_reports": list(reports.filter(handled_at=None).order_by("reported_at", "pk")),
        "handled_reports": handled,
        "may_end": may(reader, Action.END_SERVICE, service.organisation),
        "day": today,
    }


def one_kept(service: Service, now: datetime.datetime) -> KeptService:
    """A service as the lists know it."""
    return kept_of(Service.objects.of_keys([service.translation_key]), now)[0]
