"""How a listing is kept: edits wait beside what is public, meet each other, are sent, approved or sent back."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory import actions
from directory.actions.editing import forget_old_input
from directory.actions.reviewing import AlreadyDecidedError
from directory.choices import CaseKind, Kind, ReviewState, Role, SendBackReason
from directory.models import Case, Check, Review, Service, UnsavedInput
from portal.accounts.models import User
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    area_administrator,
    locale,
    member,
    translation_of,
)

pytestmark = pytest.mark.django_db

PHONE = {"pk": None, "kind": "phone", "value": "012 345 6789", "audience": "public"}


@pytest.fixture
def organisation():
    return OrganisationFactory(home_municipality=MunicipalityFactory())


@pytest.fixture
def writer(organisation):
    return member(organisation, Role.WRITER)


@pytest.fixture
def reviewer(organisation):
    return area_administrator(organisation.home_municipality.county)


@pytest.fixture
def service(organisation):
    return ServiceFactory(organisation=organisation, summary="Vanha.", contact_ways=[{"kind": "phone", "value": "1"}])


def draft_of(service: Service) -> dict:
    return Service.objects.get(pk=service.pk).latest_revision.content


def public_of(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


# --- edits -----------------------------------------------------------------------------------------------------------
def test_an_edit_leaves_what_is_public(service, writer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=service.latest_revision_id)
    assert public_of(service).summary == "Vanha."
    assert draft_of(service)["summary"] == "Uusi."


def test_two_people_who_change_different_fields_both_keep_theirs(service, writer, reviewer):
    base = service.latest_revision_id
    actions.edit(service, {"summary": "Minun."}, by=writer, base=base)
    actions.edit(service, {"for_whom": "Kaikille."}, by=reviewer, base=base)
    assert (draft_of(service)["summary"], draft_of(service)["for_whom"]) == ("Minun.", "Kaikille.")


def test_two_people_who_change_the_same_field_are_told_and_nothing_is_lost(service, writer, reviewer):
    base = service.latest_revision_id
    actions.edit(service, {"summary": "Heidän."}, by=reviewer, base=base)
    with pytest.raises(actions.EditConflictError) as caught:
        actions.edit(service, {"summary": "Minun.", "for_whom": "Kaikille."}, by=writer, base=base)
    conflict = caught.value.conflicts[0]
    assert (conflict.field, conflict.theirs, conflict.mine) == ("summary", "Heidän.", "Minun.")
    assert draft_of(service)["summary"] == "Heidän."
    # Sent again knowingly, over the version that stands.
    actions.edit(service, {"summary": "Minun."}, by=writer, base=caught.value.theirs.pk)
    assert draft_of(service)["summary"] == "Minun."


def test_an_edit_that_changes_nothing_makes_no_version(service, writer):
    before = service.revisions.count()
    actions.edit(service, {"summary": "Vanha."}, by=writer, base=service.latest_revision_id)
    assert service.revisions.count() == before


@pytest.mark.parametrize("name", ["owner", "is_hidden", "organisation", "checked_on", "slug", "source", "live"])
def test_what_is_not_the_keepers_cannot_be_edited(service, writer, name):
    with pytest.raises(ValueError, match="not a keeper's"):
        actions.edit(service, {name: None}, by=writer, base=None)


def test_strangers_edit_nothing(service):
    stranger = member(OrganisationFactory(), Role.OWNER)
    for act in (
        lambda: actions.edit(service, {"summary": "x"}, by=stranger, base=None),
        lambda: actions.submit(service, by=stranger),
        lambda: actions.change_at_once(service, {"notice": "x"}, by=stranger),
        lambda: actions.end_service(service, by=stranger),
        lambda: actions.restore_version(service, service.latest_revision_id, by=stranger),
        lambda: actions.copy_service(service, by=stranger, title="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_version_is_restored_as_a_draft(service, writer):
    first = service.latest_revision_id
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=first)
    actions.restore_version(service, first, by=writer)
    assert draft_of(service)["summary"] == "Vanha."
    with pytest.raises(ValueError, match="no version"):
        actions.restore_version(service, ServiceFactory().latest_revision_id, by=writer)


def test_restoring_gives_no_listing_back_to_a_former_keeper(service, writer, organisation):
    first = service.latest_revision_id
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=first)
    Service.objects.filter(pk=service.pk).update(owner=member(organisation, Role.OWNER))
    owner = public_of(service).owner_id
    actions.restore_version(service, first, by=writer)
    assert public_of(service).owner_id == owner


def test_what_was_typed_is_kept_until_it_is_thrown_away(service, writer, organisation):
    about = {"by": writer, "organisation": organisation, "service": service, "step": "basics"}
    actions.keep_input(**about, data={"title": ["a"]})
    actions.keep_input(**about, data={"title": ["ab"], "ends_at": ["not a day"]})
    assert UnsavedInput.objects.get().data == {"title": ["ab"], "ends_at": ["not a day"]}
    actions.forget_input(**about)
    assert not UnsavedInput.objects.exists()


def test_what_nobody_came_back_to_is_thrown_away(service, writer, organisation):
    about = {"by": writer, "organisation": organisation, "service": service, "step": "basics"}
    actions.keep_input(**about, data={"title": ["a"]})
    forget_old_input(at=timezone.now() + datetime.timedelta(days=89))
    assert UnsavedInput.objects.exists()
    forget_old_input(at=timezone.now() + datetime.timedelta(days=91))
    assert not UnsavedInput.objects.exists()


# --- new ones --------------------------------------------------------------------------------------------------------
def test_a_new_listing_is_seen_by_nobody_until_approved(organisation, writer, reviewer):
    locale("fi")
    service = actions.begin_service(organisation, by=writer, title="Kahvila", kind=Kind.MEETING_PLACE, language="fi")
    assert service.owner == writer
    values = {"summary": "Seuraa ja kahvia.", "how_to_join": "Tule käymään.", "contact_ways": [PHONE]}
    actions.edit(service, values, by=writer, base=service.latest_revision_id)
    # Lists read the row.
    assert public_of(service).summary == "Seuraa ja kahvia."
    review = actions.submit(service, by=writer).review
    assert not Service.objects.public().exists()
    actions.approve(review, by=reviewer)
    public = Service.objects.public().get()
    assert public.contact_ways.get().value == "012 345 6789"
    assert public.checked_on is None


def test_a_listing_without_a_way_to_join_is_not_sent(organisation, writer):
    locale("fi")
    service = actions.begin_service(organisation, by=writer, title="Kahvila", kind=Kind.SERVICE, language="fi")
    actions.edit(service, {"summary": "Seuraa."}, by=writer, base=None)
    with pytest.raises(ValidationError, match="how_to_join"):
        actions.submit(service, by=writer)
    assert not Review.objects.exists()


def test_a_copy_has_the_texts_and_parts_and_is_a_listing_of_its_own(service, writer):
    place = PlaceFactory()
    source = ServiceFactory(
        organisation=service.organisation, for_whom="Kaikille.", places=[place], notice="Suljettu.", capacity="full"
    )
    copy = actions.copy_service(source, by=writer, title="Toinen ryhmä")
    assert copy.translation_key != source.translation_key
    assert (copy.title, copy.for_whom, copy.notice, copy.capacity) == ("Toinen ryhmä", "Kaikille.", "", "unknown")
    assert [row.place for row in copy.service_places.all()] == [place]
    assert [row.place for row in public_of(source).service_places.all()] == [place]


# --- approval --------------------------------------------------------------------------------------------------------
def test_an_approved_edit_becomes_public_and_the_queue_is_empty(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    case = Case.objects.open().get()
    assert (case.kind, case.assigned_to) == (CaseKind.REVIEW, reviewer)
    actions.approve(review, by=reviewer)
    assert public_of(service).summary == "Uusi."
    assert not Case.objects.open().exists()


def test_what_was_sent_is_approved_and_not_what_was_written_since(service, writer, reviewer):
    actions.edit(service, {"summary": "Lähetetty."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    actions.edit(service, {"summary": "Vielä kesken."}, by=writer, base=None)
    actions.approve(review, by=reviewer)
    assert public_of(service).summary == "Lähetetty."
    assert draft_of(service)["summary"] == "Vielä kesken."


def test_the_reviewers_own_edits_go_into_the_keepers_newer_draft_too(service, writer, reviewer):
    actions.edit(service, {"summary": "Lähetetty."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    actions.edit(service, {"description": "Jatkettu."}, by=writer, base=None)
    actions.approve(review, by=reviewer, edits={"for_whom": "Aikuisille."})
    assert (public_of(service).summary, public_of(service).for_whom) == ("Lähetetty.", "Aikuisille.")
    assert (draft_of(service)["for_whom"], draft_of(service)["description"]) == ("Aikuisille.", "Jatkettu.")


def test_approval_moves_the_date_only_if_the_keeper_said_so(service, writer, reviewer):
    sent_at = timezone.now() - datetime.timedelta(days=3)
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    actions.approve(actions.submit(service, by=writer).review, by=reviewer)
    assert public_of(service).checked_on is None
    actions.edit(service, {"summary": "Uudempi."}, by=writer, base=None)
    actions.approve(actions.submit(service, by=writer, is_checked=True, at=sent_at).review, by=reviewer)
    assert public_of(service).checked_on == timezone.localdate(sent_at)
    assert (Check.objects.get().by, Check.objects.get().how) == (writer, "keeper")


def test_what_is_sent_back_stays_the_keepers_draft(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    actions.send_back(review, by=reviewer, reason=SendBackReason.UNCLEAR, words="Kenelle?")
    review.refresh_from_db()
    assert (review.state, review.words) == (ReviewState.SENT_BACK, "Kenelle?")
    assert public_of(service).summary == "Vanha."
    assert draft_of(service)["summary"] == "Uusi."


def test_sending_again_takes_the_place_of_what_waits(service, writer):
    actions.edit(service, {"summary": "Yksi."}, by=writer, base=None)
    first = actions.submit(service, by=writer).review
    actions.edit(service, {"summary": "Kaksi."}, by=writer, base=None)
    actions.submit(service, by=writer)
    first.refresh_from_db()
    assert first.state == ReviewState.REPLACED
    assert Case.objects.open().count() == 1


def test_nobody_approves_their_own_and_nobody_decides_twice(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=reviewer, base=None)
    review = actions.submit(service, by=reviewer).review
    with pytest.raises(PermissionDenied):
        actions.approve(review, by=reviewer)
    with pytest.raises(PermissionDenied):
        actions.approve(review, by=writer)
    other = area_administrator(service.organisation.home_municipality.county, "toinen@example.org")
    actions.approve(review, by=other)
    with pytest.raises(AlreadyDecidedError):
        actions.send_back(review, by=other, reason=SendBackReason.OTHER)


def test_publishing_in_the_admin_answers_what_waits(service, writer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    administrator = User.objects.create_superuser("admin@example.org")
    public_of(service).latest_revision.publish(user=administrator)
    review.refresh_from_db()
    assert review.state == ReviewState.APPROVED
    assert not Case.objects.open().exists()


def test_what_waits_for_a_decision_is_not_closed_by_hand(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    with pytest.raises(PermissionDenied):
        actions.close_case(review.case, by=reviewer)
    assert Case.objects.open().exists()


def test_a_writer_takes_back_no_edit_of_the_organisations_own_facts(organisation, writer):
    with pytest.raises(PermissionDenied):
        actions.withdraw_submission(organisation, by=writer)
    actions.withdraw_submission(organisation, by=member(organisation, Role.DEPUTY))


# --- trust -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def trusted(organisation):
    organisation.is_trusted = True
    organisation.save()
    return organisation


def test_a_trusted_organisations_edit_is_public_at_once_and_looked_at_later(trusted, service, writer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    assert actions.submit(service, by=writer, is_checked=True).is_public
    assert public_of(service).summary == "Uusi."
    assert public_of(service).checked_on == timezone.localdate()
    assert Case.objects.open().get().kind == CaseKind.INSPECTION


@pytest.mark.parametrize("values", [{"title": "Toinen nimi"}, {"contact_ways": [PHONE]}])
def test_a_risky_change_waits_also_of_a_trusted_one(trusted, service, writer, values):
    actions.edit(service, values, by=writer, base=None)
    assert not actions.submit(service, by=writer).is_public
    assert public_of(service).title == service.title


def test_the_address_of_a_shelter_waits_also_of_a_trusted_one(trusted, writer):
    shelter = ServiceFactory(organisation=trusted, how_to_join="Soita.", places=[PlaceFactory(is_secret=True)])
    open_place = PlaceFactory()
    actions.edit(shelter, {"service_places": [{"pk": None, "place": open_place.pk}]}, by=writer, base=None)
    assert not actions.submit(shelter, by=writer).is_public


def test_trust_is_no_matter_of_drafts(trusted):
    old = trusted.save_revision()
    trusted.is_trusted = False
    trusted.save()
    old.publish()
    trusted.refresh_from_db()
    assert not trusted.is_trusted


# --- at once ---------------------------------------------------------------------------------------------------------
def test_a_notice_is_public_at_once_and_survives_the_approval_of_what_waits(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    actions.edit(service, {"for_whom": "Kesken."}, by=writer, base=None)
    actions.change_at_once(service, {"notice": "Suljettu viikolla 30.", "notice_until": "2027-01-01"}, by=writer)
    public = public_of(service)
    assert (public.notice, public.summary, public.for_whom) == ("Suljettu viikolla 30.", "Vanha.", "")
    assert (draft_of(service)["notice"], draft_of(service)["for_whom"]) == ("Suljettu viikolla 30.", "Kesken.")
    actions.approve(review, by=reviewer)
    assert (public_of(service).notice, public_of(service).summary) == ("Suljettu viikolla 30.", "Uusi.")


def test_a_closing_set_at_once_leaves_the_closings_that_a_draft_has_added(service, writer):
    def closed(day):
        return {"pk": None, "date_from": day, "date_to": day, "is_closed": True}

    actions.edit(service, {"opening_exceptions": [closed("2027-12-24")]}, by=writer, base=None)
    actions.change_at_once(service, {"opening_exceptions": [closed("2027-06-23")]}, by=writer)
    assert [str(row.date_from) for row in public_of(service).opening_exceptions.all()] == ["2027-06-23"]
    assert [row["date_from"] for row in draft_of(service)["opening_exceptions"]] == ["2027-12-24", "2027-06-23"]


def test_nothing_else_is_changed_at_once(service, writer):
    with pytest.raises(ValueError, match="at once"):
        actions.change_at_once(service, {"summary": "x"}, by=writer)


# --- languages -------------------------------------------------------------------------------------------------------
def test_facts_follow_into_every_language_and_texts_do_not(service, writer, reviewer):
    swedish = translation_of(service, "sv", title="På svenska", summary="Gammal.")
    actions.edit(service, {"summary": "Uusi.", "age_min": 18, "contact_ways": [PHONE]}, by=writer, base=None)
    actions.approve(actions.submit(service, by=writer).review, by=reviewer)
    swedish.refresh_from_db()
    assert (swedish.title, swedish.summary, swedish.age_min) == ("På svenska", "Gammal.", 18)
    assert [way.value for way in swedish.contact_ways.all()] == ["012 345 6789"]


def test_a_waiting_draft_of_another_language_follows_and_keeps_its_own_changes(service, writer, reviewer):
    swedish = translation_of(service, "sv", title="På svenska", how_to_join="Kom med.")
    actions.edit(swedish, {"summary": "Ny.", "grouping": "group"}, by=writer, base=None)
    review = actions.submit(swedish, by=writer).review
    actions.change_at_once(service, {"capacity": "full", "capacity_until": "2027-01-01"}, by=writer)
    assert public_of(swedish).capacity == "full"
    actions.approve(review, by=reviewer)
    for row in (public_of(swedish), public_of(service)):
        assert (row.capacity, row.grouping) == ("full", "group")


def test_a_part_keeps_its_words_in_its_own_language(organisation, writer):
    service = ServiceFactory(
        organisation=organisation, contact_ways=[{"kind": "phone", "value": "1", "label": "Neuvonta"}]
    )
    swedish = translation_of(service, "sv", contact_ways=[{"kind": "phone", "value": "1", "label": "Rådgivning"}])
    service.refresh_from_db()
    actions.change_at_once(service, {"notice": "Huomio."}, by=writer)
    assert public_of(swedish).contact_ways.get().label == "Rådgivning"


def test_publishing_a_language_shows_no_hidden_service(service):
    Service.objects.filter(pk=service.pk).update(is_hidden=True)
    translation_of(service, "sv")
    assert public_of(service).is_hidden


def test_a_new_language_begins_with_the_facts_and_without_texts(writer, organisation):
    service = ServiceFactory(organisation=organisation, for_whom="Kaikille.", age_max=30, stages=["1"])
    locale("sv")
    swedish = actions.begin_translation(service, by=writer, language="sv")
    assert (swedish.for_whom, swedish.age_max, swedish.stages, swedish.live) == ("", 30, ["1"], False)
    assert actions.begin_translation(service, by=writer, language="sv").pk == swedish.pk


# --- checks and endings ----------------------------------------------------------------------------------------------
def test_every_check_is_kept_and_an_older_one_moves_no_date_back(service, writer):
    now = timezone.now()
    actions.confirm_service(service, by=writer, how="keeper", at=now)
    actions.confirm_service(service, by=writer, how="call", at=now - datetime.timedelta(days=10))
    assert public_of(service).checked_on == timezone.localdate(now)
    assert Check.objects.count() == 2


def test_a_check_needs_somebody(service):
    with pytest.raises(PermissionDenied):
        actions.confirm_service(service, by=None, by_name=" ", how="keeper")
    actions.confirm_service(service, by=None, by_name="Toimiston Liisa", how="keeper")
    assert public_of(service).checked_on == timezone.localdate()


def test_an_ended_service_leaves_in_every_language_and_can_be_brought_back(service, organisation):
    owner = member(organisation, Role.OWNER)
    translation_of(service, "sv")
    actions.end_service(service, by=owner)
    assert not Service.objects.public().exists()
    # No draft brings it back.
    public_of(service).latest_revision.publish()
    assert not Service.objects.public().filter(pk=service.pk).exists()
    actions.resume_service(service, by=owner)
    assert Service.objects.public().count() == 2


def test_the_log_tells_who_did_what(service, writer, reviewer):
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    actions.approve(actions.submit(service, by=writer).review, by=reviewer)
    told = ModelLogEntry.objects.filter(object_id=str(service.pk)).values_list("action", "user")
    assert {("directory.submit", writer.pk), ("directory.approve", reviewer.pk)} <= set(told)
