"""Fixtures for every test: settings, databases, and `site`, the whole content, loaded once and fresh for each test.

Three ways to a database: `db` (or the django_db mark) for most tests, rolled back; `committed_db`, a copy of the empty
database where transactions are real; `site`, a copy of the loaded one. What needs a browser: tests/browser/conftest.py.
"""

import itertools
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings, setup_databases, teardown_databases

# What `make run` does to an empty database, in its order.
LOADING_COMMANDS = ("load_content", "ensure_index")

# Two cores that others use too: a slow example is not a fault.
hypothesis.settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("project")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests and put them last (cheap tests fail first); open every database to a database test."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        mark = item.get_closest_marker("django_db")
        if {"transactional_db", "live_server"} & fixtures or (mark and mark.kwargs.get("transaction")):
            # The flush after such a test takes away the locales, pages and sites that migrations made.
            raise pytest.UsageError(f"{item.nodeid}: use committed_db or site instead of a transactional test")
        if mark and {"site", "committed_db"} & fixtures:
            raise pytest.UsageError(f"{item.nodeid}: site and committed_db are databases, leave out the django_db mark")
        if mark or "db" in fixtures:
            # On PostgreSQL the search index is a database of its own: no test should have to know.
            keywords = {"databases": "__all__", **(mark.kwargs if mark else {})}
            item.add_marker(pytest.mark.django_db(**keywords), append=False)
        if "chromium" in fixtures:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(django_test_environment: None) -> Iterator[None]:
    """Production settings, less what needs HTTPS, a collectstatic run, time or a passkey (tests/accounts asks it)."""
    with override_settings(
        SECURE_SSL_REDIRECT=False,
        REQUIRE_SECOND_FACTOR=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """The site asks nothing of the network; code that tries fails at once and says where it wanted to go."""
    connect = socket.socket.connect

    def connect_on_this_machine(self: socket.socket, address: tuple) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test wanted to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_on_this_machine)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Wagtail caches the root paths of sites: what was true in one test's database must not reach the next."""
    cache.clear()
    yield
    cache.clear()


# --- Databases -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[None]:
    """Every database, migrated from zero; pytest-django's own makes only those that a mark names."""
    with django_db_blocker.unblock():
        names = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    yield
    with django_db_blocker.unblock():
        teardown_databases(names, verbosity=0)


@contextmanager
def _databases_named(suffix: str) -> Iterator[None]:
    """Inside, every thread's databases are `<name>_<suffix>`: all connections of an alias share one settings dict."""
    names = {connection.alias: connection.settings_dict["NAME"] for connection in connections.all()}

    def use(find: Callable) -> None:
        for connection in connections.all():
            connection.close()
            connection.settings_dict["NAME"] = find(connection)
        cache.clear()
        ContentType.objects.clear_cache()

    use(lambda connection: connection.creation.get_test_db_clone_settings(suffix)["NAME"])
    try:
        yield
    finally:
        use(lambda connection: names[connection.alias])


def _copy_databases(suffix: str) -> None:
    """Copy every database to `<name>_<suffix>`.

    On SQLite the write-ahead log is brought into the file first: closing alone does not while a thread of an earlier
    test still holds a connection, and the copy would lack what is only in the log.
    """
    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        connection.creation.clone_test_db(suffix=suffix, verbosity=0)


def _drop_databases(suffix: str) -> None:
    for connection in connections.all():
        connection.creation.destroy_test_db(suffix=suffix, verbosity=0)


_numbers = itertools.count(1)


@contextmanager
def _a_copy() -> Iterator[None]:
    """Inside, the databases are fresh copies of those outside. Never the same name twice: a browser's last request may
    still hold the file before."""
    suffix = str(next(_numbers))
    _copy_databases(suffix)
    with _databases_named(suffix):
        yield
    _drop_databases(suffix)


@pytest.fixture(scope="session")
def loaded_site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The content, loaded once a run into a copy: tests that count rows in the empty database never meet it."""
    with django_db_blocker.unblock():
        _copy_databases("loaded")
        with _databases_named("loaded"):
            for command in LOADING_COMMANDS:
                call_command(command, verbosity=0)
    yield
    with django_db_blocker.unblock():
        _drop_databases("loaded")


@pytest.fixture
def site(loaded_site: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The whole site as `make run` shows it, in committed databases that this test alone may change at will."""
    with django_db_blocker.unblock(), _databases_named("loaded"), _a_copy():
        yield


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Empty, migrated databases of this test's own, no transaction around it: for threads, locks and on_commit."""
    with django_db_blocker.unblock(), _a_copy():
        yield
