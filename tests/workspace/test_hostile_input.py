"""What somebody sends who means ill: markup in every text, keys that no form has, no token, addresses elsewhere.

Forms are found on the pages as they are served and filled in as a browser would: a new form or field is tried by being
there. What a press would do is undone each time, so one world serves them all.
"""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from directory import shortlist
from directory.models import (
    AreaRole,
    Campaign,
    Case,
    CaseNote,
    Check,
    Claim,
    FactReport,
    Invitation,
    Mailing,
    Membership,
    Organisation,
    Review,
    Service,
)
from portal.accounts.models import User
from portal.post.models import Letter
from tests.editing import client_of
from tests.factories.directory import MunicipalityFactory, OrganisationFactory
from tests.workspace.everything import TEXTS, Everything
from tests.workspace.test_permissions import world  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db

# Breaks out of a text, of an attribute in either quotes, of a script and of a cell of a spreadsheet.
EVIL = "=1+1</script>\" onx=1 '><xss-1>"
MARK = "xss-1"


def is_unescaped(page: str) -> bool:
    """Whether the payload has become markup."""
    soup = BeautifulSoup(page, "html.parser")
    return bool(soup.find(MARK) or soup.find(attrs={"onx": True}) or f"<{MARK}" in page)


def runs_a_formula(table: str) -> bool:
    return any(cell.startswith("=") for row in csv.reader(StringIO(table)) for cell in row)


def is_hurt(response: HttpResponse) -> bool:
    """Whether an answer carries the payload as anything else than words."""
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        return is_unescaped(response.content.decode())
    if kind.startswith("text/csv"):
        return runs_a_formula(response.content.decode("utf-8-sig"))
    if kind.startswith("application/json"):
        # Markup that a page of ours puts in as it is: it comes in values that end on `</…>`.
        return any(is_unescaped(each) for each in _values(json.loads(response.content)) if "</div>" in each)
    return False


def _values(data: Any) -> Iterator[str]:
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _values(each)
    elif isinstance(data, str):
        yield data


def told(name: str) -> str:
    """The payload with the place that it was put into."""
    return f"{EVIL}{name}"


@pytest.fixture
def everything(world: dict[str, Any]) -> Everything:  # noqa: F811
    return Everything(world, told)


def test_no_text_becomes_markup_on_any_page(everything: Everything):
    chief, owner, stranger = (client_of(everything.people[sign]) for sign in "Aos")
    asked = [(chief, path) for path in (*everything.paths().values(), *everything.admin(), *everything.public())]
    asked += [(owner, path) for path in everything.paths().values()]
    asked += [(stranger, everything.path("claim_state")), (Client(), everything.path("answer"))]
    wrong, seen = {}, ""
    for client, path in asked:
        response = client.get(path)
        if response.status_code >= 500 or is_hurt(response):
            wrong[path] = response.status_code
        seen += BeautifulSoup(response.content.decode(), "html.parser").get_text()
    assert wrong == {}
    # The sweep looked at pages that show it; the words are there as words.
    shown = {name for name in TEXTS if told(name) in seen}
    assert shown >= {*TEXTS} - {"keywords", "capacity_note"}
    for name in (
        "place",
        "way",
        "link",
        "long",
        "note",
        "report",
        "case_note",
        "claim",
        "proof",
        "campaign",
        "mailing",
    ):
        assert told(name) in seen, name


def test_no_text_becomes_markup_in_a_letter(everything: Everything):
    client_of(everything.chief).post(everything.path("mailing_test"))
    letters = list(Letter.objects.all())
    assert [letter.key for letter in letters if is_unescaped(letter.html)] == []
    assert [letter.key for letter in letters if "\n" in letter.subject] == []
    written = " ".join(BeautifulSoup(letter.html, "html.parser").get_text() for letter in letters)
    for name in ("sent_back", "welcome", "refused", "report", "answer", "campaign_words", "mailing_text", "names"):
        assert told(name) in written, name


# --- forms as they are served ----------------------------------------------------------------------------------------
def forms_of(page: HttpResponse) -> list[Tag]:
    """The forms of a page's own part that change something."""
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    main = BeautifulSoup(page.content, "html.parser").main
    forms = main.find_all("form", method="post") if main else []
    for template in (each for form in forms for each in form.find_all("template")):
        template.decompose()
    return forms


def filled_with(form: Tag, text: str | None = None) -> dict[str, list[str]]:
    """What a browser sends: as it stands, or with this in every field that one types into; radio buttons chosen."""
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select", "button"]):
        name, kind = field.get("name"), field.get("type", "text" if field.name == "input" else "")
        if not name or name == "csrfmiddlewaretoken" or (field.name == "button" and name in data):
            continue
        if field.name == "select":
            options = field.find_all("option")
            chosen = [each for each in options if each.has_attr("selected")] or options[-1:]
            data[name] = [each.get("value", "") for each in chosen]
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked") or (kind == "radio" and name not in data):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.name == "textarea" or kind in ("text", "search", "tel", "url", "email"):
            now = field.get_text() if field.name == "textarea" else field.get("value", "")
            given = {"url": "javascript:alert(1)//", "email": "joku.muu@example.org"}.get(kind, text)
            data[name] = [now if text is None else given or ""]
        else:
            data.setdefault(name, []).append(field.get("value", ""))
    return data


