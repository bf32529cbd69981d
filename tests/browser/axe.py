"""Asks axe-core whether a page can be used by everybody: WCAG 2.2 AA and axe's best practices."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def assert_no_axe_violations(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with axe's own report. `without` names rules to leave out; say why beside the call."""
    options = RULES | {"rules": {rule: {"enabled": False} for rule in without}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
