"""Who gets through which door: every address of referrals × every kind of person, asked over HTTP.

The table is written by hand, apart from referrals/permissions.py: whoever changes one has to change the other. Beside
whom a door opens to it tells what the others meet: nothing there (404), the way to sign in, to a team, or to the code.
"""

import re
from http.cookies import SimpleCookie
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory.choices import Role
from portal.accounts.models import User
from portal.post.models import Letter
from referrals import actions, links, urls
from referrals.choices import Act, TeamRole
from referrals.figures import telling
from referrals.figures.quarters import told_quarters
from referrals.models import Enquiry, Link, LogLine, Message, Person, Referral, Tally, Team, TeamMember
from referrals.sample import write_sample_tallies
from tests.factories import referrals as make
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    area_administrator,
    member,
)

pytestmark = pytest.mark.django_db

PEOPLE = {
    "n": "nobody signed in",
    "s": "somebody signed in",
    "t": "member of the team that sent it",
    "l": "lead of the team that sent it",
    "z": "lead of another team of the same organisation",
    "o": "owner of the organisation that is asked",
    "d": "its deputy",
    "v": "its writer, who keeps the listing",
    "w": "another writer of it",
    "x": "owner of another organisation, which another referral asks",
    "a": "administrator of the area",
    "y": "administrator of another area",
    "m": "moderator",
    "A": "administrator",
    "k": "browser that opened the link of the enquiry",
    "K": "browser that opened another link",
    "c": "browser that opened it with the person's code",
    "C": "browser with another person's code",
}
EVERYBODY = "".join(PEOPLE)
SIGNED_IN = "stlzodvwxaymA"
TEAM, WORKERS, RECEIVERS, STAFF, ANY_STAFF = "tl", "tlz", "odv", "amA", "aymA"
PERSONS = "cC"

# What shuts them out.
NOTHING, SIGN_IN, TO_TEAMS, TO_CODE = "nothing there", "to sign in", "to a team", "to the code"


class Door(NamedTuple):
    """Whom it opens to; what others meet who are signed in, and who are not; whom it is hidden from although others
    like them are told more."""

    opens: str
    signed_in: str = NOTHING
    others: str = SIGN_IN
    hidden: str = ""

    def meets(self, sign: str) -> str | None:
        """What somebody meets; None: it opens."""
        if sign in self.opens:
            return None
        if sign in self.hidden:
            return NOTHING
        return self.signed_in if sign in SIGNED_IN else self.others


ANYBODY = Door(EVERYBODY)
WORKER = Door(WORKERS, TO_TEAMS)
OF_TEAM = Door(TEAM)
BY_CODE = Door(PERSONS, TO_CODE, TO_CODE)
# What hangs on one enquiry: another person's code opens another one.
BY_THIS_CODE = Door("c", TO_CODE, TO_CODE, hidden="C")
OF_ENQUIRY = Door(RECEIVERS + "k", NOTHING, NOTHING)
ACCOUNT = Door(SIGNED_IN)

