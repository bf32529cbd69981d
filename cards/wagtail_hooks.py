"""Registers contacts, laws and what is told of them in a history. Nothing else."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cards.viewsets import ReferenceGroup

register_snippet(ReferenceGroup)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("cards.confirm", _("Check"), _("Checked and found right"))
