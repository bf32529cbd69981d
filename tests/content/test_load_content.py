"""`load_content` as a whole, on the real files: the tree, its languages, approval and rights; a second run; edits."""

import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, ReferenceIndex, Site, WorkflowContentType

from cards.models import ActionCardPage, DigitalToolPage, HelpContact, LawReference, PracticeModelPage, ToolThemePage
from directory.models import County, Municipality, Region, Service, Term
from portal.base import languages
from portal.base.loading import Folder
from portal.base.models import LoadedContent
from portal.content import loading
from portal.content.models import GlossaryPage, HomePage, StagePage, TextPage
from portal.content.roles import RIGHTS


# --- The first load --------------------------------------------------------------------------------------------------
@pytest.fixture
def changed_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the editorial content that a test may change; answers its folder."""
    copy = tmp_path / "content"
    shutil.copytree(loading.CONTENT.path, copy)
    monkeypatch.setattr(loading, "CONTENT", Folder("content", copy))
    return copy


def test_everything_is_there(site: None):
    assert (Region.objects.count(), County.objects.count(), Municipality.objects.count()) == (19, 23, 308)
    assert Term.objects.topics().filter(parent=None).exists()
    assert Term.objects.target_groups().count() >= 19
    assert HelpContact.objects.public().count() >= 25
    assert LawReference.objects.filter(live=True, successor__isnull=False).exists()
    finnish = {"live": True, "locale__language_code": languages.FINNISH}
    assert list(PracticeModelPage.objects.filter(**finnish).values_list("letter", flat=True).order_by("path")) == [
        *"ABCD"
    ]
    assert ToolThemePage.objects.filter(**finnish).count() == 8
    assert DigitalToolPage.objects.live().count() >= 70
    assert Service.objects.public().count() >= 80
    # Everything is public as it stands: no draft waits, and editors have a revision to begin with.
    assert not Page.objects.filter(depth__gt=1, live=False).exists()
    assert not Page.objects.filter(depth__gt=1, latest_revision=None).exists()
    assert not Page.objects.filter(has_unpublished_changes=True).exists()
    assert not any(Page.find_problems())


def test_the_site_and_its_languages(site: None):
    record = Site.objects.get()
    assert record.is_default_site
    assert record.hostname == "localhost"
    assert record.root_page.slug == "fi"
    homes = HomePage.objects.all()
    assert {home.slug: home.locale.language_code for home in homes} == {code: code for code in languages.CODES}
    assert len({home.translation_key for home in homes}) == 1
    assert not Page.objects.filter(title__startswith="Welcome").exists()
    for number in "12345":
        stages = StagePage.objects.filter(number=number)
        assert {stage.locale.language_code for stage in stages} == set(languages.CODES)
        assert len({(stage.translation_key, stage.slug) for stage in stages}) == 1


def test_cards_stand_in_their_order_and_refer_to_records(site: None):
    model = PracticeModelPage.objects.get(letter="A", locale__language_code=languages.FINNISH)
    assert [child.slug for child in model.get_children()][-1] == "laatukriteerit"
    card = ActionCardPage.objects.child_of(model).get(slug="yhteystietoja")
    contacts = [each for block in card.body if block.block_type == "contacts" for each in block.value["contacts"]]
    assert contacts
    assert all(isinstance(contact, HelpContact) for contact in contacts)
    assert ReferenceIndex.get_references_to(contacts[0]).exists()
    searches = [block.value for block in card.body if block.block_type == "live_search"]
    assert searches
    assert any(search["topics"] or search["channels"] for search in searches)


def test_easy_finnish_glossary_explains_easily(site: None):
    pages = {page.locale.language_code: page for page in GlossaryPage.objects.all()}
    finnish, easy = pages["fi"].terms[0].value, pages["fi-simple"].terms[0].value
    assert easy["definition"] == finnish["simple"]
    assert finnish["swedish"]


def test_approval_and_rights(site: None):
    assert Page.get_first_root_node().get_workflow().active
    assert {str(each.content_type.model) for each in WorkflowContentType.objects.all()} == {"service", "organisation"}
    for name, rights in RIGHTS.items():
        has = {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=name).permissions.all()}
        for model, verbs in rights.items():
            app, kind = model.split(".")
            assert {f"{app}.{verb}_{kind}" for verb in verbs} <= has
    editors = Group.objects.get(name="Editors").permissions.values_list("codename", flat=True)
    assert not {codename for codename in editors if codename.startswith(("publish_", "unlock_"))}


# --- Another load ----------------------------------------------------------------------------------------------------
def test_a_second_load_changes_nothing_and_asks_little(site: None):
    records = list(LoadedContent.objects.order_by("key").values())
    revisions = Page.objects.order_by("pk").values_list("pk", "latest_revision_id", "path")
    before = list(revisions)
    with CaptureQueriesContext(connection) as queries:
        again = loading.load_everything()
    assert set(+again.counts) == {"unchanged"}
    assert again.left == []
    assert list(LoadedContent.objects.order_by("key").values()) == records
    assert list(revisions.all()) == before
    assert len(queries) <= 20


def test_files_change_and_editors_do_too(site: None, changed_content: Path):
    about = changed_content / "fi" / "pages" / "about.yaml"
    edited = changed_content / "fi" / "pages" / "privacy.yaml"
    deleted = changed_content / "fi" / "pages" / "open-data.yaml"
    for path in (about, edited, deleted):
        path.write_text(path.read_text().replace("\nlead: ", "\nlead: Uusi. ", 1).replace('Uusi. "', '"Uusi. ', 1))
    (changed_content / "fi" / "pages" / "extra.yaml").write_text(about.read_text().replace("tietoa-palvelusta", "lisa"))

    def page(slug: str) -> TextPage:
        return TextPage.objects.get(slug=slug, locale__language_code="fi")

    mine = page("tietosuoja")
    mine.lead = "Toimittajan oma"
    mine.save_revision().publish()
    page("avoin-data").delete()

    again = loading.load_everything(with_sample=False)

    assert page("tietoa-palvelusta").lead.startswith("Uusi. ")
    assert page("tietosuoja").lead == "Toimittajan oma"
    assert not TextPage.objects.filter(slug="avoin-data", locale__language_code="fi").exists()
    assert page("lisa").get_prev_sibling().slug == "saavutettavuus"
    assert again.counts["updated"] == again.counts["created"] == 1
    assert sorted(again.left) == [
        "content/fi/pages/open-data.yaml: an editor has removed it",
        "content/fi/pages/privacy.yaml: an editor has changed it",
    ]


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("type: heading", "type: headline", "unknown block type 'headline'"),
        ("title: ", "titel: ", "missing title"),
        ("<p>", "<p><script>", "<script> may not stand here"),
        ("</p>", "", "<p>|</li>|</ul>"),
        ("show_in_footer: true", "show_in_footer: perhaps", "show_in_footer"),
        ("slug: ", "colour: red\nslug: ", "unknown colour"),
    ],
)
def test_a_wrong_file_loads_nothing_and_is_named(site: None, changed_content: Path, old: str, new: str, message: str):
    name = changed_content / "fi" / "pages" / "about.yaml"
    assert old in name.read_text()
    name.write_text(name.read_text().replace(old, new, 1))
    with pytest.raises(CommandError, match=rf"Nothing was loaded\. content/fi/pages/about\.yaml: .*({message})"):
        call_command("load_content", "--no-sample", verbosity=0)
    # What came before it in the run is rolled back too: a right file is loaded as before.
    assert LoadedContent.objects.filter(key="content/fi/pages/about.yaml").exists()


def test_a_right_that_was_taken_away_stays_away(site: None):
    group = Group.objects.get(name="Editors")
    group.permissions.remove(*group.permissions.filter(codename="change_helpcontact"))
    loading.load_everything()
    assert not group.permissions.filter(codename="change_helpcontact").exists()