def pressed(client: Client, path: str, data: dict[str, Any]) -> tuple[HttpResponse, list[HttpResponse], Any]:
    """What a press answers, what follows it, and what it made of the data, which is undone."""
    with transaction.atomic():
        response = client.post(path, data)
        pages = [response]
        if response.status_code == 302 and response.url.startswith("/"):
            pages.append(client.get(response.url))
        state = guarded()
        transaction.set_rollback(True)
    return response, pages, state


def all_forms(everything: Everything, client: Client) -> Iterator[tuple[str, str, Tag]]:
    """(name of the page, where its form goes, the form) of every form, each once."""
    seen = set()
    for name, path in {**everything.paths(), "report a mistake": next(iter([*everything.public()][1:2]))}.items():
        for form in forms_of(client.get(path)):
            goes_to = form.get("action") or path
            fields = tuple(sorted({each.get("name", "") for each in form.find_all(["input", "textarea", "select"])}))
            if (urlsplit(goes_to).path, fields) not in seen:
                seen.add((urlsplit(goes_to).path, fields))
                yield name, goes_to, form


def test_every_form_takes_markup_as_words_and_no_address_that_runs(everything: Everything):
    wrong, tried = {}, 0
    for person in (everything.owner, everything.chief):
        client = client_of(person)
        for name, path, form in list(all_forms(everything, client)):
            tried += 1
            response, pages, _state = pressed(client, path, filled_with(form, EVIL))
            client.force_login(person)
            if response.status_code >= 500 or any(is_hurt(page) for page in pages):
                wrong[name, path] = response.status_code
            hrefs = [
                each["href"] for page in pages for each in BeautifulSoup(page.content, "html.parser").select("[href]")
            ]
            if any(href.strip().lower().startswith("javascript:") for href in hrefs):
                wrong[name, path] = "javascript:"
    assert wrong == {}
    assert tried > 40


# --- keys that no form has -------------------------------------------------------------------------------------------
GUARDED: dict[type, tuple[str, ...]] = {
    Service: (
        *("title", "slug", "organisation", "owner", "deputy", "is_hidden", "hidden_reason", "live", "checked_on"),
        *("checked_by", "checked_how", "withdrawn_on", "source", "is_sample", "locale"),
    ),
    Organisation: ("slug", "live", "is_hidden", "is_trusted", "business_id", "sector", "parent", "is_sample"),
    Membership: ("user", "organisation", "role"),
    Review: ("service", "organisation", "state", "submitted_by", "decided_by", "checked_on", "reason"),
    Claim: ("user", "organisation", "state", "decided_by", "proof"),
    Case: ("kind", "organisation", "county", "assigned_to", "closed_by"),
    CaseNote: ("case", "written_by"),
    Check: ("by", "by_name", "on", "how"),
    FactReport: ("service", "handled_by", "email"),
    Invitation: ("organisation", "email", "role", "hands_over", "invited_by", "accepted_by"),
    Mailing: ("written_by", "selection", "count"),
    Campaign: ("started_by",),
    User: ("email", "is_superuser", "is_staff", "is_active", "is_development"),
    AreaRole: ("user", "county"),
}


def guarded() -> dict[str, list[tuple[Any, ...]]]:
    """All that no form may set by the way; also in the drafts, which become public later."""
    state = {each.__name__: sorted(each.objects.values_list(*names), key=str) for each, names in GUARDED.items()}
    drafts = [
        tuple(row.latest_revision.content.get(name) for name in names)
        for model, names in ((Service, GUARDED[Service]), (Organisation, GUARDED[Organisation]))
        for row in model.objects.exclude(latest_revision=None).select_related("latest_revision")
    ]
    return {**state, "drafts": sorted(drafts, key=str)}


def extra_keys(everything: Everything) -> dict[str, Any]:
    other, elsewhere = everything.people["x"], OrganisationFactory(home_municipality=MunicipalityFactory())
    people = ("owner", "deputy", "user", "by", "checked_by", "decided_by", "submitted_by", "written_by", "started_by")
    more = ("assigned_to", "closed_by", "handled_by", "invited_by", "accepted_by")
    return {
        **dict.fromkeys((*people, *more, *(f"{name}_id" for name in (*people, *more))), other.pk),
        **dict.fromkeys(("is_trusted", "trusted", "is_hidden", "is_sample", "is_superuser", "is_staff"), "1"),
        **dict.fromkeys(("organisation_id", "parent", "parent_id"), elsewhere.pk),
        **dict.fromkeys(("live", "is_active", "is_checked", "hands_over", "is_development"), "1"),
        **dict.fromkeys(("checked_on", "withdrawn_on", "sent_at", "tested_at", "decided_at"), "2020-01-01"),
        **dict.fromkeys(("checked_how", "how", "proof"), "visit"),
        "organisation": elsewhere.pk,
        "role": "owner",
        "state": "approved",
        "kind": "event",
        "slug": "kaapattu",
        "source": "ptv",
        "email": "kaappari@example.org",
        "locale": "2",
        "hidden_reason": "kaapattu",
        "business_id": "1234567-1",
        "sector": "municipality",
        "count": "0",
        "county": "00",
    }


