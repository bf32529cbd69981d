"""The organisation's pages: the link of a letter, the code, the enquiry, the inbox. Thin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def link(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def link_code(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def new_link(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def inbox(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def enquiry(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404
