"""The organisation's pages over HTTP: link, code, enquiry, acts, inbox; without an account and with one."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from directory.choices import Capacity, Role
from directory.models import Organisation, Service
from portal.accounts.models import User
from portal.post.models import Letter
from referrals import actions, links
from referrals.actors import PERSON
from referrals.choices import Act, DeclineReason, LogEvent, PhoneRead, Purpose, State
from referrals.models import Enquiry, Link, LogLine, Message
from tests.editing import client_of
from tests.factories import referrals as make
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, PlaceFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home() -> None:
    HomePageFactory()


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(names={"fi": "Järvilaakson kahvila"})


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return member(organisation, Role.OWNER, "omistaja@jarvilaakso.example")


@pytest.fixture
def listing(organisation: Organisation, owner: User) -> Service:
    return make.listing(organisation=organisation, title="Kahvila Kulmakunta")


@pytest.fixture
def enquiry(listing: Service) -> Enquiry:
    return make.only_enquiry(make.sent(listing).referral)


def url(name: str, **values) -> str:
    with translation.override("fi"):
        return reverse(f"referrals:{name}", kwargs=values)


def link_url(link: Link, name: str = "link") -> str:
    return f"{url(name)}?avain={links.token_of(link)}"


def enquiry_url(enquiry: Enquiry) -> str:
    return url("enquiry", uuid=enquiry.uuid)


def words(response: HttpResponse) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def typed_code(link: Link) -> str:
    """The digits of the newest letter."""
    letter = Letter.objects.filter(key__startswith=f"referral-code:{link.uuid}").order_by("-pk")[0]
    found = re.search(r"(\d{3}) (\d{3})", letter.text)
    assert found is not None
    return found[1] + found[2]


def wrong_code(link: Link) -> str:
    return f"{(int(typed_code(link)) + 1) % 1_000_000:06d}"


def opened(link: Link, client: Client | None = None) -> Client:
    """A browser that has come in by the link and its code."""
    client = client or Client()
    client.post(link_url(link, "link_code"))
    response = client.post(link_url(link, "link_code"), {"digits": typed_code(link)})
    assert response.status_code == 302
    return client


def by_link(enquiry: Enquiry) -> Client:
    return opened(enquiry.links.get())


def by_account(enquiry: Enquiry) -> Client:
    return client_of(User.objects.get(email="omistaja@jarvilaakso.example"))


def send(client: Client, enquiry: Enquiry, act: Act, *, version: int | None = None, **values) -> HttpResponse:
    """What the button of an act sends from a page that was loaded just now."""
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    fields = {f"{act.value}-{name}": value for name, value in values.items()}
    data = {"act": act.value, "version": version or enquiry.version, **fields}
    return client.post(enquiry_url(enquiry), data)


def state_of(enquiry: Enquiry) -> str:
    return Enquiry.objects.get(pk=enquiry.pk).state


def act_on(enquiry: Enquiry, what: Act, by=None, **values) -> None:
    now = Enquiry.objects.get(pk=enquiry.pk)
    actions.act(now, what, by=by or make.organisation_of(now), version=now.version, **values)


def everything(enquiry: Enquiry) -> list:
    """All that opening a link could change."""
    return [
        *Link.objects.values_list("used_at", "code_hash", "codes_sent", "code_tries"),
        *Enquiry.objects.values_list("state", "version"),
        Letter.objects.count(),
        LogLine.objects.count(),
    ]


SECRETS = (make.ALIAS, make.HOPE, make.PHONE)


# --- the link ---------------------------------------------------------------------------------------------------------
def test_a_mail_scanner_changes_nothing(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    before = everything(enquiry)
    for method in ("get", "head", "get", "head"):
        response = getattr(Client(), method)(link_url(link))
        assert response.status_code == 200
        getattr(Client(), method)(link_url(link, "link_code"), follow=True)
        assert getattr(Client(), method)(link_url(link, "new_link")).status_code == 405
    assert everything(enquiry) == before
    opened(link)


def test_before_the_code_nothing_is_told(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    client = Client()
    pages = [client.get(link_url(link))]
    pages.append(client.post(link_url(link, "link_code"), follow=True))
    pages.append(client.post(link_url(link, "link_code"), {"digits": wrong_code(link)}))
    for page in pages:
        assert "o•••@jarvilaakso.example" in words(page)
        told = page.content.decode()
        for secret in (*SECRETS, enquiry.title, str(enquiry.organisation), link.address, str(enquiry.uuid)):
            assert secret not in told
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]


def test_the_code_opens_the_enquiry_and_the_link_is_used(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    client = opened(link)
    page = client.get(enquiry_url(enquiry))
    for told in SECRETS[:2]:
        assert told in words(page)
    assert "no-store" in page["Cache-Control"]
    # The same browser may press the letter's button again; another one may not.
    assert client.get(link_url(link)).url == enquiry_url(enquiry)
    assert Client().get(link_url(link)).status_code == 410


def test_the_key_does_not_reach_an_address_that_is_logged(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    client = Client()
    response = client.post(link_url(link, "link_code"), follow=True)
    paths = [each.split("?")[0] for each, _status in response.redirect_chain]
    response = client.post(link_url(link, "link_code"), {"digits": typed_code(link)})
    assert links.token_of(link) not in "".join([*paths, response.url])


def test_a_page_that_is_loaded_anew_sends_no_second_code(enquiry: Enquiry) -> None:
    link, client = enquiry.links.get(), Client()
    response = client.post(link_url(link, "link_code"), follow=True)
    for _load in range(3):
        client.get(response.redirect_chain[-1][0])
    assert Letter.objects.filter(key__startswith="referral-code").count() == 1


def test_after_five_wrong_codes_a_new_one_is_needed(enquiry: Enquiry) -> None:
    link, client = enquiry.links.get(), Client()
    client.post(link_url(link, "link_code"))
    for _try in range(links.MOST_TRIES):
        assert client.post(link_url(link, "link_code"), {"digits": wrong_code(link)}).status_code == 400
    right = typed_code(link)
    response = client.post(link_url(link, "link_code"), {"digits": right})
    assert response.status_code == 400
    assert client.get(enquiry_url(enquiry)).status_code == 404
    # The way on is the button of the same page.
    assert _forms(response) == [url("link_code")]
    assert not _inputs(response, "digits")
    opened(link, client)


def test_what_cannot_be_a_code_costs_no_try(enquiry: Enquiry) -> None:
    link, client = enquiry.links.get(), Client()
    client.post(link_url(link, "link_code"))
    for typed in ("", "12345", "abc", "1234567"):
        assert client.post(link_url(link, "link_code"), {"digits": typed}).status_code == 400
    link.refresh_from_db()
    assert link.code_tries == 0


def test_an_old_code_opens_nothing(enquiry: Enquiry) -> None:
    link, client = enquiry.links.get(), Client()
    client.post(link_url(link, "link_code"))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=links.CODE_MINUTES, seconds=5)):
        response = client.post(link_url(link, "link_code"), {"digits": typed_code(link)})
        assert response.status_code == 400
        assert client.get(enquiry_url(enquiry)).status_code == 404


def test_codes_have_an_end_and_then_a_new_link_is_offered(enquiry: Enquiry) -> None:
    link, client = enquiry.links.get(), Client()
    for _press in range(links.MOST_CODES + 2):
        client.post(link_url(link, "link_code"))
    assert Letter.objects.filter(key__startswith="referral-code").count() == links.MOST_CODES
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        assert _forms(client.get(link_url(link))) == [url("new_link")]


def test_of_two_browsers_with_one_link_one_comes_in(enquiry: Enquiry) -> None:
    link, first, second = enquiry.links.get(), Client(), Client()
    first.post(link_url(link, "link_code"))
    code = typed_code(link)
    assert first.post(link_url(link, "link_code"), {"digits": code}).status_code == 302
    assert second.post(link_url(link, "link_code"), {"digits": code}).status_code == 410
    assert second.get(enquiry_url(enquiry)).status_code == 404
    assert first.get(enquiry_url(enquiry)).status_code == 200


@pytest.mark.parametrize("name", ["link", "link_code"])
def test_old_altered_and_unknown_links(enquiry: Enquiry, name: str) -> None:
    link = enquiry.links.get()
    ask = Client().get if name == "link" else Client().post
    late = link.expires_at + datetime.timedelta(seconds=1)
    with time_machine.travel(late):
        assert ask(link_url(link, name)).status_code == 410
    for address in (link_url(link, name)[:-2], f"{url(name)}?avain=x", url(name)):
        assert ask(address).status_code == 404


def test_the_link_of_a_closed_account_opens_nothing_and_closes_what_was_open(enquiry: Enquiry, owner: User) -> None:
    link = enquiry.links.get()
    client = opened(link)
    owner.is_active = False
    owner.save()
    assert client.get(enquiry_url(enquiry)).status_code == 404
    assert Client().get(link_url(link)).status_code == 404
    assert Client().post(link_url(link, "link_code")).status_code == 404


def test_what_is_open_opens_nothing_else(enquiry: Enquiry, listing: Service) -> None:
    client = by_link(enquiry)
    other = make.only_enquiry(make.sent(listing, to_team=enquiry.referral.team).referral)
    assert client.get(enquiry_url(other)).status_code == 404
    assert send(client, other, Act.DECLINE, reason=DeclineReason.OTHER).status_code == 404
    assert state_of(other) == State.SENT
    assert client.get(url("inbox")).status_code == 302
    # Two at once are both open.
    opened(other.links.get(), client)
    assert client.get(enquiry_url(other)).status_code == client.get(enquiry_url(enquiry)).status_code == 200


def test_it_stays_open_for_a_while_and_is_closed_by_a_press(enquiry: Enquiry, listing: Service) -> None:
    client = by_link(enquiry)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=settings.REFERRAL_OPEN_MINUTES + 1)):
        response = send(client, enquiry, Act.ASK, words="Pitkä kysymys, jota kirjoitin kauan")
    assert response.status_code == 404
    assert "Pitkä kysymys, jota kirjoitin kauan" in response.content.decode()
    assert state_of(enquiry) == State.SENT
    other = make.only_enquiry(make.sent(listing, to_team=enquiry.referral.team).referral)
    client = by_link(other)
    assert client.post(enquiry_url(other), {"leave": "1"}).status_code == 200
    assert client.get(enquiry_url(other)).status_code == 404


def test_a_session_knows_no_person(enquiry: Enquiry) -> None:
    client = by_link(enquiry)
    send(client, enquiry, Act.ASK, words="Kysymyslause")
    client.get(enquiry_url(enquiry))
    kept = str(dict(client.session)) + str(client.cookies)
    for secret in (*SECRETS, "Kysymyslause", enquiry.title, enquiry.links.last().address):
        assert secret not in kept


# --- a new link -------------------------------------------------------------------------------------------------------
def test_a_used_link_gives_a_new_one_to_the_same_address_once_a_day(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    opened(link)
    answers = {words(Client().post(link_url(link, "new_link"))) for _press in range(3)}
    assert enquiry.links.count() == 2
    newest = enquiry.links.exclude(pk=link.pk).get()
    assert (newest.address, newest.user) == (link.address, link.user)
    act_on(enquiry, Act.DECLINE, reason=DeclineReason.OTHER)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        answers.add(words(Client().post(link_url(link, "new_link"))))
    answers.add(words(Client().post(f"{url('new_link')}?avain=x")))
    assert enquiry.links.count() == 2
    # Nobody learns whether there is something to open.
    assert len(answers) == 1


def test_nobody_asks_for_links_all_day(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    statuses = [Client().post(link_url(link, "new_link")).status_code for _press in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


# --- the enquiry ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("door", [by_link, by_account])
def test_each_opening_is_logged(enquiry: Enquiry, door: Callable) -> None:
    client = door(enquiry)
    for _load in range(2):
        assert client.get(enquiry_url(enquiry)).status_code == 200
    lines = LogLine.objects.filter(event=LogEvent.OPEN, enquiry=enquiry.uuid)
    assert lines.count() == 2


def test_it_tells_how_many_others_were_asked_and_never_which(listing: Service) -> None:
    others = [make.listing(title=f"Toinen paikka {number}") for number in range(2)]
    enquiry = make.sent(listing, *others).referral.enquiries.get(service_key=listing.translation_key)
    page = by_link(enquiry).get(enquiry_url(enquiry))
    assert page.context["others"] == len(others)
    for other in others:
        assert other.title not in words(page)
        assert str(other.organisation) not in words(page)


def test_how_to_make_contact_safely_comes_before_the_number(listing: Service) -> None:
    details = make.details(may_call=False, may_leave_message=True, phone_read=PhoneRead.YES)
    enquiry = make.only_enquiry(make.sent(listing, details=details).referral)
    page = by_link(enquiry).get(enquiry_url(enquiry)).content.decode()
    assert 0 < page.index("notice--urgent") < page.index(make.HOPE) < page.index("tel:")


def test_without_any_danger_nothing_is_loud(listing: Service) -> None:
    details = make.details(may_call=True, may_leave_message=True, phone_read=PhoneRead.NO)
    enquiry = make.only_enquiry(make.sent(listing, details=details).referral)
    assert "notice--urgent" not in by_link(enquiry).get(enquiry_url(enquiry)).content.decode()


def test_the_persons_own_code_is_never_shown(listing: Service) -> None:
    sent = make.sent(listing, details=make.details(reach="comes", reach_value=""))
    enquiry = make.only_enquiry(sent.referral)
    page = words(by_link(enquiry).get(enquiry_url(enquiry)))
    assert sent.code not in page
    assert sent.referral.reference in page


@pytest.mark.parametrize("how", ["decline", "withdraw", "cancel", "close"])
def test_what_is_over_shows_nothing_of_the_person(enquiry: Enquiry, how: str) -> None:
    client = by_link(enquiry)
    act_on(enquiry, Act.ASK, words="Kysymyslause")
    if how == "decline":
        act_on(enquiry, Act.DECLINE, reason=DeclineReason.OTHER, words="Hylkäyslause")
    elif how == "withdraw":
        actions.withdraw_consent(enquiry.referral, by=PERSON)
    elif how == "cancel":
        act_on(enquiry, Act.CANCEL, by=make.sender_of(enquiry.referral))
    else:
        act_on(enquiry, Act.ACCEPT)
        act_on(enquiry, Act.CLOSE)
    for browser in (client, by_account(enquiry)):
        page = browser.get(enquiry_url(enquiry))
        assert page.status_code == 200
        for secret in (*SECRETS, "Kysymyslause", "Hylkäyslause", str(enquiry.referral.team)):
            assert secret not in page.content.decode()
        assert BeautifulSoup(page.content, "html.parser").find("input", {"name": "act"}) is None


# --- acts -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Done:
    """An act as it is sent: after which acts, with which fields, and what comes of it."""

    act: Act
    state: State
    after: tuple[Act, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


SUGGESTED = (("day", "2031-05-06"), ("time", "14:30"), ("words", "Paikkalause"))
ACTS = [
    Done(Act.ACCEPT, State.ACCEPTED),
    Done(Act.ACCEPT, State.ACCEPTED, fields=SUGGESTED),
    Done(Act.ASK, State.ASKED, fields=(("words", "Kysymyslause"),)),
    Done(Act.SUGGEST, State.SUGGESTED, fields=SUGGESTED),
    Done(Act.DECLINE, State.DECLINED, fields=(("reason", "times_do_not_suit"), ("words", "Hylkäyslause"))),
    Done(Act.SAY_FULL, State.FULL, fields=(("until", "2031-04-30"),)),
    Done(Act.TELL_CAME, State.ARRIVED, after=(Act.ACCEPT,)),
    Done(Act.TELL_NOT_COME, State.NOT_COME, after=(Act.ACCEPT,)),
    Done(Act.TELL_WENT_ON, State.CONTINUES, after=(Act.ACCEPT, Act.TELL_CAME)),
    Done(Act.CLOSE, State.CLOSED, after=(Act.ACCEPT,)),
]


@pytest.mark.parametrize("door", [by_link, by_account])
@pytest.mark.parametrize("done", ACTS, ids=lambda done: f"{done.act}{'-more' if done.fields else ''}")
def test_every_act_by_link_and_by_inbox(enquiry: Enquiry, door: Callable, done: Done) -> None:
    with time_machine.travel(datetime.datetime(2031, 4, 1, 9, tzinfo=datetime.UTC), tick=False):
        enquiry = make.only_enquiry(
            make.sent(Service.objects.get(translation_key=enquiry.service_key), to_team=enquiry.referral.team).referral
        )
        client = door(enquiry)
        for act in done.after:
            act_on(enquiry, act)
        page = BeautifulSoup(client.get(enquiry_url(enquiry)).content, "html.parser")
        form = page.find("form", id=done.act.value)
        assert form is not None
        fields = {each["name"] for each in form.find_all(["input", "textarea"])}
        assert {f"{done.act.value}-{name}" for name, _value in done.fields} <= fields
        response = send(client, enquiry, done.act, **dict(done.fields))
        assert (response.status_code, response.url) == (302, enquiry_url(enquiry))
        enquiry.refresh_from_db()
        assert enquiry.state == done.state
        sent = dict(done.fields)
        if "day" in sent:
            assert timezone.localtime(enquiry.meeting_at).strftime("%Y-%m-%d %H:%M") == f"{sent['day']} {sent['time']}"
        if "words" in sent:
            assert Message.objects.get(enquiry=enquiry).text == sent["words"]
        if "reason" in sent:
            assert enquiry.decline_reason == sent["reason"]
        if "until" in sent:
            row = Service.objects.get(translation_key=enquiry.service_key)
            assert (row.capacity, row.capacity_until.isoformat()) == (Capacity.FULL, sent["until"])
        assert client.get(enquiry_url(enquiry)).status_code == 200


def test_only_what_can_be_done_is_offered(enquiry: Enquiry) -> None:
    client = by_link(enquiry)
    offered = {each["value"] for each in _inputs(client.get(enquiry_url(enquiry)), "act")}
    assert offered == {"accept", "ask", "suggest", "decline", "say_full"}
    assert send(client, enquiry, Act.TELL_CAME).status_code == 409
    for foreign in (Act.WITHDRAW, Act.CANCEL, Act.LAPSE):
        assert send(client, enquiry, foreign).status_code == 404
    assert client.post(enquiry_url(enquiry), {"act": "nonsense"}).status_code == 404
    assert state_of(enquiry) == State.SENT


def _forms(page: HttpResponse) -> list[str]:
    """Where the forms of a link's page lead, less the token."""
    actions_of = [each["action"] for each in BeautifulSoup(page.content, "html.parser").select("main form")]
    return [each.partition("?")[0] for each in actions_of]


