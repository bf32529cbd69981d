"""Several cases at once: what would become of each, and doing it. What was shown is asked again when it is done.

A case may be closed by hand only where nothing else closes it: an edit, a claim and a report end by being decided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from directory import actions
from directory.actions import AlreadyDecidedError, may_be_closed
from directory.changes import Difference, differences, is_risky, places_in
from directory.choices import CaseKind, ReviewState
from directory.contents import fields_of
from directory.locking import lock_case
from directory.models import Case, Place, Review
from directory.permissions import Action, may

if TYPE_CHECKING:
    from portal.accounts.models import User


class BulkAction(models.TextChoices):
    """What can be done to several cases."""

    TAKE = "take", gettext_lazy("Make them my task")
    ASSIGN = "assign", gettext_lazy("Give them to somebody")
    GIVE_BACK = "give_back", gettext_lazy("Give them back to all")
    CLOSE = "close", gettext_lazy("Close them with a note")
    APPROVE = "approve", gettext_lazy("Approve the edits that are not risky")


@dataclass(frozen=True)
class Effect:
    """What becomes of one case: from `before` to `after`; or nothing, and `why_not`."""

    case: Case
    before: str = ""
    after: str = ""
    why_not: str = ""

    @property
    def will_change(self) -> bool:
        """Whether anything becomes of it."""
        return not self.why_not


def changes_of(review: Review) -> list[Difference]:
    """What an edit would change of what is public; everything that is filled in when nothing is."""
    public = review.public_revision.content if review.public_revision else {}
    content = review.revision.content if review.revision else {}
    return differences(public, content, fields_of(review.service or review.organisation))


def secret_places(changes: Iterable[Difference]) -> set[int]:
    """The places among the changes whose address is kept secret."""
    numbers = {each for change in changes for value in (change.before, change.after) for each in _places(value)}
    return set(Place.objects.filter(pk__in=numbers, is_secret=True).values_list("pk", flat=True)) if numbers else set()


def _places(value: Any) -> list[int]:
    return places_in(value) if isinstance(value, list) else []


def effect_of(case: Case, action: str, *, by: "User", to: "User | None" = None) -> Effect:
    """What the action would do to one case now."""
    if case.closed_at:
        return Effect(case, why_not=_("It is closed already."))
    if action == BulkAction.CLOSE:
        if not may_be_closed(case):
            return Effect(case, why_not=_("It is closed by deciding it: open it and decide."))
        return Effect(case, before=_("waits"), after=pgettext("case", "closed"))
    if action == BulkAction.APPROVE:
        return _approval(case, by)
    return _assignment(case, by if action == BulkAction.TAKE else to if action == BulkAction.ASSIGN else None)


def _assignment(case: Case, to: "User | None") -> Effect:
    if case.assigned_to_id == (to.pk if to else None):
        return Effect(case, why_not=_("It is so already."))
    if to is not None and not may(to, Action.WORK_CASE, case.organisation):
        return Effect(case, why_not=_("%(name)s does not administer this area.") % {"name": to})
    nobody = _("nobody's")
    return Effect(case, before=str(case.assigned_to or nobody), after=str(to or nobody))


def _approval(case: Case, by: "User") -> Effect:
    review = case.review
    if case.kind != CaseKind.REVIEW or review is None:
        return Effect(case, why_not=_("It is no edit."))
    if review.state != ReviewState.WAITING or review.revision is None:
        return Effect(case, why_not=_("It is decided already."))
    if review.submitted_by_id == by.pk:
        return Effect(case, why_not=_("You sent it yourself: somebody else approves it."))
    changes = changes_of(review)
    if review.public_revision_id is None or is_risky(changes, secret_places(changes)):
        return Effect(case, why_not=_("It is new or changes a name, a contact or a secret address: read it first."))
    return Effect(case, before=_("waits"), after=_("public"))


def effects(cases: Iterable[Case], action: str, *, by: "User", to: "User | None" = None) -> list[Effect]:
    """What the action would do to each, in their order. Writes nothing."""
    return [effect_of(case, action, by=by, to=to) for case in cases]


def carry_out(
    cases: Iterable[Case], action: str, *, by: "User", to: "User | None" = None, note: str = ""
) -> Iterator[Effect]:
    """Do it, each case for itself; what became of each. What has changed since it was shown is left as it is."""
    for case in cases:
        with transaction.atomic():
            lock_case(case)
            effect = effect_of(case, action, by=by, to=to)
            if effect.will_change:
                try:
                    _do(case, action, by=by, to=to, note=note)
                except AlreadyDecidedError:
                    effect = Effect(case, why_not=_("It is decided already."))
        yield effect


def _do(case: Case, action: str, *, by: "User", to: "User | None", note: str) -> None:
    if action == BulkAction.CLOSE:
        actions.close_case(case, by=by, words=note)
    elif action == BulkAction.APPROVE:
        actions.approve(case.review, by=by)
    else:
        actions.assign_case(case, to=by if action == BulkAction.TAKE else to, by=by)
