"""Pages of the editorial site. `HomePageFactory()` is the site's front page; the others need a `parent`.

`live=False` leaves a page a draft. Published pages are published by a revision, so that the index and the frame know.
"""

from typing import Any

import factory
import wagtail_factories
from wagtail.models import Page, Site

from portal.content.models import GlossaryPage, HomePage, PathwayPage, StagePage, TextPage
from tests.factories.directory import locale


class SitePageFactory(wagtail_factories.PageFactory):
    """What every page of ours has."""

    class Meta:
        model = Page
        abstract = True

    class Params:
        language = "fi"

    title = factory.Sequence(lambda n: f"Sivu {n}")
    slug = factory.Sequence(lambda n: f"sivu-{n}")
    locale = factory.LazyAttribute(lambda page: locale(page.language))
    live = True

    @classmethod
    def _create_instance(cls, model_class: type[Page], parent: Page, kwargs: dict[str, Any]) -> Page:
        is_live = kwargs.pop("live")
        # The parent in hand may not know of children that came after it.
        page = Page.objects.get(pk=parent.pk).add_child(instance=model_class(live=False, **kwargs))
        revision = page.save_revision()
        if is_live:
            revision.publish()
        page.refresh_from_db()
        return page


class HomePageFactory(SitePageFactory):
    """The front page of a language. The Finnish one becomes the root of the site."""

    class Meta:
        model = HomePage

    title = "Palvelupolku"
    slug = factory.LazyAttribute(lambda page: page.language)
    parent = factory.LazyFunction(lambda: Page.objects.get(depth=1))

    @classmethod
    def _create_instance(cls, model_class: type[Page], parent: Page, kwargs: dict[str, Any]) -> Page:
        page = super()._create_instance(model_class, parent, kwargs)
        if page.locale.language_code == "fi":
            site = Site.objects.get(is_default_site=True)
            site.root_page = page
            site.save()
        return page


class TextPageFactory(SitePageFactory):
    class Meta:
        model = TextPage


class PathwayPageFactory(SitePageFactory):
    class Meta:
        model = PathwayPage

    title = "Palvelupolku vaiheittain"
    slug = "palvelupolku"


class StagePageFactory(SitePageFactory):
    class Meta:
        model = StagePage

    number = "1"
    title = factory.LazyAttribute(lambda page: f"Vaihe {page.number}")
    slug = factory.LazyAttribute(lambda page: f"vaihe-{page.number}")
    short_name = factory.LazyAttribute(lambda page: f"Vaihe {page.number}")
    person_words = "Kaipaan seuraa."
    worker_cue = "Ihminen pärjää, mutta on yksin."
    guidance_form = "Hyvinvointilähete"


class GlossaryPageFactory(SitePageFactory):
    class Meta:
        model = GlossaryPage

    title = "Sanasto"
    slug = "sanasto"


def translated_page(page: Page, language: str, parent: Page, *, live: bool = True, **values: Any) -> Page:
    """A page's translation below `parent`, with the same slug."""
    factory_class = next(each for each in _factories(SitePageFactory) if each._meta.model is type(page))
    facts = {"translation_key": page.translation_key, "slug": page.slug, "language": language, "live": live}
    if isinstance(page, HomePage):
        facts["slug"] = language
    if isinstance(page, StagePage):
        facts["number"] = page.number
    return factory_class(parent=parent, **{**facts, **values})


def _factories(base: type) -> list[Any]:
    return [each for one in base.__subclasses__() for each in (one, *_factories(one))]
