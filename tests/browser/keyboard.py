"""Going through a page by the keyboard alone."""

from playwright.sync_api import Page


def focused(page: Page) -> str:
    """What has the focus: its id, name or text."""
    return page.evaluate("() => { const e = document.activeElement; return e.id || e.name || e.textContent.trim(); }")


def is_focused(page: Page, selector: str) -> bool:
    """Whether what has the focus fits a selector."""
    return page.evaluate("(selector) => document.activeElement.matches(selector)", selector)


def tab_until(page: Page, selector: str, *, most: int = 80) -> None:
    """Walk on until something is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if is_focused(page, selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector} in {most} steps")
