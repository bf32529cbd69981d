"""The same sweep over what the whole publication brought: tools used together, rounds, prints, picked listings, the
checklist of partnership, contacts by area, words explained. How words are planted: test_secrets.py.
"""

import datetime
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction

from cards.models import ActionCardPage, PracticeModelPage
from cards.printing.composing import make_html
from cards.printing.selection import MOST_PAGES, Layout, is_printable, selection_of
from cards.quality import actions as quality
from cards.quality.access import address, answering_path
from cards.quality.keys import answering_key
from directory import actions, shortlist
from directory.models import PartnershipGroup, PartnershipItem, PartnershipState
from portal.base import languages
from portal.content.models import GlossaryPage, HomePage
from search import indexing
from tests.cards.rounds import themes
from tests.cards.test_joined import pins
from tests.cards.test_pages import body
from tests.cards.test_reminder import ReminderPageFactory
from tests.cards.test_together import SharedToolsPageFactory
from tests.editing import EDITOR, client_of, person
from tests.factories.cards import ActionCardPageFactory, HelpContactFactory, QualityCriteriaPageFactory
from tests.factories.content import TextPageFactory
from tests.factories.directory import CountyFactory, area_administrator
from tests.search.index import everything_written, settle
from tests.test_secrets import OPEN, Planted, planted  # noqa: F401  the fixture

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 22)


@dataclass
class More:
    """What is hidden besides, and the pages and addresses that show what is public."""

    planted: Planted
    pages: list[Page]
    paths: list[str] = field(default_factory=list)
    # Not even an editor reads these.
    keepers_alone: set[str] = field(default_factory=set)


@pytest.fixture
def more(planted: Planted) -> More:  # noqa: F811
    home = HomePage.objects.get(locale__language_code="fi")
    model = PracticeModelPage.objects.get(live=True)
    draft_card = ActionCardPage.objects.get(title__contains="salaisuuscardx")

    # --- pages that nobody may read, or not everybody
    restricted = ActionCardPageFactory(
        parent=model, title=planted.words("restricted"), lead=planted.words("restricted_lead"), stages=["1"]
    )
    below_restricted = TextPageFactory(parent=home, title=planted.words("restricted_text"), show_in_footer=True)
    hidden_criteria = QualityCriteriaPageFactory(
        parent=model, title=planted.words("restricted_criteria"), slug="rajatut", themes=themes()
    )
    for page in (restricted, below_restricted, hidden_criteria):
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    inner = TextPageFactory(parent=below_restricted, title=planted.words("inner_text"), audience="worker")
    above = TextPageFactory(parent=home, title=planted.words("draft_above"), live=False)
    shown = planted.services[-1]
    ActionCardPageFactory(
        parent=model, title=planted.words("pinning_draft"), body=pins(shown, why=planted.words("why")), live=False
    )

    # --- public pages that name them
    named = [draft_card.pk, restricted.pk, below_restricted.pk, hidden_criteria.pk, inner.pk]
    contact = HelpContactFactory(
        name={"fi": planted.words("area_contact")}, county=CountyFactory(code="06"), live=False, phone="010"
    )
    newer = HelpContactFactory(name={"fi": f"{OPEN} linja"}, county=CountyFactory(code="15"))
    newer.name = {"fi": planted.words("newer_contact")}
    newer.save_revision()
    many = body(
        ("text", "<p>Apua antaa turvakoti.</p>"),
        ("contacts", {"title": "", "contacts": [contact.pk, newer.pk]}),
        ("pages", {"title": "Lue myös", "pages": named}),
        ("live_search", {"title": "Nyt tarjolla", "stages": ["1"]}),
    )
    card = ActionCardPageFactory(parent=model, title=f"{OPEN} valitut", body=pins(*planted.services), stages=["1"])
    text = TextPageFactory(parent=home, title=f"{OPEN} teksti", body=many)
    lower = TextPageFactory(parent=above, title=f"{OPEN} alasivu", body=many)
    reminder = ReminderPageFactory(parent=SharedToolsPageFactory(parent=home), body=many)
    criteria = QualityCriteriaPageFactory(parent=model, slug="uudet", themes=themes())
    glossary = GlossaryPage.objects.get(locale=home.locale)
    term = {"key": "turvakoti", "term": "turvakoti", "definition": "Suoja.", "group": "guidance"}
    glossary.terms = [("term", term)]
    glossary.save_revision().publish()
    glossary.terms = [("term", {**term, "definition": planted.words("newer_word")})]
    glossary.save_revision()
    it = More(planted, [card, text, lower, reminder, criteria, model, glossary])

    # --- rounds: whoever has no key reads nothing of them
    opened = quality.open_round(criteria, name=planted.words("round"))
    for _each in range(5):
        key = opened.round.statements[0]
        quality.answer(opened.round, answered_by=key["answered_by"], values={key["key"]: 4})
    quality.close_round(opened.round)
    quality.write_goals(opened.round, planted.words("goals"), seen=quality.version_of(""))
    keys = {opened.keeper_key.lower(), answering_key(opened.keeper_key)}
    planted.secrets |= {f"avain{n}": key for n, key in enumerate(sorted(keys))}
    assert planted.found_in(Client().get(address("quality_round", opened.keeper_key)).content.decode())
    it.paths.append(answering_path(opened.round, "somebody-elses-key"))

    # --- an area's own notes
    county = CountyFactory(code="15")
    item = PartnershipItem.objects.create(key="roolit", group=PartnershipGroup.AGREEING, text={"fi": f"{OPEN} asia"})
    note = planted.words("partnership_note")
    keeper = area_administrator(county)
    actions.answer_partnership(county, item, state=PartnershipState.IN_PLACE, note=note, by=keeper, version=0)
    it.keepers_alone = {f"salaisuus{name}x" for name in ("round", "goals", "partnershipnote")} | keys
    it.pages.append(TextPageFactory(parent=home, title="Kumppanuus", body=body(("partnership", {"title": "Lista"}))))
    settle()
    return it


