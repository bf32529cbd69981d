"""What search engines may find: public services and organisations, and live pages. Nothing the public may not see."""

from django.contrib.sitemaps import Sitemap
from wagtail.models import Page

from directory.models import Organisation, Service
from portal.base import languages


class PageSitemap(Sitemap):
    """Live pages of every language. Wagtail's own knows only the tree of the site's root: the Finnish one."""

    limit = 5_000

    def items(self):
        pages = Page.objects.live().public().filter(depth__gt=1).select_related("locale").order_by("path")
        return [page for page in pages if page.url]

    def location(self, item):
        return item.url

    def lastmod(self, item):
        return item.last_published_at or item.latest_revision_created_at


class _DirectorySitemap(Sitemap):
    """Rows that have the same address in every language, once in each."""

    i18n = True
    alternates = True
    x_default = True
    languages = list(languages.CODES)
    limit = 5_000
    protocol = None


class ServiceSitemap(_DirectorySitemap):
    """Public services."""

    def items(self):
        return Service.objects.public().filter(is_sample=False).best_for(languages.FINNISH).order_by("pk")

    def lastmod(self, item):
        return item.updated_at


class OrganisationSitemap(_DirectorySitemap):
    """Public organisations."""

    def items(self):
        return Organisation.objects.public().filter(is_sample=False).order_by("pk")

    def lastmod(self, item):
        return item.updated_at


SITEMAPS = {"pages": PageSitemap, "services": ServiceSitemap, "organisations": OrganisationSitemap}
