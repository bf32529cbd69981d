"""A world for tests of what people write: a text in every place that takes one, and every address that could show it.

Made of the world of the permissions' tests, so that whoever adds a door there adds it here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from directory import actions, shortlist
from directory.actions.places import add_place
from directory.choices import Role
from directory.keeping import keep_fresh
from directory.models import Campaign, Case, Claim, Notice, Organisation, Place, Review, Service
from directory.selection import Selection
from portal.accounts.models import User
from portal.post.models import BouncedAddress
from portal.workspace.answering.links import token_of
from portal.workspace.arriving.links import token_of as invitation_token
from tests.editing import url_of
from tests.factories.content import HomePageFactory
from tests.workspace.form_pages import STEPS
from tests.workspace.form_pages import address as step_address
from tests.workspace.test_permissions import address, names

TEXTS = [
    *("title", "summary", "for_whom", "eligibility", "how_to_join", "charge_note", "how_to_refer", "description"),
    *("practical_notes", "keywords", "capacity_note"),
]


class Everything:
    """The world of the permissions' tests with a text in every place that takes one, by the verbs that people use.

    told: a place's name → what is written there.
    """

    def __init__(self, world: dict[str, Any], told: Callable[[str], str]) -> None:
        HomePageFactory()
        self.world, self.people, self.told = world, world["people"], told
        self.chief, self.owner = self.people["A"], self.people["o"]
        self.organisation, self.service = world["organisation"], world["service"]
        for sign, person in self.people.items():
            User.objects.filter(pk=person.pk).update(
                first_name=self.told("name" + sign), last_name=self.told("last" + sign)
            )
        self._services()
        self._people()
        self._staff()
        long_ago = timezone.localdate() - timezone.timedelta(days=400)
        Service.objects.of_keys([self.service.uuid, world["twin"].uuid]).update(checked_on=long_ago)
        keep_fresh(timezone.now())
        self.notice = Notice.objects.filter(user=self.owner).latest("pk")

    def _services(self) -> None:
        actions.send_back(self.world["review"], by=self.chief, reason="other", words=self.told("sent_back"))
        place = add_place(self.organisation, by=self.owner, name=self.told("place"), street=self.told("street"))
        parts = {
            "contact_ways": [{"pk": None, "kind": "other", "value": self.told("way"), "label": self.told("way_label")}],
            "links": [{"pk": None, "label": self.told("link"), "url": "https://example.org/"}],
            "required_documents": [{"pk": None, "name": self.told("document"), "url": ""}],
            "service_places": [{"pk": None, "place": place.pk}],
            "long_description": [{"pk": None, "content": self.told("long"), "quality": self.told("quality")}],
            "opening_exceptions": [
                {
                    "pk": None,
                    "date_from": "2031-01-01",
                    "date_to": "2031-01-02",
                    "is_closed": True,
                    "note": self.told("shut"),
                }
            ],
        }
        values = {name: self.told(name) for name in TEXTS} | parts
        service = Service.objects.get(pk=self.service.pk)
        actions.edit(service, values, by=self.owner, base=None)
        sent = actions.submit(
            Service.objects.get(pk=service.pk), by=self.owner, note=self.told("sent"), is_checked=True
        )
        actions.approve(sent.review, by=self.chief)
        service = Service.objects.get(pk=service.pk)
        until = (timezone.localdate() + timezone.timedelta(days=20)).isoformat()
        actions.change_at_once(service, {"notice": self.told("notice"), "notice_until": until}, by=self.owner)
        changed = {name: self.told("draft_" + name) for name in TEXTS} | {"links": []}
        actions.edit(Service.objects.get(pk=service.pk), changed, by=self.people["w"], base=None)
        newer = actions.submit(Service.objects.get(pk=service.pk), by=self.people["w"], note=self.told("note"))
        self.world["review"] = newer.review
        facts = {name: {"fi": self.told(name)} for name in ("names", "description")} | {
            "short_name": self.told("short")
        }
        contacts = [{"pk": None, "kind": "other", "value": self.told("contact"), "label": self.told("contact_label")}]
        for more in ({}, {"short_name": self.told("shorter")}):
            body = Organisation.objects.get(pk=self.organisation.pk)
            actions.edit(body, {**facts, "contacts": contacts, **more}, by=self.owner, base=None)
            sent = actions.submit(Organisation.objects.get(pk=body.pk), by=self.owner, note=self.told("of_body"))
            if not more:
                actions.approve(sent.review, by=self.chief)
        self.service, self.organisation = Service.objects.get(pk=service.pk), Organisation.objects.get(pk=body.pk)
        kept = {"for_whom": [self.told("typed")], "title": [self.told("typed_title")]}
        actions.keep_input(by=self.owner, organisation=self.organisation, service=self.service, step="whom", data=kept)

    def _people(self) -> None:
        stranger, town = self.people["s"], self.organisation.home_municipality
        Claim.objects.filter(user=stranger).update(message=self.told("claim"))
        self.proposed = actions.propose_organisation(
            stranger, name=self.told("proposed"), sector="association", municipality=town, message=self.told("proposal")
        )
        for number, decide in enumerate(("approve", "refuse")):
            person = User.objects.create_user(f"pyytaja{number}@example.org", first_name=self.told("asker"))
            claim = actions.claim_organisation(person, self.organisation, message=self.told("asked"))
            if decide == "approve":
                actions.approve_claim(
                    claim,
                    by=self.chief,
                    proof="call",
                    proof_note=self.told("proof"),
                    role="writer",
                    words=self.told("welcome"),
                )
            else:
                actions.refuse_claim(claim, by=self.chief, words=self.told("refused"))
            self.decided = claim
        self.invitation = actions.invite(
            self.organisation, email="kutsuttu@example.org", role=Role.WRITER, by=self.owner
        )

    def _staff(self) -> None:
        self.report = actions.report_mistake(self.service, message=self.told("report"), email="lukija@example.org")
        answered = actions.report_mistake(self.service, message=self.told("report2"), email="lukija2@example.org")
        actions.answer_report(answered, by=self.owner, answer=self.told("answer"))
        for case in Case.objects.all():
            actions.write_note(case, text=self.told("case_note"), by=self.chief)
        keys = [self.service.translation_key, self.world["twin"].translation_key]
        for other in Campaign.objects.all():
            # A letter speaks of one campaign.
            actions.end_campaign(other, by=self.chief)
        self.campaign = actions.start_campaign(
            title=self.told("campaign"),
            message=self.told("campaign_words"),
            keys=keys,
            due_on=timezone.localdate() + timezone.timedelta(days=500),
            by=self.chief,
        )
        self.mailing = actions.write_mailing(
            title=self.told("mailing"), text=self.told("mailing_text"), selection=Selection(), by=self.chief
        )
        self.bounced = BouncedAddress.objects.create(email="palannut@example.org", bounced_at=timezone.now())

    # --- addresses ---
    def path(self, name: str) -> str:
        """The address of a page of the workspace, with the numbers of this world."""
        item = self.notice.items.first()
        by_pk = {
            **dict.fromkeys(("campaign", "campaign_end"), self.campaign.pk),
            **{name: self.mailing.pk for name in names() if name.startswith("mailing_") and name != "mailing_new"},
            "trust_address": self.bounced.pk,
            "claim_state": self.decided.pk,
        }
        token = {"token": token_of(self.notice)}
        more = {
            "answer": token,
            "answer_new_link": token,
            "answer_one": {**token, "pk": item.pk, "answer": "still_right"},
            "invitation": {"token": invitation_token(self.invitation)},
            "run": {"name": "keep_fresh"},
            **{each: {"pk": pk} for each, pk in by_pk.items()},
        }
        if name not in more:
            return address(name, self.world)
        with translation.override("fi"):
            return reverse(f"workspace:{name}", kwargs=more[name])

    def paths(self) -> dict[str, str]:
        """Every address of the workspace, and what has several faces with each of them."""
        found = {name: self.path(name) for name in sorted(names())}
        found |= {f"step {step}": step_address(self.service, step) for step in STEPS}
        cases = Case.objects.values_list("pk", flat=True)
        with translation.override("fi"):
            found |= {f"case {pk}": reverse("workspace:case", args=[pk]) for pk in cases}
            found |= {f"claim {pk}": reverse("workspace:claim_decision", args=[pk]) for pk in _numbers(Claim)}
            found |= {f"review {pk}": reverse("workspace:review", args=[pk]) for pk in _numbers(Review)}
        found |= {f"quick {what}": f"{self.path('quick')}?what={what}" for what in ("full", "closed", "notice")}
        found["found"] = f"{self.path('arrive')}?q=1"
        return found

    def public(self) -> Iterator[str]:
        """Public pages that show the service or the organisation."""
        with translation.override("fi"):
            for page in ("service", "report", "report_sent"):
                yield reverse(f"directory:{page}", args=[self.service.slug])
            yield reverse("directory:organisation", args=[self.organisation.slug])
            yield reverse("directory:shared_list", args=[shortlist.pack([self.service.uuid])])
            yield reverse("accounts:home")
        yield from ("/fi/", "/fi/hae/", "/fi/hae/?q=xss", "/fi/hae/ehdotukset/?q=xss", "/api/v1/search")

    def admin(self) -> Iterator[str]:
        """Pages of the admin that show what was written here."""
        yield "/admin/"
        for thing in (self.service, self.organisation, Place.objects.latest("pk")):
            yield from (url_of(thing, view) for view in ("edit", "history", "usage"))
            yield url_of(type(thing), "list")
        yield from (reverse("wagtailusers_users:index"), reverse("wagtailusers_users:edit", args=[self.owner.pk]))
        yield reverse("wagtailadmin_reports:site_history")


def _numbers(model: Any) -> list[int]:
    return list(model.objects.values_list("pk", flat=True))
