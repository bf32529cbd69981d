"""How the directory looks in the admin: lists, filters, menus. Registered by wagtail_hooks."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, UpdatedAtColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import CopyView, SnippetViewSet, SnippetViewSetGroup

from directory.models import FactReport, Municipality, Organisation, Place, Service, Term
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


class DirectoryGroup(SnippetViewSetGroup):
    """The directory's menu."""

    menu_label = _("Directory")
    menu_icon = "list-ul"
    menu_order = 150
    items = (ServiceViewSet, OrganisationViewSet, PlaceViewSet, TermViewSet)


class FactReportFilters(WagtailFilterSet):
    """Open and handled reports."""

    open = django_filters.BooleanFilter(label=_("Not handled yet"), field_name="handled_at", lookup_expr="isnull")

    class Meta:
        model = FactReport
        fields: list[str] = []


class FactReportViewSet(ModelViewSet):
    """What readers have told to be wrong."""

    model = FactReport
    icon = "warning"
    menu_label = _("Reports of mistakes")
    menu_order = 160
    add_to_admin_menu = True
    list_display = ["service", "message", "reported_at", "handled_at"]
    filterset_class = FactReportFilters
    form_fields = ["message", "email", "handled_at"]
    panels = [FieldPanel("message", read_only=True), FieldPanel("email", read_only=True), FieldPanel("handled_at")]
    copy_view_enabled = False
    inspect_view_enabled = True


class MunicipalityViewSet(ModelViewSet):
    """Municipalities: facts, changed once a year."""

    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    add_to_settings_menu = True
    list_display = ["__str__", "code", "county"]
    form_fields = ["names", "region", "county", "latitude", "longitude"]
    copy_view_enabled = False
