"""Pages and records of the cards' room."""

from cards.models.criteria import QualityCriteriaPage
from cards.models.pages import ActionCardPage, PracticeModelIndexPage, PracticeModelPage
from cards.models.references import HelpContact, LawReference
from cards.models.tools import DigitalToolPage, ToolCataloguePage, ToolThemePage

__all__ = [
    "ActionCardPage",
    "DigitalToolPage",
    "HelpContact",
    "LawReference",
    "PracticeModelIndexPage",
    "PracticeModelPage",
    "QualityCriteriaPage",
    "ToolCataloguePage",
    "ToolThemePage",
]
