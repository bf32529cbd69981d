"""Views of the editorial site that are no pages: help now, robots. Thin: read, choose a template."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cards.choices import ContactGroup
from cards.models import HelpContact


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom do I call this minute? The urgent ones first, then the others by what they are for."""
    contacts = list(HelpContact.objects.public())
    order = {code: n for n, code in enumerate(ContactGroup.values)}
    others = sorted((each for each in contacts if not each.is_urgent), key=lambda each: order.get(each.group, 99))
    groups = [
        {"code": code, "name": ContactGroup(code).label, "contacts": list(members)}
        for code, members in groupby(others, key=lambda each: each.group)
    ]
    urgent = [each for each in contacts if each.is_urgent]
    return TemplateResponse(request, "content/help_now.html", {"urgent": urgent, "groups": groups})


# Whose pages are no use to a search engine: signed-in rooms, a visitor's own list, results of searches.
NOT_FOR_ROBOTS = ("/admin/", "/accounts/", "/*/accounts/", "/*/lista/", "/*/hae/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read, and where the map of the site is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
