"""Pages of figures: whose areas, what they show, the same as files, and that nothing typed becomes code."""

import csv
import io
import itertools
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from directory.choices import CaseKind
from directory.figures import Share, TrendPoint
from directory.freshness import Freshness
from directory.models import Organisation, Service, Upkeep
from portal.jobs.models import JobRun
from portal.jobs.workers import beat
from portal.post.models import BouncedAddress
from portal.workspace.administering.figures_drawing import trend_svg
from tests.factories.directory import MunicipalityFactory, ServiceFactory, TermFactory
from tests.workspace.areas import DAY, House

pytestmark = pytest.mark.django_db

PAGES = ["freshness", "services", "coverage", "orphans", "campaigns", "campaign_new", "mailing", "mailing_new"]
FILES = ["freshness_csv", "services_csv", "coverage_csv", "orphans_csv"]


@pytest.fixture
def house() -> House:
    house = House()
    # The organisation elsewhere has nobody yet: nobody here would answer for it either.
    Service.objects.update(source="own")
    return house


def table(client: Client, name: str, query: str = "") -> list[list[str]]:
    response = client.get(f"{reverse(f'workspace:{name}')}?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


# --- whose -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*PAGES, *FILES, "runs"])
def test_for_others_the_pages_are_not_there(client: Client, house: House, name: str):
    address = reverse(f"workspace:{name}")
    assert client.get(address).status_code == 302
    client.force_login(house.keeper)
    assert client.get(address).status_code == 404
    client.force_login(house.chief)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["freshness", "coverage", "orphans", *FILES])
def test_another_area_is_not_there(client: Client, house: House, name: str):
    address = reverse(f"workspace:{name}")
    for user, area, expected in (
        (house.admin, "11", 200),
        (house.admin, "06", 404),
        (house.stranger, "11", 404),
        (house.chief, "06", 200),
        (house.chief, "99", 404),
    ):
        client.force_login(user)
        assert client.get(address, {"area": area}).status_code == expected, (user, area)


@pytest.mark.parametrize("name", ["services_csv", "orphans_csv", "freshness_csv"])
def test_files_hold_ones_own_areas_alone(client: Client, house: House, name: str):
    query = "by=organisation"
    BouncedAddress.objects.create(email=house.keeper.email, bounced_at=timezone.now())
    for user, here, there in ((house.admin, True, False), (house.stranger, False, True), (house.chief, True, True)):
        client.force_login(user)
        cells = set(itertools.chain.from_iterable(table(client, name, query if name == "freshness_csv" else "")))
        assert ("Täällä ry" in cells, "Siellä ry" in cells) == (here, there)


def test_the_list_holds_ones_own_areas_alone_whatever_is_asked(client: Client, house: House):
    client.force_login(house.admin)
    address = reverse("workspace:services")
    assert [row.title for row in client.get(address).context["rows"]] == ["Ruoka-apu"]
    assert client.get(address, {"organisation": house.there.slug}).status_code == 400
    assert client.get(address, {"area": "06"}).status_code == 400


# --- what is shown ---------------------------------------------------------------------------------------------------
def test_the_share_is_told_in_a_heading_a_table_and_a_picture(client: Client, house: House):
    Service.objects.filter(pk=house.service.pk).update(checked_on=timezone.localdate() - 400 * DAY)
    client.force_login(house.chief)
    page = client.get(reverse("workspace:freshness"))
    shown = page.content.decode()
    assert page.context["share"].percent == 50
    assert "50 %" in re.search(r"<h1>(.*?)</h1>", shown, re.DOTALL)[1]
    drawing = ElementTree.fromstring(page.context["trend_svg"])
    assert [each.tag for each in drawing[:2]] == ["title", "desc"]
    # Every figure of the picture stands in the table.
    known = [row[3] for row in page.context["trend_rows"] if row[1]]
    assert len(drawing.findall("circle")) == len(known)
    assert page.context["trend_rows"][-1][1:] == [2, 1, "50 %"]


def test_the_overdue_and_the_hidden_are_led_to(client: Client, house: House):
    Service.objects.filter(pk=house.service.pk).update(checked_on=timezone.localdate() - 400 * DAY)
    day = timezone.localdate()
    Upkeep.objects.create(
        key=house.other.translation_key, stage="hidden", stage_since=day, counts_from=day, hidden_on=day
    )
    client.force_login(house.chief)
    urls = {stage: url for stage, _words, _count, url in client.get(reverse("workspace:freshness")).context["stages"]}
    assert [row.title for row in client.get(urls[Freshness.OVERDUE]).context["rows"]] == ["Ruoka-apu"]
    assert [row.title for row in client.get(urls[Freshness.HIDDEN]).context["rows"]] == ["Velkaneuvonta"]
    assert not client.get(urls[Freshness.STALE]).context["rows"]


@pytest.mark.parametrize("by", ["area", "organisation", "kind"])
def test_groups_lead_to_what_they_count(client: Client, house: House, by: str):
    client.force_login(house.chief)
    groups = list(client.get(reverse("workspace:freshness"), {"by": by}).context["page"])
    assert sum(group.share.total for group in groups) == 2
    for group in groups:
        assert client.get(group.url).context["page"].paginator.count == group.share.total


