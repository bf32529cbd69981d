"""Editing cards, tools, contacts and laws in the admin, through the forms that people use."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import rich_text, streamfield

from cards.models import (
    ActionCardPage,
    DigitalToolPage,
    HelpContact,
    LawReference,
    PracticeModelIndexPage,
    PracticeModelPage,
    QualityCriteriaPage,
    ToolCataloguePage,
    ToolThemePage,
)
from portal.base.models import BasePage
from tests import editing
from tests.editing import PUBLISH, SUBMIT, add_page_url, client_of, in_languages, page_url, person, send, stream, url_of
from tests.factories.cards import (
    ActionCardPageFactory,
    DigitalToolPageFactory,
    HelpContactFactory,
    LawReferenceFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
    QualityCriteriaPageFactory,
    ToolCataloguePageFactory,
    ToolThemePageFactory,
)
from tests.factories.content import HomePageFactory

pytestmark = pytest.mark.django_db

SECRET = "Salainen luonnos"


@pytest.fixture
def editor() -> Client:
    return client_of(person(editing.EDITOR))


@pytest.fixture
def moderator() -> Client:
    return client_of(person(editing.MODERATOR))


@pytest.fixture
def model() -> PracticeModelPage:
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), slug="a")


@pytest.fixture
def catalogue(model) -> ToolCataloguePage:
    return ToolCataloguePageFactory(parent=model.get_parent().get_parent())


def a_body() -> dict:
    """Every kind of block that a card is made of."""
    branch = {"situation": "Kevyt", "actions": ["Soita"], "responsibility": "", "recorded": "", "followed_up": ""}
    listed = {"title": "", "items": ["Kysy.", "Kuuntele."]}
    contact, law = HelpContactFactory(), LawReferenceFactory()
    blocks = [
        ("text", rich_text("<p>Tekstiä.</p>")),
        ("heading", "Otsikko"),
        ("notice", {"tone": "info", "text": rich_text("<p>Huomaa.</p>")}),
        ("links", {"title": "", "items": [{"label": "Lue", "url": "https://example.org/"}]}),
        *((name, listed) for name in ("things_to_do", "done_well", "checklist", "tips", "questions")),
        ("branches", {"title": "", "light": branch, "wider": branch, "complex": branch}),
        (
            "decision",
            {
                "question": "Riittääkö?",
                "yes": rich_text("<p>K</p>"),
                "no": rich_text("<p>E</p>"),
                "note": rich_text(""),
            },
        ),
        ("concepts", [{"term": "Tuki", "points": ["Apu"]}]),
        ("helpers", {"title": "", "rows": [{"who": "Ystävä", "helps_with": ["Seura"]}]}),
        ("contacts", {"title": "", "contacts": [contact.pk]}),
        ("laws", {"title": "", "laws": [law.pk]}),
        ("tool_themes", {"title": "", "themes": ["1", "2"]}),
        (
            "live_search",
            {
                "title": "Seuraa",
                "stages": ["1"],
                "topics": [],
                "target_groups": [],
                "kinds": ["peer_group"],
                "channels": [],
            },
        ),
    ]
    return stream("body", *((name, _lists(value)) for name, value in blocks))


def _lists(value):
    """Lists inside a block are sent with their counts, as the editor sends them; sets of choices are not."""
    if isinstance(value, list):
        items = [("item", _lists(item)) for item in value]
        data = streamfield(items)
        for number in range(len(items)):
            data[str(number)].pop("type")
        return data
    if isinstance(value, dict):
        choices = {"stages", "topics", "target_groups", "kinds", "channels", "themes"}
        # A tuple is sent as several values of one name.
        return {key: tuple(each) if key in choices else _lists(each) for key, each in value.items()}
    return value


def test_a_card_with_every_kind_of_block_is_written_and_seen(moderator, model):
    send(
        moderator,
        add_page_url(ActionCardPage, model),
        button=PUBLISH,
        title="Kysy",
        slug="kysy",
        role="step",
        stages=["2", "1"],
        need_tiers=["light"],
        **a_body(),
    )

    card = ActionCardPage.objects.get()
    assert card.live
    assert card.stages == ["1", "2"]
    assert len(card.body) == 17
    assert list(card.body[-1].value["stages"]) == ["1"]
    html = Client().get(card.url).content.decode()
    for words in ("Riittääkö?", "Kuuntele.", "Ystävä", "Sosiaalihuoltolaki"):
        assert words in html


def test_models_criteria_themes_and_catalogues_are_written(moderator):
    home = HomePageFactory()
    empty = stream("body")
    send(moderator, add_page_url(PracticeModelIndexPage, home), button=PUBLISH, title="Kortit", slug="kortit", **empty)
    index = PracticeModelIndexPage.objects.get()
    send(
        moderator, add_page_url(PracticeModelPage, index), button=PUBLISH, title="Malli", slug="a", letter="A", **empty
    )
    theme = {"theme": "participation", "statements": _lists([{"text": "Kysymme.", "answered_by": "both"}])}
    theme["theme"] = (
        QualityCriteriaPage._meta.get_field("themes")
        .stream_block.child_blocks["theme"]
        .child_blocks["theme"]
        .field.choices[1][0]
    )
    statement = theme["statements"]["0"]["value"]
    answered = (
        QualityCriteriaPage._meta.get_field("themes").stream_block.child_blocks["theme"].child_blocks["statements"]
    )
    statement["answered_by"] = answered.child_block.child_blocks["answered_by"].field.choices[1][0]
    send(
        moderator,
        add_page_url(QualityCriteriaPage, PracticeModelPage.objects.get()),
        button=PUBLISH,
        title="Laatu",
        slug="laatu",
        **stream("themes", ("theme", theme)),
    )
    send(moderator, add_page_url(ToolCataloguePage, home), button=PUBLISH, title="Digi", slug="digi", **empty)
    send(
        moderator,
        add_page_url(ToolThemePage, ToolCataloguePage.objects.get()),
        button=PUBLISH,
        title="Teema",
        slug="teema",
        number="1",
        side_person=rich_text("<p>A</p>"),
        side_professional=rich_text("<p>B</p>"),
        **empty,
    )
    for page in [*Page.objects.type(BasePage).specific()]:
        assert page.live, page
        assert Client().get(page.url).status_code == 200, page


def test_a_tool_is_written_and_seen(moderator, catalogue):
    send(
        moderator,
        add_page_url(DigitalToolPage, catalogue),
        button=PUBLISH,
        title="Viestin",
        slug="viestin",
        purpose="Yhteydenpitoon.",
        themes=["2", "1"],
        tool_type="app",
        description=rich_text("<p>Kuvaus.</p>"),
        link="https://example.org/",
    )
    tool = DigitalToolPage.objects.get()
    assert tool.themes == ["1", "2"]
    assert "Yhteydenpitoon." in Client().get(tool.url).content.decode()


def test_every_type_is_a_draft_until_published_and_previewed(editor, model, catalogue):
    pages = [
        model.get_parent().specific,
        model,
        ActionCardPageFactory(parent=model),
        QualityCriteriaPageFactory(parent=model),
        catalogue,
        ToolThemePageFactory(parent=catalogue),
        DigitalToolPageFactory(parent=catalogue),
    ]
    for page in pages:
        fields: dict = stream("themes") if isinstance(page, QualityCriteriaPage) else stream("body")
        rich = {ToolThemePage: ("side_person", "side_professional"), DigitalToolPage: ("description",)}.get(
            type(page), ()
        )
        fields |= {name: rich_text("<p>x</p>") for name in rich}
        send(editor, page_url(page), title=SECRET, **fields)

        preview = page_url(page, "preview_on_edit")
        data = {**editing.filled_form(editor.get(page_url(page)).content.decode()), **fields}
        assert editor.post(preview, data).json()["is_valid"], type(page)
        shown = editor.get(preview)
        assert shown.status_code == 200
        assert SECRET in shown.content.decode()
        assert SECRET not in Client().get(page.url).content.decode()


def test_versions_of_a_card_and_a_tool_are_compared(moderator, model, catalogue):
    """Sets of choices among them: Wagtail's own comparison expects single ones."""
    for page, changes in (
        (
            ActionCardPageFactory(parent=model, stages=["1"]),
            {"stages": ["1", "2"], "need_tiers": ["light"], **stream("body")},
        ),
        (
            DigitalToolPageFactory(parent=catalogue),
            {"themes": ["1", "3"], "languages": ["fi"], "description": rich_text("<p>x</p>")},
        ),
    ):
        first = page.latest_revision
        send(moderator, page_url(page), button=PUBLISH, title="Toinen", **changes)
        page.refresh_from_db()
        url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, page.latest_revision.pk])
        answer = moderator.get(url)
        assert answer.status_code == 200
        assert "Toinen" in answer.content.decode()


