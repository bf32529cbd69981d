"""The step form of a service: what is asked, saved and shown again."""

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from directory.choices import ReviewState, Role, Scheme
from directory.contents import SERVICE_FIELDS
from directory.models import Organisation, Place, Review, Service
from portal.workspace.keeping.form.steps import STEPS as TABLE
from tests.editing import client_of
from tests.factories.directory import (
    MunicipalityFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    TermFactory,
    locale,
    member,
)
from tests.workspace.form_pages import SEND, STEPS, address, draft, filled, fresh, new_address, save, words_of

pytestmark = pytest.mark.django_db

# Asked elsewhere (notices: two taps on the service's page) or of the directory's own people.
NOT_ASKED = {"notice", "notice_until", "partners", "life_events", "service_classes"}


def begin(client: Client, organisation: Organisation, **values: str) -> Service:
    told = {"language": "fi", "title": "Kahvihetki", "summary": "Kahvia kaikille.", "kind": "activity", **values}
    answer = client.post(new_address(organisation), {**told, "do": "continue"})
    assert answer.status_code == 302, words_of(answer)
    return Service.objects.get(title=told["title"])


def test_every_field_of_a_keeper_is_asked_once():
    asked = [field for step in TABLE for field in step.fields]
    assert len(asked) == len(set(asked))
    assert set(asked) == set(SERVICE_FIELDS) - NOT_ASKED


def test_a_name_one_sentence_and_a_kind_make_a_draft(writer: Client, organisation: Organisation):
    service = begin(writer, organisation)
    assert (service.summary, service.kind, service.live) == ("Kahvia kaikille.", "activity", False)
    assert service.owner.email.startswith("writer-")


def test_a_new_service_can_begin_in_another_language(writer: Client, organisation: Organisation):
    locale("sv")
    assert begin(writer, organisation, language="sv", title="Kaffestund").language == "sv"


