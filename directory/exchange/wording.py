"""The few words that an exchange itself writes into texts, by language, and how a text is shortened. No rules.

Not gettext: what is written here is stored, and must be the same on every run whatever catalogue is compiled.
"""

from collections.abc import Iterable

from directory.exchange.records import HoursRecord

WORDS: dict[str, dict[str, str]] = {
    "fi": {
        "free": "Maksuton",
        "text_message": "tekstiviesti",
        "deadline": "Määräaika",
        "processing_time": "Käsittelyaika",
        "validity_time": "Voimassa",
        "return_form": "Minne lomake palautetaan",
        "not_aland": "Palvelua ei ole Ahvenanmaalla.",
        "always": "aina",
        "by_appointment": "ajanvarauksella",
        "area": "Alue",
        "interpreting": "Tulkkaus",
        "extension": "alanumero",
        "closed_for_now": "Palvelu on toistaiseksi suljettu.",
    },
    "sv": {
        "free": "Avgiftsfritt",
        "text_message": "textmeddelande",
        "deadline": "Tidsfrist",
        "processing_time": "Handläggningstid",
        "validity_time": "Giltighet",
        "return_form": "Vart blanketten lämnas",
        "not_aland": "Tjänsten finns inte på Åland.",
        "always": "alltid",
        "by_appointment": "med tidsbokning",
        "area": "Område",
        "interpreting": "Tolkning",
        "extension": "anknytning",
        "closed_for_now": "Tjänsten är stängd tills vidare.",
    },
    "en": {
        "free": "Free of charge",
        "text_message": "text message",
        "deadline": "Deadline",
        "processing_time": "Processing time",
        "validity_time": "Valid for",
        "return_form": "Where to return the form",
        "not_aland": "Not available in Åland.",
        "always": "always",
        "by_appointment": "by appointment",
        "area": "Area",
        "interpreting": "Interpreting",
        "extension": "extension",
        "closed_for_now": "Closed for the time being.",
    },
}
WEEKDAYS: dict[str, tuple[str, ...]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def word(key: str, language: str) -> str:
    """A word in a language, else in Finnish."""
    return WORDS.get(language, WORDS["fi"])[key]


def hours_line(hours: Iterable[HoursRecord], language: str) -> str:
    """Weekly hours in one line: "ma–pe 9.00–15.00, la 10.00–14.00". Only what holds for good is told."""
    days: dict[int, list[str]] = {}
    for row in hours:
        if row.valid_from or row.valid_to:
            continue
        if row.opens == row.closes:
            span = word("always", language)
        else:
            separator = ":" if language == "en" else "."
            span = "–".join(f"{time.hour}{separator}{time.minute:02}" for time in (row.opens, row.closes))
        if row.by_appointment:
            span += f" ({word('by_appointment', language)})"
        days.setdefault(row.weekday, []).append(span)
    runs: list[tuple[int, int, str]] = []
    for day in sorted(days):
        spans = " ".join(dict.fromkeys(days[day]))
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    names = WEEKDAYS.get(language, WEEKDAYS["fi"])
    if [(first, last) for first, last, _spans in runs] == [(1, 7)] and runs[0][2] == word("always", language):
        return word("always", language)
    return ", ".join(
        f"{names[first - 1]}{f'–{names[last - 1]}' if last > first else ''} {spans}" for first, last, spans in runs
    )


def shorten(text: str, most: int) -> str:
    """The text in at most `most` characters, cut between words."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    if not text[most - 1].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,;:.–-") + "…"