def _inputs(page: HttpResponse, name: str) -> list:
    return BeautifulSoup(page.content, "html.parser").find_all("input", {"name": name})


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (Act.ASK, {"words": " "}),
        (Act.SUGGEST, {"day": "2031-05-06", "words": "Pitkä viesti"}),
        (Act.SUGGEST, {"day": "2001-05-06", "time": "10:00", "words": "Pitkä viesti"}),
        (Act.ACCEPT, {"time": "10:00", "words": "Pitkä viesti"}),
        (Act.ACCEPT, {"day": "huomenna", "words": "Pitkä viesti"}),
        (Act.ACCEPT, {"words": "Tunnus on 131052-308T, pitkä viesti"}),
        (Act.DECLINE, {"words": "Pitkä viesti"}),
        (Act.SAY_FULL, {"until": "2001-01-01"}),
        (Act.SAY_FULL, {"until": ""}),
    ],
)
def test_on_a_fault_all_that_was_typed_stays(enquiry: Enquiry, act: Act, fields: dict[str, str]) -> None:
    client = by_link(enquiry)
    response = send(client, enquiry, act, **fields)
    assert response.status_code == 400
    page = BeautifulSoup(response.content, "html.parser")
    form = page.find("form", id=act.value)
    for name, value in fields.items():
        field = form.find(attrs={"name": f"{act.value}-{name}"})
        assert (field.get("value") or field.get_text()).strip() == value.strip()
    # The summary leads to a field, the field tells what is wrong, and both can be seen.
    target = page.select_one(".error-summary a")["href"].removeprefix("#")
    assert form.find(id=target) is not None
    assert form.select(".field__error")
    parent = form.find_parent("details")
    assert parent is None or parent.has_attr("open")
    assert state_of(enquiry) == State.SENT


