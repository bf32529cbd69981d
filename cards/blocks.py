"""The parts of a card: things to do, branches by need, decisions, lists, forms, tools, laws, contacts, listings.

Pictures that read as text: cards.figure_blocks. No queries beyond what a chooser needs: the live search's results are
fetched by cards.live_search.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from cards import choices
from cards.figure_blocks import figure_blocks
from directory.choices import Channel, Kind, Stage
from directory.vocabulary import target_group_choices, topic_choices
from portal.base.blocks import LINKS, RICH_TEXT_FEATURES, TEXTS, TO_DO, TitledListBlock, base_blocks

# How many records the example of a block shows, in the editor's library of blocks.
EXAMPLES = 2


class ThingsToDoBlock(TitledListBlock):
    """Three to seven things to do now."""

    class Meta:
        icon = "list-ol"
        label = _("Things to do")
        group = TO_DO
        description = _("Three to seven things to do now. The first thing that a card shows.")
        preview_value = {
            "title": "",
            "items": ["Kysy, mitä ihmiselle kuuluu.", "Kuuntele loppuun asti.", "Sopikaa seuraava askel."],
        }
        template = "blocks/things_to_do.html"


class DoneWellBlock(TitledListBlock):
    """How it looks when it is done well."""

    class Meta:
        icon = "pick"
        label = _("How it looks done well")
        group = TO_DO
        description = _("How one sees that it went well.")
        preview_value = {
            "title": "",
            "items": ["Ihminen tietää, mitä seuraavaksi tapahtuu.", "Sovittu asia on myös paperilla."],
        }
        template = "blocks/done_well.html"


class ChecklistBlock(TitledListBlock):
    """Things to tick off."""

    class Meta:
        icon = "check"
        label = _("Checklist")
        group = TO_DO
        description = _("Things to tick off. The ticks stay on the reader's own screen.")
        preview_value = {"title": "Ennen tapaamista", "items": ["Paikka on varattu", "Tukihenkilö on kutsuttu"]}
        template = "blocks/checklist.html"


class TipsBlock(TitledListBlock):
    """Tips from practice."""

    class Meta:
        icon = "help"
        label = _("Tips")
        group = TO_DO
        description = _("Tips from practice, each in a line.")
        preview_value = {"title": "", "items": ["Aloita siitä, mikä jo onnistuu.", "Anna aikaa hiljaisuudelle."]}
        template = "blocks/tips.html"


class QuestionsBlock(TitledListBlock):
    """Questions to reflect on."""

    class Meta:
        icon = "help"
        label = _("Questions to think about")
        group = TO_DO
        description = _("Questions that the worker thinks over alone or with others.")
        preview_value = {"title": "", "items": ["Kenen asialla olin?", "Mitä jätin kysymättä?"]}
        template = "blocks/questions.html"


class BranchBlock(blocks.StructBlock):
    """What one need tier means: what to do, who answers, what is written down, how it is followed."""

    situation = blocks.TextBlock(label=_("Situation"))
    actions = blocks.ListBlock(blocks.CharBlock(label=_("Thing to do")), label=_("What to do"))
    responsibility = blocks.TextBlock(required=False, label=_("Who carries the responsibility"))
    recorded = blocks.TextBlock(required=False, label=_("What is written down"))
    followed_up = blocks.TextBlock(required=False, label=_("How it is followed up"))


class BranchesBlock(blocks.StructBlock):
    """The three tiers of need side by side."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    light = BranchBlock(label=_("Light need"))
    wider = BranchBlock(label=_("Wider need"))
    complex = BranchBlock(label=_("Complex situation"))

    class Meta:
        icon = "grip"
        label = _("Branches by need")
        group = TO_DO
        description = _("The same step by how much support is needed, side by side.")
        preview_value = {
            "title": "",
            "light": {
                "situation": "Neuvo riittää.",
                "actions": ["Kerro, mistä apua saa."],
                "responsibility": "Ihminen itse.",
            },
            "wider": {"situation": "Apua tarvitaan monesta paikasta.", "actions": ["Nimetkää vastuuhenkilö."]},
            "complex": {"situation": "Voimat ovat vähissä.", "actions": ["Kootkaa verkosto."]},
        }
        template = "blocks/branches.html"


class DecisionBlock(blocks.StructBlock):
    """A fork: a question, and what follows from yes and from no."""

    question = blocks.CharBlock(label=_("Question"))
    yes = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, label=_("If yes"))
    no = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, label=_("If no"))
    note = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, required=False, label=_("Remember"))

    class Meta:
        icon = "resubmit"
        label = _("Decision")
        group = TO_DO
        description = _("A fork: a question, and what to do in each case.")
        preview_value = {
            "question": "Onko tilanne vaarallinen?",
            "yes": "<p>Soita 112.</p>",
            "no": "<p>Jatkakaa rauhassa.</p>",
        }
        template = "blocks/decision.html"


