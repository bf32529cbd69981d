"""The search page. Thin: read the address, gather, choose the whole page or the part that htmx swaps.

What people search with is never stored or logged: no session, no message, no copy in a cache.
"""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.views import own_list
from portal.base.languages import FINNISH
from search.forms import Asked
from search.presentation import search_context


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Which of these fits me?"""
    asked = Asked.read(request.GET)
    context = search_context(asked, get_language() or FINNISH, request.path, own_list(request))
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "search/_fragment.html" if is_part else "search/search.html"
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if is_part:
        # A form sends its empty fields too: the address to share is the tidy one.
        response["HX-Push-Url"] = request.path + asked.query()
    return response
