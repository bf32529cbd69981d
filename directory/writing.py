"""Writing help: what a keeper may want to mend in a listing's texts. Rules as tables; texts and facts in, advice out.

No database, no models, no clock. A new rule is a line in RULES or MISSING; what it looks for is told in
directory.writing_finders. Fields are those of a listing; any other name is a heading of the long description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from directory import writing_finders as find
from directory.choices import Referral
from directory.writing_finders import ABOUT, FIELDS, INSTRUCTIONS, LONG, Facts, Finding, Reading
from portal.base.languages import EASY_FINNISH, FINNISH

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["MISSING", "RULES", "Advice", "Facts", "Missing", "Rule", "Severity", "advise"]

# More of the same kind in one field tells nothing new.
MOST_OF_A_RULE = 2
LONGEST_EXCERPT = 90


class Severity(StrEnum):
    """IMPORTANT: readers lose something. HINT: worth a look."""

    IMPORTANT = "important"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Advice:
    """`excerpt` is a part of the field's text as it stands there; "" when the whole text is meant, or lacking."""

    field: str
    rule: str
    severity: Severity
    message: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`languages`: in which it holds; none: in any."""

    name: str
    severity: Severity
    finds: Callable[[Reading], Iterable[Finding]]
    message: _StrPromise
    fields: tuple[str, ...] = (*FIELDS, LONG)
    languages: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule(
        "phone",
        Severity.IMPORTANT,
        find.phones,
        _("A phone number has a place of its own under “Contact ways”: there one can tap it, and you change it once."),
        (*ABOUT, *INSTRUCTIONS, LONG),
    ),
    Rule(
        "email",
        Severity.IMPORTANT,
        find.emails,
        _("An email address has a place of its own under “Contact ways”: there one can tap it."),
        (*ABOUT, *INSTRUCTIONS, LONG),
    ),
    Rule(
        "web",
        Severity.IMPORTANT,
        find.web_addresses,
        _("A web address has a place of its own under “Links”: we notice if it stops working."),
        (*ABOUT, *INSTRUCTIONS),
    ),
    Rule(
        "person",
        Severity.HINT,
        find.persons,
        _("Is “%(what)s” a person? People change: tell the role here, and put a name under “Contact ways” if needed."),
    ),
    Rule(
        "hours",
        Severity.HINT,
        find.opening_hours,
        _("Opening hours have a place of their own: from there the page can say that you are open now."),
        (*ABOUT, *INSTRUCTIONS),
    ),
    Rule(
        "long_text",
        Severity.HINT,
        find.long_text,
        _("This is long for this place. Most people read on a phone: keep it under %(most)s characters."),
    ),
    Rule(
        "long_sentence",
        Severity.IMPORTANT,
        find.long_sentences,
        _("This sentence has %(count)s words. Make two of it, one thought in each."),
    ),
    Rule(
        "long_word",
        Severity.HINT,
        find.long_words,
        _("“%(word)s” is a long word for easy Finnish. Use a shorter one, or say it in two words."),
        languages=(EASY_FINNISH,),
    ),
    Rule(
        "level_sentences",
        Severity.HINT,
        find.hard_by_sentences,
        _("Heavy to read: a sentence has %(count)s words on average. Shorter ones are easier for everybody."),
        FIELDS,
    ),
    Rule(
        "level_words",
        Severity.HINT,
        find.hard_by_words,
        _("Heavy to read: about %(share)s words in ten are long. Use the words you would use on the phone."),
        FIELDS,
    ),
    Rule(
        "passive",
        Severity.HINT,
        find.mostly_passive,
        _("“%(word)s” does not tell who does it. Speak to the reader, or say “we”."),
        ("description", "for_whom", "eligibility", *INSTRUCTIONS),
        (FINNISH, EASY_FINNISH),
    ),
    Rule(
        "abbreviation",
        Severity.HINT,
        find.abbreviations,
        _("Write “%(short)s” in full: “%(full)s”."),
    ),
    Rule(
        "short_name",
        Severity.HINT,
        find.short_names,
        _("Not everybody knows what “%(short)s” is. Write it in full the first time."),
        (*ABOUT, *INSTRUCTIONS, "notice"),
    ),
    Rule(
        "capitals",
        Severity.HINT,
        find.shouting,
        _("Capital letters are hard to read and feel like shouting. Use ordinary letters."),
    ),
    Rule(
        "soon_old",
        Severity.HINT,
        find.soon_old,
        _("“%(what)s” is soon out of date. Put what holds for a while into the notice: it goes away by itself."),
        (*ABOUT, *INSTRUCTIONS),
    ),
    Rule(
        "law",
        Severity.HINT,
        find.laws,
        _("Few readers need the law. Say what it means for them; the law itself fits in the long description."),
        (*ABOUT, "how_to_join"),
    ),
    Rule(
        "title_again",
        Severity.HINT,
        find.title_again,
        _("The name is already above this. Say at once what it is and for whom."),
        ("summary",),
    ),
    Rule(
        "empty_phrase",
        Severity.HINT,
        find.empty_phrases,
        _("What does “%(what)s” mean for the one who comes? Give an example, or leave it out."),
        (*ABOUT, "how_to_join"),
    ),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a text where the facts ask for one."""

    name: str
    field: str
    severity: Severity
    holds: Callable[[Facts], bool]
    message: _StrPromise


MISSING: tuple[Missing, ...] = (
    Missing(
        "no_how_to_join",
        "how_to_join",
        Severity.IMPORTANT,
        lambda facts: facts.has_contact_way,
        _("Tell what one does first: come in, call, or fill in a form?"),
    ),
    Missing(
        "no_way_in",
        "how_to_join",
        Severity.IMPORTANT,
        lambda facts: not facts.has_contact_way,
        _("Nobody can reach you: there is no way to contact you, and nothing tells how to join."),
    ),
    Missing(
        "no_how_to_refer",
        "how_to_refer",
        Severity.IMPORTANT,
        lambda facts: facts.referral == Referral.NEEDED,
        _("A referral is needed, but nothing tells a worker how to make one."),
    ),
    Missing(
        "could_tell_how_to_refer",
        "how_to_refer",
        Severity.HINT,
        lambda facts: facts.referral == Referral.ALLOWED,
        _("Workers choose by this: tell how they can guide a client to you."),
    ),
)


def advise(texts: Mapping[str, str], facts: Facts) -> list[Advice]:
    """Advice on a listing's texts (field → text): the important first, else in the order of the texts."""
    found = [
        Advice(each.field, each.name, each.severity, str(each.message))
        for each in MISSING
        if not texts.get(each.field, "").strip() and each.holds(facts)
    ]
    for name, text in texts.items():
        if text.strip():
            read = Reading(name, text, texts, facts)
            for rule in RULES:
                if read.place in rule.fields and (not rule.languages or facts.language in rule.languages):
                    found.extend(_by(rule, read))
    return sorted(found, key=lambda advice: advice.severity != Severity.IMPORTANT)


def _by(rule: Rule, read: Reading) -> Iterator[Advice]:
    for excerpt, values in islice(rule.finds(read), MOST_OF_A_RULE):
        yield Advice(read.name, rule.name, rule.severity, str(rule.message) % values, _beginning(excerpt))


def _beginning(excerpt: str) -> str:
    """A whole sentence is shown by its beginning, cut between words where it can be."""
    if len(excerpt) <= LONGEST_EXCERPT:
        return excerpt
    end = excerpt.rfind(" ", 1, LONGEST_EXCERPT)
    return excerpt[: end if end > 0 else LONGEST_EXCERPT]
