"""Who offers services. One row for all languages: names do not go through translation."""

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import ytunnus
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from directory import choices
from directory.models.vocabulary import Municipality
from portal.base.fields import MultilingualField


def validate_business_id(value: str) -> None:
    """Y-tunnus with its check digit (weights 7 9 10 5 8 4 2, modulo 11), by python-stdnum."""
    try:
        ytunnus.validate(value)
    except NumberError as error:
        raise ValidationError(_("This is not a right Y-tunnus. It looks like 1234567-1.")) from error


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Ways to read organisations."""

    def public(self) -> "OrganisationQuerySet":
        """Those anybody may see."""
        return self.filter(live=True, is_hidden=False)

    def kept_by(self, user) -> "OrganisationQuerySet":
        """Those that a person is a member of."""
        return self.filter(memberships__user=user)

    def in_areas(self, counties: list | None) -> "OrganisationQuerySet":
        """Those of these counties (codes); None: all."""
        return self if counties is None else self.filter(home_municipality__county__in=counties)


class Organisation(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A body that offers services (HSDS: organization). A Y-tunnus is not required: small associations have none."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address of the page"), max_length=120, unique=True)
    names = MultilingualField(_("name"))
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    business_id = models.CharField(
        _("business ID (Y-tunnus)"), max_length=9, blank=True, validators=[validate_business_id]
    )
    sector = models.CharField(_("kind of organisation"), max_length=30, choices=choices.Sector.choices)
    description = MultilingualField(
        _("who are you?"),
        blank=True,
        long=True,
        help_text=_("One or two sentences for a person who has never met you."),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    home_municipality = models.ForeignKey(
        Municipality, verbose_name=_("home municipality"), null=True, blank=True, on_delete=models.PROTECT
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_hidden = models.BooleanField(
        _("hidden from the public"), default=False, help_text=_("Hides the organisation and all its services.")
    )
    # Edits of its services are public at once and looked at afterwards (directory.actions). No form has it.
    is_trusted = models.BooleanField(_("trusted"), default=False, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    source = models.CharField(max_length=10, choices=choices.Source.choices, default=choices.Source.OWN, editable=False)
    source_id = models.CharField(max_length=100, blank=True, editable=False)
    raw = models.JSONField(null=True, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="organisation",
        for_concrete_model=False,
    )
    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="organisation",
        for_concrete_model=False,
    )

    objects = OrganisationQuerySet.as_manager()

    panels = [
        FieldPanel("names"),
        FieldPanel("short_name"),
        FieldPanel("slug"),
        FieldPanel("sector"),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("website"),
                InlinePanel("contacts", heading=_("Contact ways"), label=_("Contact way")),
            ],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [FieldPanel("business_id"), FieldPanel("parent"), FieldPanel("home_municipality"), FieldPanel("logo")],
            heading=_("Register facts"),
        ),
        FieldPanel("is_hidden"),
        PublishingPanel(),
    ]
    search_fields = [
        index.AutocompleteField("names_text"),
        index.SearchField("names_text"),
        index.FilterField("sector"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source_id=""), name="organisation_once_per_source"
            )
        ]

    def __str__(self) -> str:
        return str(self.names) or self.slug

    def with_content_json(self, content):
        """A revision made into an organisation. Trust is the row's: no draft brings back what it was then."""
        organisation = super().with_content_json(content)
        organisation.is_trusted = self.is_trusted
        return organisation

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it: what `public()` asks of a queryset, for a row that is already read."""
        return self.live and not self.is_hidden

    @property
    def county_id(self) -> str | None:
        """The wellbeing services county whose administrators help this organisation: that of its home municipality."""
        return self.home_municipality.county_id if self.home_municipality else None

    @property
    def names_text(self) -> str:
        """Every name, for the admin's own search."""
        return " ".join([*self.names.values(), self.short_name])

    def get_absolute_url(self) -> str:
        return reverse("directory:organisation", kwargs={"slug": self.slug})

    def get_preview_template(self, request, mode_name):
        return "directory/organisation.html"

    def get_preview_context(self, request, mode_name):
        return {**super().get_preview_context(request, mode_name), "organisation": self, "services": []}


class OrganisationContact(Orderable):
    """A further way to reach an organisation."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("way"), max_length=15, choices=choices.ContactKind.choices)
    value = models.CharField(_("number or address"), max_length=500)
    label = models.CharField(_("whose or what for"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.value
