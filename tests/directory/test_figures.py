"""Figures of freshness and coverage, against counting by hand; and what a chosen set of listings is."""

import datetime
import itertools
import random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory import actions, figures
from directory.choices import CheckedHow, Kind, Role
from directory.coverage import Coverage, coverage_map
from directory.filters import BadFilterError
from directory.freshness import Freshness, Periods
from directory.models import Check, Membership, Organisation, Service, StageChange, Upkeep
from directory.orphans import Reason, orphans
from directory.selection import Selection, reach_of
from portal.accounts.models import User
from portal.post.models import BouncedAddress
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    member,
    translation_of,
)

NOW = timezone.make_aware(datetime.datetime(2026, 11, 22, 12))
TODAY = datetime.date(2026, 11, 22)
PERIODS = Periods(due=240, overdue=330, stale=540, hidden=730)
DAY = datetime.timedelta(days=1)


def published(service: Service, days_ago: int, checked_days_ago: int | None = None) -> Service:
    """A service that was published, and checked, so many days ago."""
    rows = Service.objects.of_keys([service.translation_key])
    rows.update(first_published_at=NOW - days_ago * DAY)
    if checked_days_ago is not None:
        rows.update(checked_on=TODAY - checked_days_ago * DAY)
    service.refresh_from_db()
    return service


def kept(**facts: object) -> Organisation:
    """An organisation with a reachable owner."""
    organisation = OrganisationFactory(**facts)
    member(organisation, Role.OWNER)
    return organisation


# --- Pure -------------------------------------------------------------------------------------------------------------
days = st.dates(datetime.date(2023, 1, 1), datetime.date(2026, 12, 31))


@given(st.lists(days), days, st.none() | days, days)
def test_the_stage_of_a_past_day_is_what_it_would_have_been_on_that_day(checks, published_on, ends_on, day):
    history = figures.History(Kind.SERVICE, published_on, ends_on, sorted(checks))
    known = [each for each in checks if each <= day]
    counts_from = max(known) if known else published_on
    if (ends_on and ends_on <= day) or counts_from > day:
        expected = None
    else:
        age = (day - counts_from).days
        expected = next(
            stage
            for stage, least in (
                (Freshness.STALE, 540),
                (Freshness.OVERDUE, 330),
                (Freshness.DUE, 240),
                (Freshness.FRESH, 0),
            )
            if age >= least
        )
    assert history.stage_on(day, PERIODS) == expected


def test_what_was_hidden_then_counts_as_hidden_then():
    hidden_on, back_on = datetime.date(2026, 3, 1), datetime.date(2026, 5, 1)
    history = figures.History(
        Kind.SERVICE, datetime.date(2024, 1, 1), None, [back_on], [(hidden_on, True), (back_on, False)]
    )
    assert history.stage_on(hidden_on - DAY, PERIODS) == Freshness.STALE
    assert history.stage_on(hidden_on, PERIODS) == Freshness.HIDDEN
    assert history.stage_on(back_on, PERIODS) == Freshness.FRESH


@given(days)
def test_the_months_end_with_the_one_of_today(today):
    found = figures.first_days(today)
    assert len(found) == 12
    assert found[-1] == today.replace(day=1)
    assert all(
        (later.year * 12 + later.month) - (earlier.year * 12 + earlier.month) == 1
        for earlier, later in itertools.pairwise(found)
    )


@given(st.lists(st.sampled_from(list(Freshness))))
def test_a_share_is_whole_only_when_all_are_fresh(stages):
    share = figures.Share()
    share.stages.update(stages)
    assert share.total == len(stages)
    assert (share.percent == 100) == (bool(stages) and set(stages) == {Freshness.FRESH})
    assert (share.percent is None) == (not stages)


# --- The directory ----------------------------------------------------------------------------------------------------
@pytest.fixture
def directory(db: None) -> list[Service]:
    """Services of every sort, with random dates, of two counties."""
    chance = random.Random(7)
    here = MunicipalityFactory(code="297", county=CountyFactory(code="11"))
    there = MunicipalityFactory(code="837", county=CountyFactory(code="06"))
    organisations = [kept(home_municipality=town) for town in (here, here, there, None)]
    services = []
    for _number in range(40):
        age = chance.randint(1, 900)
        checked = chance.choice([None, chance.randint(0, age)])
        service = ServiceFactory(
            organisation=chance.choice(organisations), kind=chance.choice([Kind.SERVICE, Kind.PEER_GROUP])
        )
        if chance.random() < 0.3:
            translation_of(service, "sv")
        services.append(published(service, age, checked))
    for service in chance.sample(services, 4):
        Upkeep.objects.create(
            key=service.translation_key, stage="hidden", stage_since=TODAY, counts_from=TODAY, hidden_on=TODAY
        )
    for service in chance.sample(services, 3):
        Service.objects.of_keys([service.translation_key]).update(withdrawn_on=TODAY - DAY)
    Service.objects.filter(pk=services[0].pk).update(is_hidden=True)
    return services


