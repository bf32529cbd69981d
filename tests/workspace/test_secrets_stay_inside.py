"""What organisations and the directory's people write among themselves stays there: words are planted, pages searched.

The world has a text in every place that takes one (tests/workspace/everything.py); a few of them are public, all others
are secrets. Public surfaces are those of tests/test_secrets.py; here are also those of other people of the workspace.
"""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from directory import actions
from directory.actions.places import add_place
from directory.choices import Role
from directory.models import Service
from portal.accounts.models import User
from portal.base import languages
from tests.editing import client_of
from tests.factories.directory import ServiceFactory
from tests.search.index import everything_written, settle
from tests.test_secrets import Planted, addresses
from tests.workspace.everything import TEXTS, Everything
from tests.workspace.test_permissions import world  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db

# What everybody may read, of all that the world tells.
PUBLIC = {
    *TEXTS,
    *("place", "street", "way", "way_label", "link", "document", "long", "quality", "shut", "notice"),
    *("names", "description", "short", "contact", "contact_label"),
}
# What the directory's own people write and read; not even those it is about.
STAFF_ALONE = {
    *("case_note", "proof", "mailing", "mailing_text", "campaign", "asked", "claim", "proposal", "proposed"),
    "reader",
}
# What an owner has typed and not saved, and the address of whoever they invited: other members are not told.
OWNERS_ALONE = {"typed", "typed_title", "invited"}


class Secrets:
    """Everything, told in pairs of a bait and a secret; with what no verb of that world makes."""

    def __init__(self, world: dict[str, Any]) -> None:  # noqa: F811
        self.planted = Planted()
        self.world = everything = Everything(world, self.planted.words)
        owner, organisation = everything.owner, everything.organisation
        place = add_place(
            organisation, by=owner, name=self.told("secret_place"), street=self.told("secret_street"), is_secret=True
        )
        row = self._publish(everything.service, service_places=[{"pk": None, "place": place.pk}])
        actions.edit(row, {name: self.told(f"draft_{name}") for name in TEXTS}, by=owner, base=None)
        texts = {"summary": self.told("begun_summary"), "kind": "service", "language": "fi"}
        begun = actions.begin_service(organisation, by=owner, title=self.told("begun"), **texts)
        # The page that says "not found" repeats the address that was asked for.
        Service.objects.filter(pk=begun.pk).update(slug="piilossa-begun")
        ended, hidden = (self._lost(name) for name in ("ended", "hidden"))
        actions.end_service(ended, by=owner)
        hidden.is_hidden = True
        hidden.save()
        self.mails = self._mails()
        self.planted.services = [Service.objects.get(pk=each.pk) for each in (row, begun, ended, hidden)]
        # Only what nobody outside may read; public words would be found, as they should.
        for name in PUBLIC:
            self.planted.secrets.pop(f"syotti{name.replace('_', '')}x", None)
        settle()

    def told(self, name: str) -> str:
        return self.planted.words(name)

    def _publish(self, service: Service, **values: Any) -> Service:
        everything = self.world
        public = {name: self.told(name) for name in TEXTS}
        actions.edit(Service.objects.get(pk=service.pk), {**public, **values}, by=everything.owner, base=None)
        review = actions.submit(Service.objects.get(pk=service.pk), by=everything.owner).review
        actions.approve(review, by=everything.chief)
        return Service.objects.get(pk=service.pk)

    def _lost(self, name: str) -> Service:
        texts = {"title": self.told(name), "summary": self.told(f"{name}_summary")}
        return ServiceFactory(organisation=self.world.organisation, slug=f"piilossa-{name}", **texts)

    def _mails(self) -> set[str]:
        """Addresses of people, as secrets: of a keeper, a reader who told of a mistake, and somebody invited."""
        everything = self.world
        found = {}
        for name in ("keeper", "reader", "invited"):
            secret = self.told(f"{name}").split()[1]
            found[name] = f"{secret}@example.org"
        User.objects.filter(pk=everything.owner.pk).update(email=found["keeper"])
        report = actions.report_mistake(everything.service, message=self.told("report3"), email=found["reader"])
        everything.report = report
        actions.invite(everything.organisation, email=found["invited"], role=Role.WRITER, by=everything.owner)
        return set(found.values())

    def named(self, names: set[str]) -> set[str]:
        """The secrets of some places."""
        return {f"salaisuus{name.replace('_', '')}x" for name in names}


