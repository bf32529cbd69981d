"""Pages of the directory: a service, an organisation, my list, comparing, telling of a mistake. Thin."""

import json
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions, shortlist
from directory.choices import Stage
from directory.comparing import MOST, comparison
from directory.forms import ReportForm
from directory.jsonld import service_jsonld
from directory.models import DuplicateKind, Merged, Organisation, Service
from directory.presentation import (
    list_message,
    listing_items,
    organisation_context,
    reply_words,
    service_context,
    shared_list_path,
)
from directory.reply_times import usual_reply_days
from portal.base.qr import qr_svg
from portal.base.ratelimit import is_too_often

REPORTS_PER_HOUR = 5
# The query of the results that a reader came from, in the address of a service.
BACK = "results"
_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def _public_service(slug: str) -> Service:
    """The public row of a service that suits the reader. An unknown, hidden or lapsed one is a 404."""
    keys = Service.objects.public().filter(slug=slug).values("translation_key")
    services = Service.objects.public().filter(translation_key__in=keys).best_for(get_language())
    service = services.with_page_facts().prefetch_related("partners").order_by("language_rank", "pk").first()
    if service is None:
        raise Http404("no such service")
    return service


def own_list(request: HttpRequest) -> list[UUID]:
    """The UUIDs on the visitor's own list."""
    return shortlist.unpack(request.COOKIES.get(shortlist.COOKIE, ""))


def _merged_service(slug: str) -> Service | None:
    """What a service that is no longer public was merged into, if it was."""
    key = Service.objects.filter(slug=slug).values_list("translation_key", flat=True).first()
    kept = Merged.objects.kept_of(DuplicateKind.SERVICE, [key]) if key else {}
    return Service.objects.public().of_keys(kept.values()).best_for(get_language()).first() if kept else None


@require_GET
def service_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: is this for me, and what do I do next?"""
    try:
        service = _public_service(slug)
    except Http404:
        if kept := _merged_service(slug):
            return redirect(kept)
        raise
    context = service_context(service, timezone.now())
    context["reply_words"] = reply_words(usual_reply_days([service.uuid]).get(service.uuid))
    data = service_jsonld(service, request.build_absolute_uri(service.get_absolute_url()))
    context["jsonld"] = mark_safe(json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES))
    context["keys"] = [service.uuid]
    context["on_list"] = service.uuid in own_list(request)
    context["back_to_results"] = back = _results_address(request)
    # A button on the page brings the reader back here, and the browser then says that they came from here.
    query = back.partition("?")[2]
    context["here"] = f"{request.path}?{urlencode({BACK: query})}" if query else request.path
    return TemplateResponse(request, "directory/service.html", context)


def _results_address(request: HttpRequest) -> str:
    """Where the reader came from, if it was our own search page: filters are kept."""
    back = request.META.get("HTTP_REFERER", "")
    search = reverse("search:search")
    if BACK in request.GET:
        return f"{search}?{request.GET[BACK]}"
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if is_ours and search in back:
        return back[back.index(search) :]
    return search


@require_GET
def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation and its services."""
    organisations = Organisation.objects.public().select_related("parent", "home_municipality", "logo")
    organisation = organisations.prefetch_related("contacts").filter(slug=slug).first()
    if organisation is None:
        dropped = get_object_or_404(Organisation, slug=slug)
        into = Merged.objects.kept_of(DuplicateKind.ORGANISATION, [dropped.uuid])
        return redirect(get_object_or_404(organisations, uuid__in=into.values()))
    services = list(
        Service.objects.public()
        .filter(organisation=organisation)
        .best_for(get_language())
        .with_list_facts()
        .prefetch_related("counties")
    )
    context = organisation_context(organisation, services)
    kept = set(own_list(request))
    for item in context["items"]:
        item["on_list"] = item["key"] in kept
    return TemplateResponse(request, "directory/organisation.html", context)


# --- my list -------------------------------------------------------------------------------------------------------
def _listed(keys: list[UUID]) -> list[Service]:
    """The public services of these UUIDs, in the list's order. What is no longer public is left out."""
    found = Service.objects.public().of_keys(keys).best_for(get_language()).with_page_facts()
    by_key = {service.uuid: service for service in found}
    return [by_key[key] for key in keys if key in by_key]


def _followed(keys: list[UUID]) -> list[UUID]:
    """A list, with what was merged into another service since as that one."""
    ended = Service.objects.of_keys(keys).exclude(withdrawn_on=None)
    into = Merged.objects.kept_of(DuplicateKind.SERVICE, ended.order_by().values("translation_key")) if keys else {}
    return list(dict.fromkeys(into.get(key, key) for key in keys))


def _shared(request: HttpRequest, services: list[Service]) -> dict:
    """What carries these services along, and nothing about anybody: an address, its code, a message."""
    if not services:
        return {"share_address": "", "message": "", "qr": ""}
    address = request.build_absolute_uri(shared_list_path(shortlist.pack(each.uuid for each in services)))
    return {"share_address": address, "message": list_message(services, address), "qr": qr_svg(address)}


def _list_context(request: HttpRequest, keys: list[UUID]) -> dict:
    services = _listed(keys)
    return {
        **_shared(request, services),
        "keys": [service.uuid for service in services],
        "services": services,
        "items": [
            {**item, "service": service, "contact_ways": service.public_contact_ways, "places": service.public_places}
            for item, service in zip(listing_items(services, keys), services, strict=True)
        ],
        "gone": len(keys) - len(services),
        "is_sample": any(service.is_sample for service in services),
        "is_large_print": "large" in request.GET,
        "other_size": _other_size(request),
    }


