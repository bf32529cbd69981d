"""Referrals in figures: what is counted, of which time, who sees whose, and that the file says what the page says."""

import csv
import datetime
import html
import io
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory.models import AreaRole, County, Organisation
from portal.accounts.models import User
from referrals import actions, keeping
from referrals.actors import Actor
from referrals.choices import Act, ConsentHow, DeclineReason, Good, Origin, Party, Purpose, State
from referrals.figures import telling
from referrals.figures.drawing import outcomes_svg, quarters_svg
from referrals.figures.presentation import DIVISIONS
from referrals.figures.quarters import Quarter, next_told, quarter_of, told_quarters
from referrals.figures.tables import EVERYWHERE, By, Cell, Group, Measure, Told
from referrals.models import Enquiry, Tally, ToldQuarter
from tests.factories import referrals as make
from tests.factories.directory import OrganisationFactory, TermFactory
from tests.workspace.areas import House

SPRING = Quarter(2026, 2)
MAY = datetime.date(2026, 5, 1)


# --- Time -------------------------------------------------------------------------------------------------------------
def test_a_quarter_is_told_two_months_after_its_end() -> None:
    assert SPRING.told_from == datetime.date(2026, 9, 1)
    assert Quarter(2026, 4).told_from == datetime.date(2027, 3, 1)
    assert told_quarters(datetime.date(2026, 8, 31))[0] == Quarter(2026, 1)
    assert told_quarters(datetime.date(2026, 9, 1))[0] == SPRING
    assert next_told(datetime.date(2026, 8, 31)) == SPRING
    assert next_told(datetime.date(2026, 9, 1)) == Quarter(2026, 3)


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2060, 1, 1)))
def test_told_quarters_are_over_and_do_not_overlap(today: datetime.date) -> None:
    quarters = told_quarters(today)
    months = [
        (year, month)
        for each in quarters
        for year, month in [(each.year, each.first_month.month + step) for step in range(3)]
    ]
    assert len(months) == len(set(months))
    assert max(months) < (today.year, today.month)
    assert quarter_of(today) not in quarters
    assert next_told(today).before() == quarters[0]


# --- What is counted --------------------------------------------------------------------------------------------------
def do(enquiry: Enquiry, what: Act, at: datetime.datetime | None = None, **values: object) -> Enquiry:
    now = Enquiry.objects.get(pk=enquiry.pk)
    by = values.pop("by", None) or make.organisation_of(now)
    return actions.act(now, what, by=by, version=now.version, at=at, **values)


def counted(*scripts: Callable[[Enquiry], object], **values: object) -> Told:
    """What is told when so many referrals went each way that nothing is too small."""
    for script in scripts:
        for _ in range(settings.SMALLEST_GROUP_SHOWN):
            script(make.only_enquiry(make.sent(make.listing(), **values).referral))
    return telling.figures_of(Tally.objects.all())


def whole(told: Told, measure: Measure) -> int | None:
    return told.counts.get(Cell(Group(EVERYWHERE, By.ALL), measure))


def soon() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=2)


@pytest.mark.django_db
def test_every_request_has_one_outcome() -> None:
    def comes(enquiry: Enquiry) -> None:
        do(enquiry, Act.ACCEPT)
        do(enquiry, Act.TELL_NOT_COME)
        do(enquiry, Act.SUGGEST, meeting_at=soon())
        do(enquiry, Act.AGREE, by=Actor(Party.PERSON))
        do(enquiry, Act.TELL_CAME)
        actions.rate(enquiry, good=Good.YES)

    def is_declined_after_all(enquiry: Enquiry) -> None:
        do(enquiry, Act.ACCEPT)
        do(enquiry, Act.DECLINE, reason=DeclineReason.NOT_ACCESSIBLE)

    told = counted(comes, is_declined_after_all, lambda enquiry: do(enquiry, Act.SAY_FULL), lambda enquiry: None)
    five = settings.SMALLEST_GROUP_SHOWN
    assert [whole(told, each) for each in (Measure.SENT, Measure.ACCEPTED, Measure.ARRIVED, Measure.WENT_ON)] == [
        4 * five, five, five, 0,
    ]  # fmt: skip
    assert [whole(told, each) for each in (Measure.DECLINED, Measure.UNDECIDED, Measure.GOOD)] == [2 * five, five, five]
    reasons = {group.code for group in (cell.group for cell in told.counts) if group.by is By.REASON}
    assert reasons == {DeclineReason.NOT_ACCESSIBLE, telling.FULL}


