"""The form about a person: what it asks, what it refuses, what it lets through, and how it travels on."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from referrals.choices import Purpose
from referrals.models.person import PersonDetails
from referrals.person_form import PersonForm

GIVEN = {
    "name": "Kerttu",
    "hope": "Haluaisin käydä kävelyllä muiden kanssa.",
    "language": "fi",
    "support": ["met_at_door"],
    "reach": "phone",
    "reach_value": "045 123 4567",
    "may_call": "on",
    "phone_read": "no",
}


def data(**values: Any) -> MultiValueDict[str, Any]:
    given = {**GIVEN, **values}
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in given.items()})


def form_of(**values: Any) -> PersonForm:
    return PersonForm(data(**values))


class Inputs(HTMLParser):
    """The hidden inputs of a page, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: MultiValueDict[str, str] = MultiValueDict()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "input":
            assert known["type"] == "hidden"
            self.sent.appendlist(known["name"], known.get("value") or "")


def test_what_was_typed_becomes_details() -> None:
    form = form_of(best_time="aamulla", accessibility="ei portaita", may_leave_message="on")
    assert form.is_valid(), form.errors
    assert form.details() == PersonDetails(
        name="Kerttu",
        hope=GIVEN["hope"],
        reach="phone",
        reach_value="045 123 4567",
        support=("met_at_door",),
        accessibility="ei portaita",
        may_call=True,
        may_leave_message=True,
        phone_read="no",
        best_time="aamulla",
    )


@pytest.mark.parametrize("reach, value", [("phone", "+46 70 123 45 67"), ("email", "nimi@example.fi"), ("comes", "")])
def test_details_travel_on_hidden_and_come_back_the_same(reach: str, value: str) -> None:
    form = form_of(reach=reach, reach_value=value, hope="«Rivi»\nja <b>toinen</b>", support=["reminder", "transport"])
    assert form.is_valid(), form.errors
    again = PersonForm(Inputs(render_to_string("referrals/_person_hidden.html", {"form": form})).sent)
    assert again.is_valid(), again.errors
    assert again.details() == form.details()


