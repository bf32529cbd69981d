"""The network map: the empty picture that the server draws, and the page around it. In a browser: tests/browser."""

import json
import math

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cards.loading import CONTENT
from cards.models import NetworkMapPage
from cards.together.network_figure import CENTRE, RINGS, SIZE, network_figure, sector
from portal.base import languages
from tests.cards.test_together import SharedToolsPageFactory, stream
from tests.factories.content import HomePageFactory, SitePageFactory
from tests.page_forms import PageTypeTests

NAME = "together/30-verkostokartta.yaml"
GROUPS = ["Perhe", "Ystävät", "Työ & opiskelu"]


class NetworkMapPageFactory(SitePageFactory):
    class Meta:
        model = NetworkMapPage

    title = "Verkostokartta"
    slug = "verkostokartta"
    groups = stream("group", GROUPS)


class TestPages(PageTypeTests):
    """The tool with its groups."""

    __test__ = True

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        text = json.dumps([{"type": "text", "value": "<p>Työntekijälle.</p>"}])
        front = SharedToolsPageFactory(parent=HomePageFactory())
        cls.pages = [NetworkMapPageFactory(parent=front, body=text)]


@pytest.fixture
def network(db: None) -> Tag:
    page = NetworkMapPageFactory(parent=SharedToolsPageFactory(parent=HomePageFactory()))
    found = BeautifulSoup(Client().get(page.url).content, "html.parser").select_one("[data-network]")
    assert found is not None
    return found


def numbers(path: str) -> list[float]:
    """The numbers of a path, a line or an arc."""
    return [float(each) for each in path.translate(str.maketrans("MLA", "   ")).split()]


class TestPicture:
    def test_is_drawn_without_script_and_told_in_words(self, network: Tag):
        svg = network.select_one("svg[role=img]")
        assert svg is not None
        assert [text.get_text() for text in svg.select("textPath, textpath")] == GROUPS
        told = [svg.find(id=each) for each in svg["aria-labelledby"].split()]
        assert all(each and each.get_text(strip=True) for each in told)
        assert all(group in told[1].get_text() for group in GROUPS)

    def test_numbers_have_no_decimal_commas(self, network: Tag):
        for shape in network.select("svg circle, svg path, svg text"):
            for name in ("d", "r", "cx", "cy", "x", "y", "textlength"):
                assert "," not in str(shape.get(name, ""))

    @given(st.integers(min_value=3, max_value=6))
    def test_sectors_fill_the_ring_without_gaps_from_the_top_on(self, count: int):
        sectors = [sector(number, count) for number in range(count)]
        assert math.isclose(sum(end - start for start, end in sectors), 2 * math.pi)
        assert math.isclose(sum(sectors[0]) / 2, -math.pi / 2)
        for number, (start, _end) in enumerate(sectors[1:]):
            assert math.isclose(sectors[number][1], start)

    @given(st.lists(st.text(alphabet="abc äö", min_size=1, max_size=40), min_size=3, max_size=6))
    def test_lines_and_names_stay_in_the_picture(self, groups: list[str]):
        figure = network_figure(groups)
        assert [label.text for label in figure.labels] == groups
        for line in figure.lines:
            x1, y1, x2, y2 = numbers(line)
            assert math.isclose(math.hypot(x1 - CENTRE, y1 - CENTRE), RINGS[0], abs_tol=0.2)
            assert math.isclose(math.hypot(x2 - CENTRE, y2 - CENTRE), RINGS[-1], abs_tol=0.2)
        for label in figure.labels:
            _x1, y1, radius, _same, _turn, _large, sweep, _x2, y2 = numbers(label.path)
            assert RINGS[-1] < radius <= SIZE / 2
            # Above the middle the name runs clockwise, below it the other way: none stands on its head.
            assert ((y1 + y2) / 2 > CENTRE + 0.2) == (sweep == 0)

    def test_a_long_name_is_pressed_into_its_sector(self):
        short, long, _third = network_figure(["Perhe", "x" * 40, "Työ"] * 2).labels[:3]
        assert short.fits_in is None
        assert long.fits_in


def test_holds_nothing_that_could_be_sent(network: Tag):
    controls = network.select("input, select, button")
    assert controls
    assert not any(control.find_parent("form") for control in controls)
    assert not network.select("[name], [type=submit]")


def test_groups_can_be_chosen_in_their_order(network: Tag):
    assert [option.get_text() for option in network.select("[data-group] option")] == GROUPS


@pytest.mark.parametrize("code", ["sv", "en"])
def test_translations_have_the_same_groups_and_parts(code: str):
    """So that a file saved in one language opens in another."""
    finnish, other = CONTENT.read(NAME), CONTENT.read(f"{code}/{NAME}")
    assert len(other["groups"]) == len(finnish["groups"])
    assert [part["type"] for part in other["body"]] == [part["type"] for part in finnish["body"]]


def test_the_tool_stands_in_its_languages(site: None):
    found = NetworkMapPage.objects.live().values_list("locale__language_code", flat=True)
    assert sorted(found) == sorted([languages.FINNISH, languages.SWEDISH, languages.ENGLISH])
