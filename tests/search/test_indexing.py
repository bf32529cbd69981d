"""The index follows the data: at once on SQLite, by the task queue on PostgreSQL, and never further than a commit."""

import datetime
import uuid

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Locale

from directory.actions import confirm_service, publish_service, save_draft
from directory.freshness import Freshness
from directory.models import Service, Term
from directory.signals import services_changed
from portal.accounts.models import User
from search import indexing, sources
from search.documents import document_id
from search.query import SearchRequest, Sort
from tests.factories.cards import ActionCardPageFactory, PracticeModelIndexPageFactory, PracticeModelPageFactory
from tests.factories.content import HomePageFactory, TextPageFactory, translated_page
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    translation_of,
)
from tests.search.index import empty_index, everything_written, indexed, settle

IS_ONE_DATABASE = settings.SEARCH_DATABASE == "default"


def rebuild() -> int:
    """The whole index anew; how many documents it holds."""
    return indexing.rebuild(indexing.engine_names()[0])


def found(text: str = "", **facets: str) -> list[uuid.UUID]:
    """What a search finds now."""
    settle()
    request = SearchRequest(text, facets={name: (value,) for name, value in facets.items()}, per_page=100)
    return [hit.uuid for hit in indexing.finder().find(request).hits]


# --- services --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestServices:
    def test_what_is_published_is_found(self):
        service = ServiceFactory(title="Kvaksikerho", stages=["2"], is_anonymous=True)
        assert found("kvaksikerho") == [service.uuid]
        assert found(stage="2") == found(flags="anonymous") == [service.uuid]
        assert found(stage="1") == []

    @pytest.mark.skipif(not IS_ONE_DATABASE, reason="the queue writes it")
    def test_it_is_found_before_the_transaction_ends(self):
        with transaction.atomic():
            service = ServiceFactory(title="Kvaksikerho")
            assert not DBTaskResult.objects.exists()
            assert indexed() == {document_id("service", service.uuid)}

    def test_parts_that_are_saved_after_the_row_are_found_too(self):
        service = ServiceFactory(
            topics=[TermFactory(labels={"fi": "kvaksiaihe"}, alt_labels={"fi": ["kvaksisana"]})],
            municipalities=[MunicipalityFactory()],
            long_description=[{"promise": "kvaksilupaus"}],
        )
        for word in ("kvaksiaihe", "kvaksisana", "kvaksilupaus"):
            assert found(word) == [service.uuid], word
        assert found(municipality="297") == [service.uuid]

    def test_a_word_of_another_directory_leads_to_our_term(self):
        TermFactory(labels={"fi": "kvaksiaihe"}, alt_labels={"fi": ["kvaksisana"], "sv": ["kvaxord"]})
        service = ServiceFactory(keywords="Kvaksisana\nZummi")
        assert found("kvaxord") == found("zummi") == [service.uuid]

    def test_a_county_is_its_municipalities(self):
        county = CountyFactory()
        MunicipalityFactory(county=county)
        assert (
            len({*found(municipality="297"), ServiceFactory(counties=[county]).uuid} & set(found(municipality="297")))
            == 1
        )

    def test_the_narrow_topic_is_found_under_the_broad_one(self):
        broad = TermFactory(code="money", labels={"fi": "kvaksiraha"})
        service = ServiceFactory(topics=[TermFactory(code="debt", parent=broad)])
        assert found(topic="money") == found(topic="debt") == found("kvaksiraha") == [service.uuid]

    def test_all_languages_are_one_document(self):
        service = ServiceFactory(title="Kvaksikerho")
        translation_of(service, "sv", title="Kvaxklubben")
        assert found("kvaksikerho") == found("kvaxklubben") == [service.uuid]
        assert len(indexed()) == 1

    def test_a_draft_changes_nothing(self):
        service = ServiceFactory(title="Kvaksikerho")
        service.title = "Zummipiiri"
        save_draft(service)
        assert found("kvaksikerho") == [service.uuid]
        assert found("zummipiiri") == []
        publish_service(service)
        assert found("kvaksikerho") == []
        assert found("zummipiiri") == [service.uuid]

    def test_what_is_unpublished_is_gone(self):
        service = ServiceFactory(title="Kvaksikerho")
        assert found("kvaksikerho")
        service.unpublish()
        assert found("kvaksikerho") == []
        assert not indexed()

    def test_what_is_hidden_is_gone_in_every_language(self):
        service = ServiceFactory(title="Kvaksikerho")
        translation_of(service, "sv", title="Kvaxklubben")
        service.is_hidden = True
        publish_service(service)
        assert found("kvaksikerho") == found("kvaxklubben") == []

    def test_what_is_deleted_is_gone(self):
        service = ServiceFactory(title="Kvaksikerho")
        assert found("kvaksikerho")
        service.delete()
        assert found("kvaksikerho") == []

    def test_one_language_deleted_leaves_the_others(self):
        service = ServiceFactory(title="Kvaksikerho")
        translation_of(service, "sv", title="Kvaxklubben").delete()
        assert found("kvaxklubben") == []
        assert found("kvaksikerho") == [service.uuid]

    def test_many_deleted_at_once_are_gone(self):
        for _ in range(3):
            ServiceFactory(title="Kvaksikerho")
        Service.objects.all().delete()
        assert found("kvaksikerho") == []

    def test_what_will_be_published_later_comes_then(self):
        service = ServiceFactory(title="Kvaksikerho", live=False)
        assert found("kvaksikerho") == []
        service.latest_revision.publish()
        assert found("kvaksikerho") == [service.uuid]

    def test_a_check_is_followed(self):
        later, earlier = ServiceFactory(title="Kvaksi a"), ServiceFactory(title="Kvaksi b")
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        confirm_service(earlier, by=User.objects.create_user("a@example.org"), how="call")
        Service.objects.filter(pk=earlier.pk).update(checked_on=yesterday)
        confirm_service(later, by=User.objects.create_user("b@example.org"), how="call")
        settle()
        indexing.reindex(indexing.engine_names()[0], "service", [earlier.uuid])
        hits = indexing.finder().find(SearchRequest("kvaksi", sort=Sort.CHECKED)).hits
        assert [hit.uuid for hit in hits] == [later.uuid, earlier.uuid]

    def test_from_the_stage_stale_on_others_come_first_until_somebody_checks(self):
        """The stale one fits better, if only a little."""
        stale = ServiceFactory(title="Kvaksikerho", summary="Kvaksien kerho ja kvaksikerho")
        fresh = ServiceFactory(title="Kvaksikerho tytöille", summary="Kerho")
        today = timezone.localdate()
        days_ago = (today - datetime.timedelta(days=days) for days in range(3_000))
        first = next(
            day for day in days_ago if Service(kind=stale.kind, checked_on=day).freshness(today) is Freshness.STALE
        )
        day_before = first + datetime.timedelta(days=1)
        for day, order in ((day_before, [stale.uuid, fresh.uuid]), (first, [fresh.uuid, stale.uuid])):
            Service.objects.filter(pk=stale.pk).update(checked_on=day)
            Service.objects.filter(pk=fresh.pk).update(checked_on=today)
            services_changed.send(sender=Service, keys=[stale.uuid, fresh.uuid])
            assert found("kvaksikerhot") == order
        confirm_service(Service.objects.get(pk=stale.pk), by=User.objects.create_user("a@example.org"), how="call")
        assert found("kvaksikerhot") == [stale.uuid, fresh.uuid]

    def test_a_lapsed_statement_is_not_written(self):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        ServiceFactory(capacity="taking_people", capacity_until=yesterday)
        held = ServiceFactory(capacity="taking_people")
        assert found(flags="taking_people") == [held.uuid]


