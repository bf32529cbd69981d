"""The mail of a machine of one's own, as a page: what the file backend has written, newest first. Debug mode only."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

MOST_SHOWN = 50
# What Django's file backend writes after each letter.
_END = b"\n" + b"-" * 79 + b"\n"


class Mail(NamedTuple):
    """One letter, as its receiver reads it."""

    to: str
    subject: str
    date: str
    text: str


@require_GET
def development_mail(request: HttpRequest) -> HttpResponse:
    """The last letters, with links that lead to this very server. A 404 outside debug mode, whatever the map says."""
    if not settings.DEBUG:
        raise Http404
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    here = f"{request.scheme}://{request.get_host()}"
    site = settings.SITE_URL.rstrip("/")
    letters = [mail._replace(text=mail.text.replace(site, here)) for mail in newest(Path(folder))] if folder else []
    context = {"letters": letters, "folder": folder, "most": MOST_SHOWN}
    return render(request, "post/development_mail.html", context)


def newest(folder: Path, most: int = MOST_SHOWN) -> list[Mail]:
    """The newest letters in a folder of the file backend: a file for each connection, its letters one after another."""
    files = sorted(folder.glob("*.log"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    found: list[Mail] = []
    for file in files:
        parts = [part for part in file.read_bytes().split(_END) if part.strip()]
        found += [_read(part) for part in reversed(parts)]
        if len(found) >= most:
            break
    return found[:most]


def _read(source: bytes) -> Mail:
    letter = email.message_from_bytes(source, _class=EmailMessage, policy=email.policy.default)
    body = letter.get_body(("plain", "html"))
    text = body.get_content() if body else ""
    return Mail(str(letter["To"] or ""), str(letter["Subject"] or ""), str(letter["Date"] or ""), text.strip())
