"""The sample directory: invented organisations, places and services, put in by one command and taken out by another.

Whatever is sample data carries `is_sample` and is marked on every page that shows it. Days are counted from the day of
loading, once; a later run creates what is missing and changes nothing. What an editor or `remove_sample` has removed
stays away until somebody asks for it with `load_content --sample`.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import Locale

from directory.actions import publish_service
from directory.choices import DATED_KINDS, Scheme, Source
from directory.loading import CONTENT
from directory.models import (
    Check,
    ContactWay,
    County,
    Municipality,
    OpeningException,
    OpeningHours,
    Organisation,
    Place,
    RequiredDocument,
    Service,
    ServiceLink,
    ServicePlace,
    Term,
)
from directory.signals import removing_sample
from portal.base.loading import Entry, Loading, check_keys, index_references, publish, validate
from portal.base.models import LoadedContent

FOLDER = "directory/sample/"
# The record that says: somebody has removed the sample data.
REMOVED = "directory/sample"
# When a day has no hours of its own.
DAYTIME = (datetime.time(10), datetime.time(16))

ORGANISATION_FIELDS = ["names", "short_name", "sector", "description", "business_id", "website", "email", "phone"]
PLACE_FIELDS = [
    "name",
    "street",
    "postcode",
    "post_office",
    "latitude",
    "longitude",
    "how_to_get_there",
    "accessibility",
    "accessibility_note",
    "is_secret",
]
# Facts that a file gives as the model keeps them; texts besides.
SERVICE_FIELDS = [
    "kind",
    "age_min",
    "age_max",
    "stages",
    "guidance_levels",
    "need_tiers",
    "charge",
    "channels",
    "languages",
    "accessibility",
    "is_anonymous",
    "needs_no_appointment",
    "is_outreach",
    "is_outside_office_hours",
    "has_interpreter",
    "grouping",
    "meets",
    "payment",
    "production",
    "referral",
    "capacity",
    "is_nationwide",
]
TEXTS = [
    "title",
    "summary",
    "description",
    "for_whom",
    "how_to_join",
    "how_to_refer",
    "charge_note",
    "capacity_note",
    "notice",
]
OTHER_SERVICE_KEYS = [
    "key",
    "uuid",
    "organisation",
    "locale",
    "topics",
    "target_groups",
    "life_events",
    "capacity_days",
    "municipalities",
    "counties",
    "places",
    "opening_hours",
    "exceptions",
    "contacts",
    "required_documents",
    "links",
    "starts_in_days",
    "ends_in_days",
    "enrol_in_days",
    "checked_days_ago",
    "checked_how",
    "notice_days",
    "translations",
]


def load(loading: Loading, *, again: bool = False, today: datetime.date | None = None) -> None:
    """Create what is missing of the sample data. again: also when somebody has removed it."""
    if REMOVED in loading.records:
        if not again:
            return
        loading.forget([REMOVED])
    _Sample(loading, today or timezone.localdate()).load()


class _Sample:
    """One load: what the entries refer to, looked up once."""

    def __init__(self, loading: Loading, today: datetime.date) -> None:
        self.loading = loading
        self.today = today

    def load(self) -> None:
        organisations = self._missing("organisations")
        places = self._missing("places")
        services = self._missing("services")
        if not (organisations or places or services):
            return
        self.municipalities = {each.code: each for each in Municipality.objects.all()}
        self.counties = {each.code: each for each in County.objects.all()}
        self.terms = {(term.scheme, term.code): term for term in Term.objects.all()}
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.organisations = _by_source_id(Organisation)
        self.places = _by_source_id(Place)
        for entry in organisations:
            self._create(entry, self._organisation, self.organisations)
        for entry in places:
            self._create(entry, self._place, self.places)
        present = set(Service.objects.filter(source=Source.SAMPLE).values_list("source_id", flat=True))
        for entry in services:
            self._create(entry, self._service, dict.fromkeys(present))

    def _missing(self, name: str) -> list[Entry]:
        entries = CONTENT.entries(f"sample/{name}.yaml")
        missing = [entry for entry in entries if entry.key not in self.loading.records]
        self.loading.counts["unchanged"] += len(entries) - len(missing)
        return missing

    def _create(self, entry: Entry, create: Any, present: dict[str, Any]) -> None:
        key = entry.data["key"]
        if key not in present:
            try:
                present[key] = create(entry)
            except ValidationError as error:
                raise entry.fault(str(error)) from error
            self.loading.counts["created"] += 1
        self.loading.remember(entry.key, entry.source, "sample")

    def _after(self, days: int | None) -> datetime.date | None:
        return None if days is None else self.today + datetime.timedelta(days=days)

    # --- organisations and places ---
    def _organisation(self, entry: Entry) -> Organisation:
        entry.expect(["key", "home_municipality", "parent", *ORGANISATION_FIELDS])
        data = entry.data
        parent = entry.option("parent", data["parent"], self.organisations) if data["parent"] else None
        slug = data["key"].replace("_", "-")
        if Organisation.objects.filter(slug=slug).exists():
            slug = f"{slug}-esimerkki"
        organisation = Organisation(
            uuid=entry.uuid,
            slug=slug,
            home_municipality=entry.option("home_municipality", data["home_municipality"], self.municipalities),
            parent=parent,
            is_sample=True,
            source=Source.SAMPLE,
            source_id=data["key"],
            **{name: data[name] for name in ORGANISATION_FIELDS},
        )
        publish(entry, organisation)
        index_references(organisation)
        return organisation

    def _place(self, entry: Entry) -> Place:
        entry.expect(["key", "municipality", *PLACE_FIELDS])
        data = entry.data
        place = Place(
            municipality=entry.option("municipality", data["municipality"], self.municipalities),
            is_sample=True,
            source=Source.SAMPLE,
            source_id=data["key"],
            **{name: data[name] for name in PLACE_FIELDS},
        )
        validate(entry, place)
        place.save()
        index_references(place)
        return place

    # --- services ---
    def _service(self, entry: Entry) -> Service:
        entry.expect([*SERVICE_FIELDS, *TEXTS, *OTHER_SERVICE_KEYS], optional=["session"])
        first = self._row(entry, entry.data["locale"], {name: entry.data[name] for name in TEXTS}, slug="")
        for language, texts in entry.data["translations"].items():
            check_keys(entry, texts, ["title", "summary"], TEXTS, where=f"translations: {language}")
            self._row(entry, language, texts, slug=first.slug)
        if first.checked_on:
            Check.objects.create(key=first.translation_key, on=first.checked_on, how=first.checked_how)
        return first

    def _row(self, entry: Entry, language: str, texts: Mapping[str, str], *, slug: str) -> Service:
        """One language of a service: its texts, and the facts that are the same in every language."""
        data = entry.data
        starts_at, ends_at = self._times(entry)
        service = Service(
            translation_key=data["uuid"],
            locale=entry.option("locale", language, self.locales),
            organisation=entry.option("organisation", data["organisation"], self.organisations),
            slug=slug,
            capacity_until=self._after(data["capacity_days"]),
            starts_at=starts_at,
            ends_at=ends_at,
            enrol_by=self._after(data["enrol_in_days"]),
            notice_until=self._after(data["notice_days"]),
            checked_on=None if data["checked_days_ago"] is None else self._after(-data["checked_days_ago"]),
            checked_how=data["checked_how"] or "",
            is_sample=True,
            source=Source.SAMPLE,
            source_id=data["key"],
            **{name: data[name] for name in SERVICE_FIELDS},
            **texts,
        )
        service.topics = self._terms(entry, "topics", Scheme.TOPIC)
        service.target_groups = self._terms(entry, "target_groups", Scheme.TARGET_GROUP)
        service.life_events = self._terms(entry, "life_events", Scheme.LIFE_EVENT)
        service.municipalities = entry.options("municipalities", self.municipalities)
        service.counties = entry.options("counties", self.counties)
        for name, parts in self._parts(entry, service).items():
            for order, part in enumerate(parts):
                part.sort_order = order
                validate(entry, part, exclude=["service"])
            setattr(service, name, parts)
        publish_service(service)
        index_references(service)
        return service

    def _terms(self, entry: Entry, key: str, scheme: Scheme) -> list[Term]:
        return entry.options(key, {code: term for (each, code), term in self.terms.items() if each == scheme})

    def _times(self, entry: Entry) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """The start and end of an event or a course, on the weekday and hours of its first session."""
        data = entry.data
        if data["ends_in_days"] is None:
            return None, None
        last = self.today + datetime.timedelta(days=data["ends_in_days"])
        first = last if data["starts_in_days"] is None else self.today + datetime.timedelta(days=data["starts_in_days"])
        weekday, (opens, closes) = None, DAYTIME
        if "session" in data:
            check_keys(entry, data["session"], ["opens", "closes"], ["day"], where="session")
            weekday = data["session"].get("day")
            opens, closes = _time(data["session"]["opens"]), _time(data["session"]["closes"])
        elif data["opening_hours"]:
            hours = data["opening_hours"][0]
            weekday, opens, closes = hours["days"][0], _time(hours["opens"]), _time(hours["closes"])
        lasts = last - first
        if weekday:
            first += datetime.timedelta(days=(weekday - first.isoweekday()) % 7)
            if lasts.days >= 7:  # meets weekly, so it ends on that weekday too
                lasts -= datetime.timedelta(days=lasts.days % 7)
        return (
            timezone.make_aware(datetime.datetime.combine(first, opens)),
            timezone.make_aware(datetime.datetime.combine(first + lasts, closes)),
        )

    def _parts(self, entry: Entry, service: Service) -> dict[str, list[models.Model]]:
        data = entry.data
        for hours in data["opening_hours"]:
            check_keys(entry, hours, ["days", "opens", "closes", "note", "place"], where="opening_hours")
        for exception in data["exceptions"]:
            check_keys(entry, exception, ["in_days", "closed", "note"], where="exceptions")
        for way in data["contacts"]:
            check_keys(entry, way, ["kind", "value", "label", "hours", "price", "audience"], where="contacts")
        for link in data["links"]:
            check_keys(entry, link, ["label", "url"], where="links")
        # The weekly hours of a course hold while it lasts.
        span = {}
        if service.kind in DATED_KINDS and service.starts_at and service.ends_at:
            span = {
                "valid_from": timezone.localdate(service.starts_at),
                "valid_to": timezone.localdate(service.ends_at),
            }
        return {
            "service_places": [ServicePlace(place=place) for place in entry.options("places", self.places)],
            "opening_hours": [
                OpeningHours(
                    weekday=day,
                    opens=_time(hours["opens"]),
                    closes=_time(hours["closes"]),
                    note=hours["note"],
                    place=entry.option("place", hours["place"], self.places) if hours["place"] else None,
                    **span,
                )
                for hours in data["opening_hours"]
                for day in hours["days"]
            ],
            "opening_exceptions": [
                OpeningException(
                    date_from=self._after(each["in_days"]),
                    date_to=self._after(each["in_days"]),
                    is_closed=each["closed"],
                    note=each["note"],
                )
                for each in data["exceptions"]
            ],
            "contact_ways": [ContactWay(**way) for way in data["contacts"]],
            "required_documents": [RequiredDocument(name=name) for name in data["required_documents"]],
            "links": [ServiceLink(**link) for link in data["links"]],
        }


def _time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


def _by_source_id(model: type[models.Model]) -> dict[str, Any]:
    return {each.source_id: each for each in model._default_manager.filter(source=Source.SAMPLE)}


# --- Taking it out ---------------------------------------------------------------------------------------------------
def counts() -> dict[str, int]:
    """How much sample data there is, by kind; a service counts once for each language."""
    return {
        "services": Service.objects.sample().count(),
        "places": Place.objects.filter(is_sample=True).count(),
        "organisations": Organisation.objects.filter(is_sample=True).count(),
    }


@transaction.atomic
def remove() -> list[str]:
    """Delete all sample data for good: the rows, their revisions and workflows, and by their signals the index.

    Each row is deleted by itself, so that everything that listens to a deletion hears of it. What something of the
    editors' own depends on is kept; the answer names it.
    """
    kept = []
    removing_sample.send(sender=Organisation)
    Check.objects.filter(key__in=Service.objects.sample().values("translation_key")).delete()
    # Services first: they need the other two.
    for rows in (
        Service.objects.sample(),
        Place.objects.filter(is_sample=True),
        Organisation.objects.filter(is_sample=True),
    ):
        for row in rows:
            try:
                with transaction.atomic():
                    row.delete()
            except ProtectedError:
                kept.append(str(row))
    LoadedContent.objects.filter(key__startswith=FOLDER).delete()
    LoadedContent.objects.update_or_create(key=REMOVED, defaults={"source": "", "state": "removed"})
    return kept
