"""What editors may want to know of a page's prints. Reads only."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Page

from cards.choices import PrintState
from cards.models import Print


@dataclass(frozen=True)
class LastPrint:
    """When a page was last printed, of which revision, and which one is published now."""

    printed_at: datetime.datetime
    printed_revision: int | None
    current_revision: int | None
    compare_url: str

    @property
    def has_changed(self) -> bool:
        """Whether the page on paper is another than the one on the web."""
        return self.printed_revision != self.current_revision


def changes_since_last_print(page: Page) -> LastPrint | None:
    """The last print that holds the page, and where to compare; None when it was never printed.

    compare_url is empty when there is nothing to compare.
    """
    prints = Print.objects.filter(state=PrintState.READY).order_by("-ready_at").values_list("ready_at", "pages")
    for ready_at, pages in prints.iterator():
        for key, revision in pages:
            if key == page.pk:
                current = page.live_revision_id
                way = ""
                if revision and current and revision != current:
                    way = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, revision, current])
                return LastPrint(ready_at, revision, current, way)
    return None
