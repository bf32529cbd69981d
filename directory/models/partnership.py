"""The checklist of partnership between a county and its organisations: what to agree on, and how far an area has come.

The items are the editors'; what stands at an item is each area's own. Who may write it: directory.permissions; how:
directory.actions.partnership. Source of the items: PATHWAY (POSOTE20), in our own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import PreviewableMixin

from directory.models.vocabulary import County
from portal.base.fields import MultilingualField

NOTE_LENGTH = 1000


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


@dataclass(frozen=True)
class PartnershipProgress:
    """How far an area has come with a part of the checklist, or with all of it. states: how many items by state."""

    total: int
    states: dict[PartnershipState, int]

    @property
    def unanswered(self) -> int:
        """How many items nobody has answered yet."""
        return self.total - sum(self.states.values())


class PartnershipItemQuerySet(models.QuerySet["PartnershipItem"]):
    """Ways to read the checklist."""

    def by_group(self) -> list[tuple[PartnershipGroup, list["PartnershipItem"]]]:
        """The parts in their order, each with its items; a part without items is left out."""
        items = list(self)
        found = ((group, [item for item in items if item.group == group]) for group in PartnershipGroup)
        return [(group, members) for group, members in found if members]

    def progress(self, county: str) -> dict[PartnershipGroup, PartnershipProgress]:
        """How far an area (its code) has come with each part that has items, in one query."""
        counts = {
            state.value: models.Count("pk", filter=models.Q(answers__county=county, answers__state=state))
            for state in PartnershipState
        }
        total = models.Count("pk", distinct=True)
        rows = {row["group"]: row for row in self.order_by().values("group").annotate(total=total, **counts)}
        return {
            group: PartnershipProgress(rows[group]["total"], {state: rows[group][state] for state in PartnershipState})
            for group in PartnershipGroup
            if group in rows
        }


class PartnershipItem(PreviewableMixin, models.Model):
    """One thing to agree on or to have in place."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    group = models.CharField(_("part"), max_length=15, choices=PartnershipGroup.choices)
    text = MultilingualField(_("what should be in place"))
    help = MultilingualField(_("what it means"), blank=True, long=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    objects = PartnershipItemQuerySet.as_manager()

    panels = [FieldPanel("group"), FieldPanel("text"), FieldPanel("help"), FieldPanel("order"), FieldPanel("key")]

    class Meta:
        verbose_name = _("item of partnership")
        verbose_name_plural = _("checklist of partnership")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return str(self.text) or self.key

    def get_preview_template(self, request, mode_name):
        return "directory/partnershipitem_preview.html"


class PartnershipAnswerQuerySet(models.QuerySet["PartnershipAnswer"]):
    """Ways to read the answers."""

    def of_county(self, county: str) -> "PartnershipAnswerQuerySet":
        """The answers of one area (its code), with who gave them."""
        return self.filter(county=county).select_related("changed_by")

    def progress_of(self, counties: Iterable[str], total: int) -> dict[str, PartnershipProgress]:
        """How far each of these areas (codes) has come with the whole checklist, which has `total` items."""
        rows = self.filter(county__in=counties).order_by().values_list("county", "state").annotate(models.Count("pk"))
        found: dict[str, dict[PartnershipState, int]] = {}
        for county, state, count in rows:
            found.setdefault(county, {})[PartnershipState(state)] = count
        return {
            code: PartnershipProgress(total, {each: found.get(code, {}).get(each, 0) for each in PartnershipState})
            for code in counties
        }


class PartnershipAnswer(models.Model):
    """How far one area has come with one item, who said so, and when."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="partnership")
    item = models.ForeignKey(PartnershipItem, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(_("state"), max_length=10, choices=PartnershipState.choices)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    # Two people may fill in the same list: whoever saves an older version is told.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PartnershipAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of an area")
        verbose_name_plural = _("answers of the areas")
        constraints = [models.UniqueConstraint(fields=["county", "item"], name="partnership_answer_once")]

    def __str__(self) -> str:
        return f"{self.county} · {self.item}: {self.get_state_display()}"