@pytest.mark.parametrize(
    "values, field",
    [
        ({"name": " "}, "name"),
        ({"hope": ""}, "hope"),
        ({"hope": "x" * 601}, "hope"),
        ({"reach": "letter"}, "reach"),
        ({"reach_value": ""}, "reach_value"),
        ({"reach_value": "soita"}, "reach_value"),
        ({"reach_value": "123"}, "reach_value"),
        ({"reach": "email"}, "reach_value"),
        ({"reach": "comes"}, "reach_value"),
        ({"may_call": ""}, "may_call"),
        ({"phone_read": ""}, "phone_read"),
        ({"language": "tlh"}, "language"),
        ({"support": ["a_million"]}, "support"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_told_at_its_field(values: dict[str, Any], field: str) -> None:
    form = form_of(**values)
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_nothing_about_the_phone_is_needed_when_the_person_makes_contact() -> None:
    form = form_of(reach="comes", reach_value="", may_call="", phone_read="")
    assert form.is_valid(), form.errors
    assert (form.details().reach_value, form.details().may_call, form.details().phone_read) == ("", False, "unknown")


def test_a_mail_address_may_not_be_called() -> None:
    form = form_of(reach="email", reach_value="nimi@example.fi", may_call="on")
    assert form.is_valid(), form.errors
    assert not form.details().may_call


@pytest.mark.parametrize("field", ["name", "hope", "accessibility", "support_note", "reach_value", "best_time"])
def test_an_identity_code_is_refused_and_not_repeated(field: str) -> None:
    form = form_of(**{field: "010190-123A", "own_words": "on"})
    assert field in form.errors
    assert "010190" not in str(form.errors)


@pytest.mark.parametrize("words", ["045 999 8888", "toinen@example.org"])
@pytest.mark.parametrize("field", ["name", "hope", "accessibility", "support_note", "best_time"])
def test_contact_details_belong_in_their_own_box(field: str, words: str) -> None:
    form = form_of(**{field: words, "own_words": "on"})
    assert list(form.errors) == [field]
    assert words not in str(form.errors)


def test_words_of_health_are_asked_to_be_taken_out() -> None:
    form = form_of(hope="Masennus ja diabetes, masennus", own_words="")
    assert list(form.errors) == ["hope"]
    (error,) = form.errors["hope"]
    assert "Masennus, diabetes, masennus" in error
    assert form.shows_own_words


def test_the_person_may_want_it_said_in_these_words() -> None:
    form = form_of(hope="Masennus on tuttu, haluan vertaisia", own_words="on")
    assert form.is_valid(), form.errors
    # The tick stays when one comes back to change something.
    assert form.shows_own_words
    again = PersonForm(Inputs(render_to_string("referrals/_person_hidden.html", {"form": form})).sent)
    assert again.is_valid(), again.errors


def test_the_tick_is_not_shown_before_it_is_needed() -> None:
    assert not PersonForm().shows_own_words
    assert not form_of(hope="").shows_own_words
    html = render_to_string("referrals/_person_form.html", {"form": form_of()})
    assert 'name="own_words"' not in html
    assert 'name="own_words"' in render_to_string("referrals/_person_form.html", {"form": form_of(hope="masennus")})


def test_only_a_joint_meeting_has_a_subject() -> None:
    form = form_of(meeting_about="Asuminen")
    assert form.is_valid()
    assert form.details().meeting_about == ""
    meeting = PersonForm(data(meeting_about=""), purpose=Purpose.JOINT_MEETING)
    assert list(meeting.errors) == ["meeting_about"]
    meeting = PersonForm(data(meeting_about="Asuminen"), purpose=Purpose.JOINT_MEETING)
    assert meeting.is_valid()
    assert meeting.details().meeting_about == "Asuminen"


def test_the_person_is_spoken_to_and_no_worker_is_offered() -> None:
    own, workers = PersonForm(is_own=True), PersonForm()
    assert all(own.fields[name].label != workers.fields[name].label for name in ("name", "hope", "phone_read"))
    offered = dict(own.fields["support"].choices)
    assert "met_at_door" in offered
    assert not {"comes_along", "call_together"} & set(offered)
    assert not PersonForm(data(support=["comes_along"]), is_own=True).is_valid()


def test_who_reads_it_is_told() -> None:
    html = render_to_string("referrals/_person_form.html", {"form": PersonForm(organisations=["Kävely ry", "A & B"])})
    assert "Kävely ry, A &amp; B" in html


@pytest.mark.parametrize("language, spoken", [("fi", "fi"), ("sv", "sv"), ("en", "en"), ("fi-simple", "fi")])
def test_the_language_begins_as_the_page_is_read(language: str, spoken: str) -> None:
    with translation.override(language):
        assert PersonForm(is_own=True)["language"].value() == spoken


def test_every_field_is_on_the_form_and_nothing_is_suggested_by_the_browser() -> None:
    form = PersonForm(data(hope="masennus", meeting_about="x"), purpose=Purpose.JOINT_MEETING)
    html = render_to_string("referrals/_person_form.html", {"form": form})
    for name in form.fields:
        assert f'name="{name}"' in html
    assert html.count('autocomplete="off"') >= len(form.fields)


def test_the_summary_tells_all_but_the_code() -> None:
    details = PersonDetails(
        name="Kerttu",
        hope="Kävely <b>",
        reach="phone",
        reach_value="0451234567",
        support=("reminder",),
        support_note="bussilla",
        accessibility="ei portaita",
        best_time="aamulla",
        may_call=True,
        phone_read="yes",
        meeting_about="Asuminen",
        code="K7M4-P2QX-9RTD",
    )
    html = render_to_string("referrals/_person_summary.html", {"details": details})
    for words in ("Kerttu", "Kävely &lt;b&gt;", "tel:+358451234567", "bussilla", "ei portaita", "aamulla", "Asuminen"):
        assert words in html
    assert details.code not in html
    assert "Kerttu" not in render_to_string("referrals/_person_summary.html", {"details": None})


def test_the_careful_are_told_only_of_what_was_sent() -> None:
    def careful(**values: Any) -> bool:
        details = PersonDetails(name="K", hope="h", may_call=True, **values)
        with translation.override("en"):
            return "careful" in render_to_string("referrals/_person_summary.html", {"details": details})

    assert careful(reach="phone", reach_value="0451234567", phone_read="yes")
    assert careful(reach="phone", reach_value="0451234567", phone_read="unknown")
    assert not careful(reach="phone", reach_value="0451234567", phone_read="no")
    assert not careful(reach="comes")
