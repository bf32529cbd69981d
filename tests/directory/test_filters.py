"""Filters: a query string is read and written back, each rule finds what it should, and it can be said in words."""

import datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from directory import choices, filters
from directory.filters import RULE, RULES, BadFilterError, FilterRule, ServiceFilter
from directory.models import Service
from portal.base import languages
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    translation_of,
)

# The rules whose choices are rows of the database; in these tests they have these.
FROM_DATABASE = {
    "topic": [("debt", "Velat"), ("housing", "Asuminen")],
    "target": [("carers", "Omaishoitajat")],
    "municipality": [("297", "Kuopio"), ("091", "Helsinki"), ("992", "Äänekoski")],
}


@pytest.fixture
def closed_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules without a database."""
    rules = []
    for rule in RULES:
        if rule.name in FROM_DATABASE:
            rows = FROM_DATABASE[rule.name]
            rule = FilterRule(rule.name, rule.label, lambda rows=rows: rows, rule.clause, rule.is_flag, rule.needs_all)
        rules.append(rule)
    monkeypatch.setattr(filters, "RULES", tuple(rules))
    monkeypatch.setattr(filters, "RULE", {rule.name: rule for rule in rules})


def values_of(rule: FilterRule) -> list[str]:
    if rule.name in FROM_DATABASE:
        return [code for code, _label in FROM_DATABASE[rule.name]]
    return [code for code, _label in rule.choices()]


pairs = st.sampled_from([(rule.name, value) for rule in RULES for value in values_of(rule)])


@st.composite
def service_filters(draw: st.DrawFn) -> ServiceFilter:
    chosen: dict[str, tuple[str, ...]] = {}
    for name, value in draw(st.lists(pairs, max_size=12)):
        chosen[name] = (*chosen.get(name, ()), value)
    return ServiceFilter(chosen)


# --- query string ----------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("closed_lists")
class TestQueryString:
    @given(service_filters())
    def test_what_is_written_is_read_back(self, chosen: ServiceFilter):
        assert ServiceFilter.from_query(chosen.to_query()) == chosen
        assert ServiceFilter.from_query(QueryDict(chosen.to_query()), strict=True) == chosen
        assert hash(ServiceFilter.from_query(chosen.to_query())) == hash(chosen)

    @given(service_filters(), pairs)
    def test_with_and_without_are_inverse(self, chosen: ServiceFilter, pair: tuple[str, str]):
        name, value = pair
        more = chosen.with_value(name, value)
        assert value in more.values(name)
        assert more.with_value(name, value) == more
        assert more.without(name, value) == chosen.without(name, value)
        assert value not in chosen.without(name, value).values(name)
        if value not in chosen.values(name):
            assert more.without(name, value) == chosen
        assert not chosen.without(name).values(name)

    @given(service_filters())
    def test_each_chip_takes_away_itself(self, chosen: ServiceFilter):
        chips = chosen.chips()
        assert [(chip.name, chip.value) for chip in chips] == list(chosen.pairs())
        for chip in chips:
            assert set(chosen.pairs()) - set(chip.without.pairs()) == {(chip.name, chip.value)}

    @given(service_filters(), st.sampled_from(languages.CODES))
    def test_it_can_be_said_in_every_language(self, chosen: ServiceFilter, code: str):
        with translation.override(code):
            said = chosen.describe()
            assert bool(said) == bool(chosen)
            assert all(chip.label in said for chip in chosen.chips())
            assert "|" not in said

    @given(
        st.lists(st.tuples(st.sampled_from([rule.name for rule in RULES] + ["q", "page", "x"]), st.text()), max_size=9)
    )
    def test_rubbish_is_left_out(self, rubbish: list[tuple[str, str]]):
        chosen = ServiceFilter.from_query(urlencode(rubbish, errors="replace"))
        assert all(value in values_of(RULE[name]) for name, value in chosen.pairs())

    def test_one_unknown_value_does_not_lose_the_others(self):
        chosen = ServiceFilter.from_query("stage=1&stage=9&topic=dragons&channel=phone&colour=red")
        assert chosen.to_query() == "stage=1&channel=phone"

    @pytest.mark.parametrize(
        ("query", "parameter", "value"),
        [
            ("stage=9", "stage", "9"),
            ("stage=1&stage=x", "stage", "x"),
            ("anonymous=yes", "anonymous", "yes"),
            ("topic=dragons", "topic", "dragons"),
            ("municipality=Kuopio", "municipality", "Kuopio"),
            ("channel=PHONE", "channel", "PHONE"),
            ("charge=unknown", "charge", "unknown"),
            ("stage=%25", "stage", "%"),
        ],
    )
    def test_strictly_an_unknown_value_is_named(self, query: str, parameter: str, value: str):
        with pytest.raises(BadFilterError) as error:
            ServiceFilter.from_query(query, strict=True)
        assert (error.value.parameter, error.value.value) == (parameter, value)
        assert parameter in str(error.value)

    @pytest.mark.parametrize("query", ["", "stage=", "stage=&topic=", "q=velat"])
    def test_nothing_chosen(self, query: str):
        chosen = ServiceFilter.from_query(query, strict=True)
        assert not chosen
        assert (chosen.to_query(), chosen.describe(), chosen.chips()) == ("", "", [])

    def test_a_value_twice_is_once(self):
        assert ServiceFilter.from_query("stage=1&stage=1").values("stage") == ("1",)

    def test_a_filter_does_not_change(self):
        chosen = ServiceFilter.from_query("stage=1")
        with pytest.raises(TypeError):
            chosen.chosen["stage"] = ("2",)
        chosen.with_value("stage", "2")
        assert chosen.values("stage") == ("1",)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.name not in FROM_DATABASE], ids=lambda rule: rule.name)
@pytest.mark.parametrize("code", languages.CODES)
def test_every_choice_has_a_label(rule: FilterRule, code: str):
    with translation.override(code):
        assert rule.choices()
        assert all(value and label for value, label in rule.choices())


# --- what each rule finds --------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestClauses:
    def found(self, query: str) -> set[str]:
        chosen = ServiceFilter.from_query(query, strict=True)
        assert chosen, query
        rows = list(chosen.apply(Service.objects.public()))
        assert len(rows) == len({row.pk for row in rows}), "a row came twice"
        return {row.title for row in rows}

    @pytest.mark.parametrize(
        ("query", "values", "other"),
        [
            ("stage=2", {"stages": ["1", "2"]}, {"stages": ["1", "3"]}),
            ("kind=course", {"kind": "course", "ends_at": timezone.now() + datetime.timedelta(9)}, {"kind": "service"}),
            ("area=nationwide", {"is_nationwide": True}, {}),
            ("area=local", {}, {"is_nationwide": True}),
            ("channel=chat", {"channels": ["phone", "chat"]}, {"channels": ["phone"]}),
            ("language=se", {"languages": ["fi", "se"]}, {"languages": ["sv", "es", "fse"]}),
            ("charge=free", {"charge": "free"}, {"charge": "varies"}),
            ("accessibility=lift", {"accessibility": ["lift"]}, {"accessibility": ["parking"]}),
            ("taking_people=1", {"capacity": "taking_people"}, {"capacity": "queue"}),
            ("no_appointment=1", {"needs_no_appointment": True}, {}),
            ("anonymous=1", {"is_anonymous": True}, {}),
            ("outside_office_hours=1", {"is_outside_office_hours": True}, {}),
            ("outreach=1", {"is_outreach": True}, {}),
            ("interpreter=1", {"has_interpreter": True}, {}),
            ("referral_allowed=1", {"referral": "allowed"}, {"referral": "not_used"}),
            ("referral_allowed=1", {"referral": "needed"}, {"referral": "unknown"}),
        ],
    )
    def test_a_rule_finds_and_does_not_find(self, query: str, values: dict, other: dict):
        ServiceFactory(title="Osuma", **values)
        ServiceFactory(title="Ohi", **other)
        assert self.found(query) == {"Osuma"}

    def test_every_rule_is_tried(self):
        """A new rule without a test of its own is seen here."""
        tried = {
            mark.args[1][n][0].partition("=")[0]
            for mark in self.test_a_rule_finds_and_does_not_find.pytestmark
            for n in range(len(mark.args[1]))
        }
        assert tried | {"topic", "target", "municipality"} == {rule.name for rule in RULES}

    @pytest.mark.parametrize(("days", "expected"), [(-1, set()), (0, {"Osuma"}), (7, {"Osuma"})])
    def test_taking_people_lapses(self, days: int, expected: set[str]):
        until = timezone.localdate() + datetime.timedelta(days=days)
        ServiceFactory(title="Osuma", capacity="taking_people", capacity_until=until)
        assert self.found("taking_people=1") == expected

    def test_a_broad_topic_holds_its_narrower_ones(self):
        broad = TermFactory(code="money")
        debt = TermFactory(code="debt", parent=broad)
        ServiceFactory(title="Laaja", topics=[broad])
        ServiceFactory(title="Kapea", topics=[debt])
        ServiceFactory(title="Molemmat", topics=[broad, debt])
        ServiceFactory(title="Muu", topics=[TermFactory(code="nature")])
        assert self.found("topic=money") == {"Laaja", "Kapea", "Molemmat"}
        assert self.found("topic=debt") == {"Kapea", "Molemmat"}

    def test_a_target_group(self):
        carers = TermFactory(scheme=choices.Scheme.TARGET_GROUP, code="carers")
        ServiceFactory(title="Osuma", target_groups=[carers])
        # A topic of the same code is another word.
        ServiceFactory(title="Ohi", topics=[TermFactory(code="carers")])
        assert self.found("target=carers") == {"Osuma"}

    def test_a_municipality_is_served_by_name_by_county_and_by_the_whole_country(self):
        savo, uusimaa = CountyFactory(code="11"), CountyFactory(code="90", names={"fi": "Helsinki"})
        kuopio = MunicipalityFactory(code="297", county=savo)
        siilinjarvi = MunicipalityFactory(code="749", county=savo, names={"fi": "Siilinjärvi"})
        helsinki = MunicipalityFactory(code="091", county=uusimaa, names={"fi": "Helsinki"})
        ServiceFactory(title="Kunta", municipalities=[kuopio])
        ServiceFactory(title="Alue", counties=[savo])
        ServiceFactory(title="Molemmat", municipalities=[kuopio, siilinjarvi], counties=[savo])
        ServiceFactory(title="Suomi", is_nationwide=True)
        ServiceFactory(title="Naapuri", municipalities=[siilinjarvi])
        ServiceFactory(title="Muualla", municipalities=[helsinki])
        ServiceFactory(title="Paikka", places=[PlaceFactory(municipality=kuopio)])
        ServiceFactory(title="Turvakoti", places=[PlaceFactory(municipality=kuopio, is_secret=True)])
        assert self.found("municipality=297") == {"Kunta", "Alue", "Molemmat", "Suomi", "Paikka"}
        assert self.found("municipality=091") == {"Suomi", "Muualla"}
        assert self.found("municipality=297&municipality=091") >= {"Kunta", "Muualla"}

    def test_several_values_of_one_rule_mean_any(self):
        ServiceFactory(title="Puhelin", channels=["phone"])
        ServiceFactory(title="Chat", channels=["chat"])
        ServiceFactory(title="Paikalla", channels=["on_site"])
        assert self.found("channel=phone&channel=chat") == {"Puhelin", "Chat"}

    def test_several_wishes_of_accessibility_mean_all(self):
        ServiceFactory(title="Toinen", accessibility=["lift"])
        # Half of it is the service's own, half the place's.
        ServiceFactory(title="Kaikki", accessibility=["lift"], places=[PlaceFactory(accessibility=["parking"])])
        assert self.found("accessibility=lift&accessibility=parking") == {"Kaikki"}

    def test_several_rules_mean_all(self):
        ServiceFactory(title="Kaikki", channels=["phone"], is_anonymous=True, stages=["1"])
        ServiceFactory(title="Osa", channels=["phone"], stages=["1"])
        assert self.found("channel=phone&anonymous=1&stage=1") == {"Kaikki"}

    def test_nothing_chosen_changes_nothing(self):
        ServiceFactory()
        assert ServiceFilter().apply(Service.objects.public()).count() == 1

    def test_what_is_not_public_stays_away_from_a_joined_filter(self):
        """A joined filter reads the rows anew: it must not forget where it began."""
        topic = TermFactory(code="money")
        ServiceFactory(title="Piilossa", topics=[topic], is_hidden=True)
        ServiceFactory(title="Luonnos", topics=[topic], live=False)
        assert self.found("topic=money") == set()

    def test_it_goes_with_one_row_for_a_reader(self):
        topic = TermFactory(code="money")
        finnish = ServiceFactory(topics=[topic], title="Suomeksi")
        translation_of(finnish, "sv", topics=[topic], title="På svenska")
        rows = ServiceFilter.from_query("topic=money").apply(Service.objects.public()).best_for("sv")
        assert [row.title for row in rows] == ["På svenska"]

    @pytest.mark.parametrize("code", languages.CODES)
    def test_words_of_the_vocabulary_are_said_in_the_readers_language(self, code: str):
        TermFactory(code="money", labels={"fi": "Raha", "sv": "Pengar", "en": "Money"})
        expected = {"fi": "Raha", "sv": "Pengar", "en": "Money", "fi-simple": "Raha"}[code]
        with translation.override(code):
            assert expected in ServiceFilter.from_query("topic=money").describe()
