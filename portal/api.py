"""The one API object; mounts the routers of the rooms. No schemas here."""

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError

from search.api import router as search_router

api = NinjaAPI(
    title="Palvelupolku",
    version="1",
    urls_namespace="api",
    # The page of the documentation loads scripts from elsewhere; the machine-readable document is enough.
    docs_url=None,
)
api.add_router("", search_router)


@api.exception_handler(HttpError)
def tell_error(request: HttpRequest, error: HttpError):
    """Errors as RFC 9457 would have them, with a message that names what is wrong."""
    return api.create_response(request, {"status": error.status_code, "detail": error.message}, status=error.status_code)
