"""Who writes first: every verb about a listing or a team takes the same lock before it reads what it will change.

One order for all: the listing (all its languages) or the organisation, then what hangs on it (an edit, a report, a
case). Two verbs then never wait for each other, and none overwrites what the other has just written. Only inside a
transaction; SQLite, where one writes at a time, needs none of it. No rules, no permissions.
"""

from uuid import UUID

from directory.models import Case, Organisation, Service


def lock_listing(key: UUID) -> None:
    """Keep a service, in all its languages, from other writers until the transaction ends."""
    # no_key: rows that only refer to it are still written.
    rows = Service.objects.select_for_update(no_key=True, of=("self",)).filter(translation_key=key)
    list(rows.order_by("pk").values_list("pk"))


def lock_organisation(number: int) -> None:
    """Keep an organisation (primary key), its facts and its team from other writers until the transaction ends."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=number).order_by().values_list("pk"))


def lock_row(row: Service | Organisation) -> None:
    """The listing or the organisation, whichever it is."""
    if isinstance(row, Service):
        lock_listing(row.translation_key)
    else:
        lock_organisation(row.pk)


def lock_case(case: Case) -> None:
    """What a case is about, then the case; it is as the database has it now."""
    if case.key is not None:
        lock_listing(case.key)
    elif case.claim is None and case.organisation_id is not None:
        lock_organisation(case.organisation_id)
    if case.claim is not None:
        list(type(case.claim).objects.select_for_update(no_key=True).filter(pk=case.claim_id).values_list("pk"))
    list(Case.objects.select_for_update(no_key=True).filter(pk=case.pk).values_list("pk"))
    case.refresh_from_db()