def test_a_card_is_approved_by_a_moderator(editor, moderator, model):
    editing.with_approval()
    card = ActionCardPageFactory(parent=model, title="Ennen")
    send(editor, page_url(card), button=SUBMIT, title="Jälkeen", **stream("body"))
    card.refresh_from_db()
    assert card.title == "Ennen"
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    send(moderator, page_url(card), button=approve, **stream("body"))
    card.refresh_from_db()
    assert card.title == "Jälkeen"


def test_a_card_is_translated_as_a_draft(model, django_capture_on_commit_callbacks):
    administrator = client_of(person())
    swedish = Locale.objects.get_or_create(language_code="sv")[0]
    card = ActionCardPageFactory(parent=model, title="Kysy", slug="kysy", stages=["1", "2"])
    submit = reverse("wagtail_localize:submit_page_translation", args=[card.pk])
    assert administrator.get(submit).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(submit, {"locales": [swedish.pk]})
    assert answer.status_code == 302, editing.errors(answer)

    translation = ActionCardPage.objects.get(locale=swedish)
    assert not translation.live
    assert translation.slug == "kysy"
    assert translation.stages == ["1", "2"]
    send(administrator, page_url(translation), button=PUBLISH, title="Fråga", **stream("body"))
    translation.refresh_from_db()
    assert translation.live
    assert translation.title == "Fråga"


