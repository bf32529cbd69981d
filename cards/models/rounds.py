"""Rounds of self-assessment with the quality criteria, opened by link without an account, and their anonymous answers.

An answer has no name, no time and no order: nothing by which one of them could be told from another. What may be shown
of a round, and from how many answers on: cards.quality.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards import choices


class QualityRound(models.Model):
    """One round of a team. The statements are kept as they were asked: editing the page changes no round."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    criteria = models.ForeignKey(
        "cards.QualityCriteriaPage", verbose_name=_("quality criteria"), null=True, on_delete=models.SET_NULL
    )
    name = models.CharField(_("name of the round"), max_length=80)
    language = models.CharField(_("language"), max_length=10)
    # [{"key": "encounter-1", "theme": "encounter", "text": …, "simple": …, "answered_by": "person"}, …]
    statements = models.JSONField(_("statements"), default=list)
    # Only hashes: whoever reads the database can neither answer nor open a round.
    answer_hash = models.CharField(max_length=64, unique=True, editable=False)
    manage_hash = models.CharField(max_length=64, unique=True, editable=False)
    previous = models.ForeignKey(
        "self", verbose_name=_("earlier round"), null=True, blank=True, on_delete=models.SET_NULL, related_name="later"
    )
    goals = models.TextField(_("what we develop next"), max_length=4000, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("round of self-assessment")
        verbose_name_plural = _("rounds of self-assessment")

    def __str__(self) -> str:
        return self.name


class QualityAnswer(models.Model):
    """One person's, worker's or team's answers. The key is random, so that the order of coming is not kept."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(QualityRound, on_delete=models.CASCADE, related_name="answers")
    answered_by = models.CharField(_("who answers"), max_length=12, choices=choices.AnsweredBy.choices)
    # {"encounter-1": 4, …}: only the statements that were answered.
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.uuid)
