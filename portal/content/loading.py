"""Loads the editorial site: languages, front pages, the site record, the pathway, text pages, glossary, approval.

The one who calls every room's loaders in their order. What is loaded is told by the files under content/, one folder
for each language; the rule that spares editors' work is portal.base.loading's. A page has the same identity in every
language: that of its file's name without the folder.
"""

import datetime
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupApprovalTask, Locale, Page, Site, Workflow, WorkflowContentType, WorkflowPage
from wagtail.signal_handlers import disable_reference_index_auto_update

from cards import loading as cards
from cards.loading import page_fields
from cards.streams import Streams
from directory import loading as directory
from directory import sample
from directory.models import Organisation, Service
from portal.base import languages
from portal.base.loading import Entry, Folder, Loading, identity, load_page, validate, values_state
from portal.content.models import GlossaryPage, HomePage, PathwayPage, StagePage, TextPage
from portal.content.roles import MODERATORS, load_roles
from search.loading import load_vocabulary

CONTENT = Folder("content", Path(__file__).parent / "content")
HOME = identity("content/home.yaml")

# The glossary's short keys and the fields of its block.
BLOCK_KEYS = {"sv": "swedish", "en": "english"}
STAGE_TEXTS = [
    "number",
    "short_name",
    "person_words",
    "worker_cue",
    "guidance_form",
    "public_counterpart",
    "live_query",
]
STAGE_HTML = ["person_situation", "guidance_how", "offers"]


@transaction.atomic
@disable_reference_index_auto_update()
def load_everything(
    *, with_sample: bool = True, sample_again: bool = False, today: datetime.date | None = None
) -> Loading:
    """Load the content of every room. All of it or, when a file is wrong, nothing: ContentError names the file."""
    loading = Loading()
    directory.load(loading)
    cards.load_references(loading)
    load_vocabulary(loading)
    streams = Streams()
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in languages.CODES}
    for code, locale in locales.items():
        load_home(loading, code, locale, streams)
    load_site(loading)
    load_pages(loading, locales, streams)
    if streams.unmet:
        # Their bodies name pages that came after them.
        counts = loading.counts.copy()
        loading.load_again(streams.unmet)
        streams.is_second_run = True
        load_pages(loading, locales, streams)
        loading.counts = counts
    load_workflow(loading)
    load_roles(loading)
    if with_sample:
        sample.load(loading, again=sample_again, today=today)
    loading.finish()
    return loading


def load_pages(loading: Loading, locales: dict[str, Locale], streams: Streams) -> None:
    """Every page below the front pages, in every language that has it."""
    for locale in locales.values():
        cards.load_tools(loading, home=HOME, locale=locale, streams=streams)
    for locale in locales.values():
        cards.load_shared_tools(loading, home=HOME, locale=locale, streams=streams)
    for code, locale in locales.items():
        load_glossary(loading, code, locale, streams)
        load_text_pages(loading, code, locale, streams)
    for code, locale in locales.items():
        load_pathway(loading, code, locale, streams)
    for locale in locales.values():
        cards.load_practice_models(loading, home=HOME, locale=locale, streams=streams)


def identity_of(entry: Entry) -> uuid.UUID:
    """The identity of a page in all its languages: content/sv/pages/about.yaml → content/pages/about.yaml."""
    room, _language, name = entry.key.split("/", 2)
    return identity(f"{room}/{name}")


# --- Front pages and the site ----------------------------------------------------------------------------------------
def load_home(loading: Loading, code: str, locale: Locale, streams: Streams) -> None:
    """The front page of a language, under the root."""
    entry = CONTENT.entry(f"{code}/home.yaml")
    if entry.data.get("slug") != code:
        raise entry.fault(f"slug: the front page's address is its language, {code}")
    load_page(
        loading,
        entry,
        HomePage,
        parent=None,
        locale=locale,
        key=HOME,
        fields=page_fields(entry, HomePage, streams, extra=["search_example"]),
    )


