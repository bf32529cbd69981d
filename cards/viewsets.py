"""How contacts and laws look in the admin. Registered by wagtail_hooks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cards.admin_forms import ReferenceForm
from cards.models import HelpContact, LawReference


class HelpContactViewSet(SnippetViewSet):
    """Crisis lines and other contacts."""

    model = HelpContact
    edit_handler = ObjectList(HelpContact.panels, base_form_class=ReferenceForm)
    icon = "mail"
    menu_label = _("Contacts")
    list_display = ["__str__", "group", "phone", "checked_on", BooleanColumn("needs_check", label=_("To be checked"))]
    list_filter = ["group", "needs_check", "is_urgent", "is_contact_point"]
    list_per_page = 50
    copy_view_enabled = False


class LawReferenceViewSet(SnippetViewSet):
    """Sections of law."""

    model = LawReference
    edit_handler = ObjectList(LawReference.panels, base_form_class=ReferenceForm)
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
