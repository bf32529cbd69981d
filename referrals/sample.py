"""Sample referrals for a machine of one's own: a team with its workers, referrals in every state, figures of the past.

Everything but the figures is done by referrals.actions, as people would do it; letters are written too. Only in debug
mode, only once. What was made goes with the sample directory (`manage.py remove_sample`).
"""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.models import Locale

from directory.choices import Stage
from directory.models import Organisation, Service
from portal.accounts.models import User
from portal.base import languages
from referrals import actions, keeping, retention
from referrals.actors import Actor
from referrals.choices import Act, ConsentHow, DeclineReason, Good, Origin, Party, Purpose, Reach, State, Support
from referrals.figures import reply_times, telling
from referrals.figures.quarters import Quarter, told_quarters
from referrals.models import Controller, Enquiry, PersonDetails, Referral, Tally, Team, ToldQuarter
from referrals.receiving import receivers

# Slugs of the sample directory (directory/content/sample): who sends, who is asked, and who asks for a team.
SENDS, RECEIVES, WANTS = "jarvilaakso", "mantyvirta", "siltaranta"
CONTROLLER = {
    "controller": "Järvilaakson hyvinvointialue (keksitty esimerkki)",
    "controller_address": "Esimerkkikatu 1, 00000 Järvilaakso",
    "contact_person": "Asiakaspalvelu (keksitty)",
    "contact_email": "tietopyynnot@jarvilaakso.example",
    "contact_phone": "000 123 4533",
    "officer": "Tiina Tietosuoja (keksitty)",
    "officer_email": "tietosuoja@jarvilaakso.example",
    "basis": {
        "fi": "Suostumus: EU:n tietosuoja-asetuksen 6 artiklan 1 kohdan a alakohta. Tämä on keksitty esimerkki.",
        "sv": "Samtycke: artikel 6.1 a i EU:s dataskyddsförordning. Detta är ett påhittat exempel.",
        "en": "Consent: article 6.1 a of the General Data Protection Regulation. This is an invented example.",
    },
    "processors": {
        "fi": "Ei ketään: tämä on kehittäjän oma kone.",
        "sv": "Ingen: detta är utvecklarens egen dator.",
        "en": "Nobody: this is a developer's own machine.",
    },
}
# How many quarters and listings the figures of the past are about, and how few referrals each listing got in a month.
COUNTED_QUARTERS, COUNTED_LISTINGS, A_MONTH = 4, 10, 3


def ensure_sample_referrals() -> bool:
    """Make it so; whether anything was made. Nothing outside debug mode, without sample people and directory, or when
    somebody has begun to use referrals here."""
    if not settings.DEBUG or Team.objects.exists() or Referral.objects.exists():
        return False
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(is_development=True, is_active=True)}
    houses = {
        each.slug: each for each in Organisation.objects.filter(is_sample=True, slug__in=(SENDS, RECEIVES, WANTS))
    }
    wanted = {"yllapito", "omistaja", "ohjaaja", "tyokaveri", "pyytaja", "uusi"}
    if not wanted <= set(people) or len(houses) < 3:
        return False
    askable = _askable()
    listings = [each for each in askable if each.organisation == houses[RECEIVES] and Stage.ONE in each.stages]
    if not listings:
        return False
    with transaction.atomic():
        if not _switch_on():
            return False
        _fill(people, houses, listings)
        today = timezone.localdate()
        write_sample_tallies(askable, told_quarters(today, COUNTED_QUARTERS))
        telling.run(today)
        reply_times.run(today)
    return True


def take_away_sample_referrals() -> None:
    """Remove what hangs on the sample directory: referrals of its teams and those that ask nobody else, the teams, and
    the invented controller, with whom referrals are switched off."""
    real = Enquiry.objects.filter(referral=OuterRef("pk"), organisation__is_sample=False)
    sample = Enquiry.objects.filter(referral=OuterRef("pk"), organisation__is_sample=True)
    of_teams = Referral.objects.filter(team__organisation__is_sample=True)
    for referral in (of_teams | Referral.objects.filter(Exists(sample) & ~Exists(real))).order_by("pk"):
        retention.wipe(referral)
    Team.objects.filter(organisation__is_sample=True).delete()
    Tally.objects.filter(organisation__is_sample=True).delete()
    controller = Controller.load()
    if controller.controller == CONTROLLER["controller"]:
        for name, value in CONTROLLER.items():
            setattr(controller, name, type(value)())
        controller.is_on = False
        controller.save()
        # Told of invented referrals.
        ToldQuarter.objects.all().delete()
        reply_times.run(timezone.localdate())


