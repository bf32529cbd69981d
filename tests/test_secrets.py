"""Nothing that is not public leaves by any public surface: words are planted, and every page is searched for them.

Each secret is two words: the bait is asked of the search, the secret must appear nowhere. (What one types oneself
comes back in the search box, so the bait alone would prove nothing.)
"""

import datetime
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from wagtail.models import Page

from directory import shortlist
from directory.actions import report_mistake, save_draft
from directory.choices import Audience, Kind
from directory.models import Service
from portal.accounts.models import User
from portal.base import languages
from search import indexing
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
from tests.factories.content import (
    GlossaryPageFactory,
    HomePageFactory,
    PathwayPageFactory,
    StagePageFactory,
    TextPageFactory,
    translated_page,
)
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    translation_of,
)
from tests.search.index import everything_written, settle

pytestmark = pytest.mark.django_db

OPEN = "avokvaksi"
# The secret place's street number, postcode and point; no word of a language has them.
POSTCODE, LATITUDE, LONGITUDE = "83719", 61.73591, 26.84203


@dataclass
class Planted:
    """What was hidden where, and the addresses that show what is public."""

    secrets: dict[str, str] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    slugs: list[tuple[str, str]] = field(default_factory=list)

    def words(self, name: str) -> str:
        """A bait and a secret for one hiding place."""
        letters = name.replace("_", "")
        self.secrets[f"syotti{letters}x"] = f"salaisuus{letters}x"
        return f"syotti{letters}x salaisuus{letters}x"

    @property
    def baits(self) -> list[str]:
        return list(self.secrets)

    def found_in(self, text: str) -> set[str]:
        """The secrets that a text gives away."""
        text = unescape(text).replace("\u00ad", "").lower()
        numbers = {POSTCODE, str(LATITUDE), str(LONGITUDE), f"{LATITUDE:.4f}", f"{LONGITUDE:.4f}", "61.73", "26.84"}
        return {secret for secret in {*self.secrets.values(), *numbers} if secret in text}


