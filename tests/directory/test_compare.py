"""Options side by side: what stands in the table, what is chosen, what never shows, and the ways from it."""

import datetime
import re
import uuid
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory import shortlist, views
from directory.choices import Capacity
from directory.comparing import MOST, comparison
from directory.models import Service
from tests.factories import referrals as make
from tests.factories.content import HomePageFactory
from tests.factories.directory import PlaceFactory, ServiceFactory

pytestmark = pytest.mark.django_db

MONDAY_NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def home() -> None:
    HomePageFactory()


def address(name: str, **kwargs: object) -> str:
    with translation.override("fi"):
        return reverse(name, kwargs=kwargs)


def collect(client: Client, *services: Service) -> None:
    for service in services:
        client.post(address("directory:toggle_in_list"), {"item": str(service.uuid), "action": "add"})


def compared(client: Client, query: str = "", path: str = "") -> tuple[list[str], str]:
    """The columns of the table, and the page."""
    response = client.get((path or address("directory:compare")) + query)
    assert response.status_code == 200
    html = unescape(response.content.decode()).replace("\u00ad", "").replace("\u00a0", " ")
    return [option["title"] for option in response.context["options"]], html


def cells_of(services: list[Service], term: str, **known) -> list[str]:
    """A row of the table as texts, one for each option; none when the row is not there."""
    with translation.override("en"):
        rows = comparison(services, MONDAY_NOON, **known)["rows"]
    return ["\n".join(cell["told"]) for row in rows if row["term"] == term for cell in row["cells"]]


# --- the facts -------------------------------------------------------------------------------------------------------
def test_like_stands_beside_like():
    cafe = ServiceFactory(
        title="Kahvila",
        charge="free",
        languages=["fi", "sv"],
        how_to_join="Tule käymään.",
        is_outreach=True,
        places=[PlaceFactory(name="Talo", street="Koivukatu 1", accessibility=["step_free"])],
        opening_hours=[{"weekday": day, "opens": "9:00", "closes": "15:00"} for day in range(1, 6)],
    )
    club = ServiceFactory(title="Kerho", charge_note="5 euroa", channels=["remote"], is_nationwide=True)
    both = [cafe, club]
    assert cells_of(both, "Price") == ["Free of charge", "5 euroa"]
    assert "Koivukatu 1" in cells_of(both, "Where")[0]
    assert "Whole country" in cells_of(both, "Where")[1]
    open_now, week = cells_of(both, "When")[0].split("\n")
    assert "Open now" in open_now
    # Five days with the same hours are one line, and closed days none.
    assert week == "Monday–Friday 09:00–15:00"
    assert cells_of(both, "When")[1] == ""
    assert cells_of(both, "Accessibility") == ["Step-free entrance", ""]
    assert cells_of(both, "How to join")[0].startswith("Tule käymään.")
    assert cells_of(both, "Support to arrive")[0]
    # What none of them tells is no row.
    assert cells_of([club], "Support to arrive") == []


def test_an_event_tells_its_day():
    event = ServiceFactory(
        kind="event",
        starts_at=MONDAY_NOON + datetime.timedelta(days=3),
        ends_at=MONDAY_NOON + datetime.timedelta(days=3, hours=2),
        enrol_by=datetime.date(2026, 11, 25),
    )
    [told] = cells_of([event], "When")
    assert "26" in told
    assert "25" in told


def test_a_statement_of_room_that_has_lapsed_is_not_told():
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    full = ServiceFactory(capacity=Capacity.FULL, capacity_until=timezone.localdate(), capacity_note="Ryhmä on täynnä.")
    lapsed = ServiceFactory(capacity=Capacity.FULL, capacity_until=yesterday, capacity_note="Vanha sana.")
    [row] = [row for row in comparison([full, lapsed], timezone.now())["rows"] if row["kind"] == "capacity"]
    assert [(cell["told"]["state"], cell["told"]["note"]) for cell in row["cells"]] == [
        (Capacity.FULL, "Ryhmä on täynnä."),
        (Capacity.UNKNOWN, ""),
    ]


def test_the_usual_reply_time_is_told_of_those_that_have_one():
    quick, unknown = ServiceFactory(), ServiceFactory()
    told = cells_of([quick, unknown], "Usual reply time", reply_days={quick.uuid: 2})
    assert "2 working days" in told[0]
    assert told[1] == ""
    assert cells_of([quick, unknown], "Usual reply time") == []