# --- what a service shows of others ----------------------------------------------------------------------------------
@pytest.mark.django_db
class TestWhatIsShownInPassing:
    def test_an_organisation_gets_another_name(self):
        organisation = OrganisationFactory(names={"fi": "Kvaksiyhdistys"})
        service = ServiceFactory(organisation=organisation)
        assert found("kvaksiyhdistys") == [service.uuid]
        organisation.names = {"fi": "Zummiliitto"}
        organisation.save_revision()
        assert found("zummiliitto") == []
        organisation.latest_revision.publish()
        assert found("zummiliitto") == [service.uuid]
        assert found("kvaksiyhdistys") == []

    @pytest.mark.parametrize("way", ["hide", "unpublish"])
    def test_an_organisation_goes_out_of_sight_and_comes_back(self, way: str):
        organisation = OrganisationFactory()
        service = ServiceFactory(title="Kvaksikerho", organisation=organisation)
        if way == "hide":
            organisation.is_hidden = True
            organisation.save()
        else:
            organisation.unpublish()
        assert found("kvaksikerho") == []
        organisation.is_hidden, organisation.live = False, True
        organisation.save()
        assert found("kvaksikerho") == [service.uuid]

    def test_a_place_moves(self):
        place = PlaceFactory(municipality=MunicipalityFactory())
        service = ServiceFactory(places=[place])
        assert found(municipality="297") == [service.uuid]
        place.municipality = MunicipalityFactory(code="091", names={"fi": "Helsinki"})
        place.save()
        assert found(municipality="297") == []
        assert found(municipality="091") == [service.uuid]

    @pytest.mark.parametrize("relation", ["topics", "target_groups", "life_events", "service_classes"])
    def test_a_word_is_called_otherwise(self, relation: str):
        term = TermFactory(scheme=relation.rstrip("s").replace("classe", "class"), labels={"fi": "kvaksiaihe"})
        service = ServiceFactory(**{relation: [term]})
        assert found("kvaksiaihe") == [service.uuid]
        term.labels = {"fi": "zummiaihe"}
        term.save()
        assert found("zummiaihe") == [service.uuid]
        assert found("kvaksiaihe") == []

    def test_a_broader_word_is_called_otherwise(self):
        broad = TermFactory(labels={"fi": "kvaksiaihe"})
        service = ServiceFactory(topics=[TermFactory(parent=broad)])
        broad.labels = {"fi": "zummiaihe"}
        broad.save()
        assert found("zummiaihe") == [service.uuid]

    def test_a_word_is_taken_out_of_the_vocabulary(self):
        term = TermFactory(labels={"fi": "kvaksiaihe"})
        ServiceFactory(topics=[term])
        assert found("kvaksiaihe")
        term.delete()
        assert found("kvaksiaihe") == []

    def test_many_words_are_taken_out_at_once(self):
        ServiceFactory(topics=[TermFactory(labels={"fi": "kvaksiaihe"})])
        Term.objects.all().delete()
        assert found("kvaksiaihe") == []

    def test_a_new_organisation_tells_nothing(self, django_assert_max_num_queries):
        ServiceFactory()
        settle()
        before = everything_written()
        OrganisationFactory()
        assert everything_written() == before


