"""The editing form of a service, in the order a person would tell about it. Only panels; no rules."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

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

service_form = TabbedInterface(
    [
        ObjectList(
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
                    [FieldPanel("notice"), FieldPanel("notice_until")],
                    heading=_("Notice for a while"),
                    classname="collapsed",
                ),
            ],
            heading=_("In short"),
        ),
        ObjectList(
            [
                FieldPanel("stages"),
                FieldPanel("topics"),
                FieldPanel("target_groups"),
                FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max")], heading=_("Age")),
                FieldPanel("guidance_levels"),
                FieldPanel("need_tiers"),
                FieldPanel("life_events"),
                FieldPanel("keywords"),
            ],
            heading=_("Where it belongs"),
        ),
        ObjectList(
            [
                FieldPanel("channels"),
                MultiFieldPanel(
                    [FieldPanel("charge"), FieldPanel("charge_note"), FieldPanel("payment")], heading=_("Price")
                ),
                MultiFieldPanel(
                    [FieldPanel("capacity"), FieldPanel("capacity_note"), FieldPanel("capacity_until")],
                    heading=_("Is there room?"),
                ),
                FieldPanel("referral"),
                MultiFieldPanel(
                    [
                        FieldPanel("is_anonymous"),
                        FieldPanel("needs_no_appointment"),
                        FieldPanel("is_outreach"),
                        FieldPanel("is_outside_office_hours"),
                        FieldPanel("has_interpreter"),
                    ],
                    heading=_("Workers choose by these"),
                ),
                FieldPanel("grouping"),
                FieldPanel("meets"),
                FieldPanel("languages"),
                FieldPanel("accessibility"),
                FieldPanel("eligibility"),
                FieldPanel("practical_notes"),
                InlinePanel("required_documents", label=_("Required document")),
            ],
            heading=_("How one takes part"),
        ),
        ObjectList(
            [
                InlinePanel("contact_ways", label=_("Contact way")),
                InlinePanel("links", label=_("Link")),
                FieldPanel("is_nationwide"),
                FieldPanel("municipalities"),
                FieldPanel("counties"),
                InlinePanel("service_places", label=_("Place"), panels=[FieldPanel("place")]),
                InlinePanel("opening_hours", label=_("Opening hours")),
                InlinePanel("opening_exceptions", label=_("Exception to the hours")),
                MultiFieldPanel(
                    [FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("enrol_by")],
                    heading=_("Days of an event or a course"),
                ),
            ],
            heading=_("Where and when"),
        ),
        ObjectList(
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
        ),
        ObjectList(
            [
                FieldPanel("owner"),
                FieldPanel("deputy"),
                FieldPanel("production"),
                FieldPanel("partners"),
                FieldPanel("service_classes"),
                FieldPanel("slug"),
                MultiFieldPanel([FieldPanel("is_hidden"), FieldPanel("hidden_reason")], heading=_("Hiding")),
                PublishingPanel(),
            ],
            heading=_("Keeping"),
        ),
    ]
)
