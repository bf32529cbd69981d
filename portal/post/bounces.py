"""What a returned letter says: which letter it was, and whether another try could help. Pure: no database, no files.

A report of a mail server (RFC 3464, multipart/report) or an entry of the webhook becomes a `Bounce`; what a server says
in the conversation itself is a `Refusal`. A letter is known by its Message-ID, which only its receiver's side can know:
a made-up report marks nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import Any

# Our own header, with the Message-ID in it: some servers give a letter a Message-ID of their own.
LETTER_HEADER = "X-Letter"

_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# RFC 5321: no mailbox, user not local, mailbox name not allowed.
_NO_MAILBOX_CODES = frozenset({550, 551, 553})
# RFC 3463: the address (1), the mailbox (2), and with it that it is not in use.
_ADDRESS_SUBJECT, _MAILBOX_DISABLED = "1", ("2", "1")


class Kind(StrEnum):
    """hard: nothing will arrive at this address. soft: this letter did not; the next one may."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True)
class Bounce:
    """One letter that came back. recipient: as the report writes it, or ""."""

    message_id: str
    kind: Kind
    recipient: str = ""


def kind_of(words: str) -> Kind:
    """What an enhanced status code (RFC 3463) in the words means for later letters. A full mailbox passes."""
    found = _STATUS.search(words)
    if found and found[1] == "5" and (found[2] == _ADDRESS_SUBJECT or (found[2], found[3]) == _MAILBOX_DISABLED):
        return Kind.HARD
    return Kind.SOFT


@dataclass(frozen=True)
class Refusal:
    """A mail server's answer to a letter it does not take: reply code and text."""

    code: int
    words: str

    @property
    def is_for_ever(self) -> bool:
        """Whether the same letter would be refused again."""
        return 500 <= self.code < 600

    @property
    def kind(self) -> Kind:
        """Whether it is the address that takes no mail. The enhanced code tells more than the old one."""
        if not self.is_for_ever:
            return Kind.SOFT
        if _STATUS.search(self.words):
            return kind_of(self.words)
        return Kind.HARD if self.code in _NO_MAILBOX_CODES else Kind.SOFT


# --- The report of a mail server --------------------------------------------------------------------------------------
def read_report(message: Message) -> Bounce | None:
    """The bounce a mail tells of, or None: it is something else, a delay, or about a letter it does not name."""
    if message.get_content_type() != "multipart/report":
        return None
    parts = list(message.walk())
    failure = next(
        (block for part in parts for block in _recipients(part) if _value(block, "Action") == "failed"), None
    )
    message_id = next((found for part in parts for found in _letter_named_in(part, report=message)), "")
    if failure is None or not message_id:
        return None
    return Bounce(message_id, kind_of(_value(failure, "Status")), _address(failure))


def _recipients(part: Message) -> Iterator[Message]:
    """The blocks of a delivery status that are about a recipient; the first is about the message."""
    if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
        yield from (block for block in part.get_payload() if isinstance(block, Message) and "Action" in block)


def _letter_named_in(part: Message, report: Message) -> Iterator[str]:
    """The returned letter's own Message-ID, where a part of the report is that letter or its headers."""
    if part is report:
        return
    if part.get_content_type() == "text/rfc822-headers":
        yield from _ids_in_headers(_text(part))
    else:
        for name in (LETTER_HEADER, "Message-ID"):
            yield from _MESSAGE_ID.findall(str(part.get(name, "")))[:1]


def _ids_in_headers(headers: str) -> Iterator[str]:
    # A folded header goes on in the next line.
    lines = re.sub(r"\r?\n[ \t]+", " ", headers).splitlines()
    for name in (LETTER_HEADER, "Message-ID"):
        for line in lines:
            if line.lower().startswith(name.lower() + ":"):
                yield from _MESSAGE_ID.findall(line)[:1]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(part.get_payload())


def _value(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip().lower()


def _address(block: Message) -> str:
    """`rfc822; name@example.org` → the address."""
    return (
        _value(block, "Original-Recipient" if "Original-Recipient" in block else "Final-Recipient")
        .split(";")[-1]
        .strip()
    )


# --- An entry of the webhook ------------------------------------------------------------------------------------------
def read_entry(entry: Any) -> Bounce:
    """`{"message_id": "<…@…>", "kind": "hard" or "soft"}` as a bounce. ValueError when it is anything else."""
    if not isinstance(entry, dict):
        raise ValueError("An entry is an object.")
    message_id, kind = entry.get("message_id"), entry.get("kind")
    if not isinstance(message_id, str) or kind not in set(Kind):
        raise ValueError('An entry has a "message_id" and a "kind": "hard" or "soft".')
    bare = message_id.strip().strip("<>")
    return Bounce(f"<{bare}>", Kind(kind))