def test_a_trend_without_listings_is_no_picture_and_a_gap_breaks_the_line():
    day = timezone.localdate()
    assert trend_svg([TrendPoint(day, Share())]) == ""
    full = Share()
    full.stages[Freshness.FRESH] = 2
    points = [TrendPoint(day, each) for each in (full, full, Share(), full, full)]
    drawing = ElementTree.fromstring(trend_svg(points))
    assert len(drawing.findall("polyline")) == 2
    assert len(drawing.findall("circle")) == 4


def test_a_gap_leads_to_the_search_of_that_topic_and_place(client: Client, house: House):
    topic = TermFactory(code="velat")
    client.force_login(house.admin)
    page = client.get(reverse("workspace:coverage"))
    assert page.context["map"].county.pk == "11"
    [(_line, _url, [shown])] = page.context["rows"]
    assert shown.cell.coverage == "gap"
    assert f'href="{escape(shown.url)}"' in page.content.decode()
    assert "topic=velat" in shown.url
    assert f"municipality={house.here.home_municipality_id}" in shown.url

    ServiceFactory(organisation=house.here, topics=[topic], municipalities=[house.here.home_municipality])
    [(_line, _url, [shown])] = client.get(reverse("workspace:coverage")).context["rows"]
    assert shown.cell.local == 1
    assert client.get(reverse("workspace:coverage"), {"stage": "9"}).status_code == 404
    assert table(client, "coverage_csv")[1] == ["velat suomeksi", "0", "0", "1"]


def test_an_orphan_leads_to_its_case(client: Client, house: House):
    client.force_login(house.stranger)
    [row] = client.get(reverse("workspace:orphans")).context["rows"]
    assert row.url == reverse("workspace:keepers", args=[house.other.translation_key])
    case = house.case(CaseKind.ORPHAN, house.other)
    [row] = client.get(reverse("workspace:orphans")).context["rows"]
    assert row.url == reverse("workspace:case", args=[case.pk])
    assert client.get(row.url).status_code == 200


# --- what is typed ---------------------------------------------------------------------------------------------------
def test_nothing_typed_becomes_code(client: Client, house: House):
    evil = "<script>alert(1)</script>"
    Service.objects.update(title=evil)
    Organisation.objects.update(names={"fi": evil})
    client.force_login(house.chief)
    for name in PAGES:
        shown = client.get(reverse(f"workspace:{name}"), {"by": "organisation"}).content.decode()
        assert evil not in shown
    for name in ("freshness", "services", "orphans"):
        shown = client.get(reverse(f"workspace:{name}"), {"by": "organisation"}).content.decode()
        assert escape(evil) in shown.replace("\N{SOFT HYPHEN}", "")


def test_no_cell_of_a_file_is_a_formula(client: Client, house: House):
    Service.objects.update(title="=HYPERLINK(1)")
    Organisation.objects.update(names={"fi": "@SUM(1)"})
    client.force_login(house.chief)
    for name, query in (("services_csv", ""), ("orphans_csv", ""), ("freshness_csv", "by=organisation")):
        rows = table(client, name, query)
        cells = list(itertools.chain.from_iterable(rows))
        assert any("SUM(1)" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]


@pytest.mark.parametrize(
    "query", ["area=%00", "stage=x", "checked_before=1.1.2026", "organisation=%27", "kind=<b>", "page=-1", "by=x"]
)
def test_a_mangled_address_is_answered(client: Client, house: House, query: str):
    client.force_login(house.chief)
    for name in (*PAGES, *FILES):
        assert client.get(f"{reverse(f'workspace:{name}')}?{query}").status_code in (200, 400, 404)


# --- how much is asked -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["freshness", "services", "coverage", "orphans", "campaign_new", "mailing_new"])
def test_the_number_of_queries_does_not_grow(client: Client, house: House, name: str):
    client.force_login(house.chief)
    address = reverse(f"workspace:{name}")

    def ask() -> int:
        cache.clear()
        client.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    ServiceFactory(organisation=house.there)
    few = ask()
    for organisation in (house.here, house.there):
        for _each in range(3):
            ServiceFactory(organisation=organisation, municipalities=[MunicipalityFactory()])
    assert ask() == few


# --- late ------------------------------------------------------------------------------------------------------------
def test_a_late_round_of_questions_is_told_where_it_matters(client: Client, house: House):
    client.force_login(house.admin)
    address = reverse("workspace:freshness")
    assert "notice--warn" in client.get(address).content.decode()
    assert reverse("workspace:runs") not in client.get(address).content.decode()
    client.force_login(house.chief)
    assert reverse("workspace:runs") in client.get(address).content.decode()


def test_nothing_is_told_while_all_runs(client: Client, house: House):
    now = timezone.now()
    beat("worker", now)
    JobRun.objects.create(name="keep_fresh", due_at=now, started_at=now, finished_at=now)
    client.force_login(house.chief)
    assert "notice--warn" not in client.get(reverse("workspace:freshness")).content.decode()