@pytest.fixture
def planted() -> Planted:
    it = Planted()
    home = HomePageFactory(search_example="ruoka-apu")
    topic = TermFactory(code="money", labels={"fi": "Raha"})
    kuopio = MunicipalityFactory()
    common = {"stages": ["1", "2", "3", "4", "5"], "topics": [topic], "municipalities": [kuopio], "channels": ["phone"]}

    # --- services that are not public
    def hidden(name: str, **values: Any) -> Service:
        words = it.words(name)
        # A slug of its own: the page that says "not found" repeats the address that was asked for.
        slug = f"piilossa-{len(it.services)}"
        service = ServiceFactory(title=words, summary=words, description=words, slug=slug, **{**common, **values})
        it.slugs.append(("service", service.slug))
        it.services.append(service)
        return service

    hidden("draft", live=False)
    hidden("hidden", is_hidden=True)
    hidden("withdrawn", withdrawn_on=timezone.localdate())
    hidden("ended", kind=Kind.EVENT, ends_at=timezone.now() - datetime.timedelta(days=1))
    hidden("of_draft_body", organisation=OrganisationFactory(live=False, names={"fi": it.words("draft_body")}))
    hidden_body = OrganisationFactory(
        is_hidden=True, names={"fi": it.words("hidden_body")}, short_name=it.words("hidden_body_short")
    )
    hidden("of_hidden_body", organisation=hidden_body)
    it.slugs.append(("organisation", hidden_body.slug))
    swedish_of_hidden = hidden("hidden_finnish", is_hidden=True)
    translation_of(swedish_of_hidden, "sv", title=it.words("its_swedish"), **common)
    unpublished = hidden("unpublished")
    unpublished.unpublish()

    # --- a public service with secrets of its own
    shelter = PlaceFactory(
        name=it.words("place_name"),
        street=it.words("street"),
        postcode=POSTCODE,
        post_office=it.words("post_office"),
        municipality=MunicipalityFactory(code="992", names={"fi": "Äänekoski"}),
        latitude=LATITUDE,
        longitude=LONGITUDE,
        how_to_get_there={"fi": it.words("way"), "en": it.words("way_en")},
        accessibility=["step_free"],
        accessibility_note={"fi": it.words("access_note")},
        is_secret=True,
    )
    keeper = User.objects.create_user(
        f"{it.words('keeper_mail').replace(' ', '.')}@example.org", first_name=it.words("keeper"), is_active=True
    )
    body = OrganisationFactory(names={"fi": f"{OPEN} yhdistys"}, parent=hidden_body)
    body.raw = {"note": it.words("body_raw")}
    body.save()
    shown = ServiceFactory(
        title=f"{OPEN} turvakoti",
        summary=f"Apua: {OPEN}",
        organisation=body,
        partners=[hidden_body],
        places=[shelter],
        owner=keeper,
        deputy=keeper,
        checked_by=keeper,
        checked_on=timezone.localdate(),
        checked_how="call",
        hidden_reason=it.words("hidden_reason"),
        source_id=it.words("source_id"),
        raw={"note": it.words("raw")},
        imported={"note": it.words("imported")},
        notice=it.words("old_notice"),
        notice_until=timezone.localdate() - datetime.timedelta(days=1),
        opening_hours=[{"weekday": day, "opens": "9:00", "closes": "15:00", "place": shelter} for day in range(1, 8)],
        contact_ways=[
            {"kind": "phone", "value": "017 123 456"},
            {
                "kind": "email",
                "value": it.words("workers_value"),
                "label": it.words("workers_label"),
                "hours": it.words("workers_hours"),
                "price": it.words("workers_price"),
                "audience": Audience.WORKERS,
            },
        ],
        **common,
    )
    translation_of(shown, "en", title=f"{OPEN} shelter", places=[shelter], live=False, description=it.words("sv_draft"))
    report_mistake(shown, message=it.words("report"), email=f"{it.words('reporter').replace(' ', '.')}@example.org")
    shown.title = shown.description = it.words("newer_draft")
    save_draft(shown)
    body.names = {"fi": it.words("body_newer_draft")}
    body.save_revision()
    it.services.append(shown)

    # --- pages
    pathway = PathwayPageFactory(parent=home)
    stages = [StagePageFactory(parent=pathway, number=number) for number in "12"]
    hidden_stage = StagePageFactory(
        parent=pathway, number="3", title=it.words("stage"), short_name=it.words("stage_short")[:40], live=False
    )
    index = PracticeModelIndexPageFactory(parent=home)
    model = PracticeModelPageFactory(parent=index)
    draft_model = PracticeModelPageFactory(parent=index, title=it.words("model"), letter="B", live=False)
    contact = HelpContactFactory(name={"fi": it.words("contact")}, phone=it.words("tel"), live=False)
    law = LawReferenceFactory(name=it.words("law"), live=False)
    successor = LawReferenceFactory(name=it.words("next_law"), live=False)
    old_law = LawReferenceFactory(name="Vanha laki", successor=successor, valid_until=datetime.date(2020, 1, 1))
    body_of_card = json.dumps(
        [
            {"type": "contacts", "value": {"title": "", "contacts": [_item(contact.pk)]}},
            {"type": "laws", "value": {"title": "", "laws": [_item(law.pk), _item(old_law.pk)]}},
            {"type": "live_search", "value": {"title": "Nyt tarjolla", "stages": ["1"]}},
        ]
    )
    card = ActionCardPageFactory(parent=model, title=f"{OPEN} kortti", stages=["1"], body=body_of_card)
    draft_card = ActionCardPageFactory(
        parent=model, title=it.words("card"), lead=it.words("card_lead"), stages=["1"], live=False
    )
    next_card = ActionCardPageFactory(parent=model, title="Seuraava askel", stages=["1"])
    next_card.title = next_card.lead = it.words("newer_card")
    next_card.save_revision()
    gone = ActionCardPageFactory(parent=model, title=it.words("gone_card"), stages=["1"])
    gone.unpublish()
    catalogue = ToolCataloguePageFactory(parent=home)
    theme = ToolThemePageFactory(parent=catalogue)
    tool = DigitalToolPageFactory(parent=catalogue)
    draft_tool = DigitalToolPageFactory(parent=catalogue, title=it.words("tool"), live=False)
    criteria = QualityCriteriaPageFactory(parent=model)
    glossary = GlossaryPageFactory(parent=home)
    text = TextPageFactory(parent=home, show_in_footer=True)
    draft_text = TextPageFactory(parent=home, title=it.words("text"), show_in_footer=True, live=False)
    it.pages = [home, pathway, *stages, index, model, card, next_card, catalogue, theme, tool, criteria, glossary, text]
    for code in ("sv", "en", "fi-simple"):
        it.pages.append(translated_page(home, code, home.get_parent()))
    it.slugs += [
        ("", page.get_url() or "") for page in (hidden_stage, draft_model, draft_card, gone, draft_tool, draft_text)
    ]
    settle()
    return it


