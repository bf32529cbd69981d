"""Times the main pages in this process, on the database of `make run`: what a page costs us without network or browser.

Prints the median, the slowest of 20 and the number of queries. `make bench ARGS="/fi/hae/?q=velat"` times one address.
Without an address, the PDF of each whole practice model is made once too.
"""

import os
import statistics
import sys
import time

import django

RUNS = 20


def main(addresses: list[str]) -> int:
    """Time each address; 1 when one did not answer 200."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    # These need the settings.
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from scripts.screenshots import PAGES

    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    failed = False
    print(f"{'median ms':>10} {'max ms':>8} {'queries':>8} {'kB':>6}  address")
    for address in addresses or PAGES.values():
        client = Client()
        response = client.get(address)  # also warms caches and templates
        if response.status_code != 200:
            print(f"{'':>35}  {address} answered {response.status_code}")
            failed = True
            continue
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
            queries = len(captured)  # counted here: the next request empties the log
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        size = len(response.content) / 1000
        print(f"{statistics.median(times):10.1f} {max(times):8.1f} {queries:8d} {size:6.0f}  {address}")
    if not addresses:
        time_prints()
    return 1 if failed else 0


def time_prints() -> None:
    """Make the PDF of each whole practice model, and say how long it took."""
    from django.utils import timezone, translation

    from cards.models import PracticeModelPage
    from cards.printing import composing, engine, selection
    from portal.base.languages import FINNISH

    if not engine.is_available():
        print("No PDFs: this machine has no Pango.")
        return
    print(f"{'seconds':>10} {'kB':>8}  whole model as PDF")
    for model in PracticeModelPage.objects.live().filter(locale__language_code=FINNISH).order_by("letter"):
        chosen = selection.selection_of([model.pk])
        if chosen is None:
            continue
        began = time.perf_counter()
        with translation.override(FINNISH):
            content = composing.make_pdf(chosen, timezone.localdate())
        print(f"{time.perf_counter() - began:10.1f} {len(content) / 1000:8.0f}  {model.title}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
