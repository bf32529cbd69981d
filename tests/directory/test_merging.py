"""Two become one: what is kept, what moves, where old addresses lead, and who may."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from directory import actions, shortlist
from directory.actions import CannotMergeError
from directory.choices import CaseKind, Role
from directory.models import Campaign, CampaignService, Case, Check, Merged, Organisation, Service
from portal.accounts.models import User
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    area_administrator,
    member,
    translation_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    HomePageFactory()
    return User.objects.create_superuser("chief@example.org")


def page_of(thing: Service | Organisation) -> str:
    with translation.override("fi"):
        return thing.get_absolute_url()


# --- services --------------------------------------------------------------------------------------------------------
def test_the_chosen_fields_are_taken_and_the_rest_stays(chief: User):
    keep = ServiceFactory(title="Ruoka-apu", how_to_join="Tule paikalle.", charge="free")
    drop = ServiceFactory(
        title="Ruoka-apua",
        how_to_join="Soita ensin.",
        for_whom="Kaikille.",
        charge="varies",
        contact_ways=[{"kind": "phone", "value": "012 345 6789"}],
    )
    sv = translation_of(keep, "sv", title="Mathjälp", charge="free")
    actions.merge_services(keep, drop, values={"fi": ["how_to_join", "charge", "contact_ways"]}, by=chief)
    kept = Service.objects.get(pk=keep.pk)
    assert (kept.title, kept.how_to_join, kept.for_whom, kept.charge) == ("Ruoka-apu", "Soita ensin.", "", "varies")
    assert [way.value for way in kept.contact_ways.all()] == ["012 345 6789"]
    assert kept.live
    # A fact holds in every language.
    assert Service.objects.get(pk=sv.pk).charge == "varies"
    # Nothing is deleted.
    dropped = Service.objects.get(pk=drop.pk)
    assert (dropped.title, dropped.withdrawn_on) == ("Ruoka-apua", timezone.localdate())
    assert [way.value for way in dropped.contact_ways.all()] == ["012 345 6789"]
    entry = ModelLogEntry.objects.get(action="directory.merge")
    assert (entry.user, entry.object_id, entry.data["from"]) == (chief, str(keep.pk), str(drop.uuid))


def test_no_check_is_made_or_moved(chief: User):
    keep, drop = ServiceFactory(), ServiceFactory()
    actions.confirm_service(drop, by=chief, how="call")
    actions.merge_services(keep, drop, values={"fi": ["title"]}, by=chief)
    assert Service.objects.get(pk=keep.pk).checked_on is None
    assert Check.objects.get().key == drop.uuid


def test_a_language_that_only_the_dropped_one_has_is_taken_along(chief: User):
    keep, drop = ServiceFactory(title="Apu"), ServiceFactory(title="Apua")
    translation_of(drop, "sv", title="Hjälp", summary="Hjälp för alla.")
    actions.merge_services(keep, drop, values={"sv": ["title", "summary"]}, by=chief)
    row = Service.objects.get(translation_key=keep.uuid, locale__language_code="sv")
    assert (row.title, row.summary, row.live, row.organisation) == ("Hjälp", "Hjälp för alla.", True, keep.organisation)


def test_a_newer_draft_of_the_kept_one_is_not_lost(chief: User):
    keep, drop = ServiceFactory(), ServiceFactory(how_to_join="Soita.")
    actions.edit(keep, {"description": "Kesken."}, by=chief, base=None)
    actions.merge_services(Service.objects.get(pk=keep.pk), drop, values={"fi": ["how_to_join"]}, by=chief)
    kept = Service.objects.get(pk=keep.pk)
    draft = kept.latest_revision.as_object()
    assert (kept.description, kept.how_to_join) == ("", "Soita.")
    assert (draft.description, draft.how_to_join) == ("Kesken.", "Soita.")


def test_reports_open_questions_and_campaigns_move(chief: User):
    keep, drop = ServiceFactory(), ServiceFactory()
    report = actions.report_mistake(drop, message="Numero on väärä.")
    actions.open_case(CaseKind.NO_ANSWER, organisation=drop.organisation, key=drop.uuid)
    campaigns = [Campaign.objects.create(title=title, due_on=timezone.localdate()) for title in "ab"]
    for campaign in campaigns:
        CampaignService.objects.create(campaign=campaign, key=drop.uuid)
    CampaignService.objects.create(campaign=campaigns[0], key=keep.uuid)
    actions.merge_services(keep, drop, values={}, by=chief)
    report.refresh_from_db()
    assert report.service == keep
    open_case = Case.objects.open().get()
    assert (open_case.kind, open_case.key, open_case.organisation) == (CaseKind.REPORT, keep.uuid, keep.organisation)
    assert sorted(CampaignService.objects.values_list("campaign__title", "key")) == [
        ("a", keep.uuid),
        ("b", keep.uuid),
    ]


def test_the_old_address_and_collected_lists_lead_to_the_kept_one(client: Client, chief: User):
    first, drop, keep = ServiceFactory(), ServiceFactory(), ServiceFactory()
    actions.merge_services(drop, first, values={}, by=chief)
    actions.merge_services(keep, drop, values={}, by=chief)
    for old in (first, drop):
        assert client.get(page_of(old)).url == page_of(keep)
    client.cookies["list"] = shortlist.pack([first.uuid, keep.uuid])
    response = client.get(reverse("directory:my_list"))
    assert [each.uuid for each in response.context["services"]] == [keep.uuid]
    assert shortlist.unpack(client.cookies["list"].value) == [keep.uuid]


def test_what_was_merged_can_be_brought_back(client: Client, chief: User):
    keep, drop = ServiceFactory(title="Apu"), ServiceFactory(title="Apua")
    before = keep.live_revision_id
    actions.merge_services(keep, drop, values={"fi": ["title"]}, by=chief)
    actions.resume_service(drop, by=chief)
    actions.restore_public(Service.objects.get(pk=keep.pk), before, by=chief)
    assert client.get(page_of(drop)).status_code == 200
    assert Service.objects.get(pk=keep.pk).title == "Apu"
    client.cookies["list"] = shortlist.pack([drop.uuid])
    assert [each.uuid for each in client.get(reverse("directory:my_list")).context["services"]] == [drop.uuid]


def test_not_while_an_edit_waits(chief: User):
    organisation = OrganisationFactory()
    keep, drop = (ServiceFactory(organisation=organisation, how_to_join="Soita.") for _ in range(2))
    keeper = member(organisation, Role.OWNER)
    actions.edit(drop, {"title": "Uusi"}, by=keeper, base=None)
    actions.submit(Service.objects.get(pk=drop.pk), by=keeper)
    with pytest.raises(CannotMergeError):
        actions.merge_services(keep, drop, values={}, by=chief)
    assert Service.objects.get(pk=drop.pk).withdrawn_on is None


def test_only_for_those_who_administer_both():
    towns = [
        MunicipalityFactory(code="297", county=CountyFactory(code="11")),
        MunicipalityFactory(code="837", county=CountyFactory(code="06")),
    ]
    keep, drop = (ServiceFactory(organisation=OrganisationFactory(home_municipality=town)) for town in towns)
    by = area_administrator(towns[0].county)
    for one, other in ((keep, drop), (drop, keep)):
        with pytest.raises(PermissionDenied):
            actions.merge_services(one, other, values={}, by=by)
    with pytest.raises(PermissionDenied):
        actions.merge_services(keep, drop, values={}, by=member(keep.organisation, Role.OWNER))
    assert not Merged.objects.exists()


@pytest.mark.parametrize("name", ["owner", "organisation", "slug", "live", "raw", "checked_on"])
def test_what_is_no_keepers_cannot_be_taken(chief: User, name: str):
    with pytest.raises(ValueError, match=name):
        actions.merge_services(ServiceFactory(), ServiceFactory(), values={"fi": [name]}, by=chief)


# --- organisations ---------------------------------------------------------------------------------------------------
def test_services_people_places_and_questions_move(client: Client, chief: User):
    keep = OrganisationFactory(names={"fi": "Apu ry"}, phone="")
    drop = OrganisationFactory(names={"fi": "Apu"}, phone="012 345 6789", business_id="1234567-1")
    service = ServiceFactory(organisation=drop)
    together = ServiceFactory(partners=[drop, OrganisationFactory()])
    place = PlaceFactory(organisation=drop)
    writer, both = member(drop, Role.WRITER), member(drop, Role.OWNER, "molemmissa@example.org")
    keep.memberships.create(user=both, role=Role.WRITER)
    case = actions.open_case(CaseKind.ORPHAN, organisation=drop, key=service.uuid)
    actions.merge_organisations(keep, drop, values=["phone", "business_id"], by=chief)
    keep.refresh_from_db()
    assert (str(keep), keep.phone, keep.business_id) == ("Apu ry", "012 345 6789", "1234567-1")
    service = Service.objects.get(pk=service.pk)
    assert service.organisation == keep
    assert service.latest_revision.as_object().organisation == keep
    together = Service.objects.get(pk=together.pk)
    assert keep in together.partners.all()
    assert drop not in together.partners.all()
    assert keep in together.latest_revision.as_object().partners.all()
    assert {(each.user, each.role) for each in keep.memberships.all()} == {(writer, "writer"), (both, "owner")}
    assert not drop.memberships.exists()
    place.refresh_from_db()
    case.refresh_from_db()
    assert (place.organisation, case.organisation) == (keep, keep)
    drop.refresh_from_db()
    assert drop.is_hidden
    assert client.get(page_of(drop)).url == page_of(keep)
    assert ModelLogEntry.objects.get(action="directory.merge").data["moved"]["services"] == 1


def test_a_dropped_organisation_leads_nowhere_when_the_kept_one_is_hidden(client: Client, chief: User):
    keep, drop = OrganisationFactory(), OrganisationFactory()
    actions.merge_organisations(keep, drop, values=[], by=chief)
    Organisation.objects.filter(pk=keep.pk).update(is_hidden=True)
    assert client.get(page_of(drop)).status_code == 404


def test_an_organisation_is_not_merged_twice_or_with_itself(chief: User):
    keep, drop = OrganisationFactory(), OrganisationFactory()
    actions.merge_organisations(keep, drop, values=[], by=chief)
    with pytest.raises(CannotMergeError):
        actions.merge_organisations(keep, drop, values=[], by=chief)
    with pytest.raises(ValueError, match="itself"):
        actions.merge_organisations(keep, keep, values=[], by=chief)
    with pytest.raises(ValueError, match="is_trusted"):
        actions.merge_organisations(keep, OrganisationFactory(), values=["is_trusted"], by=chief)


# --- trust -----------------------------------------------------------------------------------------------------------
def test_trust_is_given_by_the_central_people_and_logged(chief: User):
    town = MunicipalityFactory()
    organisation = OrganisationFactory(home_municipality=town)
    with pytest.raises(PermissionDenied):
        actions.trust_organisation(organisation, trusted=True, by=area_administrator(town.county))
    for _ in range(2):
        actions.trust_organisation(organisation, trusted=True, by=chief)
    organisation.refresh_from_db()
    assert organisation.is_trusted
    assert ModelLogEntry.objects.get(action="directory.trust").data == {"trusted": True}


def test_the_former_version_comes_back_and_a_newer_draft_stays(chief: User):
    organisation = OrganisationFactory()
    keeper = member(organisation, Role.OWNER)
    service = ServiceFactory(organisation=organisation, description="Ennen.", how_to_join="Soita.")
    former = service.live_revision_id
    actions.trust_organisation(organisation, trusted=True, by=chief)
    actions.edit(service, {"description": "Jälkeen."}, by=keeper, base=None)
    assert actions.submit(Service.objects.get(pk=service.pk), by=keeper).is_public
    actions.edit(Service.objects.get(pk=service.pk), {"for_whom": "Kesken."}, by=keeper, base=None)
    actions.restore_public(Service.objects.get(pk=service.pk), former, by=chief)
    service = Service.objects.get(pk=service.pk)
    assert (service.description, service.for_whom) == ("Ennen.", "")
    assert service.latest_revision.content["for_whom"] == "Kesken."
