"""Those who wish ill, look too closely or slip: what they do is met here, and gets them nothing."""

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.utils import quote
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.actions import merge_organisations
from directory.choices import Role
from directory.models import Organisation
from portal.accounts.models import User
from portal.post.models import Letter
from referrals import actions, links
from referrals.actors import PERSON
from referrals.choices import Act, State
from referrals.models import Enquiry, Referral, Team
from referrals.noticing import refused_words
from referrals.own import asking
from referrals.permissions import enquiries_for
from referrals.sending import beginning
from tests.editing import client_of
from tests.factories import referrals as make
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, member

pytestmark = pytest.mark.django_db
TOLD = {"name": make.ALIAS, "hope": make.HOPE, "language": "fi", "reach": "phone", "reach_value": make.PHONE}
TOLD |= {"may_call": "on", "phone_read": "no"}


@pytest.fixture(autouse=True)
def _home() -> None:
    HomePageFactory()


def url(name: str, **values: Any) -> str:
    return reverse(f"referrals:{name}", kwargs=values)


def text(response: Any) -> str:
    return response.content.decode()


def opened_by(code: str, client: Client | None = None) -> Client:
    client = client or Client()
    assert client.post(url("own"), {"koodi": code}).url == url("own_view")
    return client


# --- Whoever takes the phone or the computer next ---------------------------------------------------------------------
@pytest.mark.parametrize("name", ["own", "own_view", "own_log", "own_plan", "own_withdraw"])
def test_leaving_at_once_closes_what_is_open(name: str) -> None:
    person = opened_by(make.sent().code)
    address = url("own_exit")
    assert f'href="{address}"' in text(person.get(url(name))), "the button that leaves goes by way of closing"
    gone = person.get(address)
    assert gone.url == settings.QUICK_EXIT_URL
    assert gone["Referrer-Policy"] == "no-referrer"
    assert person.get(url("own_view")).status_code == 403


@pytest.mark.parametrize("leave", ["own_exit", "own_leave"])
def test_a_form_behind_the_back_button_is_not_sent_again(leave: str) -> None:
    """The browser still holds the POST by which something was sent; sent again, it would open what it became."""
    make.switch_on()
    service = make.listing()
    person = Client(enforce_csrf_checks=True)
    address = url("self_referral", slug=service.slug)
    person.get(address)
    fields = {**TOLD, "danger": "no", "agrees": "on", "website": "", "step": asking.SEND}
    fields["csrfmiddlewaretoken"] = person.cookies["csrftoken"].value
    assert person.post(address, fields).status_code == 302
    assert person.get(url("own_view")).status_code == 200
    if leave == "own_exit":
        person.get(url(leave))
    else:
        person.post(url(leave), {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]})
    assert person.post(address, fields).status_code == 403
    assert person.get(url("own_view")).status_code == 403


def test_a_worker_who_leaves_a_persons_page_stays_signed_in() -> None:
    sent = make.sent()
    worker = opened_by(sent.code, client_of(sent.referral.keeper))
    worker.get(url("own_exit"))
    assert worker.get(url("own_view")).status_code == 403
    assert worker.get(url("home")).status_code == 200


def test_the_browsers_history_tells_no_code_and_no_referral() -> None:
    sent = make.sent()
    person = Client()
    answer = person.get(f"{url('own')}?koodi={sent.code}")
    assert answer.status_code == 302, "an address that leads on is not in the history"
    assert sent.code not in answer.url
    assert sent.code not in str(dict(person.session)), "nor does the session tell it"
    assert sent.code in text(person.get(url("own")))
    assert sent.code not in text(person.get(url("own"))), "once"
    titles = set()
    opened_by(sent.code, person)
    for name in ("own", "own_view", "own_log", "own_plan", "own_withdraw"):
        page = text(person.get(url(name)))
        titles.add(page[page.index("<title>") : page.index("</title>")])
    assert len(titles) == 1, "a title that differs tells what was looked at"


def test_a_code_in_an_address_asks_for_no_key(settings) -> None:
    settings.REFERRAL_KEYS = []
    assert Client().get(f"{url('own')}?koodi=K7M4-P2QX-9RTD", follow=True).status_code == 200


def test_the_team_is_not_told_when_the_person_looks() -> None:
    sent = make.sent()
    worker = client_of(sent.referral.keeper)
    before = text(worker.get(url("log", uuid=sent.referral.uuid))).count("<tr>")
    person = opened_by(sent.code)
    for name in ("own_view", "own_log", "own_plan"):
        person.get(url(name))
    # One row more: that the team has read the log itself.
    assert text(worker.get(url("log", uuid=sent.referral.uuid))).count("<tr>") == before + 1
    assert text(person.get(url("own_log"))).count("<li><p><time") > before + 1


