"""Real answers of PTV, which lie outside the repository: all of them come in, once, and open."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from directory.models import Organisation, Place, Service
from tests.directory.exchange.conftest import counts

SHARED = Path(os.environ.get("SHARED_DIR") or Path(settings.BASE_DIR).parent / "shared")
FOLDER = SHARED / "data" / "ptv"

pytestmark = [
    pytest.mark.skipif(
        not (FOLDER / "services").is_dir(),
        reason="the real PTV answers are not on this machine: SHARED_DIR names the folder that holds data/ptv",
    ),
    pytest.mark.django_db,
    pytest.mark.usefixtures("vocabulary"),
]


def answers(folder: str) -> list[dict[str, Any]]:
    """The JSON files of a folder."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted((FOLDER / folder).glob("*.json"))]


def test_all_come_in_open_and_stay(run: Callable[..., str]) -> None:
    printed = run(FOLDER)
    services = answers("services")
    assert counts(printed, "service") == {"create": 30, "change": 0, "leave": 0, "withdraw": 0, "fail": 0}
    assert counts(printed, "organisation")["create"] == 3
    assert counts(printed, "all")["fail"] == 0
    assert {str(key) for key in Service.objects.public().values_list("translation_key", flat=True)} == {
        each["id"] for each in services
    }
    assert not Service.objects.filter(checked_on__isnull=False).exists()
    assert Organisation.objects.public().count() == 3
    assert not Place.objects.filter(latitude__lt=59).exists()

    channels = {each["id"]: each for each in answers("servicechannels")}
    client = Client(headers={"host": "localhost"})
    for each in services:
        rows = Service.objects.public().of_keys([each["id"]])
        told = {name["language"] for name in each["serviceNames"] if name["type"] == "Name"}
        assert {row.language for row in rows} == told
        joined = [channels[link["serviceChannel"]["id"]] for link in each["serviceChannels"]]
        for row in rows:
            check_parts(row, joined)
            response = client.get(f"/{row.language}/palvelut/{row.slug}/")
            assert response.status_code == 200
            page = response.content.decode()
            assert all(place.street in page for place in row.public_places)

    again = run(FOLDER)
    assert counts(again, "all") == {"create": 0, "change": 0, "leave": 45, "withdraw": 0, "fail": 0}


def check_parts(row: Service, channels: list[dict[str, Any]]) -> None:
    """Every place, number and e-mail of the channels is on the row, and nothing of the API's own templates."""
    places = {link.place.source_id.partition("/")[0] for link in row.service_places.all()}
    assert places == {each["id"] for each in channels if each["serviceChannelType"] == "ServiceLocation"}
    values = {way.value for way in row.public_contact_ways}
    for channel in channels:
        for phone in [*channel.get("phoneNumbers", []), *channel.get("supportPhones", [])]:
            if phone.get("number") and phone.get("type") != "Fax":
                assert any(value.endswith(phone["number"]) for value in values)
        for email in [*channel.get("emails", []), *channel.get("supportEmails", [])]:
            assert not email["value"] or email["value"] in values
        if channel["serviceHours"] and any(hours["openingHour"] for hours in channel["serviceHours"]):
            assert any(way.hours for way in row.public_contact_ways)
    assert not any("example.com" in value or "123456789" in value or "345 6789" in value for value in values)