@pytest.mark.django_db
def test_a_late_answer_is_late_and_an_answer() -> None:
    sent_at = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)
    enquiry = make.only_enquiry(make.sent(at=sent_at).referral)
    for days in range(1, 12):
        keeping.run(sent_at + datetime.timedelta(days=days))
    do(enquiry, Act.ACCEPT, sent_at + datetime.timedelta(days=14), meeting_at=sent_at + datetime.timedelta(days=20))
    tally = Tally.objects.get()
    assert (tally.was_silent, tally.was_accepted, tally.reply_days) == (True, True, 10)


@pytest.mark.django_db
def test_nobody_answered_though_the_daily_run_stood_still() -> None:
    sent_at = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)
    make.sent(at=sent_at)
    keeping.run(sent_at + datetime.timedelta(days=60))
    tally = Tally.objects.get()
    assert (tally.state, tally.was_silent, tally.reply_days) == (State.UNANSWERED, True, None)


@pytest.mark.django_db
def test_requests_for_one_person_are_known_to_be_one_persons() -> None:
    first, second, third = (make.listing() for _ in range(3))
    sent = make.sent(first, second)
    assert {tally.asked_with for tally in Tally.objects.all()} == {2}
    actions.add_enquiries(
        sent.referral, [third.translation_key], by=sent.referral.keeper, consent_how=ConsentHow.SPOKEN
    )
    assert [tally.asked_with for tally in Tally.objects.all()] == [3, 3, 3]


@pytest.mark.django_db
def test_the_kinds_of_requests() -> None:
    five = settings.SMALLEST_GROUP_SHOWN
    for _ in range(five):
        make.own_sent(make.listing())
        make.sent(make.listing(stages=["3"]), stage="3", purpose=Purpose.JOINT_MEETING, meeting_at=soon())
    told = telling.figures_of(Tally.objects.all())
    kinds = {group.code: told.counts[Cell(group, Measure.SENT)] for group in told.groups(EVERYWHERE, By.KIND)}
    assert kinds == {telling.OWN: five, telling.MEETING: five}


# --- Told once --------------------------------------------------------------------------------------------------------
def tallies(count: int, organisation: Organisation, month: datetime.date = MAY, **values: object) -> None:
    """Invented counts."""
    known = {
        "purpose": Purpose.REFERRAL, "origin": Origin.WORKER, "stage": "1", "county": organisation.county_id or "",
        "service_key": organisation.uuid, "state": State.CLOSED, "was_accepted": True, "has_arrived": True,
        "went_on": True, "reply_days": 2,
    }  # fmt: skip
    Tally.objects.bulk_create(
        Tally(organisation=organisation, month=month, **{**known, **values}) for _ in range(count)
    )


@pytest.mark.django_db
def test_what_was_told_stays_as_it_was() -> None:
    organisation = OrganisationFactory()
    tallies(9, organisation)
    day = SPRING.told_from
    assert telling.run(day - datetime.timedelta(days=1)) == []
    assert telling.run(day) == [SPRING.code]
    told = ToldQuarter.objects.get().figures
    assert told["counts"]
    tallies(9, organisation)
    assert telling.run(day + datetime.timedelta(days=1)) == []
    assert ToldQuarter.objects.get().figures == told