# --- Whoever keeps the site -------------------------------------------------------------------------------------------
def test_a_team_hears_when_others_take_somebody_in() -> None:
    organisation = OrganisationFactory()
    team = make.team(organisation)
    lead, puppet = make.lead_of(team), make.worker()
    chief = User.objects.create_superuser("chief@example.org", first_name="Ylli", last_name="Pitäjä")
    asked = actions.ask_to_join(team, by=puppet, message="Päästä sisään.")
    before = Letter.objects.filter(to=lead.email).count()
    actions.approve_member(asked, by=chief)
    letter = Letter.objects.filter(to=lead.email).order_by("-pk")[0]
    assert Letter.objects.filter(to=lead.email).count() == before + 1
    assert str(chief) in letter.text
    assert str(puppet) in letter.text


def test_a_lead_who_takes_somebody_in_gets_no_letter_of_it() -> None:
    team = make.team()
    lead = make.lead_of(team)
    asked = actions.ask_to_join(team, by=make.worker(), message="Olen uusi.")
    before = Letter.objects.filter(to=lead.email).count()
    actions.approve_member(asked, by=lead)
    assert Letter.objects.filter(to=lead.email).count() == before


def test_a_new_team_of_the_same_organisation_shows_its_maker_nothing() -> None:
    sent = make.sent()
    team = sent.referral.team
    chief = User.objects.create_superuser("chief@example.org")
    actions.open_team(team.organisation, name="Uteliaat", by=chief)
    client = client_of(chief)
    assert client.get(url("referral", uuid=sent.referral.uuid)).status_code == 404
    assert sent.referral.reference not in text(client.get(url("home")))


def test_an_organisation_with_a_referral_cannot_be_deleted_in_the_admin() -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    chief = client_of(User.objects.create_superuser("chief@example.org"))
    address = reverse(Organisation.snippet_viewset.get_url_name("delete"), args=[quote(enquiry.organisation_id)])
    assert chief.post(address).status_code < 500
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()


@pytest.mark.parametrize("gone", ["deactivated", "deleted"])
def test_news_of_a_worker_who_was_shut_out_reach_the_team(gone: str) -> None:
    """In the admin an account is shut without the steps by which a worker leaves a team."""
    team = make.team()
    lead, keeper = make.lead_of(team), make.worker(team)
    enquiry = make.only_enquiry(make.sent(by=keeper, to_team=team).referral)
    if gone == "deleted":
        keeper.delete()
    else:
        User.objects.filter(pk=keeper.pk).update(is_active=False)
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    actions.act(enquiry, Act.ASK, by=make.organisation_of(enquiry), version=enquiry.version, words="Milloin sopii?")
    assert Letter.objects.filter(to=lead.email).count() == 1
    assert not Letter.objects.filter(to=keeper.email).exists()


def test_of_two_organisations_made_one_the_people_still_answer() -> None:
    keep, drop = OrganisationFactory(), OrganisationFactory()
    owner = member(drop, Role.OWNER)
    team = make.team(drop)
    enquiry = make.only_enquiry(make.sent(make.listing(organisation=drop), to_team=team).referral)
    link = enquiry.links.get(user=owner)
    merge_organisations(keep, drop, values=[], by=User.objects.create_superuser("chief@example.org"))
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    assert enquiry in enquiries_for(owner)
    assert links.may_use(link)
    assert client_of(owner).get(url("enquiry", uuid=enquiry.uuid)).status_code == 200
    assert Team.objects.get(pk=team.pk).organisation == keep
    assert enquiry.tally.organisation == keep


# --- Floods -----------------------------------------------------------------------------------------------------------
def test_a_listing_is_not_flooded_by_many_visitors(monkeypatch) -> None:
    make.switch_on()
    monkeypatch.setattr(asking, "MOST_OF_LISTING", 2)
    service, other = make.listing(), make.listing()
    fields = {**TOLD, "danger": "no", "agrees": "on", "website": "", "step": asking.SEND}
    found = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(url("self_referral", slug=service.slug), fields)
        for number in range(3)
    ]
    assert [each.status_code for each in found] == [302, 302, 429]
    assert make.HOPE in text(found[-1]), "what was typed stays"
    assert Referral.objects.count() == 2
    assert Client(REMOTE_ADDR="192.0.2.9").post(url("self_referral", slug=other.slug), fields).status_code == 302


def test_an_account_in_wrong_hands_sends_only_so_much(monkeypatch) -> None:
    make.switch_on()
    monkeypatch.setattr(beginning, "MOST_A_DAY", 1)
    team = make.team()
    client = client_of(make.lead_of(team))
    service, further = make.listing(), make.listing()
    passed = {"palvelu": service.translation_key, "hata": "ei", "lakisaateinen": "ei", "tietaa": "kylla"}
    address = f"{url('new_step', step='tarkista')}?{urlencode({**passed, 'suostumus': 'spoken'})}"
    assert client.post(address, {**TOLD, beginning.SEND: "1"}).status_code == 302
    refused = client.post(address, {**TOLD, beginning.SEND: "1"})
    assert refused.status_code == 429
    assert make.HOPE in text(refused)
    referral = Referral.objects.get()
    more = {"palvelu": str(further.translation_key), "knows": "on", "how": "spoken"}
    assert client.post(url("more", uuid=referral.uuid), more).status_code == 429
    assert referral.enquiries.count() == 1


