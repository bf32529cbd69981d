"""The form of a service as a table: its steps, what each asks, and why. No requests, no database, no HTML.

A new question is a line here: its field of the form is made of the model's (fields).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

SEND = "send"
FIRST = "basics"


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a service as it is asked. `rows`: the height of the box; 0 leaves it to the kind of field."""

    field: str
    label: "Words"
    why: "Words" = ""
    example: "Words" = ""
    is_required: bool = False
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading, or one of the service's parts (contact ways, hours …)."""

    questions: tuple[Question, ...] = ()
    heading: "Words" = ""
    why: "Words" = ""
    part: str = ""
    # Seldom needed: waits closed until something is in it.
    is_folded: bool = False
    # Asked of events and courses alone.
    is_of_dated: bool = False

    @property
    def code(self) -> str:
        """Names the group in the page's addresses."""
        return self.part or self.questions[0].field


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form: one topic. `address` stands in its URL."""

    code: str
    address: str
    label: "Words"
    lead: "Words"
    groups: tuple[Group, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of the step, in order."""
        return tuple(question for group in self.groups for question in group.questions)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a service that the step asks."""
        return tuple(group.part for group in self.groups if group.part)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a service that the step writes."""
        return (*(question.field for question in self.questions), *self.parts)


def _basics() -> Iterator[Group]:
    yield Group(
        (
            Question(
                "title",
                _("What is it called?"),
                _("The name people know it by. No need to repeat the name of your organisation."),
                _("Open living room, Coffee and company"),
                is_required=True,
            ),
            Question(
                "summary",
                _("In one sentence: what is it, and for whom?"),
                _("This is read first, in lists too. Most people decide by it."),
                _("A group for those who have lost someone close: coffee, talk and being listened to."),
                is_required=True,
                rows=3,
            ),
            Question(
                "kind",
                _("What kind of thing is it?"),
                _("Events and courses leave the directory by themselves when they are over."),
                is_required=True,
            ),
        )
    )


def _whom() -> Iterator[Group]:
    yield Group(
        (
            Question(
                "for_whom",
                _("For whom is it?"),
                _("Tell it so that a person knows: this is for me."),
                _("For you who care for a family member at home and have little time of your own."),
                rows=4,
            ),
            Question(
                "topics",
                _("What is it about?"),
                _("People find you by these. Choose two or three that fit best."),
            ),
            Question("target_groups", _("Is it for certain people?"), _("Choose none if it is for everybody.")),
            Question("age_min", _("Youngest age, if there is one"), _("In years.")),
            Question("age_max", _("Oldest age, if there is one"), _("In years.")),
            Question(
                "eligibility",
                _("Are there conditions?"),
                _("Such as membership, or living in a certain town. Leave empty if there are none."),
                rows=3,
            ),
        )
    )


def _joining() -> Iterator[Group]:
    yield Group(
        (
            Question(
                "how_to_join",
                _("What does one do first?"),
                _("Coming for the first time is the hardest. Tell step by step, and who meets one."),
                _("Just come in, the door is open. A volunteer meets you and shows you round."),
                rows=4,
            ),
            Question("needs_no_appointment", _("One can come without an appointment")),
        )
    )
    yield Group(
        heading=_("Contact ways"),
        why=_("Give at least one, if one cannot simply walk in. A number that answers is worth more than many."),
        part="contact_ways",
    )
    yield Group(
        (
            Question("charge", _("Does it cost something?"), _("Many leave at once if the price is not told.")),
            Question(
                "charge_note", _("More about the price"), example=_("The trip costs 10 €, coffee is free."), rows=2
            ),
            Question("payment", _("Can a public body pay?")),
        ),
        heading=_("Price"),
    )


def _where() -> Iterator[Group]:
    yield Group(
        (
            Question("starts_at", _("When does it start?")),
            Question("ends_at", _("When does it end?"), _("After this it leaves the directory by itself.")),
            Question("enrol_by", _("Last day to enrol")),
        ),
        heading=_("Days"),
        is_of_dated=True,
    )
    yield Group((Question("channels", _("How can one take part?"), _("Choose all that fit.")),))
    yield Group(
        heading=_("Places"),
        why=_("Choose where it happens. A place is told once and can be used for all your services."),
        part="service_places",
    )
    yield Group(
        heading=_("Opening hours"),
        why=_("From these the page can say: open now. Days with the same hours go on one row."),
        part="opening_hours",
    )
    yield Group(
        heading=_("Days with other hours"),
        why=_("Holidays and other exceptions. They go away by themselves when they are past."),
        part="opening_exceptions",
        is_folded=True,
    )
    yield Group(
        (
            Question("is_nationwide", _("It is for the whole country")),
            Question(
                "municipalities",
                _("For people of which towns?"),
                _("Choose none if it is for everybody, or if the place tells enough."),
            ),
        ),
        heading=_("Area"),
    )
    yield Group(
        (Question("counties", _("For people of which wellbeing services counties?")),),
        heading=_("Whole wellbeing services counties"),
        is_folded=True,
    )