def test_who_acts_on_an_old_page_keeps_what_was_typed(enquiry: Enquiry) -> None:
    client = by_link(enquiry)
    act_on(enquiry, Act.SUGGEST, meeting_at=timezone.now() + datetime.timedelta(days=3))
    response = send(client, enquiry, Act.DECLINE, version=1, reason="other", words="Pitkä selitys")
    assert response.status_code == 409
    assert response.context["has_changed"]
    assert "Pitkä selitys" in response.content.decode()
    assert state_of(enquiry) == State.SUGGESTED
    # The page that came back is the newest: sent again, it counts.
    version = _inputs(response, "version")[0]["value"]
    assert (
        send(client, enquiry, Act.DECLINE, version=int(version), reason="other", words="Pitkä selitys").status_code
        == 302
    )
    assert state_of(enquiry) == State.DECLINED


def test_words_for_what_cannot_be_done_any_more_are_given_back(enquiry: Enquiry) -> None:
    client = by_link(enquiry)
    actions.withdraw_consent(enquiry.referral, by=PERSON)
    response = send(client, enquiry, Act.ASK, version=1, words="Pitkä kysymys")
    assert response.status_code == 409
    assert "Pitkä kysymys" in response.content.decode()
    for secret in SECRETS:
        assert secret not in response.content.decode()


