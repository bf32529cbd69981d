"""Every template compiles, and none holds code or style of its own: the content security policy would block it.

No linter of templates: the one there is (curlylint) cannot read `<h{{ level }}>` or an attribute inside `{% if %}`.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import TemplateSyntaxError

from tests.architecture.sources import shown, templates

# What the browser would refuse, and what it would do instead of staying with us.
FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on, which is an inline script": re.compile(r"\shx-on[:-]", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed|link)\b[^>]*\s(?:src|srcset|href)\s*=\s*[\"']\s*(?:https?:)?//",
        re.IGNORECASE,
    ),
    # Not every template is met by axe in every state.
    "an image without alt": re.compile(r"<img\b(?![^>]*\salt\b)[^>]*>", re.IGNORECASE),
    "a tab order of its own": re.compile(r"\stabindex\s*=\s*[\"']?[1-9]", re.IGNORECASE),
    "a page that cannot be zoomed": re.compile(r"user-scalable\s*=\s*(?:no|0)|maximum-scale", re.IGNORECASE),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
DATA_BLOCK = re.compile(r"type\s*=\s*[\"']application/(?:ld\+)?json[\"']", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def faults(text: str) -> Iterable[str]:
    """What in a template's text cannot work on our pages."""
    text = COMMENT.sub("", text)
    yield from (name for name, pattern in FORBIDDEN.items() if pattern.search(text))
    for attributes in SCRIPT.findall(text):
        if not re.search(r"\ssrc\s*=", attributes) and not DATA_BLOCK.search(attributes):
            yield "a script without src"


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_template_compiles(path: Path):
    try:
        engines["django"].from_string(path.read_text())
    except TemplateSyntaxError as error:
        pytest.fail(f"{shown(path)}: {str(error)[:200]}", pytrace=False)


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_template_holds_no_code_or_style(path: Path):
    # Mail programs have no policy of ours, and take every other style away.
    is_letter = path.parts[-2:-1] == ("post",)
    found = set(faults(path.read_text())) - ({"inline style", "a <style> element"} if is_letter else set())
    assert found == set()


@pytest.mark.parametrize(
    "text",
    [
        '<p class="a" style="color: red">',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<script type="module">run()</script>',
        '<button onclick="go()">',
        "<button hx-on:click='go()'>",
        '<a href="javascript:go()">',
        '<img alt="" src="https://example.org/a.png">',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img src="/a.png">',
        '<a href="/" tabindex="1">',
        '<meta name="viewport" content="width=device-width, user-scalable=no">',
    ],
)
def test_a_bad_template_is_seen(text: str):
    assert list(faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'a.js' %}\" defer></script>",
        '<script type="application/ld+json">{{ data }}</script>',
        '<a href="https://example.org/">a link leads out, and may</a>',
        "{# no style= here #}",
        '<p class="one" data-style="x" tabindex="-1">on = off</p>',
        '<img src="{% static \'a.svg\' %}" {% if x %}class="x"{% endif %} alt="">',
    ],
)
def test_a_good_template_passes(text: str):
    assert not list(faults(text))
