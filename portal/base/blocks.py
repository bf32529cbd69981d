"""Blocks without domain words: text, heading, notice, picture, links, lists. Those of the cards: cards.blocks."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link"]

# How the library of blocks is divided when an editor adds one.
TEXTS = _("Text")
TO_DO = _("What to do")
FIGURES = _("Pictures and tables")
LINKS = _("Links and live content")


class TextBlock(blocks.RichTextBlock):
    """Running text. Headings are blocks of their own, so that the outline of a page stays right."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = TEXTS
        description = _("Running text with lists and links. For what must be read, not done.")
        preview_value = "<p>Kerro ensin, miksi kysyt. Anna ihmisen päättää, mitä hän kertoo.</p>"
        template = "blocks/text.html"


class HeadingBlock(blocks.CharBlock):
    """A heading inside a page (h2)."""

    class Meta:
        icon = "title"
        label = _("Heading")
        group = TEXTS
        description = _("A heading between the parts of a page. The other blocks bring their own.")
        preview_value = "Kun huoli on epäselvä"
        template = "blocks/heading.html"


class NoticeBlock(blocks.StructBlock):
    """A box that stands out."""

    tone = blocks.ChoiceBlock(
        choices=[("info", _("Good to know")), ("warn", _("Be careful")), ("urgent", _("Act at once"))],
        default="info",
        label=_("Tone"),
    )
    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Notice")
        group = TEXTS
        description = _("A box that stands out. At most one or two on a page.")
        preview_value = {"tone": "warn", "text": "<p>Pyydä suostumus, ennen kuin kerrot asiasta muille.</p>"}
        template = "blocks/notice.html"


class PictureBlock(blocks.StructBlock):
    """A picture. Wagtail's block asks for a text alternative, or for the word that it is only decoration."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        group = FIGURES
        description = _("A photo or a drawing. What it tells must be told in words too.")
        template = "blocks/picture.html"


class LinksBlock(blocks.StructBlock):
    """Links to other sites."""

    title = blocks.CharBlock(required=False, label=_("Heading"))
    items = blocks.ListBlock(
        blocks.StructBlock(
            [("label", blocks.CharBlock(label=_("Text of the link"))), ("url", blocks.URLBlock(label=_("Address")))]
        ),
        label=_("Links"),
    )

    class Meta:
        icon = "link"
        label = _("Links")
        group = LINKS
        description = _("Pages of other sites. For pages of this site there is a block of its own.")
        preview_value = {"title": "", "items": [{"label": "Kansaneläkelaitos", "url": "https://www.kela.fi"}]}
        template = "blocks/links.html"


class TitledListBlock(blocks.StructBlock):
    """A heading and short points under it: the shape that most of a card's parts have."""

    title = blocks.CharBlock(required=False, label=_("Heading"), help_text=_("Leave empty for the usual heading."))
    items = blocks.ListBlock(blocks.CharBlock(label=_("Point")), label=_("Points"))


def base_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks that any page's body may hold."""
    return [
        ("text", TextBlock()),
        ("heading", HeadingBlock()),
        ("notice", NoticeBlock()),
        ("picture", PictureBlock()),
        ("links", LinksBlock()),
    ]
