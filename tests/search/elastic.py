"""Where tests find a real Elasticsearch: `make test` starts one, or `python -m scripts.elasticsearch -- COMMAND`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from scripts.system_packages import IN_CI

SERVER = os.environ.get("ELASTICSEARCH_TEST_URL", "")


def skip_without_server() -> None:
    """Skips the test where no server runs; in CI that is a failure."""
    if SERVER:
        return
    reason = "needs Elasticsearch: `.venv/bin/python -m scripts.elasticsearch -- .venv/bin/python -m pytest`"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def address_of_an_index() -> Iterator[str]:
    """A SEARCH_URL with a prefix of its own: tests of several workers share the server."""
    skip_without_server()
    prefix = f"tests-{uuid4().hex[:12]}"
    try:
        yield f"{SERVER}/{prefix}"
    finally:
        client().indices.delete(index=",".join(indices(prefix)) or "none-of-these", ignore_unavailable=True)


def client() -> Elasticsearch:
    return Elasticsearch(SERVER.replace("elasticsearch://", "http://"), request_timeout=30)


def indices(prefix: str) -> dict[str, list[str]]:
    """The indices of a prefix, each with its aliases."""
    found = client().indices.get(index=f"{prefix}-*")
    return {name: sorted(index["aliases"]) for name, index in found.items()}
