"""Asks axe-core whether a page can be used by everybody: WCAG 2.2 AA and axe's best practices."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # Passed rules are of no use here and cost most of the time.
    "resultTypes": ["violations"],
}
START = "(options) => { window.axeAnswer = axe.run(options); }"
COLLECT = """async () => (await window.axeAnswer).violations.flatMap((rule) => rule.nodes.map((node) =>
    `axe ${rule.id}: ${node.html.slice(0, 200)} | ${node.failureSummary.replace(/\\s+/g, " ").slice(0, 300)}`))"""


@cache
def _source() -> str:
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def start_axe(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Let axe begin, without waiting for it: another page can be opened meanwhile."""
    page.evaluate(_source())
    page.evaluate(START, RULES | {"rules": {rule: {"enabled": False} for rule in without}})


def axe_faults(page: Page) -> list[str]:
    """What axe found after `start_axe`, a line each."""
    return page.evaluate(COLLECT)


def assert_no_axe_violations(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with axe's own words. `without` names rules to leave out; say why beside the call."""
    start_axe(page, without=without)
    faults = axe_faults(page)
    assert not faults, "\n".join([page.url, *faults])
