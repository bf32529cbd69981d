"""What protects readers: the content security policy, headers, cookies, logs without words, nothing from elsewhere."""

import logging
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from directory import shortlist
from portal.accounts.models import User
from portal.base.logging import WithoutQueryString, without_query
from tests.factories.content import HomePageFactory, TextPageFactory
from tests.factories.directory import ServiceFactory

SELF = ["script", "style", "font", "connect", "form-action", "manifest", "media", "worker"]
NONE = ["default", "base-uri", "object", "frame-ancestors"]
PUBLIC_POLICY = {
    **{name if "-" in name else f"{name}-src": {"'self'"} for name in SELF},
    **{name if "-" in name else f"{name}-src": {"'none'"} for name in NONE},
    "img-src": {"'self'", "data:"},
}


def policy_of(response) -> dict[str, set[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: set(values) for name, *values in parts}


@pytest.fixture
def addresses(db) -> list[str]:
    """Public pages of every kind that needs no content."""
    home = HomePageFactory()
    text = TextPageFactory(parent=home)
    service = ServiceFactory(contact_ways=[{"kind": "web", "value": "https://elsewhere.example/"}])
    return [
        "/fi/",
        text.url,
        "/fi/hae/",
        "/fi/hae/?q=velka&stage=1",
        "/fi/apua-heti/",
        f"/fi/palvelut/{service.slug}/",
        f"/fi/palvelut/{service.slug}/virhe/",
        f"/fi/jarjestot/{service.organisation.slug}/",
        "/fi/lista/",
        f"/fi/lista/jaettu/{shortlist.pack([service.uuid])}/",
        "/fi/accounts/login/",
        "/fi/ei-ole/",
    ]


# --- policy ----------------------------------------------------------------------------------------------------------
def test_the_public_policy_is_exactly_this(client: Client, addresses: list[str]):
    for path in [*addresses, "/api/v1/search", "/api/v1/nowhere", "/sitemap.xml"]:
        assert policy_of(client.get(path)) == PUBLIC_POLICY, path


@pytest.mark.django_db
def test_the_admin_is_looser_and_still_closed(client: Client):
    client.force_login(User.objects.create_superuser("a@example.org"))
    response = client.get("/admin/")
    assert response.status_code == 200
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == {"'self'", "'unsafe-inline'"}
    assert policy["default-src"] == policy["object-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'self'"}
    assert not {source for sources in policy.values() for source in sources if "//" in source or source == "*"}


@pytest.mark.django_db
def test_a_page_that_looks_like_the_admin_is_strict(client: Client):
    HomePageFactory()
    for path in ("/fi/admin/", "/administration/"):
        assert policy_of(client.get(path, follow=True)) == PUBLIC_POLICY


# --- HTML ------------------------------------------------------------------------------------------------------------
class _Page(HTMLParser):
    """Collects what a browser would run or fetch by itself."""

    FETCHED = {"src", "srcset", "data", "poster", "action", "formaction", "hx-get", "hx-post", "background"}
    # A link is followed by a person; these are fetched by the browser.
    LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "prefetch", "manifest"}

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.fetched: list[str] = []
        self._script: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._script = values if tag == "script" else None
        self.inline += [f"<{tag} {name}=…>" for name in values if name.startswith("on") or name == "style"]
        self.inline += [f"<{tag}>"] if tag == "style" else []
        self.inline += [f"{name}={value}" for name, value in attrs if str(value).lower().startswith("javascript:")]
        self.fetched += [str(value) for name, value in attrs if name in self.FETCHED and value]
        if tag in {"link", "use", "image"} and (tag != "link" or set((values.get("rel") or "").split()) & self.LINKS):
            self.fetched.append(values.get("href") or "")

    def handle_data(self, data: str) -> None:
        script = self._script
        if (
            script is not None
            and "src" not in script
            and data.strip()
            and not (script.get("type") or "").endswith("json")
        ):
            self.inline.append(f"<script>{data[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._script = None


def test_a_bad_page_is_seen():
    page = _Page()
    page.feed('<p style="x" onclick="y"><script>z</script><img src="https://a.example/b"><a href="javascript:x">q</a>')
    assert len(page.inline) == 4
    assert page.fetched == ["https://a.example/b"]


def test_no_page_has_inline_code_or_asks_another_host(client: Client, addresses: list[str]):
    for path in addresses:
        page = _Page()
        page.feed(client.get(path).content.decode())
        assert not page.inline, path
        assert page.fetched, path
        foreign = [url for url in page.fetched if re.match(r"(?:[a-z]+:)?//", url) and "//testserver/" not in url]
        assert not foreign, path


# --- headers and cookies ---------------------------------------------------------------------------------------------
def test_headers(client: Client, addresses: list[str]):
    for path in addresses:
        response = client.get(path)
        assert response["Referrer-Policy"] == "same-origin", path
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["X-Frame-Options"] in {"SAMEORIGIN", "DENY"}


@pytest.mark.django_db
def test_browsers_are_told_to_use_https_only(client: Client):
    HomePageFactory()
    header = client.get("/fi/", secure=True)["Strict-Transport-Security"]
    assert header == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.django_db
def test_http_leads_to_https(client: Client):
    HomePageFactory()
    with override_settings(SECURE_SSL_REDIRECT=True):
        response = Client().get("/fi/")
        assert (response.status_code, response.url) == (301, "https://testserver/fi/")
        assert Client().get("/health/live/").status_code == 200


def test_cookies_are_for_https_and_the_browser_alone():
    for name in ("SESSION", "CSRF"):
        assert getattr(settings, f"{name}_COOKIE_SECURE")
        assert getattr(settings, f"{name}_COOKIE_HTTPONLY")
        assert getattr(settings, f"{name}_COOKIE_SAMESITE") == "Lax"
    assert settings.LANGUAGE_COOKIE_SECURE


@pytest.mark.django_db
def test_merely_reading_sets_no_cookie(client: Client):
    home = HomePageFactory()
    text = TextPageFactory(parent=home)
    for path in ("/fi/", text.url, "/fi/hae/", "/fi/hae/?q=velka", "/fi/apua-heti/", "/fi/lista/", "/fi/ei-ole/", "/"):
        response = client.get(path)
        assert not response.cookies, path
        assert "sessionid" not in client.cookies


def test_no_page_opens_a_session(client: Client, addresses: list[str]):
    for path in addresses:
        if "/accounts/" not in path:
            assert settings.SESSION_COOKIE_NAME not in client.get(path).cookies, path


# --- logs ------------------------------------------------------------------------------------------------------------
words = st.text(st.characters(codec="utf-8", exclude_characters=' "\t\n', exclude_categories=["Z", "C"]), min_size=1)


@given(words)
def test_no_query_string_is_left_of_a_line(query: str):
    line = without_query(f'"GET /fi/hae/?q=SECRET{query}&stage=1 HTTP/1.1" 200')
    assert "SECRET" not in line
    assert line == '"GET /fi/hae/?… HTTP/1.1" 200'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Not Found: /fi/x/", "Not Found: /fi/x/"),
        ("GET /fi/hae/?q=velka 200", "GET /fi/hae/?… 200"),
        ("GET /fi/hae/?q=it's%20me 200", "GET /fi/hae/?… 200"),
        ("Why? Because.", "Why? Because."),
        ("two /a?x=1 and /b?y=2", "two /a?… and /b?…"),
    ],
)
def test_without_query(line: str, expected: str):
    assert without_query(line) == expected