class ConceptBlock(blocks.StructBlock):
    """One concept and what belongs to it."""

    term = blocks.CharBlock(label=_("Concept"))
    points = blocks.ListBlock(blocks.CharBlock(label=_("Point")), label=_("What belongs to it"))


class ConceptsBlock(blocks.ListBlock):
    """Concepts, each with its points."""

    def __init__(self, child_block=None, **kwargs) -> None:
        super().__init__(child_block or ConceptBlock(), **kwargs)

    class Meta:
        icon = "openquote"
        label = _("Concepts")
        group = TEXTS
        description = _("Words of the card, each with what belongs to it.")
        preview_value = [{"term": "Varhainen tuki", "points": ["Apua ennen kuin ongelma kasvaa."]}]
        template = "blocks/concepts.html"


class HelpersBlock(blocks.StructBlock):
    """Who helps with what."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("who", blocks.CharBlock(label=_("Who"))),
                ("helps_with", blocks.ListBlock(blocks.CharBlock(label=_("With what")), label=_("Helps with"))),
            ]
        ),
        label=_("Helpers"),
    )

    class Meta:
        icon = "group"
        label = _("Who helps with what")
        group = TEXTS
        description = _("Who helps with what, as a table.")
        preview_value = {"title": "", "rows": [{"who": "Kela", "helps_with": ["asumistuki", "kuntoutus"]}]}
        template = "blocks/helpers.html"


class ContactsBlock(blocks.StructBlock):
    """Contacts, picked from the dated records."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    contacts = blocks.ListBlock(SnippetChooserBlock("cards.HelpContact", required=False), label=_("Contacts"))

    class Meta:
        icon = "mail"
        label = _("Contacts")
        group = LINKS
        description = _("Contacts, picked from the dated records: one correction mends every page.")
        template = "blocks/contacts.html"

    def get_preview_value(self) -> blocks.StructValue:
        records = self.child_blocks["contacts"].child_block.target_model.objects.public()
        return self.normalize({"title": "", "contacts": list(records[:EXAMPLES])})


class LawsBlock(blocks.StructBlock):
    """Sections of law, picked from the dated records."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    laws = blocks.ListBlock(SnippetChooserBlock("cards.LawReference", required=False), label=_("Laws"))

    class Meta:
        icon = "doc-full"
        label = _("Laws")
        group = LINKS
        description = _("Sections of law, picked from the dated records.")
        template = "blocks/laws.html"

    def get_preview_value(self) -> blocks.StructValue:
        records = self.child_blocks["laws"].child_block.target_model.objects.filter(live=True)
        return self.normalize({"title": "", "laws": list(records[:EXAMPLES])})


class ToolThemesBlock(blocks.StructBlock):
    """Symbols of tool themes; each opens that theme's tools."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    themes = blocks.MultipleChoiceBlock(choices=choices.ToolTheme.choices, label=_("Themes"))

    class Meta:
        icon = "desktop"
        label = _("Digital tools by theme")
        group = LINKS
        description = _("The symbols of tool themes. Each opens the tools of its theme.")
        preview_value = {"title": "", "themes": ["1", "3"]}
        template = "blocks/tool_themes.html"