def test_keys_that_no_form_has_change_nothing(everything: Everything):
    extra, wrong, tried = extra_keys(everything), {}, 0
    for person in (everything.owner, everything.chief):
        client = client_of(person)
        for name, path, form in list(all_forms(everything, client)):
            data = filled_with(form)
            fields = {each.get("name") for each in form.find_all(["input", "textarea", "select", "button"])}
            hidden = {key: value for key, value in extra.items() if key not in fields}
            answers = []
            for sent in (data, {**hidden, **data}):
                response, _pages, state = pressed(client, path, sent)
                client.force_login(person)
                answers.append((response.status_code, state))
            tried += 1
            if answers[0] != answers[1]:
                plain, padded = answers
                changed = [key for key in plain[1] if plain[1][key] != padded[1][key]]
                wrong[name, path] = (plain[0], padded[0], changed)
    assert wrong == {}
    assert tried > 40


# --- no token --------------------------------------------------------------------------------------------------------
def test_every_door_that_takes_a_post_asks_for_the_token(everything: Everything):
    client = Client(enforce_csrf_checks=True)
    client.force_login(everything.chief)
    with translation.override("fi"):
        public = ["toggle_in_list", "clear_list"]
        more = [reverse(f"directory:{name}") for name in public] + [
            reverse("directory:report", args=[everything.service.slug]),
            reverse("directory:take_shared_list", args=[shortlist.pack([everything.service.uuid])]),
            *(reverse(name) for name in ("accounts:home", "accounts:close", "account_login", "account_signup")),
            *(reverse(name) for name in ("account_logout", "account_request_login_code", "set_language")),
        ]
    paths = [*everything.paths().values(), *more]
    before = guarded()
    assert {path: code for path in paths if (code := client.post(path).status_code) != 403} == {}
    assert guarded() == before


def test_nothing_but_machines_is_excused_from_the_token():
    def views(patterns: list[Any]) -> Iterator[Any]:
        for each in patterns:
            if isinstance(each, URLPattern):
                yield each.callback
            else:
                yield from views(each.url_patterns)

    excused = {each.__module__ for each in views(get_resolver().url_patterns) if getattr(each, "csrf_exempt", False)}
    # The webhook has a secret of its own. Libraries' APIs ask for the token themselves, or take no cookies.
    ours = {each for each in excused if not each.startswith(("ninja.", "wagtail", "rest_framework."))}
    assert ours == {"portal.post.views"}


# --- addresses elsewhere ---------------------------------------------------------------------------------------------
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    r"\\evil.example",
    r"/\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\tjavascript:alert(1)",
    "https://testserver@evil.example/",
    "https:///evil.example",
]


def leads_away(place: str) -> bool:
    """Where a browser would go: back slashes are slashes to it, and blanks before an address are none."""
    target = urlsplit(place.strip().replace("\\", "/"))
    return (
        target.netloc not in ("", "testserver") or target.scheme not in ("", "http", "https") or "//evil" in target.path
    )


def test_every_way_back_stays_on_the_site(everything: Everything):
    password = "Pitkä ja oma salasana 7"
    person = User.objects.create_user("kirjautuja@example.org", password)
    person.emailaddress_set.update(verified=True)
    key = everything.service.translation_key
    with translation.override("fi"):
        toggle, clear = reverse("directory:toggle_in_list"), reverse("directory:clear_list")
        login, page, seen = reverse("account_login"), everything.path("still_right"), everything.path("review_seen")
        shown = reverse("directory:service", args=[everything.service.slug])
    wrong, led = {}, 0
    for place in ELSEWHERE:
        client = client_of(everything.owner)
        by_post = {toggle: {"item": str(key)}, clear: {}, page: {}, seen: {}, "/language/": {"language": "sv"}}
        answers = {path: client.post(path, {**data, "next": place}) for path, data in by_post.items()}
        answers[login] = Client().post(
            f"{login}?next={place}", {"login": person.email, "password": password, "next": place}
        )
        for path in ("/admin/login/", "/fi/_util/login/", login):
            answers[f"{path} asked"] = Client().get(path, {"next": place})
        answers[shown] = client.get(shown, {"results": place}, headers={"referer": place})
        for path, response in answers.items():
            led += response.status_code == 302
            soup = BeautifulSoup(response.content, "html.parser")
            places = [response.headers.get("Location", ""), *(each["href"] for each in soup.select("a[href]"))]
            places += [each["action"] for each in soup.select("form[action]")]
            if any((leads_away(each) and "evil" in each) or each.strip().startswith("javascript:") for each in places):
                wrong[path, place] = response.headers.get("Location", "in the page")
            if response.status_code >= 500:
                wrong[path, place] = "500"
    assert wrong == {}
    assert led > 5 * len(ELSEWHERE)
