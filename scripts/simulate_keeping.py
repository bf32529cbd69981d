"""Two simulated years of freshness: the real engine on a real database, invented keepers, and what must hold each day.

Keepers answer always, late or never, leave, or have an address that bounces; runs are missed, also for three weeks, and
some are made twice. After every day the properties of `_check` hold, or the simulation stops. `make simulate` writes
the table of states over time into docs/freshness.md; tests/directory/test_keeping_simulation.py runs a smaller world.
"""

import argparse
import datetime
import itertools
import os
import random
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/freshness.md"
BEGIN, END = "<!-- simulation -->", "<!-- end of simulation -->"
FIRST_DAY = datetime.date(2027, 1, 1)
STAGES = ("fresh", "due", "overdue", "stale", "hidden", "ended")
# How the keepers of the world are, and how many of a hundred.
MANNERS = {"always": 45, "late": 20, "never": 18, "leaves": 9, "bounces": 8}


@dataclass
class Month:
    """One line of the table."""

    name: str
    stages: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    runs: int = 0
    cases_opened: int = 0
    cases_open: int = 0


@dataclass
class World:
    """The people and listings of a simulation, and what was seen of them."""

    chance: random.Random
    manners: dict[int, str] = field(default_factory=dict)
    # What people will do on a day: (notice item, answer).
    plans: dict[datetime.date, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    bounces: dict[datetime.date, list[int]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[datetime.date, list[int]] = field(default_factory=lambda: defaultdict(list))
    checks: int = 0
    keys: set[UUID] = field(default_factory=set)
    last_item: int = 0
    hidden: set[UUID] = field(default_factory=set)


class BrokenPropertyError(Exception):
    """Something did not hold on a day of the simulation."""


def _must(holds: object, words: str) -> None:
    if not holds:
        raise BrokenPropertyError(words)


def simulate(services: int, days: int, seed: int) -> list[Month]:
    """Run a world; its months. Raises BrokenPropertyError on the first day on which something does not hold."""
    world = _make_world(services, days, random.Random(seed))  # noqa: S311 nothing is secret here
    missed = _missed_days(days, world.chance)
    months: list[Month] = []
    for number in range(days):
        day = FIRST_DAY + datetime.timedelta(days=number)
        if not months or months[-1].name != f"{day:%Y-%m}":
            months.append(Month(f"{day:%Y-%m}"))
        _live(world, day)
        if number not in missed:
            months[-1].runs += 1
            _run(world, day)
        _check(world, day, has_run=number not in missed)
        _count(months[-1], day)
    return months


def _at(day: datetime.date, hour: int = 7) -> datetime.datetime:
    from django.utils import timezone

    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour=hour)))


def _missed_days(days: int, chance: random.Random) -> set[int]:
    """One day in ten, and a stretch of three weeks in every year."""
    missed = {number for number in range(days) if chance.random() < 0.1}
    for start in range(0, days, 365):
        begin = start + chance.randrange(100, 300)
        missed |= set(range(begin, min(begin + 21, days)))
    return missed


# --- The world --------------------------------------------------------------------------------------------------------
def _make_world(services: int, days: int, chance: random.Random) -> World:
    from wagtail.models import Locale

    from directory.choices import Kind, Role, Sector, Source
    from directory.models import AreaRole, County, Membership, Municipality, Organisation, Region, Service
    from portal.accounts.models import User

    world = World(chance)
    locale = Locale.objects.get_or_create(language_code="fi")[0]
    region = Region.objects.create(code="90", names={"fi": "Maakunta"})
    towns = []
    for number in range(3):
        county = County.objects.create(code=f"9{number}", names={"fi": f"Alue {number}"})
        towns.append(
            Municipality.objects.create(
                code=f"90{number}", names={"fi": f"Kunta {number}"}, region=region, county=county
            )
        )
        AreaRole.objects.create(user=User.objects.create_user(f"alue{number}@example.org"), county=county)
    while len(world.keys) < services:
        number = len(world.keys)
        organisation = Organisation.objects.create(
            slug=f"yhdistys-{number}",
            names={"fi": f"Yhdistys {number}"},
            sector=Sector.ASSOCIATION,
            home_municipality=chance.choice(towns),
            email=f"toimisto{number}@example.org" if chance.random() < 0.7 else "",
        )
        people = []
        for role in chance.choice(
            [(Role.OWNER,), (Role.OWNER, Role.DEPUTY), (Role.OWNER, Role.DEPUTY, Role.WRITER), ()]
        ):
            user = User.objects.create_user(f"{role}{number}@example.org")
            Membership.objects.create(organisation=organisation, user=user, role=role)
            manner = chance.choices(list(MANNERS), list(MANNERS.values()))[0]
            world.manners[user.pk] = manner
            if manner == "leaves":
                world.leaving[FIRST_DAY + datetime.timedelta(days=chance.randrange(days))].append(user.pk)
            people.append(user)
        for part in range(min(chance.randrange(1, 9), services - number)):
            age = datetime.timedelta(days=chance.randrange(300))
            is_checked = chance.random() < 0.8
            service = Service(
                organisation=organisation,
                title=f"Palvelu {number}-{part}",
                slug=f"palvelu-{number}-{part}",
                summary="Apua arkeen.",
                kind=chance.choice([Kind.SERVICE, Kind.ADVICE, Kind.PEER_GROUP, Kind.VOLUNTEERING]),
                locale=locale,
                source=Source.OWN,
                owner=chance.choice(people) if people and chance.random() < 0.9 else None,
                deputy=chance.choice(people) if people and chance.random() < 0.4 else None,
                checked_on=FIRST_DAY - age if is_checked else None,
                first_published_at=_at(FIRST_DAY - age),
            )
            service.save()
            world.keys.add(service.translation_key)
    return world