def _workers() -> Iterator[Group]:
    yield Group(
        (
            Question("referral", _("Does one need a referral?")),
            Question(
                "how_to_refer",
                _("How does a worker guide a client to you?"),
                _("Whom to call, what to tell, and may one come along the first time."),
                _("Call the group's leader together with the client. You may come along the first time."),
                rows=4,
            ),
            Question("is_anonymous", _("One can come without giving a name")),
            Question("is_outreach", _("You go to where people are")),
            Question("is_outside_office_hours", _("Open in the evening or at weekends")),
            Question("has_interpreter", _("An interpreter can be had")),
        ),
        heading=_("Workers choose by these"),
    )
    yield Group(
        (
            Question("capacity", _("Are you taking people now?")),
            Question("capacity_until", _("Until when does this hold?"), _("After this day it is no longer shown.")),
            Question("capacity_note", _("More about free places"), example=_("The next group begins in January.")),
        ),
        heading=_("Is there room?"),
    )
    yield Group(
        (
            Question(
                "stages",
                _("On which stages of the service path does it help?"),
                _("The path is how workers look for what fits. Choose those you are sure of."),
            ),
        ),
        heading=_("On the service path"),
    )
    yield Group(
        (
            Question("grouping", _("Alone or in a group?")),
            Question("meets", _("Whom does one meet?")),
            Question("need_tiers", _("How much support does it give?")),
            Question("guidance_levels", _("Levels of guidance")),
            Question("production", _("Whose activity is it?")),
        ),
        heading=_("More for workers"),
        is_folded=True,
    )


def _more() -> Iterator[Group]:
    yield Group(
        (
            Question(
                "description",
                _("Tell more"),
                _("What happens there, and what is it like to come? This is read by those who are already interested."),
                rows=8,
            ),
            Question(
                "practical_notes",
                _("Good to know before coming"),
                example=_("Ring the bell at the back door. Take indoor shoes with you."),
                rows=3,
            ),
            Question("languages", _("In which languages do you serve?")),
            Question("accessibility", _("Who gets in easily?"), _("Choose only what is surely so.")),
        )
    )
    yield Group(
        heading=_("Links"), why=_("Pages that tell more, or a form to enrol with."), part="links", is_folded=True
    )
    yield Group(
        heading=_("What one must bring or fill in"),
        part="required_documents",
        is_folded=True,
    )
    yield Group(
        (
            Question(
                "keywords",
                _("Other words people use"),
                _("Words they might type when they look for this. One on each line."),
                rows=4,
            ),
        ),
        heading=_("Words to be found by"),
        is_folded=True,
    )


STEPS: tuple[Step, ...] = (
    Step(
        FIRST,
        "perustiedot",
        _("What is it?"),
        _("The name, one sentence and the kind: these make a draft."),
        (*_basics(),),
    ),
    Step("whom", "kenelle", _("For whom?"), _("So that the right people find you."), (*_whom(),)),
    Step(
        "joining",
        "mukaan",
        _("How does one join?"),
        _("What to do first, how to reach you, and what it costs."),
        (*_joining(),),
    ),
    Step(
        "where",
        "paikat-ja-ajat",
        _("Where and when?"),
        _("Places, hours and the area. Fill in what fits."),
        (*_where(),),
    ),
    Step(
        "workers",
        "ammattilaisille",
        _("For workers who guide people to you"),
        _("Workers compare services by these. All of it can be left empty."),
        (*_workers(),),
    ),
    Step(
        "more",
        "lisatiedot",
        _("Good to know"),
        _("Offered to those who want to know more. All of it can be left empty."),
        (*_more(),),
    ),
    Step(
        "long",
        "pitka-kuvaus",
        _("Long description"),
        _("The 17 headings of the service-description form. Nobody has to fill these in: skip this if you wish."),
        (Group(part="long_description"),),
    ),
    Step(SEND, "tarkista-ja-laheta", _("Check and send"), _("Look it through. You can still change everything.")),
)

BY_CODE: dict[str, Step] = {step.code: step for step in STEPS}
BY_ADDRESS: dict[str, Step] = {step.address: step for step in STEPS}
_STEP_OF: dict[str, str] = {field: step.code for step in STEPS for field in step.fields}


def step_of(field: str) -> str:
    """The code of the step that asks a field of a service; the first one for what no step asks."""
    return _STEP_OF.get(field, FIRST)


def number_of(code: str) -> int:
    """A step's number, from 1."""
    return [step.code for step in STEPS].index(code) + 1


def after(code: str) -> Step | None:
    """The step that follows, or None."""
    number = number_of(code)
    return STEPS[number] if number < len(STEPS) else None


def before(code: str) -> Step | None:
    """The step that goes before, or None."""
    number = number_of(code)
    return STEPS[number - 2] if number > 1 else None
