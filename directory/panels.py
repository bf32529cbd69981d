"""The editing forms of services and organisations, in the order a person would tell of them. Only panels; no rules."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)

from directory.admin_forms import OrganisationForm, ServiceForm
from directory.models import Organisation
from portal.base.panels import ChoiceSetPanel
from portal.base.widgets import LongChoiceList

_LONG_DESCRIPTION = (
    "content",
    "users",
    "user_determination",
    "need_assessment",
    "effectiveness",
    "stakeholders",
    "promise",
    "staff_and_locations",
    "resources",
    "practices",
    "interfaces",
    "quality",
    "participation",
    "language_rights",
    "possibilities",
    "threats",
    "environment",
)


def _row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


def _list(name: str, heading: str = "", *, collapsed: bool = False) -> Panel:
    """A field of many choices; a seldom used one waits closed."""
    panel = FieldPanel(name, widget=LongChoiceList)
    return MultiFieldPanel([panel], heading=heading, classname="collapsed") if collapsed else panel


_in_short = ObjectList(
    [
        FieldPanel("title"),
        FieldPanel("organisation"),
        FieldPanel("kind"),
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldPanel("for_whom"),
        FieldPanel("how_to_join"),
        FieldPanel("how_to_refer"),
        MultiFieldPanel(
            [FieldPanel("notice"), FieldPanel("notice_until")], heading=_("Notice for a while"), classname="collapsed"
        ),
    ],
    heading=_("In short"),
)

_where_it_belongs = ObjectList(
    [
        ChoiceSetPanel("stages"),
        _list("topics"),
        _list("target_groups"),
        FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max")], heading=_("Age")),
        ChoiceSetPanel("guidance_levels"),
        ChoiceSetPanel("need_tiers"),
        FieldPanel("keywords"),
        _list("life_events", _("Life events"), collapsed=True),
        _list("service_classes", _("Service classes of PTV"), collapsed=True),
    ],
    heading=_("Where it belongs"),
)

_how_one_takes_part = ObjectList(
    [
        ChoiceSetPanel("channels"),
        MultiFieldPanel(
            [FieldPanel("charge"), FieldPanel("charge_note"), ChoiceSetPanel("payment")], heading=_("Price")
        ),
        MultiFieldPanel(
            [FieldPanel("capacity"), FieldPanel("capacity_note"), FieldPanel("capacity_until")],
            heading=_("Is there room?"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("referral"),
                FieldPanel("is_anonymous"),
                FieldPanel("needs_no_appointment"),
                FieldPanel("is_outreach"),
                FieldPanel("is_outside_office_hours"),
                FieldPanel("has_interpreter"),
            ],
            heading=_("Workers choose by these"),
        ),
        FieldPanel("grouping"),
        ChoiceSetPanel("meets"),
        ChoiceSetPanel("languages"),
        ChoiceSetPanel("accessibility"),
        FieldPanel("eligibility"),
        FieldPanel("practical_notes"),
        InlinePanel(
            "required_documents",
            heading=_("What one must bring or fill in"),
            label=_("Required document"),
            panels=[_row("name", "url")],
        ),
    ],
    heading=_("How one takes part"),
)

_where_and_when = ObjectList(
    [
        InlinePanel(
            "contact_ways",
            heading=_("Contact ways"),
            label=_("Contact way"),
            panels=[_row("kind", "value"), _row("label", "hours"), _row("price", "audience")],
        ),
        InlinePanel("service_places", heading=_("Places"), label=_("Place"), panels=[FieldPanel("place")]),
        InlinePanel(
            "opening_hours",
            heading=_("Opening hours"),
            label=_("Opening hours"),
            panels=[
                _row("weekday", "by_appointment"),
                _row("opens", "closes"),
                _row("note", "place"),
                _row("valid_from", "valid_to"),
            ],
        ),
        InlinePanel(
            "opening_exceptions",
            heading=_("Exceptions to the hours"),
            label=_("Exception to the hours"),
            panels=[
                _row("date_from", "date_to"),
                _row("is_closed", "note"),
                _row("opens", "closes"),
                FieldPanel("place"),
            ],
        ),
        MultiFieldPanel(
            [FieldPanel("is_nationwide"), FieldPanel("municipalities", widget=LongChoiceList)], heading=_("Area")
        ),
        _list("counties", _("Wellbeing services counties served"), collapsed=True),
        InlinePanel("links", heading=_("Links"), label=_("Link"), panels=[_row("label", "url")]),
        MultiFieldPanel(
            [FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("enrol_by")],
            heading=_("Days of an event or a course"),
            classname="collapsed",
        ),
    ],
    heading=_("Where and when"),
)

_long_description = ObjectList(
    [
        HelpPanel(content=_("These headings are those of the service-description form. None is required.")),
        InlinePanel(
            "long_description",
            label=_("Long description"),
            max_num=1,
            panels=[FieldPanel(name) for name in _LONG_DESCRIPTION],
        ),
    ],
    heading=_("Long description"),
)

_keeping = ObjectList(
    [
        FieldPanel("owner"),
        FieldPanel("deputy"),
        FieldPanel("production"),
        _list("partners", _("Done together with"), collapsed=True),
        FieldPanel(
            "slug", help_text=_("Leave empty: it is made of the name. Do not change the address of a public page.")
        ),
        MultiFieldPanel([FieldPanel("is_hidden"), FieldPanel("hidden_reason")], heading=_("Hiding")),
        PublishingPanel(),
    ],
    heading=_("Keeping"),
)

service_form = TabbedInterface(
    [_in_short, _where_it_belongs, _how_one_takes_part, _where_and_when, _long_description, _keeping],
    base_form_class=ServiceForm,
)

organisation_form = ObjectList(Organisation.panels, base_form_class=OrganisationForm)
