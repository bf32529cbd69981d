"""A keeper is told which searches find the service, which do not, and what to do about those."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from directory.choices import Scheme
from directory.models import Service, Term
from search import indexing
from search.findability import FIRST_PAGE, MOST_FOUND, MOST_MISSED, Findability, Hint, TriedSearch, findability
from search.models import Kind, Synonym
from search.query import SearchRequest
from tests.factories.directory import MunicipalityFactory, OrganisationFactory, ServiceFactory, TermFactory, locale
from tests.search.index import settle


def texts(searches: tuple[TriedSearch, ...]) -> set[str]:
    return {one.text for one in searches}


def of_public(service: Service) -> Findability:
    settle()
    return findability(service, is_draft=False)


@pytest.fixture
def topic(db: None) -> Term:
    term = TermFactory(labels={"fi": "Kvaksius", "sv": "Kvaksism"}, alt_labels={"fi": ["kvaksihuoli"]})
    term.refresh_from_db()
    return term


@pytest.fixture
def lay_phrase(topic: Term) -> str:
    """What people say when they mean the topic; it leads to another word for it, which few services have."""
    topic.alt_labels = {"fi": ["kvaksihuoli", "kvaksinta"]}
    topic.save()
    Synonym.objects.create(phrases="hirmuinen rommelo", targets="kvaksinta", kind=Kind.LAY, language="fi")
    return "hirmuinen rommelo"


class TestPublic:
    def test_its_name_and_the_words_of_its_topic_find_it(self, topic: Term):
        service = ServiceFactory(title="Rommelokerho", topics=[topic])
        found = of_public(service)
        assert {"Rommelokerho", "kvaksihuoli"} <= texts(found.found)
        assert {one.position for one in found.found} == {1}

    def test_positions_are_those_of_the_search_itself(self, topic: Term):
        services = [
            ServiceFactory(title=f"Rommelo {n}", summary="Kvaksihuoli " * (n + 1), topics=[topic]) for n in range(4)
        ]
        for service in services:
            for one in of_public(service).found:
                hits = indexing.finder().find(SearchRequest(one.text)).hits
                assert hits[one.position - 1].uuid == service.uuid

    def test_with_its_municipality_and_its_target_group(self, topic: Term):
        group = TermFactory(scheme=Scheme.TARGET_GROUP, labels={"fi": "Rompelit"})
        service = ServiceFactory(topics=[topic], target_groups=[group], municipalities=[MunicipalityFactory()])
        assert {"kvaksihuoli Rompelit", "kvaksihuoli Kuopio"} <= texts(of_public(service).found)

    def test_a_word_that_does_not_find_it_is_told_and_what_to_do(self, topic: Term, lay_phrase: str):
        ServiceFactory(title="Kvaksinta")
        service = ServiceFactory(title="Rommelokerho", topics=[topic])
        (missed,) = of_public(service).missed
        assert (missed.text, missed.topic, missed.hint) == (lay_phrase, "Kvaksius", Hint.OTHER_WORDS)

    def test_doing_so_helps(self, topic: Term, lay_phrase: str):
        ServiceFactory(title="Kvaksinta")
        service = ServiceFactory(title="Rommelokerho", topics=[topic], keywords=lay_phrase)
        found = of_public(service)
        assert lay_phrase in texts(found.found)
        assert found.missed == ()

    def test_where_many_others_come_first_it_is_told(self, topic: Term):
        for number in range(FIRST_PAGE):
            ServiceFactory(title=f"Kvaksihuoli {number}", topics=[topic])
        service = ServiceFactory(title="Rommelokerho", keywords="kvaksihuoli", topics=[topic])
        missed = {one.text: one for one in of_public(service).missed}
        assert missed["kvaksihuoli"].hint == Hint.SAY_IT_FIRST
        assert missed["kvaksihuoli"].position == FIRST_PAGE + 1

    def test_in_its_own_language(self, topic: Term):
        service = ServiceFactory(title="Rommelgrupp", topics=[topic], language="sv")
        found = of_public(service)
        assert "Kvaksism" in texts(found.found)
        assert "kvaksihuoli" not in texts(found.found) | texts(found.missed)


class TestTopics:
    def test_a_topic_that_the_name_speaks_of_is_offered(self, topic: Term):
        ServiceFactory(topics=[topic])
        service = ServiceFactory(title="Kvaksius ja arki")
        (missed,) = of_public(service).missed
        assert (missed.text, missed.topic, missed.hint) == ("kvaksihuoli", "Kvaksius", Hint.TOPIC)

    def test_one_that_it_has_is_not(self, topic: Term):
        service = ServiceFactory(title="Kvaksius ja arki", topics=[topic])
        assert of_public(service).missed == ()

    def test_one_that_nothing_speaks_of_is_not(self, topic: Term):
        assert of_public(ServiceFactory(title="Rommelokerho")).missed == ()


class TestDraft:
    def test_one_that_is_not_saved(self, topic: Term):
        draft = Service(
            title="Rommelokerho", summary="Kerho", locale=locale("fi"), organisation=OrganisationFactory(), slug="r"
        )
        draft.topics = [topic]
        found = findability(draft, is_draft=True)
        # A word that is in no listing yet is one all the same.
        assert texts(found.found) >= {"Rommelokerho"}
        assert {one.position for one in found.found} == {None}
        assert not Service.objects.exists()

    def test_what_is_written_counts_not_what_is_public(self, topic: Term, lay_phrase: str):
        ServiceFactory(title="Kvaksinta")
        service = ServiceFactory(title="Rommelokerho", topics=[topic])
        settle()
        assert lay_phrase in texts(findability(service, is_draft=True).missed)
        service.description = "Kun kvaksinta painaa."
        assert lay_phrase in texts(findability(service, is_draft=True).found)

    def test_without_anything_chosen(self, db: None):
        draft = Service(title="", locale=locale("fi"), organisation=OrganisationFactory())
        assert findability(draft, is_draft=True) == Findability((), ())


def test_it_is_short_and_asks_little_for_any_listing_of_the_site(site: None):
    """The page that shows it is opened often."""
    for service in Service.objects.public().order_by("pk")[:20]:
        with CaptureQueriesContext(connections["default"]) as asked:
            found = findability(service, is_draft=False)
        assert 1 <= len(found.found) <= MOST_FOUND
        assert len(found.missed) <= MOST_MISSED
        assert all(one.hint for one in found.missed)
        assert not any(one.hint for one in found.found)
        assert len(asked) <= 150
