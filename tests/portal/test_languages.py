"""Every address in every language, and what a language without a text falls back to."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cards.models import Print
from directory import shortlist
from portal.accounts.models import User
from portal.base import languages
from portal.base.fields import Multilingual
from tests.cards.rounds import criteria_page
from tests.factories import referrals as referring
from tests.factories.content import HomePageFactory


@pytest.mark.django_db
@pytest.mark.parametrize("code", languages.CODES)
def test_every_address_opens_in_every_language(client: Client, code: str):
    home = HomePageFactory()
    referring.switch_on()
    service = referring.listing()
    page = criteria_page(home)
    names = {
        "search:search": {},
        "content:help_now": {},
        "directory:my_list": {},
        "directory:service": {"slug": service.slug},
        "directory:report": {"slug": service.slug},
        "directory:report_sent": {"slug": service.slug},
        "directory:organisation": {"slug": service.organisation.slug},
        "directory:shared_list": {"token": shortlist.pack([service.uuid])},
        "directory:compare": {},
        "directory:compare_shared": {"token": shortlist.pack([service.uuid])},
        "account_login": {},
        "referrals:own": {},
        "referrals:privacy": {},
        "referrals:self_referral": {"slug": service.slug},
        "cards:quality_open": {"pk": page.pk},
        "cards:choose_pages": {},
        "cards:print_state": {"key": Print.objects.create(key="x", title="Kortit", pages=[[page.pk, 0]]).pk},
    }
    for name, kwargs in names.items():
        with translation.override(code):
            path = reverse(name, kwargs=kwargs)
        response = client.get(path)
        assert path.startswith(f"/{code}/")
        assert response.status_code == 200, path
        assert f'<html lang="{code}"' in response.content.decode(), path
    assert client.get(f"/{code}/").status_code == 200


@pytest.mark.django_db
def test_no_public_address_is_forgotten():
    """A new address belongs in the test above, unless it only takes what is sent or answers a program."""
    from cards.printing.urls import urlpatterns as printing
    from cards.quality.urls import urlpatterns as quality
    from directory.urls import urlpatterns as directory
    from portal.content.urls import urlpatterns as content
    from referrals.answering.urls import urlpatterns as answering
    from referrals.notice.urls import urlpatterns as notice
    from referrals.own.urls import urlpatterns as own
    from search.urls import urlpatterns as search

    names = {each.name for each in (*directory, *content, *search, *quality, *printing, *own, *answering, *notice)}
    tried = {
        "choose_pages",
        "print_state",
        "quality_open",
        "service",
        "report",
        "report_sent",
        "organisation",
        "my_list",
        "shared_list",
        "compare",
        "compare_shared",
        "search",
        "help_now",
        "own",
        "privacy",
        "self_referral",
    }
    sent = {"toggle_in_list", "clear_list", "take_shared_list"}
    sent |= {"make_print", "try_print_again"}
    answered = {"suggest", "print_file"}
    # Each wants a key of its own: tests/browser/test_quality.py opens them in every language.
    behind_a_key = {"quality_round", "quality_close", "quality_delete", "quality_csv", "quality_pdf"}
    behind_a_key |= {"quality_answer", "quality_answer_as", "quality_thanks"}
    sent |= {"quality_goals", "quality_next"}
    # Behind a person's code, a letter's link or an account: tests/browser/test_referrals_for_all.py opens them.
    behind_a_key |= {"own_view", "own_log", "own_withdraw", "own_plan", "self_sent"}
    behind_a_key |= {"link", "enquiry", "inbox", "record"}
    sent |= {"own_act", "own_rate", "own_leave", "own_exit", "link_code", "new_link"}
    assert names == tried | sent | answered | behind_a_key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "expected"),
    [("sv", "/sv/"), ("en-GB", "/en/"), ("fi-simple", "/fi-simple/"), ("de", "/fi/"), ("fi-FI", "/fi/"), ("", "/fi/")],
)
def test_the_front_door_leads_to_the_browsers_language(client: Client, header: str, expected: str):
    HomePageFactory()
    assert client.get("/", headers={"accept-language": header}).url == expected


@pytest.mark.django_db
def test_an_address_without_a_language_finds_its_own(client: Client):
    HomePageFactory()
    response = client.get("/hae/?stage=1", headers={"accept-language": "sv"})
    assert (response.status_code, response.url) == (302, "/sv/hae/?stage=1")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/nowhere/", "/api/nowhere", "/static/x.css", "/documents/1/x", "/health/x/"])
def test_a_404_without_a_language_is_no_redirect(client: Client, path: str):
    HomePageFactory()
    assert client.get(path, follow=False).status_code in ({404} if "admin" not in path else {404, 302})
    assert not client.get(path).headers.get("Location", "").startswith("/fi/nowhere")


def test_everyone_can_fall_back_to_everything_written():
    for language in languages.ALL:
        assert languages.reading_order(language.code)[0] == language.code
        assert set(languages.reading_order(language.code)) >= {"fi", "sv", "en"}
        assert len(set(languages.reading_order(language.code))) == len(languages.reading_order(language.code))


@pytest.mark.parametrize(
    ("texts", "code", "expected", "written_in"),
    [
        ({"fi": "a", "sv": "b"}, "sv", "b", "sv"),
        ({"fi": "a", "sv": ""}, "sv", "a", "fi"),
        ({"en": "c"}, "fi-simple", "c", "en"),
        ({"fi": "a", "fi-simple": "d"}, "fi-simple", "d", "fi-simple"),
        ({}, "fi", "", ""),
    ],
)
def test_a_text_falls_back(texts: dict, code: str, expected: str, written_in: str):
    text = Multilingual(texts)
    assert (text.in_language(code), text.language_of(code)) == (expected, written_in)
    with translation.override(code):
        assert str(text) == expected


@pytest.mark.django_db
def test_the_admin_is_finnish_first_whatever_the_browser_asks_for(client: Client):
    """Editors are Finnish; another language is a choice of the account's own."""
    way_in = client.get("/admin/", headers={"accept-language": "en"}, follow=True)
    assert way_in.redirect_chain[-1][0].startswith("/fi/accounts/login/")
    client.force_login(User.objects.create_superuser("chief@example.org"))
    assert '<html lang="fi"' in client.get("/admin/", headers={"accept-language": "en"}).content.decode()
