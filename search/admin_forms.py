"""The form in which editors write a synonym: what it refuses, and what it only warns of."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from search import indexing
from search.analysis import tokenize
from search.finding import Finder
from search.models import Synonym
from search.query import SearchRequest
from search.vocabulary import LONGEST_PHRASE, Synonyms, load_common_words, load_stop_words

MOST_PHRASES, MOST_TARGETS = 60, 20
LONGEST_LINE = 80
SHORTEST_WORD = 2
# A word of its own in more than this share of everything would lead to its targets whatever people mean by it.
BROAD_SHARE = 0.4
# Below this many things to find, shares say nothing.
BROAD_FLOOR = 50


def lines_of(text: str) -> list[str]:
    """The lines of a text, each once and without space around; empty ones are none."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def as_met(phrase: str) -> tuple[str, ...]:
    """A phrase as search meets it: two that are equal so are one phrase."""
    return tuple(tokenize(phrase))


class SynonymForm(WagtailAdminModelForm):
    """`warnings`: what is allowed and yet worth a look, in words; filled by `clean`."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []

    def clean_phrases(self) -> str:
        phrases = lines_of(self.cleaned_data["phrases"])
        if len(phrases) > MOST_PHRASES:
            raise ValidationError(_("At most %(most)s phrases fit in one row.") % {"most": MOST_PHRASES})
        if faults := [fault for phrase in phrases if (fault := _fault_of_phrase(phrase))]:
            raise ValidationError(faults)
        return "\n".join(phrases)

    def clean_targets(self) -> str:
        targets = lines_of(self.cleaned_data["targets"])
        if len(targets) > MOST_TARGETS:
            raise ValidationError(_("At most %(most)s words fit in one row.") % {"most": MOST_TARGETS})
        if wrong := [target for target in targets if len(target) > LONGEST_LINE or len(tokenize(target)) != 1]:
            raise ValidationError(
                [_("«%(target)s»: write one word on each line.") % {"target": target} for target in wrong]
            )
        return "\n".join(targets)

    def clean(self) -> dict:
        cleaned = super().clean()
        if "phrases" in cleaned and "language" in cleaned:
            self._refuse_twins(lines_of(cleaned["phrases"]), cleaned["language"])
        alone = _plain_finder()
        if "phrases" in cleaned:
            self._refuse_broad(alone, lines_of(cleaned["phrases"]))
        if "targets" in cleaned:
            self.warnings = list(_doubts(alone, lines_of(cleaned["targets"])))
        return cleaned

    def _refuse_twins(self, phrases: Iterable[str], language: str) -> None:
        """A phrase stands in one row of its language: two would each tell half of where it leads."""
        others = Synonym.objects.filter(language=language).exclude(pk=self.instance.pk)
        taken = {as_met(phrase): other for other in others for phrase in other.row.sources}
        for phrase in phrases:
            if other := taken.get(as_met(phrase)):
                self.add_error(
                    "phrases",
                    format_html(
                        '{} <a href="{}">{}</a>',
                        _("«%(phrase)s» is in another row already:") % {"phrase": phrase},
                        reverse("synonyms:edit", args=[other.pk]),
                        other,
                    ),
                )

    def _refuse_broad(self, alone: Finder, phrases: Iterable[str]) -> None:
        most = max(BROAD_FLOOR, alone.find(SearchRequest(per_page=1)).total * BROAD_SHARE)
        for phrase in phrases:
            if len(tokenize(phrase)) == 1 and alone.find(SearchRequest(phrase, as_typed=True, per_page=1)).total > most:
                self.add_error(
                    "phrases",
                    _("«%(phrase)s» is too broad: it is found nearly everywhere already. Add a word beside it.")
                    % {"phrase": phrase},
                )


def _fault_of_phrase(phrase: str) -> str:
    words = tokenize(phrase)
    if not words:
        return _("«%(phrase)s» has no word in it.") % {"phrase": phrase}
    if len(words) > LONGEST_PHRASE or len(phrase) > LONGEST_LINE:
        return _("«%(phrase)s» is too long: at most %(most)s words.") % {"phrase": phrase, "most": LONGEST_PHRASE}
    if (load_stop_words() - load_common_words()).issuperset(words) or all(len(word) < SHORTEST_WORD for word in words):
        return _("«%(phrase)s» is too broad: search passes over such words.") % {"phrase": phrase}
    return ""


def _plain_finder() -> Finder:
    """Search without any synonym: what words find by themselves."""
    return indexing.finder_with(Synonyms((), indexing.analysis()))


def _doubts(alone: Finder, targets: Iterable[str]) -> Iterable[str]:
    finnish = indexing.analysis().analyser("fi")
    for target in targets:
        analyses = [finnish.analyse(word) for word in tokenize(target)]
        lemmas = {lemma for analysis in analyses for lemma in analysis.lemmas}
        # The plan keeps the terms that something has. Parts of a compound are no sign of the whole.
        groups = alone.plan(SearchRequest(target, as_typed=True)).groups
        if any(lemmas.intersection(group.terms) for group in groups):
            continue
        if all(analysis.is_known for analysis in analyses):
            yield _("Nothing on the site has the word «%(target)s» now.") % {"target": target}
        else:
            yield _("«%(target)s» is not in the dictionary, and nothing on the site has it. Is it spelt right?") % {
                "target": target
            }
