"""The directory's objects: areas, words, organisations, places, services.

`ServiceFactory()` is a service that anybody may see. `live=False` leaves it a draft; parts are given as lists of
dictionaries: `ServiceFactory(contact_ways=[{"kind": "phone", "value": "012 345 6789"}])`.
"""

from typing import Any

import factory
from factory.django import DjangoModelFactory
from wagtail.models import Locale

from directory.actions import publish_service, save_draft
from directory.choices import Kind, Scheme, Sector
from directory.models import (
    AreaRole,
    ContactWay,
    County,
    Membership,
    Municipality,
    OpeningException,
    OpeningHours,
    Organisation,
    Place,
    Region,
    RequiredDocument,
    Service,
    ServiceDescription,
    ServiceLink,
    ServicePlace,
    Term,
)
from portal.accounts.models import User

PARTS = {
    "opening_hours": OpeningHours,
    "opening_exceptions": OpeningException,
    "contact_ways": ContactWay,
    "required_documents": RequiredDocument,
    "links": ServiceLink,
    "long_description": ServiceDescription,
}
RELATIONS = ("topics", "target_groups", "life_events", "service_classes", "municipalities", "counties", "partners")


def locale(code: str) -> Locale:
    """The locale of a language, made when it is missing."""
    return Locale.objects.get_or_create(language_code=code)[0]


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "11"
    names = {"fi": "Pohjois-Savo", "sv": "Norra Savolax"}


class CountyFactory(DjangoModelFactory):
    class Meta:
        model = County
        django_get_or_create = ("code",)

    code = "11"
    names = {"fi": "Pohjois-Savon hyvinvointialue", "sv": "Norra Savolax välfärdsområde"}


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    code = "297"
    names = {"fi": "Kuopio", "sv": "Kuopio"}
    region = factory.SubFactory(RegionFactory)
    county = factory.SubFactory(CountyFactory)
    latitude = 62.89
    longitude = 27.68


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    scheme = Scheme.TOPIC
    code = factory.Sequence(lambda n: f"aihe-{n}")
    labels = factory.LazyAttribute(lambda term: {"fi": f"{term.code} suomeksi", "sv": f"{term.code} på svenska"})


class OrganisationFactory(DjangoModelFactory):
    """An organisation that anybody may see."""

    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"yhdistys-{n}")
    names = factory.LazyAttribute(lambda each: {"fi": each.slug.replace("-", " ").capitalize()})
    sector = Sector.ASSOCIATION


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"Talo {n}")
    street = "Koivukatu 1"
    postcode = "70100"
    post_office = "Kuopio"
    municipality = factory.SubFactory(MunicipalityFactory)
    latitude = 62.8921
    longitude = 27.6781


class ServiceFactory(DjangoModelFactory):
    """A public service, made by the directory's own actions: revisions, parts and the index are as they would be."""

    class Meta:
        model = Service

    class Params:
        language = "fi"

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Palvelu {n}")
    summary = "Apua arkeen jokaiselle, joka sitä tarvitsee."
    kind = Kind.SERVICE
    locale = factory.LazyAttribute(lambda service: locale(service.language))
    live = True

    @classmethod
    def _create(cls, model_class: type[Service], *args: Any, **values: Any) -> Service:
        live = values.pop("live")
        places = values.pop("places", ())
        parts = {name: values.pop(name) for name in PARTS if name in values}
        relations = {name: values.pop(name) for name in RELATIONS if name in values}
        service = model_class(**values)
        for name, objects in relations.items():
            setattr(service, name, objects)
        for name, rows in parts.items():
            setattr(service, name, [PARTS[name](**row) for row in rows])
        service.service_places = [ServicePlace(place=place) for place in places]
        return publish_service(service) if live else save_draft(service)


def member(organisation: Organisation, role: str, email: str = "") -> User:
    """A person of an organisation."""
    user = User.objects.create_user(email or f"{role}-{organisation.slug}@example.org")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def area_administrator(county: County, email: str = "alue@example.org") -> User:
    """A regional administrator of a county."""
    user = User.objects.create_user(email)
    AreaRole.objects.create(user=user, county=county)
    return user


def translation_of(service: Service, language: str, **values: Any) -> Service:
    """Another language's row of a service."""
    facts = {"translation_key": service.translation_key, "organisation": service.organisation, "slug": service.slug}
    return ServiceFactory(**{**facts, "language": language, **values})
