"""Chromium, the live server and pages that watch themselves.

A page fails its test when it asked any host but ours, broke the content security policy, threw, or logged an error.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from wagtail.models import Site

from scripts.system_packages import IN_CI, find_chromium

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# Chromium as root, on a machine without a screen; and nothing of its own that would go to the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The event carries what the console line may cut off; pages without JavaScript are watched by the console alone.
REPORT_VIOLATIONS = """
    addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`))
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; without one, its tests are left out, but in CI they fail."""
    path = find_chromium()
    if path is None:
        (pytest.fail if IN_CI else pytest.skip)("Chromium is missing: `make test` tells how to install it")
    # Playwright's loop runs in this thread, which Django takes for asynchronous code; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServerThread]:
    """The site on a free port. It answers from whichever databases are in use at the moment: `site` decides."""
    thread = LiveServerThread("localhost", static_handler=StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield thread
    thread.terminate()


@pytest.fixture
def live_site(site: None, server: LiveServerThread) -> str:
    """The address of the loaded site."""
    # Full addresses (canonical, hreflang, shared lists) are made from this row.
    Site.objects.filter(is_default_site=True).update(hostname=server.host, port=server.port)
    Site.clear_site_root_paths_cache()
    return f"http://{server.host}:{server.port}"


@dataclass
class Watch:
    """What a page did that no page of ours may do."""

    origin: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """Let a fault with these words pass: a test that asks for a missing page expects "404"."""
        self.expected.append(words)

    def attach(self, page: Page) -> None:
        """Begin to watch."""
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"threw {error}"))

    def _on_request(self, request: Request) -> None:
        target = urlsplit(request.url)
        if target.scheme not in {"data", "blob", "about"} and f"{target.scheme}://{target.netloc}" != self.origin:
            self.faults.append(f"asked {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"logged {message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        """The faults that the test did not ask for, each once."""
        return [fault for fault in dict.fromkeys(self.faults) if not any(words in fault for words in self.expected)]


@pytest.fixture
def watch(live_site: str) -> Iterator[Watch]:
    """The watch over all pages of a test; fails the test when they misbehaved."""
    watch = Watch(origin=live_site)
    yield watch
    if faults := watch.unexpected():
        pytest.fail("The page misbehaved:\n  " + "\n  ".join(faults), pytrace=False)


@pytest.fixture
def open_page(chromium: Browser, live_site: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own: `open_page(color_scheme="dark")`, `open_page(viewport=PHONE)`."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        context = chromium.new_context(**{"base_url": live_site, "locale": "fi-FI", "viewport": DESKTOP, **options})
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("page", watch.attach)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page_phone(open_page: Callable[..., Page]) -> Page:
    """A page at 390 × 844, with touch."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def page_desktop(open_page: Callable[..., Page]) -> Page:
    """A page at 1280 × 900."""
    return open_page()


@pytest.fixture
def page_no_js(open_page: Callable[..., Page]) -> Page:
    """A page at 1280 × 900 with JavaScript off."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def sign_in(live_site: str) -> Callable[[Page, object], None]:
    """Signs a user in to a page's browser, as if by the login page (which has journeys of its own)."""

    def sign_in(page: Page, user: object) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_site}])

    return sign_in
