"""What the editorial site adds to the admin: the panel of things to check, its reports, how one signs in."""

from functools import partial

from django.http import HttpRequest
from django.urls import path, re_path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.content import admin_views as views
from portal.content.dashboard import ToCheckPanel


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list) -> None:
    panels.append(ToCheckPanel(request))


@hooks.register("register_admin_urls")
def add_urls() -> list:
    return [
        path("reports/links/", views.broken_links, name="broken_links"),
        path("reports/pages-to-mend/", views.pages_to_mend, name="pages_to_mend"),
        path("reports/translations/", views.translations, name="translations"),
        path("reports/due/", views.due_records, name="due_records"),
        re_path(r"^reports/due/(?P<kind>contact|law)/(?P<pk>\d+)/$", views.confirm_record, name="confirm_record"),
    ]


REPORTS = (
    ("pages_to_mend", _("Pages to mend"), "warning"),
    ("due_records", _("Contacts and laws to be checked"), "check"),
    ("translations", _("Translations"), "site"),
    ("broken_links", _("Links"), "link"),
)


def _report(position: int) -> MenuItem:
    name, label, icon = REPORTS[position]
    return MenuItem(label, reverse(name), name=name.replace("_", "-"), icon_name=icon, order=50 + position)


for _position in range(len(REPORTS)):
    hooks.register("register_reports_menu_item", partial(_report, _position))


@hooks.register("register_account_menu_item")
def add_how_to_sign_in(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": gettext("How you sign in"),
        "help_text": gettext("Passkeys, an authenticator app and spare codes."),
    }