def _item(pk: int) -> dict[str, Any]:
    return {"type": "item", "value": pk, "id": str(uuid.uuid4())}


def searches(planted: Planted) -> Iterator[str]:
    """What is asked of the search: nothing, every bait, what is public, and every filter at once and apart."""
    yield ""
    yield f"?q={OPEN}"
    yield from (f"?q={bait}" for bait in planted.baits)
    yield "?q=" + "+".join(planted.baits)
    # One letter wrong: a correction may not tell the word.
    yield from (f"?q={bait[:-2]}y{bait[-1]}" for bait in planted.baits[:6])
    for query in (
        "stage=1",
        "topic=money",
        "municipality=297",
        "municipality=992",
        "channel=phone",
        "accessibility=step_free",
    ):
        yield f"?{query}"


def addresses(planted: Planted, code: str) -> Iterator[str]:
    """Every public address in one language."""
    with translation.override(code):
        yield f"/{code}/"
        yield reverse("content:help_now")
        for service in Service.objects.filter(translation_key__in=[each.translation_key for each in planted.services]):
            for name in ("service", "report", "report_sent"):
                yield reverse(f"directory:{name}", kwargs={"slug": service.slug})
            yield reverse("directory:organisation", kwargs={"slug": service.organisation.slug})
        keys = [service.translation_key for service in planted.services]
        yield reverse("directory:my_list")
        yield reverse("directory:shared_list", kwargs={"token": shortlist.pack(keys)})
        yield reverse("account_login")
        yield f"/{code}/ei-ole-olemassa/"
        yield from (
            reverse(f"directory:{name}", kwargs={"slug": slug}) if name else slug
            for name, slug in planted.slugs
            if slug
        )
        for name in ("search:search", "search:suggest"):
            try:
                path = reverse(name)
            except NoReverseMatch:
                continue
            yield from (path + query for query in searches(planted))
        yield from (f"/api/v1/search{query}{'&' if query else '?'}lang={code}" for query in searches(planted))


@pytest.mark.parametrize("code", languages.CODES)
def test_no_page_gives_a_secret_away(planted: Planted, client: Client, code: str):
    client.cookies[shortlist.COOKIE] = shortlist.pack([service.translation_key for service in planted.services])
    leaks, seen_open, statuses = {}, 0, set()
    for path in dict.fromkeys([*addresses(planted, code), *(page.url for page in planted.pages)]):
        response = client.get(path)
        statuses.add(response.status_code)
        text = response.content.decode()
        seen_open += OPEN in text
        if found := planted.found_in(text) | planted.found_in(str(response.headers)):
            leaks[path] = found
    assert not leaks
    # What is public was there to be found: the sweep looked at real pages.
    assert seen_open > 10
    assert statuses <= {200, 302, 404}


def test_no_file_gives_a_secret_away(planted: Planted, client: Client):
    for path in ("/sitemap.xml", "/robots.txt", "/api/v1/openapi.json", "/api/v1/nowhere", "/nowhere"):
        response = client.get(path, follow=path == "/nowhere")
        assert not planted.found_in(response.content.decode()), path
    listed = client.get("/sitemap.xml").content.decode()
    assert not [slug for name, slug in planted.slugs if name and f"/{slug}/" in listed]
    assert not [path for name, path in planted.slugs if not name and path and path in listed]


def test_the_part_that_htmx_swaps_gives_nothing_away(planted: Planted, client: Client):
    for query in searches(planted):
        text = client.get(f"/fi/hae/{query}", headers={"HX-Request": "true"}).content.decode()
        assert not planted.found_in(text), query


def test_what_is_secret_cannot_be_asked_for(planted: Planted, client: Client):
    """That a search finds something tells too, even when what it finds is not shown."""
    for bait in planted.baits:
        found = client.get("/api/v1/search", {"q": bait}).json()
        assert (found["total"], found["results"], found["corrections"]) == (0, [], []), bait


