"""The page of letters on a machine of one's own: what the file backend wrote, as its reader sees it."""

import re
from urllib.parse import unquote

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import path

import portal.urls
from portal.post.development import development_mail, newest

pytestmark = pytest.mark.django_db

# The page is in the address map of debug mode alone.
urlpatterns = [path("dev-mail/", development_mail), *portal.urls.urlpatterns]


def write(folder, *subjects: str, text: str = "Hyvää päivää!") -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    letters = []
    for subject in subjects:
        letter = EmailMultiAlternatives(subject, text, "a@example.org", ["leena@example.org"])
        letter.attach_alternative(f"<p>{text}</p>", "text/html")
        letters.append(letter)
    connection.send_messages(letters)


@pytest.fixture
def folder(tmp_path):
    with override_settings(
        DEBUG=True, ROOT_URLCONF=__name__, EMAIL_FILE_PATH=str(tmp_path), SITE_URL="http://127.0.0.1:8000"
    ):
        yield tmp_path


def test_letters_stand_newest_first(folder, client: Client):
    write(folder, "Ensimmäinen", "Toinen")
    write(folder, "Kolmas")
    assert [mail.subject for mail in newest(folder)] == ["Kolmas", "Toinen", "Ensimmäinen"]
    shown = client.get("/dev-mail/").content.decode()
    assert shown.index("Kolmas") < shown.index("Toinen") < shown.index("Ensimmäinen")
    assert "leena@example.org" in shown


def test_links_lead_to_this_server(folder, client: Client):
    write(folder, "Linkki", text="Avaa viesti:\nhttp://127.0.0.1:8000/fi/viesti/?avain=abc:def-ä")
    shown = client.get("/dev-mail/").content.decode()
    links = [unquote(address) for address in re.findall(r'href="([^"]+)"', shown)]
    assert "http://testserver/fi/viesti/?avain=abc:def-ä" in links
    assert "127.0.0.1:8000" not in shown


def test_what_a_letter_says_is_text(folder, client: Client):
    write(folder, "<b>Aihe</b>", text="<script>alert(1)</script>")
    shown = client.get("/dev-mail/").content.decode()
    assert "<script>alert" not in shown
    assert "<b>Aihe" not in shown


def test_no_letters_is_no_fault(folder, client: Client):
    assert client.get("/dev-mail/").status_code == 200


def test_outside_debug_mode_it_is_not_there(client: Client, rf: RequestFactory):
    assert client.get("/dev-mail/").status_code == 404
    with pytest.raises(Http404):
        development_mail(rf.get("/dev-mail/"))
