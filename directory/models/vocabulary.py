"""The words a listing is classified by: taxonomies and areas. Labels live here in every language, never on a listing.

Areas are facts of Statistics Finland (308 municipalities in 2026), taxonomies are ours or PTV's; each keeps its code.
"""

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import PreviewableMixin
from wagtail.search import index

from directory.choices import Scheme
from portal.base.fields import MultilingualField, MultilingualListField


class TermQuerySet(models.QuerySet["Term"]):
    """Ways to read terms."""

    def topics(self) -> "TermQuerySet":
        """Topics in the editors' order."""
        return self.filter(scheme=Scheme.TOPIC)

    def target_groups(self) -> "TermQuerySet":
        """Target groups in the editors' order."""
        return self.filter(scheme=Scheme.TARGET_GROUP)


class Term(PreviewableMixin, index.Indexed, models.Model):
    """One word of one taxonomy (HSDS: taxonomy_term). Not translatable rows: labels in all languages in one place."""

    scheme = models.CharField(_("taxonomy"), max_length=20, choices=Scheme.choices)
    code = models.CharField(_("code"), max_length=60)
    uri = models.URLField(_("address of the term (URI)"), max_length=300, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("broader term"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    labels = MultilingualField(_("name"))
    alt_labels = MultilingualListField(
        _("other words for it"),
        blank=True,
        help_text=_("Words that people type when they mean this. One on each line. The search knows them."),
    )
    description = MultilingualField(_("what it covers"), blank=True, long=True)
    related_codes = models.JSONField(default=list, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Whoever keeps the words in memory sees by it that they have changed.
    updated_at = models.DateTimeField(auto_now=True)

    objects = TermQuerySet.as_manager()

    panels = [
        FieldPanel("scheme"),
        FieldPanel("code"),
        FieldPanel("labels"),
        FieldPanel("alt_labels"),
        FieldPanel("description"),
        FieldPanel("parent"),
        FieldPanel("uri"),
        FieldPanel("order"),
    ]
    search_fields = [
        index.AutocompleteField("labels_text"),
        index.SearchField("labels_text"),
        index.FilterField("scheme"),
        index.FilterField("code"),
    ]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("vocabulary")
        ordering = ["scheme", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="term_code_once_in_scheme")]

    def __str__(self) -> str:
        return str(self.labels) or self.code

    @property
    def labels_text(self) -> str:
        """Every label, for the admin's own search."""
        return " ".join(self.labels.values())

    @cached_property
    def all_words(self) -> list[tuple[str, str]]:
        """(language, label or other word) in every language."""
        return [(code, label) for code, label in self.labels.items()] + [
            (code, word) for code, words in self.alt_labels.items() for word in words
        ]

    def get_preview_template(self, request, mode_name):
        return "directory/term_preview.html"


class Area(models.Model):
    """What regions, counties and municipalities share: a code of Statistics Finland and names."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    names = MultilingualField(_("name"))

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.names) or self.code


class Region(Area):
    """Maakunta: 19 of them, two digits. HSDS's state_province."""

    class Meta(Area.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")


class County(Area):
    """Hyvinvointialue: 21, and Helsinki (90) and Åland (91), which are none but arrange services themselves."""

    uri = models.URLField(max_length=300, blank=True)

    class Meta(Area.Meta):
        verbose_name = _("wellbeing services county")
        verbose_name_plural = _("wellbeing services counties")


class Municipality(index.Indexed, Area):
    """Kunta: three digits, as a string; 308 in 2026."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="municipalities")
    # About the centre; only "near" is reckoned from it.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    search_fields = [index.AutocompleteField("names_text"), index.SearchField("names_text")]

    class Meta(Area.Meta):
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    @property
    def names_text(self) -> str:
        """Every name, for the admin's own search."""
        return " ".join(self.names.values())
