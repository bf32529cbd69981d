"""Settings of search that cannot work, told when the site starts."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from search.indexing import ELASTICSEARCH, EMBEDDED, KNOWN_ENGINES


@register
def search_url(app_configs, **kwargs) -> list[CheckMessage]:
    """There is an engine of the name in SEARCH_URL, and a place for its index."""
    parts = urlsplit(settings.SEARCH_URL)
    if parts.scheme not in (EMBEDDED, ELASTICSEARCH):
        return [Error(f"SEARCH_URL: there is no engine {parts.scheme!r}.", hint=KNOWN_ENGINES, id="search.E001")]
    if parts.scheme == ELASTICSEARCH and not parts.hostname:
        return [Error("SEARCH_URL names no server.", hint=KNOWN_ENGINES, id="search.E002")]
    if parts.scheme == EMBEDDED and parts.netloc:
        # Several machines would each have an index of their own, and only the task worker's would follow the data.
        return [
            Error(
                "SEARCH_URL: the embedded index lies on the machine of the site and has no address.",
                hint="On several machines use elasticsearch://host:9200.",
                id="search.E003",
            )
        ]
    return []
