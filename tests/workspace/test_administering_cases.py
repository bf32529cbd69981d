"""One case: every way to end it, notes, whose task; areas by HTTP; nothing on GET; closed meanwhile says so."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.choices import CaseKind, CheckedHow, Role
from directory.models import Case, Check, Service
from tests.factories.directory import ServiceFactory, member
from tests.workspace.areas import House, written

pytestmark = pytest.mark.django_db

PAGES = (
    "case_note",
    "case_assign",
    "case_watch",
    "case_close",
    "case_answer",
    "case_confirm",
    "case_end",
    "case_keeper",
)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def signed_in(client: Client, house: House) -> Client:
    client.force_login(house.admin)
    return client


def press(client: Client, case: Case, name: str, **data: object):
    return client.post(reverse(f"workspace:{name}", args=[case.pk]), data, follow=True)


# --- whose -----------------------------------------------------------------------------------------------------------
def test_a_case_of_another_area_is_not_there(signed_in: Client, house: House):
    case = house.case(service=house.other)
    before = written()
    assert signed_in.get(reverse("workspace:case", args=[case.pk])).status_code == 404
    for name in PAGES:
        address = reverse(f"workspace:{name}", args=[case.pk])
        assert signed_in.post(address, {"text": "x", "person": house.admin.pk, "how": "call"}).status_code == 404, name
    assert written() == before


def test_a_case_of_no_area_is_the_central_peoples(client: Client, house: House):
    case = actions.open_case(CaseKind.ORPHAN, organisation=None, key=house.service.uuid)
    for user, expected in ((house.admin, 404), (house.chief, 200)):
        client.force_login(user)
        assert client.get(reverse("workspace:case", args=[case.pk])).status_code == expected


def test_nothing_is_written_on_get(signed_in: Client, house: House):
    case = house.case()
    before = written()
    assert signed_in.get(reverse("workspace:case", args=[case.pk])).status_code == 200
    for name in PAGES:
        assert signed_in.get(reverse(f"workspace:{name}", args=[case.pk])).status_code == 405
    assert written() == before


@pytest.mark.parametrize("kind", [CaseKind.NO_ANSWER, CaseKind.ORPHAN, CaseKind.NOT_MINE])
def test_every_kind_has_its_page(signed_in: Client, house: House, kind: CaseKind):
    assert house.service.title in signed_in.get(reverse("workspace:case", args=[house.case(kind).pk])).content.decode()


def test_a_claim_leads_to_its_decision(signed_in: Client, house: House):
    person = member(house.there, Role.WRITER, "uusi@example.org")
    claim = actions.claim_organisation(person, house.here, message="Olen puheenjohtaja.")
    page = signed_in.get(reverse("workspace:case", args=[claim.case.pk]))
    assert reverse("workspace:claim_decision", args=[claim.pk]) in page.content.decode()


# --- notes and tasks -------------------------------------------------------------------------------------------------
def test_notes_tasks_and_watching(signed_in: Client, house: House):
    case = house.case()
    press(signed_in, case, "case_note", text="Soitin, ei vastattu.")
    press(signed_in, case, "case_watch", wanted="1")
    assert case.notes.get().written_by == house.admin
    assert case.watchers.get() == house.admin
    press(signed_in, case, "case_watch", wanted="0")
    press(signed_in, case, "case_assign", person="")
    case.refresh_from_db()
    assert (case.watchers.count(), case.assigned_to) == (0, None)
    press(signed_in, case, "case_assign", person=house.admin.pk)
    case.refresh_from_db()
    assert case.assigned_to == house.admin
    # A note stays possible when the case is closed.
    actions.close_case(case, by=house.chief)
    press(signed_in, case, "case_note", text="Jälkikäteen.")
    assert case.notes.count() == 2


def test_an_empty_note_is_no_note(signed_in: Client, house: House):
    case = house.case()
    assert press(signed_in, case, "case_note", text="  ").status_code == 400
    assert not case.notes.exists()


def test_a_case_is_given_to_people_of_its_area_only(signed_in: Client, house: House):
    case = house.case()
    assert press(signed_in, case, "case_assign", person=house.stranger.pk).status_code == 404
    assert press(signed_in, case, "case_assign", person=house.keeper.pk).status_code == 404
    case.refresh_from_db()
    assert case.assigned_to == house.admin


# --- ends ------------------------------------------------------------------------------------------------------------
def test_checked_by_phone(signed_in: Client, house: House):
    case = house.case()
    press(signed_in, case, "case_confirm", how="call", words="Pirkko vastasi.")
    case.refresh_from_db()
    check = Check.objects.get()
    assert (check.key, check.by, check.how) == (house.service.uuid, house.admin, CheckedHow.CALL)
    assert Service.objects.get(pk=house.service.pk).checked_on == timezone.localdate()
    assert case.closed_by == house.admin
    assert case.notes.get().text == "Pirkko vastasi."


@pytest.mark.parametrize("how", ["", "keeper", "reviewer", "x"])
def test_a_check_says_how(signed_in: Client, house: House, how: str):
    assert press(signed_in, house.case(), "case_confirm", how=how).status_code == 400
    assert not Check.objects.exists()


def test_it_has_ended(signed_in: Client, house: House):
    case = house.case()
    press(signed_in, case, "case_end", words="Toiminta loppui keväällä.")
    case.refresh_from_db()
    assert Service.objects.get(pk=house.service.pk).withdrawn_on
    assert case.closed_at


@pytest.mark.parametrize("kind", [CaseKind.ORPHAN, CaseKind.NOT_MINE])
def test_a_new_keeper(signed_in: Client, house: House, kind: CaseKind):
    case = house.case(kind)
    outsider = member(house.there, Role.OWNER, "ulkona@example.org")
    assert press(signed_in, case, "case_keeper", person=outsider.pk).status_code == 400
    press(signed_in, case, "case_keeper", person=house.keeper.pk)
    case.refresh_from_db()
    assert Service.objects.get(pk=house.service.pk).owner == house.keeper
    assert case.closed_by == house.admin


def test_a_reader_is_answered(signed_in: Client, house: House, django_capture_on_commit_callbacks):
    report = actions.report_mistake(house.service, message="Numero on väärä.", email="lukija@example.org")
    page = signed_in.get(reverse("workspace:case", args=[report.case.pk])).content.decode()
    assert "Numero on väärä." in page
    assert "lukija@example.org" in page
    with django_capture_on_commit_callbacks(execute=True):
        press(signed_in, report.case, "case_answer", answer="Kiitos, korjattu.")
    report.refresh_from_db()
    assert (report.answer, report.handled_by) == ("Kiitos, korjattu.", house.admin)
    assert Case.objects.get(report=report).closed_by == house.admin


@pytest.mark.parametrize("name", ["case_close", "case_confirm", "case_end", "case_keeper"])
def test_what_was_closed_meanwhile_is_left(signed_in: Client, house: House, name: str):
    case = house.case(CaseKind.ORPHAN)
    actions.close_case(case, by=house.chief)
    before = written()
    page = press(signed_in, case, name, how="call", person=house.keeper.pk, words="Minäkin.")
    assert page.status_code == 200
    assert written() == before
    assert page.redirect_chain[-1][0] == reverse("workspace:case", args=[case.pk])


def test_an_edit_that_waits_is_not_closed_by_hand(signed_in: Client, house: House):
    review = house.edit()
    assert press(signed_in, review.case, "case_close").status_code == 404
    assert press(signed_in, review.case, "case_confirm", how="call").status_code == 404
    assert Case.objects.get(review=review).closed_at is None


# --- the admin's own list of reports ---------------------------------------------------------------------------------
def test_the_admin_cannot_mark_a_report_as_handled_past_the_actions(client: Client, house: House):
    client.force_login(house.chief)
    report = actions.report_mistake(house.service, message="Väärin.")
    for name in ("edit", "add"):
        address = f"/admin/fact_reports/{name}/{report.pk}/" if name == "edit" else "/admin/fact_reports/new/"
        client.post(address, {"handled_at": "2026-01-01 10:00"})
    report.refresh_from_db()
    assert report.handled_at is None
    page = client.get(reverse("fact_reports:index")).content.decode()
    assert reverse("workspace:case", args=[report.case.pk]) in page


def test_the_admins_first_page_counts_what_waits(client: Client, house: House):
    house.case()
    house.edit(ServiceFactory(organisation=house.here, how_to_join="Tule."))
    client.force_login(house.chief)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f'href="{reverse("workspace:queue")}"' in page
    assert f'href="{reverse("workspace:queue")}?kind=review"' in page
