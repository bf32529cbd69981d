"""The plain look into the database that answers while the engine is away: what is public, with the words, no more."""

import pytest

from search.documents import document_id
from search.engines.plain import PlainSearch
from search.places import Place
from search.planning import Plan
from search.query import Group, SearchRequest
from tests.factories.content import HomePageFactory, TextPageFactory
from tests.factories.directory import MunicipalityFactory, OrganisationFactory, ServiceFactory, translation_of

pytestmark = pytest.mark.django_db


def found(*words: str, terms: tuple[str, ...] = (), places: tuple[Place, ...] = (), **request) -> list[str]:
    groups = tuple(Group(word, terms) for word in words)
    text = " ".join([*words, *(place.names[0] for place in places)])
    result = PlainSearch().search(Plan(SearchRequest(text, **request), groups, places))
    return [hit.id for hit in result.hits]


def id_of(service) -> str:
    return document_id("service", service.uuid)


def test_words_of_title_summary_and_organisation_are_found():
    title = ServiceFactory(title="Kvaksikerho")
    summary = ServiceFactory(summary="Tule kvaksille.")
    organisation = ServiceFactory(organisation=OrganisationFactory(names={"fi": "Kerho ry", "sv": "Kvaksiföreningen"}))
    ServiceFactory(title="Zummipiiri")
    assert set(found("kvaksi")) == {id_of(title), id_of(summary), id_of(organisation)}


def test_every_word_is_wanted_and_any_of_its_terms_will_do():
    both = ServiceFactory(title="Kvaksikerho", summary="Zummin ystäville")
    ServiceFactory(title="Kvaksipiiri")
    assert found("kvaksi", "zummi") == [id_of(both)]
    assert found("kvakseille", terms=("kvaksikerho", "s_kvax")) == [id_of(both)]


def test_a_service_in_two_languages_is_found_once():
    service = ServiceFactory(title="Kvaksikerho")
    translation_of(service, "sv", title="Kvaksiklubben")
    assert found("kvaksi") == [id_of(service)]


def test_what_is_not_public_is_not_found():
    ServiceFactory(title="Kvaksikerho", is_hidden=True)
    ServiceFactory(title="Kvaksipiiri", organisation=OrganisationFactory(is_hidden=True))
    assert found("kvaksi") == found() == []


def test_choices_and_places_narrow():
    town = MunicipalityFactory()
    near = ServiceFactory(title="Kvaksikerho", municipalities=[town], is_anonymous=True)
    far = ServiceFactory(title="Kvaksipiiri")
    place = Place(("Kuopio",), frozenset({town.code}))
    assert found("kvaksi", facets={"flags": ("anonymous",)}) == [id_of(near)]
    assert found("kvaksi", facets={"municipality": (town.code,)}) == [id_of(near)]
    assert found("kvaksi", places=(place,)) == found(places=(place,)) == [id_of(near)]
    assert set(found("kvaksi")) == {id_of(near), id_of(far)}


def test_pages_are_found_and_types_are_counted():
    service = ServiceFactory(title="Kvaksikerho")
    page = TextPageFactory(parent=HomePageFactory(), title="Kvaksin opas")
    page_id = document_id("page", page.translation_key)
    assert found("kvaksi") == [id_of(service), page_id]
    assert found("kvaksi", facets={"type": ("page",)}) == [page_id]
    result = PlainSearch().search(Plan(SearchRequest("kvaksi", facets={"type": ("page",)}), (Group("kvaksi", ()),)))
    (types,) = result.facets
    assert (types.count("service"), types.count("page"), result.total) == (1, 1, 1)


def test_words_that_mean_nothing_find_nothing():
    ServiceFactory()
    assert PlainSearch().search(Plan(SearchRequest("!?"))).total == 0
    assert PlainSearch().search(Plan(SearchRequest())).total == 1


def test_pages_of_hits_divide_them():
    services = {id_of(ServiceFactory()) for _ in range(5)}
    pages = [found(per_page=2, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert {id for page in pages for id in page} == services