class PagesBlock(blocks.StructBlock):
    """Pages of this site: tools to use, other cards, texts to read."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    pages = blocks.ListBlock(blocks.PageChooserBlock(required=False, label=_("Page")), label=_("Pages"))

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Pages of this site")
        group = LINKS
        description = _("Pages of this site: a tool to use, another card, a text to read.")
        template = "blocks/pages.html"

    def get_preview_value(self) -> blocks.StructValue:
        pages = self.child_blocks["pages"].child_block.target_model.objects.live().public().filter(depth__gt=2)
        return self.normalize({"title": "", "pages": list(pages[:EXAMPLES])})


class FillInFormBlock(blocks.StructBlock):
    """Questions to fill in on the page or on paper. Nothing that is written reaches the server."""

    title = blocks.CharBlock(label=_("Heading"))
    intro = blocks.TextBlock(required=False, label=_("How to fill it in"))
    questions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock(max_length=300, label=_("Question"))),
                ("help", blocks.TextBlock(required=False, label=_("What is asked"))),
                ("kind", blocks.ChoiceBlock(choices=choices.Answer.choices, default="text", label=_("Answer"))),
            ]
        ),
        label=_("Questions"),
    )

    class Meta:
        icon = "form"
        label = _("Form to fill in and print")
        group = TO_DO
        description = _("Questions to answer on the screen or on paper. Nothing is sent or kept.")
        preview_value = {
            "title": "Kehityskeskustelu",
            "questions": [{"label": "Mikä toimii?", "kind": "text"}, {"label": "Kuinka hyvin?", "kind": "scale"}],
        }
        template = "blocks/fill_in_form.html"


class PartnershipBlock(blocks.StructBlock):
    """The checklist of partnership, as it stands in its own records. Areas keep their answers in the workspace."""

    title = blocks.CharBlock(label=_("Heading"))

    class Meta:
        icon = "check"
        label = _("Checklist of partnership")
        group = LINKS
        description = _("The checklist of partnership from its own records.")
        preview_value = {"title": "Kumppanuuden tarkistuslista"}
        template = "blocks/partnership.html"


class PinnedListingsBlock(blocks.StructBlock):
    """Listings of the directory that an editor has picked. Only what is public is shown."""

    title = blocks.CharBlock(label=_("Heading"))
    listings = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("service", SnippetChooserBlock("directory.Service", required=False, label=_("Service"))),
                ("why", blocks.CharBlock(required=False, max_length=200, label=_("Why this one"))),
            ]
        ),
        label=_("Listings"),
    )

    class Meta:
        icon = "thumbtack"
        label = _("Picked listings")
        group = LINKS
        description = _("Listings that you pick yourself. You are told when one of them goes out of date.")
        template = "blocks/pinned_listings.html"

    def get_preview_value(self) -> blocks.StructValue:
        rows = self.child_blocks["listings"].child_block.child_blocks["service"].target_model.objects.public()
        return self.normalize(
            {"title": "Hyväksi havaittuja", "listings": [{"service": row, "why": ""} for row in rows[:EXAMPLES]]}
        )


class LiveSearchBlock(blocks.StructBlock):
    """A saved query on the directory; the card shows what it finds today."""

    title = blocks.CharBlock(label=_("Heading"))
    stages = blocks.MultipleChoiceBlock(choices=Stage.choices, required=False, label=_("Stages"))
    topics = blocks.MultipleChoiceBlock(choices=topic_choices, required=False, label=_("Topics"))
    target_groups = blocks.MultipleChoiceBlock(choices=target_group_choices, required=False, label=_("Target groups"))
    kinds = blocks.MultipleChoiceBlock(choices=Kind.choices, required=False, label=_("Kinds"))
    channels = blocks.MultipleChoiceBlock(choices=Channel.choices, required=False, label=_("Ways to take part"))
    free = blocks.BooleanBlock(required=False, label=_("Only free of charge"))
    anonymous = blocks.BooleanBlock(required=False, label=_("Only those without a name"))
    no_appointment = blocks.BooleanBlock(required=False, label=_("Only those without an appointment"))
    taking_people = blocks.BooleanBlock(required=False, label=_("Only those taking people now"))
    outreach = blocks.BooleanBlock(required=False, label=_("Only those that come to where people are"))
    outside_office_hours = blocks.BooleanBlock(required=False, label=_("Only those open outside office hours"))

    class Meta:
        icon = "search"
        label = _("Live search on the directory")
        group = LINKS
        description = _("What the directory holds today: choose what to look for, not what is found.")
        preview_value = {"title": "Keskusteluapua nimettömästi", "stages": ["2"], "anonymous": True}
        template = "blocks/live_search.html"


def card_blocks() -> list[tuple[str, blocks.Block]]:
    """Every block a card's body may hold; text pages and stage pages hold the same."""
    return [
        ("things_to_do", ThingsToDoBlock()),
        ("branches", BranchesBlock()),
        ("decision", DecisionBlock()),
        ("checklist", ChecklistBlock()),
        ("done_well", DoneWellBlock()),
        ("tips", TipsBlock()),
        ("questions", QuestionsBlock()),
        ("fill_in_form", FillInFormBlock()),
        *base_blocks(),
        ("concepts", ConceptsBlock()),
        ("helpers", HelpersBlock()),
        *figure_blocks(),
        ("live_search", LiveSearchBlock()),
        ("pinned_listings", PinnedListingsBlock()),
        ("pages", PagesBlock()),
        ("tool_themes", ToolThemesBlock()),
        ("contacts", ContactsBlock()),
        ("laws", LawsBlock()),
        ("partnership", PartnershipBlock()),
    ]
