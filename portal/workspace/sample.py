"""What the workspace has to show on a machine of one's own: the sample people get sample organisations to keep.

Everything is done by directory.actions, as people would do it; letters are written too. Only in debug mode, only once.
"""

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from directory import actions
from directory.choices import Proof, Role, SendBackReason
from directory.models import County, Membership, Organisation, PartnershipItem, PartnershipState, Service
from portal.accounts.models import User
from portal.base import languages

# Slugs of the sample directory (directory/content/sample): two to keep, one to ask for.
KEPT, KEPT_TOO, ASKED_FOR = "mantyvirta", "jarvilaakso", "siltaranta"


def ensure_sample_keepers() -> bool:
    """Make it so; whether anything was made. Nothing outside debug mode, or without sample people and directory."""
    if not settings.DEBUG:
        return False
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(is_development=True, is_active=True)}
    houses = {
        each.slug: each
        for each in Organisation.objects.filter(is_sample=True, slug__in=(KEPT, KEPT_TOO, ASKED_FOR)).select_related(
            "home_municipality__county"
        )
    }
    wanted = {"yllapito", "alue", "omistaja", "varahenkilo", "kirjoittaja", "uusi"}
    if not wanted <= set(people) or len(houses) < 3:
        return False
    if Membership.objects.filter(organisation=houses[KEPT]).exists():
        return False
    with transaction.atomic():
        _fill(people, houses)
    return True


def _fill(people: dict[str, User], houses: dict[str, Organisation]) -> None:
    administrator, owner = people["yllapito"], people["omistaja"]
    kept = houses[KEPT]
    if kept.home_municipality:
        actions.grant_area(people["alue"], kept.home_municipality.county, by=administrator)
        _begin_checklist(kept.home_municipality.county, people["alue"])
    for organisation in (kept, houses[KEPT_TOO]):
        claim = actions.claim_organisation(owner, organisation, message="Olen toiminnanjohtaja. Puhelin 000 123 4567.")
        actions.approve_claim(
            claim, by=administrator, proof=Proof.CALL, proof_note="Puheenjohtaja vahvisti puhelimessa (esimerkki)."
        )
    for name, role in (("varahenkilo", Role.DEPUTY), ("kirjoittaja", Role.WRITER)):
        invitation = actions.invite(kept, email=people[name].email, role=role, by=owner)
        actions.accept_invitation(invitation, people[name])
    actions.invite(kept, email="kutsuttu@example.org", role=Role.WRITER, by=owner)
    actions.claim_organisation(
        people["uusi"], houses[ASKED_FOR], message="Olen uusi järjestösihteeri. Puheenjohtajan numero on 000 123 4568."
    )
    finnish = Locale.objects.get(language_code=languages.FINNISH)
    services = list(Service.objects.public().filter(organisation=kept, locale=finnish).order_by("checked_on", "pk"))
    _share_out(services, people)
    _leave_work(services, people)


def _begin_checklist(county: County, person: User) -> None:
    """The first points of partnership have an answer each, of every kind; the rest wait."""
    for item, state in zip(PartnershipItem.objects.all(), PartnershipState, strict=False):
        actions.answer_partnership(county, item, state=state, by=person, version=0)


def _share_out(services: list[Service], people: dict[str, User]) -> None:
    """Most have a keeper; the last one has none, so the owners answer for it."""
    owner, deputy, writer = people["omistaja"], people["varahenkilo"], people["kirjoittaja"]
    for number, service in enumerate(services[:-1]):
        keeper, stands_in = (owner, deputy) if number % 2 == 0 else (writer, owner)
        actions.set_keepers(service, owner=keeper, deputy=stands_in, by=owner)


def _leave_work(services: list[Service], people: dict[str, User]) -> None:
    """One edit waits, one was sent back, one reader has told of a mistake, one service is only begun."""
    writer = people["kirjoittaja"]
    if len(services) < 3:
        return
    waiting, returned, reported = services[:3]
    actions.edit(waiting, {"practical_notes": "Ovi avataan kymmenen minuuttia ennen alkua."}, by=writer, base=None)
    actions.submit(waiting, by=writer, is_checked=True, note="Lisäsin, milloin ovi avataan.")
    actions.edit(returned, {"summary": "Matalan kynnyksen toimintaa."}, by=writer, base=None)
    submission = actions.submit(returned, by=writer)
    if submission.review:
        actions.send_back(
            submission.review,
            by=people["alue"],
            reason=SendBackReason.UNCLEAR,
            words="Kerro, mitä siellä tehdään ja kenelle se on tarkoitettu.",
        )
    actions.report_mistake(reported, message="Puhelinnumerossa ei vastattu tällä viikolla.", email="")
    actions.begin_service(
        reported.organisation,
        by=writer,
        title="Kävelyryhmä torstaisin",
        kind=reported.kind,
        language=languages.FINNISH,
    )
