"""Which links stand on the site, where, and what is wrong with them.

Gathers them from pages, listings, contacts and laws; judges shape and links between pages at once. Opening the
addresses is portal.base.links', and its findings are kept in LinkCheck. Only what the public sees is gathered, and no
sample data: invented addresses reach nobody.
"""

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from bs4 import BeautifulSoup
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, get_page_models

from cards.models import HelpContact, LawReference
from directory.choices import ContactKind, FindingKind
from directory.findings import put_findings
from directory.models import Organisation, Service
from portal.base.links import Look, Problem, has_right_shape, look_at
from portal.base.models import BasePage, LinkCheck

# A second look at the same address comes no sooner.
RECHECK_AFTER = datetime.timedelta(days=7)
# Between two looks at one host.
PAUSE_SECONDS = 1.0
WEB_KINDS = (ContactKind.WEB, ContactKind.CHAT)
URL_LENGTH = 500

PROBLEMS: dict[str, str | Promise] = {
    Problem.SHAPE: _("The address is written wrong."),
    Problem.NO_HOST: _("There is no such site."),
    Problem.NOT_PUBLIC: _("The address is not on the public internet."),
    Problem.NOT_FOUND: _("The site has no such page."),
    Problem.REFUSED: _("The site refused to show the page."),
    Problem.SERVER_ERROR: _("The site did not work when we looked."),
    Problem.TIMEOUT: _("The site did not answer in ten seconds."),
    Problem.NO_CONNECTION: _("The site does not answer."),
    Problem.CERTIFICATE: _("The site's certificate is not valid."),
    Problem.REDIRECTIONS: _("The address leads round and round."),
    Problem.MACHINES_REFUSED: _("The site does not answer machines. Open the link yourself."),
    "page_missing": _("The page has been removed."),
    "page_hidden": _("The page is not public."),
}


@dataclass(frozen=True)
class SiteLink:
    """One link where it stands. `page`: the number of the page of ours it leads to, when it does.

    keys: the services (their UUIDs) whose keepers answer for it.
    """

    address: str
    where: str
    kind: str
    edit_url: str
    page: int | None = None
    keys: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class JudgedLink:
    """A link and what is known of it. problem: "" when nothing is wrong; is_unsure: a person should look."""

    link: SiteLink
    problem: str
    is_unsure: bool
    checked_at: datetime.datetime | None

    @property
    def words(self) -> str:
        """The problem in words."""
        return str(PROBLEMS.get(self.problem, self.problem))


# --- Gathering --------------------------------------------------------------------------------------------------------
def links_in_use() -> Iterator[SiteLink]:
    """Every link the public can meet, where it stands."""
    for model in get_page_models():
        if issubclass(model, BasePage):
            for page in model.objects.live():
                url = reverse("wagtailadmin_pages:edit", args=[page.pk])
                yield from _links_of(page, page.title, url)
    for service in _services().prefetch_related("links", "required_documents", "contact_ways"):
        own = (
            *_links_of_record(service, *service.links.all(), *service.required_documents.all()),
            *_of_addresses(service, (way.value for way in service.contact_ways.all() if way.kind in WEB_KINDS)),
        )
        yield from (replace(link, keys=(service.uuid,)) for link in own)
    keys: dict[int, set[UUID]] = defaultdict(set)
    for number, key in _services().order_by().values_list("organisation", "translation_key"):
        keys[number].add(key)
    for organisation in Organisation.objects.public().filter(is_sample=False).prefetch_related("contacts"):
        own = (
            *_links_of_record(organisation, organisation),
            *_of_addresses(organisation, (way.value for way in organisation.contacts.all() if way.kind in WEB_KINDS)),
        )
        yield from (replace(link, keys=tuple(sorted(keys[organisation.pk]))) for link in own)
    for reference in [*HelpContact.objects.filter(live=True), *LawReference.objects.filter(live=True)]:
        yield from _links_of_record(reference, reference)


def _services() -> models.QuerySet[Service]:
    return Service.objects.public().filter(is_sample=False)


def _links_of_record(record: models.Model, *holders: models.Model) -> Iterator[SiteLink]:
    for holder in holders:
        yield from _links_of(holder, str(record), _edit_url(record), record)


def _of_addresses(record: models.Model, addresses: Iterable[str]) -> Iterator[SiteLink]:
    for address in addresses:
        yield SiteLink(address, str(record), str(record._meta.verbose_name), _edit_url(record))


def _edit_url(record: Any) -> str:
    return reverse(type(record).snippet_viewset.get_url_name("edit"), args=[record.pk])


def _links_of(
    holder: models.Model, where: str, edit_url: str, record: models.Model | None = None
) -> Iterator[SiteLink]:
    """The links in an object's own fields: addresses, running text, blocks."""
    kind = str((record or holder)._meta.verbose_name)
    for field in holder._meta.concrete_fields:
        value = getattr(holder, field.attname, None)
        if not value:
            continue
        if isinstance(field, models.URLField):
            yield SiteLink(value, where, kind, edit_url)
        elif isinstance(field, RichTextField):
            for address, page in _in_text(value):
                yield SiteLink(address, where, kind, edit_url, page)
        elif isinstance(field, StreamField):
            for address, page in _in_blocks(list(value.raw_data)):
                yield SiteLink(address, where, kind, edit_url, page)


