"""Words that the writing help knows (directory.writing_finders): short forms, phrases that say little. Pure data."""

from portal.base.languages import EASY_FINNISH, ENGLISH, FINNISH, SWEDISH

# Short form, in small letters → what to write. Forms that are also words need their full stop.
_FINNISH_SHORT = {
    "mm.": "muun muassa",
    "esim.": "esimerkiksi",
    "esim": "esimerkiksi",
    "jne.": "ja niin edelleen",
    "jne": "ja niin edelleen",
    "ym.": "ynnä muuta",
    "yms.": "ynnä muuta sellaista",
    "tms.": "tai muuta sellaista",
    "ko.": "kyseinen",
    "ks.": "katso",
    "ns.": "niin sanottu",
    "vrt.": "vertaa",
    "em.": "edellä mainittu",
    "ent.": "entinen",
    "huom.": "huomaa",
    "väh.": "vähintään",
    "alk.": "alkaen",
    "puh.": "puhelin",
    "krt": "kertaa",
    "vko": "viikko",
    "vk": "viikko",
    "hlö": "henkilö",
    "srk": "seurakunta",
}
ABBREVIATIONS: dict[str, dict[str, str]] = {
    FINNISH: _FINNISH_SHORT,
    EASY_FINNISH: _FINNISH_SHORT,
    SWEDISH: {
        "t.ex.": "till exempel",
        "t ex": "till exempel",
        "bl.a.": "bland annat",
        "bl a": "bland annat",
        "m.m.": "med mera",
        "m.fl.": "med flera",
        "o.s.v.": "och så vidare",
        "osv.": "och så vidare",
        "dvs.": "det vill säga",
        "d.v.s.": "det vill säga",
        "s.k.": "så kallad",
        "ev.": "eventuellt",
        "fr.o.m.": "från och med",
        "t.o.m.": "till och med",
        "inkl.": "inklusive",
        "exkl.": "exklusive",
    },
    ENGLISH: {
        "e.g.": "for example",
        "i.e.": "that is",
        "etc.": "and so on",
        "approx.": "about",
        "incl.": "including",
    },
}

# Said as a word by everybody, or met daily.
KNOWN_SHORT_NAMES = frozenset(
    """
    AA NA EU ETA YK USA UK TV WC SPR MLL ADHD ADD HIV AIDS TE ID PIN SMS GPS PDF DVD CD USB PC IT VR HSL HUS YLE OP
    LGBT LGBTI LGBTIQ HLBT HLBTI HLBTIQ HBTQ HBTQI LGBTQ LGBTQI SOS OK FAQ UKK PTSD OCD MS ALS CP DJ CV KELA FPA THL
    MTV DNA COVID II III IV VI VII VIII IX XI XII
    """.split()  # noqa: SIM905  (a list would fill a page)
)

# As regular expressions, from the beginning of a word.
_FINNISH_EMPTY = (
    r"kokonaisvaltai\w+",
    r"asiakaslähtöi\w+",
    r"asiakaskeskei\w+",
    r"(?:laadukka|korkealaatui)\w+ palvelu\w*",
    r"(?:ammattitaitoi|osaav|asiantuntev)\w+ (?:henkilöku|henkilöstö|työnteki)\w+",
    r"matalan kynnyksen",
    r"räätälöi\w+",
    r"palvelukokonaisuu\w+",
    r"moniammatilli\w+",
    r"toimin\w+ tavoitteena on",
    r"toimintakyvyn (?:ylläpi|edistä)\w+",
    r"tarpeenmukai\w+",
    r"osallisuu\w+ (?:vahvist|edist|tuke)\w+",
)
EMPTY_PHRASES: dict[str, tuple[str, ...]] = {
    FINNISH: _FINNISH_EMPTY,
    EASY_FINNISH: _FINNISH_EMPTY,
    SWEDISH: (
        r"helhetsmässig\w*",
        r"kundorienterad\w*",
        r"klientcentrerad\w*",
        r"skräddarsy\w+",
        r"lågtröskel\w*",
        r"(?:kunnig|professionell|yrkeskunnig)\w* personal\b",
        r"högklassig\w*",
        r"mångprofessionell\w*",
    ),
    ENGLISH: (
        r"holistic\w*",
        r"tailor-?made",
        r"(?:client|customer|person)-(?:oriented|centred|centered)",
        r"low-threshold",
        r"high-quality",
        r"multi-?professional",
        r"state-of-the-art",
    ),
}

# Words before a number that are no name of a person, though some are written with a capital.
NO_PERSONS = frozenset(
    """
    soita ota varaa kysy ilmoittaudu lähetä laita tekstaa puhelin lisätietoja yhteys
    ring boka kontakta skicka mer anmälan call text contact book info
    """.split()  # noqa: SIM905
)
# What names of places and groups end in.
NO_PERSON_ENDINGS = (
    "asema", "center", "gruppen", "järjestö", "kahvila", "kerho", "keskus", "koti", "liitto", "linja", "neuvonta",
    "palvelu", "piste", "puhelin", "ryhmä", "seura", "talo", "toimisto", "tupa", "yhdistys",
)  # fmt: skip

# Finnish nouns that end as a passive does: whole words, and what other words end in.
NO_PASSIVES = frozenset("itään mitään ketään tietään rataan sataan pataan dataan maataan".split())  # noqa: SIM905
NO_PASSIVE_ENDINGS = (
    "hätään", "autaan", "työtään", "yötään", "päätään", "puutaan", "kuutaan", "suutaan", "luutaan", "kanadaan",
    "ugandaan",
)  # fmt: skip
