"""Self-referral over HTTP: gates before the form, the check, sending once, the code after it."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory.choices import Referral as ReferralUse
from directory.models import Service
from portal.base import languages
from portal.post.models import Letter
from referrals.choices import Origin
from referrals.models import Person, Referral
from referrals.own.asking import MOST_PER_HOUR
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db
GATES = {"danger": "no", "agrees": "on", "website": ""}
TOLD = {
    "name": make.ALIAS,
    "hope": make.HOPE,
    "language": "fi",
    "reach": "phone",
    "reach_value": make.PHONE,
    "may_call": "on",
    "phone_read": "no",
}
SECRETS = (make.ALIAS, make.HOPE, make.PHONE)


@pytest.fixture(autouse=True)
def in_use():
    make.switch_on()
    cache.clear()
    yield
    cache.clear()


def url(service: Service, name: str = "self_referral") -> str:
    return reverse(f"referrals:{name}", kwargs={"slug": service.slug})


def step(client: Client, service: Service, step: str, **values: Any):
    return client.post(url(service), {**GATES, **TOLD, "step": step, **values})


def key_in(response) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", languages.CODES)
def test_from_the_question_to_the_code(client: Client, language: str) -> None:
    service = make.listing(stages=["1"])
    with translation.override(language):
        assert client.get(url(service)).status_code == 200
        form = client.post(url(service), {**GATES, "step": "gates"})
        assert form.status_code == 200
        assert 'name="hope"' in form.content.decode()
        check = step(client, service, "details", form_key=key_in(form))
        assert check.status_code == 200
        assert make.HOPE in check.content.decode()
        assert not Referral.objects.exists()
        sent = step(client, service, "send", form_key=key_in(check))
        assert sent.url == url(service, "self_sent")
        html = client.get(sent.url).content.decode()
    referral = Referral.objects.get()
    assert (referral.origin, referral.stage, referral.language, referral.team) == (Origin.OWN, "1", language, None)
    assert referral.person.details.hope == make.HOPE
    assert referral.person.details.code in html
    assert make.HOPE not in html


def test_nothing_is_told_in_an_address_a_session_or_a_letter(client: Client) -> None:
    service = make.listing()
    sent = step(client, service, "send")
    page = client.get(sent.url)
    code = Referral.objects.get().person.details.code
    kept = sent.url + str(dict(client.session)) + str(client.cookies) + page.request["QUERY_STRING"]
    assert not any(secret in kept for secret in (*SECRETS, code))
    letters = list(Letter.objects.all())
    assert letters
    for letter in letters:
        words = f"{letter.to} {letter.subject} {letter.text} {letter.html}"
        assert not any(secret in words for secret in (*SECRETS, code))


def test_who_is_in_danger_gets_help_and_nothing_is_asked(client: Client) -> None:
    response = step(client, make.listing(), "send", danger="yes")
    html = response.content.decode()
    assert response.status_code == 200
    assert "112" in html
    assert reverse("content:help_now") in html
    assert 'name="hope"' not in html
    assert not Referral.objects.exists()


def test_words_of_danger_are_answered_before_anything_else(client: Client) -> None:
    response = step(client, make.listing(), "details", hope="Haluan kuolla, en jaksa enää")
    html = response.content.decode()
    assert reverse("content:help_now") in html
    assert 'class="crisis"' in html
    assert 'class="crisis"' not in step(client, make.listing(), "details").content.decode()


@pytest.mark.parametrize("step_name", ["gates", "details", "change", "send", "", "else"])
@pytest.mark.parametrize("missing", ["danger", "agrees"])
def test_no_step_goes_past_the_gates(client: Client, step_name: str, missing: str) -> None:
    response = step(client, make.listing(), step_name, **{missing: ""})
    assert response.status_code == 400
    assert 'name="hope"' not in response.content.decode()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("step_name", ["details", "send"])
def test_what_is_wrong_comes_back_with_what_was_typed(client: Client, step_name: str) -> None:
    response = step(client, make.listing(), step_name, hope="Diabetes, mutta tanssisin", reach_value="eisoiteta")
    html = response.content.decode()
    assert response.status_code == 400
    assert "mutta tanssisin" in html
    assert "eisoiteta" in html
    assert 'name="own_words"' in html
    assert not Referral.objects.exists()


def test_words_of_health_go_when_the_person_wants_it(client: Client) -> None:
    response = step(client, make.listing(), "send", hope="Diabetes, mutta tanssisin", own_words="on")
    assert response.status_code == 302
    assert Person.objects.get().details.hope == "Diabetes, mutta tanssisin"


def test_one_changes_ones_mind_at_the_check(client: Client) -> None:
    response = step(client, make.listing(), "change")
    html = response.content.decode()
    assert response.status_code == 200
    assert make.HOPE in html
    assert "<textarea" in html
    assert not Referral.objects.exists()


def test_a_phone_that_others_read_is_asked_about_once_more(client: Client) -> None:
    with translation.override("en"):
        service = make.listing()
        assert "Is it safe" in step(client, service, "details", phone_read="unknown").content.decode()
        assert "Is it safe" not in step(client, service, "details", phone_read="no").content.decode()


def test_one_form_is_sent_once(client: Client) -> None:
    service = make.listing()
    key = key_in(step(client, service, "details"))
    first = step(client, service, "send", form_key=key)
    second = step(client, service, "send", form_key=key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Referral.objects.count() == 1


def test_the_uuid_of_anothers_referral_opens_nothing(client: Client) -> None:
    other = make.own_sent().referral
    response = step(client, make.listing(), "send", form_key=str(other.uuid))
    html = client.get(response.url).content.decode()
    assert other.person.details.code not in html


def test_an_old_page_sent_again_shows_no_code(client: Client) -> None:
    service, stranger = make.listing(), Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        key = key_in(step(client, service, "details"))
        step(client, service, "send", form_key=key)
        clock.shift(datetime.timedelta(hours=2))
        response = step(stranger, service, "send", form_key=key)
    assert response.url == reverse("referrals:own")
    assert stranger.get(reverse("referrals:own_view")).status_code == 403
    assert Referral.objects.count() == 1


def test_the_code_is_shown_for_a_while_in_this_browser_alone(client: Client) -> None:
    service = make.listing()
    step(client, service, "send")
    assert Client().get(url(service, "self_sent")).url == reverse("referrals:own")
    client.post(reverse("referrals:own_leave"))
    assert client.get(url(service, "self_sent")).url == reverse("referrals:own")


def test_a_workers_code_is_not_shown_after_opening(client: Client) -> None:
    sent = make.sent()
    client.post(reverse("referrals:own"), {"koodi": sent.code})
    service = Service.objects.get(translation_key=sent.referral.enquiries.get().service_key)
    assert client.get(url(service, "self_sent")).url == reverse("referrals:own_view")


def test_programs_are_thanked_for_nothing(client: Client) -> None:
    assert step(client, make.listing(), "send", website="https://spam.example").status_code == 302
    assert not Referral.objects.exists()


def test_one_visitor_sends_only_so_many(client: Client) -> None:
    service = make.listing()
    for _number in range(MOST_PER_HOUR):
        assert step(client, service, "send").status_code == 302
    response = step(client, service, "send")
    assert response.status_code == 429
    assert make.HOPE in response.content.decode()
    assert Referral.objects.count() == MOST_PER_HOUR


@pytest.mark.parametrize(
    "values",
    [
        {"stages": ["2"]},
        {"referral": ReferralUse.NEEDED},
        {"referral": ReferralUse.UNKNOWN},
    ],
)
def test_a_listing_that_cannot_be_asked_says_how_one_comes(client: Client, values: dict[str, Any]) -> None:
    service = make.listing(**values)
    assert client.get(url(service)).status_code == 404
    response = step(client, service, "send")
    assert response.status_code == 404
    assert service.get_absolute_url() in response.content.decode()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("stages, stage", [(["4", "2", "3"], "3"), (["1", "2"], "1"), ([], "1")])
def test_it_goes_at_the_first_stage_that_sends_anything(client: Client, stages: list[str], stage: str) -> None:
    step(client, make.listing(stages=stages), "send")
    assert Referral.objects.get().stage == stage


def test_a_hidden_listing_is_not_found(client: Client) -> None:
    service = make.listing()
    Service.objects.filter(pk=service.pk).update(live=False)
    assert client.get(url(service)).status_code == 404


def test_nothing_is_taken_in_before_referrals_are_in_use(client: Client) -> None:
    controller = make.switch_on()
    controller.is_on = False
    controller.save()
    response = step(client, make.listing(), "send")
    assert response.status_code == 404
    assert not Person.objects.exists()


def test_sending_needs_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert step(strict, make.listing(), "send").status_code == 403
    assert not Referral.objects.exists()