# Address (less "referrals:") → whom it opens to. `POST name`: what is done there.
DOORS = {
    # the worker
    "home": WORKER,
    "new": WORKER,
    "new_step": WORKER,
    "referral": OF_TEAM,
    "POST act": OF_TEAM,
    "POST take_over": OF_TEAM,
    "withdraw": OF_TEAM,
    "POST withdraw": OF_TEAM,
    "paper": OF_TEAM,
    "new_code": OF_TEAM,
    "POST new_code": OF_TEAM,
    "plan": OF_TEAM,
    "log": OF_TEAM,
    "more": OF_TEAM,
    # the organisation
    "inbox": ACCOUNT,
    "enquiry": OF_ENQUIRY,
    "POST enquiry": OF_ENQUIRY,
    # the person
    "own": ANYBODY,
    "own_view": BY_CODE,
    "own_log": BY_CODE,
    "own_withdraw": BY_CODE,
    "POST own_withdraw": BY_CODE,
    "own_plan": BY_CODE,
    "POST own_act": BY_THIS_CODE,
    "POST own_rate": BY_THIS_CODE,
    "POST own_leave": ANYBODY,
    "own_exit": ANYBODY,
    "self_referral": ANYBODY,
    "self_sent": BY_CODE,
    # teams
    "teams": ACCOUNT,
    "team_new": ACCOUNT,
    "team_join": ACCOUNT,
    "team": Door(TEAM + STAFF),
    "POST member_decide": Door("l" + STAFF),
    "POST member_role": Door("l" + STAFF),
    # The place is the member's own.
    "POST member_end": Door(TEAM + STAFF),
    "team_close": Door("l" + STAFF),
    "POST team_close": Door("l" + STAFF),
    "teams_waiting": Door(ANY_STAFF),
    "team_decide": Door(STAFF),
    "POST team_decide": Door(STAFF),
    # figures and what is told of the processing
    "figures": Door(ANY_STAFF),
    "figures_csv": Door(ANY_STAFF),
    "privacy": ANYBODY,
    "record": Door("A"),
}
# Open to whoever holds the signed link; what they do there is told in tests/referrals/test_answering.py.
BY_LINK = {"link", "link_code", "new_link"}
# What a door must be told before it looks at who stands there.
TOLD = {
    "act": {"act": "cancel", "version": "1"},
    "enquiry": {"act": "decline", "version": "1"},
    "own_act": {"act": "agree", "version": "1"},
    "own_rate": {"good": "yes"},
    "member_decide": {"decision": "approve"},
    "member_role": {"role": "lead"},
    "team_decide": {"decision": "approve"},
}
# From where one comes back to one's teams when something was done.
BACK_TO_TEAMS = ("member_end", "team_close")
# Doors that only act.
ACTING = ("act", "take_over", "own_act", "own_rate", "own_leave", "member_decide", "member_role", "member_end")


def test_every_address_is_in_the_table():
    assert {door.removeprefix("POST ") for door in DOORS} | BY_LINK == {each.name for each in urls.urlpatterns}


class World(NamedTuple):
    """A referral with one of everything, and one person of each kind."""

    referral: Referral
    enquiry: Enquiry
    other: Referral
    code: str
    team: Team
    waiting_team: Team
    asked: TeamMember
    clients: dict[str, SimpleCookie]
    people: dict[str, User]


@pytest.fixture
def world() -> World:
    municipality = MunicipalityFactory()
    elsewhere = MunicipalityFactory(code="091", names={"fi": "Helsinki"}, county=CountyFactory(code="00"))
    sender = OrganisationFactory(home_municipality=municipality)
    asked = OrganisationFactory(home_municipality=municipality)
    another = OrganisationFactory(home_municipality=elsewhere)
    keeper = member(asked, Role.WRITER, "pitaja@example.org")
    people = {
        "o": member(asked, Role.OWNER),
        "d": member(asked, Role.DEPUTY),
        "v": keeper,
        "w": member(asked, Role.WRITER, "kirjoittaja@example.org"),
        "x": member(another, Role.OWNER),
        "s": User.objects.create_user("joku@example.org"),
        "a": area_administrator(municipality.county),
        "y": area_administrator(elsewhere.county, "muualla@example.org"),
        "m": User.objects.create_user("moderaattori@example.org"),
        "A": User.objects.create_superuser("admin@example.org"),
    }
    people["m"].user_permissions.add(Permission.objects.get(codename="publish_service"))
    listing = make.listing(organisation=asked, slug="kuvataidepiiri", owner=keeper)
    team, other_team = make.team(sender), make.team(sender, name="Toinen tiimi")
    people |= {"l": make.lead_of(team), "t": make.worker(team), "z": make.lead_of(other_team)}
    sent = make.sent(listing, to_team=team, by=people["l"])
    other = make.sent(make.listing(organisation=another), to_team=other_team)
    enquiry = make.only_enquiry(sent.referral)
    for quarter in told_quarters(timezone.localdate(), 1):
        write_sample_tallies([listing], [quarter])
    telling.run(timezone.localdate())
    world = World(
        referral=sent.referral,
        enquiry=enquiry,
        other=other.referral,
        code=sent.code,
        team=team,
        waiting_team=actions.open_team(sender, name="Kolmas tiimi", by=make.worker(), message="Olen uusi."),
        asked=actions.ask_to_join(team, by=make.worker(), message="Olen uusi."),
        clients={},
        people=people,
    )
    for sign, person in people.items():
        client = Client()
        client.force_login(person)
        world.clients[sign] = client.cookies
    world.clients["n"] = Client().cookies
    world.clients["k"] = with_link(enquiry)
    world.clients["K"] = with_link(make.only_enquiry(other.referral))
    world.clients["c"] = with_code(sent.code)
    world.clients["C"] = with_code(other.code)
    return world


