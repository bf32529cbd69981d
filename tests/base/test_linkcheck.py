"""Looking at links: shape, a careful look without ever knocking on inner doors, and the record of what was found."""

import datetime
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from cards.models import HelpContact
from portal.base import links
from portal.base.links import Look, Problem, RefusedError, has_right_shape, look_at, public_address
from portal.base.models import LinkCheck
from portal.content.links import broken_links, check_links, links_in_use
from tests.factories.cards import HelpContactFactory
from tests.factories.content import HomePageFactory, TextPageFactory
from tests.factories.directory import ServiceFactory


# --- Shape ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", ["https://example.org/", "http://example.org:80/a?b=c#d", "https://äiti.example.fi/ä"])
def test_right_shapes(url):
    assert has_right_shape(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "www.example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "https://",
        "https://localhost/",
        "https://http://example.org/",
        "https://exa mple.org/",
        "https://example..org/",
        "https://user:word@example.org/",
        "https://example.org:port/",
        "https://[::1/",
    ],
)
def test_wrong_shapes(url):
    assert not has_right_shape(url)


# --- Inner doors ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_inner_addresses_are_never_spoken_to(monkeypatch, address):
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **kwargs: [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", (address, 443))],
    )
    with pytest.raises(RefusedError) as refusal:
        public_address("trick.example.org", 443)
    assert refusal.value.problem == Problem.NOT_PUBLIC


def test_a_public_address_is_spoken_to(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", ("93.184.215.14", 443))])
    assert public_address("example.org", 443) == "93.184.215.14"


def test_odd_ports_are_never_knocked_on():
    with pytest.raises(RefusedError):
        public_address("example.org", 22)


def test_the_name_of_this_machine_is_no_way_in():
    assert look_at("http://127.0.0.1/").problem == Problem.NOT_PUBLIC
    assert look_at("http://localhost/").problem == Problem.SHAPE


# --- A look -----------------------------------------------------------------------------------------------------------
class Site(BaseHTTPRequestHandler):
    """A small site of this machine, with every kind of page."""

    asked: list[str] = []

    def answer(self) -> None:
        Site.asked.append(f"{self.command} {self.path}")
        status, location = {
            "/works": (200, ""),
            "/gone": (404, ""),
            "/closed": (403, ""),
            "/ill": (500, ""),
            "/moved": (301, "/works"),
            "/round": (302, "/round"),
            "/inside": (302, "http://169.254.169.254/secret"),
            "/only-get": (405 if self.command == "HEAD" else 200, ""),
        }.get(self.path, (404, ""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815 the names http.server calls

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site_address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://pieni.example.org:{server.server_port}"
    server.shutdown()
    server.server_close()


def here(host: str, port: int) -> str:
    """For tests the small site counts as public, nothing else does."""
    if host != "pieni.example.org":
        raise RefusedError(Problem.NOT_PUBLIC)
    return "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/works", None),
        ("/moved", None),
        ("/only-get", None),
        ("/gone", Problem.NOT_FOUND),
        ("/closed", Problem.MACHINES_REFUSED),
        ("/ill", Problem.SERVER_ERROR),
        ("/round", Problem.REDIRECTIONS),
        ("/inside", Problem.NOT_PUBLIC),
    ],
)
def test_what_a_look_finds(site_address, path, problem):
    assert look_at(site_address + path, resolve=here).problem == problem


def test_a_look_asks_for_no_body_when_the_head_is_enough(site_address):
    Site.asked.clear()
    look_at(f"{site_address}/works", resolve=here)
    assert Site.asked == ["HEAD /works"]


def test_a_site_that_does_not_answer(monkeypatch):
    def slow(*args, **kwargs):
        raise TimeoutError

    monkeypatch.setattr(links.socket, "create_connection", slow)
    found = look_at("http://pieni.example.org/", resolve=here)
    assert found.problem == Problem.TIMEOUT
    assert found.is_unsure


# --- The record -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_links_are_gathered_from_pages_listings_and_contacts():
    home = HomePageFactory()
    hidden = TextPageFactory(parent=home, live=False)
    page = TextPageFactory(
        parent=home,
        title="Linkkisivu",
        body=[
            {
                "type": "text",
                "value": f'<a linktype="page" id="{hidden.pk}">piilossa</a> <a linktype="page" id="98765">poissa</a>',
            },
            {"type": "links", "value": {"title": "", "items": [{"label": "x", "url": "https://sivu.example.org/"}]}},
        ],
    )
    ServiceFactory(
        links=[{"label": "x", "url": "https://palvelu.example.org/"}],
        contact_ways=[{"kind": "web", "value": "www.vaarin.example.org"}, {"kind": "phone", "value": "012"}],
    )
    ServiceFactory(is_sample=True, links=[{"label": "x", "url": "https://esimerkki.example.org/"}])
    ServiceFactory(live=False, links=[{"label": "x", "url": "https://luonnos.example.org/"}])
    HelpContactFactory(website="https://apu.example.org/")

    found = list(links_in_use())
    assert {link.address for link in found if link.page is None} == {
        "https://sivu.example.org/",
        "https://palvelu.example.org/",
        "www.vaarin.example.org",
        "https://apu.example.org/",
    }
    problems = {(each.link.where, each.problem) for each in broken_links()}
    assert (page.title, "page_hidden") in problems
    assert (page.title, "page_missing") in problems
    assert "shape" in {problem for _where, problem in problems}


@pytest.mark.django_db
def test_findings_are_kept_and_not_asked_for_again_too_soon():
    HelpContactFactory(website="https://a.example.org/", chat_url="https://b.example.org/")
    looked: list[str] = []

    def look(url: str) -> Look:
        looked.append(url)
        return Look(url, Problem.NOT_FOUND if "a." in url else None)

    assert check_links(look=look, limit=1) == 1
    assert check_links(look=look) == 1
    assert check_links(look=look) == 0
    assert looked == ["https://a.example.org/", "https://b.example.org/"]
    assert LinkCheck.objects.get(url="https://a.example.org/").status == "broken"
    assert [each.link.address for each in broken_links()] == ["https://a.example.org/"]

    later = timezone.now() + datetime.timedelta(days=8)
    assert check_links(look=look, at=later) == 2

    HelpContact.objects.all().delete()
    check_links(look=look)
    assert not LinkCheck.objects.exists()


@pytest.mark.django_db
def test_one_host_is_not_asked_twice_in_a_breath():
    HelpContactFactory(website="https://a.example.org/1", chat_url="https://a.example.org/2")
    pauses: list[float] = []

    check_links(look=Look, pause=pauses.append)

    assert len(pauses) == 1
    assert 0 < pauses[0] <= 1