def test_arguments_are_stripped_too():
    record = logging.LogRecord("x", logging.INFO, "", 1, 'request "%s" %s', ("GET /?q=velka HTTP/1.1", 200), None)
    assert WithoutQueryString().filter(record)
    assert record.getMessage() == 'request "GET /?… HTTP/1.1" 200'


def test_every_handler_has_the_filter():
    for name, handler in settings.LOGGING["handlers"].items():
        assert "without_query" in handler["filters"], name


@pytest.mark.django_db
def test_what_is_searched_reaches_no_log(client: Client, caplog: pytest.LogCaptureFixture):
    """Everything any logger says, as the console would write it."""
    HomePageFactory()
    caplog.handler.addFilter(WithoutQueryString())
    caplog.set_level(logging.DEBUG)
    for name in ("django", "django.request", "django.server", "django.security", "search", "portal"):
        logging.getLogger(name).addHandler(caplog.handler)
    try:
        for path in (
            "/fi/hae/?q=kvaksisana",
            "/fi/ei-ole/?q=kvaksisana",
            "/api/v1/search?page=x&q=kvaksisana",
            "/x?q=kvaksisana",
        ):
            client.get(path)
        logging.getLogger("django.request").warning("Not Found: %s", "/fi/?q=kvaksisana")
    finally:
        for name in ("django", "django.request", "django.server", "django.security", "search", "portal"):
            logging.getLogger(name).removeHandler(caplog.handler)
        caplog.handler.filters.clear()
    said = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert any("Not Found" in record.getMessage() for record in said)
    assert not [record.getMessage() for record in said if "kvaksisana" in record.getMessage()]
