"""The letter of a question and the page behind its buttons: nothing on GET, each answer once, kind dead ends."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory import actions
from directory.choices import Role
from directory.keeping import keep_fresh
from directory.models import Case, Check, Finding, Notice, NoticeItem, Service
from portal.accounts.models import User
from portal.base import languages
from portal.post import letters as post
from portal.post.bounces import Bounce, Kind
from portal.post.models import BouncedAddress, Letter
from portal.workspace.answering.letters import send_question
from portal.workspace.answering.links import LinkState, open_link, token_of
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, ServiceFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Any:
    HomePageFactory()
    organisation = OrganisationFactory(email="toimisto@example.org")
    organisation.owner = member(organisation, Role.OWNER, "omistaja@example.org")
    return organisation


def asked(organisation: Any, *titles: str, days: int = 300, **values: Any) -> Notice:
    """A question about listings of these titles."""
    for title in titles or ("Kävelykaveri",):
        service = ServiceFactory(title=title, organisation=organisation, **{"owner": organisation.owner, **values})
        day = timezone.localdate() - datetime.timedelta(days=days)
        Service.objects.filter(pk=service.pk).update(checked_on=day)
    keep_fresh(timezone.now())
    return Notice.objects.latest("pk")


def page_of(notice: Notice) -> str:
    with translation.override("fi"):
        return reverse("workspace:answer", kwargs={"token": token_of(notice)})


def state() -> list[Any]:
    """Everything that an answer could change."""
    return [
        *NoticeItem.objects.order_by("pk").values_list("answer", "answered_at"),
        *Service.objects.order_by("pk").values_list("checked_on", "owner", "withdrawn_on", "capacity"),
        Check.objects.count(),
        Case.objects.count(),
    ]


# --- the letter ------------------------------------------------------------------------------------------------------
def test_one_letter_tells_of_all_and_every_button_opens_a_page(client: Client, house: Any):
    notice = asked(house, "Kävelykaveri", "Kahvila", capacity="full")
    key = notice.items.first().key
    Finding.objects.create(key=key, kind="phone_shape", what="012 x", found_on=timezone.localdate())
    Letter.objects.all().delete()
    send_question(sender=Notice, notice=notice)
    letter = Letter.objects.get()
    assert (letter.to, letter.user, letter.key) == ("omistaja@example.org", house.owner, f"notice:{notice.uuid}")
    for words in ("Kävelykaveri", "Kahvila", "012 x"):
        assert words in letter.text
        assert words in letter.html
    links = re.findall(r"http\S+/vastaus/\S+", letter.text)
    # All of them, and four answers for each.
    assert len(links) == 1 + 2 * 4
    before = state()
    for link in links:
        assert client.get(link.removeprefix(settings.SITE_URL.rstrip("/"))).status_code == 200
    assert state() == before


@pytest.mark.parametrize("code", languages.CODES)
def test_the_letter_speaks_the_persons_language(client: Client, house: Any, code: str):
    User.objects.filter(pk=house.owner.pk).update(language=code)
    asked(house)
    letter = Letter.objects.get()
    assert letter.language == code
    link = re.search(r"http\S+/vastaus/\S+", letter.text)[0].removeprefix(settings.SITE_URL.rstrip("/"))
    assert link.startswith(f"/{code}/")
    assert f'<html lang="{code}"' in client.get(link).content.decode()


def test_a_letter_that_comes_back_is_noted_with_the_question(house: Any):
    notice = asked(house)
    post.mark_bounced(Bounce(Letter.objects.get().message_id, Kind.HARD), timezone.now())
    notice.refresh_from_db()
    assert notice.bounced_at
    assert BouncedAddress.objects.filter(email=notice.address).exists()


# --- answering -------------------------------------------------------------------------------------------------------
def test_nothing_happens_on_get_or_head(client: Client, house: Any):
    notice = asked(house)
    before = state()
    item = notice.items.get()
    for answer in ("still_right", "will_edit", "ended", "not_mine", "nonsense"):
        url = f"{page_of(notice)}{item.pk}/{answer}/?choice={item.pk}:{answer}"
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert client.get(f"{page_of(notice)}uusi-linkki/").status_code == 405
    assert state() == before
    assert Letter.objects.count() == 1


def test_all_still_right_is_one_press(client: Client, house: Any):
    notice = asked(house, "Kävelykaveri", "Kahvila", "Kerho")
    response = client.post(page_of(notice), {"choice": "all:still_right"}, follow=True)
    assert response.status_code == 200
    assert set(Service.objects.values_list("checked_on", "checked_by", "checked_how")) == {
        (timezone.localdate(), house.owner.pk, "keeper")
    }
    assert not response.context["still_open"]
    # The page stays, and says what was answered.
    assert "Kävelykaveri" in client.get(page_of(notice)).content.decode()


@pytest.mark.parametrize("answer", ["still_right", "will_edit", "ended", "not_mine"])
def test_one_answer_for_one_listing_once(client: Client, house: Any, answer: str):
    notice = asked(house, "Kävelykaveri", "Kahvila")
    item, other = notice.items.all()
    client.post(page_of(notice), {"choice": f"{item.pk}:{answer}"})
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.answer, other.answer) == (answer, "")
    before = state()
    for again in ("ended", "still_right"):
        client.post(page_of(notice), {"choice": f"{item.pk}:{again}"})
    assert state() == before


@pytest.mark.parametrize("choice", ["", "all:ended", "all:not_mine", "all:room", "nonsense", "0:ended", "all:"])
def test_other_words_do_nothing(client: Client, house: Any, choice: str):
    notice = asked(house, "Kävelykaveri", "Kahvila")
    before = state()
    response = client.post(page_of(notice), {"choice": choice})
    assert response.status_code in (302, 400)
    assert state() == before


def test_a_link_answers_for_its_own_letter_alone(client: Client, house: Any):
    notice = asked(house)
    other = OrganisationFactory()
    other.owner = member(other, Role.OWNER, "muu@example.org")
    foreign = asked(other, "Vieras").items.get()
    before = state()
    client.post(page_of(notice), {"choice": f"{foreign.pk}:ended"})
    assert client.get(f"{page_of(notice)}{foreign.pk}/ended/").status_code == 200
    assert "Vieras" not in client.get(f"{page_of(notice)}{foreign.pk}/ended/").content.decode()
    assert state() == before


def test_without_the_forms_own_token_nothing_is_taken(house: Any):
    notice = asked(house)
    before = state()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page_of(notice), {"choice": "all:still_right"}).status_code == 403
    page = strict.get(page_of(notice)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert state() == before
    strict.post(page_of(notice), {"choice": "all:still_right", "csrfmiddlewaretoken": token})
    assert state() != before


def test_a_mailbox_is_asked_for_a_name(client: Client, house: Any):
    house.memberships.all().delete()
    notice = asked(house, owner=None)
    assert notice.user is None
    before = state()
    response = client.post(page_of(notice), {"choice": "all:still_right", "name": " "})
    assert response.status_code == 400
    assert "#id_name" in response.content.decode()
    assert state() == before
    client.post(page_of(notice), {"choice": "all:still_right", "name": "Tyyne Toimisto"})
    assert Check.objects.get().by_name == "Tyyne Toimisto"


def test_room_is_told_in_the_same_place(client: Client, house: Any):
    notice = asked(house)
    item = notice.items.get()
    until = client.get(page_of(notice)).context["room_form"].fields["until"].choices[0][0]
    data = {"choice": f"{item.pk}:room", f"capacity-{item.pk}": "full", f"until-{item.pk}": until}
    client.post(page_of(notice), {**data, f"until-{item.pk}": "2099-01-01"})
    assert Service.objects.get().capacity == "unknown"
    client.post(page_of(notice), data)
    service = Service.objects.get()
    assert (service.capacity, service.capacity_until.isoformat()) == ("full", until)
    # It is no answer, and no check.
    item.refresh_from_db()
    assert not item.answer
    assert not Check.objects.exists()


def test_a_keeper_who_is_no_member_cannot_set_room(client: Client, house: Any):
    house.memberships.all().delete()
    notice = asked(house)
    item = notice.items.get()
    data = {"choice": f"{item.pk}:room", f"capacity-{item.pk}": "full", f"until-{item.pk}": "2099-01-01"}
    assert client.post(page_of(notice), data).status_code == 403
    assert Service.objects.get().capacity == "unknown"


def test_what_others_did_meanwhile_is_told(client: Client, house: Any):
    notice = asked(house, "Kävelykaveri", "Kahvila")
    ended = Service.objects.get(title="Kahvila")
    actions.end_service(ended, by=house.owner)
    response = client.post(page_of(notice), {"choice": "all:still_right"}, follow=True)
    assert Check.objects.get().key != ended.uuid
    assert "Kahvila" in response.content.decode()


# --- dead ends -------------------------------------------------------------------------------------------------------
def test_after_sixty_days_the_page_offers_a_new_link(client: Client, house: Any):
    notice = asked(house)
    url = page_of(notice)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=settings.ANSWER_LINK_DAYS + 1)):
        before = state()
        response = client.post(url, {"choice": "all:still_right"})
        assert response.status_code == 410
        assert "Kävelykaveri" not in response.content.decode()
        assert state() == before
        for _time in range(2):
            assert client.post(f"{url}uusi-linkki/").status_code == 200
        new = Letter.objects.exclude(key=f"notice:{notice.uuid}").get()
        link = re.search(r"http\S+/vastaus/\S+", new.text)[0].removeprefix(settings.SITE_URL.rstrip("/"))
        assert new.to == notice.address
        assert client.get(link).status_code == 200


def test_a_letter_of_which_all_is_answered_has_no_new_link(client: Client, house: Any):
    notice = asked(house)
    client.post(page_of(notice), {"choice": "all:still_right"})
    assert client.post(f"{page_of(notice)}uusi-linkki/").status_code == 200
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "x"])
def test_a_forged_link_opens_nothing(client: Client, house: Any, change: Any):
    notice = asked(house)
    with translation.override("fi"):
        url = reverse("workspace:answer", kwargs={"token": change(token_of(notice))})
    before = state()
    assert client.get(url).status_code == 404
    assert client.post(url, {"choice": "all:still_right"}).status_code == 404
    assert client.post(f"{url}uusi-linkki/").status_code == 200
    assert state() == before
    assert Letter.objects.count() == 1


def test_a_signature_made_for_something_else_opens_nothing(house: Any):
    notice = asked(house)
    assert open_link(signing.dumps(notice.uuid.hex)).state is LinkState.UNKNOWN
    assert open_link(token_of(notice)).state is LinkState.OPEN


def test_the_link_of_a_closed_account_opens_nothing(client: Client, house: Any):
    notice = asked(house)
    User.objects.filter(pk=house.owner.pk).update(is_active=False)
    assert client.get(page_of(notice)).status_code == 404


def test_the_address_does_not_travel(client: Client, house: Any):
    response = client.get(page_of(asked(house)))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"


def test_too_many_answers_are_too_many(client: Client, house: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.workspace.answering.views.MOST_AN_HOUR", 2)
    url = page_of(asked(house))
    codes = [client.post(url, {"choice": "nonsense"}).status_code for _time in range(3)]
    assert codes == [400, 400, 429]


def test_few_queries_however_many_listings(client: Client, house: Any, django_assert_max_num_queries: Any):
    url = page_of(asked(house, *(f"Palvelu {number}" for number in range(12))))
    client.get(url)
    with django_assert_max_num_queries(40):
        client.get(url)
