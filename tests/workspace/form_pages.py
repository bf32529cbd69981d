"""What a browser would send back from a page of the step form: every field as it stands, for tests to change some."""

from typing import Any

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from directory.models import Organisation, Service

STEPS = ("perustiedot", "kenelle", "mukaan", "paikat-ja-ajat", "ammattilaisille", "lisatiedot", "pitka-kuvaus")
SEND = "tarkista-ja-laheta"


def address(service: Service, step: str) -> str:
    """The address of a step."""
    return f"/fi/tyotila/palvelu/{service.translation_key}/{service.language}/muokkaa/{step}/"


def new_address(organisation: Organisation) -> str:
    """Where a new service begins."""
    return f"/fi/tyotila/organisaatio/{organisation.slug}/uusi-palvelu/"


def filled(response: HttpResponse) -> dict[str, list[str]]:
    """The fields of the page's form as a browser would send them, without buttons."""
    forms = BeautifulSoup(response.content, "html.parser").main.find_all("form", method="post")
    form = max(forms, key=lambda each: len(str(each)))
    for template in form.find_all("template"):
        template.decompose()
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.name == "textarea":
            # Browsers drop the line break that Django writes before the text, and send theirs.
            values = [field.get_text().removeprefix("\n").replace("\n", "\r\n")]
        elif field.name == "select":
            options = field.find_all("option")
            values = [(field.find("option", selected=True) or options[0]).get("value", "")]
        elif kind in ("checkbox", "radio"):
            values = [field.get("value", "on")] if field.get("checked") is not None else []
        else:
            values = [field.get("value", "")]
        if values:
            data.setdefault(name, []).extend(values)
    return data


def words_of(response: HttpResponse) -> str:
    """The page's words, spaces made single."""
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def save(client: Client, service: Service, step: str, changes: dict[str, Any], do: str = "continue") -> HttpResponse:
    """Open a step, change some fields (None: leaves one out), press a button."""
    data = {**filled(client.get(address(service, step))), **changes, "do": do}
    return client.post(address(service, step), {name: value for name, value in data.items() if value is not None})


def fresh(service: Service) -> Service:
    """The row as the database has it now."""
    return Service.objects.select_related("latest_revision", "locale", "organisation").get(pk=service.pk)


def draft(service: Service) -> dict[str, Any]:
    """The content of the newest version."""
    return fresh(service).latest_revision.content
