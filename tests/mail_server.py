"""A real mail server on loopback: takes letters, or refuses or stalls as the test says. Real SMTP, real sockets."""

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.postgres import free_port

TAKEN = "250 OK"


@dataclass
class MailServer:
    """What came in, and how the server is to behave. Used as aiosmtpd's handler.

    reply_to: what it says to a recipient, by address. reply_to_data: to the letter itself. stall_at: the phase, "RCPT"
    or "DATA", at which a letter hangs, after `let_pass` others, until its sender goes away or it is `released`.
    """

    port: int = 0
    taken: list[Message] = field(default_factory=list)
    reply_to: dict[str, str] = field(default_factory=dict)
    reply_to_data: str = TAKEN
    stall_at: str = ""
    let_pass: int = 0
    stalled: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._stall("RCPT")
        reply = self.reply_to.get(address, TAKEN)
        if reply == TAKEN:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        # Not taken yet: a sender who goes away now has not been told that it was.
        await self._stall("DATA")
        if self.reply_to_data == TAKEN:
            self.taken.append(email.message_from_bytes(envelope.content))
        return self.reply_to_data

    async def _stall(self, phase: str) -> None:
        if self.stall_at != phase:
            return
        if self.let_pass:
            self.let_pass -= 1
            return
        self.stall_at = ""
        self.stalled.set()
        while not self.released.is_set():
            await asyncio.sleep(0.05)

    def stall(self, phase: str, after: int = 0) -> None:
        """Let a letter hang at a phase, `after` others; `stalled` tells that it does, `released` lets it go on."""
        self.stalled.clear()
        self.released.clear()
        self.stall_at, self.let_pass = phase, after

    @property
    def taken_ids(self) -> list[str]:
        """The Message-ID of every letter that was taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A server on a free port of loopback."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        server.released.set()
        controller.stop()
