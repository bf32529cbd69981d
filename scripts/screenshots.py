"""Takes docs/screenshots/: the main pages of a running site at phone and desktop width, as small WebP files.

`make run` in one terminal, `make screenshots` in another. The list of pages is also what scripts/bench.py times.
"""

import argparse
import io
import re
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
    "compare": "/fi/lista/vertaa/",
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
    "staff-referrals": ("yllapito@example.org", "/fi/yllapito/lahetteet/", ()),
    # "-4": of a UUID, which has it in its middle.
    "worker-home": ("ohjaaja@example.org", "/fi/lahete/", ()),
    "worker-referral": ("ohjaaja@example.org", "/fi/lahete/", ("-4",)),
    "worker-paper": ("ohjaaja@example.org", "/fi/lahete/", ("-4", "/paperi/")),
    "receiver-inbox": ("omistaja@example.org", "/fi/lahete/saapuneet/", ()),
    "receiver-answer": ("omistaja@example.org", "/fi/lahete/saapuneet/", ("-4",)),
}
# What the sample person of a referral sees, whose code stands on this paper.
OWN_VIEW = "person-own-view"
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
# A page is shown from its top down to this, in screens: the rest repeats what is seen.
SCREENS = 2
LIMIT = 5_200_000
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


def own_view(worker: BrowserContext, person: BrowserContext, site: str) -> str:
    """Open the person's own view with the code of a paper; its address."""
    page = worker.new_page()
    page.goto(f"{site}/fi/lahete/")
    for part in ("-4", "/paperi/"):
        page.goto(urljoin(site, page.locator(f"main a[href*='{part}']").first.get_attribute("href") or ""))
    code = re.search(r"(?:[A-Z2-9]{4}-){2}[A-Z2-9]{4}", page.locator("main").inner_text())
    page.close()
    if code is None:
        raise SystemExit("The paper has no code.")
    page = person.new_page()
    page.goto(f"{site}/fi/oma/?koodi={code.group()}")
    page.locator("main form button").first.click()
    page.wait_for_url("**/oma/nyt/")
    page.close()
    return f"{site}/fi/oma/nyt/"


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
                if name == "worker-paper":
                    content = picture(context, own_view(room, context, site), width, height)
                    (DIRECTORY / f"{OWN_VIEW}-{screen}.webp").write_bytes(content)
                    total += len(content)
                    print(f"{OWN_VIEW}-{screen}.webp  {len(content) / 1000:.0f} kB")
                room.close()
        browser.close()
    print(f"{total / 1e6:.2f} MB of {LIMIT / 1e6:.0f} MB")
    return 1 if total > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
