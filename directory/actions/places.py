"""Writes of places: one that an organisation uses for its services."""

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from directory import permissions
from directory.models import Municipality, Organisation, Place
from directory.permissions import Action

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def add_place(
    organisation: Organisation,
    *,
    by: "User",
    name: str,
    street: str = "",
    postcode: str = "",
    municipality: Municipality | None = None,
    is_secret: bool = False,
) -> Place:
    """A place of an organisation, for its services to use; the one that is there when it has just the same already.

    Raises ValidationError (field → messages) when something is not right.
    """
    permissions.require(by, Action.EDIT_SERVICE, organisation)
    place = Place(
        organisation=organisation,
        name=name.strip(),
        street=street.strip(),
        postcode=postcode.strip(),
        municipality=municipality,
        is_secret=is_secret,
        is_sample=organisation.is_sample,
    )
    place.full_clean()
    same = Place.objects.filter(
        organisation=organisation,
        name=place.name,
        street=place.street,
        postcode=place.postcode,
        municipality=municipality,
        is_secret=is_secret,
    ).first()
    if same:
        return same
    place.save()
    log(instance=place, action="wagtail.create", user=by)
    return place
