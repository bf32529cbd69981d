"""One's own account: name and language, where one is signed in, closing it; and what others do when one leaves."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client, override_settings
from django.urls import path, reverse

import portal.urls
from portal.accounts.access import may_open_admin
from portal.accounts.actions import close_account
from portal.accounts.browsers import browser_name
from portal.accounts.development import PEOPLE, ensure_people
from portal.accounts.models import User
from portal.accounts.signals import account_closed
from portal.accounts.views import development_login
from portal.base.loading import Loading
from portal.content.roles import load_roles
from tests import editing
from tests.accounts.ways_in import LOGIN, WORD, code_in_mail, signed_in_by_code, with_app, with_password
from tests.editing import client_of, person

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def keeper() -> User:
    user = person(editing.NOBODY)
    user.set_full_name("Orvokki Omistaja")
    return with_password(user)


# --- My account -------------------------------------------------------------------------------------------------------
def test_name_and_language_are_changed(keeper):
    client = client_of(keeper)
    data = {"name": " Orvokki  Anna Uusinimi ", "language": "sv", "is_superuser": "on", "email": "a@example.org"}
    assert client.post("/fi/accounts/", data).url == "/fi/accounts/"
    email = keeper.email
    keeper.refresh_from_db()
    assert keeper.get_full_name() == "Orvokki Anna Uusinimi"
    assert (keeper.language, keeper.email, keeper.is_superuser) == ("sv", email, False)


def test_a_language_we_have_not_is_not_taken(keeper):
    assert client_of(keeper).post("/fi/accounts/", {"name": "", "language": "de"}).status_code == 200
    keeper.refresh_from_db()
    assert keeper.language == "fi"


def test_the_account_is_ones_own(client):
    for name in ("accounts:home", "accounts:close", "account_email", "usersessions_list", "mfa_index"):
        assert client.get(reverse(name)).url.startswith(LOGIN)


def test_a_changed_way_in_is_told_by_mail(keeper):
    client = client_of(keeper)
    new = "toinen-pitkä-salasana"
    data = {"oldpassword": WORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).url == "/fi/accounts/"
    assert [message.to for message in mail.outbox] == [[keeper.email]]
    assert "127.0.0.1" not in mail.outbox[0].body
    assert "/fi/accounts/" in mail.outbox[0].body


def test_another_address_is_added_and_becomes_the_first(keeper):
    client = client_of(keeper)
    answer = client.post(reverse("account_email"), {"email": "toinen@example.org", "action_add": "1"})
    assert client.post(answer.url, {"code": code_in_mail()}).url == reverse("account_email")
    client.post(reverse("account_email"), {"email": "toinen@example.org", "action_primary": "1"})
    keeper.refresh_from_db()
    assert keeper.email == "toinen@example.org"
    client = signed_in_by_code("toinen@example.org")
    assert client.session["_auth_user_id"] == str(keeper.pk)


# --- Sessions ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("says", "name"),
    [(FIREFOX, "Firefox, Android"), (EDGE, "Edge, Windows"), (SAFARI, "Safari, iPhone"), ("curl/8.1", ""), ("", "")],
)
def test_of_a_browser_its_name_is_kept(says, name):
    assert browser_name(says) == name
    assert browser_name(browser_name(says)) == name


def test_signing_in_begins_a_new_session(client, keeper):
    client.get(LOGIN)
    client.session["kept"] = True
    client.post(LOGIN, {"login": keeper.email, "password": ""})
    before = client.session.session_key
    client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
    assert client.session.session_key != before


def test_signing_out_elsewhere(keeper):
    phone, desk = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": EDGE})
    for client in (phone, desk):
        client.post(LOGIN, {"login": keeper.email, "password": WORD})
    page = desk.get(reverse("usersessions_list")).content.decode()
    assert "Firefox, Android" in page
    assert "Edge, Windows" in page
    assert "127.0.0.1" not in page
    assert "127.0.0.1" not in {session.ip for session in UserSession.objects.all()}
    assert desk.post(reverse("usersessions_list")).status_code == 302
    assert phone.get("/fi/accounts/").status_code == 302
    assert desk.get("/fi/accounts/").status_code == 200


def test_only_ones_own_sessions_are_seen_and_ended(keeper):
    other = signed_in_by_code(person(editing.EDITOR).email)
    client = Client()
    client.post(LOGIN, {"login": keeper.email, "password": WORD})
    assert client.get(reverse("usersessions_list")).context["session_count"] == 1
    client.post(reverse("usersessions_list"))
    assert other.get("/fi/accounts/").status_code == 200


def test_signing_out_is_no_link(keeper):
    client = client_of(keeper)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(keeper, backend=editing.BACKEND)
    assert strict.post(reverse("account_logout")).status_code == 403
    assert "_auth_user_id" in strict.session


def test_the_session_cookie_is_for_the_browser_alone(client, keeper):
    answer = client.post(LOGIN, {"login": keeper.email, "password": WORD})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""


# --- Closing ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def told():
    """Whom the rooms above are told of: what could still be read of the person at that moment."""
    heard: list[tuple[int, str, str, bool]] = []

    def hear(sender, user: User, **kwargs) -> None:
        heard.append((user.pk, user.email, user.get_full_name(), user.is_active))

    account_closed.connect(hear)
    yield heard
    account_closed.disconnect(hear)


def test_closing_asks_first(keeper, told):
    client = client_of(keeper)
    assert client.get(reverse("accounts:close")).status_code == 200
    assert "error-summary" in client.post(reverse("accounts:close")).content.decode()
    keeper.refresh_from_db()
    assert keeper.is_active
    assert told == []


def test_closing_forgets_the_person_and_keeps_the_row(keeper, told):
    with_app(keeper)
    elsewhere = client_of(keeper)
    client = client_of(keeper)
    email = keeper.email
    answer = client.post(reverse("accounts:close"), {"is_sure": "on"})
    assert client.get(answer.url).status_code == 200
    keeper.refresh_from_db()

    assert told == [(keeper.pk, email, "Orvokki Omistaja", False)], "told once, while the name is there"
    assert not keeper.is_active
    assert email not in (keeper.email, str(keeper))
    assert keeper.get_full_name() == ""
    assert not keeper.has_usable_password()
    assert not keeper.emailaddress_set.exists()
    assert not Authenticator.objects.filter(user=keeper).exists()
    for each in (client, elsewhere):
        assert each.get("/fi/accounts/").status_code == 302
    keeper.save()
    assert not keeper.emailaddress_set.exists(), "nothing brings an address back"


def test_the_address_may_begin_anew(keeper):
    email = keeper.email
    close_account(keeper, by=keeper)
    client = signed_up_again(email)
    assert client.session["_auth_user_id"] != str(keeper.pk)


def signed_up_again(email: str) -> Client:
    client = Client()
    answer = client.post("/fi/accounts/signup/", {"email": email, "name": ""})
    client.post(answer.url, {"code": code_in_mail()})
    return client


def test_what_somebody_above_cannot_take_over_stops_it(keeper):
    def fail(sender, user: User, **kwargs) -> None:
        raise RuntimeError

    account_closed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            close_account(keeper, by=keeper)
    finally:
        account_closed.disconnect(fail)
    assert User.objects.get(pk=keeper.pk).is_active


def test_closing_anothers_account_is_an_administrators(keeper, told):
    with pytest.raises(PermissionDenied):
        close_account(keeper, by=person(editing.EDITOR))
    close_account(keeper, by=person())
    assert len(told) == 1


def test_the_last_administrator_stays(told):
    last = person()
    with pytest.raises(ValidationError):
        close_account(last, by=last)
    client = client_of(last)
    assert "is_sure" not in client.get(reverse("accounts:close")).content.decode()
    client.post(reverse("accounts:close"), {"is_sure": "on"})
    last.refresh_from_db()
    assert last.is_active
    assert told == []


# --- Put out of use in the admin --------------------------------------------------------------------------------------
def test_an_administrator_puts_out_of_use(keeper, told):
    theirs = Client()
    theirs.post(LOGIN, {"login": keeper.email, "password": WORD})
    administrator = client_of(person())
    url = reverse("wagtailusers_users:edit", args=[keeper.pk])
    editing.send(administrator, url, is_active=None)
    assert [each[0] for each in told] == [keeper.pk]
    assert theirs.get("/fi/accounts/").status_code == 302
    editing.send(administrator, url, first_name="Toinen")
    assert len(told) == 1, "told when it happens, not at every save"
    editing.send(administrator, url, is_active="on")
    assert theirs.get("/fi/accounts/").status_code == 302, "an old session does not come back"


def test_many_at_once_are_told_of_too(keeper, told):
    administrator = client_of(person())
    url = reverse("wagtail_bulk_action", args=["accounts", "user", "set_active_state"])
    answer = administrator.post(f"{url}?id={keeper.pk}&next=/admin/", {"mark_as_active": "False"})
    assert answer.status_code == 302
    keeper.refresh_from_db()
    assert not keeper.is_active
    assert [each[0] for each in told] == [keeper.pk]


def test_removing_is_told_of(keeper, told):
    keeper.delete()
    assert len(told) == 1


# --- Sample people ----------------------------------------------------------------------------------------------------
# The page of one-press logins is in the address map of debug mode alone.
urlpatterns = [path("dev-login/", development_login), *portal.urls.urlpatterns]


@override_settings(DEBUG=True, ROOT_URLCONF=__name__)
def test_one_press_leads_where_signing_in_would(client):
    load_roles(Loading())
    ensure_people()
    assert len(ensure_people()) == len(PEOPLE) == User.objects.count()
    assert all(str(user) in client.get("/dev-login/").content.decode() for user in User.objects.all())
    for user in User.objects.all():
        expected = "/admin/" if may_open_admin(user) else reverse("workspace:home")
        assert client.post("/dev-login/", {"user": user.pk}).url == expected
        assert client.session["_auth_user_id"] == str(user.pk)
        assert client.get(reverse("usersessions_list")).context["session_count"] == 1
    assert client.post("/dev-login/?next=/fi/hae/", {"user": user.pk}).url == "/fi/hae/"
    assert client.post("/dev-login/?next=//evil.example.org/", {"user": user.pk}).url == expected
