"""The queue: whose areas, filters, several at once with a preview, files. Nothing is written on GET."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory import actions
from directory.choices import CaseKind, ReviewState
from directory.models import Case, Organisation, Review, Service
from portal.accounts.models import User
from portal.base.csv_export import csv_response, safe_cell
from tests.factories.directory import ServiceFactory
from tests.workspace.areas import House, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def signed_in(client: Client, house: House) -> Client:
    client.force_login(house.admin)
    return client


def bulk(client: Client, cases: list[Case], action: str, *, to: User | None = None, words: str = "") -> tuple:
    """(the preview, the answer to pressing «Do it» on it)."""
    data = {"case": [case.pk for case in cases], "action": action, "to": to.pk if to else ""}
    before = written()
    preview = client.get(reverse("workspace:queue_bulk"), data)
    assert written() == before
    if preview.status_code != 200:
        return preview, None
    chosen = [effect.case.pk for effect, _title in preview.context["changing"]]
    return preview, client.post(reverse("workspace:queue_bulk"), {**data, "case": chosen, "words": words}, follow=True)


# --- whose -----------------------------------------------------------------------------------------------------------
def test_only_ones_own_areas_are_seen(client: Client, house: House):
    mine, theirs = house.case(), house.case(service=house.other)
    for user, expected in ((house.admin, {mine}), (house.stranger, {theirs}), (house.chief, {mine, theirs})):
        client.force_login(user)
        assert {row.case for row in client.get(reverse("workspace:queue")).context["rows"]} == expected


@pytest.mark.parametrize("name", ["queue", "queue_bulk", "queue_csv", "duplicates", "duplicates_csv"])
def test_for_others_the_pages_are_not_there(client: Client, house: House, name: str):
    address = reverse(f"workspace:{name}")
    assert client.get(address).status_code == 302
    client.force_login(house.keeper)
    assert client.get(address).status_code == 404


def test_a_case_of_another_area_cannot_be_chosen(signed_in: Client, house: House):
    theirs = house.case(service=house.other)
    for method in (signed_in.get, signed_in.post):
        answer = method(reverse("workspace:queue_bulk"), {"case": [house.case().pk, theirs.pk], "action": "take"})
        assert answer.status_code == 404
    assert Case.objects.get(pk=theirs.pk).assigned_to == house.stranger


# --- what is seen ----------------------------------------------------------------------------------------------------
def test_the_oldest_comes_first_and_the_kinds_are_counted(signed_in: Client, house: House):
    new, old = house.case(CaseKind.ORPHAN, days=1), house.case(CaseKind.NO_ANSWER, days=40)
    context = signed_in.get(reverse("workspace:queue")).context
    assert [row.case for row in context["rows"]] == [old, new]
    assert {tab["url"]: tab["count"] for tab in context["tabs"]} == {"?": 2, "?kind=orphan": 1, "?kind=no_answer": 1}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["old", "new"]),
        ("kind=orphan", ["new"]),
        ("whose=mine", ["old"]),
        ("whose=nobody", ["new"]),
        ("whose=watched", ["new"]),
        ("older=14", ["old"]),
        ("area=11", ["old", "new"]),
        ("area=06", []),
        ("state=closed", ["closed"]),
        ("kind=unknown&older=x&area=999999999999999&whose=_&page=zz", ["old", "new"]),
    ],
)
def test_filters(signed_in: Client, house: House, query: str, expected: list[str]):
    closed = house.case(CaseKind.NOT_MINE, days=3)
    actions.close_case(closed, by=house.admin)
    cases = {"old": house.case(CaseKind.NO_ANSWER, days=40), "new": house.case(CaseKind.ORPHAN), "closed": closed}
    actions.assign_case(cases["old"], to=house.admin, by=house.chief)
    actions.assign_case(cases["new"], to=None, by=house.chief)
    actions.watch_case(cases["new"], by=house.admin, wanted=True)
    rows = signed_in.get(f"{reverse('workspace:queue')}?{query}").context["rows"]
    assert [row.case for row in rows] == [cases[name] for name in expected]


def test_those_who_watch_see_what_was_noted(signed_in: Client, house: House):
    case = house.case()
    actions.watch_case(case, by=house.admin, wanted=True)
    actions.write_note(case, text="Soitettu kahdesti.", by=house.chief)
    assert "Soitettu kahdesti." in signed_in.get(reverse("workspace:queue"), {"whose": "watched"}).content.decode()


def test_the_number_of_queries_does_not_grow(signed_in: Client, house: House):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(reverse("workspace:queue")).status_code == 200
        return len(queries)

    house.case()
    count()
    few = count()
    for number in range(30):
        house.case(service=ServiceFactory(organisation=house.here, title=f"Palvelu {number}"))
    assert count() == few
    assert len(signed_in.get(reverse("workspace:queue")).context["rows"]) == 25


def test_no_text_of_others_becomes_code(signed_in: Client, house: House):
    evil = "<script>alert(1)</script>"
    Service.objects.filter(pk=house.service.pk).update(title=evil)
    Organisation.objects.filter(pk=house.here.pk).update(names={"fi": evil})
    case = house.case()
    actions.watch_case(case, by=house.admin, wanted=True)
    actions.write_note(case, text=evil, by=house.admin)
    for path in (
        reverse("workspace:queue"),
        reverse("workspace:case", args=[case.pk]),
        f"{reverse('workspace:queue_bulk')}?case={case.pk}&action=close",
    ):
        html = signed_in.get(path).content.decode()
        assert evil not in html
        assert "&lt;script&gt;alert(1)" in html


# --- several at once -------------------------------------------------------------------------------------------------
def test_taking_giving_and_giving_back(signed_in: Client, house: House):
    cases = [house.case(CaseKind.ORPHAN), house.case(CaseKind.NO_ANSWER)]
    actions.assign_case(cases[0], to=None, by=house.chief)
    preview, answer = bulk(signed_in, cases, "take")
    assert [effect.case for effect, _ in preview.context["changing"]] == [cases[0]]
    assert [effect.case for effect, _ in preview.context["staying"]] == [cases[1]]
    assert answer.status_code == 200
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {house.admin.pk}
    bulk(signed_in, cases, "give_back")
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {None}


def test_nobody_is_given_what_is_outside_their_area(client: Client, house: House):
    client.force_login(house.chief)
    case = house.case()
    preview, _answer = bulk(client, [case], "assign", to=house.stranger)
    assert not preview.context["changing"]
    client.post(reverse("workspace:queue_bulk"), {"case": [case.pk], "action": "assign", "to": house.stranger.pk})
    case.refresh_from_db()
    assert case.assigned_to == house.admin


def test_what_is_closed_by_deciding_is_not_closed_in_passing(signed_in: Client, house: House):
    by_hand, edit = house.case(), house.edit().case
    report = actions.report_mistake(house.service, message="Väärin.").case
    preview, _answer = bulk(signed_in, [by_hand, edit, report], "close", words="Soitettu.")
    assert [effect.case for effect, _ in preview.context["changing"]] == [by_hand]
    assert [case.pk for case in Case.objects.exclude(closed_at=None)] == [by_hand.pk]
    assert by_hand.notes.get().text == "Soitettu."


def test_only_edits_that_are_not_risky_are_approved_together(signed_in: Client, house: House):
    plain = house.edit()
    risky = house.edit(ServiceFactory(organisation=house.here, how_to_join="Tule."), title="Uusi nimi")
    fresh = house.edit(ServiceFactory(organisation=house.here, how_to_join="Tule.", live=False))
    own = house.edit(ServiceFactory(organisation=house.here, how_to_join="Tule."))
    Review.objects.filter(pk=own.pk).update(submitted_by=house.admin)
    reviews = [plain, risky, fresh, own]
    preview, _answer = bulk(signed_in, [review.case for review in reviews], "approve")
    expected = {effect.case.review_id for effect, _ in preview.context["changing"]}
    states = dict(Review.objects.values_list("pk", "state"))
    assert expected == {plain.pk} == {pk for pk, state in states.items() if state == ReviewState.APPROVED}
    assert Service.objects.get(pk=house.service.pk).description == "Uutta."


def test_what_has_changed_since_the_preview_is_left(signed_in: Client, house: House):
    case = house.case()
    data = {"case": [case.pk], "action": "close"}
    assert signed_in.get(reverse("workspace:queue_bulk"), data).context["changing"]
    actions.close_case(case, by=house.chief, words="Minä ehdin.")
    signed_in.post(reverse("workspace:queue_bulk"), {**data, "words": "Minäkin."})
    case.refresh_from_db()
    assert case.closed_by == house.chief
    assert [note.text for note in case.notes.all()] == ["Minä ehdin."]


@pytest.mark.parametrize("data", [{}, {"action": "close"}, {"case": ["1; drop"], "action": "close"}])
def test_nothing_chosen_is_no_fault(signed_in: Client, data: dict):
    assert signed_in.get(reverse("workspace:queue_bulk"), data).status_code == 302
    assert signed_in.post(reverse("workspace:queue_bulk"), data).status_code == 302


# --- files -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["=1+1", "+358", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_run_as_a_formula(text: str):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Ruoka-apu", "a=b", 5, -5, 1.5, ""])
def test_what_is_harmless_stays(value: object):
    assert safe_cell(value) == value


def test_a_file_is_read_by_a_spreadsheet():
    response = csv_response("x", ["Nimi"], [['Ääkkönen; "lainaus", =1'], [None]])
    assert response.content.startswith("\ufeff".encode())
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Nimi"],
        ['Ääkkönen; "lainaus", =1'],
        [""],
    ]


def test_the_queue_as_a_file(signed_in: Client, house: House):
    Service.objects.filter(pk=house.service.pk).update(title="=HYPERLINK(1)")
    house.case(days=5)
    house.case(service=house.other)
    response = signed_in.get(reverse("workspace:queue_csv"), {"kind": "no_answer"})
    _columns, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert [(row[1], row[2], row[5]) for row in rows] == [("'=HYPERLINK(1)", "Täällä ry", "5")]
