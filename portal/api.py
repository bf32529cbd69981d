"""The one API object; mounts the routers of the rooms. No schemas here."""

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.renderers import JSONRenderer

from search.api import router as search_router


class Utf8Renderer(JSONRenderer):
    """JSON as people can read it: letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Utf8Renderer(),
    title="Palvelupolku",
    version="1",
    urls_namespace="api",
    # The page of the documentation loads scripts from elsewhere; the machine-readable document is enough.
    docs_url=None,
)
api.add_router("", search_router)


def not_found(request: HttpRequest) -> JsonResponse:
    """Programs get no page for an address that is none."""
    return JsonResponse({"status": 404, "detail": "There is nothing at this address."}, status=404)


@api.exception_handler(HttpError)
def tell_error(request: HttpRequest, error: HttpError):
    """Errors as RFC 9457 would have them, with a message that names what is wrong."""
    return api.create_response(
        request, {"status": error.status_code, "detail": error.message}, status=error.status_code
    )