def by_hand(counties: list[str] | None) -> dict[tuple[int, str, str | None], dict[str, int]]:
    """(organisation, kind, county) → stage → how many, one service at a time."""
    hidden = set(Upkeep.objects.exclude(hidden_on=None).values_list("key", flat=True))
    found: dict = {}
    seen = set()
    for service in Service.objects.select_related("organisation__home_municipality"):
        rows = Service.objects.filter(translation_key=service.translation_key)
        town = service.organisation.home_municipality
        county = town.county_id if town else None
        if service.translation_key in seen or service.withdrawn_on or rows.filter(is_hidden=True).exists():
            continue
        if counties is not None and county not in counties:
            continue
        seen.add(service.translation_key)
        stage = Freshness.HIDDEN if service.translation_key in hidden else service.freshness(TODAY)
        of_group = found.setdefault((service.organisation_id, service.kind, county), {})
        of_group[stage] = of_group.get(stage, 0) + 1
    return found


@pytest.mark.parametrize("counties", [None, ["11"], ["06", "11"], []])
def test_shares_are_what_counting_one_by_one_says(directory: list[Service], counties: list[str] | None):
    own = figures.standings(figures.listings_of(counties, NOW), TODAY)
    groups = figures.shares_by(own, lambda each: (each.organisation_id, each.kind, each.county))
    assert {group: dict(share.stages) for group, share in groups.items()} == by_hand(counties)


def test_the_trend_ends_in_what_holds_today(directory: list[Service]):
    for key in Upkeep.objects.values_list("key", flat=True):
        StageChange.objects.create(key=key, before="stale", after="hidden", on=TODAY)
    own = figures.standings(figures.listings_of(None, NOW), TODAY)
    [point] = figures.trend(figures.histories(None), [TODAY])
    assert point.share == figures.share_of(own)


def test_the_past_counts_the_checks_of_then_and_what_has_ended_since(db: None):
    organisation = kept()
    checked = published(ServiceFactory(organisation=organisation), 700)
    for days_ago in (400, 10):
        Check.objects.create(key=checked.translation_key, on=TODAY - days_ago * DAY, how=CheckedHow.KEEPER)
    Service.objects.filter(pk=checked.pk).update(checked_on=TODAY - 10 * DAY)
    ended = published(ServiceFactory(organisation=organisation), 300)
    Service.objects.filter(pk=ended.pk).update(withdrawn_on=TODAY - 20 * DAY)

    asked = [TODAY - days_ago * DAY for days_ago in (800, 395, 270, 100, 15, 0)]
    stages = [dict(point.share.stages) for point in figures.trend(figures.histories(None), asked)]
    fresh, due, overdue = Freshness.FRESH, Freshness.DUE, Freshness.OVERDUE
    # 130 days after a check, with a new one published; 300 after it; 385 after it; checked again, and one ended.
    assert stages == [{}, {fresh: 1}, {fresh: 2}, {due: 1, fresh: 1}, {overdue: 1}, {fresh: 1}]


def test_another_catalogues_listings_are_told_apart(db: None):
    ServiceFactory(source="ptv", source_id="1")
    assert figures.standings(figures.listings_of(None, NOW), TODAY) == []
    assert figures.elsewhere_kept(None, timezone.now()) == 1


def test_the_number_of_queries_does_not_grow(db: None):
    town = MunicipalityFactory()
    topic = TermFactory()

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            figures.standings(figures.listings_of(None, NOW), TODAY)
            figures.trend(figures.histories(None), figures.first_days(TODAY))
            coverage_map(NOW, county=town.county_id)
            orphans(None, NOW)
            reach_of(Selection().listings(None, NOW))
        return len(queries)

    def add(number: int) -> None:
        for _each in range(number):
            ServiceFactory(organisation=kept(home_municipality=town), topics=[topic], municipalities=[town])
            ServiceFactory(organisation=OrganisationFactory(home_municipality=town))

    add(1)
    few = ask()
    add(4)
    assert ask() == few


# --- Coverage ---------------------------------------------------------------------------------------------------------
def test_coverage_counts_places_wider_areas_and_gaps(db: None):
    county = CountyFactory(code="11")
    towns = [MunicipalityFactory(code=code, names={"fi": name}, county=county) for code, name in COUNTY_TOWNS]
    broad = TermFactory()
    narrow = TermFactory(parent=broad)
    lonely = TermFactory()
    translation_of(ServiceFactory(topics=[narrow], municipalities=[towns[0]]), "sv", topics=[narrow])
    ServiceFactory(topics=[broad], counties=[county])
    ServiceFactory(topics=[narrow], is_nationwide=True, stages=["1"])
    ServiceFactory(topics=[broad], places=[PlaceFactory(municipality=towns[1])])
    ServiceFactory(topics=[broad], places=[PlaceFactory(municipality=towns[2], is_secret=True)])
    ServiceFactory(topics=[lonely], municipalities=[towns[0]])
    ServiceFactory(topics=[broad], municipalities=[towns[0]], live=False)

    found = coverage_map(timezone.now(), county="11")
    shown = {(line.topic, cell.place.code): (cell.local, cell.wider, cell.coverage) for line, cell in found.cells()}
    assert [(line.nationwide, line.countywide) for line in found.lines if line.topic == broad] == [(1, 1)]
    assert shown[broad, "001"] == (1, 2, Coverage.LOCAL)
    assert shown[broad, "002"] == (1, 2, Coverage.LOCAL)
    assert shown[broad, "003"] == (0, 2, Coverage.WIDER)
    assert shown[narrow, "001"] == (1, 1, Coverage.LOCAL)
    assert shown[narrow, "002"] == (0, 1, Coverage.WIDER)
    assert shown[lonely, "002"] == (0, 0, Coverage.GAP)

    of_stage = coverage_map(timezone.now(), county="11", stage="1")
    assert {cell.coverage for line, cell in of_stage.cells() if line.topic == broad} == {Coverage.WIDER}
    assert {cell.coverage for line, cell in of_stage.cells() if line.topic == lonely} == {Coverage.GAP}

    counties = coverage_map(timezone.now(), counties=["11"])
    [cell] = next(line.cells for line in counties.lines if line.topic == broad)
    assert (cell.local, cell.wider) == (3, 1)


