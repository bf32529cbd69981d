"""How often a form may be sent: counted for each visitor and each form, and forgotten after a while."""

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from portal.base.ratelimit import is_too_often


def visitor(address: str = "192.0.2.1", forwarded: str = "") -> HttpRequest:
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().post("/", REMOTE_ADDR=address, **extra)


def tries(request: HttpRequest, number: int, action: str = "report") -> list[bool]:
    return [is_too_often(request, action, most=2, seconds=60) for _ in range(number)]


def test_the_third_is_too_often():
    assert tries(visitor(), 4) == [False, False, True, True]


def test_each_visitor_and_each_form_for_itself():
    tries(visitor(), 3)
    assert tries(visitor("192.0.2.2"), 1) == [False]
    assert tries(visitor(), 1, action="other") == [False]


def test_it_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    now = 1_800_000_000.0
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: now)
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: now)
    assert tries(visitor(), 3)[-1]
    now += 59
    assert tries(visitor(), 1) == [True]
    now += 2
    assert tries(visitor(), 1) == [False]


def test_no_address_is_kept():
    tries(visitor("198.51.100.77"), 1)
    kept = repr(list(cache._cache.items()))
    assert "rate" in kept
    assert "198.51.100.77" not in kept


def test_a_visitor_cannot_choose_an_address():
    assert tries(visitor(forwarded="203.0.113.1"), 3)[-1]
    assert tries(visitor(forwarded="203.0.113.2"), 1) == [True]


@override_settings(BEHIND_PROXY=True)
def test_behind_a_proxy_visitors_are_told_apart():
    assert tries(visitor(forwarded="203.0.113.1"), 3)[-1]
    assert tries(visitor(forwarded="203.0.113.2"), 1) == [False]
    # What the visitor wrote comes before what the proxy adds.
    assert tries(visitor(forwarded="203.0.113.9, 203.0.113.1"), 1) == [True]
    assert tries(visitor(), 1) == [False]
