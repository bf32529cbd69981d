"""Turns changes of anything a service shows into `services_changed`; shares the facts of what is published."""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.signals import published

from directory.actions.reviewing import settle_waiting
from directory.models import Organisation, Place, Service, Term
from directory.sharing import share_facts
from directory.signals import services_changed


@receiver(published, sender=Service)
def service_published(sender, instance: Service, revision=None, **kwargs) -> None:
    share_facts(instance)
    _settle(instance, revision)


@receiver(published, sender=Organisation)
def organisation_published(sender, instance: Organisation, revision=None, **kwargs) -> None:
    _settle(instance, revision)


def _settle(row: Service | Organisation, revision) -> None:
    # Whoever publishes in the admin has decided; a keeper's notice for a while decides nothing.
    if revision is not None and getattr(revision, "answers_waiting", True):
        settle_waiting(row, revision.pk, by=revision.user)


@receiver(post_delete, sender=Service)
def service_deleted(sender, instance: Service, **kwargs) -> None:
    services_changed.send(sender=Service, keys=[instance.translation_key])


@receiver(post_save, sender=Organisation)
def organisation_saved(sender, instance: Organisation, created: bool, **kwargs) -> None:
    if not created:
        _tell(Service.objects.filter(organisation=instance))


@receiver(post_save, sender=Place)
def place_saved(sender, instance: Place, created: bool, **kwargs) -> None:
    if not created:
        _tell(Service.objects.filter(service_places__place=instance))


@receiver(post_save, sender=Term)
def term_saved(sender, instance: Term, created: bool, **kwargs) -> None:
    if not created:
        _tell(_services_with(instance))


@receiver(pre_delete, sender=Term)
def term_going(sender, instance: Term, **kwargs) -> None:
    # Once it is gone nobody knows which services had it.
    instance.keys_of_services = _keys(_services_with(instance))


@receiver(post_delete, sender=Term)
def term_gone(sender, instance: Term, **kwargs) -> None:
    services_changed.send(sender=Service, keys=instance.keys_of_services)


def _services_with(term: Term):
    uses = Q(topics__parent=term)
    for name in ("topics", "target_groups", "life_events", "service_classes"):
        uses |= Q(**{name: term})
    return Service.objects.filter(uses)


def _keys(services) -> list:
    return list(services.order_by().values_list("translation_key", flat=True).distinct())


def _tell(services) -> None:
    if keys := _keys(services):
        services_changed.send(sender=Service, keys=keys)