def test_a_summer_time_and_a_winter_time_are_helsinkis(enquiry: Enquiry) -> None:
    client = by_link(enquiry)
    with time_machine.travel(datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)):
        enquiry = make.only_enquiry(
            make.sent(Service.objects.get(translation_key=enquiry.service_key), to_team=enquiry.referral.team).referral
        )
        client = by_link(enquiry)
        for day, hour in (("2031-02-03", 10), ("2031-07-03", 9)):
            send(client, enquiry, Act.SUGGEST, day=day, time="12:00")
            assert Enquiry.objects.get(pk=enquiry.pk).meeting_at.astimezone(datetime.UTC).hour == hour
            act_on(enquiry, Act.REFUSE_TIME, by=make.sender_of(enquiry.referral))


def test_a_joint_meetings_time_is_accepted_by_one_press(listing: Service) -> None:
    meeting_at = timezone.now() + datetime.timedelta(days=7)
    listing.stages = ["3"]
    listing.save()
    sent = make.sent(listing, stage="3", purpose=Purpose.JOINT_MEETING, meeting_at=meeting_at)
    enquiry = make.only_enquiry(sent.referral)
    client = by_link(enquiry)
    assert not _inputs(client.get(enquiry_url(enquiry)), "accept-day")
    send(client, enquiry, Act.ACCEPT)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.meeting_at) == (State.ACCEPTED, meeting_at)