def _live(world: World, day: datetime.date) -> None:
    """What people do on a day, before the run: leave, answer; mail comes back; administrators work on their queue."""
    from django.core.exceptions import PermissionDenied

    from directory import actions
    from directory.choices import Answer
    from directory.models import Notice, NoticeItem
    from portal.accounts.models import User
    from portal.post.models import BouncedAddress

    at = _at(day, hour=5)
    for person in world.leaving.pop(day, []):
        user = User.objects.get(pk=person)
        user.is_active = False
        user.save()
    for number in world.bounces.pop(day, []):
        notice = Notice.objects.get(pk=number)
        BouncedAddress.objects.get_or_create(email=notice.address, defaults={"bounced_at": at})
        actions.note_bounce(notice.uuid, at=at)
    for number, answer in world.plans.pop(day, []):
        item = NoticeItem.objects.select_related("notice__user").get(pk=number)
        user = item.notice.user
        if user is not None and not user.is_active:
            continue
        try:
            actions.answer(item, answer, by=user, by_name="" if user else "Toimisto", at=at)
        except (actions.AlreadyAnsweredError, PermissionDenied):
            continue
        world.checks += answer == Answer.STILL_RIGHT
    if day.weekday() == 1:
        _work_on_queue(world, at)


def _work_on_queue(world: World, at: datetime.datetime) -> None:
    """Once a week the administrators call about a few cases: the listing is right, or has ended."""
    from directory import actions
    from directory.choices import CaseKind, CheckedHow
    from directory.models import Case, Service

    waiting = Case.objects.open().filter(kind__in=(CaseKind.NO_ANSWER, CaseKind.ORPHAN), key__isnull=False)
    for case in waiting.select_related("assigned_to"):
        if world.chance.random() > 0.04:
            continue
        _must(case.assigned_to is not None, "a case without a name")
        service = Service.objects.filter(translation_key=case.key, withdrawn_on=None).first()
        if service is None:
            continue
        if world.chance.random() < 0.7:
            actions.confirm_service(service, by=case.assigned_to, how=CheckedHow.CALL, at=at)
            world.checks += 1
        else:
            actions.end_service(service, by=case.assigned_to, at=at)


def _run(world: World, day: datetime.date) -> None:
    """The run of the day, sometimes twice; then each new question is given what its keeper will do."""
    from directory.choices import Answer
    from directory.keeping import keep_fresh
    from directory.models import NoticeItem

    report = keep_fresh(_at(day))
    _must(not report.failures, f"{day}: something broke")
    if world.chance.random() < 0.1:
        again = keep_fresh(_at(day, hour=9))
        _must(not (again.letters or again.stages or again.cases), f"{day}: the second run did something: {again}")
    new = NoticeItem.objects.filter(pk__gt=world.last_item).select_related("notice__user").order_by("pk")
    for item in new:
        world.last_item = item.pk
        manner = world.manners.get(item.notice.user_id or 0, "late")
        if manner == "bounces":
            later = day + datetime.timedelta(days=1)
            if item.notice_id not in world.bounces[later]:
                world.bounces[later].append(item.notice_id)
        elif manner in ("always", "leaves", "late"):
            wait = world.chance.randrange(20, 70) if manner == "late" else world.chance.randrange(1, 6)
            answers = [Answer.STILL_RIGHT, Answer.WILL_EDIT, Answer.ENDED, Answer.NOT_MINE]
            answer = world.chance.choices(answers, [90, 5, 2, 3])[0]
            world.plans[day + datetime.timedelta(days=wait)].append((item.pk, answer))


