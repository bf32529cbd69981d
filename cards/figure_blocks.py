"""Pictures that read as text: the map of a model, the four-field, the wheel, comparisons and service blueprints.

Drawn by styles from lists and tables, so that a screen reader, a phone, paper and a search meet the same words. Parts
of a card that are no pictures: cards.blocks. A text that holds several points has one on each line.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.base.blocks import FIGURES

ONE_A_LINE = _("One point on each line.")


class TitledPointsBlock(blocks.StructBlock):
    """A name and the points under it."""

    title = blocks.CharBlock(label=_("Heading"))
    points = blocks.TextBlock(required=False, label=_("Points"), help_text=ONE_A_LINE)


class ModelMapBlock(blocks.StructBlock):
    """The map of a practice model: how one comes in, the steps, what runs beside them all the way, what follows."""

    title = blocks.CharBlock(label=_("Heading"))
    entries = blocks.TextBlock(required=False, label=_("Ways in"), help_text=ONE_A_LINE)
    steps = blocks.ListBlock(TitledPointsBlock(), label=_("Steps"))
    bands = blocks.ListBlock(TitledPointsBlock(), label=_("What runs all the way"))
    outcomes = blocks.TextBlock(required=False, label=_("What follows for the person"), help_text=ONE_A_LINE)

    class Meta:
        icon = "grip"
        label = _("Map of a model")
        group = FIGURES
        description = _("The whole of a model in one view: how one comes in, the steps, what follows.")
        preview_value = {
            "title": "Malli yhdellä silmäyksellä",
            "entries": "Ihminen kysyy itse\nLäheinen huolestuu",
            "steps": [{"title": "Kysy", "points": "Pysähdy"}, {"title": "Sopikaa", "points": "Ensimmäinen askel"}],
            "bands": [{"title": "Koko ajan", "points": "Luottamus"}],
            "outcomes": "Arki sujuu",
        }
        template = "blocks/model_map.html"


class FourFieldBlock(blocks.StructBlock):
    """Two questions across one another, and what each of the four corners means."""

    title = blocks.CharBlock(label=_("Heading"))
    across = blocks.CharBlock(label=_("What grows from left to right"))
    up = blocks.CharBlock(label=_("What grows from below to above"))
    fields = blocks.ListBlock(
        TitledPointsBlock(),
        min_num=4,
        max_num=4,
        label=_("The four fields"),
        help_text=_("In reading order: above left, above right, below left, below right."),
    )

    class Meta:
        icon = "table"
        label = _("Four-field")
        group = FIGURES
        description = _("Four situations by two questions, each with its points.")
        preview_value = {
            "title": "Nelikenttä",
            "across": "Voimavaroja on enemmän",
            "up": "Tilanne on vaikeampi",
            "fields": [
                {"title": "Kulje rinnalla", "points": ""},
                {"title": "Kokoa", "points": ""},
                {"title": "Vahvista", "points": ""},
                {"title": "Neuvo", "points": ""},
            ],
        }
        template = "blocks/four_field.html"


class WheelBlock(blocks.StructBlock):
    """What stands in the middle, and the sectors around it."""

    title = blocks.CharBlock(label=_("Heading"))
    centre = blocks.CharBlock(label=_("In the middle"))
    sectors = blocks.ListBlock(TitledPointsBlock(), min_num=2, max_num=8, label=_("Sectors"))

    class Meta:
        icon = "radio-full"
        label = _("Wheel")
        group = FIGURES
        description = _("One thought in the middle and what belongs to it around.")
        preview_value = {
            "title": "Arvot",
            "centre": "Ihminen",
            "sectors": [{"title": "Luottamus", "points": ""}, {"title": "Kunnioitus", "points": ""}],
        }
        template = "blocks/wheel.html"


class BlueprintBlock(blocks.StructBlock):
    """A service blueprint: rows × before, during and after."""

    title = blocks.CharBlock(label=_("Heading"))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Row"))),
                ("before", blocks.TextBlock(required=False, label=_("Before"), help_text=ONE_A_LINE)),
                ("during", blocks.TextBlock(required=False, label=_("During"), help_text=ONE_A_LINE)),
                ("after", blocks.TextBlock(required=False, label=_("After"), help_text=ONE_A_LINE)),
            ]
        ),
        label=_("Rows"),
    )

    class Meta:
        icon = "table"
        label = _("Service blueprint")
        group = FIGURES
        description = _("What happens before, during and after: one row for the person, others for those who help.")
        preview_value = {
            "title": "Ohjaus",
            "rows": [
                {
                    "title": "Ihmisen polku",
                    "before": "Huomaa tarpeen",
                    "during": "Kertoo tilanteestaan",
                    "after": "Tietää, mitä seuraa",
                }
            ],
        }
        template = "blocks/blueprint.html"


class ComparisonBlock(blocks.StructBlock):
    """Things side by side: a table with named columns."""

    title = blocks.CharBlock(label=_("Heading"))
    columns = blocks.ListBlock(blocks.CharBlock(label=_("Column")), min_num=2, max_num=5, label=_("Columns"))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Row"))),
                (
                    "cells",
                    blocks.ListBlock(
                        blocks.TextBlock(required=False, label=_("Cell"), help_text=ONE_A_LINE),
                        label=_("Cells"),
                        help_text=_("One for each column, in the same order."),
                    ),
                ),
            ]
        ),
        label=_("Rows"),
    )

    class Meta:
        icon = "table"
        label = _("Comparison")
        group = FIGURES
        description = _("Things side by side in named columns.")
        preview_value = {
            "title": "Kaksi tapaa",
            "columns": ["Lähellä", "Verkossa"],
            "rows": [{"title": "Milloin", "cells": ["Arkisin", "Aina"]}],
        }
        template = "blocks/comparison.html"


def figure_blocks() -> list[tuple[str, blocks.Block]]:
    """The pictures that a body may hold."""
    return [
        ("model_map", ModelMapBlock()),
        ("four_field", FourFieldBlock()),
        ("wheel", WheelBlock()),
        ("blueprint", BlueprintBlock()),
        ("comparison", ComparisonBlock()),
    ]