def test_acting_needs_a_form_of_ours(enquiry: Enquiry) -> None:
    link = enquiry.links.get()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_url(link, "link_code")).status_code == 403
    assert strict.post(enquiry_url(enquiry), {"act": "accept"}).status_code == 403


# --- a secret place ---------------------------------------------------------------------------------------------------
STREET, POSTCODE = "Salaistenpolku 7", "99871"


@pytest.fixture
def shelter(organisation: Organisation, owner: User) -> Service:
    place = PlaceFactory(street=STREET, postcode=POSTCODE, is_secret=True, organisation=organisation, name="Salatalo")
    return make.listing(organisation=organisation, places=[place])


@pytest.mark.parametrize("said", ["Tulkaa: Salaistenpolku 7", "salaistenpolulla", "99871 Kuopio"])
def test_a_secret_address_cannot_be_sent(shelter: Service, said: str) -> None:
    enquiry = make.only_enquiry(make.sent(shelter).referral)
    client = by_link(enquiry)
    for act, fields in ((Act.ACCEPT, {}), (Act.SUGGEST, {"day": "2099-05-06", "time": "12:00"}), (Act.ASK, {})):
        assert send(client, enquiry, act, words=said, **fields).status_code == 400
    assert state_of(enquiry) == State.SENT
    assert not Message.objects.exists()
    assert send(client, enquiry, Act.ACCEPT, words="Soitamme ja kerromme paikan.").status_code == 302


