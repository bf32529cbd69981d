"""The worker's way over HTTP: from choosing to sending, one referral and what is done to it, paper, plan and log."""

import datetime
import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import shortlist
from directory.choices import Referral as ReferralUse
from directory.choices import Role
from directory.models import Service
from portal.accounts.models import User
from portal.post.models import Letter
from referrals import actions
from referrals.choices import Act, ConsentHow, DeclineReason, LogEvent, PhoneRead, Reach, State
from referrals.models import Enquiry, LogLine, Person, Referral
from tests.factories import referrals as make
from tests.factories.directory import member

pytestmark = pytest.mark.django_db

PASSED = {"hata": "ei", "lakisaateinen": "ei", "tietaa": "kylla", "suostumus": "spoken"}
TYPED = {"name": make.ALIAS, "hope": make.HOPE, "language": "fi", "reach": "phone", "reach_value": make.PHONE}
TYPED |= {"may_call": "on", "phone_read": "no"}
SECRETS = (make.ALIAS, make.PHONE, make.HOPE)


@pytest.fixture
def worker() -> User:
    """The lead of a team, with referrals in use."""
    make.switch_on()
    return make.lead_of(make.team())


@pytest.fixture
def at_work(client: Client, worker: User) -> Client:
    """The worker's browser."""
    client.force_login(worker)
    return client


def step(name: str, *services: Service, **answers: str) -> str:
    """The address of a step with what was chosen and answered."""
    query = [("palvelu", each.translation_key) for each in services]
    return f"{reverse('referrals:new_step', kwargs={'step': name})}?{urlencode([*query, *answers.items()])}"


def page(name: str, referral: Referral, **values: Any) -> str:
    """The address of a page of one referral."""
    return reverse(f"referrals:{name}", kwargs={"uuid": referral.uuid, **values})


def send_from_check(client: Client, *services: Service, **values: Any):
    """Press «Send» on the check page."""
    data = {**TYPED, "lomake": str(uuid4()), "laheta": "1", **values}
    return client.post(step("tarkista", *services, vaihe="1", **PASSED), data)


def text_of(response) -> str:
    """A page as it came."""
    return response.content.decode()


def do(enquiry: Enquiry, what: Act, **values: Any) -> Enquiry:
    """Something that the organisation does."""
    enquiry.refresh_from_db()
    return actions.act(enquiry, what, by=make.organisation_of(enquiry), version=enquiry.version, **values)


# --- The way to sending -----------------------------------------------------------------------------------------------
def test_the_whole_way(at_work: Client, worker: User) -> None:
    first, second = make.listing(), make.listing()
    chosen = [("palvelu", first.translation_key), ("palvelu", second.translation_key), ("vaihe", "1"), ("jatka", "1")]
    addresses = [f"{reverse('referrals:new')}?{urlencode(chosen)}"]
    for answers in ({"hata": "ei"}, {"lakisaateinen": "ei"}, {"tietaa": "kylla", "suostumus": "written"}):
        response = at_work.get(addresses[-1])
        assert at_work.get(response["Location"]).status_code == 200
        addresses.append(f"{response['Location']}&{urlencode({**answers, 'jatka': '1'})}")
    details = at_work.get(addresses[-1])["Location"]
    form = at_work.get(details)
    assert form.status_code == 200
    check = form.context["check_url"]
    key = str(form.context["form_uuid"])
    addresses += [details, check]

    looked_at = at_work.post(check, {**TYPED, "lomake": key})
    assert looked_at.status_code == 200
    assert all(secret in text_of(looked_at) for secret in (make.ALIAS, make.HOPE))
    assert not Person.objects.exists()
    assert not Referral.objects.exists()

    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', text_of(looked_at)))
    sent = at_work.post(looked_at.context["send_url"], {**hidden, "laheta": "1"})
    referral = Referral.objects.get()
    assert sent["Location"] == page("referral", referral)
    assert referral.person.details.hope == make.HOPE
    assert (referral.consent_how, referral.keeper, referral.stage) == (ConsentHow.WRITTEN, worker, "1")
    assert {each.service_key for each in referral.enquiries.all()} == {first.translation_key, second.translation_key}
    shown = text_of(at_work.get(sent["Location"]))
    assert make.ALIAS in shown

    session = str(dict(at_work.session))
    for secret in (*SECRETS, "045", referral.person.details.code):
        assert secret not in session
        assert not any(secret in address for address in [*addresses, sent["Location"]])