# --- What slips through a form ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        "131052 308T",
        "131052308t",
        "13.10.52-308T",
        "13.10.1952 - 308T",
        "13 10 52 - 308 T",
        "１３１０５２－３０８Ｔ",
        "131052\N{ZERO WIDTH SPACE}-308T",
        "1310\N{SOFT HYPHEN}52\N{FIGURE DASH}308T",
        "tunnus131052-308Ton",
        "hetu_131052-308T",
    ],
)
def test_an_identity_code_in_disguise_is_refused(words: str) -> None:
    assert refused_words(f"Hän on {words}.")


@pytest.mark.parametrize("words", ["0401234567", "040 123 4567", "FI21 1234 5600 0007 85", "10.11.26 - 1500"])
def test_other_numbers_are_none(words: str) -> None:
    assert not refused_words(words)


ODD = ["9" * 5000, "-1", "²", "٣", "1e9", "\0", "\N{REPLACEMENT CHARACTER}", "", "x" * 100_000]


def test_odd_values_are_refused_and_break_nothing() -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    owner = client_of(enquiry.organisation.memberships.first().user)
    worker = client_of(enquiry.referral.keeper)
    person = opened_by(make.own_sent().code)
    link = f"{url('link_code')}?avain={links.token_of(enquiry.links.first())}"
    worst = {}
    for odd in ODD:
        answers = {
            "version": owner.post(url("enquiry", uuid=enquiry.uuid), {"act": "decline", "version": odd}),
            "words": owner.post(
                url("enquiry", uuid=enquiry.uuid),
                {"act": "decline", "version": odd, "decline-reason": "other", "decline-words": odd},
            ),
            "act": owner.post(url("enquiry", uuid=enquiry.uuid), {"act": odd}),
            "steer": worker.post(
                url("act", uuid=enquiry.referral.uuid, enquiry=enquiry.uuid),
                {"act": "cancel", "version": odd, "words": odd},
            ),
            "code": Client(REMOTE_ADDR="192.0.2.7").post(url("own"), {"koodi": odd}),
            "address": Client().get(url("own"), {"koodi": odd[:2000]}, follow=True),
            "digits": Client().post(link, {"digits": odd}),
            "token": Client().get(url("link"), {"avain": odd[:2000]}),
            "good": person.post(url("own_rate", enquiry=enquiry.uuid), {"good": odd}),
            "teams": worker.get(url("teams"), {"q": odd[:2000]}),
            "team": worker.get(url("team_new"), {"organisation": odd[:2000]}),
            "new": worker.get(url("new"), {"palvelu": odd[:2000], "vaihe": odd[:2000], "tiimi": odd[:2000]}),
        }
        worst |= {(name, odd[:5]): each.status_code for name, each in answers.items() if each.status_code >= 500}
    assert worst == {}
    assert Enquiry.objects.get(pk=enquiry.pk).state == State.SENT


@pytest.mark.parametrize(
    ("day", "time", "status"),
    [
        ("9999-12-31", "23:59", 400),
        ("0001-01-01", "00:00", 400),
        # An hour that is not there, and one that is there twice.
        ("2027-03-28", "03:30", 302),
        ("2026-10-25", "03:30", 302),
    ],
)
def test_odd_moments_break_nothing(day: str, time: str, status: int) -> None:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC), tick=False):
        enquiry = make.only_enquiry(make.sent().referral)
        owner = client_of(enquiry.organisation.memberships.first().user)
        fields = {"act": "suggest", "version": "1", "suggest-day": day, "suggest-time": time, "suggest-words": ""}
        assert owner.post(url("enquiry", uuid=enquiry.uuid), fields).status_code == status
        assert owner.get(url("enquiry", uuid=enquiry.uuid)).status_code == 200


def test_lost_keys_are_told_wherever_words_are_written(settings) -> None:
    enquiry = make.only_enquiry(make.sent().referral)
    owner = client_of(enquiry.organisation.memberships.first().user)
    settings.REFERRAL_KEYS = []
    fields = {"act": "decline", "version": "1", "decline-reason": "other", "decline-words": "Soita toiseen."}
    assert owner.post(url("enquiry", uuid=enquiry.uuid), fields).status_code == 503
    assert Enquiry.objects.get(pk=enquiry.pk).state == State.SENT


# --- The stalker who writes in another's name -------------------------------------------------------------------------
def test_an_organisation_is_told_that_nobody_checked_who_sent_it() -> None:
    own, workers = (make.only_enquiry(each.referral) for each in (make.own_sent(), make.sent()))
    told = []
    for each in (own, workers):
        page = client_of(each.organisation.memberships.first().user).get(url("enquiry", uuid=each.uuid))
        told.append("Nobody has checked who sent this" in text(page) or "Kukaan ei ole tarkistanut" in text(page))
    assert told == [True, False]


def test_withdrawing_leaves_no_letter_that_opens_anything() -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    owner = client_of(enquiry.organisation.memberships.first().user)
    actions.withdraw_consent(sent.referral, by=PERSON, at=timezone.now())
    page = text(owner.get(url("enquiry", uuid=enquiry.uuid)))
    assert not any(secret in page for secret in (make.ALIAS, make.PHONE, make.HOPE))
    assert sent.code not in page
