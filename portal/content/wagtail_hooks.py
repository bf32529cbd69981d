"""What the editorial site adds to the admin: the panel of things to check, the report of links, how one signs in."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.content.admin_views import broken_links
from portal.content.dashboard import ToCheckPanel


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list) -> None:
    panels.append(ToCheckPanel(request))


@hooks.register("register_admin_urls")
def add_urls() -> list:
    return [path("reports/links/", broken_links, name="broken_links")]


@hooks.register("register_reports_menu_item")
def add_report() -> MenuItem:
    return MenuItem(_("Links"), reverse("broken_links"), name="broken-links", icon_name="link", order=50)


@hooks.register("register_account_menu_item")
def add_how_to_sign_in(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": gettext("How you sign in"),
        "help_text": gettext("Passkeys, an authenticator app and spare codes."),
    }
