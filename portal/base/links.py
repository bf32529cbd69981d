"""Looks at addresses: their shape, and whether they open. No models, no list of links; who has links is not known here.

A look is polite (one HEAD, a GET when the server wants one, ten seconds at most) and safe: only http and https, only to
public addresses of the internet, so that nobody can make this machine knock on its neighbours' doors. The address a
name stands for is looked up once and that very address is spoken to; every redirection is judged anew.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, quote, urljoin, urlsplit

TIMEOUT = 10
MOST_REDIRECTIONS = 5
USER_AGENT = "Mozilla/5.0 (compatible; PalvelupolkuLinkCheck/1.0)"
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# (host name, port) → the IP address to speak to. Raises RefusedError.
Resolve = Callable[[str, int], str]


class Problem(StrEnum):
    """Why an address does not open. The words for people are the caller's."""

    SHAPE = "shape"
    NO_HOST = "no_host"
    NOT_PUBLIC = "not_public"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    REDIRECTIONS = "redirections"
    MACHINES_REFUSED = "machines_refused"


# With these the page may well open to a person: the link is not called broken.
UNSURE = frozenset({Problem.MACHINES_REFUSED, Problem.SERVER_ERROR, Problem.TIMEOUT})


class RefusedError(Exception):
    """The address is not looked at; `problem` tells why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Look:
    """What was found. No problem: the address opens."""

    url: str
    problem: Problem | None = None

    @property
    def is_unsure(self) -> bool:
        """Whether the address may open to people all the same."""
        return self.problem in UNSURE


# --- Shape ------------------------------------------------------------------------------------------------------------
def has_right_shape(url: str) -> bool:
    """Whether an address could open at all: http or https, a host with a dot, no spaces, no password in it."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme in PORTS
        and "." in host.strip(".")
        and not any(character.isspace() or character in "<>\"'" for character in url)
        and "://" not in parts.netloc + parts.path[:8]
        and not parts.username
        and all(host.split("."))
    )


# --- Where to speak to ------------------------------------------------------------------------------------------------
def public_address(host: str, port: int) -> str:
    """The public IP address of a host. Raises RefusedError for inner addresses (private, loopback …) and odd ports."""
    if port not in PORTS.values():
        raise RefusedError(Problem.NOT_PUBLIC)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(Problem.NO_HOST) from error
    addresses = [str(entry[4][0]) for entry in found]
    # One inner address among several would be enough for a trick.
    if not addresses or not all(_is_public(address) for address in addresses):
        raise RefusedError(Problem.NOT_PUBLIC)
    return addresses[0]


def _is_public(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # An inner IPv4 address can hide in an outer one.
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


# --- Looking ----------------------------------------------------------------------------------------------------------
def look_at(url: str, *, resolve: Resolve = public_address) -> Look:
    """Open an address as gently as it goes, and tell what was found."""
    address = url
    for _step in range(MOST_REDIRECTIONS + 1):
        if not has_right_shape(address):
            return Look(url, Problem.SHAPE)
        try:
            status, location = _ask("HEAD", address, resolve)
            if status in {400, 403, 404, 405, 406, 501}:
                # Some servers know only GET, and some answer a HEAD wrongly.
                status, location = _ask("GET", address, resolve)
        except RefusedError as error:
            return Look(url, error.problem)
        if status in {301, 302, 303, 307, 308} and location:
            address = urljoin(address, location)
            continue
        return Look(url, _problem_of(status))
    return Look(url, Problem.REDIRECTIONS)


def _problem_of(status: int) -> Problem | None:
    if status < 400:
        return None
    if status in {401, 403, 406, 408, 425, 429, 451, 999}:
        return Problem.MACHINES_REFUSED
    if status in {404, 410}:
        return Problem.NOT_FOUND
    return Problem.SERVER_ERROR if status >= 500 else Problem.REFUSED


def _ask(method: str, address: str, resolve: Resolve) -> tuple[int, str]:
    """Ask for an address; (status, Location). Reads no body. Raises RefusedError when there is no answer."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        # Names with ä are asked for in their plain form.
        host = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RefusedError(Problem.NO_HOST) from error
    connection = _connection(parts, host, port, resolve(host, port))
    headers = {"User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.5", "Accept-Language": "fi,sv;q=0.8,en;q=0.6"}
    try:
        connection.request(method, _target(parts), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except ssl.SSLError as error:
        raise RefusedError(Problem.CERTIFICATE) from error
    except TimeoutError as error:
        raise RefusedError(Problem.TIMEOUT) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RefusedError(Problem.NO_CONNECTION) from error
    finally:
        connection.close()


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _connection(parts: SplitResult, host: str, port: int, ip: str) -> http.client.HTTPConnection:
    """A connection in the host's name, to this very IP address and no other."""
    kind = _TLSConnection if parts.scheme == "https" else _PlainConnection
    return kind(host, port, ip)


class _PlainConnection(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, ip: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.ip = ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self.ip, self.port), self.timeout)


class _TLSConnection(_PlainConnection):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