def test_the_reply_time_reaches_the_pages(client: Client, monkeypatch: pytest.MonkeyPatch):
    quick, other = ServiceFactory(), ServiceFactory()
    collect(client, quick, other)
    pages = [address("directory:compare"), address("directory:service", slug=quick.slug)]
    words = {"fi": "arkipäiv", "en": "working day"}

    def told(path: str) -> bool:
        html = client.get(path).content.decode()
        return any(word in html for word in words.values())

    assert not any(told(path) for path in pages)
    monkeypatch.setattr(views, "usual_reply_days", lambda keys: {quick.uuid: 3} if quick.uuid in set(keys) else {})
    assert all(told(path) for path in pages)
    assert not told(address("directory:service", slug=other.slug))


def test_a_secret_address_and_workers_contacts_stay_away(client: Client):
    shelter = ServiceFactory(
        places=[
            PlaceFactory(
                name="Salatalo",
                street="Salakuja 1",
                post_office="Salala",
                is_secret=True,
                how_to_get_there={"fi": "Salatie"},
            )
        ],
        contact_ways=[
            {"kind": "phone", "value": "017 111 222"},
            {"kind": "email", "value": "salaposti@example.org", "audience": "workers"},
        ],
    )
    collect(client, shelter, ServiceFactory())
    _titles, html = compared(client)
    assert "017 111 222" in html
    assert not re.findall(r"Sala\w+|salaposti", html)


# --- which ones ------------------------------------------------------------------------------------------------------
def test_the_list_stands_side_by_side_in_its_order(client: Client):
    services = [ServiceFactory(title=title, charge="free", languages=["fi"]) for title in ("Yksi", "Kaksi")]
    collect(client, *services)
    titles, html = compared(client)
    assert titles == ["Yksi", "Kaksi"]
    assert len(re.findall(r'<th scope="col"', html)) == 3
    rows = len(re.findall(r'<th scope="row"', html))
    assert rows > 3
    assert len(re.findall("<td ", html)) == 2 * rows


def test_a_few_are_chosen_from_many(client: Client):
    services = [ServiceFactory(title=f"Palvelu {number}") for number in range(MOST + 2)]
    collect(client, *services)
    assert compared(client)[0] == [f"Palvelu {number}" for number in range(MOST)]
    last = services[-1]
    assert compared(client, f"?palvelu={services[0].uuid}&palvelu={last.uuid}")[0] == ["Palvelu 0", last.title]
    everything = "&".join(f"palvelu={service.uuid}" for service in services)
    assert len(compared(client, f"?{everything}")[0]) == MOST


@pytest.mark.parametrize("query", ["?palvelu=x", "?palvelu=", "?vaihe=9", "?vaihe=<b>", "?palvelu=" + "1" * 5000])
def test_what_is_no_choice_chooses_nothing(client: Client, query: str):
    collect(client, ServiceFactory(title="Yksi"), ServiceFactory(title="Kaksi"))
    titles, html = compared(client, query)
    assert titles == ["Yksi", "Kaksi"]
    assert "<b>" not in html.partition("<main")[0]


def test_only_what_is_on_the_list_and_public_is_compared(client: Client):
    kept, hidden, other = ServiceFactory(title="Yksi"), ServiceFactory(), ServiceFactory()
    collect(client, kept, hidden)
    hidden.unpublish()
    assert compared(client, f"?palvelu={other.uuid}&palvelu={hidden.uuid}")[0] == ["Yksi"]


def test_an_empty_list_says_what_to_do(client: Client):
    titles, html = compared(client)
    assert titles == []
    assert "<table" not in html
    assert f'href="{address("search:search")}"' in html


def test_a_shared_list_is_compared_and_does_not_become_ones_own(client: Client):
    services = [ServiceFactory(title=title) for title in ("Yksi", "Kaksi")]
    token = shortlist.pack(service.uuid for service in services)
    path = address("directory:compare_shared", token=token)
    assert f'href="{path}"' in client.get(address("directory:shared_list", token=token)).content.decode()
    assert compared(client, path=path)[0] == ["Yksi", "Kaksi"]
    assert shortlist.COOKIE not in client.cookies
    for rubbish in ("rubbish", shortlist.pack([])):
        assert client.get(address("directory:compare_shared", token=rubbish)).status_code == 404
    gone = shortlist.pack([uuid.uuid4()])
    assert compared(client, path=address("directory:compare_shared", token=gone))[0] == []


def test_ones_own_comparison_is_kept_by_no_cache(client: Client):
    assert "no-store" in client.get(address("directory:compare"))["Cache-Control"]


def test_comparing_asks_no_more_for_many(client: Client):
    from tests.directory.test_views import busy_services, queries

    keys = [service.uuid for service in busy_services(MOST)]
    few = queries(client, address("directory:compare_shared", token=shortlist.pack(keys[:1])))
    assert queries(client, address("directory:compare_shared", token=shortlist.pack(keys))) <= few <= 24


