"""Making an account: by a code in a mail, and nobody learns from it who has an account already."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from tests import editing
from tests.accounts.ways_in import LOGIN, SIGNUP, code_in_mail, with_password
from tests.editing import person

pytestmark = pytest.mark.django_db

NEW = "uusi.ihminen@example.org"


def signed_up(client: Client, email: str = NEW, **more: str) -> HttpResponse:
    """The answer to the code from the mail."""
    answer = client.post(SIGNUP, {"email": email, "name": "", **more})
    assert answer.status_code == 302
    return client.post(answer.url, {"code": code_in_mail()})


def test_an_address_is_enough(client):
    answer = signed_up(client, name="  Anna Liisa  Virtanen ")
    user = User.objects.get(email=NEW)
    assert answer.url == reverse("workspace:home")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.get_full_name() == "Anna Liisa Virtanen"
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified
    assert not (user.is_staff)
    assert not (user.is_superuser)
    assert not (user.groups.exists())
    assert len(mail.outbox) == 1, "one code is enough"


def test_without_the_code_nobody_is_in(client):
    answer = client.post(SIGNUP, {"email": NEW, "name": ""})
    assert client.post(answer.url, {"code": "WRNG-CODE"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_who_lost_the_window_comes_in_by_a_code(client):
    """An account that was begun and not shown to be one's own is whoever's the address is."""
    Client().post(SIGNUP, {"email": NEW, "name": "Joku Muu"})
    answer = client.post(LOGIN, {"login": NEW, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert client.session["_auth_user_id"] == str(User.objects.get(email=NEW).pk)


def test_the_name_that_a_stranger_wrote_goes_into_no_letter(client):
    client.post(SIGNUP, {"email": NEW, "name": "Osta halvalla"})
    assert "Osta" not in mail.outbox[0].body + mail.outbox[0].subject


def test_more_than_asked_is_not_taken(client):
    signed_up(client, is_superuser="on", is_staff="on", password1="pitkä-ja-hyvä-salasana", language="en", groups="1")
    user = User.objects.get(email=NEW)
    assert not (user.is_superuser)
    assert not (user.is_staff)
    assert not (user.groups.exists())
    assert not (user.has_usable_password())
    assert user.language == "fi"


@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi-simple"])
def test_letters_come_in_the_language_of_the_page(client, language):
    client.post(f"/{language}/accounts/signup/", {"email": NEW, "name": ""})
    assert User.objects.get(email=NEW).language == language


# --- Where one was going ----------------------------------------------------------------------------------------------
def test_the_way_is_kept(client):
    login = client.get(f"{LOGIN}?next=/fi/hae/").content.decode()
    link = re.search(rf'href="({SIGNUP}[^"]*)"', login).group(1)
    assert "next=" in link
    assert 'name="next" value="/fi/hae/"' in client.get(link).content.decode()
    assert signed_up(client, next="/fi/hae/").url == "/fi/hae/"


@pytest.mark.parametrize("address", ["https://evil.example.org/", "//evil.example.org/", "javascript:alert(1)"])
def test_a_way_to_another_site_is_not_taken(client, address):
    assert signed_up(client, next=address).url == reverse("workspace:home")
    other = Client()
    answer = other.post(LOGIN, {"login": NEW, "password": "", "next": address})
    assert other.post(answer.url, {"code": code_in_mail()}).url == reverse("workspace:home")


# --- Nobody learns who has an account ---------------------------------------------------------------------------------
def taken() -> str:
    return with_password(person(editing.NOBODY, "tuttu.ihminen@example.org")).email


def told(answer: HttpResponse, email: str) -> tuple:
    """All an answer tells, but for what differs at every request and the address that was written."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode()).replace(email, "ADDRESS")
    headers = {name: value for name, value in answer.headers.items() if name not in {"Content-Length", "Expires"}}
    cookies = {name: {**cookie, "expires": ""} for name, cookie in answer.cookies.items()}
    return answer.status_code, headers, sorted(cookies), [cookie["max-age"] for cookie in cookies.values()], body


def walk(url: str, email: str, data: dict[str, str]) -> list[tuple]:
    """What a stranger is told who sends a form, follows, tries a wrong code and asks for a new one."""
    cache.clear()
    client = Client()
    first = client.post(url, data)
    answers = [first]
    if first.status_code == 302:
        answers.append(client.get(first.url))
        answers.append(client.post(first.url, {"code": "WRNG-CODE"}))
        cache.clear()
        answers.append(client.post(first.url, {"action": "resend"}))
        answers.append(client.get(first.url))
    answers.append(client.post(url, data))
    return [told(answer, email) for answer in answers]


@pytest.mark.parametrize(
    ("url", "field", "more"),
    [
        (SIGNUP, "email", {"name": "Anna"}),
        (LOGIN, "login", {"password": ""}),
        (LOGIN, "login", {"password": "ei-tämä-ainakaan"}),
        ("/fi/accounts/login/code/", "email", {}),
        ("/fi/accounts/password/reset/", "email", {}),
    ],
    ids=["sign-up", "code", "password", "code alone", "new password"],
)
def test_the_answer_is_the_same(url, field, more):
    known = taken()
    assert walk(url, known, {field: known, **more}) == walk(url, NEW, {field: NEW, **more})


@pytest.mark.parametrize(
    ("url", "data"),
    [(SIGNUP, {"name": ""}), (LOGIN, {"password": ""}), ("/fi/accounts/password/reset/", {})],
    ids=["sign-up", "code", "new password"],
)
def test_the_address_is_told_what_happened(client, url, data):
    field = "login" if url == LOGIN else "email"
    for number, email in enumerate((taken(), NEW), 1):
        client.post(url, {field: email, **data})
        assert [message.to for message in mail.outbox[number - 1 :]] == [[email]]
    known, unknown = mail.outbox
    assert known.body != unknown.body
    login, signup = f"http://testserver{LOGIN}", f"http://testserver{SIGNUP}"
    assert (login in known.body) == (url == SIGNUP), "who has an account is shown the door"
    assert (signup in unknown.body) == (url != SIGNUP), "who has none is told how to make one"


def test_an_address_put_out_of_use_is_like_an_unknown_one():
    known = taken()
    User.objects.filter(email=known).update(is_active=False)
    assert walk(LOGIN, known, {"login": known, "password": ""}) == walk(LOGIN, NEW, {"login": NEW, "password": ""})


def test_adding_anothers_address_tells_nothing(client):
    client.force_login(with_password(person(editing.EDITOR)), backend=editing.BACKEND)
    answers = []
    for email in (taken(), NEW):
        cache.clear()
        answer = client.post("/fi/accounts/email/", {"email": email, "action_add": "1"})
        answers += [(answer.status_code, answer.headers.get("Location")), told(client.get(answer.url), email)]
    assert answers[:2] == answers[2:]
