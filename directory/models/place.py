"""Where things happen. A secret address is kept from every public surface by `Place.public`."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import PreviewableMixin
from wagtail.search import index

from directory import choices
from directory.models.vocabulary import Municipality
from portal.base.fields import ChoiceSetField, MultilingualField
from portal.base.panels import ChoiceSetPanel


@dataclass(frozen=True)
class PublicPlace:
    """What anybody may know of a place. Built by `Place.public`; templates, index and API read this, never Place."""

    name: str
    street: str
    postcode: str
    post_office: str
    municipality: Municipality | None
    latitude: float | None
    longitude: float | None
    how_to_get_there: str
    accessibility: list[str]
    accessibility_labels: list[str]
    accessibility_note: str
    is_secret: bool

    @property
    def has_point(self) -> bool:
        """Whether it can be put on a map."""
        return self.latitude is not None and self.longitude is not None


class Place(PreviewableMixin, index.Indexed, models.Model):
    """An address with its point and accessibility (HSDS: location + address + accessibility)."""

    name = models.CharField(_("name"), max_length=150)
    street = models.CharField(_("street address"), max_length=200, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Five digits, please."))]
    )
    post_office = models.CharField(_("post office"), max_length=80, blank=True)
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.PROTECT
    )
    latitude = models.FloatField(_("latitude (WGS84)"), null=True, blank=True)
    longitude = models.FloatField(_("longitude (WGS84)"), null=True, blank=True)
    how_to_get_there = MultilingualField(_("how to get there"), blank=True, long=True)
    accessibility = ChoiceSetField(_("accessibility"), choices=choices.Accessibility.choices)
    accessibility_note = MultilingualField(_("more about accessibility"), blank=True, long=True)
    is_secret = models.BooleanField(
        _("address kept secret"),
        default=False,
        help_text=_("For shelters. Address, postcode and map point are then shown to nobody on the public side."),
    )
    # Whose members may use it for their services. None: of nobody in particular.
    organisation = models.ForeignKey(
        "directory.Organisation",
        verbose_name=_("whose place"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="places",
    )
    is_sample = models.BooleanField(default=False, editable=False)
    source = models.CharField(max_length=10, choices=choices.Source.choices, default=choices.Source.OWN, editable=False)
    source_id = models.CharField(max_length=100, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)

    panels = [
        FieldPanel("name"),
        FieldPanel("is_secret"),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldPanel("postcode"),
                FieldPanel("post_office"),
                FieldPanel("municipality"),
                FieldPanel("latitude"),
                FieldPanel("longitude"),
            ],
            heading=_("Address"),
        ),
        FieldPanel("how_to_get_there"),
        ChoiceSetPanel("accessibility"),
        FieldPanel("accessibility_note"),
    ]
    search_fields = [index.AutocompleteField("name"), index.SearchField("name"), index.SearchField("street")]

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source_id=""), name="place_once_per_source"
            )
        ]

    def __str__(self) -> str:
        return self.name if self.is_secret or not self.street else f"{self.name}, {self.street}"

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Give both latitude and longitude, or neither.")})

    def public(self) -> PublicPlace:
        """The place as anybody may see it. Of a secret one only that it exists, and what helps a person to get in."""
        secret = self.is_secret
        return PublicPlace(
            name="" if secret else self.name,
            street="" if secret else self.street,
            postcode="" if secret else self.postcode,
            post_office="" if secret else self.post_office,
            municipality=None if secret else self.municipality,
            latitude=None if secret else self.latitude,
            longitude=None if secret else self.longitude,
            how_to_get_there="" if secret else str(self.how_to_get_there),
            accessibility=self.accessibility,
            accessibility_labels=self.get_accessibility_display(),
            accessibility_note="" if secret else str(self.accessibility_note),
            is_secret=secret,
        )

    def get_preview_template(self, request, mode_name):
        return "directory/place_preview.html"
