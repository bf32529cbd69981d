"""Times the main pages in this process, on the database of `make run`: what a page costs us without network or browser.

Prints the median, the slowest of 20 and the number of queries. `make bench ARGS="/fi/hae/?q=velat"` times one address.
Without an address, the PDF of each whole practice model is made once too, and referrals are sent and taken back.
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
        time_referrals()
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


def time_referrals() -> None:
    """Send a referral and accept it, and beside it write one plain letter; nothing of it is kept."""
    from django.db import transaction

    from directory.models import Service
    from portal.post.composing import Message, Paragraph
    from portal.post.letters import queue_letter
    from referrals import actions
    from referrals.actors import Actor
    from referrals.choices import Act, ConsentHow, Party
    from referrals.models import PersonDetails, Team, TeamMember
    from referrals.receiving import receivers
    from referrals.switch import is_in_use

    place = TeamMember.objects.active().filter(team__in=Team.objects.open()).first()
    rows = Service.objects.public().select_related("organisation").prefetch_related("contact_ways")
    listing = next((each.service for each in receivers(rows) if each.can_be_asked), None)
    if place is None or listing is None or not is_in_use():
        print("No referrals: not in use, no team, or nobody who can be asked.")
        return

    def loop(number: int) -> None:
        details = PersonDetails(name="Matti", hope="Seuraa")
        keys = (listing.translation_key,)
        draft = actions.Draft(services=keys, stage="1", details=details, consent_how=ConsentHow.SPOKEN)
        enquiry = actions.send(draft, team=place.team, by=place.user).referral.enquiries.get()
        actions.act(enquiry, Act.ACCEPT, by=Actor(Party.ORGANISATION), version=enquiry.version)

    def letter(number: int) -> None:
        message = Message(subject="Aihe", blocks=[Paragraph("Sanat")])
        queue_letter(key=f"bench:{number}", to="nobody@example.org", message=message, language="fi")

    for what, words in ((letter, "one letter"), (loop, "one referral, sent and accepted: two letters")):
        times = []
        with transaction.atomic():
            for number in range(RUNS):
                began = time.perf_counter()
                what(number)
                times.append((time.perf_counter() - began) * 1000)
            transaction.set_rollback(True)
        print(f"{statistics.median(times):10.1f} {max(times):8.1f} {'':>15}  {words}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