@pytest.mark.parametrize(
    ("name", "answers", "leads_to"),
    [
        ("tiedot", {}, "hata"),
        ("tarkista", {"hata": "kylla", "lakisaateinen": "ei", "tietaa": "kylla", "suostumus": "spoken"}, "hata"),
        ("suostumus", {"hata": "ei"}, "lakisaateinen"),
        ("tiedot", {**PASSED, "lakisaateinen": "kylla"}, "lakisaateinen"),
        ("tiedot", {"hata": "ei", "lakisaateinen": "ei", "tietaa": "kylla"}, "suostumus"),
        ("tarkista", PASSED, "tiedot"),
    ],
)
def test_a_skipped_gate_is_led_back_to(at_work: Client, name: str, answers: dict[str, str], leads_to: str) -> None:
    response = at_work.get(step(name, make.listing(), vaihe="1", **answers))
    assert response["Location"].startswith(reverse("referrals:new_step", kwargs={"step": leads_to}))


def test_nothing_is_sent_past_a_gate(at_work: Client) -> None:
    answers = {**PASSED, "lakisaateinen": "kylla"}
    response = at_work.post(step("tarkista", make.listing(), vaihe="1", **answers), {**TYPED, "laheta": "1"})
    assert response.status_code == 302
    assert not Referral.objects.exists()


def test_danger_stops_here(at_work: Client) -> None:
    response = at_work.get(step("hata", make.listing(), vaihe="1", hata="kylla", jatka="1"))
    assert 'href="tel:112"' in text_of(response)
    assert "<textarea" not in text_of(response)


def test_a_statutory_need_goes_on_only_when_it_is_taken_care_of(at_work: Client) -> None:
    listing = make.listing()
    need = {"vaihe": "1", "hata": "ei", "lakisaateinen": "kylla", "jatka": "1"}
    unticked = at_work.get(step("lakisaateinen", listing, **need, vahvista="1"))
    assert unticked.status_code == 400
    ticked = at_work.get(step("lakisaateinen", listing, **{**need, "lakisaateinen": "hoidettu"}))
    assert ticked["Location"].startswith(reverse("referrals:new_step", kwargs={"step": "suostumus"}))
    answers = {**PASSED, "lakisaateinen": "hoidettu"}
    at_work.post(step("tarkista", listing, vaihe="1", **answers), {**TYPED, "laheta": "1"})
    assert Referral.objects.get().is_beside_statutory


@pytest.mark.parametrize("name", ["hata", "lakisaateinen", "suostumus"])
def test_a_question_without_an_answer_is_asked_again(at_work: Client, name: str) -> None:
    answers = {"hata": "ei", "lakisaateinen": "ei"}
    answers.pop(name, None)
    response = at_work.get(step(name, make.listing(), vaihe="1", jatka="1", **answers))
    assert response.status_code == 400
    assert "error-summary" in text_of(response)


def test_stage_two_has_no_form(at_work: Client) -> None:
    listing = make.listing(stages=["2"])
    shown = at_work.get(f"{reverse('referrals:new')}?palvelu={listing.translation_key}&vaihe=2&jatka=1")
    assert shown.status_code == 200
    assert shown.context["share_address"] in text_of(shown)
    led_back = at_work.get(step("tiedot", listing, vaihe="2", **PASSED))
    assert led_back["Location"].startswith(reverse("referrals:new"))
    at_work.post(step("tarkista", listing, vaihe="2", **PASSED), {**TYPED, "laheta": "1"})
    assert not Referral.objects.exists()


def test_choosing_begins_from_ones_own_list(at_work: Client) -> None:
    on_list, other = make.listing(), make.listing()
    at_work.cookies[shortlist.COOKIE] = shortlist.pack([on_list.translation_key])
    page_text = text_of(at_work.get(reverse("referrals:new")))
    assert str(on_list.translation_key) in page_text
    assert str(other.translation_key) not in page_text


