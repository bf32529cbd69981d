"""The front page of the tools used together and «Mitä sinulle kuuluu?»: pages, picture, content in four languages."""

import json
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cards.loading import CONTENT
from cards.models import LifeSituationPage, SharedToolsPage
from cards.together.profile import PLACES, profile
from directory.models import Term
from portal.base import languages
from tests.factories.content import HomePageFactory, SitePageFactory
from tests.factories.directory import TermFactory
from tests.page_forms import PageTypeTests

ANCHORS = ["Vaikeaa", "Hankalaa", "Siltä väliltä", "Hyvin", "Erittäin hyvin"]
NAME = "together/10-mita-sinulle-kuuluu.yaml"


class SharedToolsPageFactory(SitePageFactory):
    class Meta:
        model = SharedToolsPage

    title = "Täyttäkää yhdessä"
    slug = "tayta-yhdessa"


class LifeSituationPageFactory(SitePageFactory):
    class Meta:
        model = LifeSituationPage

    title = "Mitä sinulle kuuluu?"
    slug = "mita-sinulle-kuuluu"


def stream(kind: str, values: list[Any]) -> str:
    """A stream field of one kind of block, as it is stored."""
    return json.dumps([{"type": kind, "value": value} for value in values])


def area(key: str, **more: Any) -> dict[str, Any]:
    """An area of life."""
    return {"key": key, "name": f"Alue {key}", "help": "", "topics": [], **more}


def values_of_a_tool(*areas: dict[str, Any]) -> dict[str, str]:
    """What the tool must have, with these areas of life."""
    return {
        "anchors": stream("anchor", ANCHORS),
        "areas": stream("area", list(areas or [area("home"), area("money"), area("friends")])),
        "questions": stream("question", ["Mikä on hyvin?"]),
    }


class TestPages(PageTypeTests):
    """The front page with a tool below it; the tool."""

    __test__ = True

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        text = json.dumps([{"type": "text", "value": "<p>Työntekijälle.</p>"}])
        front = SharedToolsPageFactory(parent=HomePageFactory(), body=text)
        cls.pages = [front, LifeSituationPageFactory(parent=front, body=text, **values_of_a_tool())]


@pytest.mark.django_db
class TestLifeSituation:
    def page(self, *areas: dict[str, Any]) -> LifeSituationPage:
        front = SharedToolsPageFactory(parent=HomePageFactory())
        return LifeSituationPageFactory(parent=front, **values_of_a_tool(*areas))

    def shown(self, client: Client, page: LifeSituationPage) -> str:
        html = client.get(page.url).content.decode()
        return html[html.index("<main") : html.index("</main>")]

    def test_holds_nothing_that_could_be_sent(self, client: Client):
        shown = self.shown(client, self.page())
        assert "<form" not in shown
        assert 'type="submit"' not in shown

    def test_asks_for_five_numbers_in_each_area(self, client: Client):
        shown = self.shown(client, self.page())
        for key in ("home", "money", "friends"):
            assert shown.count(f'name="area-{key}"') == 5

    def test_offers_the_topics_of_an_area_and_says_nothing_else_in_the_link(self, client: Client):
        TermFactory(code="debt", labels={"fi": "Velat"})
        shown = self.shown(client, self.page(area("money", topics=["debt"]), area("home"), area("friends")))
        assert 'href="/fi/hae/?topic=debt"' in shown
        assert "Velat" in shown

    def test_opens_when_a_topic_was_removed(self, client: Client):
        page = self.page(area("money", topics=["gone"]), area("home"), area("friends"))
        shown = self.shown(client, page)
        assert "topic=" not in shown
        assert "Alue money" in shown

    def test_two_areas_cannot_share_a_key(self):
        page = self.page()
        page.areas = LifeSituationPage._meta.get_field("areas").to_python(
            stream("area", [area("home"), area("home"), area("money")])
        )
        with pytest.raises(ValidationError) as fault:
            page.full_clean()
        assert "areas" in fault.value.message_dict


@pytest.mark.django_db
def test_the_front_page_leads_to_each_tool(client: Client):
    front = SharedToolsPageFactory(parent=HomePageFactory())
    tool = LifeSituationPageFactory(parent=front, **values_of_a_tool())
    assert f'href="{tool.url}"' in client.get(front.url).content.decode()


class TestPicture:
    @given(
        st.lists(st.text(alphabet="aäo mn", min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=14).map(
            lambda names: [(f"a{number}", name) for number, name in enumerate(names)]
        )
    )
    def test_every_area_has_room_of_its_own(self, areas: list[tuple[str, str]]):
        drawn = profile(areas)
        assert [row.key for row in drawn.rows] == [key for key, _name in areas]
        for row, (_key, name) in zip(drawn.rows, areas, strict=True):
            assert "".join(line.text for line in row.lines).replace(" ", "") == name.replace(" ", "")
            assert all(line.y < row.y for line in row.lines)
        for row, following in pairwise(drawn.rows):
            assert row.y < following.lines[0].y
        assert drawn.rows[-1].y < drawn.height

    def test_places_stand_in_order_inside_the_picture(self):
        assert all(left < right for left, right in pairwise(PLACES))
        assert PLACES[0] > 0
        assert PLACES[-1] < profile([("home", "Koti")]).width


@pytest.mark.parametrize("code", [code for code in languages.CODES if code != languages.FINNISH])
class TestTranslations:
    """The shape is the same in every language, so that a file saved in one opens in another."""

    def test_same_areas_with_the_same_topics(self, code: str):
        finnish, other = CONTENT.read(NAME), CONTENT.read(f"{code}/{NAME}")
        assert [(each["key"], each["topics"]) for each in other["areas"]] == [
            (each["key"], each["topics"]) for each in finnish["areas"]
        ]

    def test_same_questions_numbers_and_parts(self, code: str):
        finnish, other = CONTENT.read(NAME), CONTENT.read(f"{code}/{NAME}")
        for name in ("anchors", "questions"):
            assert len(other[name]) == len(finnish[name])
        assert [each["type"] for each in other["body"]] == [each["type"] for each in finnish["body"]]


def test_the_tool_stands_in_four_languages(site: None):
    found = LifeSituationPage.objects.live().values_list("locale__language_code", flat=True)
    assert sorted(found) == sorted(languages.CODES)


def test_the_areas_lead_to_topics_that_exist(site: None):
    page = LifeSituationPage.objects.live().filter(locale__language_code=languages.FINNISH).get()
    topics = {code for block in page.areas for code in block.value["topics"]}
    assert topics
    assert topics <= set(Term.objects.filter(scheme="topic").values_list("code", flat=True))