def _switch_on() -> bool:
    """Referrals in use, with an invented controller; not where somebody has filled one in."""
    controller = Controller.load()
    if controller.controller:
        return controller.is_in_use
    for name, value in CONTROLLER.items():
        setattr(controller, name, value)
    controller.is_on = True
    controller.full_clean()
    controller.save()
    return controller.is_in_use


def _askable() -> list[Service]:
    """The Finnish rows of sample listings that a worker can ask, always in the same order."""
    finnish = Locale.objects.get(language_code=languages.FINNISH)
    rows = Service.objects.public().sample().filter(locale=finnish).with_list_facts()
    rows = rows.select_related("organisation__home_municipality").prefetch_related("contact_ways", "topics")
    return [each.service for each in receivers(rows.order_by("source_id", "pk")) if each.can_be_asked]


# --- People and what they do ------------------------------------------------------------------------------------------
def _fill(people: dict[str, User], houses: dict[str, Organisation], listings: Sequence[Service]) -> None:
    administrator, worker = people["yllapito"], people["ohjaaja"]
    team = actions.open_team(
        houses[SENDS],
        name="Aikuissosiaalityö",
        by=worker,
        message="Olen sosiaaliohjaaja. Esihenkilöni numero on 000 123 4533.",
    )
    actions.approve_team(team, by=administrator)
    place = actions.ask_to_join(team, by=people["tyokaveri"], message="Olen Outin työpari.")
    actions.approve_member(place, by=worker)
    actions.ask_to_join(team, by=people["pyytaja"], message="Aloitin maanantaina sosiaaliohjaajana.")
    actions.open_team(
        houses[WANTS], name="Palveluohjaus", by=people["uusi"], message="Ohjaan kävijöitämme muiden toimintaan."
    )
    _send_all(team, worker, people["omistaja"], itertools.cycle(listings))


