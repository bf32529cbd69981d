"""What is told of the processing, and the switch: the privacy notice, the record, the administrators' form."""

import dataclasses
import json

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from portal.accounts.models import User
from portal.base import languages
from portal.content.roles import EDITORS, MODERATORS
from referrals import actions, retention
from referrals.choices import Act, ConsentHow, State
from referrals.models import Controller, PersonDetails
from referrals.models.controller import REQUIRED
from referrals.notice.presentation import SEALED, in_words
from referrals.switch import NotInUseError, is_in_use
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db

FORM = "wagtailsettings:edit"


def address(name: str, code: str = "fi", **values) -> str:
    with translation.override(code):
        return reverse(f"referrals:{name}", kwargs=values)


@pytest.fixture
def chief(client: Client) -> User:
    """A signed-in administrator."""
    user = User.objects.create_superuser("paa@example.org")
    client.force_login(user)
    return user


def posted(**changed) -> dict[str, str]:
    """The administrators' form, filled in."""
    values = {
        "controller": "Esimerkin hyvinvointialue",
        "controller_address": "Esimerkkikatu 1",
        "contact_email": "tiedot@example.org",
        "officer": "Tiina Tietosuoja",
        "officer_email": "tietosuoja@example.org",
        "basis_fi": "Suostumus",
        "processors_fi": "Suomessa",
        "is_on": "on",
        **changed,
    }
    return {name: value for name, value in values.items() if value}


# --- The privacy notice -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", languages.CODES)
def test_the_notice_tells_who_and_how_long_in_every_language(client: Client, code: str) -> None:
    controller = make.switch_on()
    page = client.get(address("privacy", code))
    text = page.content.decode()
    for value in (controller.controller, controller.contact_email, controller.officer, controller.officer_email):
        assert value in text
    with translation.override(code):
        for rule in retention.RULES:
            assert in_words(rule.days) in text
    assert address("own", code) in text


def test_the_notice_follows_the_table_of_retention(client: Client, monkeypatch) -> None:
    changed = [dataclasses.replace(rule, days=4321) for rule in retention.RULES]
    monkeypatch.setattr("referrals.notice.presentation.RULES", changed)
    assert client.get(address("privacy")).content.decode().count("4321") >= len(changed)


def test_before_it_is_filled_in_the_notice_says_so_and_marks_what_is_missing(client: Client) -> None:
    with translation.override("en"):
        empty = client.get(address("privacy", "en")).content.decode()
        make.switch_on()
        filled = client.get(address("privacy", "en")).content.decode()
    assert "Referrals are not in use here" in empty
    assert empty.count("Not filled in yet") >= len(REQUIRED)
    assert "Referrals are not in use here" not in filled
    assert "Not filled in yet" not in filled


def test_everything_known_of_a_person_is_told(client: Client) -> None:
    told = [name for known in SEALED for name in known.fields]
    assert sorted(told) == sorted(field.name for field in dataclasses.fields(PersonDetails))
    text = client.get(address("privacy", "en")).content.decode()
    with translation.override("en"):
        assert all(str(known.words).replace("'", "&#x27;") in text for known in SEALED)


def test_what_an_administrator_wrote_is_in_its_own_language_when_there_is_no_other(client: Client) -> None:
    make.switch_on()
    assert '<div lang="fi"><p>Suostumus</p></div>' in client.get(address("privacy", "en")).content.decode()


# --- The record of processing -----------------------------------------------------------------------------------------
def test_the_record_is_for_those_who_fill_it_in(client: Client) -> None:
    path = address("record")
    assert client.get(path).status_code == 302
    client.force_login(make.worker(make.team()))
    assert client.get(path).status_code == 404
    client.force_login(User.objects.create_superuser("paa@example.org"))
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


def test_the_record_lists_what_is_missing_and_leads_to_the_form(client: Client, chief: User) -> None:
    path = address("record", "en")
    text = client.get(path).content.decode()
    form = client.get(reverse(FORM, args=["referrals", "controller"]), follow=True)
    assert form.status_code == 200
    assert reverse(FORM, args=["referrals", "controller"]) in text
    assert "Before they can be used, fill in" in text
    make.switch_on()
    text = client.get(path).content.decode()
    assert "Before they can be used, fill in" not in text
    assert "Referrals are in use" in text


# --- The form and the switch ------------------------------------------------------------------------------------------
@pytest.fixture
def form(chief: User) -> str:
    """The address of the administrators' form."""
    return reverse(FORM, args=["referrals", "controller", Controller.load().pk])


