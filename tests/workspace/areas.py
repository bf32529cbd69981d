"""Two areas with an organisation, a service and an administrator each: for tests of the directory's own rooms."""

import datetime

from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from directory import actions
from directory.choices import CaseKind, Role
from directory.models import Case, CaseNote, NotDuplicate, Review, Service
from portal.accounts.models import User
from tests.factories.content import HomePageFactory
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    member,
)

DAY = datetime.timedelta(days=1)


class House:
    """Two areas with an organisation each, their administrators, and somebody of the centre."""

    def __init__(self) -> None:
        HomePageFactory()
        here = MunicipalityFactory(code="297", county=CountyFactory(code="11"))
        there = MunicipalityFactory(code="837", county=CountyFactory(code="06", names={"fi": "Pirkanmaa"}))
        self.here = OrganisationFactory(names={"fi": "Täällä ry"}, home_municipality=here)
        self.there = OrganisationFactory(names={"fi": "Siellä ry"}, home_municipality=there)
        self.service = ServiceFactory(organisation=self.here, title="Ruoka-apu", how_to_join="Tule.")
        self.other = ServiceFactory(organisation=self.there, title="Velkaneuvonta", how_to_join="Soita.")
        self.keeper = member(self.here, Role.OWNER)
        self.admin = area_administrator(here.county)
        self.stranger = area_administrator(there.county, "muualla@example.org")
        self.chief = User.objects.create_superuser("chief@example.org")

    def case(self, kind: CaseKind = CaseKind.NO_ANSWER, service: Service | None = None, days: int = 0) -> Case:
        about = service or self.service
        at = timezone.now() - days * DAY
        return actions.open_case(kind, organisation=about.organisation, key=about.uuid, at=at)

    def edit(self, service: Service | None = None, **values: str) -> Review:
        row = service or self.service
        keeper = member(row.organisation, Role.OWNER, f"k{Review.objects.count()}@example.org")
        actions.edit(row, values or {"description": "Uutta."}, by=keeper, base=None)
        review = actions.submit(Service.objects.get(pk=row.pk), by=keeper).review
        assert review
        return review


def written() -> tuple:
    """Everything that a page of the queue could change."""
    return (
        list(Case.objects.order_by("pk").values()),
        list(CaseNote.objects.values()),
        list(Review.objects.order_by("pk").values()),
        Revision.objects.count(),
        ModelLogEntry.objects.count(),
        list(Service.objects.order_by("pk").values("pk", "checked_on", "withdrawn_on", "organisation")),
        list(NotDuplicate.objects.values()),
        list(Case.watchers.through.objects.values()),
    )
