"""Is the process alive, can it serve: short answers that nobody caches."""

import pytest
from django.test import Client

PATHS = ("/health/live/", "/health/ready/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_it_answers(client: Client, path: str):
    response = client.get(path)
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_being_alive_asks_no_database(client: Client):
    """This test may not open the database: it would fail if the view did."""
    assert client.get("/health/live/").status_code == 200


def test_without_a_database_it_is_not_ready(client: Client):
    client.raise_request_exception = False
    assert client.get("/health/ready/").status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/health/x/"])
def test_an_unknown_one_is_no_redirect(client: Client, path: str):
    assert client.get(path).status_code == 404
