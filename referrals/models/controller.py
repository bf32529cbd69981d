"""Who answers for the personal data of referrals, and whether referrals are in use at all. Nothing about a person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.log_actions import log

from directory.models.organisation import validate_business_id
from portal.base.fields import MultilingualField
from referrals.sealing import has_keys

# Without these nothing is switched on: GDPR art. 13 and 30 ask for them.
REQUIRED = ("controller", "controller_address", "contact_email", "officer", "officer_email", "basis", "processors")


@register_setting(icon="lock")
class Controller(BaseGenericSetting):
    """The controller's details as the privacy notice and the record of processing show them (GDPR art. 13 and 30)."""

    controller = models.CharField(_("controller (rekisterinpitäjä)"), max_length=200, blank=True)
    business_id = models.CharField(_("business ID (Y-tunnus)"), max_length=9, blank=True)
    controller_address = models.CharField(_("postal address"), max_length=250, blank=True)
    contact_person = models.CharField(_("whom to ask about referrals"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail for requests"), blank=True)
    contact_phone = models.CharField(_("phone for requests"), max_length=40, blank=True)
    officer = models.CharField(_("data protection officer"), max_length=200, blank=True)
    officer_email = models.EmailField(_("data protection officer's e-mail"), blank=True)
    basis = MultilingualField(
        _("legal basis"),
        blank=True,
        long=True,
        help_text=_("On what the processing rests, for instance: the person's consent, GDPR art. 6.1 a and 9.2 a."),
    )
    processors = MultilingualField(
        _("processors"),
        blank=True,
        long=True,
        help_text=_("Who keeps the servers and sends the mail on the controller's behalf, and in which country."),
    )
    outside_eu = MultilingualField(
        _("transfers outside the EU and EEA"), blank=True, long=True, help_text=_("Leave empty when there are none.")
    )
    more = MultilingualField(_("what else people should know"), blank=True, long=True)
    is_on = models.BooleanField(
        _("referrals are in use"),
        default=False,
        help_text=_("Before this is ticked nobody can send a referral, and the pages say so."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("controller"),
                FieldPanel("business_id"),
                FieldPanel("controller_address"),
                FieldPanel("contact_person"),
                FieldPanel("contact_email"),
                FieldPanel("contact_phone"),
            ],
            heading=_("Controller"),
        ),
        MultiFieldPanel([FieldPanel("officer"), FieldPanel("officer_email")], heading=_("Data protection officer")),
        MultiFieldPanel(
            [FieldPanel("basis"), FieldPanel("processors"), FieldPanel("outside_eu"), FieldPanel("more")],
            heading=_("For the privacy notice and the record of processing"),
        ),
        FieldPanel("is_on"),
    ]

    class Meta:
        verbose_name = _("wellbeing referrals: controller and switch")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.business_id:
            try:
                validate_business_id(self.business_id)
            except ValidationError as error:
                errors["business_id"] = error
        if self.is_on:
            errors |= {name: _("Fill this in before referrals are used.") for name in self.missing()}
        if self.is_on and not has_keys():
            errors["is_on"] = _("The server has no key for personal data (REFERRAL_KEYS). Ask whoever keeps it.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it, and into the site's log that it was changed, or that referrals were switched on or off."""
        was_on = type(self).objects.filter(pk=self.pk, is_on=True).exists()
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if self.is_on != was_on:
            log(self, "referrals.switch_on" if self.is_on else "referrals.switch_off")
        elif not is_new:
            log(self, "wagtail.edit")

    def missing(self) -> list[str]:
        """The names of the fields that have to be filled in before referrals can be used."""
        return [name for name in REQUIRED if not getattr(self, name)]

    @property
    def is_in_use(self) -> bool:
        """Whether referrals can be sent: switched on, nothing missing, and a key to close personal data with."""
        return self.is_on and not self.missing() and has_keys()