# --- pages -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def model(self):
        return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()))

    def test_a_page_comes_changes_and_goes(self, model):
        card = ActionCardPageFactory(parent=model, title="Kvaksikortti", lead="Kvaksin alku")
        assert found("kvaksikortti", type="card") == [card.translation_key]
        card.title = "Zummikortti"
        revision = card.save_revision()
        assert found("zummikortti") == []
        revision.publish()
        assert found("zummikortti") == [card.translation_key]
        assert found("kvaksikortti") == []
        card.refresh_from_db()
        card.unpublish()
        assert found("zummikortti") == []

    def test_a_draft_page_is_not_found(self, model):
        ActionCardPageFactory(parent=model, title="Kvaksikortti", live=False)
        assert found("kvaksikortti") == []

    def test_deleting_a_page_takes_what_is_below(self, model):
        ActionCardPageFactory(parent=model, title="Kvaksikortti")
        assert found("kvaksikortti")
        model.get_parent().delete()
        assert found("kvaksikortti") == []

    def test_unpublishing_a_page_with_what_is_below(self, model):
        from wagtail.actions.unpublish_page import UnpublishPageAction

        ActionCardPageFactory(parent=model, title="Kvaksikortti")
        model.refresh_from_db()
        person = User.objects.create_superuser("a@example.org")
        UnpublishPageAction(model, include_descendants=True, user=person).execute()
        assert found("kvaksikortti") == []

    def test_all_languages_are_one_document(self):
        home = HomePageFactory()
        swedish_home = translated_page(home, "sv", home.get_parent())
        text = TextPageFactory(parent=home, title="Kvaksiteksti")
        translated_page(text, "sv", swedish_home, title="Kvaxtext")
        assert found("kvaksiteksti") == found("kvaxtext") == [text.translation_key]
        text.unpublish()
        assert found("kvaksiteksti") == []
        assert found("kvaxtext") == [text.translation_key]

    @pytest.mark.parametrize("model_name", ["HomePage", "PracticeModelIndexPage", "ToolCataloguePage"])
    def test_fronts_of_sections_are_not_found(self, model_name: str):
        assert model_name not in {model.__name__ for model in sources.searchable_pages()}

    def test_every_other_page_type_is_found(self):
        assert set(sources.searchable_pages().values()) == {"card", "tool", "page"}
        assert {"StagePage", "TextPage", "GlossaryPage", "PathwayPage", "DigitalToolPage", "ActionCardPage"} <= {
            model.__name__ for model in sources.searchable_pages()
        }


