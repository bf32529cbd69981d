"""The verbs: only a check moves the check date, and nothing loses it; reports change nothing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory.actions import confirm_service, publish_service, report_mistake, save_draft
from directory.choices import CheckedHow
from directory.models import FactReport, Service
from portal.accounts.models import User
from tests.factories.directory import ServiceFactory, translation_of

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.date(2025, 1, 2)
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def person() -> User:
    return User.objects.create_user("helmi@example.org")


def checked_on(service: Service) -> datetime.date | None:
    return Service.objects.get(pk=service.pk).checked_on


def confirm(service: Service, person: User) -> Service:
    return confirm_service(service, by=person, how=CheckedHow.CALL, at=NOW)


# --- confirm ---------------------------------------------------------------------------------------------------------
def test_a_check_moves_the_date_and_tells_who_and_how(person: User):
    service = ServiceFactory(checked_on=LONG_AGO)
    confirm(service, person)
    saved = Service.objects.get(pk=service.pk)
    assert (saved.checked_on, saved.checked_by, saved.checked_how) == (TODAY, person, CheckedHow.CALL)
    assert (service.checked_on, service.checked_by, service.checked_how) == (TODAY, person, CheckedHow.CALL)


def test_the_day_is_the_day_in_finland(person: User):
    service = confirm_service(
        ServiceFactory(), by=person, how="call", at=datetime.datetime(2026, 11, 22, 23, tzinfo=datetime.UTC)
    )
    assert checked_on(service) == datetime.date(2026, 11, 23)


def test_a_check_holds_in_all_languages_and_for_no_other_service(person: User):
    service, other = ServiceFactory(), ServiceFactory()
    swedish = translation_of(service, "sv")
    confirm(service, person)
    assert checked_on(swedish) == TODAY
    assert checked_on(other) is None


def test_a_waiting_draft_does_not_bring_the_old_date_back(person: User):
    service = ServiceFactory(checked_on=LONG_AGO)
    service.title = "Uusi nimi"
    draft = save_draft(service).latest_revision
    confirm(Service.objects.get(pk=service.pk), person)
    draft = type(draft).objects.get(pk=draft.pk)
    assert draft.as_object().checked_on == TODAY
    draft.publish()
    saved = Service.objects.get(pk=service.pk)
    assert (saved.title, saved.checked_on, saved.checked_by) == ("Uusi nimi", TODAY, person)


def test_going_back_to_an_old_revision_keeps_the_date(person: User):
    service = ServiceFactory(checked_on=LONG_AGO, title="Ensin")
    first = service.latest_revision
    service.title = "Sitten"
    publish_service(service)
    confirm(service, person)
    type(first).objects.get(pk=first.pk).publish()
    saved = Service.objects.get(pk=service.pk)
    assert (saved.title, saved.checked_on) == ("Ensin", TODAY)


def test_a_form_opened_before_the_check_does_not_undo_it(person: User):
    stale = ServiceFactory(checked_on=LONG_AGO)
    confirm(Service.objects.get(pk=stale.pk), person)
    stale.title = "Uusi nimi"
    publish_service(stale)
    assert checked_on(stale) == TODAY


def test_a_check_is_logged(person: User):
    service = confirm(ServiceFactory(), person)
    entry = ModelLogEntry.objects.get(action="directory.confirm")
    assert (entry.user, entry.object_id) == (person, str(service.pk))
    assert entry.data == {"on": "2026-11-22", "how": "call"}


def test_a_check_tells_the_rooms_above(person: User):
    from directory.signals import services_changed

    told = []
    service = ServiceFactory()
    services_changed.connect(receiver := lambda sender, keys, **kwargs: told.extend(keys))
    try:
        confirm(service, person)
    finally:
        services_changed.disconnect(receiver)
    assert told == [service.uuid]


def test_nobody_cannot_check():
    service = ServiceFactory()
    with pytest.raises(PermissionDenied):
        confirm_service(service, by=None, how="call")
    assert checked_on(service) is None


def test_a_closed_account_cannot_check(person: User):
    person.is_active = False
    with pytest.raises(PermissionDenied):
        confirm(ServiceFactory(), person)


def test_a_check_has_a_known_way(person: User):
    service = ServiceFactory()
    with pytest.raises(ValueError, match="how"):
        confirm_service(service, by=person, how="guess")
    assert checked_on(service) is None


# --- what is no check ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("write", [publish_service, save_draft])
def test_an_edit_is_no_check(write):
    service = ServiceFactory(checked_on=LONG_AGO)
    service.title = "Uusi nimi"
    service.checked_on = timezone.localdate()
    write(service)
    assert checked_on(service) == LONG_AGO
    service.latest_revision.publish()
    assert checked_on(service) == LONG_AGO


def test_a_new_service_is_unchecked():
    assert checked_on(ServiceFactory()) is None


def test_publishing_checks_the_values():
    service = ServiceFactory()
    service.summary = ""
    with pytest.raises(ValidationError):
        publish_service(service)
    assert Service.objects.get(pk=service.pk).summary


# --- reports ---------------------------------------------------------------------------------------------------------
def test_a_report_is_taken_down_and_changes_nothing():
    service = ServiceFactory()
    before = Service.objects.values().get(pk=service.pk)
    report_mistake(service, message="  Numero ei vastaa. ", email="")
    report = FactReport.objects.get()
    assert (report.message, report.email, report.handled_at) == ("Numero ei vastaa.", "", None)
    assert Service.objects.values().get(pk=service.pk) == before


@pytest.mark.parametrize("values", [{"message": "  "}, {"message": "x", "email": "no"}])
def test_a_report_that_says_nothing_is_refused(values: dict):
    with pytest.raises(ValidationError):
        report_mistake(ServiceFactory(), **values)
