"""Tells Wagtail's admin of our kinds of field. Nothing else."""

from portal.base import panels  # noqa: F401 registers the comparison of texts in several languages
