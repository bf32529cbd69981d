"""What is told of a person stays where it belongs: words are planted by walking the loop over HTTP, and looked for.

The loop: a worker sends, an organisation without an account opens it by the link of its letter, asks, accepts; the
worker answers; the person opens their own view; another person sends without a worker and withdraws. Looked at: the
whole database, letters, logs (with every query), sessions, cookies, the cache, the index, every address that was asked
for, and pages of whoever else might come. What is added to the site is looked at too: addresses are taken from the map.
"""

import datetime
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlencode

import pytest
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from django.views.debug import ExceptionReporter
from django_tasks_db.models import DBTaskResult

from directory.choices import Role
from directory.models import Service
from portal.accounts.models import User
from portal.base import languages
from portal.post.models import Letter
from referrals import actions, audit, retention
from referrals import urls as map_of_referrals
from referrals.actors import PERSON
from referrals.choices import Act, State
from referrals.models import Enquiry, Person, PersonDetails, Referral
from referrals.sending import choosing, gates
from search import indexing
from tests.factories import referrals as make
from tests.factories.content import HomePageFactory
from tests.factories.directory import OrganisationFactory, member
from tests.search.index import everything_written, settle

pytestmark = pytest.mark.django_db

# A word of the listing: where it is missing, a sweep has looked at nothing.
OPEN = "avokvaksi"
# Words of the acts, one for each side.
ASKED, ANSWERED, PLACE, OWN_HOPE = "kysytynsanaqvox", "vastatunsanaqvex", "tapaamispaikkaqvix", "omatoiveqvaxi"
WORDS = (make.ALIAS, make.HOPE, ASKED, ANSWERED, PLACE, OWN_HOPE)
TOLD = {
    "name": make.ALIAS,
    "hope": make.HOPE,
    "language": "fi",
    "reach": "phone",
    "reach_value": make.PHONE,
    "may_call": "on",
    "phone_read": "no",
}
OWN_TOLD = {**TOLD, "hope": OWN_HOPE, "danger": "no", "agrees": "on", "website": ""}


def found_in(text: str, *more: str) -> set[str]:
    """The planted words that a text gives away, however they are written there."""
    text = unescape(unquote(text)).replace("\N{SOFT HYPHEN}", "").lower()
    bare = re.sub(r"[\s\-\N{NO-BREAK SPACE}+]|%20", "", text)
    found = {word for word in (*WORDS, *more) if word.lower() in text}
    # The number as it was typed, for a machine, and in the international way.
    if re.sub(r"\D", "", make.PHONE)[1:] in bare:
        found.add(make.PHONE)
    return found


# --- Watching ---------------------------------------------------------------------------------------------------------
class Watched(Client):
    """A browser that remembers what a log or a cookie jar beside it would see."""

    def __init__(self, addresses: list[str], cookies: list[str]) -> None:
        super().__init__()
        self.seen_addresses, self.seen_cookies = addresses, cookies

    def request(self, **request) -> HttpResponse:
        response = super().request(**request)
        self.seen_addresses.append(f"{request.get('PATH_INFO', '')}?{request.get('QUERY_STRING', '')}")
        self.seen_addresses.append(str(response.headers))
        for name, cookie in response.cookies.items():
            self.seen_cookies.append(f"{name}={cookie.value}")
            if name == "messages" and cookie.value:
                storage = CookieStorage(RequestFactory().get("/"))
                self.seen_cookies.append(str([each.message for each in storage._decode(cookie.value) or []]))
        return response