@pytest.fixture
def secrets(world: dict[str, Any]) -> Secrets:  # noqa: F811
    return Secrets(world)


def test_nothing_of_the_workspace_reaches_the_public(secrets: Secrets):
    planted, client = secrets.planted, Client()
    assert len(planted.secrets) > 40
    leaks, seen = {}, ""
    paths = [path for code in languages.CODES for path in addresses(planted, code) if "?q=" not in path]
    # Each bait once in the language it was written in: what one asks comes back in the box, the secret must not.
    paths += [f"{page}?q={bait}" for page in ("/fi/hae/", "/api/v1/search") for bait in planted.baits]
    paths += [f"/fi/hae/ehdotukset/?q={bait[:9]}" for bait in planted.baits]
    for path in (*dict.fromkeys(paths), "/sitemap.xml", "/robots.txt", "/api/v1/openapi.json"):
        response = client.get(path)
        text = response.content.decode()
        seen += text
        if found := planted.found_in(text) | planted.found_in(str(response.headers)):
            leaks[path] = found
    assert leaks == {}
    assert {
        name for name in ("title", "summary", "description", "notice", "names") if f"salaisuus{name}x" not in seen
    } == set()
    assert planted.found_in(everything_written()) == set()


def test_nothing_reaches_people_of_other_houses_and_areas(secrets: Secrets):
    everything, leaks = secrets.world, {}
    paths = everything.paths()
    by_link = {"answer", "answer_one", "answer_new_link", "invitation"}
    people = {sign: everything.people[sign] for sign in "xy"}
    people["newcomer"] = User.objects.create_user("uusi.ihminen@example.org")
    for sign, person in people.items():
        client, own = client_of(person), secrets.named({f"name{sign}", f"last{sign}"})
        for name, path in paths.items():
            if name not in by_link:
                response = client.get(path)
                if found := secrets.planted.found_in(response.content.decode()) - own:
                    leaks[sign, path] = found
    assert leaks == {}


@pytest.mark.parametrize(("sign", "kept"), [("o", STAFF_ALONE), ("w", STAFF_ALONE | OWNERS_ALONE)])
def test_members_read_what_is_theirs_and_no_more(secrets: Secrets, sign: str, kept: set[str]):
    everything, wrong, seen = secrets.world, {}, set()
    client, forbidden = client_of(everything.people[sign]), secrets.named(kept)
    for name, path in everything.paths().items():
        if name in ("answer", "answer_one", "invitation"):
            continue
        found = secrets.planted.found_in(client.get(path).content.decode())
        seen |= found
        if found & forbidden:
            wrong[path] = found & forbidden
    assert wrong == {}
    assert seen >= secrets.named({"draft_title", "sent_back", "report", "begun"})


def test_the_directorys_people_see_what_they_need(secrets: Secrets):
    """Without this the tests above could pass with pages that show nothing to anybody."""
    client, seen = client_of(secrets.world.chief), set()
    for path in secrets.world.paths().values():
        seen |= secrets.planted.found_in(client.get(path).content.decode())
    assert seen >= secrets.named(
        {*STAFF_ALONE - {"campaign_words"}, "draft_title", "report", "refused", "secret_street"}
    )


def test_nothing_reaches_the_log(secrets: Secrets, caplog: pytest.LogCaptureFixture):
    everything, planted = secrets.world, secrets.planted
    caplog.set_level(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("django", "django.request", "django.server")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    try:
        for who in (everything.owner, everything.people["x"], everything.chief, None):
            client = client_of(who) if who else Client()
            for path in everything.paths().values():
                client.get(path)
            # What is typed and refused, and what is typed and taken.
            for name in ("organisation_edit", "invite", "service_step", "service_autosave", "claim_decision"):
                words = planted.words("typed")
                client.post(
                    everything.path(name), {"title": words, "email": words, "names_fi": words, "website": words}
                )
            with translation.override("fi"):
                report = reverse("directory:report", args=[everything.service.slug])
            client.post(report, {"message": planted.words("report"), "email": planted.words("reader")})
    finally:
        for logger in loggers:
            logger.removeHandler(caplog.handler)
    assert "Not Found" in caplog.text
    assert planted.found_in(caplog.text) == set()
    assert {mail for mail in secrets.mails if mail in caplog.text} == set()
