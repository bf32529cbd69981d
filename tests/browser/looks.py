"""What can be seen of a page without knowing what it is for: its headings, landmarks, width and the size of targets."""

from playwright.sync_api import Page

# A target is what a finger must hit: buttons, fields, and the links that lead on. Links in running text are none.
TARGETS = """
    button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), .button,
    .filter__choice, .ticks li, header nav a, footer nav a, .link-arrow, .path a, .pager a, .tabs a, a.chip, .steps a,
    .card-steps a, .previous-next a, .theme-tiles a, .theme-mark[href], .stage-mark[href], .contents--narrow a,
    .contact__value a, .call__number, .chips__all, .sorts a
"""
LOOK = """(targets) => {
    const faults = [];
    const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !element.closest(".visually-hidden, [aria-hidden=true]");
    const name = (element) => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);

    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((each) => each.checkVisibility());
    const levels = headings.map((heading) => Number(heading.tagName[1]));
    const firsts = levels.filter((level) => level === 1).length;
    if (firsts !== 1) faults.push(`${firsts} h1`);
    levels.forEach((level, place) => {
        if (level > (levels[place - 1] ?? 0) + 1) faults.push(`heading out of order: ${name(headings[place])}`);
    });
    for (const heading of headings) if (!heading.textContent.trim()) faults.push(`empty heading: ${name(heading)}`);

    for (const landmark of ["body > header", "main", "body > footer"]) {
        const number = document.querySelectorAll(landmark).length;
        if (number !== 1) faults.push(`${number} × ${landmark}`);
    }
    if (!document.title.trim()) faults.push("no title");

    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
        const wide = [...document.body.querySelectorAll("*")]
            .filter((each) => seen(each) && each.getBoundingClientRect().right > root.clientWidth + 0.5);
        faults.push(`scrolls sideways, ${root.scrollWidth} px: ${wide.slice(0, 3).map(name).join(" | ")}`);
    }
    for (const target of document.querySelectorAll(targets)) {
        const { width, height } = target.getBoundingClientRect();
        if (seen(target) && (width < 43.5 || height < 43.5)) {
            faults.push(`target ${Math.round(width)} × ${Math.round(height)} px: ${name(target)}`);
        }
    }
    return [...new Set(faults)];
}"""
# The menu lies over the page when it is open: it has a test of its own.
OPEN_ALL = """() => {
    for (const each of document.querySelectorAll("details:not([data-menu])")) each.open = true;
}"""


def look_faults(page: Page) -> list[str]:
    """What is wrong with how the page is built and how it is laid out, a line each."""
    return page.evaluate(LOOK, TARGETS)


def open_all(page: Page) -> None:
    """Open every part of the page that can be opened."""
    page.evaluate(OPEN_ALL)


# Where the keyboard is: null past the end of the page, else what is wrong with how that place is shown.
FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const faults = [];
    const name = element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!outlined) faults.push(`focus is not seen: ${name}`);
    const box = element.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!inside) faults.push(`focus is outside the window: ${name}`);
    else {
        // Nothing that stays put may cover the whole of it.
        const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]].map(([x, y]) =>
            document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
        const own = (found) => found && (element.contains(found) || found.contains(element));
        if (!points.some(own)) faults.push(`focus is covered: ${name}`);
    }
    return { faults, isLast: element === [...document.querySelectorAll("body > footer a")].at(-1) };
}"""


def focus_faults(page: Page, *, most: int = 400) -> list[str]:
    """Walk through the page with the Tab key: what is wrong with how the stops are shown, a line each."""
    faults: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            return [*faults, "the keyboard left the page before its foot"]
        faults += stop["faults"]
        if stop["isLast"]:
            return faults
    raise AssertionError(f"The keyboard does not leave the page in {most} steps")


IDLE = """() => [...document.querySelectorAll("button")]
    .filter((button) => button.checkVisibility() && (button.type !== "submit" || !button.form))
    .map((button) => button.outerHTML)"""


def idle_buttons(page: Page) -> list[str]:
    """The buttons that do nothing without scripts, for a page whose scripts are off."""
    # Playwright itself may still look into it.
    return page.evaluate(IDLE)