def _paths(more: More, code: str) -> list[str]:
    """Every address of what is new, in one language."""
    with translation.override(code):
        areas = [f"{reverse('content:help_now')}?county={county}" for county in ("06", "15", "99")]
        prints = [f"{reverse('cards:choose_pages')}{query}" for query in ("", "?model=A", "?model=B", "?page=1")]
        baits = [*more.planted.baits, OPEN]
        searches = [
            f"{reverse('search:search')}?q={bait}&as={reader}&type=all" for bait in baits for reader in ("worker", "")
        ]
        rounds = [
            reverse("cards:quality_open", args=[page.pk]) for page in Page.objects.all() if page.title.startswith("s")
        ]
        names = ("quality_round", "quality_answer", "quality_csv", "quality_pdf", "quality_close", "quality_delete")
        rounds += [reverse(f"cards:{name}") for name in names]
    return [*areas, *prints, *searches, *rounds]


@pytest.mark.parametrize("code", languages.CODES)
def test_no_page_of_the_publication_gives_a_secret_away(more: More, code: str):
    client = Client()
    client.cookies[shortlist.COOKIE] = shortlist.pack([each.translation_key for each in more.planted.services])
    paths = _paths(more, code)
    if code == languages.FINNISH:
        paths += [*(page.url for page in more.pages), more.planted.services[-1].get_absolute_url(), *more.paths]
        # A second look: now something is remembered.
        paths *= 2
    seen_open = 0
    for path in paths:
        response = client.get(path)
        text = response.content.decode()
        seen_open += OPEN in text
        assert not more.planted.found_in(text) | more.planted.found_in(str(response.headers)), path
        assert response.status_code in {200, 302, 404}, path
    assert seen_open > 0


def test_a_preview_leaves_nothing_behind(more: More):
    for page in (page.specific for page in Page.objects.filter(depth__gt=2)):
        draft = page.get_latest_revision_as_object()
        assert draft.make_preview_request(preview_mode=draft.default_preview_mode).status_code == 200
    test_no_page_of_the_publication_gives_a_secret_away(more, languages.FINNISH)


def test_no_paper_gives_a_secret_away(more: More):
    everything = [page.pk for page in Page.objects.filter(depth__gt=2) if is_printable(page.specific)]
    assert len(everything) <= MOST_PAGES
    selection = selection_of(everything)
    assert selection is not None
    assert {page.pk for page in more.pages if is_printable(page)} <= {page.pk for page in selection.pages}
    html = make_html(selection, TODAY)
    assert OPEN in html
    assert not more.planted.found_in(html)
    assert selection.layout == Layout.PAGES


def test_no_file_of_the_publication_gives_a_secret_away(more: More):
    for path in ("/sitemap.xml", "/robots.txt", "/api/v1/openapi.json"):
        text = Client().get(path).content.decode()
        assert not more.planted.found_in(text)
        assert "avain" not in text
    for bait in more.planted.baits:
        for reader in ("worker", "person"):
            found = Client().get("/api/v1/search", {"q": bait, "type": "all", "as": reader}).json()
            assert not found.get("results"), bait


def test_the_index_holds_nothing_of_rounds_and_restricted_pages(more: More):
    indexing.rebuild(indexing.engine_names()[0])
    settle()
    written = everything_written(with_spellings=True)
    assert OPEN in written
    assert not more.planted.found_in(written)


def test_an_editor_reads_no_round_and_no_areas_note(more: More):
    editor = client_of(person(EDITOR))
    names = ["pages_to_mend", "due_records", "translations", "broken_links"]
    names += ["wagtailadmin_home", "wagtailadmin_reports:site_history"]
    paths = [reverse(name) for name in names]
    paths += [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in more.pages]
    paths += [reverse("wagtailadmin_pages:usage", args=[page.pk]) for page in more.pages]
    for path in paths:
        response = editor.get(path)
        assert response.status_code in {200, 302}, path
        assert not more.planted.found_in(response.content.decode()) & more.keepers_alone, path