def test_without_its_first_words_nothing_is_made_and_nothing_lost(writer: Client, organisation: Organisation):
    answer = writer.post(new_address(organisation), {"title": "", "summary": "Kahvia", "language": "fi", "do": "later"})
    assert answer.status_code == 400
    assert filled(answer)["summary"] == ["Kahvia"]
    assert not Service.objects.exists()
    assert filled(writer.get(new_address(organisation)))["summary"] == ["Kahvia"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_nobody_changed_makes_no_new_version(writer: Client, full_service: Service, step: str):
    before = fresh(full_service).latest_revision_id
    assert save(writer, full_service, step, {}).status_code == 302
    assert fresh(full_service).latest_revision_id == before


@pytest.mark.parametrize("step", STEPS)
def test_nothing_but_the_first_step_has_to_be_filled(writer: Client, organisation: Organisation, step: str):
    service = begin(writer, organisation)
    assert save(writer, service, step, {}).status_code == 302


def test_saving_leads_on_step_by_step_to_the_last(writer: Client, full_service: Service):
    path = address(full_service, STEPS[0])
    for following in (*STEPS[1:], SEND):
        path = writer.post(path, {**filled(writer.get(path)), "do": "continue"}).url
        assert path == address(full_service, following)


def test_come_back_later_saves_and_leads_to_the_service(writer: Client, full_service: Service):
    answer = save(writer, full_service, "perustiedot", {"title": "Avoin kahvila"}, do="later")
    assert answer.url == f"/fi/tyotila/palvelu/{full_service.translation_key}/"
    assert draft(full_service)["title"] == "Avoin kahvila"


def test_what_is_public_stays(writer: Client, full_service: Service):
    save(writer, full_service, "perustiedot", {"title": "Avoin kahvila"})
    assert fresh(full_service).title == "Avoin olohuone"


def test_answers_of_each_kind_are_saved_and_shown_again(writer: Client, organisation: Organisation):
    service = begin(writer, organisation)
    topic, group = TermFactory(), TermFactory(scheme=Scheme.TARGET_GROUP)
    changes = {
        "kenelle": {
            "for_whom": "Kaikille.",
            "topics": [str(topic.pk)],
            "target_groups": [str(group.pk)],
            "age_min": "7",
        },
        "mukaan": {"how_to_join": "Tule.\r\nKolmas ovi.", "needs_no_appointment": "on", "charge": "free"},
        "paikat-ja-ajat": {"channels": ["on_site", "phone"], "municipalities": [organisation.home_municipality_id]},
        "ammattilaisille": {"stages": ["2", "1"], "referral": "allowed", "capacity_until": "2031-05-01"},
        "lisatiedot": {"languages": ["fi", "ar"], "keywords": "kahvi\r\nkerho"},
        "pitka-kuvaus": {"long-quality": "Kysymme kävijöiltä."},
    }
    for step, told in changes.items():
        assert save(writer, service, step, told).status_code == 302
    for step, told in changes.items():
        shown = filled(writer.get(address(service, step)))
        for name, value in told.items():
            assert sorted(shown[name]) == sorted(value if isinstance(value, list) else [value]), name
    # A draft's row follows: lists show it.
    assert (fresh(service).stages, fresh(service).age_min) == (["1", "2"], 7)
    assert fresh(service).long_description.get().quality == "Kysymme kävijöiltä."


def test_a_wrong_answer_keeps_all_words(writer: Client, full_service: Service):
    answer = save(writer, full_service, "kenelle", {"age_min": "70", "age_max": "18", "for_whom": "Uusi teksti"})
    assert answer.status_code == 400
    assert filled(answer)["for_whom"] == ["Uusi teksti"]
    assert 'href="#id_age_max"' in answer.content.decode()
    assert draft(full_service)["for_whom"] == "Kaikille."
    # On return, from any device, it is there still.
    assert filled(writer.get(address(full_service, "kenelle")))["for_whom"] == ["Uusi teksti"]


def test_too_long_a_sentence_is_told_and_not_cut(writer: Client, full_service: Service):
    answer = save(writer, full_service, "perustiedot", {"summary": "a" * 151})
    assert answer.status_code == 400
    assert filled(answer)["summary"] == ["a" * 151]


def test_days_are_asked_of_an_event_only(writer: Client, organisation: Organisation):
    service = begin(writer, organisation)
    assert "ends_at" not in filled(writer.get(address(service, "paikat-ja-ajat")))
    save(writer, service, "perustiedot", {"kind": "event"})
    save(writer, service, "paikat-ja-ajat", {"starts_at": "2031-05-01T10:00", "ends_at": "2031-05-01T12:30"})
    shown = filled(writer.get(address(service, "paikat-ja-ajat")))
    assert (shown["starts_at"], shown["ends_at"]) == (["2031-05-01T10:00"], ["2031-05-01T12:30"])


# --- rows ------------------------------------------------------------------------------------------------------------
def test_rows_are_added_without_a_script_and_then_saved(writer: Client, full_service: Service):
    data = filled(writer.get(address(full_service, "mukaan")))
    page = writer.post(
        address(full_service, "mukaan"), {**data, "how_to_join": "Soita ensin.", "do": "add:contact_ways"}
    )
    assert page.status_code == 200
    told = filled(page)
    assert told["contact_ways-TOTAL_FORMS"] == ["3"]
    assert told["how_to_join"] == ["Soita ensin."]
    told |= {"contact_ways-2-kind": "web", "contact_ways-2-value": "www.example.org/kahvi"}
    assert writer.post(address(full_service, "mukaan"), {**told, "do": "continue"}).status_code == 302
    assert [row["value"] for row in draft(full_service)["contact_ways"]] == [
        "012 345 6789",
        "talo@example.org",
        "https://www.example.org/kahvi",
    ]


def test_a_row_is_taken_away_and_an_empty_one_is_none(writer: Client, full_service: Service):
    save(writer, full_service, "mukaan", {"contact_ways-0-DELETE": "on", "contact_ways-1-value": "uusi@example.org"})
    assert [row["value"] for row in draft(full_service)["contact_ways"]] == ["uusi@example.org"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("web", "javascript:alert(1)"),
        ("chat", "data:text/html,x"),
        ("email", "ei osoite"),
        ("phone", "Soita Maijalle"),
    ],
)
def test_a_contact_way_is_what_it_says(writer: Client, full_service: Service, kind: str, value: str):
    changes = {"contact_ways-0-kind": kind, "contact_ways-0-value": value}
    answer = save(writer, full_service, "mukaan", changes)
    assert answer.status_code == 400
    assert 'href="#id_contact_ways-0-value"' in answer.content.decode()