def test_a_secret_address_is_on_no_page_and_in_no_letter(shelter: Service) -> None:
    enquiry = make.only_enquiry(make.sent(shelter).referral)
    client = by_link(enquiry)
    pages = [client.get(enquiry_url(enquiry)), by_account(enquiry).get(url("inbox"))]
    send(client, enquiry, Act.ACCEPT)
    pages.append(client.get(enquiry_url(enquiry)))
    told = " ".join(each.content.decode() for each in pages)
    told += " ".join(f"{each.subject} {each.text} {each.html}" for each in Letter.objects.all())
    for secret in ("Salaistenpolku", POSTCODE, "Salatalo"):
        assert secret not in told


# --- the inbox --------------------------------------------------------------------------------------------------------
def test_the_inbox_shows_what_waits_first_and_nothing_of_a_person(listing: Service, owner: User) -> None:
    monday = datetime.datetime(2026, 9, 7, 9, tzinfo=datetime.UTC)
    with time_machine.travel(monday, tick=False) as clock:
        team = make.team()
        answered, late = (make.only_enquiry(make.sent(listing, to_team=team).referral) for _each in range(2))
        act_on(answered, Act.ACCEPT, words="Paikkalause")
        clock.shift(datetime.timedelta(days=3))
        fresh = make.only_enquiry(make.sent(listing, to_team=team).referral)
        over = make.only_enquiry(make.sent(listing, to_team=team).referral)
        act_on(over, Act.DECLINE, reason=DeclineReason.OTHER)
        page = client_of(owner).get(url("inbox"))
    rows = [each["href"] for each in BeautifulSoup(page.content, "html.parser").select(".kept__title a")]
    assert rows == [enquiry_url(each) for each in (late, fresh, answered, over)]
    assert [row.is_late for row in page.context["waiting"]] == [True, False]
    for secret in (*SECRETS, "Paikkalause", str(team)):
        assert secret not in page.content.decode()


