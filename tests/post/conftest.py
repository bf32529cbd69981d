"""A mail server on loopback, to which the site sends."""

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings

from tests.mail_server import MailServer, running_mail_server


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """The server that the site's mail settings lead to."""
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with (
        running_mail_server() as server,
        override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port),
    ):
        yield server
