"""The lock follows pyproject.toml, and no committed file is true on one machine only."""

import pytest

from scripts.check_repository import faults, lock_faults, text_faults

LOCK = "django==5.2.19 \\\n    --hash=sha256:00\n    # via wagtail\nwagtail==8.0.1 \\\n    --hash=sha256:11\n"


def test_this_checkout_is_fit_for_any_machine():
    assert faults() == []


def test_a_good_lock_passes():
    assert list(lock_faults("lock", LOCK, ["Django>=5.2,<5.3", "wagtail[x]~=8.0"])) == []


@pytest.mark.parametrize(
    ("lock", "requirement", "words"),
    [
        (LOCK, "whitenoise>=6", "whitenoise is missing"),
        (LOCK, "Django>=6", "django==5.2.19 is not >=6"),
        (LOCK.replace("    --hash=sha256:11\n", ""), "wagtail", "wagtail has no hash"),
        ("--index-url https://example.org/simple\n" + LOCK, "wagtail", "holds --index-url"),
    ],
)
def test_a_bad_lock_is_seen(lock: str, requirement: str, words: str):
    assert words.lower() in " ".join(lock_faults("lock", lock, [requirement])).lower()


@pytest.mark.parametrize(
    "text",
    [
        "pip install --index-url https://py" + "pi.org/simple django",
        "cd /ro" + "ot/project && make",
        'DATA = "/wo' + 'rk/data"',
        "see ../sha" + "red/notes.md",
    ],
)
def test_a_name_of_one_machine_is_seen(text: str):
    assert list(text_faults("README.md", text))


@pytest.mark.parametrize(
    "text", ["/fi/work/", "https://example.org/home/page", "a root/branch", "from pathlib import Path"]
)
def test_ordinary_words_pass(text: str):
    assert not list(text_faults("README.md", text))
