"""The service: what the public may see of it and why not, in which language, and what lapses by itself."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.actions import publish_service, save_draft
from directory.choices import Audience, Capacity, Kind
from directory.models import Organisation, Service
from directory.models.organisation import validate_business_id
from tests.factories.directory import (
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    locale,
    translation_of,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def is_public(service: Service) -> bool:
    return Service.objects.public().filter(pk=service.pk).exists()


# --- who may see it --------------------------------------------------------------------------------------------------
def test_a_published_service_is_public():
    assert is_public(ServiceFactory())


def test_a_draft_is_not():
    assert not is_public(ServiceFactory(live=False))


def test_an_unpublished_one_is_not():
    service = ServiceFactory()
    service.unpublish()
    assert not is_public(service)


def test_a_draft_of_a_published_one_changes_nothing():
    service = ServiceFactory(title="Ennen")
    service.title = "Jälkeen"
    save_draft(service)
    assert Service.objects.public().get(pk=service.pk).title == "Ennen"


def test_a_hidden_one_is_not():
    assert not is_public(ServiceFactory(is_hidden=True))


def test_hiding_one_language_hides_all():
    finnish = ServiceFactory(is_hidden=True)
    assert not is_public(translation_of(finnish, "sv"))


def test_hiding_one_service_hides_no_other():
    ServiceFactory(is_hidden=True)
    assert is_public(ServiceFactory())


def test_a_withdrawn_one_is_not():
    assert not is_public(ServiceFactory(withdrawn_on=timezone.localdate()))


def test_what_is_withdrawn_in_one_language_stays_in_the_other():
    finnish = ServiceFactory(withdrawn_on=timezone.localdate())
    assert is_public(translation_of(finnish, "sv"))


def test_one_of_a_hidden_organisation_is_not():
    assert not is_public(ServiceFactory(organisation=OrganisationFactory(is_hidden=True)))


def test_one_of_a_draft_organisation_is_not():
    assert not is_public(ServiceFactory(organisation=OrganisationFactory(live=False)))


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (1, True)])
@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.COURSE])
def test_an_event_leaves_by_itself(kind: str, days: int, expected: bool):
    assert is_public(ServiceFactory(kind=kind, ends_at=timezone.now() + days * DAY)) is expected


def test_the_clock_is_an_argument():
    end = timezone.now() + DAY
    service = ServiceFactory(kind=Kind.EVENT, ends_at=end)
    assert service in Service.objects.public(at=end - DAY / 2)
    assert service not in Service.objects.public(at=end + DAY / 2)


@pytest.mark.parametrize(("values", "expected"), [({}, True), ({"live": False}, False), ({"is_hidden": True}, False)])
def test_an_organisation_is_public_in_both_ways_alike(values: dict, expected: bool):
    organisation = OrganisationFactory(**values)
    assert organisation.is_public is expected
    assert Organisation.objects.public().filter(pk=organisation.pk).exists() is expected


# --- one row for a reader --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written_in", "reader", "expected"),
    [
        (("fi", "sv", "en"), "sv", "sv"),
        (("fi", "sv", "en"), "fi-simple", "fi"),
        (("fi", "fi-simple"), "fi-simple", "fi-simple"),
        (("fi", "sv"), "en", "fi"),
        (("sv", "en"), "fi", "sv"),
        (("en",), "sv", "en"),
        (("sv", "en"), "fi-simple", "sv"),
        (("fi", "en"), "xx", "fi"),
    ],
)
def test_best_for(written_in: tuple[str, ...], reader: str, expected: str):
    first = ServiceFactory(language=written_in[0])
    for code in written_in[1:]:
        translation_of(first, code)
    ServiceFactory()  # another service does not disturb
    rows = Service.objects.public().of_keys([first.uuid]).best_for(reader)
    assert [row.language for row in rows] == [expected]


def test_best_for_gives_each_service_once():
    services = [ServiceFactory() for _ in range(3)]
    for service in services:
        translation_of(service, "sv")
    assert Service.objects.public().best_for("sv").count() == 3


def test_best_for_does_not_choose_what_is_not_public():
    finnish = ServiceFactory()
    translation_of(finnish, "sv", live=False)
    assert [row.language for row in Service.objects.public().best_for("sv")] == ["fi"]


# --- what lapses -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "expected"), [(-1, Capacity.UNKNOWN), (0, Capacity.TAKING_PEOPLE), (1, "taking_people")]
)
def test_capacity_lapses(days: int, expected: str):
    service = ServiceFactory(capacity=Capacity.TAKING_PEOPLE, capacity_until=timezone.localdate() + days * DAY)
    assert service.current_capacity == expected


def test_capacity_without_a_day_holds():
    assert ServiceFactory(capacity=Capacity.FULL).current_capacity == Capacity.FULL


@pytest.mark.parametrize(("days", "expected"), [(-1, ""), (0, "Remontti"), (1, "Remontti")])
def test_a_notice_lapses(days: int, expected: str):
    service = ServiceFactory(notice="Remontti", notice_until=timezone.localdate() + days * DAY)
    assert service.current_notice == expected


# --- rules of one row ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"age_min": 30, "age_max": 18}, "age_max"),
        ({"kind": Kind.EVENT}, "ends_at"),
        ({"kind": Kind.COURSE}, "ends_at"),
        ({"starts_at": timezone.now(), "ends_at": timezone.now() - DAY}, "ends_at"),
        ({"summary": "x" * 151}, "summary"),
        ({"summary": ""}, "summary"),
        ({"title": ""}, "title"),
        ({"kind": "rumour"}, "kind"),
        ({"stages": ["6"]}, "stages"),
        ({"channels": ["telepathy"]}, "channels"),
    ],
)
def test_what_cannot_be_right_is_refused(values: dict, field: str):
    with pytest.raises(ValidationError) as error:
        ServiceFactory(**values)
    assert field in error.value.message_dict


def test_the_database_refuses_ages_in_the_wrong_order():
    service = ServiceFactory(age_min=18, age_max=30)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(age_min=31)


def test_one_source_id_once_in_a_language():
    values = {"source": "ptv", "source_id": "a-1"}
    first = ServiceFactory(**values)
    translation_of(first, "sv", **values)
    with pytest.raises(ValidationError):
        ServiceFactory(**values)


@pytest.mark.parametrize("right", ["0737546-2", "1572860-0"])
def test_business_id(right: str):
    validate_business_id(right)


@pytest.mark.parametrize("wrong", ["0737546-3", "123", "1234567-1x", "abcdefg-h"])
def test_wrong_business_id(wrong: str):
    with pytest.raises(ValidationError):
        validate_business_id(wrong)


# --- address of the page ---------------------------------------------------------------------------------------------
def test_the_slug_is_made_of_the_title():
    assert ServiceFactory(title="Äijäkahvila Ölökki").slug == "aijakahvila-olokki"


def test_a_title_without_letters_has_a_slug():
    assert ServiceFactory(title="★★★").slug == "palvelu"


def test_the_same_title_gets_another_slug():
    assert [ServiceFactory(title="Kahvila").slug for _ in range(3)] == ["kahvila", "kahvila-2", "kahvila-3"]


def test_two_services_cannot_share_an_address_even_in_two_languages():
    first = ServiceFactory(slug="kahvila")
    with pytest.raises(ValidationError):
        ServiceFactory(slug="kahvila", language="sv")
    assert translation_of(first, "en").slug == "kahvila"


def test_the_uuid_is_one_for_all_languages():
    key = uuid.uuid4()
    finnish = ServiceFactory(translation_key=key)
    assert translation_of(finnish, "sv").uuid == finnish.uuid == key


# --- parts -----------------------------------------------------------------------------------------------------------
def test_parts_are_saved_and_published():
    service = ServiceFactory(
        places=[PlaceFactory()],
        contact_ways=[{"kind": "phone", "value": "012"}, {"kind": "email", "value": "a@example.org"}],
    )
    saved = Service.objects.get(pk=service.pk)
    assert [way.value for way in saved.contact_ways.all()] == ["012", "a@example.org"]
    assert saved.service_places.count() == 1


def test_a_draft_keeps_the_public_parts():
    service = ServiceFactory(contact_ways=[{"kind": "phone", "value": "012"}])
    service.contact_ways = []
    save_draft(service)
    assert Service.objects.get(pk=service.pk).contact_ways.count() == 1
    publish_service(service)
    assert Service.objects.get(pk=service.pk).contact_ways.count() == 0


def test_ways_for_workers_are_not_public():
    ways = [
        {"kind": "phone", "value": "012", "audience": Audience.PUBLIC},
        {"kind": "phone", "value": "345", "audience": Audience.WORKERS},
    ]
    assert [way.value for way in ServiceFactory(contact_ways=ways).public_contact_ways] == ["012"]


def test_of_a_secret_place_only_its_accessibility_is_told():
    place = PlaceFactory(
        is_secret=True,
        accessibility=["step_free"],
        how_to_get_there={"fi": "Sillan alta"},
        accessibility_note={"fi": "Punainen ovi"},
    ).public()
    assert place.accessibility == ["step_free"]
    told = {name: getattr(place, name) for name in place.__dataclass_fields__}
    for name in ("is_secret", "accessibility", "accessibility_labels"):
        del told[name]
    assert not any(told.values())
    assert not place.has_point


def test_an_open_place_is_told():
    place = PlaceFactory().public()
    assert (place.street, place.has_point, place.is_secret) == ("Koivukatu 1", True, False)


def test_a_service_in_another_language_needs_its_locale():
    assert ServiceFactory(language="sv").locale == locale("sv")
