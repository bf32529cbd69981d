"""Texts in every language and sets of choices: forms, database, lookups, serialisation."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms import modelform_factory
from django.http import QueryDict
from django.utils.translation import override

from directory.models import Municipality, Organisation, Place, Service, Term
from portal.base.fields import Multilingual
from portal.base.panels import ChoiceSetComparison, MultilingualComparison
from tests.factories.directory import PlaceFactory, ServiceFactory, TermFactory

ACCESSIBILITY = Place._meta.get_field("accessibility")
LABELS = Term._meta.get_field("labels")
ALT_LABELS = Term._meta.get_field("alt_labels")


# --- A text in every language -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "Talo"), ("sv", "Hus"), ("en", "Talo"), ("fi-simple", "Talo"), ("xx", "Talo")],
)
def test_a_reader_gets_the_text_of_the_first_language_that_has_one(language, expected):
    text = Multilingual(fi="Talo", sv="Hus")

    assert text.in_language(language) == expected
    with override(language if language != "xx" else "fi"):
        assert str(text) == expected


def test_the_language_of_the_text_is_told():
    text = Multilingual(sv="Hus")

    assert text.language_of("fi") == "sv"
    assert Multilingual().language_of("fi") == ""
    assert str(Multilingual()) == ""


def test_a_row_of_words_reads_as_one_text():
    with override("fi"):
        assert str(Multilingual(fi=["koti", "talo"])) == "koti, talo"


@pytest.mark.parametrize("value", [{"xx": "?"}, {"fi": 3}, {"fi": {"fi": "Talo"}}])
def test_what_is_no_text_in_a_language_of_the_site_is_refused(value):
    with pytest.raises(ValidationError):
        LABELS.clean(Multilingual(value), None)


def test_words_are_lists_and_texts_are_not():
    ALT_LABELS.clean(Multilingual(fi=["koti", "talo"]), None)
    with pytest.raises(ValidationError):
        ALT_LABELS.clean(Multilingual(fi="koti"), None)
    with pytest.raises(ValidationError):
        LABELS.clean(Multilingual(fi=["koti"]), None)


def test_a_form_reads_every_language_and_drops_the_empty_ones():
    field = LABELS.formfield()

    assert field.clean(["Talo", "Hus", "", ""]) == {"fi": "Talo", "sv": "Hus"}
    assert field.widget.decompress({"fi": "Talo"}) == ["Talo", "", "", ""]
    with pytest.raises(ValidationError):
        field.clean(["", "", "", ""])


def test_a_form_shows_each_language_by_its_name():
    html = LABELS.formfield().widget.render("labels", Multilingual(fi="Talo", sv="Hus"), {"id": "id_labels"})

    for word in ("Suomi", "Svenska", "English", "Selkosuomi", 'value="Talo"', 'value="Hus"', 'lang="sv"'):
        assert word in html
    assert 'name="labels_fi_simple"' in html


def test_a_form_knows_what_has_changed():
    field = LABELS.formfield()

    assert not field.has_changed(Multilingual(fi="Talo"), ["Talo", "", "", ""])
    assert field.has_changed(Multilingual(fi="Talo"), ["Koti", "", "", ""])


def test_words_are_written_one_on_a_line():
    field = ALT_LABELS.formfield()

    assert field.clean([" koti \r\n\r\ntalo", "", "", ""]) == {"fi": ["koti", "talo"]}
    assert field.widget.decompress({"fi": ["koti", "talo"]}) == ["koti\ntalo", "", "", ""]
    assert "koti\ntalo" in field.widget.render("alt_labels", Multilingual(fi=["koti", "talo"]), {})


@pytest.mark.django_db
def test_texts_come_back_from_the_database():
    TermFactory(code="koti", labels={"fi": "Koti", "sv": "Hem"}, alt_labels={"fi": ["talo"]})
    term = Term.objects.get(code="koti")

    assert isinstance(term.labels, Multilingual)
    assert term.labels == {"fi": "Koti", "sv": "Hem"}
    assert term.alt_labels == {"fi": ["talo"]}
    assert Municipality().names == {}


@pytest.mark.django_db
def test_an_organisation_goes_into_a_revision_and_back():
    organisation = Organisation(slug="talo", names={"fi": "Talo ry"}, sector="association")

    again = Organisation.from_json(organisation.to_json())

    assert isinstance(again.names, Multilingual)
    assert again.names == {"fi": "Talo ry"}


def test_two_versions_are_compared_in_every_language():
    before, after = Term(labels=Multilingual(fi="Talo")), Term(labels=Multilingual(fi="Talo", sv="Hus"))

    html = MultilingualComparison(LABELS, before, after).htmldiff()

    assert "Suomi: Talo" in html
    assert "Hus" in html


# --- A set of choices -------------------------------------------------------------------------------------------------
def test_codes_stand_in_the_order_of_the_set():
    assert ACCESSIBILITY.to_python(["lift", "step_free"]) == ["step_free", "lift"]
    assert ACCESSIBILITY.to_python("|lift|step_free|") == ["step_free", "lift"]
    assert ACCESSIBILITY.to_python(None) == []
    assert ACCESSIBILITY.get_prep_value(["lift", "step_free"]) == "|step_free|lift|"
    assert ACCESSIBILITY.get_prep_value([]) == ""


def test_an_unknown_code_is_refused():
    with pytest.raises(ValidationError):
        ACCESSIBILITY.clean(["pool"], None)


def test_a_form_of_a_set_is_checkboxes():
    form_class = modelform_factory(Place, fields=["name", "accessibility"])
    form = form_class(QueryDict("name=Talo&accessibility=lift&accessibility=step_free"))

    assert form.is_valid(), form.errors
    assert form.save(commit=False).accessibility == ["step_free", "lift"]
    assert form.fields["accessibility"].label[0].isupper()
    html = str(form_class(instance=Place(accessibility=["lift"]))["accessibility"])
    assert html.count("checked") == 1


def test_a_form_of_a_set_knows_what_has_changed():
    field = ACCESSIBILITY.formfield()

    assert not field.has_changed(["step_free", "lift"], ["lift", "step_free"])
    assert field.has_changed(["lift"], [])


@pytest.mark.django_db
def test_a_set_comes_back_from_the_database():
    place = PlaceFactory(accessibility=["lift", "step_free"])

    place.refresh_from_db()

    assert place.accessibility == ["step_free", "lift"]
    assert PlaceFactory().accessibility == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "found"),
    [("lift", 1), ("step_free", 1), ("hearing_loop", 0), ("lif", 0), ("%", 0), ("LIFT", 0), ("step-free", 0)],
)
def test_rows_are_found_by_one_code(code, found):
    PlaceFactory(accessibility=["lift", "step_free"])
    PlaceFactory(accessibility=[])

    assert Place.objects.filter(accessibility__has=code).count() == found, connection.vendor


@pytest.mark.django_db
def test_a_set_goes_into_a_revision_and_back():
    service = ServiceFactory(stages=["2", "1"], channels=["phone"])

    content = json.loads(service.to_json())
    again = service.latest_revision.as_object()

    assert Service.from_serializable_data(content).stages == ["1", "2"]
    assert again.stages == ["1", "2"]
    assert again.channels == ["phone"]
    assert again.languages == []


def test_two_versions_are_compared_by_labels():
    before, after = Place(accessibility=["lift"]), Place(accessibility=["step_free"])
    comparison = ChoiceSetComparison(ACCESSIBILITY, before, after)

    with override("en"):
        html = comparison.htmldiff()

    assert comparison.has_changed()
    assert "deletion" in html
    assert "addition" in html
    assert "step_free" not in html


def test_labels_of_a_set():
    with override("en"):
        assert Place(accessibility=["lift"]).get_accessibility_display() == ACCESSIBILITY.labels(["lift"])
