"""Small changes to HTML on its way to paper: symbols drawn in place, sites beside links, nothing that asks for more.

Pure: text in, text out. The HTML is our own templates' (attributes in double quotes, links not inside links).
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import segno

_SYMBOL = re.compile(r'<symbol id="([^"]+)"([^>]*)>(.*?)</symbol>', re.DOTALL)
_USED = re.compile(r'<svg class="([^"]*)"[^>]*><use href="[^"]*#([^"]+)"></use></svg>')
_LINK = re.compile(r'(<a\b[^>]*?href="(https?://[^"]+)"[^>]*>)(.*?)</a>', re.DOTALL)
_ASKS_FOR_MORE = re.compile(r"<script\b[^>]*>.*?</script>|<link\b[^>]*>|<base\b[^>]*>", re.DOTALL | re.IGNORECASE)

INK, PAPER, SOFT = "#0a4a58", "#ffffff", "#eef3f1"


@cache
def symbols(sprite: Path) -> dict[str, str]:
    """The symbols of a sprite by name, each with its box and strokes, in the colours of paper."""
    text = sprite.read_text().replace("currentColor", INK)
    text = text.replace("var(--surface-sunk)", SOFT).replace("var(--surface)", PAPER)
    return {name: f"{attributes}>{inside}" for name, attributes, inside in _SYMBOL.findall(text)}


def with_symbols(html: str, sprite: Path) -> str:
    """Every symbol drawn where it is used. One that is not in the sprite is left out."""
    known = symbols(sprite)

    def drawn(found: re.Match[str]) -> str:
        classes, name = found.groups()
        return f'<svg class="{classes}" aria-hidden="true"{known[name]}</svg>' if name in known else ""

    return _USED.sub(drawn, html)


def with_addresses(html: str, own_site: str) -> str:
    """The name of the site after each link that leads to another one; a link that reads as it already keeps quiet."""

    def told(found: re.Match[str]) -> str:
        start, url, words = found.groups()
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        if url.startswith(own_site) or not host or host in words:
            return found.group()
        return f'{start}{words}</a><span class="address"> ({host})</span>'

    return _LINK.sub(told, html)


def self_contained(html: str) -> str:
    """Without scripts and stylesheets of the web page: paper has its own."""
    return _ASKS_FOR_MORE.sub("", html)


def qr_code(address: str) -> str:
    """A QR code as SVG. Decoration for whoever hears the page: the address stands beside it in words."""
    code = segno.make(address, error="m", micro=False)
    svg: str = code.svg_inline(border=0, dark="#000", omitsize=True, svgclass="qr", lineclass=None)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