def test_where_a_secret_place_is_cannot_be_asked_for(planted: Planted, client: Client):
    """The shelter serves Kuopio and lies in Äänekoski."""
    shown = str(planted.services[-1].translation_key)
    served = client.get("/api/v1/search", {"municipality": "297", "area": "local"}).json()
    assert shown in [hit["id"] for hit in served["results"]]
    # A remote channel would make it fit everywhere.
    service = Service.objects.get(translation_key=shown, locale__language_code="fi")
    service.channels = ["on_site"]
    service.save()
    settle()
    there = client.get("/api/v1/search", {"municipality": "992"}).json()
    assert shown not in [hit["id"] for hit in there["results"]]
    assert there["facets"]["municipality"].get("992", 0) == 0
    distances = client.get("/fi/hae/", {"q": OPEN, "lat": str(LATITUDE), "lon": str(LONGITUDE), "sort": "distance"})
    assert distances.status_code == 200
    assert " km" not in re.sub(r"<(form|select)\b.*?</\1>", "", distances.content.decode(), flags=re.DOTALL)


def test_the_index_holds_no_secret(planted: Planted):
    written = everything_written()
    assert OPEN in written
    assert not planted.found_in(written)
    # Spellings keep the words of what was public once; a word that finds nothing is offered to nobody (see below).
    once_public = {"salaisuusunpublishedx", "salaisuusgonecardx"}
    assert planted.found_in(everything_written(with_spellings=True)) <= once_public


def test_a_rebuilt_index_holds_no_secret(planted: Planted):
    settle()
    assert indexing.rebuild(indexing.engine_names()[0]) > 5
    written = everything_written(with_spellings=True)
    assert OPEN in written
    assert not planted.found_in(written)


@pytest.mark.parametrize(
    "values",
    [{"is_hidden": True}, {"live": False}, {"withdrawn_on": datetime.date(2026, 1, 1)}],
    ids=lambda values: next(iter(values)),
)
def test_a_stale_index_shows_nothing(client: Client, values: dict[str, Any]):
    HomePageFactory()
    service = ServiceFactory(title="vanhentunut kvaksi", stages=["1"])
    settle()
    assert client.get("/api/v1/search", {"q": "kvaksi"}).json()["results"]
    # Past every signal: the index still holds it.
    Service.objects.filter(pk=service.pk).update(**values)
    assert "kvaksi" in everything_written()
    assert client.get("/api/v1/search", {"q": "kvaksi"}).json()["results"] == []
    for path in ("/fi/hae/?q=kvaksi", "/sv/hae/?q=kvaksi", "/fi/hae/?stage=1", "/fi/", "/sitemap.xml"):
        assert "vanhentunut" not in client.get(path).content.decode(), path


def test_a_stale_index_shows_no_page(client: Client):
    card = ActionCardPageFactory(
        parent=PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory())),
        title="vanhentunut kvaksi",
    )
    settle()
    assert client.get("/api/v1/search", {"q": "kvaksi"}).json()["results"]
    Page.objects.filter(pk=card.pk).update(live=False)
    assert client.get("/api/v1/search", {"q": "kvaksi"}).json()["results"] == []
    assert "vanhentunut" not in client.get("/fi/hae/?q=kvaksi").content.decode()


def test_a_hidden_word_is_not_offered_as_a_correction(client: Client):
    service = ServiceFactory(title="kvaksikumpula")
    settle()
    assert client.get("/api/v1/search", {"q": "kvaksikumpulla"}).json()["corrections"]
    service.is_hidden = True
    service.save()
    settle()
    found = client.get("/api/v1/search", {"q": "kvaksikumpulla"}).json()
    assert (found["total"], found["corrections"]) == (0, [])
    assert "kvaksikumpula<" not in client.get("/fi/hae/?q=kvaksikumpulla").content.decode()


def test_a_place_that_becomes_secret_is_forgotten(client: Client):
    HomePageFactory()
    place = PlaceFactory(street="Avokatu 7")
    service = ServiceFactory(title="Kvaksi", places=[place])
    path = f"/fi/palvelut/{service.slug}/"
    assert "Avokatu 7" in client.get(path).content.decode()
    settle()
    assert "62.89" in everything_written()
    place.is_secret = True
    place.save()
    assert "Avokatu 7" not in client.get(path).content.decode()
    written = everything_written()
    assert "62.89" not in written
    assert "[]" in written
