"""The service: one listing of the directory, cluster root of its parts, and the querysets that read it.

`translation_key` is the service's UUID: one service, one UUID, one row for each language it is written in.
`Service.objects.public()` alone decides what the public may see; every public surface starts from it.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from directory import choices
from directory.freshness import WARNS, Freshness, freshness
from directory.models.organisation import Organisation
from directory.models.people import Membership
from directory.models.place import PublicPlace
from directory.models.upkeep import Upkeep
from directory.models.vocabulary import County, Municipality, Term
from directory.periods import periods_by_kind, periods_of
from directory.signals import services_changed
from portal.base import languages
from portal.base.fields import ChoiceSetField


def _with_places() -> models.Prefetch:
    """The places of services with their municipalities and regions, in one query."""
    places = apps.get_model("directory", "ServicePlace").objects.select_related("place__municipality__region")
    return models.Prefetch("service_places", queryset=places)


class ServiceQuerySet(models.QuerySet["Service"]):
    """Every way to read services, named as one would say it. The clock is an argument."""

    def public(self, at: datetime.datetime | None = None) -> "ServiceQuerySet":
        """What anybody may see: live, not hidden, of a public organisation, not over, and somebody answers for it."""
        return self.offered(at).exclude(translation_key__in=Upkeep.objects.hidden().values("key"))

    def offered(self, at: datetime.datetime | None = None) -> "ServiceQuerySet":
        """What its keepers mean to be public, whether or not freshness has hidden it for want of an answer."""
        now = Value(at) if at else Now()
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gte=now),
            live=True,
            withdrawn_on__isnull=True,
            organisation__live=True,
            organisation__is_hidden=False,
        ).exclude(
            # Whoever hides a service hides it in every language.
            translation_key__in=self.model.objects.filter(is_hidden=True).values("translation_key")
        )

    def best_for(self, language: str) -> "ServiceQuerySet":
        """One row of each service: the one in the reader's language, else the first of its fallbacks."""
        order = languages.reading_order(language)
        rank = Case(
            *(When(locale__language_code=code, then=position) for position, code in enumerate(order)),
            default=len(order),
            output_field=IntegerField(),
        )
        ranked = self.annotate(language_rank=rank)
        best = (
            self.model.objects.filter(pk__in=self.values("pk"), translation_key=models.OuterRef("translation_key"))
            .annotate(language_rank=rank)
            .order_by("language_rank", "pk")
        )
        return ranked.filter(pk=models.Subquery(best.values("pk")[:1]))

    def with_list_facts(self) -> "ServiceQuerySet":
        """With what a list row shows, in a fixed number of queries. What an import kept of its source stays unread."""
        return (
            self.select_related("organisation", "locale")
            .prefetch_related("municipalities", _with_places())
            .defer("raw", "organisation__raw")
        )

    def with_page_facts(self) -> "ServiceQuerySet":
        """With what a service's own page shows."""
        return self.with_list_facts().prefetch_related(
            "counties",
            "topics",
            "target_groups",
            "opening_hours__place",
            "opening_exceptions",
            "contact_ways",
            "required_documents",
            "links",
            "long_description",
        )

    def of_keys(self, keys: Iterable[Any]) -> "ServiceQuerySet":
        """The services with these UUIDs."""
        return self.filter(translation_key__in=list(keys))

    def looked_after(self) -> "ServiceQuerySet":
        """Those that somebody here answers for. Another catalogue's have keepers of their own, until ours take over."""
        members = Membership.objects.filter(organisation=models.OuterRef("organisation"))
        own = Q(source=choices.Source.OWN) | Q(owner__isnull=False) | Q(deputy__isnull=False)
        return self.filter(own | models.Exists(members))

    def due_for_check(self, today: datetime.date | None = None) -> "ServiceQuerySet":
        """Live listings of ours whose check, or else first publication, is longer ago than their kind allows."""
        day = today or timezone.localdate()
        periods = periods_by_kind()
        default = periods.pop("")
        due = ~Q(kind__in=periods) & _counts_from_before(day - datetime.timedelta(days=default.due))
        for kind, own in periods.items():
            due |= Q(kind=kind) & _counts_from_before(day - datetime.timedelta(days=own.due))
        return self.looked_after().filter(due, live=True)

    def sample(self) -> "ServiceQuerySet":
        """Invented listings."""
        return self.filter(is_sample=True)