class EveryLog(logging.Handler):
    """Everything that any logger says, as if LOG_LEVEL were DEBUG, as the site's own format writes it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["plain"]["format"]))
        self._levels: dict[logging.Logger, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def __enter__(self) -> "EveryLog":
        names = [name for name, each in logging.root.manager.loggerDict.items() if isinstance(each, logging.Logger)]
        loud = logging.root, *(logging.getLogger(name) for name in names if not self._is_kept_quiet(name))
        for logger in loud:
            self._levels[logger] = logger.level
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self)
        return self

    @staticmethod
    def _is_kept_quiet(name: str) -> bool:
        """Whether the settings fix a logger's level, whatever LOG_LEVEL says."""
        return settings.LOGGING["loggers"].get(name, {}).get("level", settings.LOG_LEVEL) != settings.LOG_LEVEL

    def __exit__(self, *failure: object) -> None:
        for logger, level in self._levels.items():
            logger.setLevel(level)
            logger.removeHandler(self)


@dataclass
class Walk:
    """What the loop left behind."""

    service: Service
    referral: Referral
    enquiry: Enquiry
    own: Referral
    code: str
    own_code: str
    worker: Client
    organisation: Client
    person: Client
    owner: User
    addresses: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    early: dict[str, str] = field(default_factory=dict)

    def found_in(self, text: str) -> set[str]:
        """Planted words, and the codes that open what is told."""
        return found_in(text, self.code, self.own_code)


def path(name: str, **values: object) -> str:
    with translation.override("fi"):
        return reverse(f"referrals:{name}", kwargs=values)


def digits(letter: Letter) -> str:
    found = re.search(r"(\d{3}) (\d{3})", letter.text)
    assert found is not None
    return found[1] + found[2]


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def walk() -> Walk:
    """The loop, walked over HTTP, with every query in the log."""
    HomePageFactory()
    make.switch_on()
    organisation = OrganisationFactory(names={"fi": f"{OPEN} yhdistys"})
    owner = member(organisation, Role.OWNER, "omistaja@jarvilaakso.example")
    service = make.listing(organisation=organisation, title=f"{OPEN} kerho")
    team = make.team()
    addresses: list[str] = []
    cookies: list[str] = []
    worker, by_link, person, alone = (Watched(addresses, cookies) for _each in range(4))
    worker.force_login(make.lead_of(team))
    connection.force_debug_cursor = True
    try:
        with EveryLog() as log:
            referral = send(worker, service)
            enquiry = make.only_enquiry(referral)
            code = referral.person.details.code
            come_in(by_link, enquiry)
            press(by_link, enquiry, Act.ASK, words=ASKED)
            answer(worker, referral, enquiry)
            person.post(path("own"), {"koodi": code})
            in_a_week = timezone.localdate() + datetime.timedelta(days=7)
            press(by_link, enquiry, Act.ACCEPT, words=PLACE, day=in_a_week.isoformat(), time="14:00")
            for name in ("own_view", "own_log", "own_plan"):
                person.get(path(name))
            own = send_own(alone, service)
            alone.get(path("own_view"))
            early = dump()
            settle()
    finally:
        connection.force_debug_cursor = False
    enquiry.refresh_from_db()
    assert enquiry.state == State.ACCEPTED
    return Walk(
        service=service,
        referral=referral,
        enquiry=enquiry,
        own=own,
        code=code,
        own_code=own.person.details.code,
        worker=worker,
        organisation=by_link,
        person=person,
        owner=owner,
        addresses=addresses,
        cookies=cookies,
        log=log.lines,
        early=early,
    )


def check_url(service: Service) -> str:
    """The address of the worker's last step, with the answers of the gates."""
    query = {
        choosing.LISTING: service.translation_key,
        choosing.STAGE: "1",
        gates.DANGER: gates.NO,
        gates.NEED: gates.NO,
        gates.KNOWS: gates.YES,
        gates.HOW: "spoken",
    }
    return f"{path('new_step', step=gates.Gate.CHECK)}?{urlencode(query)}"


