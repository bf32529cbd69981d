"""Nothing typed is ever lost: autosave, coming back, a session that ended, another's edit of the same."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from directory.choices import Role
from directory.models import Organisation, Service, UnsavedInput
from portal.workspace.keeping.form import unsaved
from tests.editing import client_of
from tests.factories.directory import area_administrator, member
from tests.workspace.form_pages import SEND, address, draft, filled, fresh, new_address, save, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(organisation: Organisation) -> Client:
    """The browser of the organisation's owner."""
    return client_of(member(organisation, Role.OWNER))


def autosave(client: Client, service: Service, step: str, **typed: str) -> None:
    data = {**filled(client.get(address(service, step))), **typed}
    answer = client.post(address(service, step) + "talteen/", data)
    assert answer.status_code == 200
    assert answer.json()["words"]


# --- what is typed ---------------------------------------------------------------------------------------------------
def test_what_is_kept_comes_back_on_another_device_and_is_not_saved(writer: Client, full_service: Service):
    autosave(writer, full_service, "kenelle", for_whom="Puolik", age_min="ei luku")
    user = UnsavedInput.objects.get().user
    page = client_of(user).get(address(full_service, "kenelle"))
    assert (filled(page)["for_whom"], filled(page)["age_min"]) == (["Puolik"], ["ei luku"])
    assert 'name="do" value="discard"' in page.content.decode()
    # Half a word is no mistake yet.
    assert "error-summary" not in page.content.decode()
    assert draft(full_service)["for_whom"] == "Kaikille."


def test_saving_or_throwing_away_ends_it(writer: Client, full_service: Service):
    autosave(writer, full_service, "kenelle", for_whom="Puolik")
    writer.post(address(full_service, "kenelle"), {"do": "discard"})
    assert filled(writer.get(address(full_service, "kenelle")))["for_whom"] == ["Kaikille."]
    autosave(writer, full_service, "kenelle", for_whom="Puolik")
    save(writer, full_service, "kenelle", {"for_whom": "Kokonainen"})
    assert not UnsavedInput.objects.exists()
    assert draft(full_service)["for_whom"] == "Kokonainen"


def test_what_was_kept_late_but_says_nothing_new_is_not_told(writer: Client, full_service: Service):
    """The last autosave of a page may arrive after its save."""
    late = {**filled(writer.get(address(full_service, "kenelle"))), "for_whom": "Uusi"}
    save(writer, full_service, "kenelle", {"for_whom": "Uusi"})
    writer.post(address(full_service, "kenelle") + "talteen/", late)
    assert 'value="discard"' not in writer.get(address(full_service, "kenelle")).content.decode()


def test_a_new_service_is_kept_before_it_is_there(writer: Client, organisation: Organisation):
    writer.post(new_address(organisation) + "talteen/", {"title": "Kahvi", "language": "sv", "kind": ""})
    page = writer.get(new_address(organisation))
    assert (filled(page)["title"], filled(page)["language"]) == (["Kahvi"], ["sv"])
    writer.post(new_address(organisation), {"do": "discard"})
    assert filled(writer.get(new_address(organisation)))["title"] == [""]


def test_what_one_person_types_is_shown_to_nobody_else(writer: Client, owner: Client, full_service: Service):
    autosave(writer, full_service, "kenelle", for_whom="Salaista")
    page = owner.get(address(full_service, "kenelle"))
    assert "Salaista" not in page.content.decode()


def test_a_book_is_not_kept(writer: Client, full_service: Service):
    answer = writer.post(address(full_service, "kenelle") + "talteen/", {"for_whom": "a" * 300_000})
    assert (answer.status_code, UnsavedInput.objects.count()) == (413, 0)


def test_what_is_not_saved_is_told_before_sending(writer: Client, full_service: Service):
    autosave(writer, full_service, "kenelle", for_whom="Puolik")
    notice = writer.get(address(full_service, SEND)).content.decode().split("</h1>")[1].split("<section")[0]
    assert f'href="{address(full_service, "kenelle")}"' in notice


def test_what_is_sent_after_the_session_ended_is_there_after_signing_in(writer: Client, full_service: Service):
    path = address(full_service, "kenelle")
    data = {**filled(writer.get(path)), "for_whom": "Pitkä teksti", "do": "continue"}
    user = full_service.organisation.memberships.get().user
    writer.logout()
    answer = writer.post(path, data)
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next={path}")
    writer.force_login(user, backend="portal.accounts.backends.AuthenticationBackend")
    assert filled(writer.get(path))["for_whom"] == ["Pitkä teksti"]
    assert draft(full_service)["for_whom"] == "Kaikille."
    assert "Pitkä teksti" not in str([each.get_decoded() for each in Session.objects.all()])


def test_strangers_cannot_fill_the_sessions(full_service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unsaved, "UNSENT_PER_HOUR", 2)
    for _each in range(5):
        Client().post(address(full_service, "kenelle"), {"for_whom": "roskaa"})
    assert Session.objects.count() == 2


# --- two people ------------------------------------------------------------------------------------------------------
def two_pages(first: Client, second: Client, service: Service, step: str) -> tuple[dict, dict]:
    return filled(first.get(address(service, step))), filled(second.get(address(service, step)))


def test_different_fields_of_two_people_meet(writer: Client, owner: Client, full_service: Service):
    hers, his = two_pages(writer, owner, full_service, "kenelle")
    writer.post(address(full_service, "kenelle"), {**hers, "for_whom": "Hänen", "do": "continue"})
    owner.post(address(full_service, "kenelle"), {**his, "age_min": "30", "do": "continue"})
    assert (draft(full_service)["for_whom"], draft(full_service)["age_min"]) == ("Hänen", 30)


