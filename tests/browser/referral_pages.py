"""Every page of referrals, each in the states that look different, for the tests that look at all of them.

A `Room` makes what there is to see and leads a browser through it, one page after another.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import Page, expect

from directory.choices import Referral as ReferralUse
from directory.choices import Role, Stage
from directory.models import Membership, Service
from portal.accounts.models import User
from referrals import actions, links
from referrals.access import remember_link, remember_own
from referrals.actors import PERSON
from referrals.choices import Act, DeclineReason, Good, PhoneRead, State, Support
from referrals.figures import telling
from referrals.figures.quarters import told_quarters
from referrals.models import Controller, Enquiry, Link, Referral, Team
from referrals.sample import write_sample_tallies
from tests.browser.addresses import url, word
from tests.browser.referring import askable, press, tell
from tests.factories import referrals as make
from tests.factories.directory import OrganisationFactory

# A name and how a browser comes there.
Look = tuple[str, Callable[[Page], None]]
# Addresses that show no page of their own: they do something, or answer with a file, and lead on.
LEAD_ON = {
    *("take_over", "own_rate", "own_leave", "own_exit", "member_decide", "member_role", "member_end", "figures_csv"),
}
PASSED = {"hata": "ei", "lakisaateinen": "ei", "tietaa": "kylla", "suostumus": "spoken"}
LONG_WORDS = "Kokoonnumme keskiviikkoisin. Sopiiko aamu, ja tarvitaanko tulkki?"


def names() -> set[str]:
    """The name of every address of the room."""
    namespace = get_resolver().namespace_dict
    return {key for key in namespace["referrals"][1].reverse_dict if isinstance(key, str)}


class Room:
    """Everything there is to see, in one language, for one browser. site: where it is."""

    def __init__(self, language: str, page: Page, site: str) -> None:
        self.language, self.context, self.site = language, page.context, site
        make.switch_on()
        # One person who is everything: worker, keeper of an organisation, administrator.
        self.user = User.objects.create_superuser("kaikki@example.org", first_name="Kaisa", last_name="Kaikki")
        self.team = Team.objects.get(pk=make.team(lead=self.user).pk)
        self.services = askable(6)
        Membership.objects.create(organisation=self.services[5].organisation, user=self.user, role=Role.OWNER)

    # --- What there is ------------------------------------------------------------------------------------------------
    def url(self, name: str, query: object = None, **values: object) -> str:
        """The path of a page of this room."""
        path = url(f"referrals:{name}", self.language, **values)
        return f"{path}?{urlencode(query, doseq=True)}" if query else path

    def word(self, message: str, *, context: str = "") -> str:
        """What the interface says."""
        return word(message, self.language, context=context)

    def send(self, *services: Service, **details: object) -> actions.Sent:
        """A referral of the team."""
        return make.sent(*services, by=self.user, to_team=self.team, details=make.details(**details))

    def answer(self, referral: Referral, service: Service, what: Act, **values: object) -> None:
        """Something that an organisation does."""
        enquiry = referral.enquiries.get(service_key=service.translation_key)
        actions.act(enquiry, what, by=make.organisation_of(enquiry), version=enquiry.version, **values)

    def in_every_state(self) -> actions.Sent:
        """A referral to five: asked, suggested, accepted, come and told how it was, declined."""
        asked, suggested, accepted, come, declined = self.services[:5]
        sent = self.send(asked, suggested, accepted, come, declined, phone_read=PhoneRead.YES, support=("met_at_door",))
        meeting = timezone.now() + datetime.timedelta(days=5)
        self.answer(sent.referral, asked, Act.ASK, words=LONG_WORDS)
        self.answer(sent.referral, suggested, Act.SUGGEST, meeting_at=meeting, words=LONG_WORDS)
        self.answer(sent.referral, accepted, Act.ACCEPT, meeting_at=meeting, words=LONG_WORDS)
        self.answer(sent.referral, come, Act.ACCEPT)
        self.answer(sent.referral, come, Act.TELL_CAME)
        self.answer(sent.referral, declined, Act.DECLINE, reason=DeclineReason.TIMES_DO_NOT_SUIT, words=LONG_WORDS)
        actions.rate(sent.referral.enquiries.get(state=State.ARRIVED), good=Good.PARTLY)
        return sent

    def carry(self, *, opened: Sequence[Link] = (), own: Referral | None = None, user: User | None = None) -> None:
        """Give the browser a session: signed in, links opened, the person's own view open."""
        client = Client()
        if user is not None:
            client.force_login(user)
        request = RequestFactory().get("/")
        request.session = client.session
        for link in opened:
            remember_link(request, link)
        if own is not None:
            remember_own(request, own)
        request.session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": request.session.session_key, "url": self.site}
        self.context.add_cookies([cookie])

    def at(self, name: str, query: object = None, **values: object) -> Callable[[Page], None]:
        """Comes to a page by its address."""
        path = self.url(name, query, **values)
        return lambda page: page.goto(path)

    # --- The looks ----------------------------------------------------------------------------------------------------
    def looks(self) -> Iterator[Look]:
        """Every page, in turn: what one look does, the next may rely on."""
        sent = self.in_every_state()
        yield from self.worker(sent)
        yield from self.organisation(sent)
        yield from self.person(sent)
        yield from self.asking()
        yield from self.teams()
        yield from self.administrators()
        Controller.objects.update(is_on=False)
        yield "not in use", self.at("new")

    def worker(self, sent: actions.Sent) -> Iterator[Look]:
        """The list, the way to sending, one referral, its papers."""
        referral = sent.referral
        self.carry(user=self.user)
        keys = [each.translation_key for each in self.services]
        unaskable = Service.objects.public().exclude(referral__in=[ReferralUse.ALLOWED, ReferralUse.NEEDED]).first()
        collected = {"ehdolla": [*keys, unaskable.translation_key], "vaihe": "1"}
        chosen = {"palvelu": keys[:2], "vaihe": "1"}
        yield "list", self.at("home")
        yield "list, ended", self.at("home", {"nayta": "paattyneet"})
        yield "new, nothing collected", self.at("new")
        yield "new, nothing chosen", self.at("new", {**collected, "jatka": 1})
        yield "new, stage 2", self.at("new", {**collected, "vaihe": "2"})
        for gate, query in (
            ("hata", {}),
            ("hata", {"jatka": 1}),
            ("hata", {"hata": "kylla", "jatka": 1}),
            ("lakisaateinen", {"hata": "ei", "jatka": 1}),
            ("lakisaateinen", {"hata": "ei", "lakisaateinen": "kylla", "jatka": 1, "vahvista": 1}),
            ("suostumus", {"hata": "ei", "lakisaateinen": "ei", "jatka": 1}),
        ):
            yield f"gate {gate} {query}", self.at("new_step", {**chosen, **query}, step=gate)
        meeting = {**chosen, **PASSED, "vaihe": "3", "tarkoitus": "joint_meeting"}
        yield "form of a joint meeting, with errors", self.form_with_errors(meeting)
        yield "form with errors", self.form_with_errors(chosen)
        yield "check", self.check
        yield "referral", self.at("referral", uuid=referral.uuid)
        yield "referral, answered without words", self.answer_nothing
        for name in ("withdraw", "new_code", "plan", "log"):
            yield name, self.at(name, uuid=referral.uuid)
        for kind in ("kaikki", "varovainen"):
            yield f"paper, {kind}", self.at("paper", {"paperi": kind}, uuid=referral.uuid)
        actions.withdraw_consent((gone := self.send(self.services[0]).referral), by=make.sender_of(referral))
        yield "referral, withdrawn", self.at("referral", uuid=gone.uuid)
        one = self.send(self.services[0]).referral
        yield "further organisations", self.at("more", {"ehdolla": keys}, uuid=one.uuid)
        yield "further organisations, nothing chosen", self.press_only("Send to these too")

    def form_with_errors(self, chosen: dict[str, object]) -> Callable[[Page], None]:
        """Sent on with an identity code and words of health."""

        def come(page: Page) -> None:
            page.goto(self.url("new_step", {**chosen, **PASSED}, step="tiedot"))
            page.locator("#id_hope").fill("Masennus, 131052-308T")
            for day in page.locator("#id_meeting_day").all():
                day.fill("2020-01-01")
            self.press_only("Check before sending")(page)

        return come

    def check(self, page: Page) -> None:
        """From the form with its errors, mended."""
        tell(page, self.language)
        press(page, "Check before sending", self.language)
        expect(page.locator(".person__summary")).to_be_visible()

    def answer_nothing(self, page: Page) -> None:
        """An answer without words to an organisation's question."""
        page.locator("form.act:has([name=act][value=answer]) button").click()
        expect(page.locator(".error-summary")).to_be_visible()

    def press_only(self, button: str) -> Callable[[Page], None]:
        """Nothing filled in, only sent on."""

        def come(page: Page) -> None:
            press(page, button, self.language)
            expect(page.locator(".error-summary")).to_be_visible()

        return come

    def organisation(self, sent: actions.Sent) -> Iterator[Look]:
        """The letter's link, the enquiry in its states, the inbox."""
        support = (Support.MET_AT_DOOR.value, Support.REMINDER.value)
        fresh = self.send(
            self.services[5],
            phone_read=PhoneRead.YES,
            support=support,
            support_note="Tulen bussilla.",
            best_time="Aamulla",
        ).referral.enquiries.get()
        link = Link.objects.get(enquiry=fresh)
        used = Link.objects.get(enquiry=self.send(self.services[5]).referral.enquiries.get())
        Link.objects.filter(pk=used.pk).update(used_at=timezone.now())
        withdrawn = self.send(self.services[5]).referral
        gone = withdrawn.enquiries.get()
        old = Link.objects.filter(enquiry=gone).first()
        actions.withdraw_consent(withdrawn, by=make.sender_of(withdrawn))

        self.carry()
        address = {"avain": links.token_of(link)}
        yield "link", self.at("link", address)
        links.new_digits_for(link, at=timezone.now())
        yield "link, code", self.at("link", address)
        yield "link, wrong code", self.wrong_code
        yield "link, used", self.at("link", {"avain": links.token_of(used)})
        yield "link, new one", lambda page: press(page, "Send a new link to the same address", self.language)
        yield "link, unknown", self.at("link", {"avain": "x"})
        yield "enquiry, not open here", self.at("enquiry", uuid=uuid4())

        opened = Link.objects.filter(enquiry__referral=sent.referral)
        self.carry(opened=[link, old, *opened])
        yield "enquiry, sent", self.at("enquiry", uuid=fresh.uuid)
        yield "enquiry, half a meeting", self.half_a_meeting
        for enquiry in sent.referral.enquiries.order_by("pk"):
            yield f"enquiry, {enquiry.state}", self.at("enquiry", uuid=enquiry.uuid)
        yield "enquiry, withdrawn", self.at("enquiry", uuid=gone.uuid)
        self.carry(user=self.user)
        yield "inbox", self.at("inbox")

    def wrong_code(self, page: Page) -> None:
        """Letters instead of digits."""
        page.locator("#digits").fill("abc")
        self.press_only("Open the message")(page)

    def half_a_meeting(self, page: Page) -> None:
        """A day without a time."""
        page.locator("form#accept input[type=date]").fill("2099-01-01")
        page.locator("form#accept button").click()
        expect(page.locator(".error-summary")).to_be_visible()

    def person(self, sent: actions.Sent) -> Iterator[Look]:
        """The door and the own view."""
        self.carry()
        yield "own, not open", self.at("own_view")
        yield "own door", self.at("own")
        yield "own door, no code", self.press_only("Open my referral")
        self.carry(own=sent.referral)
        for name in ("own_view", "own_log", "own_plan", "own_withdraw"):
            yield name, self.at(name)
        asking = make.own_sent(self.services[5], details=make.details(reach="comes", reach_value="", may_call=False))
        enquiry = asking.referral.enquiries.get()
        self.answer(asking.referral, self.services[5], Act.ASK, words=LONG_WORDS)
        self.carry(own=asking.referral)
        yield "own view, a question", self.at("own_view")
        yield "own view, answered without words", self.press_only("Send the answer")
        actions.withdraw_consent(asking.referral, by=PERSON)
        yield "own view, withdrawn", self.at("own_view")
        assert Enquiry.objects.get(pk=enquiry.pk).state == State.WITHDRAWN

    def asking(self) -> Iterator[Look]:
        """Without a worker."""
        self.carry()
        service = self.services[5]
        open_gates = self.at("self_referral", slug=service.slug)
        yield "asking, gates", open_gates
        yield "asking, unanswered", self.press_only("Go on")
        yield "asking, danger", lambda page: self.pass_own_gates(page, "yes")
        yield "asking, form", lambda page: (open_gates(page), self.pass_own_gates(page, "no"))
        yield "asking, form with errors", self.press_only("Look at it before sending")
        yield "asking, check", self.own_check
        yield "asking, sent", lambda page: press(page, "Send", self.language)
        comes = Service.objects.public().filter(referral=ReferralUse.NEEDED).first()
        yield "asking, cannot", self.at("self_referral", slug=comes.slug)

    def pass_own_gates(self, page: Page, danger: str) -> None:
        """Answer both questions."""
        page.locator(f"label:has(input[name=danger][value={danger}])").click()
        page.locator("label[for=id_agrees]").click()
        press(page, "Go on", self.language)
        expect(page.locator("input[name=danger][type=radio]")).to_have_count(0)

    def own_check(self, page: Page) -> None:
        """The form filled in."""
        tell(page, self.language, is_own=True)
        press(page, "Look at it before sending", self.language)
        expect(page.locator(".person__summary")).to_be_visible()

    def teams(self) -> Iterator[Look]:
        """Teams, from asking for one to closing it."""
        other, organisation = make.team(name="Nuorten palvelut"), OrganisationFactory(names={"fi": "Sosiaalitoimisto"})
        actions.ask_to_join(self.team, by=make.worker(), message="Aloitin maanantaina.")
        waiting = actions.open_team(organisation, name="Palveluohjaus", by=make.worker(), message="Ohjaan kävijöitä.")
        self.carry(user=self.user)
        yield "teams", self.at("teams", {"q": str(self.services[0].organisation)})
        yield "team, new", self.at("team_new", {"organisation": organisation.slug})
        yield (
            "team, new, without a name",
            lambda page: (
                page.locator("main form .button--primary").click(),
                expect(page.locator(".error-summary")).to_be_visible(),
            ),
        )
        yield "team", self.at("team", pk=self.team.pk)
        yield "team, join", self.at("team_join", pk=other.pk)
        yield "team, close", self.at("team_close", pk=self.team.pk)
        yield "teams waiting", self.at("teams_waiting")
        yield "team, decide", self.at("team_decide", pk=waiting.pk)

    def administrators(self) -> Iterator[Look]:
        """Figures, the notice and the record."""
        yield "privacy", self.at("privacy")
        yield "record", self.at("record")
        yield "figures, none", self.at("figures")
        today = timezone.localdate()
        listings = Service.objects.public().filter(stages__contains=Stage.ONE.value).distinct()[:10]
        write_sample_tallies(list(listings), told_quarters(today, 3))
        telling.run(today)
        yield "figures", self.at("figures")
        yield "figures by organisation", self.at("figures", {"by": "reason"})
