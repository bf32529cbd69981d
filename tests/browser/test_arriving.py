"""Coming to an organisation and leaving it, on a phone, without JavaScript; and whether everybody can use the pages."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from directory import actions
from directory.choices import Role
from directory.models import Claim, Invitation, Membership, Service
from portal.accounts.models import User
from portal.workspace.arriving.links import token_of
from tests.accounts.ways_in import code_in_mail
from tests.browser.addresses import url, word
from tests.browser.axe import assert_no_axe_violations
from tests.browser.conftest import PHONE
from tests.factories.directory import area_administrator, member

PROOF = {"proof": "call", "proof_note": "Puheenjohtaja vahvisti."}


@pytest.fixture
def service(live_site: str) -> Service:
    """A public service whose organisation has a home municipality."""
    rows = Service.objects.public().filter(locale__language_code="fi", organisation__home_municipality__isnull=False)
    return rows.select_related("organisation").order_by("pk").first()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)


def button(page: Page, message: str) -> None:
    page.get_by_role("main").get_by_role("button", name=word(message), exact=True).click()


def test_a_claim_from_the_public_page_to_the_request(phone: Page, service: Service):
    """From the organisation's page over making an account, and back to where one was going."""
    phone.goto(url("directory:organisation", slug=service.organisation.slug))
    phone.get_by_role("link", name=word("Is this your organisation? Keep its listings")).click()
    phone.get_by_role("link", name=word("Make an account")).first.click()
    phone.get_by_label(word("Your e-mail address")).fill("aino@talo.example")
    button(phone, "Send me a code")
    assert mail.outbox
    phone.locator("main input[name=code]").fill(code_in_mail())
    phone.locator("main form button[type=submit]").first.click()
    phone.get_by_label(word("Who are you in the organisation?")).fill("Olen sihteeri.")
    button(phone, "Send the request")
    expect(phone.get_by_role("heading", name=str(service.organisation))).to_be_visible()
    expect(phone.get_by_text(word("Thank you. We have your request."))).to_be_visible()
    assert Claim.objects.get().user.email == "aino@talo.example"


def test_the_last_owner_hands_over_and_the_new_one_joins(
    phone: Page, service: Service, sign_in: Callable, open_page: Callable[..., Page]
):
    organisation = service.organisation
    owner = member(organisation, Role.OWNER)
    actions.set_keepers(service, owner=owner, deputy=None, by=owner)
    sign_in(phone, owner)
    phone.goto(url("workspace:team", slug=organisation.slug))
    phone.get_by_role("link", name=word("Hand over my part")).click()
    expect(phone.get_by_text(service.title)).to_be_visible()
    phone.get_by_label(word("A new person")).check()
    phone.get_by_label(word("The new person's e-mail address")).fill("uusi@talo.example")
    button(phone, "Hand over")
    expect(phone.get_by_text("uusi@talo.example", exact=True)).to_be_visible()
    # The letter carries this address.
    other = open_page(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    sign_in(other, User.objects.create_user("uusi@talo.example"))
    other.goto(url("workspace:invitation", token=token_of(Invitation.objects.get())))
    button(other, "Join")
    expect(other).to_have_url(f"{other.url.split('/fi/')[0]}{url('workspace:organisation', slug=organisation.slug)}")
    assert list(Membership.objects.values_list("user__email", "role")) == [("uusi@talo.example", Role.OWNER)]
    assert Service.objects.get(pk=service.pk).owner.email == "uusi@talo.example"
    phone.goto(url("workspace:home"))
    expect(phone.get_by_role("link", name=str(organisation))).to_have_count(0)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_everybody_can_use_the_pages(page_phone: Page, service: Service, sign_in: Callable, language: str, watch):
    organisation = service.organisation
    owner, writer = member(organisation, Role.OWNER), member(organisation, Role.WRITER)
    regional = area_administrator(organisation.home_municipality.county)
    asker = User.objects.create_user("aino@talo.example")
    claim = actions.propose_organisation(
        asker, name=str(organisation), sector="association", municipality=organisation.home_municipality, message="x"
    )
    actions.set_keepers(service, owner=owner, deputy=writer, by=owner)
    invitation = actions.invite(organisation, email="uusi@talo.example", role=Role.WRITER, by=owner)
    old = actions.invite(organisation, email="vanha@talo.example", role=Role.WRITER, by=owner)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    slug, part = {"slug": organisation.slug}, Membership.objects.get(user=writer)
    asked = f"?q={organisation.short_name or 'yhdistys'}"
    pages: list[tuple[User | None, str]] = [
        (None, url("workspace:arrive", language) + asked),
        (None, url("workspace:claim", language, **slug)),
        (None, url("workspace:propose", language)),
        (None, url("workspace:invitation", language, token=token_of(invitation))),
        (asker, url("workspace:claim", language, **slug)),
        (asker, url("workspace:propose", language)),
        (asker, url("workspace:claim_state", language, pk=claim.pk)),
        (asker, url("workspace:invitation", language, token=token_of(old))),
        (owner, url("workspace:team", language, **slug)),
        (owner, url("workspace:invite", language, **slug)),
        (owner, url("workspace:member", language, **slug, pk=part.pk)),
        (owner, url("workspace:hand_over", language, **slug)),
        (owner, url("workspace:keepers", language, key=service.translation_key)),
        (regional, url("workspace:claim_decision", language, pk=claim.pk)),
        (User.objects.create_superuser("paa@example.org"), url("workspace:area_roles", language)),
    ]
    for user, address in pages:
        if user is not None:
            sign_in(page_phone, user)
        page_phone.goto(address)
        assert_no_axe_violations(page_phone)
        assert page_phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    # What looks alike, and what has to be mended.
    watch.expect("400")
    sign_in(page_phone, asker)
    page_phone.goto(url("workspace:propose", language))
    button_name = word("Send the proposal", language)
    page_phone.get_by_role("button", name=button_name).click()
    expect(page_phone.get_by_role("alert")).to_be_visible()
    assert_no_axe_violations(page_phone)
    page_phone.locator("#id_name").fill(str(organisation))
    page_phone.locator("#id_municipality").select_option(organisation.home_municipality_id)
    page_phone.locator("#id_message").fill("x")
    page_phone.get_by_role("button", name=button_name).click()
    expect(page_phone.locator("#alike-title")).to_be_visible()
    assert_no_axe_violations(page_phone)
