"""The doors of this room over HTTP: who stands there, by account, opened link or code. What is not theirs answers 404.

Every page here is somebody's own: never cached, never indexed, told to no other site.
"""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from referrals.actors import PERSON, Actor
from referrals.choices import Party
from referrals.links import may_use
from referrals.models import Enquiry, Link, Referral
from referrals.permissions import Relation, Right, allows, enquiries_for, is_in_team, is_worker
from referrals.sealing import CannotOpenError, has_keys, seal, unseal
from referrals.switch import is_in_use

View = Callable[..., HttpResponse]
# In the session: what a link and its code, or a person's code, has opened, and until when. UUIDs and moments.
_LINKS = "referral_links"
_OWN = "own_referral"
# A code that came in an address, sealed, from there to the page that is shown next.
_TYPED = "own_code"
OWN_MINUTES = 30


class Door(NamedTuple):
    """Who stands at an enquiry or a referral, and as what."""

    relation: Relation
    actor: Actor


# --- Decorators -------------------------------------------------------------------------------------------------------
def private(view: View) -> View:
    """A page of somebody's own: kept by no cache, no search engine. What no key opens gives a page that says so; what
    was removed between the door and the act is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except CannotOpenError:
            response = TemplateResponse(request, "referrals/cannot_open.html", status=503)
        except (Referral.DoesNotExist, Enquiry.DoesNotExist, Link.DoesNotExist):
            raise Http404("removed meanwhile") from None
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def in_use(view: View) -> View:
    """A page that takes in something about a person: not before an administrator has switched referrals on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_in_use():
            return TemplateResponse(request, "referrals/not_in_use.html", status=404)
        return view(request, *args, **kwargs)

    return guarded


def signed_in(view: View) -> View:
    """A private page for signed-in people. Others are led to sign in and come back."""
    return private(login_required(view))


def for_workers(view: View) -> View:
    """A private page for approved members of a team; others are led to where one asks for a team."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_worker(request.user):
            return redirect("referrals:teams")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


# --- The sender's side ------------------------------------------------------------------------------------------------
def referral_or_404(request: HttpRequest, uuid: UUID, right: Right) -> tuple[Referral, Door]:
    """The referral, for a member of the team that sent it."""
    referral = Referral.objects.filter(uuid=uuid).select_related("team__organisation", "keeper").first()
    if referral is None or not is_in_team(request.user, referral.team) or not allows(Relation.TEAM, right):
        raise Http404("no such referral")
    actor = Actor(Party.SENDER, user=request.user, in_name_of=str(referral.team))
    return referral, Door(Relation.TEAM, actor)


# --- The organisation's side ------------------------------------------------------------------------------------------
def enquiry_or_404(request: HttpRequest, uuid: UUID, right: Right) -> tuple[Enquiry, Door]:
    """The enquiry, for a signed-in receiver or for whoever has opened it by a link in this browser."""
    enquiry = Enquiry.objects.filter(uuid=uuid).select_related("referral__team__organisation", "organisation").first()
    if enquiry is None:
        raise Http404("no such enquiry")
    name = str(enquiry.organisation)
    if enquiries_for(request.user).filter(pk=enquiry.pk).exists():
        relation, actor = Relation.RECEIVER, Actor(Party.ORGANISATION, user=request.user, in_name_of=name)
    elif (link := _opened_link(request, enquiry)) is not None:
        relation = Relation.LINK
        actor = Actor(Party.ORGANISATION, user=link.user, link=link.uuid, in_name_of=name)
    else:
        raise Http404("no such enquiry")
    if not allows(relation, right):
        raise Http404("no such enquiry")
    return enquiry, Door(relation, actor)


def remember_link(request: HttpRequest, link: Link) -> None:
    """The code was right: this browser may read and answer the enquiry for a while."""
    # Whoever knew this session before must not come in with it.
    request.session.cycle_key()
    now = timezone.now()
    until = now + datetime.timedelta(minutes=settings.REFERRAL_OPEN_MINUTES)
    opened = {key: each for key, each in request.session.get(_LINKS, {}).items() if each[1] > now.timestamp()}
    request.session[_LINKS] = {**opened, link.enquiry.uuid.hex: [link.uuid.hex, until.timestamp()]}


def forget_link(request: HttpRequest, enquiry: Enquiry) -> None:
    """What a link has opened is closed in this browser."""
    opened = {key: value for key, value in request.session.get(_LINKS, {}).items() if key != enquiry.uuid.hex}
    request.session[_LINKS] = opened


def open_until(request: HttpRequest, enquiry: Enquiry) -> datetime.datetime:
    """Until when an enquiry stays open that a link has opened in this browser."""
    _uuid, until = request.session[_LINKS][enquiry.uuid.hex]
    return datetime.datetime.fromtimestamp(until, tz=datetime.UTC)


def _opened_link(request: HttpRequest, enquiry: Enquiry) -> Link | None:
    uuid, until = request.session.get(_LINKS, {}).get(enquiry.uuid.hex, ["", 0])
    if not uuid or until < timezone.now().timestamp():
        return None
    link = Link.objects.filter(uuid=uuid, enquiry=enquiry).select_related("user").first()
    return link if link and may_use(link) else None


# --- The person's side ------------------------------------------------------------------------------------------------
def remember_own(request: HttpRequest, referral: Referral) -> None:
    """The code was right: this browser may show the person's own view for a while."""
    request.session.cycle_key()
    until = timezone.now() + datetime.timedelta(minutes=OWN_MINUTES)
    request.session[_OWN] = [referral.uuid.hex, until.timestamp(), _mark_of(referral)]


def forget_own(request: HttpRequest) -> None:
    """The person has gone."""
    request.session.pop(_OWN, None)


def remember_typed(request: HttpRequest, code: str) -> None:
    """Carry a code from an address to the next page. Without a key there is nothing to open, and nothing is kept."""
    if has_keys():
        request.session[_TYPED] = seal(code)


def take_typed(request: HttpRequest) -> str:
    """The code that came in an address; asked for again it is gone."""
    sealed = request.session.pop(_TYPED, "")
    try:
        return unseal(sealed) if sealed else ""
    except CannotOpenError:
        return ""


def own_referral(request: HttpRequest) -> Referral | None:
    """The referral that a person's code has opened in this browser; None when none has, or the time is over."""
    uuid, until, mark = request.session.get(_OWN, ["", 0, ""])
    if not uuid or until < timezone.now().timestamp():
        forget_own(request)
        return None
    found = Referral.objects.filter(uuid=uuid, code_hash__isnull=False).select_related("team__organisation").first()
    # When the person has got a new code, what the old one opened closes too.
    return found if found is not None and _mark_of(found) == mark else None


def own_until(request: HttpRequest) -> datetime.datetime:
    """Until when the person's own view stays open in this browser."""
    _uuid, until, _mark = request.session[_OWN]
    return datetime.datetime.fromtimestamp(until, tz=datetime.UTC)


def _mark_of(referral: Referral) -> str:
    """By which a session knows the code that opened it: a few letters of its keyed hash, which open nothing."""
    return (referral.code_hash or "")[:16]


PERSON_DOOR = Door(Relation.PERSON, PERSON)
