"""The person's pages: opening by code, what was sent and to whom, withdrawing; sending without a worker. Thin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def own(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_log(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_act(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_rate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_plan(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def own_leave(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def self_referral(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def self_sent(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404
