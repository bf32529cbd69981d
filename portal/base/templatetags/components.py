"""Template tags and filters for the components: what needs Python, and nothing else.

Formatting of plain values (a telephone number, a price, the age of a date), drawing a symbol, and building
the address of a page with one choice more or less. No model is imported and no query is made here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

register = template.Library()

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

# Where a Finnish number is broken for reading. Area codes of one figure (09) and mobile codes of two (040)
# after the trunk zero; everything else falls back to groups of three from the end.
MOBILE = re.compile(r"^0(4\d|50)(\d{3})(\d{2,5})$")
LANDLINE = re.compile(r"^0(9|2|3|5|6|8|13|14|15|16|17|18|19)(\d{5,8})$")
SERVICE_NUMBER = re.compile(r"^0([678]00|29\d|30\d(?=\d{6}$)|10|20|30|73|75)(\d{3,7})$")


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """A symbol of our own sprite. Always decoration beside its word, so hidden from assistive technology."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {extra_class}" if extra_class else "",
        static("portal/sprite.svg"),
        name,
    )


@register.simple_tag
def stage_icon(number: object) -> SafeString:
    """The symbol of a stage of the service path, 1-5."""
    return icon(f"stage-{number}")


@register.simple_tag
def theme_icon(number: object) -> SafeString:
    """The symbol of a theme of digital tools, 1-8."""
    return icon(f"theme-{number}")


# --- numbers ---------------------------------------------------------------------------------------------


def _grouped(figures: str) -> str:
    """Figures in threes; a single one left over joins the group before it: 123 4567."""
    parts = [figures[i : i + 3] for i in range(0, len(figures), 3)]
    if len(parts) > 1 and len(parts[-1]) == 1:
        parts[-2:] = [parts[-2] + parts[-1]]
    return " ".join(parts)


@register.filter
def phone(value: object) -> str:
    """A telephone number grouped for reading: +358401234567 -> 040 123 4567. Unknown shapes come back as they were.

    A national number that a person has grouped keeps its groups: people know 080 005 005 by them.
    """
    text = str(value or "").strip()
    if " " in text and text.startswith(("0", "1")):
        return text.replace(" ", NO_BREAK_SPACE)
    figures = re.sub(r"[\s\-()./]", "", text)
    if figures.startswith("+358"):
        figures = "0" + figures[4:].removeprefix("0")
    elif figures.startswith("00358"):
        figures = "0" + figures[5:].removeprefix("0")
    if not figures.isdigit():
        return text
    if len(figures) <= 3:
        return figures
    for pattern in (MOBILE, SERVICE_NUMBER, LANDLINE):
        if found := pattern.match(figures):
            head, *rest = found.groups()
            tail = " ".join(rest) if pattern is MOBILE else _grouped("".join(rest))
            return f"0{head} {tail}".replace(" ", NO_BREAK_SPACE)
    if figures.startswith("116") and len(figures) == 6:
        return f"116{NO_BREAK_SPACE}{figures[3:]}"
    return _grouped(figures).replace(" ", NO_BREAK_SPACE)


@register.filter
def tel(value: object) -> str:
    """The href of a telephone number: tel:+358401234567. Short numbers (112, 116 117) stay national."""
    figures = re.sub(r"[^\d+]", "", str(value or ""))
    if figures.startswith("00"):
        figures = "+" + figures[2:]
    elif figures.startswith("0"):
        figures = "+358" + figures[1:]
    return f"tel:{figures}"


@register.filter
def is_web_address(value: object) -> bool:
    """Whether it leads to a page: what came with an import may begin with anything, also `javascript:`."""
    return str(value or "").strip().lower().startswith(("https://", "http://"))


@register.filter
def euros(value: object) -> str:
    """An amount as Finns write it: 12,50 €; whole euros without decimals. What is no number comes back as it was."""
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return str(value or "")
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimal_pos=decimals, use_l10n=True)}{NO_BREAK_SPACE}€"


@register.filter
def percent_of(value: object, maximum: object) -> int:
    """How many hundredths value is of maximum, 0-100; for words beside a progress bar."""
    try:
        whole = float(str(maximum))
        return max(0, min(100, round(100 * float(str(value)) / whole))) if whole else 0
    except ValueError:
        return 0


# --- time ------------------------------------------------------------------------------------------------


