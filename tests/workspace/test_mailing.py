"""Letters to keepers and campaigns: shown before done, tried on oneself first, sent once, in one's own areas."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from directory import actions
from directory.actions.mailing import MAILINGS_A_DAY
from directory.choices import Answer, CheckedHow, Role
from directory.models import Campaign, Mailing, Notice, NoticeItem, Service
from directory.selection import Selection
from portal.accounts.models import User
from portal.post.models import BouncedAddress, Letter
from portal.workspace.administering.campaigns_progress import asked_services
from portal.workspace.administering.mailing_tasks import write_letters
from tests.factories.directory import OrganisationFactory, ServiceFactory, member
from tests.workspace.areas import DAY, House

pytestmark = pytest.mark.django_db

TEXT = "Hyvä ylläpitäjä,\n\nkesä tulee.\n\n<script>alert(1)</script>"


@pytest.fixture
def house() -> House:
    house = House()
    member(house.there, Role.OWNER, "siella@example.org")
    return house


@pytest.fixture
def admin(client: Client, house: House) -> Client:
    client.force_login(house.admin)
    return client


def written(client: Client, query: str = "", **values: str) -> Mailing:
    """A letter that was written on the page."""
    data = {"title": "Kesän ajat", "text": TEXT, **values}
    response = client.post(f"{reverse('workspace:mailing_new')}?{query}", data)
    assert response.status_code == 302
    return Mailing.objects.latest("pk")


def press(client: Client, step: str, mailing: Mailing):
    return client.post(reverse(f"workspace:mailing_{step}", args=[mailing.pk]), follow=True)


def work() -> None:
    """Do what waits in the queue for the letters of mailings."""
    for waiting in DBTaskResult.objects.ready().filter(task_path=write_letters.module_path):
        write_letters.call(*waiting.args_kwargs["args"])


def addresses(mailing: Mailing) -> set[str]:
    return set(Letter.objects.filter(key__startswith=f"mailing-{mailing.uuid}").values_list("to", flat=True))


# --- the way of a letter ---------------------------------------------------------------------------------------------
def test_a_letter_is_tried_then_sent_to_those_of_ones_own_area(admin: Client, house: House):
    mailing = written(admin)
    assert not Letter.objects.exists()

    press(admin, "send", mailing)
    work()
    assert not Letter.objects.exists()

    press(admin, "test", mailing)
    [test] = Letter.objects.all()
    assert test.to == house.admin.email

    press(admin, "send", mailing)
    work()
    assert addresses(mailing) == {house.keeper.email}
    mailing.refresh_from_db()
    assert mailing.count == 1
    entry = ModelLogEntry.objects.get(action="directory.mail")
    assert (entry.object_id, entry.user_id) == (str(mailing.pk), house.admin.pk)
    page = admin.get(reverse("workspace:mailing_one", args=[mailing.pk]))
    assert page.context["fates"] == [(str(Letter.State.WAITING.label), 1)]


def test_pressing_twice_sends_once_and_so_does_a_task_done_twice(admin: Client, house: House):
    mailing = written(admin)
    for step in ("test", "test", "send", "send"):
        press(admin, step, mailing)
    assert DBTaskResult.objects.filter(task_path=write_letters.module_path).count() == 1
    work()
    write_letters.call(mailing.pk)
    assert Letter.objects.filter(to=house.admin.email).count() == 1
    assert Letter.objects.filter(to=house.keeper.email).count() == 1


def test_what_was_cut_off_is_written_to_its_end(admin: Client, house: House):
    mailing = written(admin)
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    DBTaskResult.objects.all().delete()
    Mailing.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=1))
    press(admin, "send", mailing)
    work()
    assert addresses(mailing) == {house.keeper.email}


def test_a_changed_letter_is_tried_again(admin: Client, house: House):
    mailing = written(admin)
    press(admin, "test", mailing)
    admin.post(reverse("workspace:mailing_edit", args=[mailing.pk]), {"title": "Toinen", "text": "Toista."})
    press(admin, "send", mailing)
    mailing.refresh_from_db()
    assert (mailing.title, mailing.tested_at, mailing.sent_at) == ("Toinen", None, None)


def test_a_letter_that_has_gone_stays_as_it_is(admin: Client, house: House):
    mailing = written(admin)
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    admin.post(reverse("workspace:mailing_edit", args=[mailing.pk]), {"title": "Toinen", "text": "Toista."})
    press(admin, "delete", mailing)
    assert Mailing.objects.get(pk=mailing.pk).title == "Kesän ajat"


def test_each_letter_has_the_frame_of_its_readers_language_and_no_code(admin: Client, house: House):
    User.objects.filter(pk=house.keeper.pk).update(language="sv")
    second = member(house.here, Role.DEPUTY, "toinen@example.org")
    mailing = written(admin)
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    work()
    letters = {each.to: each for each in Letter.objects.filter(key__startswith=f"mailing-{mailing.uuid}")}
    assert {to: each.language for to, each in letters.items()} == {house.keeper.email: "sv", second.email: "fi"}
    for letter in letters.values():
        assert f"/{letter.language}/" in letter.text
        assert "kesä tulee." in letter.text
        assert "<script>" not in letter.html


def test_a_person_with_many_listings_gets_one_letter_and_a_dead_address_none(admin: Client, house: House):
    for _each in range(3):
        ServiceFactory(organisation=house.here, owner=house.keeper)
    silent = OrganisationFactory(home_municipality=house.here.home_municipality)
    ServiceFactory(organisation=silent)
    gone = member(silent, Role.OWNER, "poissa@example.org")
    BouncedAddress.objects.create(email=gone.email, bounced_at=timezone.now())
    mailing = written(admin)
    page = admin.get(reverse("workspace:mailing_one", args=[mailing.pk]))
    assert page.context["preview"].people == 1
    assert len(page.context["preview"].reach.unreachable) == 1
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    work()
    assert Letter.objects.filter(key__startswith=f"mailing-{mailing.uuid}").count() == 1


def test_only_so_many_letters_a_day(admin: Client, house: House):
    mailings = [written(admin, title=f"Kirje {number}") for number in range(MAILINGS_A_DAY + 1)]
    for mailing in mailings:
        press(admin, "test", mailing)
        press(admin, "send", mailing)
    assert Mailing.objects.sent().count() == MAILINGS_A_DAY
    Mailing.objects.sent().update(sent_at=timezone.now() - 2 * DAY)
    press(admin, "send", mailings[-1])
    assert Mailing.objects.sent().count() == MAILINGS_A_DAY + 1


def test_looking_sends_nothing(admin: Client, house: House):
    mailing = written(admin)
    press(admin, "test", mailing)
    before = (Letter.objects.count(), DBTaskResult.objects.count(), list(Mailing.objects.values()))
    for name in ("mailing_one", "mailing_edit", "mailing_test", "mailing_send", "mailing_delete"):
        response = admin.get(reverse(f"workspace:{name}", args=[mailing.pk]))
        assert response.status_code == (200 if name in ("mailing_one", "mailing_edit") else 405)
    admin.get(reverse("workspace:mailing_new"), {"title": "x", "text": "y"})
    assert (Letter.objects.count(), DBTaskResult.objects.count(), list(Mailing.objects.values())) == before


def test_a_strangers_letter_is_not_there(admin: Client, house: House):
    mailing = written(admin)
    other = Client()
    for user in (house.stranger, house.chief):
        other.force_login(user)
        for name in ("mailing_one", "mailing_edit"):
            assert other.get(reverse(f"workspace:{name}", args=[mailing.pk])).status_code == 404
        for name in ("mailing_edit", "mailing_test", "mailing_send", "mailing_delete"):
            assert other.post(reverse(f"workspace:{name}", args=[mailing.pk])).status_code == 404
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    # What was sent is for the central people to read, and not for them to change.
    assert other.get(reverse("workspace:mailing_one", args=[mailing.pk])).status_code == 200
    assert other.post(reverse("workspace:mailing_send", args=[mailing.pk])).status_code == 404


def test_no_field_of_a_letter_is_set_from_outside(admin: Client, house: House):
    mailing = written(admin, "organisation=" + house.here.slug, sent_at="2026-01-01", tested_at="2026-01-01", count="7")
    assert (mailing.sent_at, mailing.tested_at, mailing.count) == (None, None, None)
    assert mailing.written_by == house.admin
    assert mailing.selection == Selection(organisation=house.here.slug).query()
    for query in (f"organisation={house.there.slug}", "area=06"):
        wrong = admin.post(f"{reverse('workspace:mailing_new')}?{query}", {"title": "x", "text": "y"})
        assert wrong.status_code == 400
    assert Mailing.objects.count() == 1


def test_whoever_lost_the_area_writes_to_nobody(admin: Client, house: House):
    mailing = written(admin)
    press(admin, "test", mailing)
    press(admin, "send", mailing)
    house.admin.area_roles.all().delete()
    work()
    assert addresses(mailing) == set()


# --- campaigns -------------------------------------------------------------------------------------------------------
def start(client: Client, query: str = "", **values: str):
    day = timezone.localdate() + 30 * DAY
    data = {"title": "Kesä", "message": "Pian on kesä.", "due_on": day.isoformat(), **values}
    return client.post(f"{reverse('workspace:campaign_new')}?{query}", data, follow=True)


def test_a_campaign_is_shown_before_it_starts_and_starts_once(admin: Client, house: House):
    preview = admin.get(reverse("workspace:campaign_new")).context["preview"]
    assert (len(preview.listings), preview.people) == (1, 1)
    assert not Campaign.objects.exists()
    for _press in range(2):
        start(admin)
    campaign = Campaign.objects.get()
    assert [each.key for each in campaign.services.all()] == [house.service.translation_key]
    assert campaign.started_by == house.admin


@pytest.mark.parametrize("values", [{"due_on": "2020-01-01"}, {"title": ""}, {"due_on": ""}])
def test_a_campaign_that_cannot_be_is_not_started(admin: Client, house: House, values: dict[str, str]):
    assert start(admin, **values).status_code == 400
    assert not Campaign.objects.exists()


def test_a_campaign_asks_nobody_of_another_area(admin: Client, house: House):
    assert start(admin, f"organisation={house.there.slug}").status_code == 400
    start(admin, "kind=course")
    assert not Campaign.objects.exists()


def test_how_far_a_campaign_is(admin: Client, house: House):
    services = [house.service, *(ServiceFactory(organisation=house.here) for _each in range(4))]
    start(admin)
    campaign = Campaign.objects.get()
    actions.confirm_service(services[0], by=house.keeper, how=CheckedHow.KEEPER)
    actions.end_service(services[1], by=house.keeper)
    notice = Notice.objects.create(
        user=house.keeper, address=house.keeper.email, campaign=campaign, on=timezone.localdate()
    )
    for service, answer in ((services[2], Answer.WILL_EDIT), (services[3], "")):
        NoticeItem.objects.create(
            notice=notice, key=service.translation_key, counts_from=timezone.localdate(), answer=answer
        )
    page = admin.get(reverse("workspace:campaign", args=[campaign.pk]))
    assert [count for _words, count in page.context["parts"]] == [1, 1, 1, 1, 1]
    progress = page.context["progress"]
    left = asked_services(campaign)
    assert {each.key for each in left} == {service.translation_key for service in services[2:]}
    assert len(left) == progress.total - progress.checked - progress.ended
    assert len({each.state for each in left}) == 3


def test_a_campaign_ends_by_pressing_and_is_its_starters(admin: Client, house: House):
    start(admin)
    campaign = Campaign.objects.get()
    address = reverse("workspace:campaign_end", args=[campaign.pk])
    assert admin.get(address).status_code == 405
    other = Client()
    other.force_login(house.stranger)
    assert other.post(address).status_code == 404
    assert other.get(reverse("workspace:campaign", args=[campaign.pk])).status_code == 404
    assert Campaign.objects.get().ended_at is None
    admin.post(address)
    assert Campaign.objects.get().ended_at is not None
    assert Service.objects.filter(checked_on__isnull=False).count() == 0