def load_site(loading: Loading) -> None:
    """The site record: SITE_URL, with the Finnish front page as its root. Wagtail's welcome page goes."""
    url = urlsplit(settings.SITE_URL)
    values = {
        "hostname": url.hostname or "localhost",
        "port": url.port or (443 if url.scheme == "https" else 80),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    entry = Entry("content/site", values)
    home = Page.objects.filter(translation_key=HOME, locale__language_code=languages.FINNISH).first()
    if loading.is_settled(entry) or home is None:
        loading.counts["unchanged"] += 1
        return
    if entry.key not in loading.records:
        # Its site goes with it, and a site that an administrator has set up stays.
        _delete_welcome_page()

    def write(site: Site | None) -> Site:
        site = site or Site(root_page=home, is_default_site=True)
        for name, value in values.items():
            setattr(site, name, value)
        validate(entry, site)
        site.save()
        return site

    loading.load(entry, find=lambda: Site.objects.filter(is_default_site=True).first(), write=write, state=values_state)


def _delete_welcome_page() -> None:
    """Wagtail's first migration makes a page of no type of ours, and the site that shows it."""
    plain = ContentType.objects.get_for_model(Page)
    for page in Page.objects.filter(depth=2, numchild=0, content_type=plain, latest_revision=None):
        page.delete()


# --- Pages -----------------------------------------------------------------------------------------------------------
def load_pathway(loading: Loading, code: str, locale: Locale, streams: Streams) -> None:
    """The pathway and its stages, in a language that has them."""
    for name in CONTENT.names(f"{code}/stages/index.yaml"):
        pathway = CONTENT.entry(name)
        load_page(
            loading,
            pathway,
            PathwayPage,
            parent=HOME,
            locale=locale,
            key=identity_of(pathway),
            fields=page_fields(pathway, PathwayPage, streams),
        )
        stages = [CONTENT.entry(name) for name in CONTENT.names(f"{code}/stages/[0-9].yaml")]
        for stage in stages:
            load_page(
                loading,
                stage,
                StagePage,
                parent=identity_of(pathway),
                locale=locale,
                key=identity_of(stage),
                fields=_stage_fields(stage, streams),
                siblings=[identity_of(each) for each in stages],
            )


def _stage_fields(entry: Entry, streams: Streams) -> Callable[[], dict[str, Any]]:
    usual = page_fields(entry, StagePage, streams, extra=STAGE_TEXTS, html=STAGE_HTML, ignored=["where_to_look"])

    def fields() -> dict[str, Any]:
        places = [{"type": "place", "value": place} for place in entry.data["where_to_look"]]
        return {**usual(), "where_to_look": streams.value(entry, StagePage, "where_to_look", places)}

    return fields


def load_text_pages(loading: Loading, code: str, locale: Locale, streams: Streams) -> None:
    """The text pages of a language, in the order of their file names.

    pages/x.yaml stands under the front page; pages/basics/x.yaml under pages/basics/index.yaml. The folders' own pages
    come first, then those in them: each can be named by what comes later.
    """
    tops = [CONTENT.entry(name) for name in CONTENT.names(f"{code}/pages/*.yaml")]
    folders = [CONTENT.entry(name) for name in CONTENT.names(f"{code}/pages/*/index.yaml")]
    order = [identity_of(each) for each in (*tops, *folders)]
    load = partial(_load_text_page, loading, locale=locale, streams=streams)
    for folder in folders:
        load(folder, parent=HOME, siblings=order)
    for folder in folders:
        name = folder.key.removeprefix("content/").removesuffix("index.yaml")
        names = [each for each in CONTENT.names(f"{name}*.yaml") if not each.endswith("/index.yaml")]
        below = [CONTENT.entry(each) for each in names]
        for page in below:
            load(page, parent=identity_of(folder), siblings=[identity_of(each) for each in below])
    for page in tops:
        load(page, parent=HOME, siblings=order)


def _load_text_page(
    loading: Loading, page: Entry, *, parent: uuid.UUID, locale: Locale, streams: Streams, siblings: list[uuid.UUID]
) -> None:
    load_page(
        loading,
        page,
        TextPage,
        parent=parent,
        locale=locale,
        key=identity_of(page),
        fields=page_fields(page, TextPage, streams, extra=["audience", "show_in_footer"]),
        siblings=siblings,
    )


def load_glossary(loading: Loading, code: str, locale: Locale, streams: Streams) -> None:
    """The glossary, in the languages that its lead is written in. In Easy Finnish the easy explanation is the one."""
    whole = CONTENT.entry("glossary.yaml")
    whole.expect(["title", "slug", "lead", "terms"])
    if code not in whole.data["lead"]:
        return
    # One file, one page for each language: each is remembered by itself.
    entry = Entry(f"{whole.key}#{code}", whole.data)
    is_easy = code == languages.EASY_FINNISH

    def fields() -> dict[str, Any]:
        terms = []
        for term in whole.data["terms"]:
            words = {BLOCK_KEYS.get(key, key): text for key, text in term.items()}
            if is_easy:
                words["definition"] = words.pop("simple")
            terms.append({"type": "term", "value": words})
        return {
            "title": whole.data["title"][code],
            "slug": whole.data["slug"],
            "lead": whole.data["lead"][code],
            "terms": streams.value(entry, GlossaryPage, "terms", terms),
        }

    load_page(loading, entry, GlossaryPage, parent=HOME, locale=locale, key=whole.uuid, fields=fields)


# --- Approval --------------------------------------------------------------------------------------------------------
def load_workflow(loading: Loading) -> None:
    """Wagtail's approval by moderators, for pages, services and organisations. Set up once: editors may change it."""
    models = [Service, Organisation]
    entry = Entry("content/workflow", {"pages": "all", "models": [model._meta.label for model in models]})
    if loading.is_settled(entry):
        loading.counts["unchanged"] += 1
        return
    attached = WorkflowPage.objects.filter(page=Page.get_first_root_node(), workflow__active=True).first()
    workflow = attached.workflow if attached else _moderators_workflow()
    if attached is None:
        WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    for model in models:
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )
    loading.counts["created"] += 1
    loading.remember(entry.key, entry.source, "")


def _moderators_workflow() -> Workflow:
    task = GroupApprovalTask.objects.create(name=f"{MODERATORS} approval")
    task.groups.add(Group.objects.get_or_create(name=MODERATORS)[0])
    workflow = Workflow.objects.create(name=f"{MODERATORS} approval")
    workflow.workflow_tasks.create(task=task)
    return workflow