@never_cache
@require_GET
def my_list(request: HttpRequest) -> HttpResponse:
    """The options collected on this device: compare, print large, share."""
    collected = own_list(request)
    keys = _followed(collected)
    response = TemplateResponse(request, "directory/my_list.html", _list_context(request, keys))
    return response if keys == collected else _store(response, request, keys)


@require_GET
def shared_list(request: HttpRequest, token: str) -> HttpResponse:
    """A list that somebody shared: read-only, and not the visitor's own until they say so."""
    keys = _followed(shortlist.unpack(token))
    if not keys:
        raise Http404("not a list of ours")
    return TemplateResponse(request, "directory/shared_list.html", {**_list_context(request, keys), "token": token})


# --- comparing -----------------------------------------------------------------------------------------------------
def _compare(request: HttpRequest, keys: list[UUID], **context: str) -> HttpResponse:
    """A few of these services side by side. `?palvelu=` chooses which, `?vaihe=` remembers the stage one came from."""
    listed = _listed(keys)
    asked = set(request.GET.getlist("palvelu"))
    chosen = [service for service in listed if str(service.uuid) in asked]
    shown = (chosen or listed)[:MOST]
    stage = request.GET.get("vaihe", "")
    values = {
        **comparison(shown, timezone.now(), usual_reply_days([service.uuid for service in shown])),
        **_shared(request, shown),
        "keys": [service.uuid for service in shown],
        "choices": [
            {"value": each.uuid, "label": each.title, "hint": str(each.organisation), "checked": each in shown}
            for each in listed
        ],
        "most": MOST,
        "left_out": max(len(chosen) - MOST, 0),
        "stage": stage if stage in Stage.values else "",
        "is_sample": any(service.is_sample for service in shown),
        "is_large_print": "large" in request.GET,
        "other_size": _other_size(request),
    }
    return TemplateResponse(request, "directory/compare.html", {**values, **context})


def _other_size(request: HttpRequest) -> str:
    """The query of this very page in large letters, or in ordinary ones when it is in large."""
    query = request.GET.copy()
    if "large" in query:
        del query["large"]
    else:
        query["large"] = "1"
    return f"?{query.urlencode()}"


@never_cache
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """The options collected on this device, side by side."""
    return _compare(request, _followed(own_list(request)), list_url=reverse("directory:my_list"))


@require_GET
def compare_shared(request: HttpRequest, token: str) -> HttpResponse:
    """The options of a list that somebody shared, side by side."""
    keys = _followed(shortlist.unpack(token))
    if not keys:
        raise Http404("not a list of ours")
    return _compare(request, keys, list_url=shared_list_path(token))


def _store(response: HttpResponse, request: HttpRequest, keys: list[UUID]) -> HttpResponse:
    if keys:
        response.set_cookie(
            shortlist.COOKIE,
            shortlist.pack(keys),
            max_age=shortlist.COOKIE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(shortlist.COOKIE, samesite="Lax")
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else reverse("directory:my_list")


@require_POST
def toggle_in_list(request: HttpRequest) -> HttpResponse:
    """Put a service on the visitor's list, or take it off. With htmx only the button comes back."""
    keys = own_list(request)
    try:
        key = UUID(request.POST.get("item", ""))
    except ValueError:
        raise Http404("no such service") from None
    service = Service.objects.public().of_keys([key]).best_for(get_language()).first()
    # One may take away what is no longer public, but not add it.
    if service is None and key not in keys:
        raise Http404("no such service")
    wanted = {"add": True, "remove": False}.get(request.POST.get("action", ""), key not in keys)
    if (key in keys) != wanted:
        if wanted and len(keys) >= shortlist.MOST:
            messages.warning(request, _("Your list is full. Take something away first."))
        else:
            keys = shortlist.toggled(keys, key)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"key": key, "title": service.title if service else "", "is_on_list": key in keys, "count": len(keys)}
        return _store(render(request, "directory/_add_to_list.html", context), request, keys)
    return _store(redirect(_next(request)), request, keys)


@require_POST
def take_shared_list(request: HttpRequest, token: str) -> HttpResponse:
    """Make a shared list one's own: what is already there stays."""
    keys = list(dict.fromkeys([*own_list(request), *shortlist.unpack(token)]))[: shortlist.MOST]
    return _store(redirect("directory:my_list"), request, keys)


@require_POST
def clear_list(request: HttpRequest) -> HttpResponse:
    """Forget the list."""
    messages.success(request, _("Your list is empty now."))
    return _store(redirect("directory:my_list"), request, [])


# --- a mistake -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def report_mistake(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell that something in a listing is wrong."""
    service = _public_service(slug)
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if is_too_often(request, "report", most=REPORTS_PER_HOUR, seconds=3600):
                form.add_error(None, _("You have sent many reports. Try again in an hour, or call the organisation."))
                status = 429
            else:
                if not form.is_by_program:
                    actions.report_mistake(
                        service, message=form.cleaned_data["message"], email=form.cleaned_data["email"]
                    )
                return redirect("directory:report_sent", slug=service.slug)
        else:
            status = 400
    context = {"service": service, "form": form, "is_sample": service.is_sample}
    return TemplateResponse(request, "directory/report.html", context, status=status)


@require_GET
def report_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks for a report."""
    return TemplateResponse(request, "directory/report_sent.html", {"service": _public_service(slug)})
