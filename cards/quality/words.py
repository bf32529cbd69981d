"""The words of the scale and of who answers, as the pages of self-assessment say them. No database."""

from django.utils.translation import gettext as _

from cards.choices import AnsweredBy


def anchors() -> list[str]:
    """What 1, 2, 3, 4 and 5 mean."""
    return [_("very poorly"), _("poorly"), _("neither well nor poorly"), _("well"), _("very well")]


def as_oneself(group: str) -> str:
    """Who answers, as the one who answers says it."""
    return {
        AnsweredBy.PERSON: _("I have been guided or supported"),
        AnsweredBy.WORKER: _("I guide and support people"),
        AnsweredBy.TEAM: _("I rate the work of our team"),
        AnsweredBy.ORGANISATION: _("I rate our organisation"),
    }[AnsweredBy(group)]


def in_plural(group: str) -> str:
    """Who answered, of many."""
    return {
        AnsweredBy.PERSON: _("People who were guided"),
        AnsweredBy.WORKER: _("Workers"),
        AnsweredBy.TEAM: _("On the team"),
        AnsweredBy.ORGANISATION: _("On the organisation"),
    }[AnsweredBy(group)]
