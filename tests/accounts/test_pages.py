"""Every page of signing in stands in the site's frame, in the reader's language, without inline code."""

import re
from collections.abc import Iterable, Iterator

import allauth.urls
import pytest
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext, override

from portal.accounts.urls import urlpatterns as our_urls
from tests.accounts.pages import NO_PAGES, account_pages

pytestmark = pytest.mark.django_db

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*(?:\ssrc=|application/json|application/ld\+json))", re.IGNORECASE
)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_page_stands_in_the_frame(language):
    for name, client, path in account_pages(language):
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200, (name, getattr(answer, "url", ""))
        assert f'<html lang="{language}"' in html, name
        assert 'id="main"' in html, name
        assert html.count("<h1") == 1, name
        assert not INLINE.search(html), name
        assert "placeholder=" not in html, name
        assert 'name="robots" content="noindex"' in html, name
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"], name
        assert "no-store" in answer["Cache-Control"], name


def names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from names(pattern.url_patterns)


def test_no_page_is_forgotten():
    walked = {name for name, _client, _path in account_pages("fi")}
    ours = {f"accounts:{pattern.name}" for pattern in our_urls}
    assert walked == (set(names(allauth.urls.urlpatterns)) | ours) - NO_PAGES


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_an_error_is_in_the_readers_language(client, language):
    with override(language):
        words = gettext("Incorrect code.")
    answer = client.post(f"/{language}/accounts/login/", {"login": "kuka@example.org", "password": ""})
    html = client.post(answer.url, {"code": "WRNG-CODE"}).content.decode()
    assert words != "Incorrect code."
    assert words in html
