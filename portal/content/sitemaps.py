"""What search engines may find: public services and organisations, and live pages. Nothing the public may not see."""

from django.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from directory.models import Organisation, Service
from portal.base import languages


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