@pytest.mark.parametrize(("choice", "stays"), [("mine", "Hänen"), ("theirs", "Toisen")])
def test_the_same_field_is_shown_from_both_and_one_chooses(
    writer: Client, owner: Client, full_service: Service, choice: str, stays: str
):
    path = address(full_service, "kenelle")
    hers, his = two_pages(writer, owner, full_service, "kenelle")
    owner.post(path, {**his, "for_whom": "Toisen", "do": "continue"})
    conflict = writer.post(path, {**hers, "for_whom": "Hänen", "age_min": "40", "do": "continue"})
    assert conflict.status_code == 409
    for words in ("Toisen", "Hänen", "Kaikille."):
        assert words in words_of(conflict)
    told = filled(conflict)
    # Without a choice it is asked again.
    assert writer.post(path, {**told, "do": "continue"}).status_code == 409
    assert draft(full_service)["for_whom"] == "Toisen"
    answer = writer.post(path, {**told, "keep-for_whom": choice, "do": "continue"})
    assert answer.status_code == 302
    assert (draft(full_service)["for_whom"], draft(full_service)["age_min"]) == (stays, 40)
    assert not UnsavedInput.objects.exists()


def test_leaving_the_choice_open_loses_nothing(writer: Client, owner: Client, full_service: Service):
    path = address(full_service, "mukaan")
    hers, his = two_pages(writer, owner, full_service, "mukaan")
    owner.post(path, {**his, "contact_ways-0-value": "011 111 111", "do": "continue"})
    assert writer.post(path, {**hers, "contact_ways-0-value": "022 222 222", "do": "continue"}).status_code == 409
    assert filled(writer.get(path))["contact_ways-0-value"] == ["022 222 222"]
    assert writer.post(path, {**filled(writer.get(path)), "do": "continue"}).status_code == 409


def test_a_third_edit_while_choosing_is_noticed(writer: Client, owner: Client, full_service: Service):
    path = address(full_service, "kenelle")
    hers, his = two_pages(writer, owner, full_service, "kenelle")
    owner.post(path, {**his, "for_whom": "Toisen", "do": "continue"})
    told = filled(writer.post(path, {**hers, "for_whom": "Hänen", "do": "continue"}))
    save(owner, full_service, "kenelle", {"for_whom": "Kolmas"})
    answer = writer.post(path, {**told, "keep-for_whom": "mine", "do": "continue"})
    assert answer.status_code == 409
    assert "Kolmas" in words_of(answer)
    assert draft(full_service)["for_whom"] == "Kolmas"


def test_the_version_one_began_from_cannot_be_made_up(writer: Client, full_service: Service):
    data = {**filled(writer.get(address(full_service, "kenelle"))), "base": "999", "over": "999", "for_whom": "Hänen"}
    assert writer.post(address(full_service, "kenelle"), {**data, "do": "continue"}).status_code == 302
    assert draft(full_service)["for_whom"] == "Hänen"


def test_one_is_told_of_another_who_writes_or_wrote_just_now(writer: Client, owner: Client, full_service: Service):
    other = str(full_service.organisation.memberships.get(role=Role.OWNER).user)
    page = address(full_service, "kenelle")
    assert other not in words_of(writer.get(page))
    autosave(owner, full_service, "kenelle", for_whom="Puolik")
    assert other in words_of(writer.get(page))
    UnsavedInput.objects.all().delete()
    save(owner, full_service, "perustiedot", {"title": "Uusi nimi"})
    assert other in words_of(writer.get(page))
    revision = fresh(full_service).latest_revision
    type(revision).objects.filter(pk=revision.pk).update(created_at=timezone.now() - datetime.timedelta(days=1))
    assert other not in words_of(writer.get(page))


def test_keepers_are_not_told_the_name_of_the_directorys_own_people(writer: Client, full_service: Service):
    regional = area_administrator(full_service.organisation.home_municipality.county)
    autosave(client_of(regional), full_service, "kenelle", for_whom="Puolik")
    told = words_of(writer.get(address(full_service, "kenelle")))
    assert UnsavedInput.objects.exists()
    assert str(regional) not in told


# --- writing help ----------------------------------------------------------------------------------------------------
def test_writing_help_answers_to_what_is_typed_and_keeps_nothing(writer: Client, full_service: Service):
    path = address(full_service, "mukaan")
    data = {**filled(writer.get(path)), "how_to_join": "Soita Maijalle, puh. 040 123 4567."}
    told = writer.post(path + "neuvot/", data).json()
    assert "how_to_join" in told["fields"]
    assert "040 123 4567" in told["fields"]["how_to_join"]
    assert not UnsavedInput.objects.exists()
    calm = writer.post(path + "neuvot/", {**data, "how_to_join": "Tule sisään."}).json()
    assert calm["fields"] == {}


def test_what_is_quoted_in_the_help_is_text(writer: Client, full_service: Service):
    path = address(full_service, "mukaan")
    data = {**filled(writer.get(path)), "how_to_join": "<b>SOITA HETI</b> 040 123 4567 <script>x</script>"}
    told = writer.post(path + "neuvot/", data).json()["fields"]["how_to_join"]
    assert "<script" not in told
    assert "<b>" not in told


def test_help_is_not_asked_without_end(writer: Client, full_service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.workspace.keeping.form.views.ADVICE_PER_MINUTE", 2)
    codes = [writer.post(address(full_service, "mukaan") + "neuvot/", {}).status_code for _each in range(3)]
    assert codes == [200, 200, 429]