def _in_blocks(data: Any, key: str = "") -> Iterator[tuple[str, int | None]]:
    """Links in a stream's plain data: whatever is named `url`, and whatever stands in running text."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _in_blocks(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _in_blocks(value, key)
    elif isinstance(data, str):
        if key == "url":
            if data:
                yield data, None
        elif "<a " in data:
            yield from _in_text(data)


def _in_text(html: str) -> Iterator[tuple[str, int | None]]:
    """Links in text as it is stored: links to pages carry the page's number instead of an address."""
    for anchor in BeautifulSoup(html, "html.parser").find_all("a"):
        if anchor.get("linktype") == "page":
            yield "", int(str(anchor.get("id", 0)))
        elif (address := str(anchor.get("href", ""))) and not address.startswith(("mailto:", "tel:", "#", "/")):
            yield address, None


# --- Judging ----------------------------------------------------------------------------------------------------------
def judged_links() -> list[JudgedLink]:
    """Every link with what is known of it, the surely broken first."""
    judged = _judged(list(links_in_use()), LinkCheck.objects.all())
    return sorted(judged, key=lambda each: (not each.problem, each.is_unsure, each.link.where.casefold()))


def _judged(links: list[SiteLink], known: Iterable[LinkCheck]) -> list[JudgedLink]:
    pages = {link.page for link in links if link.page is not None}
    live = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live"))
    checks = {check.url: check for check in known}
    return [_judge(link, live, checks) for link in links]


def broken_on(page: Page) -> list[JudgedLink]:
    """The links with a problem on one page, as it stands in the hand: its draft too."""
    links = list(_links_of(page, page.title, ""))
    checks = LinkCheck.objects.filter(url__in={link.address for link in links if link.page is None})
    return [each for each in _judged(links, checks) if each.problem]


def broken_links() -> list[JudgedLink]:
    """The links with a problem, sure or unsure."""
    return [each for each in judged_links() if each.problem]


def _judge(link: SiteLink, live: dict[int, bool], checks: dict[str, LinkCheck]) -> JudgedLink:
    if link.page is not None:
        problem = "" if live.get(link.page) else ("page_hidden" if link.page in live else "page_missing")
        return JudgedLink(link, problem, is_unsure=False, checked_at=None)
    if not has_right_shape(link.address):
        return JudgedLink(link, Problem.SHAPE, is_unsure=False, checked_at=None)
    check = checks.get(link.address)
    if check is None:
        return JudgedLink(link, "", is_unsure=False, checked_at=None)
    return JudgedLink(link, check.problem, check.status == LinkCheck.Status.UNSURE, check.checked_at)


# --- Checking ---------------------------------------------------------------------------------------------------------
def check_links(
    *,
    limit: int | None = None,
    look: Callable[[str], Look] = look_at,
    pause: Callable[[float], None] = time.sleep,
    at: datetime.datetime | None = None,
) -> int:
    """Look at the addresses that have waited longest, and write down what was found. Returns how many were looked at.

    Fit to run twice and to be stopped in the middle: each finding is written at once, outside any transaction. Whoever
    keeps a listing with a dead link is told of it with the next question (directory.findings).
    """
    now = at or timezone.now()
    in_use = {
        link.address
        for link in links_in_use()
        if link.page is None and has_right_shape(link.address) and len(link.address) <= URL_LENGTH
    }
    LinkCheck.objects.exclude(url__in=in_use).delete()
    seen = dict(LinkCheck.objects.values_list("url", "checked_at"))
    waiting = [url for url in in_use if url not in seen or now - seen[url] >= RECHECK_AFTER]
    waiting.sort(key=lambda url: (url in seen, seen.get(url, now), url))
    last_look: dict[str, float] = defaultdict(float)
    for url in waiting[:limit]:
        host = urlsplit(url).netloc
        if (wait := last_look[host] + PAUSE_SECONDS - time.monotonic()) > 0:
            pause(wait)
        found = look(url)
        last_look[host] = time.monotonic()
        LinkCheck.objects.update_or_create(
            url=url, defaults={"status": _status(found), "problem": found.problem or "", "checked_at": timezone.now()}
        )
    _hand_over(timezone.localdate(now))
    return len(waiting[:limit])


def _hand_over(day: datetime.date) -> None:
    """Tell the directory of the surely dead links of its listings: evidence for their keepers, never a check."""
    dead = (each.link for each in judged_links() if each.problem and not each.is_unsure and each.link.keys)
    put_findings(FindingKind.DEAD_LINK, ((key, link.address) for link in dead for key in link.keys), on=day)


def _status(found: Look) -> str:
    if found.problem is None:
        return LinkCheck.Status.WORKS
    return LinkCheck.Status.UNSURE if found.is_unsure else LinkCheck.Status.BROKEN
