"""How the directory looks in the admin: lists, filters, menus. Registered by wagtail_hooks."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, TitleColumn, UpdatedAtColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CopyView, SnippetViewSet, SnippetViewSetGroup

from directory.models import FactReport, Municipality, Organisation, PartnershipItem, Place, Service, Term
from directory.panels import organisation_form, service_form


class ServiceCopyView(CopyView):
    """Begins a new service with the text and parts of another.

    Wagtail would fill the form with the parts' own numbers, which belong to the other service.
    """

    # What is another service's own: its address, identity, check, origin and states.
    NOT_COPIED = (
        "id",
        "slug",
        "translation_key",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "checked_on",
        "checked_by",
        "checked_how",
        "withdrawn_on",
        "is_sample",
        "source",
        "source_id",
        "source_changed_at",
        "raw",
        "imported",
    )

    def get_initial_form_instance(self) -> Service:
        # Revisions, workflow states and index rows are private fields: they speak of the other service.
        private = [field.name for field in Service._meta.private_fields]
        copy, _not_in_cluster = self.get_object().copy_cluster(exclude_fields=[*self.NOT_COPIED, *private])
        return copy


class ServiceFilters(WagtailFilterSet):
    """How an editor narrows the list of services."""

    due = django_filters.BooleanFilter(label=_("Due for a check"), method="only_due")

    class Meta:
        model = Service
        fields = ["kind", "live", "source", "is_hidden"]

    def only_due(self, services: QuerySet, name: str, value: bool) -> QuerySet:
        """Those due for a check, or the others."""
        due = Service.objects.due_for_check().values("pk")
        return services.filter(pk__in=due) if value else services.exclude(pk__in=due)


class ServiceViewSet(SnippetViewSet):
    """Services."""

    model = Service
    edit_handler = service_form
    icon = "list-ul"
    menu_label = _("Services")
    list_display = ["title", "organisation", "kind", "checked_on", UpdatedAtColumn()]
    filterset_class = ServiceFilters
    list_per_page = 50
    copy_view_class = ServiceCopyView


class OrganisationViewSet(SnippetViewSet):
    """Organisations."""

    model = Organisation
    edit_handler = organisation_form
    icon = "group"
    menu_label = _("Organisations")
    list_display = ["__str__", "sector", "home_municipality", UpdatedAtColumn()]
    list_filter = ["sector", "live", "is_hidden"]
    list_per_page = 50
    copy_view_enabled = False


class PlaceViewSet(SnippetViewSet):
    """Places."""

    model = Place
    icon = "site"
    menu_label = _("Places")
    list_display = ["name", "municipality", BooleanColumn("is_secret", label=_("Secret"))]
    list_filter = ["is_secret"]
    list_per_page = 50


class TermViewSet(SnippetViewSet):
    """Vocabulary: topics, target groups, life events, service classes."""

    model = Term
    icon = "tag"
    menu_label = _("Vocabulary")
    list_display = ["__str__", "scheme", "code", "parent"]
    list_filter = ["scheme"]
    list_per_page = 100
    copy_view_enabled = False


class PartnershipItemViewSet(SnippetViewSet):
    """The checklist of partnership. What the areas answer stands in the workspace."""

    model = PartnershipItem
    icon = "check"
    menu_label = _("Partnership")
    list_display = ["__str__", "group", "order"]
    list_filter = ["group"]
    list_per_page = 100
    copy_view_enabled = False


class DirectoryGroup(SnippetViewSetGroup):
    """The directory's menu."""

    menu_label = _("Directory")
    menu_icon = "list-ul"
    menu_order = 150
    items = (ServiceViewSet, OrganisationViewSet, PlaceViewSet, TermViewSet, PartnershipItemViewSet)


class FactReportFilters(WagtailFilterSet):
    """Open and handled reports."""

    open = django_filters.BooleanFilter(label=_("Not handled yet"), field_name="handled_at", lookup_expr="isnull")

    class Meta:
        model = FactReport
        fields: list[str] = []


class ReadOnly(ModelPermissionPolicy):
    """To be looked at in the admin, and changed by our actions alone."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)


register_permission_policy(FactReport, ReadOnly(FactReport), exact_class=True)


def case_of(report: FactReport) -> str | None:
    """Where a report is answered: the workspace's page of its case."""
    case = getattr(report, "case", None)
    return reverse("workspace:case", args=[case.pk]) if case else None


class FactReportIndexView(IndexView):
    """The reports, each with a way to its case."""

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("service", "case")


class FactReportViewSet(ModelViewSet):
    """What readers have told to be wrong. They are answered in the workspace, where the reader is told."""

    model = FactReport
    icon = "warning"
    menu_label = _("Reports of mistakes")
    menu_order = 160
    add_to_admin_menu = True
    index_view_class = FactReportIndexView
    list_display = [
        "service",
        TitleColumn("message", label=_("what is wrong?"), get_url=case_of),
        "reported_at",
        "handled_at",
    ]
    filterset_class = FactReportFilters
    form_fields = ["message"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["service", "message", "email", "reported_at", "handled_at", "handled_by", "answer"]


class MunicipalityViewSet(ModelViewSet):
    """Municipalities: facts, changed once a year."""

    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    add_to_settings_menu = True
    list_display = ["__str__", "code", "county"]
    form_fields = ["names", "region", "county", "latitude", "longitude"]
    copy_view_enabled = False
