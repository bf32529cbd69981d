"""Asks whether the committed files are fit for any machine: the lock follows pyproject.toml and names no package index,
and no file names a machine's own paths.

Pure functions on texts, tried with bad ones in tests/architecture/test_lock.py; `main` applies them to this checkout.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
# In pieces, or this file would name them.
INDEX_HOSTS = re.compile(r"\b(?:py" + r"pi|python" + r"hosted|npm" + r"js|crates)\.(?:org|io)\b")
MACHINE_PATH = re.compile(r"""(?:^|[\s"'`=(:,])(/(?:work|root|home|Users)/[\w.-]+)""", re.MULTILINE)
NEIGHBOUR = re.compile(r"\.\./" + "shared")


def pins(lock: str) -> dict[str, str]:
    """Package name → version in a lock file."""
    return {canonicalize_name(name): version for name, version in PIN.findall(lock)}


def lock_faults(name: str, lock: str, requirements: Iterable[str]) -> Iterable[str]:
    """What is wrong with a lock that should hold `requirements`."""
    locked = pins(lock)
    for text in requirements:
        wanted = Requirement(text)
        version = locked.get(canonicalize_name(wanted.name))
        if version is None:
            yield f"{name}: {wanted.name} is missing; run `make lock`"
        elif not wanted.specifier.contains(Version(version), prereleases=True):
            yield f"{name}: {wanted.name}=={version} is not {wanted.specifier}; run `make lock`"
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock):
        found = PIN.match(block)
        if found and "--hash=sha256:" not in block:
            yield f"{name}: {found[1]} has no hash"
    for option in ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "://"):
        if option in lock:
            yield f"{name}: holds {option}"


def text_faults(path: str, text: str) -> Iterable[str]:
    """What in a committed file would be true on one machine only."""
    for host in sorted(set(INDEX_HOSTS.findall(text))):
        yield f"{path}: names the package index {host}"
    for place in sorted(set(MACHINE_PATH.findall(text))):
        yield f"{path}: names a path of one machine, {place}"
    # A test may read data that lies beside the project, when it skips without them.
    if not path.startswith("tests/") and NEIGHBOUR.search(text):
        yield f"{path}: points out of the project"


def committed_files() -> list[Path]:
    """Every file that is in git or would be added to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout.split("\0")
    return sorted(path for name in names if name and (path := ROOT / name).is_file())


def faults() -> list[str]:
    """Everything wrong in this checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = (ROOT / "requirements.txt").read_text()
    dev = (ROOT / "requirements-dev.txt").read_text()
    dependencies = project["project"]["dependencies"]
    found = [
        *lock_faults("requirements.txt", run, dependencies),
        *lock_faults("requirements-dev.txt", dev, [*dependencies, *project["dependency-groups"]["dev"]]),
    ]
    for name, version in pins(run).items():
        if pins(dev).get(name) != version:
            found.append(f"requirements-dev.txt: {name} is not {version} as in requirements.txt; run `make lock`")
    for path in committed_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # pictures and the like
        found += text_faults(str(path.relative_to(ROOT)), text)
    return found


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = faults()
    print("\n".join(found) if found else "The lock is in line; no file names a machine.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
