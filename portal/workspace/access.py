"""The doors of the workspace: who is signed in, what they may see. What is not theirs answers 404, as if it were not.

Rules stand in directory.permissions; here they are asked of a request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from directory.models import Organisation, Service
from directory.permissions import Action, is_staff, may
from portal.base import languages

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """A page for signed-in people, never cached. Others are led to sign in and come back."""
    return never_cache(login_required(view))


def for_staff(view: View) -> View:
    """A page for those who administer any part of the directory; for others it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_staff(request.user):
            raise Http404("nothing here")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def organisation_or_404(request: HttpRequest, slug: str, action: Action = Action.SEE_ORGANISATION) -> Organisation:
    """The organisation, if the person may do this to it."""
    organisation = (
        Organisation.objects.filter(slug=slug).select_related("home_municipality__county", "latest_revision").first()
    )
    if organisation is None or not may(request.user, action, organisation):
        raise Http404("no such organisation")
    return organisation


def service_or_404(
    request: HttpRequest, key: UUID, language: str = "", action: Action = Action.EDIT_SERVICE
) -> Service:
    """A row of a service, if the person may do this to it: of `language`, else the first in the reader's order."""
    rows = Service.objects.of_keys([key]).select_related(
        "organisation__home_municipality", "locale", "latest_revision", "owner", "deputy"
    )
    if language:
        rows = rows.filter(locale__language_code=language)
    order = languages.reading_order(get_language() or languages.FINNISH)
    service = min(
        rows,
        key=lambda row: order.index(row.language) if row.language in order else len(order),
        default=None,
    )
    if service is None or not may(request.user, action, service.organisation):
        raise Http404("no such service")
    return service
