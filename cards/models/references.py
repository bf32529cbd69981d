"""Contacts and law references: each entered once, dated, with a source, and referred to from pages."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin
from wagtail.search import index

from cards import choices
from directory.models import County
from portal.base.fields import MultilingualField


class Reference(DraftStateMixin, RevisionMixin, PreviewableMixin, index.Indexed, models.Model):
    """What both have: a key that content files refer to, and the day a person last checked it."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    needs_check = models.BooleanField(_("to be checked"), default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class HelpContactQuerySet(models.QuerySet["HelpContact"]):
    """Ways to read contacts."""

    def public(self) -> "HelpContactQuerySet":
        """Those anybody may see, in the editors' order."""
        return self.filter(live=True)

    def contact_points(self, county: str) -> "HelpContactQuerySet":
        """Where a need for social services is told in a county (its code)."""
        return self.public().filter(is_contact_point=True, county=county)

    def urgent(self) -> "HelpContactQuerySet":
        """Whom to call this minute."""
        return self.public().filter(is_urgent=True)


class HelpContact(Reference):
    """A crisis line or another body that helps. Not translatable rows: texts in all languages in one place."""

    group = models.CharField(_("what for"), max_length=15, choices=choices.ContactGroup.choices)
    name = MultilingualField(_("name"))
    description = MultilingualField(_("what it helps with"), blank=True, long=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    chat_url = models.URLField(_("chat"), max_length=500, blank=True)
    hours = MultilingualField(_("when it answers"), blank=True)
    price = MultilingualField(_("what the call costs"), blank=True)
    county = models.ForeignKey(
        County,
        verbose_name=_("area"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="help_contacts",
        help_text=_("Leave empty when it serves the whole country."),
    )
    is_urgent = models.BooleanField(_("shown first on the help page"), default=False)
    is_contact_point = models.BooleanField(
        _("takes contacts about a need for social services"),
        default=False,
        help_text=_("The area's way in by section 35 of the Social Welfare Act. Workers see it before a referral."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    source = models.CharField(_("source"), max_length=250, blank=True)
    written_down_on = models.DateField(_("written down on"), default=datetime.date.today)

    objects = HelpContactQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("group"),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("hours"),
                FieldPanel("price"),
                FieldPanel("website"),
                FieldPanel("chat_url"),
                FieldPanel("county"),
            ],
            heading=_("How to reach"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("source"),
                FieldPanel("written_down_on"),
                FieldPanel("checked_on"),
                FieldPanel("needs_check"),
            ],
            heading=_("Can it be trusted?"),
        ),
        MultiFieldPanel(
            [FieldPanel("is_urgent"), FieldPanel("is_contact_point"), FieldPanel("order"), FieldPanel("key")],
            heading=_("Place on the pages"),
        ),
        PublishingPanel(),
    ]
    search_fields = [index.AutocompleteField("name_text"), index.SearchField("name_text"), index.FilterField("group")]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return str(self.name) or self.key

    @property
    def name_text(self) -> str:
        """Every name, for the admin's own search."""
        return " ".join(self.name.values())

    def get_preview_template(self, request, mode_name):
        return "cards/helpcontact_preview.html"


class LawReference(Reference):
    """One section of one law, in our words, with its successor when it is no longer in force."""

    name = models.CharField(_("name of the law"), max_length=250)
    name_sv = models.CharField(_("name in Swedish"), max_length=250, blank=True)
    number = models.CharField(_("number"), max_length=15, blank=True, help_text=_("For example 1301/2014"))
    section = models.CharField(_("section"), max_length=60, blank=True, help_text=_("For example 35 §"))
    says = models.TextField(_("what it says, in plain words"), blank=True, max_length=500)
    url = models.URLField(_("link to the text"), max_length=300, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("replaced by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )
    note = models.TextField(_("note"), blank=True, max_length=500)

    panels = [
        FieldPanel("name"),
        FieldPanel("name_sv"),
        FieldPanel("number"),
        FieldPanel("section"),
        FieldPanel("says"),
        FieldPanel("url"),
        MultiFieldPanel(
            [
                FieldPanel("valid_from"),
                FieldPanel("valid_until"),
                FieldPanel("successor"),
                FieldPanel("note"),
                FieldPanel("checked_on"),
                FieldPanel("needs_check"),
            ],
            heading=_("Is it in force?"),
        ),
        FieldPanel("key"),
        PublishingPanel(),
    ]
    search_fields = [index.AutocompleteField("name"), index.SearchField("name"), index.SearchField("number")]

    class Meta:
        verbose_name = _("law reference")
        verbose_name_plural = _("law references")
        ordering = ["name", "section", "key"]

    def __str__(self) -> str:
        number = f" ({self.number})" if self.number else ""
        return f"{self.name}{number} {self.section}".strip()

    def is_in_force(self, day: datetime.date | None = None) -> bool:
        """Whether the section is in force on a day (today by default)."""
        day = day or timezone.localdate()
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def get_preview_template(self, request, mode_name):
        return "cards/lawreference_preview.html"
