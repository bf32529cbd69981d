"""The map of the site. Cache policy stands here, at the branches: what is a person's own is never cached."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal import api, health
from portal.accounts.views import admin_login, development_login, page_login
from portal.base.views import styleguide
from portal.content.sitemaps import SITEMAPS
from portal.content.views import robots
from portal.post.development import development_mail
from portal.post.views import take_bounces

urlpatterns = [
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    # Passwords of Wagtail's own login would go past the second factor: both of its addresses lead to the one login.
    path("admin/login/", never_cache(admin_login)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", api.api.urls),
    re_path(r"^api/", api.not_found),
    path("post/bounces/", never_cache(take_bounces), name="take_bounces"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots),
    path("language/", set_language, name="set_language"),
]

if settings.DEBUG:
    urlpatterns += [
        path("dev-login/", never_cache(development_login), name="development_login"),
        path("dev-mail/", never_cache(development_mail), name="development_mail"),
        path("tyylit/", styleguide, name="styleguide"),
        *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    ]

urlpatterns += i18n_patterns(
    path("_util/login/", never_cache(page_login)),
    # In the language one was reading, which the switch at the top can change.
    path("accounts/", include("portal.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("portal.workspace.urls")),
    path("", include("referrals.urls")),
    path("", include("search.urls")),
    path("", include("directory.urls")),
    path("", include("cards.urls")),
    path("", include("portal.content.urls")),
    path("", include(wagtail_urls)),
)
