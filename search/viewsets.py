"""How the search room looks in the admin: the list and form of synonyms, and the menu. Registered by wagtail_hooks."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from directory.choices import SERVICE_LANGUAGES
from search import dead_ends
from search.admin_forms import SynonymForm
from search.admin_views import LONGEST_QUERY, dead_ends_report, decide, try_out, try_search
from search.models import Kind, Synonym


# --- synonyms --------------------------------------------------------------------------------------------------------
class TryBeforeSaving:
    """A form with a second button: it searches with the row as it stands in the form, and saves nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "action-try" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object() if "pk" in self.kwargs else None
        saved = self.object.row if self.object and self.object.is_active else None
        self.form = self.get_form()
        is_valid = self.form.is_valid()
        context = self.get_context_data()
        if (query := context["query"]) and is_valid:
            row = self.form.instance.row if self.form.cleaned_data["is_active"] else None
            context["trial"] = try_out(query, row, instead_of=saved)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        phrases = str(self.form["phrases"].value() or "").split("\n")
        return {
            **context,
            "query": self.request.POST.get("try", phrases[0]).strip(),
            "longest_query": LONGEST_QUERY,
            "doubts": self.form.warnings if self.form.is_bound else [],
        }

    def save_instance(self) -> Synonym:
        self.form.instance.updated_by = self.request.user
        saved = super().save_instance()
        if saved.is_active:
            dead_ends.made_into_synonym(saved.row.sources, self.request.user)
        for doubt in self.form.warnings:
            messages.warning(self.request, doubt)
        return saved


class SynonymIndexView(generic.IndexView):
    """The list, with who changed what."""

    def get_base_queryset(self) -> QuerySet[Synonym]:
        return super().get_base_queryset().select_related("updated_by")


class SynonymAddView(TryBeforeSaving, generic.CreateView):
    """A new synonym; `?phrases=` fills in what somebody wants to add it for."""

    def get_initial(self) -> dict[str, Any]:
        return {"phrases": self.request.GET.get("phrases", "")[:LONGEST_QUERY]}


class SynonymEditView(TryBeforeSaving, generic.EditView):
    """A synonym that is there."""


class SynonymFilters(WagtailFilterSet):
    """How an editor narrows the list of synonyms."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=SERVICE_LANGUAGES)
    is_active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = Synonym
        fields = ["kind", "language", "is_active"]


class SynonymViewSet(ModelViewSet):
    """Synonyms: what people write, and the words of the services."""

    name = "synonyms"
    model = Synonym
    icon = "comment"
    menu_label = _("Synonyms")
    add_to_reference_index = False
    index_view_class = SynonymIndexView
    add_view_class = SynonymAddView
    edit_view_class = SynonymEditView
    create_template_name = edit_template_name = "search/admin/synonym_form.html"
    copy_view_enabled = False
    list_display = [
        "phrases_in_short",
        "targets_in_short",
        "kind",
        Column("get_language_display", label=_("Language"), sort_key="language"),
        BooleanColumn("is_active", label=_("In use"), sort_key="is_active"),
        Column("updated_by", label=_("Changed by")),
        DateColumn("updated_at", label=_("Changed"), sort_key="updated_at"),
    ]
    list_per_page = 50
    search_fields = ["phrases", "targets", "note"]
    search_backend_name = None
    filterset_class = SynonymFilters
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("phrases", "language", "targets", "kind", "note", "is_active")],
        base_form_class=SynonymForm,
    )


# --- the menu --------------------------------------------------------------------------------------------------------
class ItemForSynonyms(MenuItem):
    """Shown to those who may see synonyms."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("search.view_synonym")


class ItemForDeadEnds(MenuItem):
    """Shown to those who may see the words that lead nowhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("search.view_deadend")


class TrySearchViewSet(ViewSet):
    """A page to try a search."""

    name = "try_search"
    url_prefix = "try-search"
    icon = "search"
    menu_label = _("Try the search")
    menu_item_class = ItemForSynonyms

    def get_urlpatterns(self) -> list:
        return [path("", try_search, name="index")]


class DeadEndViewSet(ViewSet):
    """The words that lead nowhere."""

    name = "dead_ends"
    url_prefix = "dead-ends"
    icon = "help"
    menu_label = _("Words that lead nowhere")
    menu_item_class = ItemForDeadEnds

    def get_urlpatterns(self) -> list:
        return [path("", dead_ends_report, name="index"), path("<slug:pk>/", decide, name="decide")]


class SearchGroup(ViewSetGroup):
    """The search room's menu."""

    menu_label = _("Search words")
    menu_icon = "search"
    menu_order = 155
    items = (SynonymViewSet, TrySearchViewSet, DeadEndViewSet)
