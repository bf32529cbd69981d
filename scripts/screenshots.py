"""Takes docs/screenshots/: the main pages of a running site at phone and desktop width, as small WebP files.

`make run` in one terminal, `make screenshots` in another. The list of pages is also what scripts/bench.py times.
"""

import argparse
import io
import sys
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import BrowserContext, sync_playwright

from scripts.system_packages import find_chromium

# File name → address.
PAGES = {
    "front": "/fi/",
    "search": "/fi/hae/?q=velat",
    "search-place": "/fi/hae/?topic=mental-health&municipality=837",
    "service": "/fi/palvelut/kirjekuorikaveri/",
    "stage-1": "/fi/palvelupolku/vaihe-1/",
    "card": "/fi/toimintakortit/ennaltaehkaiseva-palveluohjaus/selvittakaa-kokonaistilanne/",
    "practice-model": "/fi/toimintakortit/ennaltaehkaiseva-palveluohjaus/",
    "blueprint": "/fi/jarjestot-palvelupolulla/palvelun-kuva-ehkaiseva-tyo/",
    "tools-together": "/fi/tayta-yhdessa/",
    "life-situation": "/fi/tayta-yhdessa/mita-sinulle-kuuluu/",
    "reminder": "/fi/tayta-yhdessa/asioinnin-muistilista/",
    "network-map": "/fi/tayta-yhdessa/verkostokartta/",
    "quality-criteria": "/fi/toimintakortit/ennaltaehkaiseva-palveluohjaus/laatukriteerit/",
    "tools": "/fi/digiratkaisut/",
    "tool": "/fi/digiratkaisut/todoist/",
    "help-now": "/fi/apua-heti/",
    "my-list": "/fi/lista/",
}
# Cards as a worker reads them in a meeting: on a phone only.
A, B, C, D = (
    f"/fi/toimintakortit/{model}/"
    for model in (
        "ennaltaehkaiseva-palveluohjaus",
        "monialainen-intensiivinen-palveluohjaus",
        "jarjestolahtoinen-palveluohjausmalli",
        "digitaalinen-palveluohjaus",
    )
)
CARDS = {
    "card-a-ask": f"{A}kysy-ja-kiinnostu/",
    "card-a-words": f"{A}sanoittakaa-yhdessa-tuen-tarve/",
    "card-a-plan": f"{A}suunnitelkaa-ja-toteuttakaa-yhdessa/",
    "card-a-conflict": f"{A}enta-jos-tyoskentely-ei-aina-onnistu-nain/",
    "card-b-trust": f"{B}rakentakaa-luottamusta/",
    "card-b-cooperation": f"{B}asiakaslahtoisen-yhteistyon-toteutus/",
    "card-b-ending": f"{B}tehkaa-jatkosuunnitelma/",
    "card-c-crisis": f"{C}tunnista-toimi-turvaa-kriisipalvelut/",
    "card-c-discussion": f"{C}jarjestopositiivisen-kunnan-kehityskeskustelu/",
    "card-d-safety": f"{D}viisi-vinkkia-tietoturvaan/",
}
# Of the signed-in rooms: name → whose page (a sample person), and the links that lead to it from an address.
ROOMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "keeper-home": ("omistaja@example.org", "/fi/tyotila/", ()),
    "keeper-organisation": ("omistaja@example.org", "/fi/tyotila/", ("/tyotila/organisaatio/",)),
    "keeper-service": ("omistaja@example.org", "/fi/tyotila/", ("/tyotila/organisaatio/", "/tyotila/palvelu/")),
    "keeper-form": (
        "omistaja@example.org",
        "/fi/tyotila/",
        ("/tyotila/organisaatio/", "/tyotila/palvelu/", "/fi/muokkaa/"),
    ),
    "keeper-team": ("omistaja@example.org", "/fi/tyotila/", ("/tyotila/organisaatio/", "/tyotila/ihmiset/")),
    "staff-queue": ("alue@example.org", "/fi/yllapito/jono/", ()),
    "staff-review": ("alue@example.org", "/fi/yllapito/jono/?kind=review", ("/yllapito/muutos/",)),
    "staff-freshness": ("yllapito@example.org", "/fi/yllapito/ajantasaisuus/", ()),
    "staff-coverage": ("yllapito@example.org", "/fi/yllapito/kattavuus/", ()),
}
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
# A page is shown from its top down to this, in screens: the rest repeats what is seen.
SCREENS = 2
LIMIT = 4_500_000
DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "screenshots"


def collect(context: BrowserContext, address: str, count: int) -> None:
    """Put the first results of a search on the visitor's list, so that the list has something to show."""
    page = context.new_page()
    for number in range(count):
        page.goto(address)
        page.locator(".add-to-list button").nth(number).click()
        page.wait_for_load_state("networkidle")
    page.close()


def sign_in(context: BrowserContext, site: str, email: str) -> None:
    """As a sample person, by the development login."""
    page = context.new_page()
    page.goto(f"{site}/dev-login/")
    page.get_by_role("button").filter(has_text=email).click()
    page.wait_for_url(lambda address: "dev-login" not in address)
    page.close()


def picture(context: BrowserContext, address: str, width: int, height: int, links: tuple[str, ...] = ()) -> bytes:
    """One page as WebP. links: parts of the addresses to follow from there, one after the other."""
    page = context.new_page()
    response = page.goto(address, wait_until="networkidle")
    for part in links:
        href = page.locator(f"main a[href*='{part}']").first.get_attribute("href") or ""
        response = page.goto(urljoin(address, href), wait_until="networkidle")
    if response is None or not response.ok:
        raise SystemExit(f"{address} answered {response.status if response else 'nothing'}")
    shown = min(int(page.evaluate("document.documentElement.scrollHeight")), int(height * SCREENS))
    png = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": shown})
    page.close()
    webp = io.BytesIO()
    Image.open(io.BytesIO(png)).save(webp, "WEBP", quality=60, method=6)
    return webp.getvalue()


def main() -> int:
    """Take every picture; 1 when together they are too large for the repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="address of the running site")
    site = parser.parse_args().site.rstrip("/")
    path = find_chromium()
    if path is None:
        print("Chromium is missing.")
        return 1
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for screen, (width, height) in WIDTHS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="fi-FI", reduced_motion="reduce"
            )
            collect(context, site + PAGES["search"], count=3)
            for name, address in (PAGES | (CARDS if screen == "phone" else {})).items():
                content = picture(context, site + address, width, height)
                (DIRECTORY / f"{name}-{screen}.webp").write_bytes(content)
                total += len(content)
                print(f"{name}-{screen}.webp  {len(content) / 1000:.0f} kB")
            for name, (email, address, links) in ROOMS.items():
                room = browser.new_context(
                    viewport={"width": width, "height": height}, locale="fi-FI", reduced_motion="reduce"
                )
                sign_in(room, site, email)
                content = picture(room, site + address, width, height, links)
                (DIRECTORY / f"{name}-{screen}.webp").write_bytes(content)
                total += len(content)
                print(f"{name}-{screen}.webp  {len(content) / 1000:.0f} kB")
                room.close()
        browser.close()
    print(f"{total / 1e6:.2f} MB of {LIMIT / 1e6:.0f} MB")
    return 1 if total > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
