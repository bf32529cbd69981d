"""What people and the authority are told of the processing: the privacy notice, the record of processing. Thin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def privacy(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404


def record(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To be built."""
    raise Http404
