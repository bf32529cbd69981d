"""A service as schema.org data for other readers. Pure: values in, a dictionary out; starts from public facts only."""

from typing import Any

from django.utils import timezone

from directory.choices import Charge, ContactKind, Sector
from directory.models import Service

PUBLIC_SECTORS = (Sector.MUNICIPALITY, Sector.WELLBEING_SERVICES_COUNTY, Sector.STATE)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def service_jsonld(service: Service, url: str) -> dict[str, Any]:
    """GovernmentService for public bodies, Service with an NGO as provider for the others (standards: exchange D).

    url: absolute address of the page. A secret address leaves nothing here: places come through `public_places`.
    """
    is_public = service.organisation.sector in PUBLIC_SECTORS
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService" if is_public else "Service",
        "@id": f"urn:uuid:{service.uuid}",
        "url": url,
        "name": service.title,
        "description": service.summary,
        "inLanguage": service.language,
        "provider": {
            "@type": "GovernmentOrganization" if is_public else "NGO",
            "name": str(service.organisation),
            **({"url": service.organisation.website} if service.organisation.website else {}),
        },
    }
    if service.charge == Charge.FREE:
        data["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "EUR"}
    if service.is_nationwide:
        data["areaServed"] = {"@type": "Country", "name": "Suomi"}
    elif names := [str(each) for each in service.municipalities.all()]:
        data["areaServed"] = [{"@type": "AdministrativeArea", "name": name} for name in names]
    channels = [_place_channel(place) for place in service.public_places if not place.is_secret]
    for way in service.public_contact_ways:
        if way.kind == ContactKind.PHONE:
            channels.append(
                {
                    "@type": "ServiceChannel",
                    "servicePhone": {
                        "@type": "ContactPoint",
                        "telephone": way.value,
                        "contactType": way.label or "info",
                    },
                }
            )
        elif way.kind in (ContactKind.WEB, ContactKind.CHAT):
            channels.append({"@type": "ServiceChannel", "serviceUrl": way.value})
    if channels:
        data["availableChannel"] = channels
    today = timezone.localdate()
    if rows := [row for row in service.opening_hours.all() if row.valid_to is None or row.valid_to >= today]:
        data["hoursAvailable"] = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{_DAYS[row.weekday - 1]}",
                "opens": f"{row.opens:%H:%M}",
                # The same time twice would say "closed" there; here it means the whole day.
                "closes": f"{row.closes:%H:%M}" if row.closes != row.opens else "23:59",
                **({"validFrom": row.valid_from.isoformat()} if row.valid_from else {}),
                **({"validThrough": row.valid_to.isoformat()} if row.valid_to else {}),
            }
            for row in rows
        ]
    return data


def _place_channel(place) -> dict[str, Any]:
    location: dict[str, Any] = {"@type": "Place"}
    if place.name:
        location["name"] = place.name
    if place.street:
        location["address"] = {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postcode,
            "addressLocality": str(place.municipality or place.post_office),
            "addressCountry": "FI",
        }
    if place.has_point:
        location["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return {"@type": "ServiceChannel", "serviceLocation": location}