def test_days_with_the_same_hours_are_one_row(writer: Client, full_service: Service):
    shown = filled(writer.get(address(full_service, "paikat-ja-ajat")))
    assert shown["opening_hours-TOTAL_FORMS"] == ["2"]
    assert shown["opening_hours-0-weekdays"] == ["1", "3", "5"]
    save(
        writer,
        full_service,
        "paikat-ja-ajat",
        {"opening_hours-0-weekdays": ["1", "4"], "opening_hours-0-closes": "16:30"},
    )
    hours = [(row["weekday"], row["closes"]) for row in draft(full_service)["opening_hours"]]
    assert hours == [(1, "16:30:00"), (2, "15:00:00"), (4, "16:30:00")]


def test_rows_are_copied_from_another_of_our_services(
    writer: Client, full_service: Service, organisation: Organisation
):
    service = begin(writer, organisation)
    path = address(service, "paikat-ja-ajat")
    copy = {"copy-opening_hours": str(full_service.pk), "do": "copy:opening_hours"}
    page = writer.post(path, {**filled(writer.get(path)), **copy})
    assert filled(page)["opening_hours-0-weekdays"] == ["1", "3", "5"]
    writer.post(path, {**filled(page), "do": "continue"})
    assert {row["weekday"] for row in draft(service)["opening_hours"]} == {1, 2, 3, 5}
    assert len(fresh(full_service).opening_hours.all()) == 4


def test_rows_of_another_organisation_cannot_be_copied(writer: Client, organisation: Organisation):
    others = ServiceFactory(contact_ways=[{"kind": "phone", "value": "099 999 999"}])
    service = begin(writer, organisation)
    copy = {"copy-contact_ways": str(others.pk), "do": "copy:contact_ways"}
    page = writer.post(address(service, "mukaan"), {**filled(writer.get(address(service, "mukaan"))), **copy})
    assert "099" not in page.content.decode()


# --- places ----------------------------------------------------------------------------------------------------------
def new_place(**values: str) -> dict[str, str]:
    return {f"new_place-{name}": value for name, value in {"name": "Kirjasto", "postcode": "70100", **values}.items()}


def test_a_new_place_is_made_and_chosen(writer: Client, full_service: Service, organisation: Organisation):
    path = address(full_service, "paikat-ja-ajat")
    before = [row["place"] for row in draft(full_service)["service_places"]]
    page = writer.post(path, {**filled(writer.get(path)), **new_place(is_secret="on"), "do": "place"})
    place = Place.objects.get(name="Kirjasto")
    assert (place.organisation, place.is_secret) == (organisation, True)
    writer.post(path, {**filled(page), "do": "continue"})
    assert [row["place"] for row in draft(full_service)["service_places"]] == [*before, place.pk]


def test_a_new_place_is_not_lost_when_only_save_is_pressed(writer: Client, full_service: Service):
    save(writer, full_service, "paikat-ja-ajat", new_place())
    assert Place.objects.get(name="Kirjasto").pk in [row["place"] for row in draft(full_service)["service_places"]]
    save(writer, full_service, "paikat-ja-ajat", new_place())
    assert Place.objects.filter(name="Kirjasto").count() == 1


def test_a_wrong_postcode_makes_no_place(writer: Client, full_service: Service):
    answer = save(writer, full_service, "paikat-ja-ajat", new_place(postcode="7010"), do="place")
    assert answer.status_code == 400
    assert not Place.objects.filter(name="Kirjasto").exists()


def test_places_of_others_are_not_offered_and_not_taken(writer: Client, full_service: Service):
    shelter = PlaceFactory(name="Turvatalo", organisation=OrganisationFactory(), is_secret=True)
    page = writer.get(address(full_service, "paikat-ja-ajat"))
    assert "Turvatalo" not in page.content.decode()
    answer = save(writer, full_service, "paikat-ja-ajat", {"places-places": [str(shelter.pk)]})
    assert answer.status_code == 400
    assert "Turvatalo" not in answer.content.decode()


# --- sending ---------------------------------------------------------------------------------------------------------
def test_what_is_missing_is_told_with_the_way_to_it(writer: Client, organisation: Organisation):
    service = begin(writer, organisation)
    for answer in (writer.get(address(service, SEND)), writer.post(address(service, SEND), {})):
        assert f'href="{address(service, "mukaan")}"' in answer.content.decode()
    assert not Review.objects.exists()


