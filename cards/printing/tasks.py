"""Tasks of printing: thin wrappers, fit to run twice."""

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from cards.printing import making


@task(backend="db")
def make_print(key: str) -> None:
    """Make one print."""
    making.make(UUID(key), timezone.now())


def remove_old_prints() -> int:
    """Remove old prints."""
    return making.remove_old(timezone.now())