def test_the_inbox_is_each_ones_own(enquiry: Enquiry) -> None:
    stranger = member(OrganisationFactory(), Role.OWNER)
    assert enquiry_url(enquiry) not in client_of(stranger).get(url("inbox")).content.decode()
    assert client_of(stranger).get(enquiry_url(enquiry)).status_code == 404
    assert Client().get(url("inbox")).status_code == 302
    writer = member(enquiry.organisation, Role.WRITER)
    assert client_of(writer).get(enquiry_url(enquiry)).status_code == 404


def test_more_enquiries_ask_no_more_of_the_database(listing: Service, owner: User) -> None:
    client, team = client_of(owner), make.team()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("inbox")).status_code == 200
        return len(queries)

    def one_more() -> None:
        for act in (None, Act.ACCEPT, Act.DECLINE):
            enquiry = make.only_enquiry(make.sent(listing, to_team=team).referral)
            if act is not None:
                act_on(enquiry, act, reason=DeclineReason.OTHER if act is Act.DECLINE else "")

    one_more()
    count()
    few = count()
    for _more in range(3):
        one_more()
    # The frame of the page is read anew when referrals are switched on.
    count()
    assert count() == few


# --- the workspace ----------------------------------------------------------------------------------------------------
def home(user: User) -> HttpResponse:
    with translation.override("fi"):
        return client_of(user).get(reverse("workspace:home"))


def test_what_waits_needs_the_keeper_today(enquiry: Enquiry, owner: User) -> None:
    page = home(owner)
    assert page.context["today"].referrals == 1
    assert not page.context["today"].is_quiet
    assert url("inbox") in page.content.decode()
    for secret in SECRETS:
        assert secret not in page.content.decode()
    act_on(enquiry, Act.ACCEPT)
    assert home(owner).context["today"].is_quiet


def test_the_rooms_of_referrals_are_shown_to_whom_they_are_for(enquiry: Enquiry, owner: User) -> None:
    worker = make.lead_of(enquiry.referral.team)
    stranger = User.objects.create_user("muu@example.org")

    def links_of(user: User) -> set[str]:
        nav = BeautifulSoup(home(user).content, "html.parser").select(".workspace-nav a")
        return {each["href"] for each in nav} & {url("inbox"), url("home"), url("figures")}

    assert links_of(owner) == {url("inbox")}
    assert links_of(worker) == {url("home")}
    assert links_of(stranger) == set()
    assert links_of(User.objects.create_superuser("yllapito@example.org")) == {url("figures")}
    controller = make.switch_on()
    controller.is_on = False
    controller.save()
    assert links_of(owner) == links_of(worker) == set()
