"""The links at the top of the workspace: the rooms that this person has a key to."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.permissions import is_staff
from portal.accounts.access import may_open_admin
from referrals.permissions import is_receiver, is_worker
from referrals.switch import is_in_use

register = template.Library()
# Below their addresses other rooms begin.
_ALONE = ("workspace:home", "referrals:home")


class RoomLink(NamedTuple):
    """A link to a room."""

    label: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def workspace_links(context: dict[str, Any]) -> list[RoomLink]:
    """My organisation and its referrals; for staff the queue and what belongs to it; for editors the admin; sign-in."""
    request = context["request"]
    user = request.user
    rooms = [(_("My organisation"), "workspace:home"), *_referrals(user)]
    if is_staff(user):
        rooms += [
            (_("Queue"), "workspace:queue"),
            (_("Up to date?"), "workspace:freshness"),
            (_("Coverage"), "workspace:coverage"),
            (_("Campaigns"), "workspace:campaigns"),
            (_("Referrals in figures"), "referrals:figures"),
        ]
    if may_open_admin(user):
        rooms.append((_("Content management"), "wagtailadmin_home"))
    rooms.append((_("How I sign in"), "mfa_index"))
    links = []
    for label, name in rooms:
        url = reverse(name)
        is_current = request.path == url if name in _ALONE else request.path.startswith(url)
        links.append(RoomLink(label, url, is_current))
    return links


def _referrals(user: Any) -> list[tuple[str, str]]:
    """Where a person's referrals are, once referrals are in use."""
    if not is_in_use():
        return []
    rooms = [(_("Referrals received"), "referrals:inbox")] if is_receiver(user) else []
    return [*rooms, (_("Referrals sent"), "referrals:home")] if is_worker(user) else rooms