# --- giving along ----------------------------------------------------------------------------------------------------
def test_what_is_given_along_is_what_is_compared(client: Client):
    chosen, other = ServiceFactory(title="Yksi"), ServiceFactory(title="Kaksi")
    collect(client, chosen, other)
    response = client.get(f"{address('directory:compare')}?palvelu={chosen.uuid}")
    shared = response.context["share_address"]
    assert shared in response.context["message"]
    assert "Kaksi" not in response.context["message"]
    assert "<svg" in response.context["qr"]
    assert shortlist.unpack(urlsplit(shared).path.strip("/").split("/")[-1]) == [chosen.uuid]


def test_large_letters_keep_what_was_chosen(client: Client):
    chosen, other = ServiceFactory(title="Yksi"), ServiceFactory(title="Kaksi")
    collect(client, chosen, other)
    response = client.get(f"{address('directory:compare')}?palvelu={chosen.uuid}&vaihe=1")
    titles, html = compared(client, response.context["other_size"])
    assert titles == ["Yksi"]
    assert 'class="large-print"' in html
    assert "vaihe=1" in response.context["other_size"]


# --- from here to a referral -----------------------------------------------------------------------------------------
def referral_links(html: str) -> list[dict[str, list[str]]]:
    """What the links to a new referral carry."""
    start = address("referrals:new")
    links = (urlsplit(unescape(link)) for link in re.findall(r'href="([^"]+)"', html))
    return [parse_qs(link.query) for link in links if link.path == start]


def test_nothing_leads_to_referrals_before_they_are_in_use(client: Client):
    services = [make.listing(), make.listing()]
    collect(client, *services)
    for path in ("directory:compare", "directory:my_list"):
        assert referral_links(client.get(address(path)).content.decode()) == []


def test_a_worker_takes_the_compared_options_and_the_stage_along(client: Client):
    make.switch_on()
    services = [make.listing(), make.listing()]
    collect(client, *services)
    keys = [str(service.uuid) for service in services]
    _titles, html = compared(client, "?vaihe=3")
    assert referral_links(html) == [{"palvelu": keys, "vaihe": ["3"]}]
    assert referral_links(compared(client, "?vaihe=nonsense")[1]) == [{"palvelu": keys}]
    assert referral_links(client.get(address("directory:my_list")).content.decode()) == [{"palvelu": keys}]


def test_at_stage_two_nothing_is_sent(client: Client):
    make.switch_on()
    collect(client, make.listing(), make.listing())
    _titles, html = compared(client, "?vaihe=2")
    assert referral_links(html) == []
    assert 'href="#hand-over"' in html


def test_more_than_a_referral_can_ask_leads_to_choosing_first(client: Client):
    from referrals.guidance import MOST_ENQUIRIES

    make.switch_on()
    collect(client, *(make.listing() for _ in range(MOST_ENQUIRIES + 1)))
    html = client.get(address("directory:my_list")).content.decode()
    assert referral_links(html) == []
    assert html.count(f'href="{address("directory:compare")}"') > 1
    # The table never holds more than can be asked.
    assert MOST <= MOST_ENQUIRIES
    assert len(referral_links(compared(client)[1])) == 1


# --- one service -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("referral", "for_worker", "for_person"),
    [("allowed", True, True), ("needed", True, False), ("not_used", False, True), ("unknown", False, False)],
)
def test_a_service_leads_to_whoever_may_ask_it(client: Client, referral: str, for_worker: bool, for_person: bool):
    service = make.listing(referral=referral)
    path = address("directory:service", slug=service.slug)
    own = address("referrals:self_referral", slug=service.slug)
    html = client.get(path).content.decode()
    assert not referral_links(html)
    assert own not in html
    make.switch_on()
    html = client.get(path).content.decode()
    assert referral_links(html) == ([{"palvelu": [str(service.uuid)]}] if for_worker else [])
    assert (own in html) is for_person


def test_a_service_that_nobody_answers_for_cannot_be_asked(client: Client):
    make.switch_on()
    service = ServiceFactory(referral="allowed", organisation__email="")
    html = client.get(address("directory:service", slug=service.slug)).content.decode()
    assert not referral_links(html)
    assert address("referrals:self_referral", slug=service.slug) not in html


def test_a_service_page_asks_little_also_when_referrals_are_in_use(client: Client, django_assert_max_num_queries):
    from tests.directory.test_views import busy_services

    make.switch_on()
    [service] = busy_services(1, referral="allowed")
    path = address("directory:service", slug=service.slug)
    client.get(path)
    with django_assert_max_num_queries(34):
        client.get(path)
