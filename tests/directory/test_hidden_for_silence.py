"""A listing that freshness has hidden leaves every public surface, and one press of its keeper brings it back."""

import datetime
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import actions, shortlist
from directory.choices import Role
from directory.freshness import Freshness
from directory.keeping import keep_fresh
from directory.models import Service, Upkeep
from directory.periods import pace, periods_of
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, ServiceFactory, member
from tests.search.index import settle

pytestmark = pytest.mark.django_db
# A word that stands nowhere else.
PLANTED = "Kvaksikerho"


@pytest.fixture
def silent() -> Service:
    """A listing of a silent keeper, on the day before it is hidden."""
    HomePageFactory()
    organisation = OrganisationFactory(slug="talo")
    owner = member(organisation, Role.OWNER)
    ServiceFactory(organisation=organisation, title="Toinen")
    service = ServiceFactory(organisation=organisation, title=PLANTED, summary=f"{PLANTED} kaikille", owner=owner)
    today = timezone.localdate()
    counts_from = today - datetime.timedelta(days=periods_of(service.kind).hidden)
    Service.objects.filter(pk=service.pk).update(checked_on=counts_from)
    Upkeep.objects.create(
        key=service.uuid,
        stage=Freshness.STALE,
        stage_since=today,
        counts_from=counts_from,
        step=4,
        notices=4,
        last_notice_on=today - datetime.timedelta(days=pace().last_call),
    )
    return service


def surfaces(client: Client, service: Service) -> Iterator[tuple[str, bool]]:
    """Each place where the public could meet the listing, and whether it does."""
    settle()
    page = reverse("directory:service", kwargs={"slug": service.slug})
    yield "page", client.get(page).status_code == 200
    yield "report", client.get(reverse("directory:report", kwargs={"slug": service.slug})).status_code == 200
    addresses = {
        "organisation": reverse("directory:organisation", kwargs={"slug": "talo"}),
        "search": f"{reverse('search:search')}?q={PLANTED}",
        "suggestions": f"{reverse('search:suggest')}?q=kvaksi",
        "shared list": reverse("directory:shared_list", kwargs={"token": shortlist.pack([service.uuid])}),
    }
    for name, address in addresses.items():
        # The box repeats what was looked for.
        yield name, f"{PLANTED} kaikille" in (text := client.get(address).content.decode()) or page in text
    yield "api", client.get("/api/v1/search", {"q": PLANTED}).json()["total"] > 0
    yield "sitemap", page in client.get("/sitemap.xml").content.decode()


def test_it_leaves_every_surface_and_comes_back_to_all(client: Client, silent: Service):
    before = dict(surfaces(client, silent))
    met = {name for name, is_met in before.items() if is_met}
    assert met >= {"page", "report", "organisation", "search", "shared list", "api"}
    report = keep_fresh(timezone.now())
    assert report.stages == {Freshness.HIDDEN: 1}
    assert not [name for name, is_met in surfaces(client, silent) if is_met]
    actions.confirm_service(silent, by=silent.owner, how="keeper")
    assert {name for name, is_met in surfaces(client, silent) if is_met} == met


def test_a_stale_one_is_public_and_says_so(client: Client, silent: Service):
    keep_fresh(timezone.now() - datetime.timedelta(days=1))
    page = client.get(reverse("directory:service", kwargs={"slug": silent.slug}))
    assert page.status_code == 200
    assert page.context["checked"]["state"] == "stale"
    assert page.context["may_be_outdated"]
    assert "stamp--old" in page.content.decode()


def test_one_never_checked_claims_no_check_and_warns_in_time(client: Client):
    HomePageFactory()
    service = ServiceFactory()
    for days, warns in ((10, False), (periods_of(service.kind).overdue, True)):
        published = timezone.now() - datetime.timedelta(days=days)
        Service.objects.filter(pk=service.pk).update(first_published_at=published)
        page = client.get(reverse("directory:service", kwargs={"slug": service.slug})).content.decode()
        assert "stamp--checked" not in page
        assert ("stamp--old" in page) is warns
        assert ("notice--warn" in page) is warns