@pytest.mark.django_db
def test_quarters_missed_are_made_good_and_the_running_one_waits() -> None:
    organisation = OrganisationFactory()
    for month in (datetime.date(2025, 11, 1), MAY, datetime.date(2026, 7, 1), datetime.date(2026, 9, 1)):
        tallies(9, organisation, month)
    assert telling.run(datetime.date(2026, 9, 15)) == ["2026-2", "2025-4"]


# --- Who sees whose ---------------------------------------------------------------------------------------------------
@pytest.fixture
def house(db: None) -> House:
    """Two areas with figures of two quarters; in each an organisation that is asked much, and one asked little."""
    house = House()
    topic = TermFactory()
    for area, organisation in (("here", house.here), ("there", house.there)):
        for month in (MAY, datetime.date(2026, 1, 1)):
            tallies(30, organisation, month, topics=[topic.code])
            tallies(9, organisation, month, was_good=Good.YES, stage="3")
            declined = {"was_accepted": False, "has_arrived": False, "went_on": False}
            tallies(7, organisation, month, state=State.DECLINED, decline_reason=DeclineReason.OTHER, **declined)
            municipality = organisation.home_municipality
            tallies(8, OrganisationFactory(names={"fi": f"Toinen {area}"}, home_municipality=municipality), month)
            small = OrganisationFactory(names={"fi": f"Pieni {area}"}, home_municipality=municipality)
            tallies(2, small, month, state=State.FULL, **declined)
    telling.run(SPRING.told_from)
    return house


def open_page(user: User, query: str = "", name: str = "figures") -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(f"referrals:{name}") + query)
    return response.status_code, response.content.decode("utf-8-sig")


@pytest.mark.parametrize("name", ["figures", "figures_csv"])
def test_for_others_the_pages_are_not_there(client: Client, house: House, name: str) -> None:
    assert client.get(reverse(f"referrals:{name}")).status_code == 302
    assert open_page(house.keeper, name=name)[0] == 404
    assert open_page(make.lead_of(make.team(house.here)), name=name)[0] == 404
    assert open_page(house.admin, name=name)[0] == 200
    assert open_page(house.chief, name=name)[0] == 200


@pytest.mark.parametrize("name", ["figures", "figures_csv"])
def test_an_area_administrator_sees_one_area_whatever_is_asked(house: House, name: str) -> None:
    by = "by=organisation"
    status, page = open_page(house.admin, f"?{by}", name)
    assert status == 200
    assert "Täällä ry" in page
    assert "Siellä ry" not in page
    assert table_on(open_page(house.admin, f"?area={house.here.county_id}&{by}", name)[1]) == table_on(page)
    for other in (house.there.county_id, EVERYWHERE, "99", ""):
        status, asked = open_page(house.admin, f"?area={other}&{by}", name)
        assert (status, "Siellä ry" in asked) == ((200, False) if other == "" else (404, False))


def test_of_several_areas_one_is_seen_at_a_time(house: House) -> None:
    both = house.admin
    AreaRole.objects.create(user=both, county_id=house.there.county_id)
    for organisation, seen, unseen in ((house.here, "Täällä", "Siellä"), (house.there, "Siellä", "Täällä")):
        page = open_page(both, f"?area={organisation.county_id}&by=organisation")[1]
        assert f"{seen} ry" in page
        assert f"{unseen} ry" not in page
    assert open_page(both, f"?area={EVERYWHERE}")[0] == 404


def test_the_centre_sees_all_and_each_area(house: House) -> None:
    page = table_on(open_page(house.chief, "?by=area")[1])
    names = {County.objects.get(pk=each.county_id).names["fi"] for each in (house.here, house.there)}
    assert {tuple(row[:2]) for row in page[1:-1]} == {(name, "56") for name in names}
    assert page[-1][1] == "112"
    assert "Siellä ry" in open_page(house.chief, f"?area={house.there.county_id}&by=organisation")[1]


