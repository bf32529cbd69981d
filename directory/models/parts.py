"""The parts of a service: what cannot live alone. Each is a child in the service's cluster, so drafts carry them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from directory import choices
from directory.models.place import Place


class ServicePlace(Orderable):
    """A place where the service is given (HSDS: service_at_location)."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="service_places")
    place = models.ForeignKey(Place, verbose_name=_("place"), on_delete=models.PROTECT, related_name="service_places")

    class Meta(Orderable.Meta):
        verbose_name = _("place")

    def __str__(self) -> str:
        return str(self.place)


class OpeningHours(Orderable):
    """One span of one weekday (HSDS: schedule, freq WEEKLY). A closing before the opening is over midnight."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="opening_hours")
    place = models.ForeignKey(Place, verbose_name=_("only at"), null=True, blank=True, on_delete=models.CASCADE)
    weekday = models.PositiveSmallIntegerField(_("day"), choices=choices.Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    by_appointment = models.BooleanField(_("by appointment"), default=False)
    note = models.CharField(_("note"), max_length=150, blank=True)

    panels = [
        FieldPanel("weekday"),
        FieldPanel("opens"),
        FieldPanel("closes"),
        FieldPanel("by_appointment"),
        FieldPanel("note"),
        FieldPanel("place"),
        FieldPanel("valid_from"),
        FieldPanel("valid_to"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("opening hours")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"

    def holds_on(self, day: datetime.date) -> bool:
        """Whether this row is in force on a day, whatever its weekday."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class OpeningException(Orderable):
    """Days when the weekly hours do not hold: closed, or other hours."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="opening_exceptions")
    place = models.ForeignKey(Place, verbose_name=_("only at"), null=True, blank=True, on_delete=models.CASCADE)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("until"))
    is_closed = models.BooleanField(_("closed"), default=True)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=150, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("exception to the hours")

    def __str__(self) -> str:
        return f"{self.date_from}–{self.date_to}"

    def clean(self) -> None:
        super().clean()
        if self.date_to and self.date_from and self.date_to < self.date_from:
            raise ValidationError({"date_to": _("The last day is before the first.")})
        if not self.is_closed and (self.opens is None or self.closes is None):
            raise ValidationError({"opens": _("Give the hours, or mark these days as closed.")})


class ContactWay(Orderable):
    """One way to make contact (HSDS: phone, contact, url; PTV: channels)."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="contact_ways")
    kind = models.CharField(_("way"), max_length=15, choices=choices.ContactKind.choices)
    value = models.CharField(_("number or address"), max_length=500)
    label = models.CharField(_("whose or what for"), max_length=150, blank=True)
    hours = models.CharField(_("when it is answered"), max_length=300, blank=True)
    price = models.CharField(_("what it costs"), max_length=150, blank=True)
    audience = models.CharField(
        _("who may see it"), max_length=10, choices=choices.Audience.choices, default=choices.Audience.PUBLIC
    )

    class Meta(Orderable.Meta):
        verbose_name = _("contact way")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"


class RequiredDocument(Orderable):
    """What one must bring or fill in (HSDS: required_document)."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="required_documents")
    name = models.CharField(_("document"), max_length=200)
    url = models.URLField(_("link to the form"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("required document")

    def __str__(self) -> str:
        return self.name


class ServiceLink(Orderable):
    """A page that tells more (HSDS: url)."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("text of the link"), max_length=200)
    url = models.URLField(_("address"), max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = _("link")

    def __str__(self) -> str:
        return self.label


def _heading(label: str) -> models.TextField:
    return models.TextField(label, blank=True)


class ServiceDescription(models.Model):
    """The long description under the 17 headings of the service-description form. All of it optional."""

    service = ParentalKey("directory.Service", on_delete=models.CASCADE, related_name="long_description")
    content = _heading(_("What the service consists of"))
    users = _heading(_("Users and user groups"))
    user_determination = _heading(_("How users are determined"))
    need_assessment = _heading(_("How need is assessed"))
    effectiveness = _heading(_("Effectiveness"))
    stakeholders = _heading(_("Partners and stakeholders"))
    promise = _heading(_("Service promise"))
    staff_and_locations = _heading(_("Staff and locations"))
    resources = _heading(_("Resources"))
    practices = _heading(_("Good practices and development"))
    interfaces = _heading(_("Interfaces with other services"))
    quality = _heading(_("Quality and how it is measured"))
    participation = _heading(_("Participation"))
    language_rights = _heading(_("Language rights"))
    possibilities = _heading(_("Possibilities of change from the client's view"))
    threats = _heading(_("Threats of change"))
    environment = _heading(_("Other changes in the environment"))

    class Meta:
        verbose_name = _("long description")
        constraints = [models.UniqueConstraint(fields=["service"], name="one_long_description")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def filled(self) -> list[tuple[str, str]]:
        """(heading, text) of the headings that have a text, in the form's order."""
        fields = [field for field in self._meta.fields if isinstance(field, models.TextField)]
        return [(str(field.verbose_name), text) for field in fields if (text := getattr(self, field.name).strip())]
