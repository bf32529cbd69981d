"""Registers contacts and laws in the admin. Nothing else."""

from wagtail.snippets.models import register_snippet

from cards.viewsets import ReferenceGroup

register_snippet(ReferenceGroup)