def _as_day(value: datetime.date | datetime.datetime | None) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, datetime.date) else None


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> SafeString | str:
    """A day in a <time> element, written in the way of the language: 22.11.2026."""
    found = _as_day(value)
    if found is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', found.isoformat(), date_format(found, "SHORT_DATE_FORMAT"))


@register.filter
def age_in_words(value: datetime.date | datetime.datetime | None, today: datetime.date | None = None) -> str:
    """How long ago a day was, in the largest fitting unit: "3 weeks ago". Days to come give an empty string.

    today is an argument so that a view (and a test) can hold the clock; without it, it is today in Helsinki.
    """
    found = _as_day(value)
    if found is None:
        return ""
    days = ((_as_day(today) or timezone.localdate()) - found).days
    if days < 0:
        return ""
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    if days < 14:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if days < 60:
        weeks = days // 7
        return ngettext("%(count)d week ago", "%(count)d weeks ago", weeks) % {"count": weeks}
    if days < 730:
        months = round(days / 30.44)
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    years = int(days / 365.25)
    return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}


# --- text ------------------------------------------------------------------------------------------------


@register.filter
def paragraphs(value: object) -> SafeString:
    """Plain text as paragraphs: an empty line starts a new one, a single line break stays. Escaped."""
    blocks = [part.strip() for part in re.split(r"\n\s*\n", str(value or "").replace("\r\n", "\n")) if part.strip()]
    return format_html_join("\n", "<p>{}</p>", ((mark_safe(escape(b).replace("\n", "<br>")),) for b in blocks))


# Where a Finnish word may be cut: before each consonant that a vowel follows. Compound borders are not known,
# so a cut may fall inside a part; it is never wrong as a syllable, and better than a letter alone on its line.
SYLLABLE_START = re.compile(r"(?<=[a-zåäö])(?=[bcdfghjklmnpqrstvwxz][aeiouyåäö])", re.IGNORECASE)
LONG_WORD = re.compile(r"[^\W\d_]{21,}")
SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def _cut(match: re.Match[str]) -> str:
    word = match.group()
    cuts = [found.start() for found in SYLLABLE_START.finditer(word) if 3 < found.start() < len(word) - 3]
    parts = [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]
    return SOFT_HYPHEN.join(parts)


@register.filter(is_safe=True)
def hyphenated(value: object) -> str:
    """Soft hyphens into words of more than 20 letters, so that a title or a button fits 320 px.

    Chromium has no Finnish hyphenation, and hyphens: auto does nothing there. Shorter words stay untouched,
    for searching in the page and copying from it.
    """
    return LONG_WORD.sub(_cut, str(value if value is not None else ""))


@register.filter
def as_id(value: object, prefix: str = "") -> str:
    """A value that can stand in an id attribute."""
    return "-".join(part for part in (prefix, slugify(str(value)) or "x") if part)


@register.filter
def joined(values: Iterable[object] | None) -> str:
    """Words in a row: "a, b, c". Empty ones are left out."""
    return ", ".join(str(value) for value in values or () if value)


# --- addresses -------------------------------------------------------------------------------------------


def _query_address(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def query_with(query: QueryDict, name: str, value: object) -> str:
    """The address of this page with one choice more. Paging starts again from the first page."""
    changed = query.copy()
    if str(value) not in changed.getlist(name):
        changed.appendlist(name, str(value))
    changed.pop("page", None)
    return _query_address(changed)


@register.simple_tag
def query_without(query: QueryDict, name: str, value: object = None) -> str:
    """The address of this page with one choice less; without a value, with none of that name."""
    changed = query.copy()
    kept = [] if value is None else [item for item in changed.getlist(name) if item != str(value)]
    changed.setlist(name, kept)
    if not kept:
        changed.pop(name, None)
    changed.pop("page", None)
    return _query_address(changed)


@register.simple_tag
def query_page(query: QueryDict | None, number: int) -> str:
    """The address of another page of the same list, everything else kept."""
    changed = query.copy() if query is not None else QueryDict(mutable=True)
    changed["page"] = str(number)
    return _query_address(changed)


@register.filter
def page_numbers(page: object) -> list[int | str]:
    """The page numbers a pager shows: first, last, and those near the present one; gaps as an ellipsis."""
    paginator = page.paginator  # type: ignore[attr-defined]
    return list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))  # type: ignore[attr-defined]
