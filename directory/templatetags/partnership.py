"""The checklist of partnership for the pages that show it."""

from django import template

from directory.models import PartnershipGroup, PartnershipItem

register = template.Library()


@register.simple_tag
def partnership_parts() -> list[tuple[PartnershipGroup, list[PartnershipItem]]]:
    """The parts in their order, each with its items."""
    return PartnershipItem.objects.by_group()
