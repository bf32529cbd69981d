"""My list as a signed text: it comes back as it was, and nobody else can write one."""

import uuid

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from directory import shortlist

keys = st.lists(st.uuids(), max_size=shortlist.MOST, unique=True)


@given(keys)
def test_what_is_packed_comes_back(some: list[uuid.UUID]):
    assert shortlist.unpack(shortlist.pack(some)) == some


@given(keys)
def test_it_is_fit_for_a_cookie_and_an_address(some: list[uuid.UUID]):
    packed = shortlist.pack(some)
    assert len(packed) < 1_000
    assert not set(packed) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:")


@given(keys.filter(bool), st.data())
def test_a_changed_text_is_not_ours(some: list[uuid.UUID], data: st.DataObject):
    packed = shortlist.pack(some)
    at = data.draw(st.integers(0, len(packed) - 1))
    other = data.draw(st.sampled_from("AZaz09-_:").filter(lambda letter: letter != packed[at]))
    assert shortlist.unpack(packed[:at] + other + packed[at + 1 :]) == []


@given(st.text())
def test_any_text_is_an_empty_list(text: str):
    assert shortlist.unpack(text) == []


@pytest.mark.parametrize("text", ["", ":", "AAAA", "ä:ö", "\x00", "a" * 100_000])
def test_rubbish_is_an_empty_list(text: str):
    assert shortlist.unpack(text) == []


def test_what_was_signed_for_another_purpose_is_not_a_list():
    value = shortlist.pack([uuid.uuid4()]).rpartition(":")[0]
    assert shortlist.unpack(signing.Signer(salt="elsewhere").sign(value)) == []


def test_a_signed_text_of_broken_length_is_an_empty_list():
    assert shortlist.unpack(signing.Signer(salt="directory.shortlist").sign("AAAA")) == []


def test_at_most_so_many_and_each_once():
    some = [uuid.uuid4() for _ in range(shortlist.MOST + 5)]
    assert shortlist.unpack(shortlist.pack(some)) == some[: shortlist.MOST]
    assert shortlist.unpack(shortlist.pack([some[0], some[1], some[0]])) == some[:2]


@given(keys, st.uuids())
def test_twice_toggled_is_as_before(some: list[uuid.UUID], key: uuid.UUID):
    some = [each for each in some if each != key][: shortlist.MOST - 1]
    once = shortlist.toggled(some, key)
    assert once == [*some, key]
    assert shortlist.toggled(once, key) == some


def test_taking_away_keeps_the_order():
    a, b, c = (uuid.uuid4() for _ in range(3))
    assert shortlist.toggled([a, b, c], b) == [a, c]