def test_what_cannot_be_asked_is_told_and_not_gone_on_with(at_work: Client) -> None:
    listing = make.listing(referral=ReferralUse.NOT_USED)
    response = at_work.get(f"{reverse('referrals:new')}?palvelu={listing.translation_key}&vaihe=1&jatka=1")
    assert response.status_code == 400
    assert listing.title in text_of(response)
    assert not response.context["has_askable"]


def test_another_teams_name_is_not_taken(at_work: Client, worker: User) -> None:
    strangers = make.team()
    listing = make.listing()
    send_from_check(at_work, listing)
    at_work.post(step("tarkista", listing, vaihe="1", tiimi=str(strangers.pk), **PASSED), {**TYPED, "laheta": "1"})
    assert Referral.objects.count() == 2
    assert not Referral.objects.filter(team=strangers).exists()


def test_a_joint_meeting_suggests_its_time(at_work: Client) -> None:
    listing = make.listing(stages=["3"])
    day = timezone.localdate() + datetime.timedelta(days=7)
    data = {**TYPED, "meeting_about": "Arki", "meeting_day": day.isoformat(), "laheta": "1"}
    address = step("tarkista", listing, vaihe="3", tarkoitus="joint_meeting", **PASSED)
    assert at_work.post(address, data).status_code == 400
    at_work.post(address, {**data, "meeting_time": "13:30"})
    enquiry = Enquiry.objects.get()
    assert timezone.localtime(enquiry.meeting_at).isoformat()[:16] == f"{day.isoformat()}T13:30"


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_a_button_pressed_twice_sends_once(at_work: Client) -> None:
    listing, key = make.listing(), str(uuid4())
    first = send_from_check(at_work, listing, lomake=key)
    letters = Letter.objects.count()
    second = send_from_check(at_work, listing, lomake=key)
    assert first["Location"] == second["Location"]
    assert (Referral.objects.count(), Letter.objects.count()) == (1, letters)


def test_what_was_typed_comes_back_with_the_error(at_work: Client) -> None:
    response = send_from_check(at_work, make.listing(), hope=f"{make.HOPE} 131052-308T", accessibility="Ei portaita")
    assert response.status_code == 400
    assert all(words in text_of(response) for words in (make.HOPE, make.ALIAS, make.PHONE, "Ei portaita"))
    assert not Person.objects.exists()


def test_one_can_go_back_to_change(at_work: Client) -> None:
    response = at_work.post(step("tiedot", make.listing(), vaihe="1", **PASSED), {**TYPED, "lomake": str(uuid4())})
    assert response.status_code == 200
    assert make.HOPE in text_of(response)
    assert "error-summary" not in text_of(response)


def test_a_listing_that_went_meanwhile_is_told_of_and_nothing_is_lost(at_work: Client) -> None:
    staying, going = make.listing(), make.listing()
    Service.objects.filter(pk=going.pk).update(referral=ReferralUse.NOT_USED)
    response = send_from_check(at_work, staying, going)
    assert response.status_code == 409
    assert make.HOPE in text_of(response)
    assert not Referral.objects.exists()
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', text_of(response)))
    at_work.post(response.context["send_url"], {**hidden, "laheta": "1"})
    assert Enquiry.objects.get().service_key == staying.translation_key


def test_nothing_begins_before_referrals_are_in_use(client: Client) -> None:
    client.force_login(make.lead_of(make.team()))
    for address in (reverse("referrals:new"), step("tiedot", make.listing(), **PASSED)):
        assert client.get(address).status_code == 404
    # What was sent before they were switched off is still found.
    assert client.get(reverse("referrals:home")).status_code == 200


def test_who_is_in_no_team_is_led_to_teams(client: Client) -> None:
    make.switch_on()
    client.force_login(make.worker())
    assert client.get(reverse("referrals:new"))["Location"] == reverse("referrals:teams")


# --- The list ---------------------------------------------------------------------------------------------------------
def test_lists_tell_nothing_of_the_persons(at_work: Client, worker: User) -> None:
    team = worker.team_places.get().team
    sent = make.sent(by=worker, to_team=team)
    do(make.only_enquiry(sent.referral), Act.ASK, words=make.HOPE)
    ended = make.sent(by=worker, to_team=team).referral
    actions.withdraw_consent(ended, by=make.sender_of(ended))
    for address in (reverse("referrals:home"), f"{reverse('referrals:home')}?nayta=paattyneet"):
        shown = text_of(at_work.get(address))
        assert not any(secret in shown for secret in (*SECRETS, sent.code))
    assert sent.referral.reference in text_of(at_work.get(reverse("referrals:home")))