# --- What must hold ---------------------------------------------------------------------------------------------------
def _check(world: World, day: datetime.date, *, has_run: bool) -> None:
    from django.conf import settings
    from django.db.models import Count

    from directory.choices import Answer
    from directory.freshness import WARNS
    from directory.models import Case, Check, Notice, NoticeItem, Service, StageChange, Upkeep
    from portal.post.models import Letter

    said = f"{day}: "
    # Nobody gets more than one mail a day, and none twice for the same step of a round.
    notices = list(Notice.objects.filter(on=day))
    _must(len({each.address for each in notices}) == len(notices), said + "two letters to one address")
    _must(
        Letter.objects.filter(key__in=[f"notice:{each.uuid}" for each in notices]).count() == len(notices),
        said + "a question without its letter",
    )
    today = NoticeItem.objects.filter(notice__on=day).values_list("key", flat=True)
    twice = (
        NoticeItem.objects.filter(key__in=today, step__isnull=False)
        .values("key", "counts_from", "step", "notice__address")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    _must(not twice.exists(), said + "asked twice in one step")
    # Every change of state is in the log, and the log leads to the state of now.
    now: dict[UUID, str] = defaultdict(lambda: "fresh")
    for change in StageChange.objects.order_by("pk"):
        _must(now[change.key] == change.before, said + "a change is missing from the log")
        now[change.key] = change.after
    upkeep = {each.key: each for each in Upkeep.objects.all()}
    _must(all(now[key] == (upkeep[key].stage if key in upkeep else "fresh") for key in world.keys), said + "log")
    # Nothing is lost: each listing is public, hidden or ended.
    services = {each.translation_key: each for each in Service.objects.select_related("organisation")}
    public = set(Service.objects.public(_at(day)).values_list("translation_key", flat=True))
    hidden = {key for key, each in upkeep.items() if each.hidden_on}
    ended = {key for key, each in services.items() if each.withdrawn_on}
    _must(set(services) == world.keys == public | hidden | ended, said + "a listing is lost")
    _must(not public & (hidden | ended), said + "hidden and public")
    # Only people move the date.
    _must(Check.objects.count() == world.checks, said + "a check by nobody")
    by_key: dict[UUID, list[Any]] = defaultdict(list)
    for item in NoticeItem.objects.select_related("notice"):
        by_key[item.key].append(item)
    cases = set(Case.objects.open().filter(key__isnull=False).values_list("key", flat=True))
    # Nobody is hidden without three questions, to people or, where there is nobody to ask, to the queue.
    for key in hidden - world.hidden:
        state = upkeep[key]
        asked = {item.step for item in by_key[key] if item.counts_from == state.counts_from}
        _must(key in cases, said + "hidden, and in no queue")
        _must(state.notices >= 3, said + "hidden unasked")
        _must(asked >= {1, 2, 3} or _had_nobody(by_key[key], services[key]), said + "hidden without three notices")
        _must((day - (state.last_notice_on or day)).days >= settings.FRESHNESS_LAST_CALL_DAYS, said + "hidden at once")
    world.hidden |= hidden
    # No listing is overdue without somebody told, as of the last run.
    if has_run:
        for key in public:
            if services[key].freshness(day) in WARNS:
                counts_from = services[key].counts_from
                is_told = any(item.counts_from == counts_from for item in by_key[key])
                _must(is_told or key in cases, said + f"nobody was told of {services[key]}")
    # Between two steps there is peace, unless nobody had got the first.
    for key in set(today):
        days = sorted({(item.notice.on, item.step) for item in by_key[key] if item.step and item.notice.on <= day})
        for (earlier, step), (later, next_step) in itertools.pairwise(days):
            if (later - earlier).days < settings.FRESHNESS_GAP_DAYS and next_step == step + 1:
                first = [item for item in by_key[key] if item.step == step and item.notice.on == earlier]
                nowhere = all(item.notice.bounced_at or item.answer == Answer.NOT_MINE for item in first)
                _must(nowhere, said + "asked too soon")


def _had_nobody(items: list[Any], service: Any) -> bool:
    """Whether some step went to the queue because nobody could be reached."""
    from directory.models import Case

    return Case.objects.filter(key=service.translation_key, kind="orphan").exists()


def _count(month: Month, day: datetime.date) -> None:
    from directory.models import Case, Notice, Service, Upkeep

    stages = dict(Upkeep.objects.values_list("key", "stage"))
    month.stages = Counter(
        "ended" if withdrawn_on else stages.get(key, "fresh")
        for key, withdrawn_on in Service.objects.values_list("translation_key", "withdrawn_on")
    )
    month.letters += Notice.objects.filter(on=day).count()
    month.cases_opened += Case.objects.filter(opened_at__range=(_at(day, 0), _at(day, 23))).count()
    month.cases_open = Case.objects.open().count()


# --- The table --------------------------------------------------------------------------------------------------------
def table(months: list[Month]) -> str:
    """The months as a table in Markdown."""
    head = ("month", "runs", *STAGES, "letters", "cases opened", "cases open")
    rows = [
        (m.name, m.runs, *(m.stages[stage] for stage in STAGES), m.letters, m.cases_opened, m.cases_open)
        for m in months
    ]
    lines = [head, ("---", *("---:" for _each in head[1:])), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def main() -> None:
    """Make a database of its own, simulate, and write the table into the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=500)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--print", action="store_true", help="print the table and write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            VAR_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/site.sqlite3", EMAIL_URL="memory://", LOG_LEVEL="ERROR"
        )
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        months = simulate(options.services, options.days, options.seed)
    written = table(months)
    if options.print:
        print(written)
        return
    before, _begin, rest = DOCUMENT.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    words = f"{options.services} services, {options.days} days, seed {options.seed}; states at the end of each month."
    DOCUMENT.write_text(f"{before}{BEGIN}\n{words}\n\n{written}\n\n{END}{after}")
    print(f"{DOCUMENT.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
