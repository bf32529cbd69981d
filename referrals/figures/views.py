"""Referrals in figures, for those who administer the directory. Thin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def figures(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def figures_csv(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404