def test_what_needs_the_worker_stands_first(at_work: Client, worker: User) -> None:
    team = worker.team_places.get().team
    asked, resting = (make.sent(by=worker, to_team=team).referral for _each in range(2))
    refused = make.sent(by=worker, to_team=team).referral
    do(make.only_enquiry(asked), Act.ASK, words="Mikä aika sopisi?")
    do(make.only_enquiry(refused), Act.DECLINE, reason=DeclineReason.OTHER)
    context = at_work.get(reverse("referrals:home")).context
    assert {row.referral for row in context["needing"]} == {asked, refused}
    assert [row.referral for row in context["rows"]] == [resting]


def test_the_list_asks_as_much_of_the_database_for_many(
    at_work: Client, worker: User, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    team = worker.team_places.get().team
    make.sent(make.listing(), by=worker, to_team=team)
    at_work.get(reverse("referrals:home"))
    with django_assert_max_num_queries(20) as few:
        at_work.get(reverse("referrals:home"))
    count = len(few)
    for _each in range(4):
        make.sent(make.listing(), make.listing(), by=worker, to_team=team)
    # A listing that is published makes the frame read its pages anew.
    at_work.get(reverse("referrals:home"))
    with django_assert_num_queries(count):
        at_work.get(reverse("referrals:home"))


# --- One referral -----------------------------------------------------------------------------------------------------
PAGES = ("referral", "withdraw", "paper", "new_code", "plan", "log", "more")


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_nothing(client: Client, name: str) -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    strangers = [
        make.lead_of(make.team(sent.referral.team.organisation, name="Toinen tiimi")),
        member(sent.referral.team.organisation, Role.OWNER),
        enquiry.organisation.memberships.get().user,
        User.objects.create_superuser("paakayttaja@example.org", password="x"),
    ]
    assert client.get(page(name, sent.referral)).status_code == 302
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(page(name, sent.referral)).status_code == 404
        assert client.post(page(name, sent.referral)).status_code in (404, 405)
    assert sent.referral.enquiries.get().state == State.SENT


def test_strangers_do_nothing(client: Client) -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    client.force_login(make.lead_of(make.team()))
    data = {"act": "cancel", "version": enquiry.version}
    assert client.post(page("act", sent.referral, enquiry=enquiry.uuid), data).status_code == 404
    assert client.post(page("take_over", sent.referral)).status_code == 404
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT


def test_an_enquiry_of_another_referral_is_not_found_under_this_one(at_work: Client, worker: User) -> None:
    own = make.sent(by=worker, to_team=worker.team_places.get().team).referral
    other = make.only_enquiry(make.sent().referral)
    response = at_work.post(page("act", own, enquiry=other.uuid), {"act": "cancel", "version": other.version})
    assert response.status_code == 404


@pytest.fixture
def referral(worker: User) -> Referral:
    """A referral of the worker to one organisation."""
    return make.sent(by=worker, to_team=worker.team_places.get().team).referral


def events(referral: Referral) -> list[str]:
    """What the log tells of it."""
    return list(LogLine.objects.of_referral(referral.uuid).values_list("event", flat=True))


@pytest.mark.parametrize(
    ("name", "event"),
    [("referral", LogEvent.OPEN), ("paper", LogEvent.PRINT), ("plan", LogEvent.PRINT), ("log", LogEvent.READ_LOG)],
)
def test_each_opening_is_written_down(at_work: Client, referral: Referral, name: str, event: LogEvent) -> None:
    before = events(referral)
    response = at_work.get(page(name, referral))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert events(referral) == [*before, event]


def test_a_question_is_answered(at_work: Client, referral: Referral) -> None:
    enquiry = do(make.only_enquiry(referral), Act.ASK, words="Mikä aika sopisi?")
    assert "Mikä aika sopisi?" in text_of(at_work.get(page("referral", referral)))
    address = page("act", referral, enquiry=enquiry.uuid)
    without_words = at_work.post(address, {"act": "answer", "version": enquiry.version, "words": " "})
    assert without_words.status_code == 400
    refused = at_work.post(address, {"act": "answer", "version": enquiry.version, "words": "Tunnus 131052-308T"})
    assert refused.status_code == 400
    assert "131052-308T" in text_of(refused)
    at_work.post(address, {"act": "answer", "version": enquiry.version, "words": "Aamu"})
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT
    assert [each.text for each in enquiry.messages.all()] == ["Mikä aika sopisi?", "Aamu"]


def test_who_answers_an_old_page_is_told_and_the_words_stay(at_work: Client, referral: Referral) -> None:
    enquiry = make.only_enquiry(referral)
    old = do(enquiry, Act.ASK, words="Mikä aika sopisi?").version
    do(enquiry, Act.SUGGEST, meeting_at=timezone.now() + datetime.timedelta(days=3))
    data = {"act": "answer", "version": old, "words": "Aamulla sopisi"}
    response = at_work.post(page("act", referral, enquiry=enquiry.uuid), data)
    assert response.status_code == 409
    assert "Aamulla sopisi" in text_of(response)
    enquiry.refresh_from_db()
    assert enquiry.state == State.SUGGESTED


def test_after_a_conflict_the_same_button_works(at_work: Client, referral: Referral) -> None:
    enquiry = make.only_enquiry(referral)
    old = enquiry.version
    do(enquiry, Act.ASK, words="Mikä aika sopisi?")
    address = page("act", referral, enquiry=enquiry.uuid)
    told = at_work.post(address, {"act": "cancel", "version": old, "words": "Kiitos jo nyt"})
    assert told.status_code == 409
    form = next(item.forms["cancel"] for item in told.context["items"])
    again = at_work.post(address, {"act": "cancel", "version": form["version"].value(), "words": form["words"].value()})
    assert again.status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.messages.last().text) == (State.CANCELLED, "Kiitos jo nyt")


