"""The closed lists of the cards: codes and labels. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardRole(models.TextChoices):
    """What a card is: a step has a previous and a next one, the others stand beside the path."""

    STEP = "step", _("Step")
    CONTINUOUS = "continuous", _("Goes on all the time")
    THEME = "theme", _("Theme")


class ToolTheme(models.TextChoices):
    """The eight themes of digital solutions; the number is also the symbol's."""

    CONTACT = "1", _("Making contact and messaging")
    ASSESSMENT = "2", _("Assessment, planning and follow-up")
    NETWORK = "3", _("Methods of network work")
    ERRANDS = "4", _("Dealing with offices")
    AIDS = "5", _("Digital aids")
    GOALS = "6", _("Working towards goals")
    FEEDBACK = "7", _("Giving feedback and developing together")
    INFORMATION = "8", _("Informing and statistics")


class ToolType(models.TextChoices):
    """What kind of thing a tool is."""

    APP = "app", _("App")
    E_SERVICE = "e_service", _("E-service")
    METHOD = "method", _("Method")
    MEASURE = "measure", _("Measure")
    GENERAL_TOOL = "general_tool", _("General tool")


class ToolStatus(models.TextChoices):
    """Whether a tool can still be had."""

    IN_USE = "in_use", _("In use")
    RENAMED = "renamed", _("Has a new name")
    ENDED = "ended", _("Has ended")
    UNKNOWN = "unknown", _("To be checked")


class Side(models.TextChoices):
    """Each theme is described twice: A what the person does, B what the professional does."""

    PERSON = "person", _("A: the person")
    PROFESSIONAL = "professional", _("B: the professional")


class ToolAudience(models.TextChoices):
    """By whom a tool is used."""

    PERSON = "person", _("The person")
    PROFESSIONAL = "professional", _("The professional")
    BOTH = "both", _("Both together")


class ToolNeed(models.TextChoices):
    """What one needs a tool for, in everyday words."""

    CONTACT = "contact", _("Keeping in touch")
    SELF_ASSESSMENT = "self_assessment", _("Seeing one's own situation")
    EVERYDAY = "everyday", _("Everyday life and remembering")
    OFFICES = "offices", _("Dealing with offices online")
    READING_AND_LANGUAGE = "reading_and_language", _("Reading, writing and languages")
    WELLBEING = "wellbeing", _("Mind and wellbeing")
    GOALS = "goals", _("Goals and plans")
    NETWORK = "network", _("Close people and networks")
    PARTICIPATION = "participation", _("Having a say and developing")
    INFORMATION = "information", _("Information and statistics")


class CriteriaTheme(models.TextChoices):
    """The four themes of the quality criteria."""

    ENCOUNTER = "encounter", _("Encounter: the person's experience")
    COMPETENCE = "competence", _("Professional skill: the quality of the service")
    COOPERATION = "cooperation", _("Cooperation, structures and leadership: efficiency")
    EVALUATION = "evaluation", _("Follow-up, evaluation and development: effect")


class AnsweredBy(models.TextChoices):
    """Who rates a statement."""

    PERSON = "person", _("The person")
    WORKER = "worker", _("The worker")
    TEAM = "team", _("The team")
    ORGANISATION = "organisation", _("The organisation")


class ContactGroup(models.TextChoices):
    """What a national or regional contact is for."""

    EMERGENCY = "emergency", _("Danger to life")
    CRISIS = "crisis", _("Crisis and someone to talk to")
    VIOLENCE = "violence", _("Violence")
    HEALTH = "health", _("Health")
    SOCIAL = "social", _("Social services")
    MONEY = "money", _("Money and debts")
    LEGAL = "legal", _("Law and rights")
    BENEFITS = "benefits", _("Benefits")
    WORK = "work", _("Work")
    INFORMATION = "information", _("Information")


class Answer(models.TextChoices):
    """How a question of a form to fill in is answered."""

    LINE = "line", _("One line")
    TEXT = "text", _("Several lines")
    SCALE = "scale", _("A number from 1 to 5")
    CHECK = "check", _("Ticked or not")
    DAY = "day", _("A day")


class Audience(models.TextChoices):
    """Whom a page is written for."""

    EVERYONE = "everyone", _("Everyone")
    PERSON = "person", _("The person who looks for help")
    WORKER = "worker", _("The worker")


class PrintState(models.TextChoices):
    """How far a print has come."""

    WAITING = "waiting", _("Waiting for its turn")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
