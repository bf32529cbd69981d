"""From the editorial pages to referrals and comparing; whom to turn to first in an area."""

import pytest
from django.test import Client

from cards.choices import ContactGroup
from directory import shortlist
from directory.choices import Stage
from portal.content.templatetags.help_contacts import area_contacts, contact_points
from portal.content.templatetags.referring import guidance, referral_address
from referrals.guidance import GUIDANCE
from tests.factories import referrals
from tests.factories.cards import (
    ActionCardPageFactory,
    HelpContactFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
)
from tests.factories.content import HomePageFactory, PathwayPageFactory, StagePageFactory
from tests.factories.directory import CountyFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePageFactory()


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- whom to turn to first -------------------------------------------------------------------------------------------
def test_the_areas_own_social_services_come_before_those_of_the_whole_country():
    here, elsewhere = CountyFactory(), CountyFactory(code="12", names={"fi": "Muualla"})
    everywhere = HelpContactFactory(group="social", order=1)
    own = HelpContactFactory(group="social", county=here, order=9)
    HelpContactFactory(group="social", county=elsewhere)
    HelpContactFactory(group="social", county=here, live=False)
    HelpContactFactory(group="crisis", county=here)
    assert area_contacts(here.pk) == [own, everywhere]
    assert area_contacts("") == area_contacts("nonsense") == area_contacts() == [everywhere]


# --- a stage ---------------------------------------------------------------------------------------------------------
def test_each_stage_hands_itself_over(client: Client, home):
    pathway = PathwayPageFactory(parent=home)
    stages = [StagePageFactory(parent=pathway, number=code) for code in Stage.values]
    assert not any("/lahete/uusi/" in shown(client, stage.url) for stage in stages)
    referrals.switch_on()
    for stage in stages:
        text = shown(client, stage.url)
        # Where nothing is sent, nobody is led to sending.
        assert (f'href="/fi/lahete/uusi/?vaihe={stage.number}"' in text) is (stage.number != Stage.TWO)
        assert text.count("/lahete/uusi/") == (stage.number != Stage.TWO)
        assert text.index("stage__first") < text.index("stage__refer")


def test_at_stage_two_what_was_collected_is_given_along_without_signing_in(client: Client, home):
    stage = StagePageFactory(parent=PathwayPageFactory(parent=home), number=Stage.TWO)
    way = 'href="/fi/lista/#hand-over"'
    assert way not in shown(client, stage.url)
    client.cookies[shortlist.COOKIE] = shortlist.pack([ServiceFactory().uuid])
    assert way in shown(client, stage.url)
    assert 'id="hand-over"' in shown(client, "/fi/lista/")


def test_there_is_a_form_of_guidance_for_each_stage_and_for_nothing_else():
    assert [guidance(code) for code in Stage.values] == list(GUIDANCE.values())
    assert guidance("") is guidance("9") is None


def test_without_a_frame_there_is_no_way_to_a_referral():
    assert referral_address({}) == ""


# --- a card ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("stages", "query"), [(["4"], "?vaihe=4"), (["1", "2"], ""), ([], "")])
def test_a_card_hands_its_stage_over_when_it_has_one(client: Client, home, stages: list[str], query: str):
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    card = ActionCardPageFactory(parent=model, stages=stages)
    assert "/lahete/uusi/" not in shown(client, card.url)
    referrals.switch_on()
    assert f'href="/fi/lahete/uusi/{query}"' in shown(client, card.url)


def test_a_card_of_stage_two_alone_leads_to_no_sending(client: Client, home):
    referrals.switch_on()
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    assert "/lahete/uusi/" not in shown(client, ActionCardPageFactory(parent=model, stages=["2"]).url)


# --- comparing -------------------------------------------------------------------------------------------------------
def test_where_one_collects_leads_to_comparing(client: Client, home):
    services = [ServiceFactory(stages=["2"]), ServiceFactory(stages=["2"])]
    stage = StagePageFactory(parent=PathwayPageFactory(parent=home), number="2", live_query="stage=2")
    places = {stage.url: "/fi/lista/vertaa/?vaihe=2", "/fi/hae/?stage=2": "/fi/lista/vertaa/"}
    client.cookies[shortlist.COOKIE] = shortlist.pack([services[0].uuid])
    assert not any("/lista/vertaa/" in shown(client, place) for place in places)
    client.cookies[shortlist.COOKIE] = shortlist.pack(service.uuid for service in services)
    for place, link in places.items():
        assert f'href="{link}"' in shown(client, place)


def test_the_contact_point_of_an_area_is_its_own_and_stands_apart() -> None:
    here, there = CountyFactory(code="11"), CountyFactory(code="12")
    point = HelpContactFactory(group=ContactGroup.SOCIAL, county=here, is_contact_point=True)
    HelpContactFactory(group=ContactGroup.SOCIAL, county=there, is_contact_point=True)
    HelpContactFactory(group=ContactGroup.SOCIAL, county=here, is_contact_point=True, live=False)
    assert contact_points(here.pk) == [point]
    assert contact_points() == []
    assert area_contacts(here.pk) == []