def test_few_are_told_as_nobody(house: House) -> None:
    for user, query in ((house.admin, "?"), (house.chief, f"?area={house.here.county_id}&")):
        # With those two the next smallest organisation is not told either: they would be the whole less the others.
        page = open_page(user, f"{query}by=organisation")[1]
        assert [row[:2] for row in table_on(page)[1:-1]] == [["Täällä ry", "46"]]
        assert "Pieni here" not in page
        # Two had no room; so the seven who were declined otherwise are not told.
        told = open_page(user, f"{query}by=reason", "figures_csv")[1]
        assert [line.split(",")[1] for line in told.splitlines()[1:]] == ["9"]


@pytest.mark.parametrize("query", ["?quarter=2026-3", "?quarter=2026-4", "?quarter=2025-1", "?quarter=x", "?by=secret"])
def test_what_is_not_told_is_not_there(house: House, query: str) -> None:
    # Sent in the summer, which is not told yet.
    tallies(50, house.here, datetime.date(2026, 8, 1))
    for name in ("figures", "figures_csv"):
        assert open_page(house.chief, query, name)[0] == 404


def test_before_anything_is_told_the_page_says_when(db: None) -> None:
    house = House()
    tallies(50, house.here, timezone.localdate().replace(day=1))
    telling.run_today()
    status, page = open_page(house.chief)
    assert status == 200
    assert 'id="method"' in page
    assert "<table" not in page
    assert ">50<" not in page
    assert open_page(house.chief, name="figures_csv")[0] == 404


# --- Page and file ----------------------------------------------------------------------------------------------------
def table_on(page: str) -> list[list[str]]:
    """The divided table as a reader sees it, line by line."""
    found = re.search(r'<div class="table-scroll divided".*?</table>', page, re.DOTALL)
    if found is None:
        return [[], []]
    lines = re.findall(r"<tr>(.*?)</tr>", found[0], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)).replace("\u00ad", "") for cell in line] for line in cells]


@pytest.mark.parametrize("by", DIVISIONS)
@pytest.mark.parametrize("quarter", ["", "2026-1"])
@pytest.mark.parametrize("who", ["chief", "admin"])
def test_the_file_says_what_the_page_says(house: House, who: str, quarter: str, by: str) -> None:
    user = getattr(house, who)
    query = f"?by={by}" + (f"&quarter={quarter}" if quarter else "")
    told = [row for row in csv.reader(io.StringIO(open_page(user, query, "figures_csv")[1])) if row]
    page = table_on(open_page(user, query)[1])
    if page[-1]:
        assert told == page
    else:
        # No row can be told: the page says so in words, the file in its one line.
        assert len(told) == 2
    assert not any(
        cell.isdigit() and 0 < int(cell) < settings.SMALLEST_GROUP_SHOWN for row in told for cell in row[1:-1]
    )


def test_as_many_queries_for_much_as_for_little(house: House) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert open_page(house.chief, f"?area={house.here.county_id}&by=organisation")[0] == 200
        return len(captured)

    # The first page warms what is kept for a moment.
    queries()
    before = queries()
    for number in range(12):
        more = OrganisationFactory(home_municipality=house.here.home_municipality)
        tallies(20, more, datetime.date(2025, 1 + number, 1))
        tallies(20, more)
    ToldQuarter.objects.all().delete()
    telling.run(SPRING.told_from)
    assert ToldQuarter.objects.count() > 4
    assert queries() == before


# --- Pictures ---------------------------------------------------------------------------------------------------------
def test_pictures_have_a_title_words_and_no_number_that_is_not_told() -> None:
    svg = outcomes_svg([("Sent", 40), ("Accepted", None)])
    assert re.search(r"<title[^>]*>.+</title>", svg)
    assert re.search(r"<desc[^>]*>.+</desc>", svg)
    assert re.findall(r">(\d+)<", svg) == ["40"]
    assert "stroke-dasharray" in svg
    assert outcomes_svg([("Sent", None)]) == ""
    assert quarters_svg([("spring", "2026-2", 40, 20)]) == ""
    two = quarters_svg([("winter", "2026-1", None, None), ("spring", "2026-2", 40, 20)])
    assert two.count("<rect") == 4
