"""Finnish words → lemmas, compound pieces and derivation roots, from Voikko's dictionary.

Two programs read that dictionary: libvoikko (fast and small, but a system package) and kfst (pip only). They
give the same raw analyses, so one parser serves both and the index need not know which one was there.
Where neither is installed, a stemmer answers and the log says so.

A raw analysis of `mielenterveyskuntoutujille` is

    [Ln][Xp]mieli[X]miel[Sg][Ny]en[Bh][Bc][Lnl][Xp]terve[X]terve[Ln][Xj]ys[X]y[Sn][Ny]s[Bh][Bc]…

where [Bc] divides the compound, [Xp]…[X] gives a base form, [Xj]…[X] the ending of a derived base form that
continues the letters written so far, and = (with [Bm] in the inflected form) divides a compound that the
dictionary keeps whole.
"""

from __future__ import annotations

import importlib.util
import logging
import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from search.analysis.snowball import SnowballAnalyser
from search.analysis.words import Analyser, Analysis, Forms, clean

logger = logging.getLogger(__name__)

_TAG_OR_TEXT = re.compile(r"\[[^\]]*\]|[^\[]+")
_PLACE_CLASS = "[Lep]"
# More atoms than this is not a compound that anybody wrote on purpose; the pieces would grow as the square.
_MOST_ATOMS = 8
# Forms kept in memory: some twenty megabytes.
MOST_KNOWN = 65_536


class Dictionary(Protocol):
    """Gives every raw analysis of a word; nothing when the word is unknown. Safe to share between threads."""

    def analyses(self, word: str) -> list[str]: ...


class KfstDictionary:
    """Voikko's transducer as the pyvoikko package ships it.

    pyvoikko itself is not imported: it would load the transducer at import time, and its own parser is
    wrong for some compounds.
    """

    def __init__(self) -> None:
        from kfst import FST, TokenizationException

        spec = importlib.util.find_spec("pyvoikko")
        if spec is None or spec.origin is None:
            raise ImportError("pyvoikko is not installed")
        self._transducer = FST.from_kfst_file(str(Path(spec.origin).with_name("voikko.kfst")))
        self._unreadable = TokenizationException

    def analyses(self, word: str) -> list[str]:
        try:
            return [raw for raw, _weight in self._transducer.lookup(word)]
        except self._unreadable:
            return []


class LibvoikkoDictionary:
    """The system's libvoikko. One handle used by two threads at once crashes the process: hence the lock."""

    def __init__(self) -> None:
        import libvoikko

        self._handle: Any = libvoikko.Voikko("fi")
        self._lock = threading.Lock()

    def analyses(self, word: str) -> list[str]:
        with self._lock:
            found = self._handle.analyze(word)
        return [one["FSTOUTPUT"] for one in found if "FSTOUTPUT" in one]


@dataclass(frozen=True, slots=True)
class _Segment:
    """One compound part: as written, its base form, and the base forms it was derived from."""

    surface: str
    lemma: str
    roots: tuple[str, ...]


def _segment(tokens: list[str]) -> _Segment:
    surface = ""
    bases: list[str] = []
    opened: str | None = None  # the base form being read, begun with the letters written so far
    skipping = False
    is_place = False
    for piece in tokens:
        if piece in ("[Xp]", "[Xj]"):
            opened = surface
        elif piece in ("[Xr]", "[Xs]"):
            skipping = True
        elif piece == "[X]":
            if opened is not None:
                bases.append(opened)
            opened, skipping = None, False
        elif piece == "[Tn4]":
            # eroaminen: the dictionary calls it a form of the verb, people use it as a noun.
            bases.append(surface + "minen")
        elif piece == "[Bm]":
            surface += "="
        elif piece.startswith("["):
            is_place = is_place or piece == _PLACE_CLASS
        elif skipping:
            continue
        elif opened is not None:
            opened += piece.lower()
        else:
            surface += piece.lower()
    if is_place:
        # Joensuu is not a mouth of anything.
        surface, bases = surface.replace("=", ""), [base.replace("=", "") for base in bases]
    lemma = bases[-1] if bases else surface
    return _Segment(surface, lemma, tuple(bases[:-1]))


def read_analysis(raw: str) -> tuple[str, list[str]]:
    """(lemma of the whole word, its parts) from one raw analysis."""
    segments: list[list[str]] = [[]]
    for piece in _TAG_OR_TEXT.findall(raw):
        if piece == "[Bc]":
            segments.append([])
        else:
            segments[-1].append(piece)
    atoms: list[tuple[str, str]] = []
    roots: list[str] = []
    for tokens in segments:
        segment = _segment(tokens)
        if not segment.surface and not segment.lemma:
            continue
        written, based = segment.surface.split("="), segment.lemma.split("=")
        if len(written) == len(based):
            atoms.extend(zip(written, based, strict=True))
        else:
            atoms.append((segment.surface, segment.lemma))
        roots.extend(segment.roots)
    return _compose([(clean(written), clean(based)) for written, based in atoms], [clean(root) for root in roots])


