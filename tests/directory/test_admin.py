"""Editing the directory in the admin: every kind of record, through the forms that people use."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from directory.actions import publish_service
from directory.models import FactReport, Organisation, Place, Service, Term
from tests import editing
from tests.editing import PUBLISH, SUBMIT, client_of, in_languages, person, rows, send, url_of
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

SECRET = "Salainen luonnos"


@pytest.fixture
def editor():
    return client_of(person(editing.EDITOR))


@pytest.fixture
def moderator():
    return client_of(person(editing.MODERATOR))


@pytest.fixture
def whole_service() -> Service:
    """A public service that has every kind of part, relation and set of choices."""
    service = ServiceFactory(
        title="Olohuone",
        stages=["1", "2"],
        channels=["on_site", "phone"],
        languages=["fi", "sv"],
        accessibility=["step_free"],
        topics=[TermFactory(code="seura"), TermFactory(code="raha")],
        target_groups=[TermFactory(scheme="target_group", code="kaikki")],
        municipalities=[MunicipalityFactory()],
        contact_ways=[{"kind": "phone", "value": "012 345 6789"}, {"kind": "email", "value": "a@example.org"}],
        opening_hours=[{"weekday": 1, "opens": datetime.time(9), "closes": datetime.time(16)}],
        opening_exceptions=[{"date_from": datetime.date(2026, 12, 24), "date_to": datetime.date(2026, 12, 26)}],
        links=[{"label": "Lue lisää", "url": "https://example.org/"}],
        required_documents=[{"name": "Henkilötodistus"}],
        long_description=[{"content": "Kahvia ja seuraa."}],
    )
    service.service_places.create(place=PlaceFactory())
    return publish_service(service)


def facts(service: Service) -> dict:
    """What must come through a round of saving unchanged."""
    return {
        "sets": {name: getattr(service, name) for name in ("stages", "channels", "languages", "accessibility")},
        "relations": {
            name: sorted(str(each.pk) for each in getattr(service, name).all())
            for name in ("topics", "target_groups", "municipalities", "counties", "life_events")
        },
        "contact_ways": [(way.kind, way.value) for way in service.contact_ways.all()],
        "hours": [(each.weekday, each.opens, each.closes) for each in service.opening_hours.all()],
        "exceptions": [(each.date_from, each.date_to) for each in service.opening_exceptions.all()],
        "places": [each.place_id for each in service.service_places.all()],
        "links": [each.url for each in service.links.all()],
        "documents": [each.name for each in service.required_documents.all()],
        "description": [each.content for each in service.long_description.all()],
    }


NO_PARTS = {
    key: value
    for part in (
        "contact_ways",
        "links",
        "service_places",
        "opening_hours",
        "opening_exceptions",
        "required_documents",
        "long_description",
    )
    for key, value in rows(part).items()
}


# --- Services ---------------------------------------------------------------------------------------------------------
def test_a_service_is_written_published_and_seen(moderator):
    organisation, place = OrganisationFactory(), PlaceFactory()
    topic, town = TermFactory(), MunicipalityFactory()

    send(
        moderator,
        url_of(Service, "add"),
        button=PUBLISH,
        title="Avoin olohuone",
        organisation=organisation.pk,
        kind="meeting_place",
        summary="Kahvia ja seuraa kaikille.",
        stages=["2", "1"],
        topics=[topic.pk],
        municipalities=[town.pk],
        charge="free",
        **NO_PARTS
        | rows("contact_ways", {"kind": "phone", "value": "012 345 6789", "audience": "public"})
        | rows("service_places", {"place": place.pk})
        | rows("opening_hours", {"weekday": "1", "opens": "9:00", "closes": "16:00"}),
    )

    service = Service.objects.get()
    assert service.live
    assert service.slug == "avoin-olohuone"
    assert service.stages == ["1", "2"]
    assert list(service.topics.all()) == [topic]
    assert service.contact_ways.get().value == "012 345 6789"
    assert service.service_places.get().place == place
    assert moderator.get(service.get_absolute_url()).status_code == 200


def test_saving_an_unchanged_form_changes_nothing(moderator, whole_service: Service):
    before = facts(whole_service)

    send(moderator, url_of(whole_service, "edit"), button=PUBLISH)

    assert facts(Service.objects.get()) == before


def test_a_draft_leaves_the_public_row_and_its_parts_alone(editor, whole_service: Service):
    before = facts(whole_service)

    send(
        editor,
        url_of(whole_service, "edit"),
        title=SECRET,
        stages=["5"],
        topics=[],
        **{"contact_ways-0-value": SECRET, "contact_ways-1-DELETE": "on"},
    )

    service = Service.objects.get()
    assert service.title == "Olohuone"
    assert facts(service) == before
    draft = service.get_latest_revision_as_object()
    assert draft.title == SECRET
    assert draft.stages == ["5"]
    assert list(draft.topics.all()) == []
    assert [way.value for way in draft.contact_ways.all()] == [SECRET]
    assert SECRET not in Client().get(service.get_absolute_url()).content.decode()
    assert SECRET in editor.get(url_of(service, "edit")).content.decode()


def test_a_revision_brings_back_everything(whole_service: Service):
    before = facts(whole_service)
    as_revision = whole_service.save_revision().as_object()

    assert facts(as_revision) == before


def test_the_same_address_twice_is_refused_with_words(moderator, whole_service: Service):
    other = ServiceFactory(title="Toinen")
    page = moderator.get(url_of(other, "edit"))
    data = {**editing.filled_form(page.content.decode()), "slug": whole_service.slug, **PUBLISH}

    answer = moderator.post(url_of(other, "edit"), data)

    assert answer.status_code == 200
    assert "slug" in answer.context["form"].errors


def test_two_services_of_one_name_get_two_addresses(moderator):
    first = ServiceFactory(title="Kahvila")
    send(
        moderator,
        url_of(Service, "add"),
        button=PUBLISH,
        title="Kahvila",
        organisation=first.organisation.pk,
        summary="Kahvia.",
        **NO_PARTS,
    )

    assert sorted(Service.objects.values_list("slug", flat=True)) == ["kahvila", "kahvila-2"]


def test_a_service_is_previewed_before_and_after_it_is_saved(editor, whole_service: Service):
    edit, add = url_of(whole_service, "edit"), url_of(Service, "add")
    data = {**editing.filled_form(editor.get(edit).content.decode()), "title": SECRET}

    for url, sent in (
        (url_of(whole_service, "preview_on_edit"), data),
        (url_of(Service, "preview_on_add"), {**data, **NO_PARTS, "slug": ""}),
    ):
        assert editor.get(add).status_code == 200
        assert editor.post(url, sent).json()["is_valid"], url
        preview = editor.get(url)
        assert preview.status_code == 200
        assert SECRET in preview.content.decode()
        assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]


def test_approval(editor, moderator, whole_service: Service):
    editing.with_approval()
    send(editor, url_of(whole_service, "edit"), button=SUBMIT, title="Uusi nimi")
    whole_service.refresh_from_db()
    assert whole_service.title == "Olohuone"
    state = whole_service.current_workflow_task_state

    send(
        moderator,
        url_of(whole_service, "edit"),
        button={"action-workflow-action": "true", "workflow-action-name": "approve"},
    )

    state.refresh_from_db()
    whole_service.refresh_from_db()
    assert state.status == "approved"
    assert whole_service.title == "Uusi nimi"
    assert whole_service.live


def test_an_editor_cannot_publish_or_approve(editor, whole_service: Service):
    editing.with_approval()
    page = editor.get(url_of(whole_service, "edit"))
    assert "action-publish" not in page.content.decode()
    send(editor, url_of(whole_service, "edit"), button=PUBLISH, title=SECRET)
    whole_service.refresh_from_db()
    assert whole_service.title == "Olohuone"


def test_revisions_are_compared_and_brought_back(moderator, whole_service: Service):
    first = whole_service.latest_revision
    send(
        moderator,
        url_of(whole_service, "edit"),
        button=PUBLISH,
        title="Toinen nimi",
        stages=["3"],
        topics=[],
        **{"contact_ways-0-value": "098 765 4321", "contact_ways-1-DELETE": "on"},
    )
    whole_service.refresh_from_db()
    viewset = Service.snippet_viewset
    compare = reverse(
        viewset.get_url_name("revisions_compare"), args=[whole_service.pk, first.pk, whole_service.latest_revision.pk]
    )
    page = moderator.get(compare)
    assert page.status_code == 200
    assert "Toinen nimi" in page.content.decode()
    revert = reverse(viewset.get_url_name("revisions_revert"), args=[whole_service.pk, first.pk])
    assert moderator.get(revert).status_code == 200
    assert moderator.get(url_of(whole_service, "history")).status_code == 200


def test_a_copy_is_a_new_service(moderator, whole_service: Service):
    send(moderator, url_of(whole_service, "copy"), title="Kopio", slug="", button=PUBLISH)

    copy = Service.objects.get(title="Kopio")
    assert copy.slug == "kopio"
    assert copy.translation_key != whole_service.translation_key
    assert facts(copy) == facts(whole_service)
    assert facts(Service.objects.get(pk=whole_service.pk)) == facts(whole_service)


def test_unpublishing_and_locking(moderator, whole_service: Service):
    assert moderator.post(url_of(whole_service, "lock")).status_code == 302
    whole_service.refresh_from_db()
    assert whole_service.locked
    assert moderator.post(url_of(whole_service, "unlock")).status_code == 302
    assert moderator.post(url_of(whole_service, "unpublish")).status_code == 302
    whole_service.refresh_from_db()
    assert not whole_service.live
    assert not Service.objects.public().exists()


def test_a_translation_is_a_draft_with_the_facts_of_its_source(
    whole_service: Service, django_capture_on_commit_callbacks
):
    administrator = client_of(person())
    Locale.objects.get_or_create(language_code="sv")
    swedish = Locale.objects.get(language_code="sv")
    submit = reverse("wagtail_localize:submit_snippet_translation", args=["directory", "service", whole_service.pk])
    assert administrator.get(submit).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(submit, {"locales": [swedish.pk]})
    assert answer.status_code == 302

    translation = Service.objects.get(locale=swedish)
    assert translation.translation_key == whole_service.translation_key
    assert not translation.live
    assert facts(translation) == facts(whole_service)
    assert translation.slug == whole_service.slug

    send(administrator, url_of(translation, "edit"), button=PUBLISH, title="Vardagsrummet")
    translation.refresh_from_db()
    assert translation.live
    assert translation.title == "Vardagsrummet"
    assert Service.objects.get(pk=whole_service.pk).title == "Olohuone"
    assert "Vardagsrummet" in administrator.get(f"/sv/palvelut/{translation.slug}/").content.decode()


# --- Organisations, places, words -------------------------------------------------------------------------------------
def test_an_organisation_is_written_approved_and_public(editor, moderator):
    editing.with_approval()
    send(
        editor,
        url_of(Organisation, "add"),
        button=SUBMIT,
        slug="",
        sector="association",
        **in_languages("names", fi="Kahvin ystävät ry", sv="Kaffevännerna rf"),
        **rows("contacts", {"kind": "phone", "value": "012 345 6789"}),
    )
    organisation = Organisation.objects.get()
    assert organisation.names == {"fi": "Kahvin ystävät ry", "sv": "Kaffevännerna rf"}
    assert organisation.slug == "kahvin-ystavat-ry"
    assert not organisation.live

    send(
        moderator,
        url_of(organisation, "edit"),
        button={"action-workflow-action": "true", "workflow-action-name": "approve"},
    )
    organisation.refresh_from_db()
    assert organisation.live
    assert organisation.contacts.get().value == "012 345 6789"


def test_an_organisation_is_previewed(editor):
    organisation = OrganisationFactory()
    data = editing.filled_form(editor.get(url_of(organisation, "edit")).content.decode())
    data |= in_languages("names", fi=SECRET)

    url = url_of(organisation, "preview_on_edit")
    assert editor.post(url, data).json()["is_valid"]
    assert SECRET in editor.get(url).content.decode()


def test_a_draft_of_an_organisation_changes_nothing_public(editor):
    organisation = OrganisationFactory(names={"fi": "Vanha nimi"})
    send(editor, url_of(organisation, "edit"), **in_languages("names", fi=SECRET))
    organisation.refresh_from_db()
    assert str(organisation) == "Vanha nimi"


def test_a_place_is_written_and_previewed(editor):
    town = MunicipalityFactory()
    send(
        editor,
        url_of(Place, "add"),
        name="Talo",
        street="Koivukatu 1",
        postcode="70100",
        municipality=town.pk,
        latitude="62.89",
        longitude="27.68",
        accessibility=["lift", "step_free"],
        **in_languages("how_to_get_there", fi="Bussi 4."),
    )
    place = Place.objects.get()
    assert place.how_to_get_there == {"fi": "Bussi 4."}
    assert set(place.accessibility) == {"lift", "step_free"}
    url = url_of(place, "preview_on_edit")
    data = editing.filled_form(editor.get(url_of(place, "edit")).content.decode())
    assert editor.post(url, data).json()["is_valid"]
    assert editor.get(url).status_code == 200


def test_a_term_keeps_its_words(moderator):
    send(
        moderator,
        url_of(Term, "add"),
        scheme="topic",
        code="kahvi",
        **in_languages("labels", fi="Kahvi", sv="Kaffe"),
        **in_languages("alt_labels", fi="sumppi\r\njava"),
    )
    term = Term.objects.get()
    assert term.alt_labels == {"fi": ["sumppi", "java"]}
    send(moderator, url_of(term, "edit"))
    assert Term.objects.get().alt_labels == {"fi": ["sumppi", "java"]}
    url = url_of(term, "preview_on_edit")
    assert moderator.post(url, editing.filled_form(moderator.get(url_of(term, "edit")).content.decode())).json()[
        "is_valid"
    ]
    assert moderator.get(url).status_code == 200


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_mistake_is_read_here_and_answered_in_the_workspace(editor, name: str):
    report = FactReport.objects.create(service=ServiceFactory(), message="Numero on väärä.")
    assert "Numero on väärä." in editor.get("/admin/fact_reports/").content.decode()
    assert "Numero on väärä." in editor.get(f"/admin/fact_reports/inspect/{report.pk}/").content.decode()
    editor.post(f"/admin/fact_reports/{name}/{report.pk}/", {"message": "Toista.", "handled_at": "2026-01-01 10:00"})
    editor.post("/admin/fact_reports/new/", {"message": "Keksitty."})
    assert FactReport.objects.get().message == "Numero on väärä."
    assert FactReport.objects.get().handled_at is None


# --- Rights -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", [Service, Organisation, Place, Term])
def test_who_is_not_signed_in_is_sent_to_the_login(client, model):
    answer = client.get(url_of(model, "list"), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/fi/accounts/login/?next=/admin/")


@pytest.mark.parametrize("model", [Service, Organisation, Place, Term])
def test_what_does_not_exist_is_404(moderator, model):
    assert moderator.get(reverse(model.snippet_viewset.get_url_name("edit"), args=[987654])).status_code == 404


def test_editors_see_the_vocabulary_but_do_not_change_it(editor):
    term = TermFactory()
    assert editor.get(url_of(Term, "list")).status_code == 200
    assert editor.post(url_of(term, "edit"), {}).status_code == 302
    assert editor.get(url_of(Term, "add")).status_code == 302


def test_settings_are_the_administrators(editor, moderator):
    for url in ("/admin/municipalities/", "/admin/users/", "/admin/sites/", "/admin/workflows/list/"):
        assert editor.get(url).status_code == 302, url
        assert moderator.get(url).status_code == 302, url
    assert client_of(person()).get("/admin/municipalities/").status_code == 200
