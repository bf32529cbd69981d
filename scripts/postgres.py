"""Runs one command with a PostgreSQL of its own: made in a temporary directory, on a free port, gone afterwards.

`python -m scripts.postgres -- COMMAND…`: the command finds DATABASE_URL in its environment; its exit code is ours.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.system_packages import IN_CI, find_postgres

# The data lives minutes: nothing is gained by writing it safely to a disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def unprivileged_user() -> str | None:
    """Whom the server runs as: initdb refuses root. None when we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


def free_port() -> int:
    """A port on loopback that nobody listens to at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """A running server that answers on loopback and its own socket only; yields its DATABASE_URL."""
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, port, user = home / "data", free_port(), unprivileged_user()
    if user:
        shutil.chown(home, user=user)

    def call(*words: str | Path) -> None:
        # To a file, not a pipe: the server inherits it and would hold a pipe open. pg_ctl stays silent in it.
        with (home / "calls.log").open("a") as log:
            subprocess.run(words, check=True, user=user, cwd=home, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    language = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    listen = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    try:
        call(
            *(programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"),
            *("--encoding", "UTF8", "--locale", "C", "--lc-ctype", language),
        )
        call(
            programs / "pg_ctl",
            "start",
            "-D",
            data,
            "-w",
            "-t",
            "60",
            "-l",
            home / "server.log",
            "-o",
            f"{OPTIONS} {listen}",
        )
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    except subprocess.CalledProcessError as error:
        logs = [path.read_text() for path in (home / "calls.log", home / "server.log") if path.exists()]
        raise SystemExit(f"PostgreSQL did not start: {error}\n{''.join(logs)[-3000:]}") from error
    finally:
        if (data / "postmaster.pid").exists():
            call(programs / "pg_ctl", "stop", "-D", data, "-m", "immediate")
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__)
        return 2
    programs = find_postgres()
    if programs is None:
        print("PostgreSQL is missing: this run was left out.")
        return 1 if IN_CI else 0
    # A polite kill must stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(programs) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
