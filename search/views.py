"""The search page and the suggestions of its box. Thin: read the address, gather, choose what answers.

What people search with is never stored or logged: no session, no message, no copy in a cache.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.views import own_list
from portal.base.languages import FINNISH
from portal.base.ratelimit import is_too_often
from search import dead_ends
from search.forms import Asked
from search.presentation import search_context, suggestion_list
from search.suggesting import suggestions

# A quick typist asks a few times in a second, and an office may share one address.
MOST_SUGGESTIONS, SECONDS = 600, 60


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Which of these fits me?"""
    asked = Asked.read(request.GET)
    context = search_context(asked, get_language() or FINNISH, request.path, own_list(request))
    if not asked.is_empty and not context["crisis"]:
        dead_ends.note(request, context["results"], context["total"])
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "search/_fragment.html" if is_part else "search/search.html"
    response = TemplateResponse(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if is_part:
        # A form sends its empty fields too: the address to share is the tidy one.
        response["HX-Push-Url"] = request.path + asked.query()
    return response


@never_cache
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What may the word become that is being typed?"""
    if is_too_often(request, "suggest", most=MOST_SUGGESTIONS, seconds=SECONDS):
        return JsonResponse(suggestion_list([], ""), status=429)
    language = get_language() or FINNISH
    found = suggestions().suggest(request.GET.get("q", ""), language)
    return JsonResponse(suggestion_list(found, language), json_dumps_params={"ensure_ascii": False})