@pytest.mark.parametrize("what", ["withdraw", "accept", "lapse", "nonsense", ""])
def test_only_what_a_worker_does_here_is_done(at_work: Client, referral: Referral, what: str) -> None:
    enquiry = make.only_enquiry(referral)
    response = at_work.post(page("act", referral, enquiry=enquiry.uuid), {"act": what, "version": enquiry.version})
    assert response.status_code == 404


def test_only_fitting_acts_are_offered(at_work: Client, referral: Referral) -> None:
    def offered() -> set[str]:
        return set(at_work.get(page("referral", referral)).context["items"][0].forms)

    enquiry = make.only_enquiry(referral)
    assert offered() == {"cancel"}
    do(enquiry, Act.SUGGEST, meeting_at=timezone.now() + datetime.timedelta(days=3))
    assert offered() == {"agree", "refuse_time", "cancel"}
    do(enquiry, Act.DECLINE, reason=DeclineReason.OTHER)
    assert offered() == set()


def test_when_one_accepts_the_others_can_be_taken_back(at_work: Client, worker: User) -> None:
    team = worker.team_places.get().team
    referral = make.sent(make.listing(), make.listing(), by=worker, to_team=team).referral
    first, second = referral.enquiries.all()
    assert not at_work.get(page("referral", referral)).context["others"]
    do(first, Act.ACCEPT)
    others = at_work.get(page("referral", referral)).context["others"]
    assert [each.enquiry for each in others] == [second]


def test_silence_is_told_with_ways_on(at_work: Client, worker: User) -> None:
    listing = make.listing(contact_ways=[{"kind": "phone", "value": "017 123 456"}])
    referral = make.sent(listing, by=worker, to_team=worker.team_places.get().team).referral
    assert 'href="tel:+35817123456"' not in text_of(at_work.get(page("referral", referral)))
    Enquiry.objects.filter(referral=referral).update(nudged_at=timezone.now(), silence_told_at=timezone.now())
    shown = text_of(at_work.get(page("referral", referral)))
    assert 'href="tel:+35817123456"' in shown
    assert page("more", referral) in shown


def test_a_colleague_takes_over(client: Client, referral: Referral) -> None:
    colleague = make.worker(referral.team)
    client.force_login(colleague)
    client.post(page("take_over", referral))
    referral.refresh_from_db()
    assert referral.keeper == colleague


