"""The checklist of partnership between a county and its organisations: what to agree on, and how far an area has come.

The items are the editors'; what stands at an item is each area's own. Who may write it: directory.permissions; how:
directory.actions.partnership. Source of the items: PATHWAY (POSOTE20), in our own words.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import PreviewableMixin

from directory.models.vocabulary import County
from portal.base.fields import MultilingualField


class PartnershipGroup(models.TextChoices):
    """The parts of the checklist, in their order."""

    AGREEING = "agreeing", _("Agreeing and roles")
    STRUCTURES = "structures", _("Structures of cooperation")
    COUNTY_STEPS = "county_steps", _("The county's seven steps")
    QUESTIONS = "questions", _("Six questions to think through")
    PREMISES = "premises", _("Premises")
    PROCUREMENT = "procurement", _("Procurement")
    TRAINING = "training", _("Training")
    FRONT_STAGE = "front_stage", _("What people meet")
    BACK_STAGE = "back_stage", _("What must work behind it")


class PartnershipState(models.TextChoices):
    """How far an area has come with an item."""

    NOT_BEGUN = "not_begun", _("Not begun")
    UNDER_WAY = "under_way", _("Under way")
    IN_PLACE = "in_place", _("In place")
    NOT_OURS = "not_ours", _("Does not concern us")


class PartnershipItem(PreviewableMixin, models.Model):
    """One thing to agree on or to have in place."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    group = models.CharField(_("part"), max_length=15, choices=PartnershipGroup.choices)
    text = MultilingualField(_("what should be in place"))
    help = MultilingualField(_("what it means"), blank=True, long=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    panels = [FieldPanel("group"), FieldPanel("text"), FieldPanel("help"), FieldPanel("order"), FieldPanel("key")]

    class Meta:
        verbose_name = _("item of partnership")
        verbose_name_plural = _("checklist of partnership")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return str(self.text) or self.key

    def get_preview_template(self, request, mode_name):
        return "directory/partnershipitem_preview.html"


class PartnershipAnswer(models.Model):
    """How far one area has come with one item, who said so, and when."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="partnership")
    item = models.ForeignKey(PartnershipItem, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(_("state"), max_length=10, choices=PartnershipState.choices)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    # Two people may fill in the same list: whoever saves an older version is told.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("answer of an area")
        verbose_name_plural = _("answers of the areas")
        constraints = [models.UniqueConstraint(fields=["county", "item"], name="partnership_answer_once")]

    def __str__(self) -> str:
        return f"{self.county} · {self.item}: {self.get_state_display()}"
