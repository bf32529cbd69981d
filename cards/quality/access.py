"""The doors of the rounds: which key opens which page. Every address below them is secret.

So it is never cached, not indexed, and told to no other site (Referrer-Policy same-origin, as everywhere here; with
no-referrer browsers would send `Origin: null`, which the CSRF check refuses).
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from cards.models import QualityRound
from cards.quality.keys import answering_key
from cards.quality.rounds import round_to_answer, round_to_keep

# Of the query string, in every language.
KEY = "avain"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, QualityRound, P], HttpResponse]


def for_keeper(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the round's keeper: 404 without the keeper's key, also with the key of those who answer."""
    return _behind(round_to_keep, view)


def for_answering(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of those who answer: 404 without the answering key."""
    return _behind(round_to_answer, view)


def key_of(request: HttpRequest) -> str:
    """The key that came with the address."""
    return request.GET.get(KEY, "")


def address(name: str, key: str, **values: str) -> str:
    """The path of a page behind a key, in the reader's language."""
    return f"{reverse(f'cards:{name}', kwargs=values)}?{urlencode({KEY: key})}"


def answering_path(asked: QualityRound, keeper_key: str) -> str:
    """The path to share with those who answer, in the language of the statements."""
    with translation.override(asked.language):
        return address("quality_answer", answering_key(keeper_key))


def _behind(
    find: Callable[[str], QualityRound | None], view: View[P]
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = find(key_of(request))
        if found is None:
            raise Http404("no such round")
        try:
            response = view(request, found, *args, **kwargs)
        except QualityRound.DoesNotExist:
            # Removed while its page was open.
            raise Http404("no such round") from None
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded
