"""Who gets through which door: every address of the workspace × every kind of person, asked over HTTP.

The table is written by hand, apart from directory/permissions.py: whoever changes one has to change the other. A door
that is shut answers 404, as if nothing were there; whoever is not signed in is led to sign in.
"""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone, translation

from directory import actions
from directory.choices import CaseKind, Role
from directory.models import Campaign, Case, Check, Claim, Invitation, Review
from directory.selection import Selection
from portal.accounts.models import User
from portal.post.models import BouncedAddress
from portal.workspace import urls
from tests.factories.directory import (
    CountyFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ServiceFactory,
    area_administrator,
    locale,
    member,
)

pytestmark = pytest.mark.django_db

PEOPLE = {
    "w": "writer",
    "d": "deputy",
    "o": "owner",
    "x": "owner of another organisation",
    "s": "somebody signed in",
    "a": "administrator of the area",
    "y": "administrator of another area",
    "m": "moderator",
    "A": "administrator",
}
EVERYBODY = "".join(PEOPLE)
MEMBERS, KEEPERS, OWNER, STAFF, ANY_STAFF, CENTRAL = "wdoamA", "doamA", "oamA", "amA", "aymA", "mA"

# Address (less "workspace:") → whom it opens to. `POST name`: it takes nothing but POST.
DOORS = {
    # my organisation
    "home": EVERYBODY,
    "POST all_still_right": EVERYBODY,
    "organisation": MEMBERS,
    "organisation_edit": KEEPERS,
    "POST organisation_withdraw": KEEPERS,
    "service": MEMBERS,
    "POST still_right": MEMBERS,
    "service_findability": MEMBERS,
    "service_copy": MEMBERS,
    "service_end": KEEPERS,
    "POST service_language": MEMBERS,
    "quick": MEMBERS,
    "POST quick_clear": MEMBERS,
    "POST report_answer": MEMBERS,
    "POST review_seen": MEMBERS,
    "POST service_withdraw": MEMBERS,
    "service_preview": MEMBERS,
    "service_history": MEMBERS,
    "service_version": MEMBERS,
    "POST service_restore": MEMBERS,
    # the form
    "service_new": MEMBERS,
    "POST service_new_autosave": MEMBERS,
    "service_edit": MEMBERS,
    "service_send": MEMBERS,
    "service_step": MEMBERS,
    "POST service_autosave": MEMBERS,
    "POST service_advice": MEMBERS,
    # people
    "team": MEMBERS,
    "invite": OWNER,
    "POST cancel_invitation": OWNER,
    "hand_over": "wdo",
    "member": OWNER,
    "POST remove_member": OWNER,
    "keepers": KEEPERS,
    # the directory's own people
    "queue": ANY_STAFF,
    "queue_bulk": ANY_STAFF,
    "queue_csv": ANY_STAFF,
    "case": STAFF,
    "POST case_note": STAFF,
    "POST case_assign": STAFF,
    "POST case_watch": STAFF,
    "POST case_close": STAFF,
    "POST case_answer": STAFF,
    "POST case_confirm": STAFF,
    "POST case_end": STAFF,
    "POST case_keeper": STAFF,
    "review": STAFF,
    "POST review_approve": STAFF,
    "POST review_send_back": STAFF,
    "inspection": STAFF,
    "POST inspected": STAFF,
    "trust": CENTRAL,
    "duplicates": ANY_STAFF,
    "duplicates_csv": ANY_STAFF,
    "merge": STAFF,
    "POST not_duplicate": STAFF,
    "claim_decision": STAFF,
    "area_roles": "A",
    "freshness": ANY_STAFF,
    "freshness_csv": ANY_STAFF,
    "services": ANY_STAFF,
    "services_csv": ANY_STAFF,
    "coverage": ANY_STAFF,
    "coverage_csv": ANY_STAFF,
    "orphans": ANY_STAFF,
    "orphans_csv": ANY_STAFF,
    "campaigns": ANY_STAFF,
    "campaign_new": ANY_STAFF,
    # A campaign is of whoever began it (here the area's administrator), and of the central people.
    "campaign": STAFF,
    "POST campaign_end": STAFF,
    "mailing": ANY_STAFF,
    "mailing_new": ANY_STAFF,
    # A letter that is not sent yet is its writer's alone.
    "mailing_one": "a",
    "mailing_edit": "a",
    "POST mailing_test": "a",
    "POST mailing_send": "a",
    "POST mailing_delete": "a",
    "partnership": ANY_STAFF,
    "partnership_area": STAFF,
    "partnership_csv": STAFF,
    "runs": CENTRAL,
    "POST run": CENTRAL,
    "POST trust_address": CENTRAL,
}
# What a door must be told before it looks at who stands there.
TOLD = {"service_language": {"language": "sv"}}
# Open to whoever holds the signed link, or to everybody; what they do there is told in tests of their own.
BY_LINK = {"arrive", "propose", "claim", "invitation", "answer", "answer_one", "answer_new_link", "claim_state"}


def names(patterns=urls.urlpatterns) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(pattern.name)
    return found


def test_every_address_is_in_the_table():
    assert {door.removeprefix("POST ") for door in DOORS} | BY_LINK == names()


@pytest.fixture
def world():
    """An organisation with one of everything, and one person of each kind."""
    locale("sv")
    municipality = MunicipalityFactory()
    elsewhere = MunicipalityFactory(code="091", names={"fi": "Helsinki"}, county=CountyFactory(code="00"))
    organisation = OrganisationFactory(home_municipality=municipality)
    owner = member(organisation, Role.OWNER)
    writer = member(organisation, Role.WRITER)
    service = ServiceFactory(organisation=organisation, how_to_join="Tule.", owner=owner)
    twin = ServiceFactory(organisation=organisation, title=service.title, how_to_join="Tule.")
    people = {
        "w": writer,
        "d": member(organisation, Role.DEPUTY),
        "o": owner,
        "x": member(OrganisationFactory(home_municipality=elsewhere), Role.OWNER),
        "s": User.objects.create_user("joku@example.org"),
        "a": area_administrator(municipality.county),
        "y": area_administrator(elsewhere.county, "muualla@example.org"),
        "A": User.objects.create_superuser("admin@example.org"),
        "m": _moderator(),
    }
    actions.edit(service, {"summary": "Uusi."}, by=writer, base=None)
    review = actions.submit(service, by=writer).review
    other_draft = actions.edit(twin, {"summary": "Toinen."}, by=writer, base=None)
    sent_back = actions.submit(other_draft, by=writer).review
    actions.send_back(sent_back, by=people["A"], reason="other")
    inspection = Case.objects.create(
        kind=CaseKind.INSPECTION,
        organisation=organisation,
        key=service.translation_key,
        county=municipality.county,
        opened_at=timezone.now(),
    )
    return {
        "organisation": organisation,
        "service": service,
        "twin": twin,
        "people": people,
        "review": review,
        "sent_back": sent_back,
        "inspection": inspection,
        "campaign": actions.start_campaign(
            title="Ennen kesää",
            keys=[service.translation_key],
            due_on=timezone.localdate() + timezone.timedelta(days=30),
            by=people["a"],
        ),
        "mailing": actions.write_mailing(title="Hei", text="Kiitos.", selection=Selection(), by=people["a"]),
        "bounced": BouncedAddress.objects.create(email="palaa@example.org", bounced_at=timezone.now()),
        "orphan": actions.open_case(CaseKind.ORPHAN, organisation=organisation, key=service.translation_key),
        "report": actions.report_mistake(service, message="Väärin."),
        "claim": _claim(organisation, people["s"]),
        "invitation": Invitation.objects.create(
            organisation=organisation, email="uusi@example.org", expires_at=timezone.now() + timezone.timedelta(days=3)
        ),
        "membership": organisation.memberships.get(user=writer),
    }


def _moderator() -> User:
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("moderaattori@example.org")
    user.user_permissions.add(Permission.objects.get(codename="publish_service"))
    return user


def _claim(organisation, user) -> Claim:
    return actions.claim_organisation(user, organisation, message="Olen puheenjohtaja.")