def with_link(enquiry: Enquiry) -> SimpleCookie:
    """A browser in which the link of a letter was opened, and its code typed."""
    client, link = Client(), Link.objects.filter(enquiry=enquiry).earliest("pk")
    digits = links.new_digits_for(link, at=timezone.now())
    url = f"{reverse('referrals:link_code')}?avain={links.token_of(link)}"
    assert client.post(url, {"digits": digits}).url == reverse("referrals:enquiry", args=[enquiry.uuid])
    return client.cookies


def with_code(code: str) -> SimpleCookie:
    """A browser in which a person's code was typed."""
    client = Client()
    assert client.post(reverse("referrals:own"), {"koodi": code}).url == reverse("referrals:own_view")
    return client.cookies


def address(name: str, world: World) -> str:
    """The address of a door, of the things of this referral."""
    uuid, enquiry = {"uuid": world.referral.uuid}, {"enquiry": world.enquiry.uuid}
    team, place = {"pk": world.team.pk}, {"pk": world.team.members.get(user=world.people["t"]).pk}
    values = {
        **dict.fromkeys(
            ("referral", "take_over", "withdraw", "paper", "new_code", "plan", "log", "more"),
            uuid,
        ),
        "act": {**uuid, **enquiry},
        "enquiry": {"uuid": world.enquiry.uuid},
        "own_act": enquiry,
        "own_rate": enquiry,
        "new_step": {"step": "hata"},
        "self_referral": {"slug": "kuvataidepiiri"},
        "self_sent": {"slug": "kuvataidepiiri"},
        **dict.fromkeys(("team", "team_join", "team_close"), team),
        "team_decide": {"pk": world.waiting_team.pk},
        "member_decide": {"pk": world.asked.pk},
        "member_role": place,
        "member_end": place,
    }
    query = f"?organisation={world.team.organisation.slug}" if name == "team_new" else ""
    with translation.override("fi"):
        return reverse(f"referrals:{name}", kwargs=values.get(name, {})) + query


def ask(door: str, world: World, sign: str) -> HttpResponse:
    """What somebody gets at a door. What they would do there is undone."""
    client = Client(raise_request_exception=True)
    client.cookies = SimpleCookie(world.clients[sign].output(header="", sep=";"))
    name = door.removeprefix("POST ")
    url = address(name, world)
    with transaction.atomic():
        response = client.post(url, TOLD.get(name, {})) if door.startswith("POST ") else client.get(url)
        transaction.set_rollback(True)
    assert response.status_code != 500
    return response


def met(door: str, world: World, sign: str) -> str | None:
    """What shuts somebody out of a door; None: it is open."""
    response = ask(door, world, sign)
    target = response.get("Location", "") if response.status_code == 302 else ""
    with translation.override("fi"):
        teams, code = reverse("referrals:teams"), reverse("referrals:own")
    if response.status_code == 404:
        return NOTHING
    if "/accounts/login" in target:
        return SIGN_IN
    if target == code or (response.status_code == 403 and 'name="koodi"' in response.content.decode()):
        return TO_CODE
    if target == teams and door.removeprefix("POST ") not in BACK_TO_TEAMS:
        return TO_TEAMS
    return None if response.status_code in (200, 302, 400, 409) else f"status {response.status_code}"


def test_doors_open_to_those_they_are_for_and_to_nobody_else(world):
    wrong = {}
    for door, expected in DOORS.items():
        for sign, who in PEOPLE.items():
            found = met(door, world, sign)
            if found != expected.meets(sign):
                wrong[f"{door}: {who}"] = f"{found or 'opens'}, not {expected.meets(sign) or 'opens'}"
    assert wrong == {}


def test_what_acts_takes_no_get(world):
    found = {}
    for name in ACTING:
        sign = DOORS[f"POST {name}"].opens[0]
        found[name] = ask(name, world, sign).status_code
    assert found == dict.fromkeys(ACTING, 405)


