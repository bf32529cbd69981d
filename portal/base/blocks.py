"""Blocks without domain words: text, heading, notice, picture, links, lists. Those of the cards: cards.blocks."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link"]


class TextBlock(blocks.RichTextBlock):
    """Running text. Headings are blocks of their own, so that the outline of a page stays right."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"


class HeadingBlock(blocks.CharBlock):
    """A heading inside a page (h2)."""

    class Meta:
        icon = "title"
        label = _("Heading")
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
        template = "blocks/notice.html"


class PictureBlock(blocks.StructBlock):
    """A picture. Wagtail's block asks for a text alternative, or for the word that it is only decoration."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
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
