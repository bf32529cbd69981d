"""Writing help for the form: the rules of directory.writing on texts as they are typed. Nothing is stored."""

import datetime
from collections.abc import Mapping

from directory.contents import Content
from directory.models import Organisation, Service, ServiceDescription
from directory.writing import Advice, Facts, advise
from portal.workspace.keeping.form.values import part_fields


def texts_of(content: Content) -> dict[str, str]:
    """The texts of a listing, headings of the long description too."""
    texts = {name: str(content.get(name) or "") for name in Service.TEXTS if name != "keywords"}
    for row in content.get("long_description") or ():
        texts |= {name: row.get(name) or "" for name in part_fields(ServiceDescription)}
    return texts


def advice_on(
    organisation: Organisation,
    language: str,
    content: Content,
    typed: Mapping[str, str],
    today: datetime.date,
    *,
    has_contact_way: bool | None = None,
) -> list[Advice]:
    """Advice on a listing as it would be with what is typed just now."""
    facts = Facts(
        today=today,
        language=language,
        kind=str(content.get("kind") or ""),
        referral=str(content.get("referral") or ""),
        has_contact_way=bool(content.get("contact_ways")) if has_contact_way is None else has_contact_way,
        names=(*organisation.names.values(), organisation.short_name),
    )
    return advise({**texts_of(content), **typed}, facts)


def by_field(advice: list[Advice], texts: Mapping[str, str]) -> dict[str, list[Advice]]:
    """Advice on what is written, under its field. An empty field is left in peace while one writes."""
    found: dict[str, list[Advice]] = {}
    for each in advice:
        if texts.get(each.field, "").strip():
            found.setdefault(each.field, []).append(each)
    return found
