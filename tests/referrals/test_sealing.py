"""What is closed with a key: nobody reads it without, nobody changes it unseen, and keys can be changed."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from referrals.choices import Act, Party
from referrals.models import Message, Person
from referrals.sealing import CannotOpenError, has_keys, is_sealed_by_first, reseal, seal, unseal
from tests.factories import referrals as make

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _each in range(3))
# What a form can send: any letters, and nothing that a database would refuse.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def keys(*each: str) -> override_settings:
    return override_settings(REFERRAL_KEYS=list(each))


@given(st.dictionaries(WORDS, st.one_of(WORDS, st.booleans(), st.lists(WORDS, max_size=3)), max_size=5))
def test_what_is_closed_is_opened_the_same(value: dict[str, object]) -> None:
    assert unseal(seal(value)) == value


@given(st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=6, max_size=40))
def test_no_word_is_seen_from_outside(words: str) -> None:
    closed = seal({"hope": words})
    assert words not in closed
    assert closed.isascii()


def test_the_same_is_never_closed_the_same() -> None:
    """Who sees two rows cannot tell that they are about the same."""
    assert len({seal("Matti") for _each in range(50)}) == 50


def test_another_key_opens_nothing() -> None:
    with keys(OLD):
        closed = seal("Matti")
    with keys(OTHER), pytest.raises(CannotOpenError) as raised:
        unseal(closed)
    # What it was is told by no part of the error.
    assert (str(raised.value), raised.value.__cause__) == ("", None)


def test_without_a_key_nothing_is_closed_or_opened() -> None:
    with keys(OLD):
        closed = seal("Matti")
    with keys():
        assert not has_keys()
        with pytest.raises(ImproperlyConfigured):
            seal("Matti")
        for opening in (unseal, reseal):
            with pytest.raises(CannotOpenError):
                opening(closed)


def test_what_was_changed_does_not_open() -> None:
    closed = seal({"name": "Matti"})
    for place in range(len(closed.rstrip("="))):
        other = "A" if closed[place] != "A" else "B"
        changed = f"{closed[:place]}{other}{closed[place + 1 :]}"
        try:
            assert unseal(changed) == {"name": "Matti"}
        except CannotOpenError:
            continue
        # The bits of the last letter that fill up the last byte mean nothing.
        assert place == len(closed.rstrip("=")) - 1


@given(st.one_of(st.just(""), WORDS))
def test_what_was_never_closed_does_not_open(text: str) -> None:
    with pytest.raises(CannotOpenError):
        unseal(text)


def test_keys_are_changed_one_after_the_other() -> None:
    with keys(OLD):
        closed = seal("Matti")
    with keys(NEW, OLD):
        # Both open while the change goes on; what is new is closed by the new one.
        assert unseal(closed) == "Matti"
        assert not is_sealed_by_first(closed)
        again = reseal(closed)
        fresh = seal("Maija")
        assert is_sealed_by_first(again)
    with keys(NEW):
        assert (unseal(again), unseal(fresh)) == ("Matti", "Maija")
        with pytest.raises(CannotOpenError):
            unseal(closed)
    with keys(OLD), pytest.raises(CannotOpenError):
        unseal(again)


@pytest.mark.django_db
def test_rows_hold_no_word_in_the_clear() -> None:
    sent = make.sent(
        details=make.details(
            accessibility="Apuväline-Zyrkon", support_note="Saattaja-Brumeli", best_time="Aamuhetki-Vuoksu"
        )
    )
    enquiry = make.only_enquiry(sent.referral)
    message = Message(enquiry=enquiry, act=Act.ASK, party=Party.ORGANISATION, at=sent.referral.sent_at)
    message.text = "Kysymys-Plimsu"
    message.save()
    secrets = (make.ALIAS, make.PHONE, make.HOPE, "Zyrkon", "Brumeli", "Vuoksu", "Plimsu", sent.code)
    stored = [*Person.objects.values_list("sealed", flat=True), *Message.objects.values_list("sealed", flat=True)]
    assert len(stored) == 2
    assert not [secret for secret in secrets for text in stored if secret in text]
    known = Person.objects.get().details
    assert (known.name, known.reach_value, known.code) == (make.ALIAS, make.PHONE, sent.code)
    assert Message.objects.get().text == "Kysymys-Plimsu"
    # Printed or logged by mistake they tell nothing either.
    assert not [secret for secret in secrets if secret in repr(known) + str(known) + repr(Person.objects.get())]
