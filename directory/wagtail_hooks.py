"""Registers the directory in the admin. Nothing else."""

from django.urls import path, reverse
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet

from directory.admin_views import confirm_service
from directory.log_actions import LOG_ACTIONS
from directory.models import Service
from directory.viewsets import DirectoryGroup, FactReportViewSet, MunicipalityViewSet

register_snippet(DirectoryGroup)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [FactReportViewSet("fact_reports"), MunicipalityViewSet("municipalities")]


@hooks.register("register_admin_urls")
def register_urls():
    return [path("directory/confirm/<int:pk>/", confirm_service, name="directory_confirm_service")]


@hooks.register("register_snippet_listing_buttons")
def register_listing_buttons(snippet, user, next_url=None):
    if isinstance(snippet, Service) and user.has_perm("directory.change_service"):
        yield ListingButton(
            gettext("This is still right"),
            reverse("directory_confirm_service", args=[snippet.pk]),
            icon_name="check",
            priority=15,
        )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)
