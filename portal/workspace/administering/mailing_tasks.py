"""The task that writes a mailing's letters: a thin wrapper, fit to run twice."""

from django_tasks import task

from portal.workspace.administering import mailing_letters


@task(backend="db")
def write_letters(mailing_id: int) -> int:
    """Write the letters of one mailing."""
    return mailing_letters.send_all(mailing_id)