def send(worker: Client, service: Service) -> Referral:
    """A worker fills in the form: first wrong, then looks at it, then sends; reads and prints it."""
    url = check_url(service)
    assert found_in(worker.post(url, {**TOLD, "language": "xx"}).content.decode())
    looked_at = worker.post(url, TOLD)
    assert {make.ALIAS, make.HOPE} <= found_in(looked_at.content.decode())
    form = re.search(r'name="lomake" value="([^"]+)"', looked_at.content.decode())
    assert form is not None
    sent = worker.post(url, {**TOLD, "lomake": form[1], "laheta": "1"})
    assert sent.status_code == 302
    assert worker.get(sent["Location"]).status_code == 200
    referral = Referral.objects.get(team__isnull=False)
    for name in ("paper", "plan", "log", "home"):
        assert worker.get(path(name, **({} if name == "home" else {"uuid": referral.uuid}))).status_code == 200
    return referral


def come_in(client: Client, enquiry: Enquiry) -> None:
    """By the link of the letter and the code of the next one."""
    letter = Letter.objects.filter(key__startswith=f"referral-link:{enquiry.uuid}").latest("pk")
    link = re.search(r"https?://\S+avain=\S+", letter.text)
    assert link is not None
    at_door = link[0].removeprefix(settings.SITE_URL.rstrip("/"))
    assert client.get(at_door).status_code == 200
    code_url = at_door.replace(path("link"), path("link_code"))
    client.post(code_url)
    client.post(code_url, {"digits": digits(Letter.objects.filter(key__startswith="referral-code:").latest("pk"))})


def press(client: Client, enquiry: Enquiry, act: Act, **values: str) -> None:
    """A button of the organisation's page."""
    version = Enquiry.objects.get(pk=enquiry.pk).version
    data = {"act": act.value, "version": version, **{f"{act.value}-{name}": value for name, value in values.items()}}
    assert client.post(path("enquiry", uuid=enquiry.uuid), data).status_code == 302
    assert client.get(path("enquiry", uuid=enquiry.uuid)).status_code == 200


def answer(worker: Client, referral: Referral, enquiry: Enquiry) -> None:
    """The worker answers on an old page first, which keeps the words, and then on the new one."""
    url = path("act", uuid=referral.uuid, enquiry=enquiry.uuid)
    version = Enquiry.objects.get(pk=enquiry.pk).version
    said = {"act": Act.ANSWER.value, "words": ANSWERED}
    assert worker.post(url, {**said, "version": version - 1}).status_code == 409
    assert worker.post(url, {**said, "version": version}).status_code == 302


def send_own(client: Client, service: Service) -> Referral:
    """A person without a worker."""
    url = path("self_referral", slug=service.slug)
    looked_at = client.post(url, {**OWN_TOLD, "step": "details"}).content.decode()
    form = re.search(r'name="form_key" value="([^"]+)"', looked_at)
    assert form is not None
    sent = client.post(url, {**OWN_TOLD, "step": "send", "form_key": form[1]})
    assert client.get(sent["Location"]).status_code == 200
    return Referral.objects.get(team=None)


# --- What is stored ---------------------------------------------------------------------------------------------------
def dump() -> dict[str, str]:
    """Every value of every column, by table; what is bytes is read as letters."""
    found: dict[str, str] = {}
    for alias in {"default", settings.SEARCH_DATABASE}:
        database = connections[alias]
        with database.cursor() as cursor:
            for table in database.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
                rows = cursor.fetchall()
                found[table] = "\n".join(_as_text(value) for row in rows for value in row)
    return found


def _as_text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_the_database_tells_nothing_without_the_key(walk: Walk) -> None:
    for tables in (walk.early, dump()):
        leaks = {table: found for table, text in tables.items() if (found := walk.found_in(text))}
        assert not leaks
        # The sweep looked at real rows, the sealed ones and the letters' among them.
        assert OPEN in tables["referrals_enquiry"]
        assert tables["referrals_person"].count("gAAAA") == Person.objects.count() == 2
        assert tables["referrals_message"].count("gAAAA") == 3
    assert "avain=" in walk.early["post_letter"]
    assert "deliver_letter" in walk.early[DBTaskResult._meta.db_table]


