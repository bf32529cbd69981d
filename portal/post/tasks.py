"""Tasks of the post: thin wrappers, fit to run twice."""

from django.utils import timezone
from django_tasks import task

from portal.post import letters


@task(backend="db", queue_name=letters.QUEUE)
def deliver_letter(letter_id: int) -> None:
    """Send one letter."""
    letters.deliver(letter_id, timezone.now())


def resume_letters() -> int:
    """Put letters that were cut off on their way again."""
    return letters.resume(timezone.now())


def prune_letters() -> int:
    """Remove old letters."""
    return letters.prune(timezone.now())