def test_withdrawing_asks_first_and_hides_everything(at_work: Client, referral: Referral) -> None:
    assert at_work.get(page("withdraw", referral)).status_code == 200
    referral.refresh_from_db()
    assert referral.withdrawn_at is None
    at_work.post(page("withdraw", referral))
    shown = text_of(at_work.get(page("referral", referral)))
    assert not any(secret in shown for secret in SECRETS)
    assert at_work.get(page("paper", referral)).status_code == 404
    assert at_work.get(page("new_code", referral)).status_code == 404
    assert not any(secret in text_of(at_work.get(page("plan", referral))) for secret in SECRETS)


# --- Paper, plan, log -------------------------------------------------------------------------------------------------
def sheet_of(response) -> str:
    """What comes on paper."""
    return text_of(response).partition("<article")[2].partition("</article>")[0]


def test_the_paper_has_the_code_and_tells_to_whom(at_work: Client, referral: Referral) -> None:
    sheet = sheet_of(at_work.get(f"{page('paper', referral)}?paperi=kaikki"))
    code = referral.person.details.code
    assert code in sheet
    assert str(make.only_enquiry(referral).organisation) in sheet
    assert reverse("referrals:own") in sheet


def test_a_discreet_paper_names_nothing(at_work: Client, worker: User) -> None:
    details = make.details(reach=Reach.COMES, reach_value="", may_call=False, phone_read=PhoneRead.YES)
    referral = make.sent(by=worker, to_team=worker.team_places.get().team, details=details).referral
    enquiry = make.only_enquiry(referral)
    sheet = sheet_of(at_work.get(page("paper", referral)))
    assert referral.person.details.code in sheet
    for words in (
        str(enquiry.organisation),
        enquiry.title,
        str(referral.team),
        "lähete",
        "lahete",
        "eferral",
        *SECRETS,
    ):
        assert words not in sheet


def test_a_new_code_is_the_only_one(at_work: Client, referral: Referral) -> None:
    old = referral.person.details.code
    assert at_work.get(page("new_code", referral)).status_code == 200
    assert Person.objects.get(referral=referral).details.code == old
    response = at_work.post(page("new_code", referral), follow=True)
    new = Person.objects.get(referral=referral).details.code
    assert new != old
    assert new in text_of(response)


def test_the_plan_tells_what_was_agreed(at_work: Client, referral: Referral) -> None:
    enquiry = make.only_enquiry(referral)
    do(enquiry, Act.ACCEPT, meeting_at=timezone.now() + datetime.timedelta(days=3), words="Pääovella")
    sheet = sheet_of(at_work.get(page("plan", referral)))
    assert all(words in sheet for words in (enquiry.title, "Pääovella", make.HOPE))
    assert make.PHONE not in sheet


def test_the_log_names_colleagues_and_organisations(at_work: Client, worker: User, referral: Referral) -> None:
    do(make.only_enquiry(referral), Act.ACCEPT)
    shown = text_of(at_work.get(page("log", referral)))
    assert str(worker) in shown
    assert str(make.only_enquiry(referral).organisation) in shown
    assert not any(secret in shown for secret in SECRETS)


# --- Further organisations --------------------------------------------------------------------------------------------
def test_further_organisations_need_consent_anew(at_work: Client, referral: Referral) -> None:
    further = make.listing()
    data = {"palvelu": str(further.translation_key)}
    assert at_work.post(page("more", referral), data).status_code == 400
    assert referral.enquiries.count() == 1
    at_work.post(page("more", referral), {**data, "knows": "on", "how": "spoken"})
    assert referral.enquiries.filter(service_key=further.translation_key, state=State.SENT).exists()


def test_who_was_asked_is_not_offered_again(at_work: Client, referral: Referral) -> None:
    asked, further = make.only_enquiry(referral).service_key, make.listing().translation_key
    shown = at_work.get(f"{page('more', referral)}?palvelu={asked}&palvelu={further}")
    assert [each.service.translation_key for each in shown.context["options"]] == [further]
    nothing = at_work.post(page("more", referral), {"palvelu": str(asked), "knows": "on", "how": "spoken"})
    assert nothing.status_code == 400