# --- Contacts and laws ------------------------------------------------------------------------------------------------
def test_a_contact_is_written_published_and_previewed(moderator):
    send(
        moderator,
        url_of(HelpContact, "add"),
        button=PUBLISH,
        key="",
        group="crisis",
        phone="012 345 6789",
        **in_languages("name", fi="Auttava linja", sv="Hjälplinjen"),
    )
    contact = HelpContact.objects.get()
    assert contact.live
    assert contact.key == "auttava-linja"
    assert contact.name == {"fi": "Auttava linja", "sv": "Hjälplinjen"}
    shown = _preview(moderator, contact)
    assert "Auttava linja" in shown


def test_a_law_is_written_published_and_previewed(moderator):
    send(moderator, url_of(LawReference, "add"), button=PUBLISH, key="", name="Hallintolaki", section="8 §")
    law = LawReference.objects.get()
    assert law.live
    assert law.key == "hallintolaki-8"
    assert "Hallintolaki" in _preview(moderator, law)


def _preview(client: Client, snippet) -> str:
    url = url_of(snippet, "preview_on_edit")
    data = editing.filled_form(client.get(url_of(snippet, "edit")).content.decode())
    assert client.post(url, data).json()["is_valid"]
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_draft_of_a_contact_changes_nothing_public(editor):
    contact = HelpContactFactory(name={"fi": "Vanha"})
    send(editor, url_of(contact, "edit"), **in_languages("name", fi=SECRET))
    contact.refresh_from_db()
    assert contact.name == {"fi": "Vanha"}
    assert contact.get_latest_revision_as_object().name == {"fi": SECRET}
    send(editor, url_of(contact, "edit"), button=PUBLISH)
    contact.refresh_from_db()
    assert contact.name == {"fi": "Vanha"}, "an editor does not publish"


def test_versions_of_a_contact_are_compared(moderator):
    contact = HelpContactFactory(name={"fi": "Vanha"})
    for name in ("Toinen", "Kolmas"):
        send(moderator, url_of(contact, "edit"), button=PUBLISH, **in_languages("name", fi=name))
    first, second = contact.revisions.order_by("pk")[:2]
    url = reverse(HelpContact.snippet_viewset.get_url_name("revisions_compare"), args=[contact.pk, first.pk, second.pk])
    html = moderator.get(url).content.decode()
    assert "Toinen" in html
    assert "Kolmas" in html
