"""Pages and records of the cards' room."""

from cards.models.criteria import QualityCriteriaPage
from cards.models.pages import ActionCardPage, PracticeModelIndexPage, PracticeModelPage
from cards.models.posters import PosterPage
from cards.models.prints import Print
from cards.models.references import HelpContact, LawReference
from cards.models.rounds import QualityAnswer, QualityRound
from cards.models.together import LifeSituationPage, NetworkMapPage, ReminderPage, SharedToolsPage
from cards.models.tools import DigitalToolPage, ToolCataloguePage, ToolThemePage

__all__ = [
    "ActionCardPage",
    "DigitalToolPage",
    "HelpContact",
    "LawReference",
    "LifeSituationPage",
    "NetworkMapPage",
    "PosterPage",
    "PracticeModelIndexPage",
    "PracticeModelPage",
    "Print",
    "QualityAnswer",
    "QualityCriteriaPage",
    "QualityRound",
    "ReminderPage",
    "SharedToolsPage",
    "ToolCataloguePage",
    "ToolThemePage",
]