def _compose(atoms: list[tuple[str, str]], roots: list[str]) -> tuple[str, list[str]]:
    """The whole and every contiguous piece: inflected letters up to the last atom, which is in its base form."""

    def piece(first: int, last: int) -> str:
        return "".join(written for written, _based in atoms[first:last]) + atoms[last][1]

    count = len(atoms)
    if count == 0:
        return "", []
    whole = piece(0, count - 1)
    longest = count if count <= _MOST_ATOMS else 1
    parts = [piece(first, first + size - 1) for size in range(1, longest + 1) for first in range(count - size + 1)]
    return whole, [part for part in dict.fromkeys(parts + roots) if part != whole and len(part) > 1]


class VoikkoAnalyser:
    """Finnish by dictionary. Raise `version` whenever a word's terms change."""

    name = "voikko"
    version = "1"

    def __init__(
        self, dictionary: Dictionary, places: frozenset[str] = frozenset(), forms: Forms | None = None
    ) -> None:
        """`forms`: what was analysed before, asked before the dictionary is."""
        self._dictionary = dictionary
        self._places = places
        self._forms = forms
        self._known: dict[str, Analysis] = {}

    def analyse(self, word: str) -> Analysis:
        found = self._known.get(word)
        return found if found is not None else self._read([word])[word]

    def terms(self, word: str) -> tuple[str, ...]:
        return self.analyse(word).terms

    def prime(self, words: Collection[str]) -> None:
        self._read([word for word in words if word not in self._known])

    def _read(self, words: Collection[str]) -> dict[str, Analysis]:
        found = dict(self._forms.analyses(words)) if self._forms is not None and words else {}
        for word in words:
            if word not in found:
                found[word] = _analyse(self._dictionary, self._places, word)
        if len(self._known) + len(found) > MOST_KNOWN:
            self._known.clear()
        self._known.update(found)
        return found


def _analyse(dictionary: Dictionary, places: frozenset[str], word: str) -> Analysis:
    surface = clean(word)
    readings = [read_analysis(raw) for raw in _simplest(dictionary.analyses(word.replace("’", "'")))]
    lemmas = tuple(dict.fromkeys(lemma for lemma, _parts in readings if lemma))
    if surface in places or not places.isdisjoint(lemmas):
        return Analysis(lemmas or (surface,), is_known=True)
    if not lemmas:
        # mt-kuntoutujille: the parts as written, and what the dictionary knows of each.
        pieces = [piece for piece in word.split("-") if len(piece) > 1] if "-" in word else []
        known = [_analyse(dictionary, places, piece) for piece in pieces]
        parts = [clean(piece) for piece in pieces] + [term for one in known if one.is_known for term in one.terms]
        return Analysis((surface,), tuple(dict.fromkeys(parts)))
    found = dict.fromkeys(part for _lemma, parts in readings for part in parts)
    return Analysis(lemmas, tuple(part for part in found if part not in lemmas), is_known=True)


def _simplest(analyses: list[str]) -> list[str]:
    """Those with the fewest compound parts, as libvoikko has it: materiaali|pankki, not materia|ali|pankki."""
    sizes = [raw.count("[Bc]") + raw.count("[Bm]") for raw in analyses]
    return [raw for raw, size in zip(analyses, sizes, strict=True) if size == min(sizes)]


class _Late:
    """A dictionary that is loaded at the first word that needs it: it takes most of a second and 200 MB."""

    def __init__(self, kind: Callable[[], Dictionary]) -> None:
        self._kind = kind
        self._loaded: Dictionary | None = None
        self._loading = threading.Lock()

    def load(self) -> Dictionary:
        with self._loading:
            self._loaded = self._loaded or self._kind()
        return self._loaded

    def analyses(self, word: str) -> list[str]:
        return (self._loaded or self.load()).analyses(word)


@cache
def _dictionary() -> Dictionary | None:
    """The one dictionary of the process, or None where none is installed."""
    try:
        return LibvoikkoDictionary()
    except Exception as problem:  # noqa: BLE001 - a missing library shows itself in many ways
        logger.debug("libvoikko is not available: %s", problem)
    if importlib.util.find_spec("kfst") and importlib.util.find_spec("pyvoikko"):
        return _Late(KfstDictionary)
    logger.warning("No Finnish dictionary is installed: search falls back to stems and finds clearly less.")
    return None


def load_dictionary() -> None:
    """Load it now. For a server that makes its workers of one process: they share what was loaded before."""
    dictionary = _dictionary()
    if isinstance(dictionary, _Late):
        dictionary.load()


def finnish_analyser(places: frozenset[str] = frozenset(), forms: Forms | None = None) -> Analyser:
    dictionary = _dictionary()
    return VoikkoAnalyser(dictionary, places, forms) if dictionary else SnowballAnalyser("finnish")
