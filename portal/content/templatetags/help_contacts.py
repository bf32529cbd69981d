"""Whom to turn to first, for pages of rooms that do not know the cards' contacts."""

from django import template
from django.db.models import F, Q

from cards.choices import ContactGroup
from cards.models import HelpContact

register = template.Library()


@register.simple_tag
def contact_points(county: str = "") -> list[HelpContact]:
    """Where a need for social services is told in a county (its code): Sosiaalihuoltolaki, section 35."""
    return list(HelpContact.objects.contact_points(county).select_related("county")) if county else []


@register.simple_tag
def area_contacts(county: str = "") -> list[HelpContact]:
    """The social services' contacts that have a number or a page: a county's (its code) first, then the country's.

    Without a county, or with one that is unknown, only the latter.
    """
    contacts = (
        HelpContact.objects.public().filter(group=ContactGroup.SOCIAL, is_contact_point=False).select_related("county")
    )
    near = contacts.filter(Q(county=None) | Q(county=county)).exclude(phone="", website="")
    return list(near.order_by(F("county").asc(nulls_last=True), "order", "key"))
