"""Automatic evidence: what a machine can see of a number, an ID, an address, a link. Never a check."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory import findings
from directory.choices import FindingKind
from directory.evidence import is_business_id_wrong, is_phone_wrong
from directory.models import Check, Finding, Service
from portal.base.links import Look, Problem
from portal.content.links import check_links
from portal.post.models import BouncedAddress
from tests.factories.directory import OrganisationFactory, ServiceFactory

DAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    "written",
    [
        "012 345 6789",
        "09-1234 567",
        "+358 40 123 4567",
        "00358401234567",
        "(017) 123 456",
        "116 117",
        "112",
        "020202",
        "0800 1234",
        "10024",
        "+46 8 123 456 78",
    ],
)
def test_numbers_as_people_write_them_pass(written: str):
    assert not is_phone_wrong(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "12",
        "puhelin",
        "040 123",
        "+358 0 40 123 4567",
        "+358 (0)40 1234567",
        "040 123 456 789 012",
        "040-123456x",
        "toimisto@example.org",
        "040 1234567 / 050 7654321 ark. 9-15",
    ],
)
def test_what_cannot_be_dialled_is_told(written: str):
    assert is_phone_wrong(written)


@given(st.text())
def test_any_text_is_judged(written: str):
    assert is_phone_wrong(written) in (True, False)
    assert is_business_id_wrong(written) in (True, False)


@pytest.mark.django_db
class TestGathering:
    def test_each_wrong_thing_once_until_it_is_mended(self):
        organisation = OrganisationFactory(phone="soita meille", email="Posti@example.org")
        type(organisation).objects.filter(pk=organisation.pk).update(business_id="1234567-8")
        ways = [{"kind": "phone", "value": "+358 0 40 1"}, {"kind": "phone", "value": "017 123 456"}]
        service = ServiceFactory(organisation=organisation, contact_ways=ways)
        BouncedAddress.objects.create(email="posti@example.org", bounced_at=timezone.now())
        at = timezone.make_aware(datetime.datetime(2026, 11, 23, 6))
        for moment in (at, at + datetime.timedelta(days=1)):
            findings.refresh(moment)
            assert {(each.kind, each.what, each.found_on) for each in Finding.objects.filter(key=service.uuid)} == {
                (FindingKind.PHONE_SHAPE, "soita meille", DAY),
                (FindingKind.PHONE_SHAPE, "+358 0 40 1", DAY),
                (FindingKind.BUSINESS_ID, "1234567-8", DAY),
                (FindingKind.MAIL_BOUNCES, "Posti@example.org", DAY),
            }
        type(organisation).objects.filter(pk=organisation.pk).update(phone="", email="", business_id="")
        service.contact_ways.all().delete()
        findings.refresh(at)
        assert not Finding.objects.exists()

    def test_a_dead_link_reaches_the_keeper_and_an_unsure_one_does_not(self):
        organisation = OrganisationFactory(website="https://talo.example.org/")
        service = ServiceFactory(
            organisation=organisation,
            links=[
                {"label": "Poissa", "url": "https://poissa.example.org/"},
                {"label": "Epävarma", "url": "https://hiljaa.example.org/"},
            ],
        )
        other = ServiceFactory(organisation=organisation)
        unsure = {"https://hiljaa.example.org/": Problem.MACHINES_REFUSED}
        check_links(look=lambda url: Look(url, unsure.get(url, Problem.NOT_FOUND)), pause=lambda seconds: None)
        assert set(Finding.objects.values_list("key", "what")) == {
            (service.uuid, "https://poissa.example.org/"),
            (service.uuid, "https://talo.example.org/"),
            (other.uuid, "https://talo.example.org/"),
        }

    def test_no_finding_is_a_check(self):
        service = ServiceFactory(contact_ways=[{"kind": "phone", "value": "x"}])
        findings.refresh()
        assert Finding.objects.exists()
        assert Service.objects.get(pk=service.pk).checked_on is None
        assert not Check.objects.exists()
