"""Rounds of self-assessment for tests: a page with statements of three groups, a round, and answers to it."""

import json
from typing import Any

from django.test import Client
from django.utils import translation
from wagtail.models import Page

from cards.models import QualityAnswer, QualityCriteriaPage, QualityRound
from cards.quality import actions
from cards.quality.access import address, answering_path
from cards.quality.actions import Opened
from cards.quality.keys import answering_key
from tests.factories.cards import PracticeModelIndexPageFactory, PracticeModelPageFactory, QualityCriteriaPageFactory
from tests.factories.content import HomePageFactory

LISTENED, CHOSE, TIME, PLAN = "Minua kuunneltiin.", "Sain itse valita.", "Aikaa oli.", "Suunnitelma on tehty."
LISTENED_SIMPLY = "Minua kuunneltiin hyvin."
ENOUGH = 5


def themes() -> str:
    """Two statements for the person, one of them in Easy Finnish too; one for the worker; one for the organisation."""

    def theme(name: str, *statements: dict[str, str]) -> dict[str, Any]:
        return {"type": "theme", "value": {"theme": name, "statements": list(statements)}}

    def said(text: str, answered_by: str, simple: str = "") -> dict[str, str]:
        return {"text": text, "simple": simple, "answered_by": answered_by}

    return json.dumps(
        [
            theme("encounter", said(LISTENED, "person", LISTENED_SIMPLY), said(CHOSE, "person")),
            theme("competence", said(TIME, "worker")),
            theme("cooperation", said(PLAN, "organisation")),
        ]
    )


def criteria_page(home: Page | None = None) -> QualityCriteriaPage:
    """A published page, on a site of its own unless there is one."""
    index = PracticeModelIndexPageFactory(parent=home or HomePageFactory())
    return QualityCriteriaPageFactory(parent=PracticeModelPageFactory(parent=index), themes=themes())


def opened(page: QualityCriteriaPage | None = None, name: str = "Syksy") -> Opened:
    """An open round and its keeper's key."""
    return actions.open_round(page or criteria_page(), name=name)


def key_named(asked: QualityRound, text: str) -> str:
    """The key of a statement in a round."""
    return next(each["key"] for each in asked.statements if each["text"] == text)


def answered(asked: QualityRound, text: str, rates: list[int], group: str = "person") -> None:
    """One answer for each rate, of one statement."""
    for rate in rates:
        actions.answer(asked, answered_by=group, values={key_named(asked, text): rate})


def keeper_path(it: Opened, name: str = "quality_round") -> str:
    """A page of the keeper."""
    with translation.override("fi"):
        return address(name, it.keeper_key)


def answer_path(it: Opened, group: str = "", language: str = "fi") -> str:
    """The page to choose a group on, or that of a group."""
    if not group:
        return answering_path(it.round, it.keeper_key)
    with translation.override(language):
        return address("quality_answer_as", answering_key(it.keeper_key), group=group)


def send(client: Client, it: Opened, group: str, rates: dict[str, object]) -> Any:
    """Send the form of a group, as a browser would. rates: by the statement's text."""
    return client.post(answer_path(it, group), {key_named(it.round, text): rate for text, rate in rates.items()})


def answers_in(asked: QualityRound) -> list[QualityAnswer]:
    """What is in the database."""
    return list(QualityAnswer.objects.filter(round=asked))
