"""Registers the directory in the admin. Nothing else."""

from django.utils.translation import gettext
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from directory.viewsets import DirectoryGroup, FactReportViewSet, MunicipalityViewSet

register_snippet(DirectoryGroup)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [FactReportViewSet("fact_reports"), MunicipalityViewSet("municipalities")]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(
        "directory.confirm",
        lambda *args: gettext("Check the listing"),
        lambda *args: gettext("Checked the listing and found it right"),
    )
