"""Two people's edits of the same field: both are shown, the person chooses, nothing is lost."""

from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from directory.changes import Conflict, Difference, merge
from directory.contents import content_at
from directory.difference_words import in_words
from directory.models import Service
from portal.workspace.keeping.form.page import CHOICE, StepPage, typed_of

_SALT = "workspace.form.over"
MINE, THEIRS = "mine", "theirs"


def chosen(
    request: HttpRequest, service: Service, page: StepPage, base: int | None
) -> tuple[dict[str, Any], int | None, tuple[Conflict, ...]]:
    """What to write after the person has chosen: values, the version they go over, what is not chosen yet.

    Without a choice made on the page of a conflict: the page's own values.
    """
    values = page.values()
    try:
        number, over = signing.loads(request.POST.get("over", ""), salt=_SALT)
    except signing.BadSignature:
        return values, None, ()
    theirs = content_at(service, over) if number == service.pk else None
    if theirs is None:
        return values, None, ()
    answers = {name: request.POST.get(f"{CHOICE}{name}") for name in values}
    values = {name: value for name, value in values.items() if answers[name] != THEIRS}
    conflicts = merge(content_at(service, base) or theirs, theirs, values).conflicts
    return values, over, tuple(each for each in conflicts if answers[each.field] != MINE)


def conflict_page(
    request: HttpRequest, service: Service, page: StepPage, conflicts: Iterable[Conflict], *, over: int | None
) -> HttpResponse:
    """Both versions of each field side by side, with a choice for each; everything typed goes along."""
    rows = list(conflicts)
    theirs = in_words(Service, [Difference(each.field, each.base, each.theirs) for each in rows])
    mine = in_words(Service, [Difference(each.field, each.base, each.mine) for each in rows])
    shown = [
        {
            "field": each.field,
            "name": f"{CHOICE}{each.field}",
            "choice": request.POST.get(f"{CHOICE}{each.field}", ""),
            "theirs": [words for words in theirs if words.field.split(".")[0] == each.field],
            "mine": [words for words in mine if words.field.split(".")[0] == each.field],
        }
        for each in rows
    ]
    revision = service.revisions.filter(pk=over).select_related("user").first() if over else None
    context = {
        "service": service,
        "organisation": service.organisation,
        "step": page.step,
        "conflicts": shown,
        "typed": [(name, value) for name, values in typed_of(page.questions.data).items() for value in values],
        "over": signing.dumps([service.pk, over], salt=_SALT),
        "do": request.POST.get("do", ""),
        # One may have the same page open twice.
        "other": revision.user if revision and revision.user != request.user else None,
        "is_asked_again": "over" in request.POST,
    }
    return TemplateResponse(request, "workspace/keeping/form/conflict.html", context, status=409)
