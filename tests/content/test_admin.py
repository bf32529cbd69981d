"""Editing the site's pages in the admin, the panel of things to check, the report of links, and the admin's safety."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text
from wagtail.users.models import UserProfile

from directory.models import FactReport
from portal.accounts.actions import close_account
from portal.accounts.models import User
from portal.base.models import LinkCheck
from portal.content.models import GlossaryPage, HomePage, PathwayPage, StagePage, TextPage
from tests import editing
from tests.editing import PUBLISH, SUBMIT, add_page_url, client_of, page_url, person, send, stream
from tests.factories.cards import HelpContactFactory, LawReferenceFactory
from tests.factories.content import (
    GlossaryPageFactory,
    HomePageFactory,
    PathwayPageFactory,
    StagePageFactory,
    TextPageFactory,
)
from tests.factories.directory import ServiceFactory

pytestmark = pytest.mark.django_db

SECRET = "Salainen luonnos"


@pytest.fixture
def editor() -> Client:
    return client_of(person(editing.EDITOR))


@pytest.fixture
def moderator() -> Client:
    return client_of(person(editing.MODERATOR))


@pytest.fixture
def home() -> HomePage:
    return HomePageFactory()


BODY = stream("body", ("heading", "Otsikko"), ("text", rich_text("<p>Tekstiä.</p>")))


# --- Every type -------------------------------------------------------------------------------------------------------
def test_a_text_page_is_written_published_and_seen(moderator, home):
    send(moderator, add_page_url(TextPage, home), button=PUBLISH, title="Ohje", slug="ohje", lead="Lyhyesti.", **BODY)

    page = TextPage.objects.get()
    assert page.live
    assert [block.block_type for block in page.body] == ["heading", "text"]
    assert "Tekstiä." in Client().get(page.url).content.decode()


def test_a_front_page_of_another_language_is_written(moderator):
    root = Page.objects.get(depth=1)
    send(moderator, add_page_url(HomePage, root), button=PUBLISH, title="Etusivu", slug="fi", **stream("body"))
    assert HomePage.objects.get().live


def test_the_pathway_and_its_stages_are_written(moderator, home):
    send(moderator, add_page_url(PathwayPage, home), button=PUBLISH, title="Polku", slug="polku", **BODY)
    send(
        moderator,
        add_page_url(StagePage, PathwayPage.objects.get()),
        button=PUBLISH,
        title="Vaihe 1",
        slug="vaihe-1",
        number="1",
        short_name="Alku",
        person_words="Kaipaan seuraa.",
        person_situation=rich_text("<p>Yksin.</p>"),
        worker_cue="Ihminen on yksin.",
        guidance_form="Hyvinvointilähete",
        guidance_how=rich_text("<p>Kerro.</p>"),
        offers=rich_text("<p>Ryhmiä.</p>"),
        **stream("where_to_look", ("place", {"label": "Lähellä", "url": "", "note": ""})),
        **stream("body"),
    )
    stage = StagePage.objects.get()
    assert stage.live
    assert stage.where_to_look[0].value["label"] == "Lähellä"
    assert Client().get(stage.url).status_code == 200


def test_a_glossary_is_written(moderator, home):
    word = {
        "key": "kunta",
        "term": "Kunta",
        "definition": "Alue.",
        "simple": "",
        "swedish": "",
        "english": "",
        "group": "people",
    }
    send(
        moderator,
        add_page_url(GlossaryPage, home),
        button=PUBLISH,
        title="Sanasto",
        slug="sanasto",
        **stream("terms", ("term", word)),
    )
    glossary = GlossaryPage.objects.get()
    assert glossary.terms[0].value["term"] == "Kunta"
    assert "Kunta" in Client().get(glossary.url).content.decode()


def pages(home: HomePage) -> list[Page]:
    pathway = PathwayPageFactory(parent=home)
    return [
        home,
        TextPageFactory(parent=home),
        pathway,
        StagePageFactory(parent=pathway),
        GlossaryPageFactory(parent=home),
    ]


def test_every_type_is_edited_previewed_and_kept_as_a_draft(editor, home):
    for page in pages(home):
        fields = stream("terms") if isinstance(page, GlossaryPage) else stream("body")
        if isinstance(page, StagePage):
            fields |= stream("where_to_look")
            fields |= {name: rich_text("<p>x</p>") for name in ("person_situation", "guidance_how", "offers")}
        send(editor, page_url(page), title=SECRET, **fields)

        preview = page_url(page, "preview_on_edit")
        data = {**editing.filled_form(editor.get(page_url(page)).content.decode()), **fields}
        assert editor.post(preview, data).json()["is_valid"], type(page)
        shown = editor.get(preview)
        assert shown.status_code == 200
        assert SECRET in shown.content.decode()
        assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
        assert "'unsafe-inline'" not in shown["Content-Security-Policy"]
        page.refresh_from_db()
        assert page.title != SECRET
        assert SECRET not in Client().get(page.url).content.decode()
        assert SECRET in editor.get(page_url(page, "view_draft")).content.decode()


def test_versions_of_a_page_are_compared(moderator, home):
    page = TextPageFactory(parent=home, title="Ennen")
    first = page.latest_revision
    send(moderator, page_url(page), button=PUBLISH, title="Jälkeen", **BODY)
    page.refresh_from_db()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, page.latest_revision.pk])
    assert "Jälkeen" in moderator.get(url).content.decode()


# --- Approval ---------------------------------------------------------------------------------------------------------
def test_a_page_is_approved_by_a_moderator(editor, moderator, home):
    editing.with_approval()
    page = TextPageFactory(parent=home, title="Ennen")
    send(editor, page_url(page), button=SUBMIT, title="Jälkeen", **BODY)
    page.refresh_from_db()
    assert page.title == "Ennen"
    assert "action-publish" not in editor.get(page_url(page)).content.decode()

    send(
        moderator,
        page_url(page),
        button={"action-workflow-action": "true", "workflow-action-name": "approve"},
        **BODY,
    )
    page.refresh_from_db()
    assert page.live
    assert page.title == "Jälkeen"


# --- Things to check --------------------------------------------------------------------------------------------------
def test_the_first_page_tells_what_waits_and_leads_to_it(editor):
    fresh = ServiceFactory()
    type(fresh).objects.filter(pk=fresh.pk).update(checked_on=timezone.localdate())
    old = ServiceFactory(title="Vanha")
    type(old).objects.filter(pk=old.pk).update(checked_on=timezone.localdate() - datetime.timedelta(days=400))
    FactReport.objects.create(service=fresh, message="Väärin.")
    FactReport.objects.create(service=fresh, message="Korjattu.", handled_at=timezone.now())
    HelpContactFactory(needs_check=True)
    LawReferenceFactory(needs_check=False)

    panel = next(each for each in editor.get("/admin/").context["panels"] if each.name == "to_check")
    rows = {row.url: row.count for row in panel.rows()}

    services = reverse("wagtailsnippets_directory_service:list") + "?due=true"
    reports = reverse("fact_reports:index") + "?open=true"
    assert rows[services] == 1
    assert rows[reports] == 1
    labels = {row.label: row for row in panel.rows() if row.url == reverse("due_records")}
    # The law that waits for nothing has never been checked by anybody either.
    assert [row.count for row in labels.values()] == [1, 1]
    listed = editor.get(services).content.decode()
    assert "Vanha" in listed
    assert fresh.title not in listed
    told = editor.get(reports).content.decode()
    assert "Väärin." in told
    assert "Korjattu." not in told


def test_links_with_a_problem_are_listed_and_can_be_looked_at_again(editor):
    contact = HelpContactFactory(name={"fi": "Rikki oleva linja"}, website="https://poissa.example.org/")
    HelpContactFactory(website="https://toimii.example.org/")
    LinkCheck.objects.create(
        url=contact.website,
        status="broken",
        problem="not_found",
        checked_at=timezone.now() - datetime.timedelta(days=1),
    )
    url = reverse("broken_links")
    assert url in editor.get("/admin/").content.decode()

    html = editor.get(url).content.decode()
    assert "Rikki oleva linja" in html
    assert "https://toimii.example.org/" not in html
    assert "https://toimii.example.org/" in editor.get(f"{url}?all=1").content.decode()

    for _time in range(2):
        assert editor.post(url).status_code == 302
    assert DBTaskResult.objects.count() == 1


# --- Safety -----------------------------------------------------------------------------------------------------------
ADMIN_PAGES = ("/admin/", "/admin/pages/", "/admin/images/", "/admin/reports/links/", "/admin/account/")


@pytest.mark.parametrize("url", ADMIN_PAGES)
def test_who_is_not_signed_in_meets_the_login(client, url):
    answer = client.get(url, follow=True)
    assert answer.redirect_chain[-1][0] == f"/fi/accounts/login/?next={url}"


@pytest.mark.parametrize("url", ADMIN_PAGES)
def test_a_person_without_rights_meets_a_no(url):
    assert client_of(person(editing.NOBODY)).get(url, follow=True).status_code == 403


@pytest.mark.parametrize("url", ADMIN_PAGES)
def test_editors_work_under_the_admins_own_policy(editor, url):
    answer = editor.get(url)
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_a_page_that_does_not_exist_is_404(moderator, home):
    assert moderator.get("/admin/pages/987654/edit/").status_code == 404


def test_the_form_of_a_picture_tells_what_its_words_are_for(editor):
    picture = Image.objects.create(
        title="Talo", file=get_test_image_file(), uploaded_by_user=person(email="x@example.org")
    )
    html = client_of(person(editing.MODERATOR)).get(reverse("wagtailimages:edit", args=[picture.pk])).content.decode()
    assert 'id="panel-child-title' in html or "id_title-helptext" in html or "help" in html
    assert "id_description" in html


def test_what_the_admin_knows_of_a_person_goes_with_the_account():
    user = User.objects.create_user("joku@example.org")
    UserProfile.get_for_user(user)
    close_account(user, by=user)
    assert not UserProfile.objects.exists()
