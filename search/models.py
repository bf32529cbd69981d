"""What the search room keeps in the database: the synonyms that editors write, and counts of words that lead nowhere.

The index is no model: it is the engine's own affair. No table here holds what somebody searched for: a word is counted
by itself, and until enough people have used it only as a code that cannot be read (search.dead_ends).
"""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from directory.choices import SERVICE_LANGUAGES
from directory.filters import FLAGS, RULE
from search.vocabulary import SynonymRow, look_again

SHOWN_IN_A_LIST = 4


# --- Synonyms --------------------------------------------------------------------------------------------------------
class Kind(models.TextChoices):
    """What sort of word leads to the services' words; the codes are those of search.vocabulary.KINDS."""

    LAY = "lay", _("What people say of their situation")
    COLLOQUIAL = "colloquial", _("Colloquial word")
    ABBREVIATION = "abbreviation", _("Abbreviation")
    NEAR = "near", _("Another word of the field")
    TRANSLATION = "translation", _("Translation")


class Version(NamedTuple):
    """What changes whenever a synonym is written or removed."""

    rows: int
    latest: datetime | None


class SynonymQuerySet(models.QuerySet["Synonym"]):
    """Ways to read synonyms."""

    def version(self) -> Version:
        """The state of the whole table, cheap to ask for."""
        return Version(**self.aggregate(rows=Count("pk"), latest=Max("updated_at")))

    def rows_in_force(self) -> list[SynonymRow]:
        """The active ones, as search takes them."""
        return [synonym.row for synonym in self.filter(is_active=True).order_by("pk")]


class Synonym(models.Model):
    """Phrases that people use, and the words of the services that they lead to. One way only."""

    # Who changed it last is no use of that person to look after.
    wagtail_reference_index_ignore = True

    phrases = models.TextField(
        _("what people write"),
        max_length=4_000,
        help_text=_(
            "One word or phrase on each line, five words at most. The search knows inflected forms of Finnish words."
        ),
    )
    targets = models.TextField(
        _("words of the services"),
        max_length=1_000,
        help_text=_("Finnish words in their basic form, one on each line. What has one of them is found too."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.LAY)
    language = models.CharField(
        _("language of what people write"), max_length=10, choices=SERVICE_LANGUAGES, default="fi"
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("For the next editor."))
    is_active = models.BooleanField(_("in use"), default=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)
    # The row of the files that it came from.
    key = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["phrases"]

    def __str__(self) -> str:
        return self.phrases_in_short()

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        look_again()

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        look_again()
        return deleted

    @property
    def row(self) -> SynonymRow:
        """The values that search works with."""
        return SynonymRow(
            tuple(self.phrases.splitlines()), tuple(self.targets.splitlines()), self.kind, self.language, self.note
        )

    def phrases_in_short(self) -> str:
        """The first phrases, for a list."""
        return _in_short(self.phrases)

    def targets_in_short(self) -> str:
        """The first targets, for a list."""
        return _in_short(self.targets)

    phrases_in_short.short_description = _("what people write")  # type: ignore[attr-defined]
    phrases_in_short.admin_order_field = "phrases"  # type: ignore[attr-defined]
    targets_in_short.short_description = _("words of the services")  # type: ignore[attr-defined]
    targets_in_short.admin_order_field = "targets"  # type: ignore[attr-defined]


def _in_short(lines: str) -> str:
    words = lines.splitlines()
    return ", ".join(words[:SHOWN_IN_A_LIST]) + (" …" if len(words) > SHOWN_IN_A_LIST else "")


# --- Words that lead nowhere -----------------------------------------------------------------------------------------
class DeadEnd(models.Model):
    """A word, or a chosen filter, of searches that found little. What editors decided of it stays with it.

    `digest` names it before it may be read; `text` is filled when enough people have met it. The key is the digest, not
    a number: rows must not tell which of them came together.
    """

    class Type(models.TextChoices):
        WORD = "word", _("Word")
        FILTER = "filter", _("Filter")

    class State(models.TextChoices):
        OPEN = "open", _("Nothing has been decided")
        SYNONYM = "synonym", _("Made into a synonym")
        WISHED = "wished", _("A service is wished for")
        DISMISSED = "dismissed", _("Left aside")

    digest = models.CharField(max_length=32, primary_key=True, editable=False)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, editable=False)
    # A lemma, or `facet=value`.
    text = models.CharField(_("word"), max_length=100, blank=True, db_index=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("word that leads nowhere")
        verbose_name_plural = _("words that lead nowhere")
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.label

    @property
    def facet(self) -> tuple[str, str]:
        """(facet, value) of a filter."""
        name, _sign, value = self.text.partition("=")
        return name, value

    @property
    def label(self) -> str:
        """The word, or the filter in the reader's words."""
        if self.type == self.Type.WORD:
            return self.text
        name, value = self.facet
        if value in FLAGS:
            return str(RULE[value].label)
        return f"{RULE[name].label}: {RULE[name].label_of(value)}" if name in RULE else self.text


class DeadEndWeek(models.Model):
    """How often in a week, which is named by its Monday."""

    dead_end = models.ForeignKey(DeadEnd, on_delete=models.CASCADE, related_name="weeks")
    week = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dead_end", "week"], name="dead_end_counted_once_a_week")]

    def __str__(self) -> str:
        return f"{self.week}: {self.count}"
