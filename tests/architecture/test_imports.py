"""A room imports only rooms below it; the contracts are in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check_repository import ROOT

LINT_IMPORTS = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LINT_IMPORTS, "--config", "pyproject.toml"], cwd=project, text=True, capture_output=True, check=False
    )


def test_every_contract_is_kept():
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Every room, empty, under our contracts."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    rooms = (
        "portal",
        "portal/base",
        "portal/accounts",
        "portal/post",
        "portal/jobs",
        "portal/content",
        "portal/workspace",
    )
    for room in (*rooms, "directory", "cards", "search", "search/engines", "referrals"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "portal/settings.py").touch()
    (tmp_path / "search/engines/elastic.py").write_text("import elasticsearch\n")
    return tmp_path


def test_the_empty_house_keeps_every_contract(house: Path):
    result = lint_imports(house)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("directory/models.py", "search"),
        ("portal/base/auth.py", "directory"),
        ("portal/content/views.py", "portal.workspace"),
        ("cards/blocks.py", "search"),
        ("referrals/views.py", "cards"),
        ("portal/urls.py", "portal.settings"),
        ("search/views.py", "elasticsearch"),
    ],
)
def test_a_wrong_import_is_seen(house: Path, importer: str, imported: str):
    (house / importer).write_text(f"import {imported}\n")

    result = lint_imports(house)

    assert result.returncode == 1
    assert "BROKEN" in result.stdout
