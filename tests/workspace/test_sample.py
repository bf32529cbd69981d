"""The sample people's organisations: something to see on every page, made once."""

import pytest
from django.test import override_settings

from directory.choices import CaseKind, ClaimState, ReviewState, Role
from directory.models import AreaRole, Case, Claim, Invitation, Membership, Review, Service
from portal.accounts.development import ensure_people
from portal.workspace.sample import KEPT, ensure_sample_keepers


@pytest.fixture
def debug(site: None):
    with override_settings(DEBUG=True):
        ensure_people()
        yield


def test_every_page_has_something_to_show(debug: None):
    assert ensure_sample_keepers()
    team = Membership.objects.filter(organisation__slug=KEPT)
    assert set(team.values_list("role", flat=True)) == set(Role.values)
    assert AreaRole.objects.get().user.email == "alue@example.org"
    assert Claim.objects.get(state=ClaimState.WAITING).user.email == "uusi@example.org"
    assert set(Review.objects.values_list("state", flat=True)) == {ReviewState.WAITING, ReviewState.SENT_BACK}
    kinds = set(Case.objects.open().values_list("kind", flat=True))
    assert kinds == {CaseKind.CLAIM, CaseKind.REVIEW, CaseKind.REPORT}
    services = Service.objects.filter(organisation__slug=KEPT, locale__language_code="fi")
    assert services.filter(owner__isnull=False, deputy__isnull=False).exists()
    assert services.filter(owner=None).exists()
    assert len({service.freshness() for service in services.filter(live=True)}) > 1
    assert Invitation.objects.open().exists()


def test_a_second_run_makes_nothing(debug: None):
    ensure_sample_keepers()
    before = (Membership.objects.count(), Case.objects.count(), Service.objects.count(), Claim.objects.count())
    assert not ensure_sample_keepers()
    assert (Membership.objects.count(), Case.objects.count(), Service.objects.count(), Claim.objects.count()) == before


def test_outside_debug_mode_nothing_is_made(site: None):
    assert not ensure_sample_keepers()
    assert not Membership.objects.exists()
