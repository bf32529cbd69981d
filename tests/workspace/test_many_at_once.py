"""Many people in the same moment, through real views and a connection each: nothing lost, nothing done twice, no 500.

The same tests meet SQLite, where one writes at a time, and PostgreSQL, where rows are locked one by one: what is locked
in two orders shows there. What must not depend on who is quicker is tried several times over.
"""

import datetime
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from directory import actions
from directory.choices import CaseKind, ClaimState, ReviewState, Role
from directory.keeping import keep_fresh
from directory.models import (
    Case,
    CaseNote,
    Check,
    Claim,
    Membership,
    Notice,
    NoticeItem,
    Organisation,
    Review,
    Service,
    UnsavedInput,
)
from portal.accounts.models import User
from portal.post.models import Letter
from portal.workspace.answering.links import token_of
from portal.workspace.arriving.links import token_of as invitation_token
from tests.editing import client_of
from tests.factories.directory import ServiceFactory, member, translation_of
from tests.workspace.areas import House
from tests.workspace.form_pages import SEND, address, draft, filled, fresh

pytestmark = pytest.mark.usefixtures("committed_db")

EDITORS = 50
# A race is not lost every time.
ROUNDS = 4
# Only so that a fault ends the test instead of hanging it.
PATIENCE = 180

Act = Callable[[], HttpResponse]


def at_once(acts: Iterable[Act]) -> list[HttpResponse]:
    """What each is answered, all begun in the same moment. An error of any is the test's."""
    acts = list(acts)
    together = threading.Barrier(len(acts), timeout=PATIENCE)
    answers: dict[int, HttpResponse] = {}
    errors: list[BaseException] = []

    def carry_out(number: int, act: Act) -> None:
        try:
            together.wait()
            answers[number] = act()
        except BaseException as error:  # noqa: BLE001 it is told below, where the test sees it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "somebody waits for ever"
    assert errors == []
    return [answers[number] for number in range(len(acts))]


def posting(client: Client, path: str, data: dict[str, Any] | None = None) -> Act:
    return lambda: client.post(path, data or {})


