"""The worker's pages: choosing, gates, sending, one referral, what is printed. Thin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def new(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def new_step(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def referral(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def act(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def take_over(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def paper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def new_code(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def plan(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def log(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def more(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404
