"""Prints: PDFs made of pages, kept for a while and made again when a page has changed."""

import uuid

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cards import choices


class Print(models.Model):
    """One PDF. key says what it holds (pages with their revisions, language, layout): the same key is the same file."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=255)
    language = models.CharField(_("language"), max_length=10)
    # [[page, revision], …] in their order; the primary keys at the time of printing.
    pages = models.JSONField(default=list)
    layout = models.CharField(max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=choices.PrintState.choices, default=choices.PrintState.WAITING
    )
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(_("file"), upload_to="prints", blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("print")
        verbose_name_plural = _("prints")

    def __str__(self) -> str:
        return self.title

    @property
    def filename(self) -> str:
        """The name of the file in the folder of whoever fetches it."""
        paper = f"-{self.layout}" if self.layout in {"a4", "a3"} else ""
        return f"{slugify(self.title) or 'pdf'}{paper}.pdf"