# --- transactions ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_rolled_back_was_never_found():
    kept = ServiceFactory(title="Kvaksikerho")
    assert found("kvaksikerho") == [kept.uuid]
    with transaction.atomic():
        ServiceFactory(title="Zummipiiri")
        kept.title = "Zummipiiri"
        publish_service(kept)
        transaction.set_rollback(True)
    assert found("zummipiiri") == []
    assert found("kvaksikerho") == [kept.uuid]


@pytest.mark.usefixtures("committed_db")
def test_a_commit_is_seen_by_another_connection():
    Locale.objects.get_or_create(language_code="fi")
    with transaction.atomic():
        service = ServiceFactory(title="Kvaksikerho")
    assert found("kvaksikerho") == [service.uuid]
    connections.close_all()
    assert found("kvaksikerho") == [service.uuid]
    with transaction.atomic():
        service.delete()
        transaction.set_rollback(True)
    assert found("kvaksikerho") == [service.uuid]


@pytest.mark.skipif(not IS_ONE_DATABASE, reason="elsewhere the index has a lock of its own")
@pytest.mark.usefixtures("committed_db")
def test_a_search_does_not_wait_for_a_writer():
    """On SQLite `atomic` takes the one write lock, so a search may not open a transaction."""
    import sqlite3

    service = ServiceFactory(title="Kvaksikerho")
    found("kvaksikerho")
    writer = sqlite3.connect(connections["default"].settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        request = SearchRequest("kvaksikerho")
        assert [hit.uuid for hit in indexing.finder().find(request).hits] == [service.uuid]
    finally:
        writer.execute("ROLLBACK")
        writer.close()


# --- the queue -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.skipif(IS_ONE_DATABASE, reason="the index lies in the data's own database")
def test_beside_postgresql_the_queue_writes_the_index():
    service = ServiceFactory(title="Kvaksikerho")
    assert not indexing.engine().digests()
    assert DBTaskResult.objects.ready().exists()
    assert settle() >= 1
    assert indexed() == {document_id("service", service.uuid)}


@pytest.mark.django_db
def test_what_waits_in_the_queue_can_be_done_twice(monkeypatch):
    """The same on both databases: what would be queued is queued, and doing it writes the index."""
    monkeypatch.setattr(indexing, "is_written_at_once", lambda name: False)
    service = ServiceFactory(title="Kvaksikerho")
    with transaction.atomic():
        ServiceFactory(title="Zummipiiri")
        transaction.set_rollback(True)
    tasks = list(DBTaskResult.objects.ready())
    assert tasks
    assert {task.task_path for task in tasks} == {"search.tasks.reindex_task"}
    assert {key for task in tasks for key in task.args_kwargs["args"][2]} == {str(service.uuid)}
    for task in (*tasks, *tasks):
        result = task.task_result
        result.task.func(*result.args, **result.kwargs)
    DBTaskResult.objects.all().delete()
    assert found("kvaksikerho") == [service.uuid]


@pytest.mark.django_db
def test_a_task_for_what_is_gone_meanwhile_does_no_harm():
    indexing.reindex("embedded", "service", [uuid.uuid4()])
    indexing.reindex("embedded", "page", [uuid.uuid4()])
    indexing.touch("service", [])
    assert indexed() == set()


# --- the whole -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestRebuild:
    def test_it_holds_what_is_public_and_nothing_else(self):
        home = HomePageFactory()
        services = [ServiceFactory(), ServiceFactory()]
        translation_of(services[0], "sv")
        ServiceFactory(is_hidden=True)
        ServiceFactory(live=False)
        text = TextPageFactory(parent=home)
        TextPageFactory(parent=home, live=False)
        settle()
        empty_index()
        assert rebuild() == 3
        assert indexed() == {
            *(document_id("service", service.uuid) for service in services),
            document_id("page", text.translation_key),
        }

    def test_it_mends_what_a_raw_write_left_behind(self):
        service = ServiceFactory(title="Kvaksikerho")
        settle()
        Service.objects.filter(pk=service.pk).update(title="Zummipiiri")
        assert found("zummipiiri") == []
        call_command("rebuild_index", verbosity=0)
        assert found("zummipiiri") == [service.uuid]
        assert found("kvaksikerho") == []

    def test_step_by_step_and_at_once_give_the_same(self):
        topic = TermFactory()
        for number in range(5):
            service = ServiceFactory(title=f"Kvaksi {number}", topics=[topic], places=[PlaceFactory()])
            translation_of(service, "sv", topics=[topic])
        OrganisationFactory()
        settle()

        def rows() -> set[tuple]:
            with connections[settings.SEARCH_DATABASE].cursor() as cursor:
                cursor.execute("SELECT * FROM search_document d JOIN search_text t ON t.rowid = d.number")
                return {tuple(row[1:]) for row in cursor.fetchall()}

        before = rows()
        rebuild()
        assert rows() == before

    def test_many_services_ask_no_more(self, django_assert_max_num_queries):
        for _ in range(2):
            ServiceFactory(places=[PlaceFactory()])
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as few:
            list(sources.services())
        for _ in range(6):
            ServiceFactory(places=[PlaceFactory()])
        with CaptureQueriesContext(connection) as many:
            assert len(list(sources.services())) == 8
        assert len(many) == len(few)

    def test_current_or_not(self):
        ServiceFactory()
        settle()
        assert indexing.is_current()
        empty_index()
        assert not indexing.is_current()
        call_command("ensure_index", verbosity=0)
        assert indexing.is_current()
        assert len(indexed()) == 1

    def test_what_time_alone_has_changed_is_noticed(self):
        """An event that has ended, a row changed behind the models' back: the next start mends the index."""
        service = ServiceFactory()
        settle()
        assert indexing.is_current()
        Service.objects.filter(pk=service.pk).update(is_hidden=True)
        assert not indexing.is_current()
        call_command("ensure_index", verbosity=0)
        assert indexed() == set()


@pytest.mark.django_db
def test_an_unknown_engine_is_named():
    with pytest.raises(ImproperlyConfigured, match="abacus"), override_settings(SEARCH_URL="abacus://"):
        indexing.finder()
