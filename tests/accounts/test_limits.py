"""How often: who guesses is stopped, and the person whose account it is still comes in."""

from itertools import count

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from tests import editing
from tests.accounts.ways_in import LOGIN, SIGNUP, WORD, code_in_mail, with_password
from tests.editing import person

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def keeper() -> User:
    return with_password(person(editing.NOBODY))


def at(address: str) -> Client:
    """A browser somewhere."""
    return Client(REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def guess(keeper: User, times: int, address: str = ELSEWHERE) -> None:
    for number in range(times):
        at(address).post(LOGIN, {"login": keeper.email, "password": f"arvaus-numero-{number}"})


def test_guessing_is_stopped(keeper):
    guess(keeper, 6)
    client = at(ELSEWHERE)
    answer = client.post(LOGIN, {"login": keeper.email, "password": WORD})
    assert not is_in(client)
    assert "error-summary" in answer.content.decode()


def test_guessing_elsewhere_keeps_nobody_out(keeper):
    guess(keeper, 30)
    client = at(HERE)
    client.post(LOGIN, {"login": keeper.email, "password": WORD})
    assert is_in(client)


def test_guessing_from_the_same_office_leaves_the_code(keeper):
    guess(keeper, 12, HERE)
    client = at(HERE)
    answer = client.post(LOGIN, {"login": keeper.email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert is_in(client)


def test_guessing_from_everywhere_closes_the_password_and_leaves_the_code(keeper):
    addresses = (f"203.0.113.{number}" for number in count(1))
    for _number in range(40):
        guess(keeper, 5, next(addresses))
    client = at(HERE)
    client.post(LOGIN, {"login": keeper.email, "password": WORD})
    assert not is_in(client)
    answer = client.post(LOGIN, {"login": keeper.email, "password": ""})
    client.post(answer.url, {"code": code_in_mail()})
    assert is_in(client)


def test_a_right_password_is_not_counted(keeper):
    for _number in range(8):
        client = at(HERE)
        client.post(LOGIN, {"login": keeper.email, "password": WORD})
        assert is_in(client)


@pytest.mark.parametrize(("url", "field"), [(LOGIN, "login"), ("/fi/accounts/login/code/", "email")])
def test_asking_codes_for_another_stops_and_leaves_codes_for_the_owner(keeper, url, field):
    for _number in range(15):
        answer = at(ELSEWHERE).post(url, {field: keeper.email})
    assert answer.status_code == 200
    assert len(mail.outbox) < 10, "nobody's mail box is filled"
    client = at(HERE)
    answer = client.post(url, {field: keeper.email})
    client.post(answer.url, {"code": code_in_mail()})
    assert is_in(client)


def test_a_letter_is_no_other_address(keeper):
    for _number in range(15):
        at(ELSEWHERE).post(LOGIN, {"login": keeper.email.upper(), "password": ""})
        at(ELSEWHERE).post(LOGIN, {"login": keeper.email, "password": ""})
    assert len(mail.outbox) < 10


def test_a_code_is_not_guessed(keeper):
    client = at(HERE)
    answer = client.post(LOGIN, {"login": keeper.email, "password": ""})
    for number in range(6):
        client.post(answer.url, {"code": f"AAAA-AAA{number}"})
    client.post(answer.url, {"code": code_in_mail()})
    assert not is_in(client)


def test_accounts_are_not_made_by_the_hundred():
    for number in range(12):
        answer = at(ELSEWHERE).post(SIGNUP, {"email": f"kone-{number}@example.org", "name": ""})
    assert answer.status_code == 429
    assert 'id="main"' in answer.content.decode()
    assert User.objects.count() < 12
    assert at(HERE).post(SIGNUP, {"email": "ihminen@example.org", "name": ""}).status_code == 302


def test_new_passwords_are_not_asked_by_the_hundred(keeper):
    for _number in range(15):
        at(ELSEWHERE).post("/fi/accounts/password/reset/", {"email": keeper.email})
    assert len(mail.outbox) < 10