COUNTY_TOWNS = (("001", "Aava"), ("002", "Perho"), ("003", "Ylä"))


# --- A chosen set -----------------------------------------------------------------------------------------------------
def test_a_set_is_its_query_string_and_back(directory: list[Service]):
    TermFactory(code="velat")
    selection = Selection(
        area="11",
        organisation=Organisation.objects.first().slug,
        kind=Kind.SERVICE,
        topic="velat",
        stage=Freshness.OVERDUE,
        checked_before=datetime.date(2026, 1, 2),
    )
    assert Selection.from_query(QueryDict(selection.query()).dict()) == selection
    assert len(selection.words()) == 6
    assert Selection.from_query({}) == Selection()
    assert Selection().words()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("area", "99"),
        ("organisation", "nobody"),
        ("kind", "x"),
        ("topic", "nothing"),
        ("stage", "fresher"),
        ("checked_before", "tomorrow"),
        ("area", "\0"),
    ],
)
def test_a_value_that_is_not_known_never_makes_the_set_wider(db: None, name: str, value: str):
    with pytest.raises(BadFilterError):
        Selection.from_query({name: value})


def test_a_set_holds_what_fits_all_of_it(directory: list[Service]):
    everything = Selection().listings(None, NOW)
    for stage in Freshness:
        chosen = Selection(stage=stage, area="11").listings(None, NOW)
        assert chosen == [each for each in everything if each.stage == stage and each.county == "11"]
    day = TODAY - 200 * DAY
    assert Selection(checked_before=day).listings(None, NOW) == [each for each in everything if each.counts_from < day]
    assert Selection(area="06").listings(["11"], NOW) == []
    assert Selection().listings([], NOW) == []


def test_a_topic_holds_its_narrower_ones_and_a_service_comes_once(db: None):
    broad = TermFactory(code="laaja")
    narrow = TermFactory(code="suppea", parent=broad)
    own = ServiceFactory(organisation=kept(), topics=[broad, narrow])
    ServiceFactory(organisation=kept(), topics=[TermFactory()])
    assert [each.key for each in Selection(topic="laaja").listings(None, NOW)] == [own.translation_key]


# --- Whom one reaches -------------------------------------------------------------------------------------------------
def test_each_person_is_reached_once_and_who_cannot_be_is_told(db: None):
    organisation = kept()
    owner = organisation.memberships.get().user
    ServiceFactory(organisation=organisation, owner=owner)
    ServiceFactory(organisation=organisation)
    mailbox = OrganisationFactory(email="posti@example.org")
    ServiceFactory(organisation=mailbox)
    alone = ServiceFactory()

    reach = reach_of(Selection().listings(None, NOW))
    assert {(each.address, each.user) for each in reach.recipients} == {
        (owner.email, owner.pk),
        ("posti@example.org", None),
    }
    assert [each.key for each in reach.unreachable] == [alone.translation_key]


def test_orphans_are_told_with_the_reason(db: None):
    ServiceFactory(organisation=kept())
    nobody = ServiceFactory(organisation=OrganisationFactory(email="posti@example.org"))
    closed = ServiceFactory(organisation=kept())
    bounced = ServiceFactory(organisation=kept())
    writer = ServiceFactory()
    member(writer.organisation, Role.WRITER)
    people = {each.organisation_id: each.user for each in Membership.objects.select_related("user")}
    User.objects.filter(pk=people[closed.organisation_id].pk).update(is_active=False)
    BouncedAddress.objects.create(email=people[bounced.organisation_id].email, bounced_at=NOW)
    case = actions.open_case("orphan", organisation=nobody.organisation, key=nobody.translation_key)

    found = {each.key: (each.reason, each.has_mailbox, each.case) for each in orphans(None, NOW)}
    assert found.pop(nobody.translation_key) == (Reason.NOBODY, True, case)
    assert found.pop(writer.translation_key)[:2] == (Reason.NOBODY, False)
    assert found.pop(closed.translation_key)[:2] == (Reason.NOBODY, False)
    assert found.pop(bounced.translation_key)[:2] == (Reason.BOUNCED, False)
    assert not found