def test_the_form_switches_on_and_the_log_tells_who_did(client: Client, form: str, chief: User) -> None:
    assert client.post(form, posted()).status_code == 302
    assert is_in_use()
    entry = ModelLogEntry.objects.get(action="referrals.switch_on")
    assert entry.user == chief
    client.post(form, posted(is_on=""))
    assert not is_in_use()
    assert ModelLogEntry.objects.filter(action="referrals.switch_off").count() == 1
    client.post(form, posted(is_on="", officer="Toinen Nimi"))
    entries = ModelLogEntry.objects.filter(content_type__model="controller")
    assert entries.latest("pk").action == "wagtail.edit"
    # Not even the officials' names are repeated there.
    assert all("Nimi" not in f"{entry.label} {json.dumps(entry.data)}" for entry in entries)
    assert client.get(reverse("wagtailadmin_reports:site_history")).status_code == 200


@pytest.mark.parametrize("field", REQUIRED)
def test_nothing_is_switched_on_while_something_is_missing(client: Client, form: str, field: str) -> None:
    gap = {field: "", f"{field}_fi": ""}
    page = client.post(form, posted(**gap))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert not is_in_use()
    # Off, it can be saved as far as it is.
    assert client.post(form, posted(**gap, is_on="")).status_code == 302


def test_nothing_is_switched_on_without_a_key(client: Client, form: str, settings) -> None:
    settings.REFERRAL_KEYS = []
    page = client.post(form, posted())
    assert list(page.context["form"].errors) == ["is_on"]
    make_on = Controller.load()
    make_on.is_on = True
    make_on.save()
    assert not is_in_use()


def test_a_wrong_business_id_is_refused(client: Client, form: str) -> None:
    page = client.post(form, posted(business_id="1234567-8"))
    assert list(page.context["form"].errors) == ["business_id"]


@pytest.mark.parametrize("group", [EDITORS, MODERATORS])
def test_the_form_is_for_administrators_alone(client: Client, group: str) -> None:
    from django.contrib.auth.models import Group

    user = User.objects.create_user("toimittaja@example.org")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    form = reverse(FORM, args=["referrals", "controller", Controller.load().pk])
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert client.post(form, posted()).status_code == 302
    assert not is_in_use()
    assert client.get(address("record")).status_code == 404


# --- Switched off, what is open goes on -------------------------------------------------------------------------------
def switch_off() -> None:
    controller = Controller.load()
    controller.is_on = False
    controller.save()


def test_switched_off_nothing_new_is_taken_in(client: Client) -> None:
    sent = make.sent()
    client.force_login(sent.referral.keeper)
    switch_off()
    with pytest.raises(NotInUseError):
        actions.add_enquiries(
            sent.referral, [make.listing().translation_key], consent_how=ConsentHow.SPOKEN, by=sent.referral.keeper
        )
    slug = make.listing().slug
    pages = [
        address("new_step", step="ihminen"),
        address("more", uuid=sent.referral.uuid),
        address("self_referral", slug=slug),
    ]
    for path in pages:
        for response in (client.get(path), client.post(path, {"name": make.ALIAS})):
            assert response.status_code == 404
            assert make.ALIAS not in response.content.decode()


def test_switched_off_people_still_see_answer_and_withdraw(client: Client) -> None:
    sent = make.sent()
    enquiry = make.only_enquiry(sent.referral)
    switch_off()
    client.force_login(sent.referral.keeper)
    assert client.get(address("home")).status_code == 200
    assert make.HOPE in client.get(address("referral", uuid=sent.referral.uuid)).content.decode()
    client.force_login(enquiry.organisation.memberships.get().user)
    assert client.get(address("inbox")).status_code == 200
    page = address("enquiry", uuid=enquiry.uuid)
    assert make.HOPE in client.get(page).content.decode()
    client.post(page, {"act": Act.ASK.value, "version": enquiry.version, "ask-words": "Milloin sopii?"})
    enquiry.refresh_from_db()
    assert enquiry.state == State.ASKED
    client.logout()
    client.post(address("own"), {"koodi": sent.code})
    assert make.HOPE in client.get(address("own_view")).content.decode()
    client.post(address("own_withdraw"))
    enquiry.refresh_from_db()
    assert enquiry.state == State.WITHDRAWN


def test_where_it_is_kept_is_told_by_the_settings(client: Client) -> None:
    assert in_words(django_settings.LETTER_KEEP_DAYS) in client.get(address("privacy", "fi")).content.decode()
