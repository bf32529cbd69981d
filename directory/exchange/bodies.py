"""What a body is, by its name and by its number: for any source that does not tell. Pure."""

import re

from stdnum.fi import ytunnus

from directory.choices import Sector

SECTORS_BY_NAME = (
    (r"hyvinvointialue|välfärdsområde|wellbeing services county", Sector.WELLBEING_SERVICES_COUNTY),
    (r"säätiö|stiftelse|foundation", Sector.FOUNDATION),
    (r"seurakunta|församling|parish", Sector.PARISH),
    (r"kaupunki\b|kunta\b|kuntayhtymä|\bstad\b|kommun|\bcity\b", Sector.MUNICIPALITY),
    (r"\br\.?y\b|\br\.?f\b|yhdisty|förening|liitto\b|association", Sector.ASSOCIATION),
    (r"\boyj?\b|\babp?\b|osuuskunta|\bltd\b", Sector.COMPANY),
)


def sector_by_name(name: str) -> str:
    """What a body is by the words of its name; "community" when they do not tell."""
    found = (sector for pattern, sector in SECTORS_BY_NAME if re.search(pattern, name.lower()))
    return next(found, Sector.COMMUNITY)


def is_business_id(text: str) -> bool:
    """Whether a text is a Y-tunnus with its right check digit."""
    return bool(ytunnus.is_valid(text))