def test_the_key_opens_what_was_planted(walk: Walk) -> None:
    """So that a word nobody has stored is not what the other tests look for."""
    told = [str(vars(person.details)) for person in Person.objects.all()]
    told += [message.text for enquiry in Enquiry.objects.all() for message in enquiry.messages.all()]
    told += [walk.code, walk.own_code]
    assert walk.found_in(" ".join(told)) == {*WORDS, make.PHONE, walk.code, walk.own_code}


def test_no_letter_tells_anything(walk: Walk) -> None:
    sent = "\n".join(str(message.message()) + message.subject + message.body for message in mail.outbox)
    assert len(mail.outbox) == Letter.objects.count() >= 5
    assert not walk.found_in(sent)
    assert OPEN not in sent
    # To the person nothing is sent at all.
    staff = {user.email for user in User.objects.all()}
    assert {address for message in mail.outbox for address in message.to} <= staff


def test_no_log_tells_anything(walk: Walk) -> None:
    everything = "\n".join(walk.log)
    # Every query was in it, with its values.
    assert "INSERT INTO" in everything
    assert "gAAAA" in everything
    assert not [line for line in walk.log if walk.found_in(line)]


def test_no_address_session_cookie_or_cache_holds_anything(walk: Walk) -> None:
    assert not walk.found_in("\n".join(walk.addresses))
    assert not walk.found_in("\n".join(walk.cookies))
    sessions = [each.get_decoded() for each in Session.objects.all()]
    assert any("own_referral" in each for each in sessions)
    assert not walk.found_in(str(sessions))
    cached = [_as_text(value) for value in cache._cache.values()]
    assert cached
    assert not walk.found_in("\n".join([*cached, *map(str, cache._cache)]))


def test_the_index_knows_nothing(walk: Walk) -> None:
    indexing.rebuild(indexing.engine_names()[0])
    settle()
    written = everything_written(with_spellings=True)
    assert OPEN in written
    assert not walk.found_in(written)


def test_what_is_removed_is_gone_and_only_the_log_remembers_that_it_was(walk: Walk) -> None:
    actions.withdraw_consent(walk.referral, by=PERSON)
    actions.withdraw_consent(walk.own, by=PERSON)
    settle()
    retention.run(timezone.now() + datetime.timedelta(days=8))
    DBTaskResult.objects.all().delete()
    Session.objects.all().delete()
    tables = dump()
    assert not Person.objects.exists()
    assert "gAAAA" not in "".join(text for table, text in tables.items() if table.startswith("referrals_"))
    for uuid in (walk.referral.uuid, walk.own.uuid):
        # A letter's key tells what it was about: a number that leads nowhere any more.
        named = {table for table, text in tables.items() if str(uuid) in text or uuid.hex in text}
        assert {"referrals_logline"} <= named <= {"referrals_logline", "post_letter"}
    assert not any(letter.text or letter.html for letter in Letter.objects.all())
    assert audit.verify().is_whole


# --- Who sees it on pages ---------------------------------------------------------------------------------------------
def addresses_of_referrals(walk: Walk) -> Iterator[tuple[str, str]]:
    """Every address of the room, by name, for the referrals of the walk."""
    team = walk.referral.team
    assert team is not None
    values = {
        "uuid": [walk.referral.uuid, walk.own.uuid, walk.enquiry.uuid, walk.own.enquiries.get().uuid],
        "enquiry": [walk.enquiry.uuid],
        "pk": [team.pk, team.members.get().pk],
        "slug": [walk.service.slug],
        "step": list(gates.ORDER),
    }
    for pattern in map_of_referrals.urlpatterns:
        wanted = list(pattern.pattern.converters)
        first = wanted[0] if wanted else None
        for value in values[first] if first else [None]:
            more = {name: values[name][0] for name in wanted[1:]}
            yield pattern.name, path(pattern.name, **({first: value} if first else {}), **more)


