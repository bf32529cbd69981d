"""Keeping the directory fresh: who is asked when, what the run writes and does not, answers, letters that came back."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory import actions
from directory.choices import Answer, CaseKind, NoticeStep, Role, Source
from directory.freshness import Freshness
from directory.keepers import Keepers, recipients
from directory.keeping import Report, groups, keep_fresh
from directory.models import (
    Campaign,
    Case,
    Check,
    Notice,
    NoticeItem,
    Service,
    StageChange,
    Upkeep,
)
from directory.periods import pace, periods_of
from directory.rounds import moves_of_day
from directory.sharing import set_on_rows
from directory.signals import notice_made, services_changed
from portal.accounts.models import User
from portal.post.models import BouncedAddress, Letter
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
    translation_of,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
PERIODS = periods_of("service")


def at(day: datetime.date = TODAY, hour: int = 7) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def later(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


def aged(days: int, owner: User | None = None, deputy: User | None = None, **values: Any) -> Service:
    """A listing that was checked so many days ago."""
    service = ServiceFactory(owner=owner, deputy=deputy, **values)
    Service.objects.filter(translation_key=service.translation_key).update(
        checked_on=TODAY - datetime.timedelta(days=days), checked_how="keeper"
    )
    service.refresh_from_db()
    return service


def asked(day: datetime.date = TODAY) -> dict[str, set[str]]:
    """Address → the titles that it was asked about on a day."""
    titles = dict(Service.objects.values_list("translation_key", "title"))
    return {
        notice.address: {titles[item.key] for item in notice.items.all()} for notice in Notice.objects.filter(on=day)
    }


@pytest.fixture
def house():
    """An organisation with an owner, a deputy, a mailbox and an area."""
    organisation = OrganisationFactory(email="toimisto@example.org", home_municipality=MunicipalityFactory())
    organisation.owner = member(organisation, Role.OWNER, "omistaja@example.org")
    organisation.deputy = member(organisation, Role.DEPUTY, "vara@example.org")
    organisation.administrator = area_administrator(organisation.home_municipality.county)
    return organisation


# --- a round ---------------------------------------------------------------------------------------------------------
def test_a_listing_nobody_answers_for_goes_through_all_steps_and_is_hidden(house: Any):
    service = aged(0, house.owner, organisation=house)
    told: list[tuple[int, set[str]]] = []
    steps = (PERIODS.due, PERIODS.overdue, PERIODS.stale, PERIODS.hidden - pace().last_call, PERIODS.hidden)
    for number in [day + beside for day in steps for beside in (-1, 0, 1)][:-1]:
        keep_fresh(at(later(number)))
        if asked(later(number)):
            told.append((number, set(asked(later(number)))))
    everybody = {"omistaja@example.org", "vara@example.org", "toimisto@example.org"}
    assert told == [
        (PERIODS.due, {"omistaja@example.org"}),
        (PERIODS.overdue, {"omistaja@example.org", "vara@example.org"}),
        (PERIODS.stale, everybody),
    ]
    case = Case.objects.get(kind=CaseKind.NO_ANSWER)
    assert (case.key, case.assigned_to) == (service.uuid, house.administrator)
    assert timezone.localdate(case.opened_at) == later(PERIODS.hidden - pace().last_call)
    assert not Service.objects.public(at(later(PERIODS.hidden))).filter(pk=service.pk).exists()
    changes = list(StageChange.objects.values_list("before", "after", "on"))
    days = [PERIODS.due, PERIODS.overdue, PERIODS.stale, PERIODS.hidden]
    assert changes == [
        (before, after, later(day))
        for before, after, day in zip(list(Freshness), list(Freshness)[1:], days, strict=False)
    ]
    assert ModelLogEntry.objects.filter(action="directory.stage", object_id=service.pk).count() == len(changes)
    # One press brings it back, and the round is over.
    actions.confirm_service(service, by=house.owner, how="keeper", at=at(later(PERIODS.hidden + 3)))
    assert Service.objects.public().filter(pk=service.pk).exists()
    keep_fresh(at(later(PERIODS.hidden + 4)))
    assert not Case.objects.open().exists()
    assert not Upkeep.objects.exists()


def test_runs_missed_for_years_are_made_good_step_by_step(house: Any):
    service = aged(3_000, house.owner, organisation=house)
    steps = []
    gap = pace().gap
    for number in sorted(
        {day + beside for day in (0, gap, 2 * gap, 3 * gap, 3 * gap + pace().last_call) for beside in (-1, 0, 1)}
    )[1:]:
        keep_fresh(at(later(number)))
        steps += [
            (number, step)
            for step in Upkeep.objects.filter(last_notice_on=later(number)).values_list("step", flat=True)
        ]
        if Upkeep.objects.hidden().exists():
            break
    assert steps == [(0, 1), (gap, 2), (2 * gap, 3), (3 * gap, 4)]
    assert number == 3 * gap + pace().last_call
    assert not Service.objects.public().filter(pk=service.pk).exists()


def test_a_run_made_twice_does_nothing_the_second_time(house: Any):
    aged(400, house.owner, organisation=house)
    aged(800, organisation=OrganisationFactory())
    first, second = keep_fresh(at()), keep_fresh(at(hour=9))
    assert first.letters == 1
    assert first.stages
    assert first.cases
    assert second == Report(TODAY)


def test_a_dry_run_tells_and_writes_nothing(house: Any):
    aged(400, house.owner, organisation=house)
    aged(800, organisation=OrganisationFactory())
    dry = keep_fresh(at(), dry_run=True)
    for model in (Notice, Upkeep, StageChange, Case, Letter):
        assert not model.objects.exists()
    real = keep_fresh(at())
    assert (dry.letters, dry.questions, dry.stages, dry.cases) == (
        real.letters,
        real.questions,
        real.stages,
        real.cases,
    )


def test_the_command_takes_a_moment(house: Any, capsys: pytest.CaptureFixture[str]):
    aged(0, house.owner, organisation=house)
    call_command("keep_fresh", "--at", later(PERIODS.due - 1).isoformat(), "--dry-run")
    assert "0 letters" in capsys.readouterr().out
    call_command("keep_fresh", "--at", f"{later(PERIODS.due).isoformat()}T07:00")
    assert "1 letters with 1 questions" in capsys.readouterr().out
    assert Notice.objects.get().on == later(PERIODS.due)


# --- one letter a day ------------------------------------------------------------------------------------------------
def test_one_letter_for_all_of_a_persons_services(house: Any):
    other = OrganisationFactory()
    aged(300, house.owner, title="Eka", organisation=house)
    aged(400, house.owner, title="Toka", organisation=other)
    # Due next week: it comes along.
    aged(PERIODS.due - 7, house.owner, title="Pian", organisation=house)
    aged(10, house.owner, title="Tuore", organisation=house)
    keep_fresh(at())
    assert asked() == {"omistaja@example.org": {"Eka", "Toka", "Pian"}}
    assert Letter.objects.count() == 1
    for number in range(1, 10):
        keep_fresh(at(later(number)))
        assert not asked(later(number))


def test_what_is_due_soon_is_no_reason_to_write(house: Any):
    aged(PERIODS.due - 7, house.owner, organisation=house)
    assert keep_fresh(at()) == Report(TODAY)


def test_languages_of_one_service_are_one_question(house: Any):
    service = aged(300, house.owner, organisation=house)
    translation_of(service, "sv")
    set_on_rows(service.uuid, owner_id=house.owner.pk)
    Service.objects.of_keys([service.uuid]).update(checked_on=service.checked_on)
    keep_fresh(at())
    assert NoticeItem.objects.count() == 1


# --- who is asked ----------------------------------------------------------------------------------------------------
def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def bounce(user: User) -> None:
    BouncedAddress.objects.create(email=user.email, bounced_at=timezone.now())


@pytest.mark.parametrize("goes", [close, bounce])
def test_the_first_who_can_be_reached_is_asked(house: Any, goes: Callable[[User], None]):
    second = member(house, Role.OWNER, "toinen@example.org")
    writer = member(house, Role.WRITER, "kirjoittaja@example.org")
    service = aged(300, writer, house.deputy, organisation=house)
    seen = []
    for person in (writer, house.deputy, house.owner, second):
        seen.append([[each.address for each in tier] for tier in Keepers([service]).tiers(service)])
        goes(person)
        service.refresh_from_db()
    assert seen[0] == [
        ["kirjoittaja@example.org"], ["vara@example.org"], ["omistaja@example.org", "toinen@example.org"],
        ["toimisto@example.org"],
    ]  # fmt: skip
    firsts = [tiers[0] for tiers in seen]
    assert firsts[1:] == [["vara@example.org"], ["omistaja@example.org", "toinen@example.org"], ["toinen@example.org"]]
    left = Keepers([service])
    assert recipients(left.tiers(service), NoticeStep.OWNER)[0].organisation == house.pk
    assert not left.has_person(service)


def test_an_orphan_goes_to_the_queue_with_a_name_on_it():
    organisation = OrganisationFactory(home_municipality=MunicipalityFactory())
    administrator = area_administrator(organisation.home_municipality.county)
    service = aged(300, organisation=organisation)
    keep_fresh(at())
    case = Case.objects.get()
    assert (case.kind, case.key, case.assigned_to) == (CaseKind.ORPHAN, service.uuid, administrator)
    # When it has a keeper, they are asked at the next step.
    owner = member(organisation, Role.OWNER)
    keep_fresh(at(later(30)))
    assert asked(later(30)) == {owner.email: {service.title}}


def test_a_letter_that_came_back_is_no_answer_at_once(house: Any):
    service = aged(250, house.owner, house.deputy, organisation=house)
    keep_fresh(at())
    notice = Notice.objects.get()
    bounce(house.owner)
    actions.note_bounce(notice.uuid, at=at(hour=8))
    keep_fresh(at(hour=9))
    assert set(asked()) == {"omistaja@example.org"}
    keep_fresh(at(later(1)))
    assert asked(later(1))["vara@example.org"] == {service.title}
    assert "omistaja@example.org" not in asked(later(1))


def test_other_catalogues_keep_their_own_until_somebody_here_does(house: Any):
    foreign = OrganisationFactory()
    service = aged(900, organisation=foreign, source=Source.PTV, source_id="1")
    assert keep_fresh(at()) == Report(TODAY)
    assert not Service.objects.due_for_check(TODAY).exists()
    owner = member(foreign, Role.OWNER)
    keep_fresh(at())
    assert asked() == {owner.email: {service.title}}


def test_the_clock_of_a_listing_nobody_checked_counts_from_its_first_publication(house: Any):
    service = ServiceFactory(owner=house.owner, organisation=house)
    for days, is_asked in ((PERIODS.due - 1, False), (PERIODS.due, True)):
        Service.objects.filter(pk=service.pk).update(first_published_at=at() - datetime.timedelta(days=days))
        keep_fresh(at())
        assert bool(asked()) is is_asked
    draft = ServiceFactory(live=False)
    imported = ServiceFactory(source=Source.PTV, source_id="2")
    assert draft.counts_from is imported.counts_from is None
    assert imported.freshness(later(5_000)) is Freshness.FRESH


@pytest.mark.parametrize("off", [{"live": False}, {"withdrawn_on": TODAY}, {"is_hidden": True}])
def test_what_its_people_took_off_is_nobodys_question(house: Any, off: dict[str, Any]):
    service = aged(900, house.owner, organisation=house)
    Service.objects.filter(pk=service.pk).update(**off)
    assert keep_fresh(at()) == Report(TODAY)


# --- what changes is told --------------------------------------------------------------------------------------------
def test_search_hears_of_every_change_of_stage(house: Any):
    service = aged(PERIODS.stale - 1, house.owner, organisation=house)
    heard = []

    def hear(sender: Any, keys: list[Any], **kwargs: Any) -> None:
        heard.append(keys)

    services_changed.connect(hear)
    try:
        keep_fresh(at())
        heard.clear()
        keep_fresh(at(later(1)))
    finally:
        services_changed.disconnect(hear)
    assert heard == [[service.uuid]]


def test_one_broken_listing_stops_no_other(house: Any):
    broken = aged(400, house.owner, title="Rikki", organisation=house)
    fine = aged(400, member(OrganisationFactory(), Role.OWNER), title="Ehjä")

    def break_down(sender: Any, notice: Notice, **kwargs: Any) -> None:
        if notice.address == house.owner.email:
            raise RuntimeError

    notice_made.connect(break_down)
    try:
        report = keep_fresh(at())
    finally:
        notice_made.disconnect(break_down)
    assert report.failures == 1
    assert list(asked().values()) == [{fine.title}]
    assert not Upkeep.objects.filter(key=broken.uuid).exists()
    keep_fresh(at(hour=9))
    assert asked()[house.owner.email] == {broken.title}


def test_who_answers_while_the_run_goes_on_is_not_asked(house: Any, monkeypatch: pytest.MonkeyPatch):
    service = aged(400, house.owner, organisation=house)
    keep_fresh(at())

    def answered_meanwhile(moment: datetime.datetime) -> Any:
        moves = moves_of_day(moment)
        assert any(move.to for move in moves)
        actions.confirm_service(service, by=house.owner, how="keeper", at=moment)
        return moves

    monkeypatch.setattr("directory.keeping.moves_of_day", answered_meanwhile)
    keep_fresh(at(later(20)))
    assert not asked(later(20))


def test_listings_that_share_a_reader_are_one_group(house: Any):
    third = member(OrganisationFactory(), Role.OWNER)
    for number, (owner, deputy) in enumerate([(house.owner, None), (third, None), (None, house.deputy)]):
        aged(250, owner, deputy, title=str(number), organisation=house)
    bridge = aged(400, house.owner, house.deputy, title="silta", organisation=house)
    Upkeep.objects.create(
        key=bridge.uuid, stage="due", stage_since=TODAY, counts_from=bridge.checked_on, step=1,
        last_notice_on=TODAY - datetime.timedelta(days=60),
    )  # fmt: skip
    found = {frozenset(move.listing.title for move in group) for group in groups(moves_of_day(at()))}
    assert found == {frozenset({"0", "2", "silta"}), frozenset({"1"})}


def test_a_run_reads_little_however_many_listings(house: Any, django_assert_max_num_queries: Any):
    for _number in range(30):
        aged(250, house.owner, organisation=house)
    with django_assert_max_num_queries(15):
        moves_of_day(at())


# --- answers ---------------------------------------------------------------------------------------------------------
def question(house: Any, days: int = 300) -> NoticeItem:
    aged(days, house.owner, house.deputy, organisation=house)
    keep_fresh(at())
    return NoticeItem.objects.get()


def test_still_right_is_a_check_by_that_person(house: Any):
    item = question(house)
    actions.answer(item, Answer.STILL_RIGHT, by=house.owner, at=at(hour=12))
    check = Check.objects.get()
    assert (check.key, check.on, check.by, check.how) == (item.key, TODAY, house.owner, "keeper")
    assert Service.objects.get().checked_on == TODAY
    assert not Upkeep.objects.exists()
    with pytest.raises(actions.AlreadyAnsweredError):
        actions.answer(item, Answer.ENDED, by=house.owner)
    assert not Service.objects.get().withdrawn_on


def test_i_will_edit_buys_peace_and_is_no_check(house: Any):
    item = question(house, days=330)
    before = Service.objects.get().checked_on
    actions.answer(item, Answer.WILL_EDIT, by=house.owner, at=at())
    assert Service.objects.get().checked_on == before
    for number in range(pace().editing):
        keep_fresh(at(later(number)))
        assert NoticeItem.objects.count() == 1
    keep_fresh(at(later(pace().editing)))
    assert NoticeItem.objects.count() > 1


def test_ended_leaves_the_public_side(house: Any):
    item = question(house)
    actions.answer(item, Answer.ENDED, by=house.owner, at=at())
    assert Service.objects.get().withdrawn_on == TODAY
    assert not Service.objects.public().exists()


def test_not_mine_hands_over_and_the_next_is_asked_tomorrow(house: Any):
    item = question(house)
    actions.answer(item, Answer.NOT_MINE, by=house.owner, at=at(hour=8))
    service = Service.objects.get()
    assert (service.owner, service.deputy) == (house.deputy, None)
    assert Case.objects.get().kind == CaseKind.NOT_MINE
    keep_fresh(at(later(1)))
    assert house.deputy.email in asked(later(1))


def test_not_mine_of_the_last_one_makes_an_orphan():
    organisation = OrganisationFactory()
    lonely = User.objects.create_user("yksin@example.org")
    aged(300, lonely, organisation=organisation)
    keep_fresh(at())
    actions.answer(NoticeItem.objects.get(), Answer.NOT_MINE, by=lonely, at=at())
    assert Case.objects.get().kind == CaseKind.ORPHAN


def test_a_mailbox_answers_with_a_name(house: Any):
    close(house.owner)
    close(house.deputy)
    item = question(house)
    assert item.notice.organisation == house
    with pytest.raises(PermissionDenied):
        actions.answer(item, Answer.STILL_RIGHT, by=None, by_name=" ")
    actions.answer(item, Answer.STILL_RIGHT, by=None, by_name="Tyyne Toimisto")
    assert Check.objects.get().by_name == "Tyyne Toimisto"
    item.refresh_from_db()
    assert item.answered_by_name == "Tyyne Toimisto"


def test_an_old_letter_says_nothing_for_who_has_left(house: Any):
    item = question(house)
    set_on_rows(item.key, owner_id=None)
    actions.leave(member(house, Role.OWNER, "uusi@example.org"), house)
    house.memberships.filter(user=house.owner).delete()
    with pytest.raises(PermissionDenied):
        actions.answer(item, Answer.STILL_RIGHT, by=house.owner)
    item.refresh_from_db()
    assert not item.answer
    assert not Check.objects.exists()


def test_a_writer_does_not_end_a_listing(house: Any):
    writer = member(house, Role.WRITER, "kirjoittaja@example.org")
    aged(300, writer, organisation=house)
    keep_fresh(at())
    item = NoticeItem.objects.get()
    with pytest.raises(PermissionDenied):
        actions.answer(item, Answer.ENDED, by=writer)
    actions.answer(item, Answer.STILL_RIGHT, by=writer)


# --- campaigns -------------------------------------------------------------------------------------------------------
def test_a_campaign_asks_once_reminds_once_and_shows_its_progress(house: Any):
    editor = User.objects.create_superuser("paa@example.org")
    mine = aged(10, house.owner, title="Mökki", organisation=house)
    other = aged(10, house.deputy, title="Kahvila", organisation=house)
    campaign = actions.start_campaign(
        title="Kesä", keys=[mine.uuid, other.uuid], due_on=later(40), message="Kesä tulee.", by=editor, at=at()
    )
    days = {}
    for number in range(50):
        keep_fresh(at(later(number)))
        days |= {number: set(asked(later(number)))} if asked(later(number)) else {}
        if number == 5:
            item = NoticeItem.objects.get(key=other.uuid)
            actions.answer(item, Answer.STILL_RIGHT, by=house.deputy, at=at(later(5), hour=12))
    assert days == {0: {house.owner.email, house.deputy.email}, 33: {house.owner.email}}
    progress = actions.campaign_progress(campaign)
    assert (progress.total, progress.checked, progress.waiting, progress.not_asked) == (2, 1, 1, 0)


def test_a_campaign_goes_with_the_letter_of_the_day(house: Any):
    editor = User.objects.create_superuser("paa@example.org")
    due = aged(300, house.owner, title="Vanha", organisation=house)
    fresh = aged(10, house.owner, title="Tuore", organisation=house)
    campaign = actions.start_campaign(title="Kesä", keys=[fresh.uuid], due_on=later(40), by=editor, at=at())
    keep_fresh(at())
    notice = Notice.objects.get()
    assert notice.campaign == campaign
    assert dict(notice.items.values_list("key", "step")) == {due.uuid: NoticeStep.OWNER, fresh.uuid: None}


def test_two_campaigns_are_two_letters_on_two_days(house: Any):
    editor = User.objects.create_superuser("paa@example.org")
    services = [aged(10, house.owner, title=title, organisation=house) for title in ("Eka", "Toka")]
    for number, service in enumerate(services):
        actions.start_campaign(title="Kesä", keys=[service.uuid], due_on=later(30 + number), by=editor, at=at())
    keep_fresh(at())
    keep_fresh(at(later(1)))
    assert [asked(later(number))[house.owner.email] for number in range(2)] == [{"Eka"}, {"Toka"}]


def test_an_ended_campaign_asks_no_more(house: Any):
    editor = User.objects.create_superuser("paa@example.org")
    service = aged(10, house.owner, organisation=house)
    campaign = actions.start_campaign(title="Kesä", keys=[service.uuid], due_on=later(40), by=editor, at=at())
    actions.end_campaign(campaign, by=editor)
    assert keep_fresh(at()) == Report(TODAY)


def test_a_regional_campaign_stays_in_its_area(house: Any):
    outside = aged(10, organisation=OrganisationFactory())
    inside = aged(10, organisation=house)
    values = {"title": "Kesä", "due_on": later(40), "by": house.administrator}
    with pytest.raises(PermissionDenied):
        actions.start_campaign(keys=[inside.uuid, outside.uuid], **values)
    with pytest.raises(PermissionDenied):
        actions.start_campaign(**{**values, "keys": [inside.uuid], "by": house.owner})
    campaign = actions.start_campaign(keys=[inside.uuid], **values)
    assert Campaign.objects.get() == campaign


# --- public ----------------------------------------------------------------------------------------------------------
def test_only_people_move_the_date(house: Any):
    service = aged(400, house.owner, organisation=house)
    before = service.checked_on
    with time_machine.travel(at(later(1)), tick=False):
        keep_fresh(timezone.now())
        service.title = "Uusi nimi"
        actions.publish_service(service)
    assert Service.objects.get().checked_on == before
    assert not Check.objects.exists()