def address(name: str, world: dict) -> str:
    """The address of a door, with the numbers of things of this organisation."""
    organisation, service = world["organisation"], world["service"]
    by_slug = {"slug": organisation.slug}
    by_key = {"key": service.translation_key}
    by_row = {**by_key, "language": "fi"}
    case = {"pk": Case.objects.get(report=world["report"]).pk}
    two = {"kind": "service", "keep": service.translation_key, "drop": world["twin"].translation_key}
    values = {
        "organisation": by_slug,
        "organisation_edit": by_slug,
        "organisation_withdraw": by_slug,
        "service_new": by_slug,
        "service_new_autosave": by_slug,
        "team": by_slug,
        "invite": by_slug,
        "hand_over": by_slug,
        "claim": by_slug,
        "trust": by_slug,
        "cancel_invitation": {**by_slug, "pk": world["invitation"].pk},
        "member": {**by_slug, "pk": world["membership"].pk},
        "remove_member": {**by_slug, "pk": world["membership"].pk},
        "report_answer": {"pk": world["report"].pk},
        "review_seen": {"pk": world["sent_back"].pk},
        "service_version": {**by_row, "number": service.revisions.order_by("pk").first().pk},
        "service_restore": {**by_row, "number": service.revisions.order_by("pk").first().pk},
        "service_step": {**by_row, "step": "basics"},
        "service_autosave": {**by_row, "step": "basics"},
        "service_advice": {**by_row, "step": "basics"},
        **dict.fromkeys(
            (
                "service_edit",
                "service_send",
                "service_withdraw",
                "service_preview",
                "service_history",
            ),
            by_row,
        ),
        **dict.fromkeys(
            (
                "service",
                "still_right",
                "service_findability",
                "service_copy",
                "service_end",
                "service_language",
                "quick",
                "quick_clear",
                "keepers",
            ),
            by_key,
        ),
        **dict.fromkeys([door for door in names() if door.startswith("case")], case),
        **{key: {"pk": world["orphan"].pk} for key in ("case_close", "case_keeper")},
        **{key: {"pk": world["review"].pk} for key in ("review", "review_approve", "review_send_back")},
        **{key: {"pk": world["inspection"].pk} for key in ("inspection", "inspected")},
        **dict.fromkeys(("merge", "not_duplicate"), two),
        **{each: {"pk": world["campaign"].pk} for each in ("campaign", "campaign_end")},
        **{f"mailing_{each}": {"pk": world["mailing"].pk} for each in ("one", "edit", "test", "send", "delete")},
        "partnership_area": {"code": organisation.home_municipality.county_id},
        "partnership_csv": {"code": organisation.home_municipality.county_id},
        "run": {"name": "keep_fresh"},
        "trust_address": {"pk": world["bounced"].pk},
        "claim_decision": {"pk": world["claim"].pk},
    }
    with translation.override("fi"):
        return reverse(f"workspace:{name}", kwargs=values.get(name, {}))


def opens(door: str, url: str, person: User | None) -> bool:
    """Whether a person gets in. What they would do there is undone."""
    client = Client(raise_request_exception=True)
    if person:
        client.force_login(person)
    with transaction.atomic():
        is_post, told = door.startswith("POST "), TOLD.get(door.removeprefix("POST "), {})
        response = client.post(url, told) if is_post else client.get(url)
        transaction.set_rollback(True)
    assert response.status_code != 500
    led_to_sign_in = response.status_code == 302 and "/accounts/login" in response["Location"]
    return response.status_code not in (403, 404) and not led_to_sign_in


def test_doors_open_to_those_they_are_for_and_to_nobody_else(world):
    wrong = {}
    for door, whom in DOORS.items():
        url = address(door.removeprefix("POST "), world)
        let_in = {sign for sign, person in world["people"].items() if opens(door, url, person)}
        if let_in != set(whom):
            wrong[door] = {PEOPLE[sign]: sign in let_in for sign in let_in ^ set(whom)}
        if opens(door, url, None):
            wrong[door] = {"nobody signed in": True}
    assert wrong == {}


def test_what_acts_takes_no_get(world):
    client = Client()
    client.force_login(world["people"]["A"])
    acting = [door.removeprefix("POST ") for door in DOORS if door.startswith("POST ")]
    assert {door: client.get(address(door, world)).status_code for door in acting} == dict.fromkeys(acting, 405)


def test_looking_changes_nothing(world):
    client = Client()
    client.force_login(world["people"]["A"])

    def state() -> list:
        return [
            list(model.objects.order_by("pk").values_list())
            for model in (Case, Review, Check, Claim, Invitation, Campaign, type(world["service"]))
        ]

    before, acted = state(), []
    for door in DOORS:
        if not door.startswith("POST "):
            client.get(address(door, world))
            if state() != before:
                acted.append(door)
                before = state()
    assert acted == []


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(world):
    client = Client()
    client.force_login(world["people"]["x"])
    with translation.override("fi"):
        there = client.get(reverse("workspace:service", args=[world["service"].translation_key]))
        nowhere = client.get(reverse("workspace:service", args=[uuid4()]))
    assert there.status_code == nowhere.status_code == 404


def test_an_account_that_is_closed_gets_in_nowhere(world):
    person = world["people"]["o"]
    client = Client()
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    with translation.override("fi"):
        assert client.get(reverse("workspace:home")).status_code == 302
