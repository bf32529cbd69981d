"""One case as its page shows it: the listing, whom to reach, what was asked and answered, notes, forms. Reads only."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.actions import may_be_closed
from directory.choices import CaseKind
from directory.models import Case, Check, Membership, NoticeItem, Service
from portal.accounts.models import User
from portal.workspace.administering.forms import AnswerForm, CheckForm, CloseForm, NoteForm, PersonForm
from portal.workspace.administering.presentation_queue import people_for, title_of

MOST_SHOWN = 10


def row_of(case: Case) -> Service | None:
    """The service that a case is about, in the reader's language or the first there is."""
    if case.key is None:
        return None
    rows = Service.objects.of_keys([case.key]).best_for(get_language() or "fi")
    return rows.select_related("organisation__home_municipality", "locale", "owner", "deputy", "checked_by").first()


def keepers_to_choose(case: Case) -> list[User]:
    """Those of the organisation who can be made its keeper."""
    members = Membership.objects.reachable().filter(organisation=case.organisation).select_related("user")
    return [each.user for each in members]


def side_context(case: Case, user: Any) -> dict[str, Any]:
    """What stands beside every case: whose task, who watches, what was noted."""
    return {
        "case": case,
        "notes": case.notes.select_related("written_by"),
        "is_watched": case.watchers.filter(pk=user.pk).exists(),
        "note_form": NoteForm(auto_id="note-%s"),
        "assign_form": PersonForm(
            people=people_for(user),
            is_optional=True,
            label=_("Whose task?"),
            initial={"person": case.assigned_to_id},
            auto_id="assign-%s",
        ),
    }


def case_context(case: Case, user: Any) -> dict[str, Any]:
    """What the page of a case shows."""
    service = row_of(case)
    organisation = case.organisation
    members = organisation.memberships.select_related("user").order_by("role", "pk") if organisation else ()
    asks_for_keeper = case.kind in (CaseKind.ORPHAN, CaseKind.NOT_MINE) and service is not None
    people = keepers_to_choose(case) if asks_for_keeper else []
    asked = NoticeItem.objects.filter(key=case.key).select_related("notice__user").order_by("-notice__on", "-pk")
    may_act_on_service = service is not None and case.kind != CaseKind.REVIEW
    return {
        **side_context(case, user),
        "title": title_of(case, {case.key: service.title} if service and case.key else {}),
        "service": service,
        "organisation": organisation,
        "members": members,
        "asked": list(asked[:MOST_SHOWN]) if case.key else [],
        "last_check": Check.objects.filter(key=case.key).select_related("by").first() if case.key else None,
        "contact_ways": service.contact_ways.all() if service else (),
        "report": case.report,
        "claim": case.claim,
        "answer_form": AnswerForm() if case.report and not case.report.handled_at else None,
        "keeper_form": PersonForm(people=people, label=_("New keeper"), auto_id="keeper-%s") if people else None,
        "asks_for_keeper": asks_for_keeper,
        "check_form": CheckForm(auto_id="check-%s") if may_act_on_service else None,
        "end_form": CloseForm(auto_id="end-%s") if may_act_on_service else None,
        "close_form": CloseForm(auto_id="close-%s") if may_be_closed(case) else None,
    }
