"""Many in the same moment: an answer comes before the closing or not at all, and nobody's goals are overwritten."""

import pytest
from django.test import Client

from cards.models import QualityRound
from cards.quality import actions
from tests.cards.rounds import ENOUGH, LISTENED, answered, answers_in, keeper_path, opened, send
from tests.workspace.test_many_at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

ANSWERING = 8


def test_answers_while_the_round_closes():
    it = opened()
    answered(it.round, LISTENED, [3] * ENOUGH)
    acts = [lambda: send(Client(), it, "person", {LISTENED: 4}) for _number in range(ANSWERING)]
    close = [lambda: Client().post(keeper_path(it, "quality_close")) for _number in range(2)]
    responses = at_once([*acts[:4], *close, *acts[4:]])
    sent, closings = [*responses[:4], *responses[6:]], responses[4:6]
    assert [each.status_code for each in closings] == [302, 302]
    taken = [each for each in sent if each.status_code == 302]
    assert {each.status_code for each in sent} <= {200, 302}
    # Whoever was thanked is counted, and nobody else.
    assert len(answers_in(it.round)) == ENOUGH + len(taken)
    assert send(Client(), it, "person", {LISTENED: 1}).status_code == 200


def test_goals_of_many():
    it = opened()
    actions.close_round(it.round)
    seen = actions.version_of("")
    path = keeper_path(it, "quality_goals")
    texts = [f"Tavoite {number}" for number in range(5)]
    responses = at_once([lambda text=text: Client().post(path, {"goals": text, "seen": seen}) for text in texts])
    assert sorted(each.status_code for each in responses) == [302, 409, 409, 409, 409]
    assert QualityRound.objects.get().goals in texts
