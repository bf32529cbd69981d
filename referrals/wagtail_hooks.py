"""What referrals add to the admin: the words of its log when they are switched on or off. Nothing about a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("referrals.switch_on", _("Switch referrals on"), _("Switched referrals on"))
    actions.register_action("referrals.switch_off", _("Switch referrals off"), _("Switched referrals off"))
