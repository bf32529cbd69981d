"""The panel an editor meets first: what waits to be checked, each with a way to the list. Counts only; no rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cards import upkeep
from cards.models import HelpContact, LawReference
from directory.choices import CaseKind
from directory.models import Case, FactReport, Service
from directory.permissions import areas_of, is_staff
from portal.content.links import broken_links
from portal.content.page_checks import pages_to_mend
from search import dead_ends


@dataclass(frozen=True)
class Waiting:
    """How many of something wait, and where they are."""

    label: str
    count: int
    url: str


class ToCheckPanel(Component):
    """«Tarkistettavaa»: what waits in the queue, mistakes told, listings due, contacts and laws unchecked, searches in
    vain, links that do not open."""

    name = "to_check"
    template_name = "content/admin/to_check.html"
    # Above Wagtail's own lists of one's pages.
    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"rows": list(self.rows())}

    def rows(self) -> Iterator[Waiting]:
        """What this person may look at."""
        user = self.request.user
        if is_staff(user):
            cases, queue = Case.objects.open().in_areas(areas_of(user)), reverse("workspace:queue")
            yield Waiting(_("Open cases in the queue"), cases.count(), queue)
            for kind, label in (
                (CaseKind.REVIEW, _("Edits waiting for approval")),
                (CaseKind.REPORT, _("Mistakes told by readers")),
            ):
                yield Waiting(label, cases.filter(kind=kind).count(), f"{queue}?kind={kind}")
        elif user.has_perm("directory.view_factreport"):
            unhandled = FactReport.objects.filter(handled_at__isnull=True).count()
            yield Waiting(_("Mistakes told by readers"), unhandled, f"{reverse('fact_reports:index')}?open=true")
        if user.has_perm("directory.view_service"):
            due = Service.objects.due_for_check().values("translation_key").distinct().count()
            yield Waiting(_("Listings due for a check"), due, f"{_list(Service)}?due=true")
        for model, label in ((HelpContact, _("Contacts to be checked")), (LawReference, _("Laws to be checked"))):
            if user.has_perm(f"cards.view_{model._meta.model_name}"):
                yield Waiting(label, upkeep.due(model, timezone.localdate()).count(), reverse("due_records"))
        if user.has_perm("search.view_deadend"):
            yield Waiting(_("Words that lead nowhere"), dead_ends.shown().count(), reverse("dead_ends:index"))
        yield Waiting(_("Pages to mend"), len(pages_to_mend()), reverse("pages_to_mend"))
        yield Waiting(_("Links that may not open"), len(broken_links()), reverse("broken_links"))


def _list(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))