def test_looking_changes_nothing_but_the_log(world):
    models = (Referral, Enquiry, Message, Person, Link, Tally, Team, TeamMember, Letter)

    def state() -> list:
        return [list(model.objects.order_by("pk").values_list()) for model in models]

    before = state()
    lines = LogLine.objects.count()
    for door, expected in DOORS.items():
        if not door.startswith("POST "):
            client = Client()
            client.cookies = SimpleCookie(world.clients[expected.opens[0]].output(header="", sep=";"))
            client.get(address(door, world))
    assert state() == before
    assert LogLine.objects.count() > lines, "openings are written down"


def test_pages_are_somebodys_own(world):
    """No cache keeps them, no search engine lists them; the notice is for everybody."""
    kept = set()
    for door, expected in DOORS.items():
        if door != "privacy":
            response = ask(door, world, expected.opens[0])
            if "no-store" not in response["Cache-Control"] or "noindex" not in response["X-Robots-Tag"]:
                kept.add(door)
    assert kept == set()


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(world):
    for name, sign in (("referral", "z"), ("referral", "A"), ("enquiry", "x"), ("enquiry", "K")):
        client = Client()
        client.cookies = SimpleCookie(world.clients[sign].output(header="", sep=";"))
        own = world.referral.uuid if name == "referral" else world.enquiry.uuid
        there, nowhere = (client.get(reverse(f"referrals:{name}", args=[uuid])) for uuid in (own, uuid4()))
        assert there.status_code == nowhere.status_code == 404
        assert plain(there) == plain(nowhere)


def plain(response: HttpResponse) -> str:
    """The words of a page, less its own address."""
    text = response.content.decode()
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", text)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_those_who_keep_the_site_see_nothing_of_a_person(world):
    """Whatever page they open: neither the words, nor the code, nor where the referral is."""
    actions.act(world.enquiry, Act.ASK, by=make.organisation_of(world.enquiry), words="Sopiiko Zytomiiri?")
    secrets = (make.ALIAS, make.PHONE, make.HOPE, world.code, "Zytomiiri", str(world.referral.uuid))
    seen = {}
    for sign in "samyAxzw":
        for door in DOORS:
            if not door.startswith("POST "):
                text, own = ask(door, world, sign).content.decode(), address(door, world)
                # A page tells its own address, also where nothing is.
                if found := [secret for secret in secrets if secret in text and secret not in own]:
                    seen[f"{door}: {PEOPLE[sign]}"] = found
    assert seen == {}


def test_what_is_wiped_or_withdrawn_is_closed_to_those_who_saw_it(world):
    actions.withdraw_consent(world.referral, by=make.sender_of(world.referral))
    for sign, door in (("l", "referral"), ("o", "enquiry"), ("k", "enquiry")):
        text = ask(door, world, sign).content.decode()
        assert make.ALIAS not in text
        assert make.PHONE not in text


def test_an_account_that_is_closed_gets_in_nowhere(world):
    for sign, door in (("l", "referral"), ("o", "enquiry"), ("t", "home")):
        User.objects.filter(pk=world.people[sign].pk).update(is_active=False)
        assert met(door, world, sign) is not None


def test_who_leaves_the_team_is_a_stranger(world):
    place = world.team.members.get(user=world.people["t"])
    actions.end_member(place, by=world.people["t"])
    for door, expected in DOORS.items():
        if expected is OF_TEAM:
            assert met(door, world, "t") == NOTHING
    assert met("home", world, "t") == TO_TEAMS


def test_a_new_lead_decides_and_an_old_one_does_no_more(world):
    place, lead = world.team.members.get(user=world.people["t"]), world.team.members.get(user=world.people["l"])
    actions.set_role(place, role=TeamRole.LEAD, by=world.people["l"])
    actions.set_role(lead, role=TeamRole.MEMBER, by=world.people["t"])
    assert met("POST member_decide", world, "t") is None
    assert met("POST member_decide", world, "l") == NOTHING


def test_before_it_is_switched_on_nothing_about_a_person_is_taken_in(world):
    controller = make.switch_on()
    controller.is_on = False
    controller.save()
    for door, sign in (("new", "l"), ("new_step", "l"), ("more", "l"), ("self_referral", "n")):
        assert met(door, world, sign) == NOTHING
    # What was sent is still theirs who sent, got or are it.
    for door, sign in (("referral", "l"), ("enquiry", "o"), ("enquiry", "k"), ("own_view", "c")):
        assert met(door, world, sign) is None