def seen_by(client: Client, walk: Walk) -> dict[str, set[str]]:
    """What a visitor reads at each address of the room, by its name."""
    seen: dict[str, set[str]] = {}
    for name, url in addresses_of_referrals(walk):
        if name in ("own_leave", "own_exit"):
            continue
        response = client.get(url)
        assert response.status_code in {200, 302, 400, 403, 404, 405, 410}, url
        if found := walk.found_in(response.content.decode() + str(response.headers)):
            seen.setdefault(name, set()).update(found)
    return seen


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_each_sees_it_on_their_own_pages_and_nobody_elsewhere(walk: Walk) -> None:
    about = {make.ALIAS, make.HOPE, make.PHONE}
    worker = seen_by(walk.worker, walk)
    assert worker.pop("referral") >= about | {ASKED, ANSWERED, PLACE}
    assert walk.code in worker.pop("paper")
    worker.pop("plan", None)
    assert not worker
    organisation = seen_by(walk.organisation, walk)
    assert organisation.pop("enquiry") >= about | {ASKED, ANSWERED, PLACE}
    assert not organisation
    owner = seen_by(signed_in(walk.owner), walk)
    # The owner answers for both; a page behind one link shows one.
    assert owner.pop("enquiry") >= about | {OWN_HOPE}
    assert not owner
    person = seen_by(walk.person, walk)
    assert person.pop("own_view") >= about
    person.pop("own_plan", None)
    assert not person
    assert OWN_HOPE not in str([worker, organisation, person])


def test_others_see_nothing_in_this_room(walk: Walk) -> None:
    others = {
        "nobody": Client(),
        "superuser": signed_in(User.objects.create_superuser("paa@example.org")),
        "another team's worker": signed_in(make.worker(make.team(name="Toinen tiimi"))),
        "another organisation's owner": signed_in(member(OrganisationFactory(), Role.OWNER, "toinen@example.org")),
    }
    assert {who: seen for who, client in others.items() if (seen := seen_by(client, walk))} == {}


