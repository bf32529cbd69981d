"""The checklist of partnership: where its items come from, who may answer for an area, and two who answer at once."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory import actions
from directory.loading import CONTENT, load_partnership
from directory.models import County, PartnershipAnswer, PartnershipGroup, PartnershipItem, PartnershipState
from directory.permissions import Action, may_in_county
from portal.accounts.models import User
from portal.base.loading import Loading
from tests.editing import EDITOR, MODERATOR, client_of, filled_form, in_languages, person, send, url_of
from tests.factories.directory import CountyFactory, area_administrator

pytestmark = pytest.mark.django_db


def load() -> Loading:
    """One run of the loader."""
    loading = Loading()
    load_partnership(loading)
    loading.finish()
    return loading


@pytest.fixture
def county() -> County:
    return CountyFactory(code="15", names={"fi": "Keski-Suomi"})


@pytest.fixture
def keeper(county: County) -> User:
    return area_administrator(county)


@pytest.fixture
def item() -> PartnershipItem:
    return PartnershipItem.objects.create(key="tilat", group=PartnershipGroup.PREMISES, text={"fi": "Tilat ovat auki."})


# --- The items --------------------------------------------------------------------------------------------------------
def test_every_part_of_the_checklist_has_items_and_a_second_run_changes_nothing():
    first = load()
    assert {group for group, _items in PartnershipItem.objects.by_group()} == set(PartnershipGroup)
    assert (
        first.counts["created"] == PartnershipItem.objects.count() == len(CONTENT.entries("partnership.yaml", by="key"))
    )
    second = load()
    assert second.counts["unchanged"] == first.counts["created"]
    assert not second.counts["created"] + second.counts["updated"]


def test_an_editors_words_and_the_areas_answers_outlive_the_loader(county: County, keeper: User):
    load()
    item = PartnershipItem.objects.all()[0]
    actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, by=keeper, version=0)
    item.text = {**item.text, "fi": "Toimittajan sanat."}
    item.save()
    load()
    item.refresh_from_db()
    assert item.text["fi"] == "Toimittajan sanat."
    assert item.answers.get().state == PartnershipState.IN_PLACE


def test_parts_come_in_their_own_order_whatever_the_items_order(item: PartnershipItem):
    PartnershipItem.objects.create(key="roolit", group=PartnershipGroup.AGREEING, text={"fi": "Roolit."}, order=999)
    assert [group for group, _items in PartnershipItem.objects.by_group()] == [
        PartnershipGroup.AGREEING,
        PartnershipGroup.PREMISES,
    ]


# --- Who may ----------------------------------------------------------------------------------------------------------
def test_an_area_is_kept_by_its_administrators_and_by_the_centre(county: County, keeper: User):
    other = area_administrator(CountyFactory(code="06"), "muualla@example.org")
    stranger = User.objects.create_user("joku@example.org")
    chief = User.objects.create_superuser("keskus@example.org")
    may = {user: may_in_county(user, Action.KEEP_PARTNERSHIP, county.pk) for user in (keeper, chief, other, stranger)}
    assert may == {keeper: True, chief: True, other: False, stranger: False}
    keeper.is_active = False
    assert not may_in_county(keeper, Action.KEEP_PARTNERSHIP, county.pk)


def test_whoever_may_not_writes_nothing(county: County, item: PartnershipItem):
    with pytest.raises(PermissionDenied):
        actions.answer_partnership(
            county,
            item,
            state=PartnershipState.IN_PLACE,
            by=area_administrator(CountyFactory(code="06"), "muualla@example.org"),
            version=0,
        )
    assert not PartnershipAnswer.objects.exists()


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_an_answer_says_who_and_when_and_the_log_keeps_what_stood_before(county, keeper, item):
    moment = timezone.now() - datetime.timedelta(days=2)
    first = actions.answer_partnership(
        county, item, state=PartnershipState.UNDER_WAY, note=" Neuvotellaan. ", by=keeper, version=0, at=moment
    )
    assert (first.note, first.changed_by, first.changed_at) == ("Neuvotellaan.", keeper, moment)
    second = actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, by=keeper, version=first.version)
    assert second.pk == first.pk
    assert second.version > first.version
    newest = ModelLogEntry.objects.for_instance(county).filter(action="directory.partnership").first()
    assert newest.user == keeper
    assert newest.data["from"] == [PartnershipState.UNDER_WAY, "Neuvotellaan."]
    assert newest.data["to"] == [PartnershipState.IN_PLACE, ""]


def test_who_has_an_older_version_in_hand_is_shown_what_stands(county: County, keeper: User, item: PartnershipItem):
    seen = actions.answer_partnership(county, item, state=PartnershipState.NOT_BEGUN, by=keeper, version=0)
    theirs = actions.answer_partnership(
        county, item, state=PartnershipState.IN_PLACE, note="Valmis.", by=keeper, version=seen.version
    )
    for version in (0, seen.version):
        with pytest.raises(actions.AnsweredMeanwhileError) as told:
            actions.answer_partnership(county, item, state=PartnershipState.NOT_OURS, by=keeper, version=version)
        assert told.value.current == theirs
    answer = PartnershipAnswer.objects.get()
    assert (answer.state, answer.note, answer.version) == (theirs.state, "Valmis.", theirs.version)


def test_to_say_what_stands_already_is_no_change_and_no_conflict(county: County, keeper: User, item: PartnershipItem):
    first = actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, by=keeper, version=0)
    again = actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, by=keeper, version=0)
    assert (again.version, again.changed_at) == (first.version, first.changed_at)
    assert ModelLogEntry.objects.filter(action="directory.partnership").count() == 1


@pytest.mark.parametrize("values", [{"state": "melkein"}, {"state": ""}, {"state": "in_place", "note": "a" * 1001}])
def test_a_wrong_answer_is_not_written(county: County, keeper: User, item: PartnershipItem, values: dict):
    with pytest.raises(ValidationError):
        actions.answer_partnership(county, item, by=keeper, version=0, **values)
    assert not PartnershipAnswer.objects.exists()


def test_how_far_an_area_has_come_is_its_own(county: County, keeper: User, item: PartnershipItem):
    chief = User.objects.create_superuser("keskus@example.org")
    other = CountyFactory(code="06")
    PartnershipItem.objects.create(key="avaimet", group=PartnershipGroup.PREMISES, text={"fi": "Avaimet."})
    actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, by=keeper, version=0)
    actions.answer_partnership(other, item, state=PartnershipState.NOT_OURS, by=chief, version=0)
    progress = PartnershipItem.objects.progress(county.pk)[PartnershipGroup.PREMISES]
    assert (progress.total, progress.unanswered) == (2, 1)
    assert progress.states[PartnershipState.IN_PLACE] == 1
    assert progress.states[PartnershipState.NOT_OURS] == 0
    assert PartnershipAnswer.objects.progress_of([county.pk], 2) == {county.pk: progress}


# --- In the admin -----------------------------------------------------------------------------------------------------
def test_editors_word_the_items_and_moderators_add_them(item: PartnershipItem):
    editor, moderator = client_of(person(EDITOR)), client_of(person(MODERATOR))
    url = url_of(item, "edit")
    send(editor, url, **in_languages("text", fi="Tilat ovat iltaisin auki."))
    item.refresh_from_db()
    assert item.text["fi"] == "Tilat ovat iltaisin auki."
    assert editor.get(url_of(PartnershipItem, "add")).status_code == 302
    new = {"group": PartnershipGroup.TRAINING, "key": "kurssi", "order": 5, **in_languages("text", fi="Kurssi on.")}
    send(moderator, url_of(PartnershipItem, "add"), **new)
    assert PartnershipItem.objects.filter(key="kurssi").exists()
    # Deleting would take away what every area has answered.
    assert moderator.get(url_of(item, "delete")).status_code == 302


def test_an_item_is_previewed(item: PartnershipItem):
    editor = client_of(person(EDITOR))
    data = filled_form(editor.get(url_of(item, "edit")).content.decode())
    url = url_of(item, "preview_on_edit")
    editor.post(url, data)
    assert "Tilat ovat auki." in editor.get(url).content.decode()