def _counts_from_before(day: datetime.date) -> Q:
    """Checked on this day or before; never checked, and public since this day or before."""
    after = timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))
    return Q(checked_on__lte=day) | Q(checked_on__isnull=True, first_published_at__lt=after)


class Service(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """Something a person can come to or get: HSDS service, PTV Service."""

    # What and by whom
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="services"
    )
    title = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address of the page"), max_length=160, allow_unicode=False)
    kind = models.CharField(_("kind"), max_length=25, choices=choices.Kind.choices, default=choices.Kind.SERVICE)
    summary = models.CharField(
        _("in one sentence"), max_length=150, help_text=_("What is it, and for whom? At most 150 characters.")
    )
    description = models.TextField(_("description"), blank=True, max_length=5000)
    for_whom = models.TextField(_("for whom"), blank=True)
    age_min = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    eligibility = models.TextField(_("conditions"), blank=True)
    how_to_join = models.TextField(_("how to join"), blank=True, help_text=_("Tell the person what to do first."))
    how_to_refer = models.TextField(
        _("how to refer"), blank=True, help_text=_("Tell the worker how to guide a client to you.")
    )
    practical_notes = models.TextField(_("practical notes"), blank=True)

    # Where on the pathway
    stages = ChoiceSetField(_("stages of the pathway"), choices=choices.Stage.choices)
    guidance_levels = ChoiceSetField(_("levels of guidance"), choices=choices.GuidanceLevel.choices)
    need_tiers = ChoiceSetField(_("how much support is needed"), choices=choices.NeedTier.choices)
    topics = ParentalManyToManyField(
        Term, verbose_name=_("topics"), blank=True, related_name="+", limit_choices_to={"scheme": choices.Scheme.TOPIC}
    )
    target_groups = ParentalManyToManyField(
        Term,
        verbose_name=_("target groups"),
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": choices.Scheme.TARGET_GROUP},
    )
    life_events = ParentalManyToManyField(
        Term,
        verbose_name=_("life events"),
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": choices.Scheme.LIFE_EVENT},
    )
    service_classes = ParentalManyToManyField(
        Term,
        verbose_name=_("service classes"),
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": choices.Scheme.SERVICE_CLASS},
    )
    keywords = models.TextField(
        _("other words"), blank=True, help_text=_("Words that people may search with. One on each line.")
    )

    # How one takes part
    charge = models.CharField(_("charge"), max_length=12, blank=True, choices=choices.Charge.choices)
    charge_note = models.TextField(_("more about the price"), blank=True)
    payment = ChoiceSetField(_("a public body can pay by"), choices=choices.Payment.choices)
    channels = ChoiceSetField(_("ways to take part"), choices=choices.Channel.choices)
    languages = ChoiceSetField(_("languages of service"), choices=choices.SERVICE_LANGUAGES)
    accessibility = ChoiceSetField(_("accessibility"), choices=choices.Accessibility.choices)
    is_anonymous = models.BooleanField(_("one can come without a name"), default=False)
    needs_no_appointment = models.BooleanField(_("no appointment needed"), default=False)
    is_outreach = models.BooleanField(_("comes to where people are"), default=False)
    is_outside_office_hours = models.BooleanField(_("open outside office hours"), default=False)
    has_interpreter = models.BooleanField(_("an interpreter can be had"), default=False)
    grouping = models.CharField(_("alone or in a group"), max_length=10, blank=True, choices=choices.Grouping.choices)
    meets = ChoiceSetField(_("whom one meets"), choices=choices.Meets.choices)
    production = models.CharField(_("whose activity"), max_length=12, blank=True, choices=choices.Production.choices)
    referral = models.CharField(
        _("referral"), max_length=10, choices=choices.Referral.choices, default=choices.Referral.UNKNOWN
    )
    capacity = models.CharField(
        _("taking people now?"), max_length=15, choices=choices.Capacity.choices, default=choices.Capacity.UNKNOWN
    )
    capacity_note = models.CharField(_("more about free places"), max_length=200, blank=True)
    capacity_until = models.DateField(
        _("holds until"), null=True, blank=True, help_text=_("After this day the statement is no longer shown.")
    )

    # When, for events and courses
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    enrol_by = models.DateField(_("enrol by"), null=True, blank=True)

    # Where
    is_nationwide = models.BooleanField(_("for the whole country"), default=False)
    municipalities = ParentalManyToManyField(
        Municipality, verbose_name=_("municipalities served"), blank=True, related_name="+"
    )
    counties = ParentalManyToManyField(
        County, verbose_name=_("wellbeing services counties served"), blank=True, related_name="+"
    )

    # What holds for a while
    notice = models.TextField(_("notice"), blank=True, max_length=500)
    notice_until = models.DateField(_("notice is shown until"), null=True, blank=True)

    # Who answers for it, and when it was checked. Only a person's check moves the date (directory.actions).
    partners = ParentalManyToManyField(
        Organisation, verbose_name=_("done together with"), blank=True, related_name="partner_in"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("keeper"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    checked_how = models.CharField(max_length=10, blank=True, editable=False, choices=choices.CheckedHow.choices)

    # Visibility and origin
    is_hidden = models.BooleanField(_("hidden from the public"), default=False)
    hidden_reason = models.CharField(_("why it is hidden"), max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    source = models.CharField(max_length=10, choices=choices.Source.choices, default=choices.Source.OWN, editable=False)
    source_id = models.CharField(max_length=100, blank=True, editable=False)
    source_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The answer as it came, and the values an import wrote: what differs from them is an editor's own change.
    raw = models.JSONField(null=True, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )
    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )

    objects = ServiceQuerySet.as_manager()

    # Texts are translated; facts are the same in every language. Schedules (go_live_at …) stay each row's own.
    TEXTS = (
        "title",
        "summary",
        "description",
        "for_whom",
        "eligibility",
        "how_to_join",
        "how_to_refer",
        "practical_notes",
        "charge_note",
        "capacity_note",
        "keywords",
        "notice",
    )
    FACTS = (
        "organisation",
        "slug",
        "kind",
        "age_min",
        "age_max",
        "stages",
        "guidance_levels",
        "need_tiers",
        "topics",
        "target_groups",
        "life_events",
        "service_classes",
        "charge",
        "payment",
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
        "production",
        "referral",
        "capacity",
        "capacity_until",
        "starts_at",
        "ends_at",
        "enrol_by",
        "is_nationwide",
        "municipalities",
        "counties",
        "notice_until",
        "partners",
        "owner",
        "deputy",
        "is_hidden",
        "hidden_reason",
    )
    PARTS = (
        "service_places",
        "opening_hours",
        "opening_exceptions",
        "contact_ways",
        "required_documents",
        "links",
        "long_description",
    )
    translatable_fields = [
        *(TranslatableField(name) for name in TEXTS),
        *(SynchronizedField(name, overridable=False) for name in (*FACTS, *PARTS)),
    ]

    search_fields = [
        index.AutocompleteField("title"),
        index.SearchField("title"),
        index.SearchField("summary"),
        index.RelatedFields("organisation", [index.AutocompleteField("names_text"), index.SearchField("names_text")]),
        index.FilterField("locale"),
        index.FilterField("translation_key"),
        index.FilterField("kind"),
        index.FilterField("live"),
        index.FilterField("source"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["locale", "slug"], name="service_slug_once_in_language"),
            models.UniqueConstraint(
                fields=["source", "source_id", "locale"],
                condition=~Q(source_id=""),
                name="service_once_per_source_and_language",
            ),
            models.CheckConstraint(
                condition=Q(age_min__isnull=True) | Q(age_max__isnull=True) | Q(age_min__lte=F("age_max")),
                name="service_ages_in_order",
            ),
        ]
        indexes = [models.Index(fields=["live", "is_hidden"]), models.Index(fields=["checked_on"])]

    def __str__(self) -> str:
        return self.title

    # --- constraints ---
    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        # Sent here and not by post_save: only now are the parts of the cluster saved too. In one transaction, so
        # that the index and the row are never at odds.
        services_changed.send(sender=Service, keys=[self.translation_key])

    def full_clean(self, *args, **kwargs) -> None:
        if not self.slug and self.title:
            self.slug = self.free_slug()
        super().full_clean(*args, **kwargs)

    def with_content_json(self, content):
        """A revision made into a service. Its check is the row's: no draft or schedule brings an old one back."""
        service = super().with_content_json(content)
        checks = ("checked_on", "checked_by_id", "checked_how")
        saved = Service.objects.filter(pk=self.pk).values_list(*checks).first()
        for name, value in zip(checks, saved or (), strict=False):
            setattr(service, name, value)
        return service

    def free_slug(self) -> str:
        """A slug made of the title that no other service in this language has."""
        base = slugify(self.title)[:140] or "palvelu"
        taken = set(
            Service.objects.filter(slug__startswith=base)
            .exclude(translation_key=self.translation_key)
            .values_list("slug", flat=True)
        )
        return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 100_000))) if slug not in taken)

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            errors["age_max"] = _("The oldest age is below the youngest.")
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            errors["ends_at"] = _("It ends before it starts.")
        if self.kind in choices.DATED_KINDS and not self.ends_at:
            errors["ends_at"] = _("Tell when it ends: an event or a course leaves the directory by itself then.")
        if self.slug and Service.objects.filter(slug=self.slug).exclude(translation_key=self.translation_key).exists():
            errors["slug"] = _("Another service has this address already.")
        if errors:
            raise ValidationError(errors)

    # --- cheap facts ---
    @property
    def uuid(self):
        """The service's lasting identity, the same in every language; kept from an import."""
        return self.translation_key

    @property
    def language(self) -> str:
        """The language this row is written in, for `lang=`."""
        return self.locale.language_code

    @property
    def counts_from(self) -> datetime.date | None:
        """The day that freshness counts from: of the check, else of the first publication.

        None: no clock runs. It was never public, or another catalogue's keepers answer for it and none has checked it.
        """
        if self.checked_on or self.first_published_at is None:
            return self.checked_on
        is_ours = self.source not in choices.CATALOGUES or self.owner_id is not None or self.deputy_id is not None
        return timezone.localdate(self.first_published_at) if is_ours else None

    def freshness(self, today: datetime.date | None = None) -> Freshness:
        """How fresh the listing is by its dates; fresh while no clock runs. Whether it is hidden: Upkeep."""
        if self.counts_from is None:
            return Freshness.FRESH
        return freshness(self.counts_from, today or timezone.localdate(), periods_of(self.kind))

    @property
    def may_be_outdated(self) -> bool:
        """Whether the reader should be warned."""
        return self.freshness() in WARNS

    @property
    def current_capacity(self) -> str:
        """The capacity, unless the day it holds until is past."""
        lapsed = self.capacity_until is not None and self.capacity_until < timezone.localdate()
        return choices.Capacity.UNKNOWN if lapsed else self.capacity

    @property
    def current_notice(self) -> str:
        """The notice, unless it has lapsed."""
        lapsed = self.notice_until is not None and self.notice_until < timezone.localdate()
        return "" if lapsed else self.notice

    @property
    def is_remote(self) -> bool:
        """Whether it reaches a person wherever they are."""
        return bool(set(self.channels) & set(choices.REMOTE_CHANNELS))

    @property
    def may_be_referred(self) -> bool:
        """Whether a worker's referral is of use."""
        return self.referral in (choices.Referral.NEEDED, choices.Referral.ALLOWED)

    @property
    def public_places(self) -> list[PublicPlace]:
        """The places as anybody may see them."""
        return [link.place.public() for link in self.service_places.all()]

    @property
    def public_contact_ways(self) -> list:
        """The contact ways that are for everybody."""
        return [way for way in self.contact_ways.all() if way.audience == choices.Audience.PUBLIC]

    # --- pages ---
    def get_absolute_url(self) -> str:
        return reverse("directory:service", kwargs={"slug": self.slug})

    def get_preview_template(self, request, mode_name):
        return "directory/service.html"

    def get_preview_context(self, request, mode_name):
        from directory.presentation import service_context

        if self.locale_id is None:
            # Never saved yet: it will be written in the site's first language.
            self.locale = Locale.get_default()
        return {**super().get_preview_context(request, mode_name), **service_context(self, timezone.now())}