def codes(answers: Iterable[HttpResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def to(name: str, *args: Any) -> str:
    with translation.override("fi"):
        return reverse(f"workspace:{name}", args=args)


def editors(organisation: Organisation, count: int) -> list[Client]:
    return [client_of(member(organisation, Role.WRITER, f"kirjoittaja{n}@example.org")) for n in range(count)]


def saving(client: Client, service: Service, step: str, **changes: str) -> Act:
    """A step that is open in a browser, with some fields changed: what pressing «save» does."""
    path = address(service, step)
    return posting(client, path, {**filled(client.get(path)), **changes, "do": "continue"})


@pytest.fixture
def house() -> House:
    return House()


# --- fifty editors ---------------------------------------------------------------------------------------------------
def test_fifty_people_save_fifty_listings(house: House):
    services = [ServiceFactory(organisation=house.here, title=f"Palvelu {n}") for n in range(EDITORS)]
    people = zip(editors(house.here, EDITORS), services, strict=True)
    answers = at_once(saving(client, service, "kenelle", for_whom=service.title) for client, service in people)
    assert codes(answers) == {302: EDITORS}
    assert {service.title: draft(service)["for_whom"] for service in services} == {
        service.title: service.title for service in services
    }
    assert not UnsavedInput.objects.exists()


# Step → what each of its fields is told. Those with a dash are of a part.
FIELDS: dict[str, dict[str, Any]] = {
    "perustiedot": {"title": "Nimi", "summary": "Lause"},
    "kenelle": {"for_whom": "Kenelle", "age_min": 17, "age_max": 91, "eligibility": "Ehto"},
    "mukaan": {"how_to_join": "Tule", "charge": "free", "charge_note": "Kahvi", "needs_no_appointment": True}
    | {"contact_ways-0-value": "012 345 6789"},
    "paikat-ja-ajat": {"is_nationwide": True},
    "ammattilaisille": {"how_to_refer": "Soita", "referral": "allowed", "capacity_note": "On"}
    | {"capacity_until": "2031-05-01"}
    | dict.fromkeys(("is_anonymous", "is_outreach", "is_outside_office_hours", "has_interpreter"), True),
    "lisatiedot": {"description": "Kuvaus", "practical_notes": "Kengät", "keywords": "kerho"}
    | {"required_documents-0-name": "Kortti"},
    "pitka-kuvaus": {"long-content": "Sisältö"},
}


def told(content: dict[str, Any], name: str) -> Any:
    part, *_number, field = name.split("-") if "-" in name else ("", name)
    rows = content[{"long": "long_description"}.get(part, part)] if part else [content]
    return rows[0][field] if rows else ""


def test_fifty_people_save_one_listing_each_another_field(house: House):
    rows = [house.service, translation_of(house.service, "sv", how_to_join="Kom.")]
    changes = [(row, step, *field) for row in rows for step in FIELDS for field in FIELDS[step].items()]
    assert len(changes) == EDITORS
    acts = [
        saving(client, row, step, **{name: "on" if value is True else value})
        for client, (row, step, name, value) in zip(editors(house.here, EDITORS), changes, strict=True)
    ]
    answers = at_once(acts)
    assert codes(answers) == {302: EDITORS}
    drafts = {row.pk: draft(row) for row in rows}
    kept = {(row.language, name): told(drafts[row.pk], name) for row, _step, name, _value in changes}
    assert kept == {(row.language, name): value for row, _step, name, value in changes}


def test_of_ten_in_the_same_field_one_is_first_and_nine_are_asked(house: House):
    clients = editors(house.here, 10)
    answers = at_once(saving(each, house.service, "kenelle", for_whom=f"Sanat {n}") for n, each in enumerate(clients))
    assert codes(answers) == {302: 1, 409: 9}
    first = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert draft(house.service)["for_whom"] == f"Sanat {first}"
    assert UnsavedInput.objects.count() == 9
    for number, (client, answer) in enumerate(zip(clients, answers, strict=True)):
        if number == first:
            continue
        for page in (answer, client.get(address(house.service, "kenelle"))):
            assert f"Sanat {number}" in page.content.decode()
        assert f"Sanat {first}" in answer.content.decode()


def test_two_tabs_of_one_person_keep_what_is_typed(house: House):
    path = address(house.service, "kenelle") + "talteen/"
    answers = at_once(posting(client_of(house.keeper), path, {"for_whom": f"Sanat {n}"}) for n in range(6))
    assert codes(answers) == {200: 6}
    assert "Sanat" in client_of(house.keeper).get(address(house.service, "kenelle")).content.decode()


def test_two_people_change_one_fact_of_an_organisation(house: House):
    path = to("organisation_edit", house.here.slug)
    deputy = member(house.here, Role.DEPUTY)
    clients = [client_of(house.keeper), client_of(deputy)]
    acts = [
        posting(each, path, {**filled(each.get(path)), "short_name": f"Lyhyt {n}"}) for n, each in enumerate(clients)
    ]
    answers = at_once(acts)
    assert codes(answers) == {302: 1, 409: 1}
    for number, answer in enumerate(answers):
        if answer.status_code == 409:
            assert f"Lyhyt {number}" in answer.content.decode()
    first = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert Organisation.objects.get(pk=house.here.pk).latest_revision.content["short_name"] == f"Lyhyt {first}"


# --- sending and deciding --------------------------------------------------------------------------------------------
def newest(service: Service, name: str) -> Any:
    return fresh(service).latest_revision.content[name]


def test_an_edit_sent_twice_waits_once(house: House):
    for number in range(ROUNDS):
        actions.edit(house.service, {"for_whom": f"Kierros {number}"}, by=house.keeper, base=None)
        people = [house.keeper, member(house.here, Role.WRITER, f"w{number}@example.org")]
        path = address(house.service, SEND)
        assert codes(at_once(posting(client_of(each), path) for each in people)) == {302: 2}
        assert Review.objects.waiting().count() == 1
        assert Case.objects.open().filter(kind=CaseKind.REVIEW).count() == 1


@pytest.mark.parametrize("other", ["approve", "send_back"])
def test_an_edit_is_decided_once(house: House, other: str):
    for number in range(ROUNDS):
        review = house.edit(for_whom=f"Kierros {number}")
        Letter.objects.all().delete()
        acts = [
            posting(client_of(house.chief), to("review_approve", review.pk)),
            posting(client_of(house.admin), to(f"review_{other}", review.pk), {"reason": "unclear", "words": "Ei."}),
        ]
        assert codes(at_once(acts)) == {302: 1, 409: 1}
        review.refresh_from_db()
        is_public = fresh(house.service).for_whom == f"Kierros {number}"
        assert is_public == (review.state == ReviewState.APPROVED)
        letters = Letter.objects.filter(user=review.submitted_by)
        assert [each.key for each in letters] == [f"review-{review.pk}-{review.state}-{review.submitted_by_id}"]
        assert not Case.objects.open().filter(review=review).exists()


def test_a_list_approved_and_one_of_it_approved(house: House):
    """Whoever ticks cases and whoever opens one lock the same things."""
    for number in range(ROUNDS):
        review = house.edit(for_whom=f"Kierros {number}")
        case = Case.objects.get(review=review)
        acts = [
            posting(client_of(house.chief), to("queue_bulk"), {"case": case.pk, "action": "approve"}),
            posting(client_of(house.admin), to("review_approve", review.pk)),
        ]
        assert set(codes(at_once(acts))) <= {302, 409}
        review.refresh_from_db()
        assert (review.state, fresh(house.service).for_whom) == (ReviewState.APPROVED, f"Kierros {number}")


def test_two_languages_approved_at_once(house: House):
    """Each publishes its facts to the other."""
    swedish = translation_of(house.service, "sv", how_to_join="Kom.")
    for number in range(ROUNDS):
        reviews = [
            house.edit(fresh(house.service), age_min=10 + number),
            house.edit(fresh(swedish), charge_note=f"Runda {number}", age_max=60 + number),
        ]
        people = (house.chief, house.admin)
        acts = [posting(client_of(by), to("review_approve", each.pk)) for by, each in zip(people, reviews, strict=True)]
        assert codes(at_once(acts)) == {302: 2}
        for row in (fresh(house.service), fresh(swedish)):
            assert (row.age_min, row.age_max) == (10 + number, 60 + number), row.language


def test_going_on_with_an_edit_while_it_is_approved(house: House):
    """What the keeper saves in the moment of approval is still the newest draft."""
    keeper = client_of(house.keeper)
    for number in range(ROUNDS):
        review = house.edit(fresh(house.service), for_whom=f"Kierros {number}")
        acts = [
            posting(client_of(house.chief), to("review_approve", review.pk)),
            saving(keeper, house.service, "lisatiedot", practical_notes=f"Jatko {number}"),
        ]
        assert codes(at_once(acts)) == {302: 2}
        row = fresh(house.service)
        assert (row.for_whom, row.live, row.has_unpublished_changes) == (f"Kierros {number}", True, True)
        assert newest(row, "practical_notes") == f"Jatko {number}"
        assert newest(row, "for_whom") == f"Kierros {number}"


def test_a_notice_set_while_an_edit_is_approved(house: House):
    keeper, until = client_of(house.keeper), timezone.localdate() + datetime.timedelta(days=9)
    for number in range(ROUNDS):
        review = house.edit(fresh(house.service), for_whom=f"Kierros {number}")
        data = {"notice_fi": f"Remontti {number}", "until": "own", "own_until": until.isoformat()}
        acts = [
            posting(client_of(house.chief), to("review_approve", review.pk)),
            posting(keeper, to("quick", house.service.translation_key) + "?what=notice", data),
        ]
        assert codes(at_once(acts)) == {302: 2}
        row = fresh(house.service)
        assert (row.for_whom, row.notice) == (f"Kierros {number}", f"Remontti {number}")


def test_a_trusted_organisation_sends_two_languages_at_once(house: House):
    Organisation.objects.filter(pk=house.here.pk).update(is_trusted=True)
    rows = [house.service, translation_of(house.service, "sv", how_to_join="Kom.")]
    for number in range(ROUNDS):
        Case.objects.all().delete()
        for row in rows:
            actions.edit(fresh(row), {"for_whom": f"Kierros {number}"}, by=house.keeper, base=None)
        answers = at_once(posting(client_of(house.keeper), address(row, SEND)) for row in rows)
        assert codes(answers) == {302: 2}
        assert [fresh(row).for_whom for row in rows] == [f"Kierros {number}"] * 2
        assert Case.objects.open().filter(kind=CaseKind.INSPECTION).count() == 1


# --- answering, coming in, the queue ---------------------------------------------------------------------------------
def asked(house: House, *people: User) -> list[Notice]:
    """A question to each of these about the house's service: the keeper's, and later their deputy's."""
    owner, deputy = (*people, None)[:2]
    long_ago = timezone.localdate() - datetime.timedelta(days=300)
    Service.objects.filter(pk=house.service.pk).update(owner=owner, deputy=deputy, checked_on=long_ago)
    for days in range(0, 30 * len(people), 30):
        keep_fresh(timezone.now() + datetime.timedelta(days=days))
    return [Notice.objects.filter(user=person).latest("pk") for person in people]


def test_the_same_link_pressed_twice(house: House):
    [notice] = asked(house, house.keeper)
    page = to("answer", token_of(notice))
    item = notice.items.get(key=house.service.translation_key)
    choices = ["all:still_right", f"{item.pk}:still_right", f"{item.pk}:not_mine", f"{item.pk}:ended"]
    answers = at_once(posting(Client(), page, {"choice": each}) for each in (*choices, *choices))
    assert codes(answers) == {302: 8}
    item.refresh_from_db()
    checks = Check.objects.filter(key=item.key).count()
    is_ended = fresh(house.service).withdrawn_on is not None
    assert (checks, is_ended) == (int(item.answer == "still_right"), item.answer == "ended")


def test_two_people_say_that_a_listing_is_not_theirs(house: House):
    for number in range(ROUNDS):
        deputy = member(house.here, Role.WRITER, f"sijainen{number}@example.org")
        Notice.objects.all().delete()
        Case.objects.all().delete()
        service = house.service = ServiceFactory(organisation=house.here)
        notices = asked(house, house.keeper, deputy)
        items = [NoticeItem.objects.get(notice=each, key=service.translation_key) for each in notices]
        answers = at_once(
            posting(Client(), to("answer", token_of(each)), {"choice": f"{item.pk}:not_mine"})
            for each, item in zip(notices, items, strict=True)
        )
        assert codes(answers) == {302: 2}
        assert {item.answer for item in NoticeItem.objects.filter(pk__in=[each.pk for each in items])} == {"not_mine"}
        row = fresh(service)
        assert {row.owner_id, row.deputy_id}.isdisjoint({house.keeper.pk, deputy.pk})
        assert Case.objects.open().filter(key=service.translation_key).exists()


def test_an_invitation_takes_one_person_once(house: House):
    strangers = [User.objects.create_user(f"tulija{n}@example.org") for n in range(2)]
    for people in (strangers, [strangers[0]] * 2):
        Membership.objects.filter(user__in=strangers).delete()
        invitation = actions.invite(house.here, email="tulija0@example.org", role=Role.WRITER, by=house.keeper)
        path = to("invitation", invitation_token(invitation))
        assert codes(at_once(posting(client_of(each), path) for each in people)) == {302: 1, 409: 1}
        assert Membership.objects.filter(user__in=strangers, organisation=house.here).count() == 1


def test_a_request_is_sent_once_and_decided_once(house: House):
    for number in range(ROUNDS):
        person = User.objects.create_user(f"pyytaja{number}@example.org")
        path = to("claim", house.here.slug)
        answers = at_once(posting(client_of(person), path, {"message": "Olen sihteeri."}) for _time in range(2))
        assert codes(answers) == {302: 2}
        claim = Claim.objects.get(user=person)
        yes = {"decision": "approve", "yes-proof": "call", "yes-proof_note": "Soitin.", "yes-role": "writer"}
        no = {"decision": "refuse", "no-words": "En tavoittanut."}
        decide = to("claim_decision", claim.pk)
        answers = at_once([posting(client_of(house.chief), decide, yes), posting(client_of(house.admin), decide, no)])
        assert codes(answers) == {302: 2}
        claim.refresh_from_db()
        is_member = Membership.objects.filter(user=person).exists()
        assert is_member == (claim.state == ClaimState.APPROVED)
        assert claim.state != ClaimState.WAITING


def test_a_case_is_closed_once(house: House):
    for number in range(ROUNDS):
        case = house.case()
        people = (house.chief, house.admin)
        acts = [posting(client_of(by), to("case_close", case.pk), {"words": f"Tehty {number}"}) for by in people]
        assert codes(at_once(acts)) == {302: 2}
        case.refresh_from_db()
        assert CaseNote.objects.get(case=case).written_by_id == case.closed_by_id


def test_a_report_is_answered_once(house: House):
    """By its keeper in the workspace and by somebody of the directory from the queue, each on a way of their own."""
    for number in range(ROUNDS):
        report = actions.report_mistake(house.service, message="Väärin.", email=f"lukija{number}@example.org")
        case = Case.objects.get(report=report)
        acts = [
            posting(client_of(house.keeper), to("report_answer", report.pk), {"answer": "Pitäjän vastaus."}),
            posting(client_of(house.chief), to("case_answer", case.pk), {"answer": "Toimituksen vastaus."}),
        ]
        assert set(codes(at_once(acts))) <= {302, 404}
        report.refresh_from_db()
        letter = Letter.objects.get(to=report.email)
        assert report.answer in letter.text, "the reader was told something else than what is kept"


def test_two_owners_who_leave_in_the_same_moment(house: House):
    people, path = (
        (house.keeper, member(house.here, Role.OWNER, "toinen@example.org")),
        to("hand_over", house.here.slug),
    )
    at_once(posting(client_of(each), path, {"leave": "1"}) for each in people)
    assert Membership.objects.filter(organisation=house.here, role=Role.OWNER).count() == 1
