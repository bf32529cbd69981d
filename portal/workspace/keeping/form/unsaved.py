"""What was typed and not saved: kept as it was sent, shown again on return, even when the session ended meanwhile."""

import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from directory.actions import keep_input
from directory.models import Organisation, Service, UnsavedInput
from portal.base.ratelimit import is_too_often
from portal.workspace.access import View, signed_in
from portal.workspace.keeping.form.page import as_sent, typed_of
from portal.workspace.keeping.presentation_service import people_words

# More than a person types into one step.
LONGEST = 200_000
# In the session of somebody who is not signed in any more: (address, what was sent).
UNSENT = "workspace_unsent"
UNSENT_PER_HOUR = 20
# Another's writing within these is told to whoever opens the same step.
WRITING_NOW = datetime.timedelta(minutes=15)
EDITED_LATELY = datetime.timedelta(hours=1)


def keeps_what_is_sent(view: View) -> View:
    """A page for signed-in people. What is sent after a session has ended waits until they have signed in again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            typed = typed_of(request.POST)
            if _is_short(typed) and not is_too_often(request, "unsent", most=UNSENT_PER_HOUR, seconds=3600):
                request.session[UNSENT] = [request.path, typed]
            return redirect_to_login(request.path)
        return signed_in(view)(request, *args, **kwargs)

    return guarded


def _is_short(typed: dict[str, list[str]]) -> bool:
    return sum(len(name) + sum(map(len, values)) for name, values in typed.items()) <= LONGEST


def keep(request: HttpRequest, organisation: Organisation, service: Service | None, step: str) -> bool:
    """Keep what was sent; False when it is too long to be a person's."""
    typed = typed_of(request.POST)
    if not _is_short(typed):
        return False
    keep_input(by=request.user, organisation=organisation, service=service, step=step, data=typed)
    return True


def kept_for(
    request: HttpRequest, organisation: Organisation, service: Service | None, step: str
) -> tuple[QueryDict, datetime.datetime] | None:
    """What this person typed here before and did not save, and when."""
    path, typed = request.session.get(UNSENT, ("", {}))
    if path == request.path:
        del request.session[UNSENT]
        keep_input(by=request.user, organisation=organisation, service=service, step=step, data=typed)
    found = UnsavedInput.objects.filter(
        user=request.user, organisation=organisation, service=service, step=step
    ).first()
    return (as_sent(found.data), found.saved_at) if found else None


def saved_words(moment: datetime.datetime, now: datetime.datetime) -> str:
    """ "Saved at 14:32", with the day when it was another."""
    here, today = timezone.localtime(moment), timezone.localdate(now)
    at = time_format(here, "G.i")
    if here.date() == today:
        return _("Saved at %(time)s") % {"time": at}
    return _("Saved on %(day)s at %(time)s") % {"day": date_format(here.date(), "SHORT_DATE_FORMAT"), "time": at}


def others_words(service: Service, reader: Any, now: datetime.datetime) -> str:
    """Who else has edited or is writing just now, in a sentence; "" when nobody."""
    other = (
        UnsavedInput.objects.filter(service=service, saved_at__gte=now - WRITING_NOW)
        .exclude(user=reader)
        .select_related("user")
        .order_by("-saved_at")
        .first()
    )
    if other:
        return _(
            "%(name)s is writing here just now. Talk to each other: what you both change is asked when you save."
        ) % {"name": _named(other.user, service, reader)}
    last = service.latest_revision
    if last and last.user_id and last.user_id != reader.pk and now - last.created_at < EDITED_LATELY:
        return _("%(name)s edited this %(age)s ago.") % {
            "name": _named(last.user, service, reader),
            "age": timesince(last.created_at, now),
        }
    return ""


def _named(user: Any, service: Service, reader: Any) -> str:
    return people_words([user], service.organisation, reader)[user.pk]
