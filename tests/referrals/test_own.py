"""The person's own view: opening by code, what it shows, what can be done in it, what it never tells."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory.models import ServicePlace
from portal.base import languages
from referrals import actions, audit
from referrals.access import OWN_MINUTES
from referrals.choices import Act, DeclineReason, LogEvent, Reach, State
from referrals.models import Enquiry, LogLine, Referral
from referrals.own.views import TRIES, TRIES_OF_PREFIX
from referrals.retention import wipe
from tests.factories import referrals as make
from tests.factories.directory import PlaceFactory

pytestmark = pytest.mark.django_db
SECRETS = (make.ALIAS, make.HOPE, make.PHONE)


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()
    yield
    cache.clear()


def url(name: str, **values) -> str:
    return reverse(f"referrals:{name}", kwargs=values)


def open_by(client: Client, code: str, **more):
    return client.post(url("own"), {"koodi": code}, **more)


def page(client: Client, name: str = "own_view", **values) -> str:
    response = client.get(url(name, **values))
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def do(enquiry: Enquiry, what: Act, **values) -> Enquiry:
    now = Enquiry.objects.get(pk=enquiry.pk)
    return actions.act(now, what, by=make.organisation_of(now), version=now.version, **values)


def act(client: Client, enquiry: Enquiry, what: Act, version: int | None = None, **values):
    enquiry.refresh_from_db()
    data = {"act": what.value, "version": version or enquiry.version, **values}
    return client.post(url("own_act", enquiry=enquiry.uuid), data)


def in_a_week() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=7)


# --- The door ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", languages.CODES)
def test_the_code_opens_in_every_language(client: Client, language: str) -> None:
    sent = make.sent()
    with translation.override(language):
        assert client.get(url("own")).status_code == 200
        response = open_by(client, sent.code)
        assert response.url == url("own_view")
        html = page(client)
    assert make.HOPE in html
    assert sent.referral.enquiries.get().title in html
    assert f'lang="{language}' in html


def test_the_code_may_be_written_as_people_write(client: Client) -> None:
    sent = make.sent()
    assert open_by(client, f"  {sent.code.lower().replace('-', ' ')} ").status_code == 302


def test_an_address_with_the_code_opens_nothing(client: Client) -> None:
    sent = make.sent()
    response = client.get(f"{url('own')}?koodi={sent.code}", follow=True)
    assert sent.code not in response.request["QUERY_STRING"], "the browser's history tells no code"
    assert f'value="{sent.code}"' in response.content.decode()
    assert make.HOPE not in response.content.decode()
    closed = client.get(url("own_view"))
    assert closed.status_code == 403
    assert make.HOPE not in closed.content.decode()


def test_a_wrong_code_tells_nothing_of_what_there_is(client: Client) -> None:
    sent = make.sent()
    withdrawn = make.sent(make.listing(), to_team=sent.referral.team)
    wipe(withdrawn.referral)

    def words(code: str) -> str:
        response = open_by(client, code)
        assert response.status_code == 400
        return response.content.decode().replace(code, "")

    never, removed = words("AAAA-BBBB-CCCC"), words(withdrawn.code)
    assert errors(never) == errors(removed) == errors(words("what?"))
    assert not any(secret in never for secret in SECRETS)


def errors(html: str) -> str:
    return html.partition('class="error-summary"')[2].partition("</section>")[0]


def test_a_visitor_tries_only_so_often(client: Client) -> None:
    sent = make.sent()
    for number in range(TRIES):
        assert open_by(client, f"AAA{'BCDEFGHJKM'[number]}-AAAA-AAAA").status_code == 400
    assert open_by(client, sent.code).status_code == 429
    assert open_by(Client(REMOTE_ADDR="198.51.100.7"), sent.code).status_code == 302


def test_many_visitors_cannot_try_the_rest_of_a_torn_code(client: Client) -> None:
    sent = make.sent()
    beginning = sent.code[:4]
    for number in range(TRIES_OF_PREFIX):
        assert open_by(client, f"{beginning}-AAAA-AAAA", REMOTE_ADDR=f"198.51.100.{number}").status_code == 400
    assert open_by(client, sent.code, REMOTE_ADDR="203.0.113.1").status_code == 429


def test_it_closes_by_itself(client: Client) -> None:
    sent = make.sent()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        open_by(client, sent.code)
        clock.shift(datetime.timedelta(minutes=OWN_MINUTES, seconds=1))
        assert client.get(url("own_view")).status_code == 403


def test_leaving_closes_it(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    assert client.get(url("own_leave")).status_code == 405
    response = client.post(url("own_leave"))
    assert response.url == "/fi/"
    assert client.get(url("own_view")).status_code == 403


def test_a_new_code_closes_what_the_old_one_opened(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    code = actions.new_code_for(sent.referral, by=sent.referral.keeper)
    assert client.get(url("own_view")).status_code == 403
    assert open_by(client, sent.code).status_code == 400
    assert open_by(client, code).status_code == 302


def test_session_and_cookies_hold_nothing_of_the_person(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    page(client)
    kept = str(dict(client.session)) + str(client.cookies)
    assert not any(secret in kept for secret in (*SECRETS, sent.code))


def test_no_cache_and_no_search_engine_keeps_a_page(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    for name in ("own", "own_view", "own_log", "own_withdraw", "own_plan"):
        response = client.get(url(name))
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


# --- What it shows ----------------------------------------------------------------------------------------------------
def test_each_opening_is_in_the_log(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    page(client)
    page(client, "own_plan")
    events = list(LogLine.objects.of_referral(sent.referral.uuid).values_list("event", flat=True))
    assert events[-2:] == [LogEvent.OPEN, LogEvent.PRINT]
    assert audit.verify().is_whole


@pytest.mark.parametrize("name", ["own_view", "own_plan"])
def test_a_secret_address_is_never_shown(client: Client, name: str) -> None:
    listing = make.listing()
    place = PlaceFactory(is_secret=True, street="Salakuja 77", postcode="99999")
    ServicePlace.objects.create(service=listing, place=place)
    sent = make.sent(listing, details=make.details(reach=Reach.COMES, reach_value="", may_call=False))
    open_by(client, sent.code)
    html = page(client, name)
    assert make.ALIAS in html
    assert "Salakuja" not in html
    assert "99999" not in html


def test_who_makes_contact_gets_a_number_that_opens_nothing(client: Client) -> None:
    sent = make.sent(details=make.details(reach=Reach.COMES, reach_value="", may_call=False))
    open_by(client, sent.code)
    html = page(client)
    assert sent.referral.reference in html
    assert sent.code not in html
    assert open_by(client, sent.referral.reference).status_code == 400


@pytest.mark.parametrize(
    "steps, state",
    [
        ([], State.SENT),
        ([(Act.ASK, {"words": "Mikä päivä?"})], State.ASKED),
        ([(Act.SUGGEST, {"meeting_at": "week", "words": "Torin laidalla"})], State.SUGGESTED),
        ([(Act.ACCEPT, {"meeting_at": "week", "words": "Torin laidalla"})], State.ACCEPTED),
        ([(Act.ACCEPT, {})], State.ACCEPTED),
        ([(Act.ACCEPT, {}), (Act.TELL_CAME, {})], State.ARRIVED),
        ([(Act.ACCEPT, {}), (Act.TELL_CAME, {}), (Act.TELL_WENT_ON, {})], State.CONTINUES),
        ([(Act.ACCEPT, {}), (Act.TELL_NOT_COME, {})], State.NOT_COME),
        ([(Act.DECLINE, {"reason": DeclineReason.NOT_ACCESSIBLE})], State.DECLINED),
        ([(Act.SAY_FULL, {})], State.FULL),
        ([(Act.ACCEPT, {}), (Act.CLOSE, {})], State.CLOSED),
    ],
)
@pytest.mark.parametrize("sender", [make.sent, make.own_sent])
def test_every_state_is_told_in_words(client: Client, sender, steps, state: State) -> None:
    sent = sender()
    enquiry = make.only_enquiry(sent.referral)
    for what, values in steps:
        given = {**values, "meeting_at": in_a_week()} if "meeting_at" in values else values
        enquiry = do(enquiry, what, **given)
    assert enquiry.state == state
    open_by(client, sent.code)
    with translation.override("en"):
        html = page(client)
        reason = str(DeclineReason.NOT_ACCESSIBLE.label)
    assert 'class="badge' in html
    if enquiry.meeting_at and state in (State.SUGGESTED, State.ACCEPTED):
        assert f'datetime="{timezone.localtime(enquiry.meeting_at).isoformat()}"' in html
        assert "Torin laidalla" in html
    if state == State.DECLINED:
        assert reason in html


def test_the_others_of_the_site_are_told_by_team_and_organisation_alone(client: Client) -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    do(enquiry, Act.ASK, words="Mikä päivä?")
    open_by(client, sent.code)
    html = page(client, "own_log")
    assert sent.referral.team.name in html
    assert str(enquiry.organisation) in html
    assert sent.referral.keeper.last_name not in html + page(client)


def test_anothers_referral_stays_closed(client: Client) -> None:
    sent = make.own_sent()
    other = make.only_enquiry(make.own_sent(make.listing()).referral)
    do(other, Act.ASK, words="Mikä päivä?")
    open_by(client, sent.code)
    assert act(client, other, Act.ANSWER, words="Maanantai").status_code == 404
    assert client.post(url("own_rate", enquiry=other.uuid), {"good": "yes"}).status_code == 404
    assert client.post(url("own_act", enquiry=uuid4()), {"act": "agree", "version": 1}).status_code == 404
    other.refresh_from_db()
    assert other.state == State.ASKED


# --- What one can do --------------------------------------------------------------------------------------------------
def test_a_suggested_time_suits(client: Client) -> None:
    sent = make.sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.SUGGEST, meeting_at=in_a_week())
    open_by(client, sent.code)
    assert "time" in page(client)
    assert act(client, enquiry, Act.AGREE).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.state == State.ACCEPTED


def test_a_suggested_time_does_not_suit(client: Client) -> None:
    sent = make.sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.SUGGEST, meeting_at=in_a_week())
    open_by(client, sent.code)
    assert act(client, enquiry, Act.REFUSE_TIME, words="Aamu sopisi").status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.meeting_at) == (State.SENT, None)
    assert "Aamu sopisi" in page(client)


def test_the_person_answers_in_their_own_referral(client: Client) -> None:
    sent = make.own_sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Mikä päivä sopii?")
    open_by(client, sent.code)
    assert "Mikä päivä sopii?" in page(client)
    assert act(client, enquiry, Act.ANSWER, words="").status_code == 400
    assert act(client, enquiry, Act.ANSWER, words="Maanantai").status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT


def test_in_a_workers_referral_the_worker_answers(client: Client) -> None:
    sent = make.sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Mikä päivä sopii?")
    open_by(client, sent.code)
    assert 'value="answer"' not in page(client)
    assert act(client, enquiry, Act.ANSWER, words="Maanantai").status_code == 404


@pytest.mark.parametrize("what", [Act.ACCEPT, Act.CANCEL, Act.CLOSE, Act.TELL_CAME, Act.WITHDRAW])
def test_nothing_else_is_done_there(client: Client, what: Act) -> None:
    sent = make.own_sent()
    enquiry = make.only_enquiry(sent.referral)
    open_by(client, sent.code)
    assert act(client, enquiry, what).status_code == 404
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT


def test_an_identity_code_is_not_sent_and_words_are_kept(client: Client) -> None:
    sent = make.own_sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Mikä päivä?")
    open_by(client, sent.code)
    response = act(client, enquiry, Act.ANSWER, words="Olen 010190-123A, Mattilanniemi")
    assert response.status_code == 400
    assert "Mattilanniemi" in response.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.state == State.ASKED


def test_who_answers_an_old_page_is_told_and_loses_no_word(client: Client) -> None:
    sent = make.own_sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Mikä päivä?")
    open_by(client, sent.code)
    do(enquiry, Act.ACCEPT)
    response = act(client, enquiry, Act.ANSWER, words="Maanantai käy")
    assert response.status_code == 409
    assert "Maanantai käy" in response.content.decode()


def test_who_answers_too_late_loses_no_word(client: Client) -> None:
    sent = make.own_sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Mikä päivä?")
    response = act(client, enquiry, Act.ANSWER, words="Maanantai käy")
    assert response.status_code == 403
    assert "Maanantai käy" in response.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.state == State.ASKED


def test_was_it_good(client: Client) -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    open_by(client, sent.code)
    rate = url("own_rate", enquiry=enquiry.uuid)
    assert rate not in page(client)
    assert client.post(rate, {"good": "yes"}).status_code == 409
    do(enquiry, Act.ACCEPT)
    do(enquiry, Act.TELL_CAME)
    assert rate in page(client)
    assert client.post(rate, {"good": "splendid"}).status_code == 404
    assert client.post(rate, {"good": "partly"}).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.was_good == "partly"
    assert 'aria-pressed="true"' in page(client)


def test_withdrawing_is_told_first_and_done_by_a_press(client: Client) -> None:
    sent = make.sent(make.listing(), make.listing())
    open_by(client, sent.code)
    html = page(client, "own_withdraw")
    assert all(str(each.organisation) in html for each in sent.referral.enquiries.all())
    sent.referral.refresh_from_db()
    assert sent.referral.withdrawn_at is None
    assert client.post(url("own_withdraw")).status_code == 302
    sent.referral.refresh_from_db()
    assert sent.referral.withdrawn_at is not None
    for name in ("own_view", "own_plan"):
        assert not any(secret in page(client, name) for secret in SECRETS)
    # Again: nothing happens.
    assert client.post(url("own_withdraw")).status_code == 302


def test_words_of_a_withdrawn_referral_are_shown_to_nobody(client: Client) -> None:
    sent = make.own_sent()
    enquiry = do(make.only_enquiry(sent.referral), Act.ASK, words="Salasanaiskysymys?")
    open_by(client, sent.code)
    client.post(url("own_withdraw"))
    assert "Salasanaiskysymys" not in page(client)
    assert act(client, enquiry, Act.ANSWER, words="Maanantai").status_code == 409


def test_a_removed_referral_is_not_there(client: Client) -> None:
    sent = make.sent()
    open_by(client, sent.code)
    wipe(sent.referral)
    assert not Referral.objects.exists()
    for name in ("own_view", "own_log", "own_withdraw", "own_plan"):
        assert client.get(url(name)).status_code == 403
    assert open_by(client, sent.code).status_code == 400


@pytest.mark.parametrize("name", ["own_view", "own_log", "own_withdraw", "own_plan"])
def test_nothing_is_open_without_a_code(client: Client, name: str) -> None:
    make.sent()
    response = client.get(url(name))
    assert response.status_code == 403
    assert not any(secret in response.content.decode() for secret in SECRETS)


def test_everything_that_acts_needs_its_token() -> None:
    sent = make.own_sent()
    enquiry = make.only_enquiry(sent.referral)
    strict = Client(enforce_csrf_checks=True)
    for path in (
        url("own"),
        url("own_withdraw"),
        url("own_leave"),
        url("own_act", enquiry=enquiry.uuid),
        url("own_rate", enquiry=enquiry.uuid),
    ):
        assert strict.post(path, {"koodi": sent.code}).status_code == 403


def test_it_can_be_withdrawn_after_referrals_were_switched_off(client: Client) -> None:
    sent = make.sent()
    controller = make.switch_on()
    controller.is_on = False
    controller.save()
    open_by(client, sent.code)
    assert client.post(url("own_withdraw")).status_code == 302
    sent.referral.refresh_from_db()
    assert sent.referral.withdrawn_at is not None
