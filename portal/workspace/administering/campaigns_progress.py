"""How far a campaign is, in words; and its listings that nobody has checked, with what came of asking. Reads only."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.actions import CampaignProgress
from directory.models import Campaign, NoticeItem, Service
from portal.workspace.administering.figures_selection import titles_of


def progress_parts(progress: CampaignProgress) -> list[tuple[str, int]]:
    """Each part of a campaign with its number; together they are all of it."""
    return [
        (_("Checked"), progress.checked),
        (_("Ended"), progress.ended),
        (_("Answered otherwise"), progress.answered_otherwise),
        (_("Asked, no answer yet"), progress.waiting),
        (_("Not asked yet"), progress.not_asked),
    ]


@dataclass(frozen=True)
class AskedService:
    """A listing that is not checked yet, and what came of asking."""

    key: UUID
    title: str
    organisation: str
    state: str


def asked_services(campaign: Campaign) -> list[AskedService]:
    """The listings of a campaign that are neither checked nor ended, by organisation."""
    begun_on = timezone.localdate(campaign.started_at)
    keys = campaign.services.values("key")
    rows = (
        Service.objects.filter(translation_key__in=keys, withdrawn_on=None)
        .exclude(checked_on__gte=begun_on)
        .order_by()
        .only("translation_key", "organisation__slug", "organisation__names")
        .select_related("organisation")
    )
    open_rows = {row.translation_key: row for row in rows}
    # The last that was asked, or answered, stands.
    said: dict[UUID, str] = {}
    for item in NoticeItem.objects.filter(notice__campaign=campaign).order_by("notice__on", "pk"):
        said[item.key] = item.get_answer_display() or said.get(item.key) or _("Asked, no answer yet")
    titles = titles_of(open_rows)
    found = [
        AskedService(key, titles.get(key, ""), str(row.organisation), said.get(key, _("Not asked yet")))
        for key, row in open_rows.items()
    ]
    return sorted(found, key=lambda each: (each.organisation, each.title))