def _send_all(team: Team, worker: User, owner: User, listings: Iterator[Service]) -> None:
    """A referral in each state that a page has something to show of; the oldest first."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)

    def days(number: int) -> datetime.datetime:
        return now - datetime.timedelta(days=number)

    def at_one(number: int) -> datetime.datetime:
        return timezone.localtime(days(number)).replace(hour=13)

    def send(name: str, hope: str, at: datetime.datetime, **details: Any) -> Enquiry:
        known = PersonDetails(name=name, hope=hope, **details)
        draft = actions.Draft((next(listings).translation_key,), Stage.ONE, known, ConsentHow.SPOKEN)
        return actions.send(draft, team=team, by=worker, at=at).referral.enquiries.get()

    def answer(enquiry: Enquiry, what: Act, at: datetime.datetime, **values: Any) -> Enquiry:
        by = Actor(Party.ORGANISATION, user=owner, in_name_of=str(enquiry.organisation))
        return actions.act(enquiry, what, by=by, version=enquiry.version, at=at, **values)

    came = send(
        "Reino",
        "Haluaisin taas liikkua. En tunne täällä ketään.",
        days(14),
        reach=Reach.PHONE,
        reach_value="000 123 4501",
        may_call=True,
        phone_read="no",
        best_time="aamupäivisin",
    )
    came = answer(came, Act.ACCEPT, days(13), meeting_at=at_one(8), words="Mäntyvirta-talo, pääovi. Tulen vastaan.")
    answer(came, Act.TELL_CAME, days(7))
    send("Ritva", "Kaipaan seuraa konserttiin.", days(12))
    # The days pass: the organisation is reminded, and then the worker is told that nobody answers.
    for number in range(11, 2, -1):
        keeping.run(days(number))
    declined = send("Tapani", "Uiminen kiinnostaa, jos joku lähtee mukaan.", days(2))
    answer(declined, Act.DECLINE, days(1), reason=DeclineReason.TIMES_DO_NOT_SUIT)
    accepted = send(
        "Leena",
        "Haluan kodin ulkopuolelle kerran viikossa.",
        days(2),
        reach=Reach.PHONE,
        reach_value="000 123 4502",
        may_call=True,
        may_leave_message=False,
        phone_read="yes",
        support=(Support.COMES_ALONG.value,),
        support_note="Ohjaaja tulee mukaan ensimmäisellä kerralla.",
    )
    answer(accepted, Act.ACCEPT, days(1), meeting_at=at_one(-6), words="Kunnantalon aula.")
    asked = send(
        "Kuutti",
        "Etsin ryhmää, jossa saa tehdä käsillä.",
        days(1),
        language="sv",
        accessibility="Käytän pyörätuolia.",
        support=(Support.MET_AT_DOOR.value, Support.REMINDER.value),
    )
    answer(asked, Act.ASK, now, words="Sopiiko ryhmä, joka kokoontuu tiistaisin kello 17?")
    send("Aune", "Haluaisin oppia jotain uutta yhdessä muiden kanssa.", now)
    own = PersonDetails(name="Siru", hope="Haluan kokeilla, mikä liikunta sopii minulle.", language="fi")
    actions.send(actions.Draft((next(listings).translation_key,), Stage.ONE, own, ConsentHow.OWN))


# --- Figures ----------------------------------------------------------------------------------------------------------
def write_sample_tallies(listings: Sequence[Service], quarters: Sequence[Quarter]) -> None:
    """Invented counts of quarters that are told already, about sample listings alone: without them the pictures of a
    new site would be empty, as so few are told as nobody. The only tallies that no referral stands behind."""
    # In the order of their stages, so that those chosen are of all of them.
    counted = sorted((each for each in listings if _stage_of(each)), key=_stage_of)
    chosen = counted[:: max(1, len(counted) // COUNTED_LISTINGS)][:COUNTED_LISTINGS]
    outcomes = itertools.cycle(_OUTCOMES)
    Tally.objects.bulk_create(
        Tally(
            month=quarter.first_month.replace(month=quarter.first_month.month + month),
            purpose=Purpose.REFERRAL,
            origin=Origin.OWN if number == 0 else Origin.WORKER,
            stage=_stage_of(service),
            county=service.organisation.county_id or "",
            organisation=service.organisation,
            service_key=service.translation_key,
            topics=sorted(term.code for term in service.topics.all()),
            **next(outcomes),
        )
        for age, quarter in enumerate(quarters)
        for month in range(3)
        for service in chosen
        # From quarter to quarter there are more.
        for number in range(A_MONTH + len(quarters) - age)
    )


def _stage_of(service: Service) -> str:
    """The first stage in which something is sent to it; an empty text: none."""
    return next((stage for stage in sorted(service.stages) if stage != Stage.TWO), "")


_CAME = {"was_accepted": True, "has_arrived": True}
# How they ended, in turn: a prime number of them, so that no listing always gets the same ones.
_OUTCOMES: tuple[dict[str, Any], ...] = (
    {"state": State.CLOSED, "reply_days": 1, **_CAME, "went_on": True, "was_good": Good.YES},
    {"state": State.CLOSED, "reply_days": 2, **_CAME, "went_on": True, "was_good": Good.YES},
    {"state": State.DECLINED, "reply_days": 3, "decline_reason": DeclineReason.TIMES_DO_NOT_SUIT},
    {"state": State.CLOSED, "reply_days": 0, **_CAME, "was_good": Good.PARTLY},
    {"state": State.FULL, "reply_days": 1},
    {"state": State.CLOSED, "reply_days": 4, **_CAME, "went_on": True},
    {"state": State.UNANSWERED, "was_silent": True},
    {"state": State.CLOSED, "reply_days": 2, **_CAME, "went_on": True, "was_good": Good.YES},
    {"state": State.DECLINED, "reply_days": 2, "decline_reason": DeclineReason.NOT_FOR_THIS_NEED},
    {"state": State.CLOSED, "reply_days": 6, "was_silent": True, **_CAME},
    {"state": State.CLOSED, "reply_days": 1, "was_accepted": True},
)
