"""How contacts and laws look in the admin. Registered by wagtail_hooks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cards.models import HelpContact, LawReference


class HelpContactViewSet(SnippetViewSet):
    """Crisis lines and other contacts."""

    model = HelpContact
    icon = "mail"
    menu_label = _("Contacts")
    list_display = ["__str__", "group", "phone", "checked_on", BooleanColumn("needs_check", label=_("To be checked"))]
    list_filter = ["group", "needs_check", "is_urgent"]
    list_per_page = 50
    copy_view_enabled = False


class LawReferenceViewSet(SnippetViewSet):
    """Sections of law."""

    model = LawReference
    icon = "doc-full"
    menu_label = _("Laws")
    list_display = ["__str__", "valid_until", "checked_on", BooleanColumn("needs_check", label=_("To be checked"))]
    list_filter = ["needs_check"]
    list_per_page = 50
    copy_view_enabled = False


class ReferenceGroup(SnippetViewSetGroup):
    """What cards refer to."""

    menu_label = _("Contacts and laws")
    menu_icon = "openquote"
    menu_order = 155
    items = (HelpContactViewSet, LawReferenceViewSet)