def test_a_filled_service_is_sent_with_a_check_and_a_word(writer: Client, organisation: Organisation):
    service = begin(writer, organisation)
    save(writer, service, "mukaan", {"how_to_join": "Tule sisään."})
    answer = writer.post(address(service, SEND), {"is_checked": "on", "note": "Ensimmäinen!"})
    assert answer.status_code == 302
    review = Review.objects.get(service=service)
    assert (review.state, review.note, review.checked_on is not None) == (ReviewState.WAITING, "Ensimmäinen!", True)


def test_the_last_step_shows_all_that_is_told(writer: Client, full_service: Service):
    words = words_of(writer.get(address(full_service, SEND)))
    for told in ("Avoin olohuone", "Kaikille.", "012 345 6789", "9.00–15.00", "Kysymme kävijöiltä."):
        assert told in words


# --- who -------------------------------------------------------------------------------------------------------------
def paths_of(service: Service) -> list[str]:
    return [new_address(service.organisation), *(address(service, step) for step in (*STEPS, SEND))]


def test_a_stranger_finds_nothing_here(full_service: Service):
    stranger = client_of(member(OrganisationFactory(), Role.OWNER))
    for path in paths_of(full_service):
        assert stranger.get(path).status_code == 404, path
        assert stranger.post(path, {"title": "Minun"}).status_code == 404, path
    for path in ("talteen/", "neuvot/"):
        assert stranger.post(address(full_service, "kenelle") + path, {}).status_code == 404


def test_a_language_that_is_not_there_is_not_there(writer: Client, full_service: Service):
    assert writer.get(address(full_service, "kenelle").replace("/fi/muokkaa", "/sv/muokkaa")).status_code == 404


@pytest.mark.parametrize("name", ["owner", "organisation", "is_hidden", "checked_on", "slug", "withdrawn_on"])
def test_a_field_that_is_not_asked_cannot_be_sent(writer: Client, full_service: Service, name: str):
    before = draft(full_service).get(name)
    save(writer, full_service, "perustiedot", {name: "1", "title": "Uusi nimi"})
    assert draft(full_service)["title"] == "Uusi nimi"
    assert draft(full_service).get(name) == before


def test_a_part_of_another_service_cannot_be_taken(writer: Client, full_service: Service):
    other = ServiceFactory(contact_ways=[{"kind": "phone", "value": "040 111 2222"}])
    number = other.contact_ways.get().pk
    save(
        writer,
        full_service,
        "mukaan",
        {"contact_ways-0-pk": number, "contact_ways-0-id": number, "contact_ways-0-value": "1234"},
    )
    assert number not in [row["pk"] for row in draft(full_service)["contact_ways"]]


def test_what_is_written_is_text_and_never_markup(writer: Client, full_service: Service):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    texts = {
        "perustiedot": ["title", "summary"],
        "kenelle": ["for_whom", "eligibility"],
        "mukaan": [
            "how_to_join",
            "charge_note",
            "contact_ways-0-label",
            "contact_ways-0-hours",
            "contact_ways-0-price",
        ],
        "paikat-ja-ajat": ["opening_hours-0-note", "opening_exceptions-0-note"],
        "ammattilaisille": ["how_to_refer", "capacity_note"],
        "lisatiedot": ["description", "practical_notes", "keywords", "links-0-label", "required_documents-0-name"],
        "pitka-kuvaus": ["long-content"],
    }
    for step, names in texts.items():
        assert save(writer, full_service, step, dict.fromkeys(names, evil)).status_code == 302, step
    for step in (*texts, SEND):
        page = writer.get(address(full_service, step)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_page_of_the_form_asks_the_database_little(
    writer: Client, full_service: Service, django_assert_max_num_queries: DjangoAssertNumQueries
):
    for number in range(30):
        TermFactory()
        MunicipalityFactory(code=str(300 + number))
        PlaceFactory(organisation=full_service.organisation)
    for step in (*STEPS, SEND):
        writer.get(address(full_service, step))
        with django_assert_max_num_queries(40):
            writer.get(address(full_service, step))


@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi-simple"])
def test_the_form_opens_in_every_language(writer: Client, full_service: Service, language: str):
    with override(language):
        for step in (*STEPS, SEND):
            path = address(full_service, step).replace("/fi/", f"/{language}/", 1)
            assert writer.get(path).status_code == 200