def addresses_without_values(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[str]:
    """All addresses of the site in which nothing has to be filled in."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses_without_values(pattern, (*names, pattern.namespace) if pattern.namespace else names)
        elif isinstance(pattern, URLPattern) and pattern.name:
            with suppress(NoReverseMatch):
                yield reverse(":".join((*names, pattern.name)))


def test_an_administrator_meets_it_on_no_page_of_the_site(walk: Walk) -> None:
    client = signed_in(User.objects.create_superuser("paa@example.org"))
    team = walk.referral.team
    assert team is not None
    with translation.override("fi"):
        paths = {url for url in addresses_without_values(get_resolver()) if not re.search("logout|failwhale", url)} | {
            reverse("wagtailadmin_reports:site_history"),
            reverse("wagtailsettings:edit", args=["referrals", "controller"]),
            reverse("directory:service", kwargs={"slug": walk.service.slug}),
            reverse("directory:organisation", kwargs={"slug": walk.service.organisation.slug}),
            reverse("workspace:organisation", kwargs={"slug": walk.service.organisation.slug}),
            reverse("workspace:service", kwargs={"key": walk.service.translation_key}),
            reverse("wagtailusers_users:edit", args=[make.lead_of(team).pk]),
            path("team", pk=team.pk),
            "/api/v1/openapi.json",
            "/sitemap.xml",
            *(f"/api/v1/search?q={word}" for word in (OPEN, *WORDS)),
        }
    seen_open = answered = 0
    for url in sorted(paths):
        response = client.get(url, follow="settings" in url)
        if response.status_code != 200 or response.streaming:
            continue
        answered += 1
        text = response.content.decode("utf-8", "replace")
        seen_open += OPEN in text
        # What one asks the search for comes back in its answer.
        asked = found_in(url)
        assert not walk.found_in(text) - asked, url
    assert answered > 60
    assert seen_open > 5


def test_a_visitor_meets_it_on_no_public_page(walk: Walk, client: Client) -> None:
    for code in languages.CODES:
        for url in public_paths(walk, code):
            response = client.get(url)
            assert response.status_code == 200, url
            assert not walk.found_in(response.content.decode() + str(response.headers)), url


def public_paths(walk: Walk, code: str) -> list[str]:
    """Pages near the referral that anybody may open, in one language."""
    with translation.override(code):
        return [
            reverse("search:search"),
            reverse("search:search") + f"?q={OPEN}",
            reverse("directory:service", kwargs={"slug": walk.service.slug}),
            reverse("directory:organisation", kwargs={"slug": walk.service.organisation.slug}),
            reverse("referrals:privacy"),
            reverse("referrals:own"),
            reverse("referrals:self_referral", kwargs={"slug": walk.service.slug}),
        ]


# --- When something breaks --------------------------------------------------------------------------------------------
def what_breaks(walk: Walk) -> dict[str, tuple[Client, str, dict[str, str]]]:
    """Posts with words about a person, by name: who sends what where."""
    version = Enquiry.objects.get(pk=walk.enquiry.pk).version
    return {
        "sending": (walk.worker, check_url(walk.service), {**TOLD, "laheta": "1"}),
        "sending one's own": (
            Client(),
            path("self_referral", slug=walk.service.slug),
            {**OWN_TOLD, "step": "send"},
        ),
        "answering": (
            walk.organisation,
            path("enquiry", uuid=walk.enquiry.uuid),
            {"act": "suggest", "version": str(version), "suggest-words": PLACE, "suggest-day": "2099-01-02"}
            | {"suggest-time": "12:00"},
        ),
        "the worker's word": (
            walk.worker,
            path("act", uuid=walk.referral.uuid, enquiry=walk.enquiry.uuid),
            {"act": "close", "version": str(version), "words": ANSWERED},
        ),
        "the person's code": (walk.person, path("own_withdraw"), {"koodi": walk.code}),
        "opening": (walk.worker, path("referral", uuid=walk.referral.uuid), {}),
    }


def test_an_error_report_tells_nothing(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log and the report with all local values, of an error in the innermost of what writes."""

    def fail(*args: object, **values: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(audit, "append", fail)
    reports: list[str] = []

    def report(request: object, **values: object) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend((reporter.get_traceback_text(), reporter.get_traceback_html()))

    got_request_exception.connect(report)
    try:
        for name, (client, url, data) in what_breaks(walk).items():
            client.raise_request_exception = False
            reports.clear()
            with EveryLog() as log:
                response = client.post(url, data) if data else client.get(url)
            assert response.status_code == 500, name
            assert len(reports) == 2, name
            assert "RuntimeError" in "\n".join(log.lines)
            for text in (*reports, "\n".join(log.lines), response.content.decode()):
                assert not walk.found_in(text), name
    finally:
        got_request_exception.disconnect(report)


def test_details_print_as_nothing() -> None:
    details = make.details()
    draft = make.draft(make.listing())
    for text in (repr(details), str(details), f"{details}", repr(draft), repr([details])):
        assert not found_in(text)
    assert PersonDetails.__repr__ is not object.__repr__


# --- That the search for words finds them -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "tel:+358457391 6824",
        "045\N{NO-BREAK SPACE}7391\N{NO-BREAK SPACE}6824",
        "0457391-6824",
        "?q=Salanimi-Xilou",
        "?q=Salanimi%2DXilou",
        "Toivon\N{SOFT HYPHEN}kalojen\N{SOFT HYPHEN}kanssa\N{SOFT HYPHEN}xylofonia",
        "&#83;alanimi-Xilou",
    ],
)
def test_a_planted_word_is_known_however_it_is_written(text: str) -> None:
    assert found_in(text)


def test_the_log_that_is_looked_at_hears_everything() -> None:
    quiet = logging.getLogger("django.db.backends")
    with EveryLog() as log:
        quiet.debug("hiljaa %s", make.ALIAS)
    assert found_in("\n".join(log.lines))
