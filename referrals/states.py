"""The states of an enquiry and who may move it: one table. Pure: no database, no clock.

An enquiry is a referral's question to one organisation. What is not in the table cannot happen.
"""

from collections.abc import Collection

from referrals.choices import Act, Party, State

_S, _A, _P = State, Act, Party

# What an organisation can answer while it is undecided.
_REPLIES = {_A.ACCEPT: _S.ACCEPTED, _A.SUGGEST: _S.SUGGESTED, _A.DECLINE: _S.DECLINED, _A.SAY_FULL: _S.FULL}
# What ends any open enquiry.
_ENDINGS = {_A.CANCEL: _S.CANCELLED, _A.WITHDRAW: _S.WITHDRAWN}
# What ends one that was answered.
_AFTER = {_A.CLOSE: _S.CLOSED, _A.WITHDRAW: _S.WITHDRAWN, _A.LAPSE: _S.CLOSED}

TRANSITIONS: dict[State, dict[Act, State]] = {
    _S.SENT: {**_REPLIES, **_ENDINGS, _A.ASK: _S.ASKED, _A.LAPSE: _S.UNANSWERED},
    _S.ASKED: {**_REPLIES, **_ENDINGS, _A.ANSWER: _S.SENT, _A.LAPSE: _S.CLOSED},
    _S.SUGGESTED: {**_REPLIES, **_ENDINGS, _A.AGREE: _S.ACCEPTED, _A.REFUSE_TIME: _S.SENT, _A.LAPSE: _S.CLOSED},
    _S.ACCEPTED: {
        **_AFTER,
        **_ENDINGS,
        _A.SUGGEST: _S.SUGGESTED,
        _A.DECLINE: _S.DECLINED,
        _A.TELL_CAME: _S.ARRIVED,
        _A.TELL_NOT_COME: _S.NOT_COME,
    },
    _S.NOT_COME: {**_AFTER, **_ENDINGS, _A.SUGGEST: _S.SUGGESTED, _A.TELL_CAME: _S.ARRIVED},
    _S.ARRIVED: {**_AFTER, _A.TELL_WENT_ON: _S.CONTINUES},
    _S.CONTINUES: {**_AFTER},
    _S.DECLINED: {},
    _S.FULL: {},
    _S.UNANSWERED: {},
    _S.WITHDRAWN: {},
    _S.CANCELLED: {},
    _S.CLOSED: {},
}

MAY: dict[Act, frozenset[Party]] = {
    _A.ACCEPT: frozenset({_P.ORGANISATION}),
    _A.ASK: frozenset({_P.ORGANISATION}),
    _A.SUGGEST: frozenset({_P.ORGANISATION}),
    _A.DECLINE: frozenset({_P.ORGANISATION}),
    _A.SAY_FULL: frozenset({_P.ORGANISATION}),
    _A.TELL_CAME: frozenset({_P.ORGANISATION}),
    _A.TELL_NOT_COME: frozenset({_P.ORGANISATION}),
    _A.TELL_WENT_ON: frozenset({_P.ORGANISATION}),
    _A.ANSWER: frozenset({_P.SENDER}),
    _A.AGREE: frozenset({_P.SENDER, _P.PERSON}),
    _A.REFUSE_TIME: frozenset({_P.SENDER, _P.PERSON}),
    _A.CANCEL: frozenset({_P.SENDER}),
    # A person can also tell the worker that they withdraw.
    _A.WITHDRAW: frozenset({_P.SENDER, _P.PERSON}),
    _A.CLOSE: frozenset({_P.SENDER, _P.ORGANISATION}),
    _A.LAPSE: frozenset({_P.SITE}),
}

FINAL = frozenset(state for state, acts in TRANSITIONS.items() if not acts)
OPEN = frozenset(TRANSITIONS) - FINAL
# The organisation is expected to do something.
WAITS_FOR_ORGANISATION = frozenset({_S.SENT})
# The organisation's first word about an enquiry: reply times are counted to it.
ANSWERS = frozenset({_A.ACCEPT, _A.ASK, _A.SUGGEST, _A.DECLINE, _A.SAY_FULL})


class NotNowError(Exception):
    """The act does not fit the state; nothing was changed."""

    def __init__(self, state: State, act: Act) -> None:
        super().__init__(f"{act} does not fit {state}")
        self.state = state


def after(state: State, act: Act) -> State:
    """The state that an act leads to. Raises NotNowError when it cannot be done in this state."""
    try:
        return TRANSITIONS[state][act]
    except KeyError:
        raise NotNowError(state, act) from None


def acts_for(state: State, parties: Collection[Party]) -> list[Act]:
    """What somebody who is one or several of the parties can do now, in the table's order."""
    return [act for act in Act if act in TRANSITIONS[state] and MAY[act] & set(parties)]
