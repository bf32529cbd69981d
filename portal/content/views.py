"""Views of the editorial site that are no pages: help now, robots. Thin: read, choose a template."""

from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cards.choices import ContactGroup
from cards.models import HelpContact
from directory.models import County

# The topic that a person in need looks for in their own area.
CRISIS = "crisis"


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom do I call this minute? The urgent ones first, those of the reader's area, the others by what they are for.

    The area stands in the address alone: nothing is remembered. An unknown one is no choice.
    """
    contacts = list(HelpContact.objects.public().select_related("county"))
    order = {code: n for n, code in enumerate(ContactGroup.values)}
    contacts.sort(key=lambda each: order.get(each.group, len(order)))
    everywhere = [each for each in contacts if each.county is None]
    others = [each for each in everywhere if not each.is_urgent]
    counties = sorted(County.objects.all(), key=str)
    county = next((each for each in counties if each.pk == request.GET.get("county")), None)
    by_county = [
        {"county": each, "contacts": members}
        for each in counties
        if (members := [contact for contact in contacts if contact.county == each])
    ]
    context = {
        "urgent": sorted((each for each in everywhere if each.is_urgent), key=lambda each: (each.order, each.key)),
        "county": county,
        "counties": counties,
        "of_county": [each for each in contacts if county is not None and each.county == county],
        "areas": by_county,
        "search_url": f"{reverse('search:search')}?{urlencode({'topic': CRISIS, 'place': str(county)})}",
        "groups": [
            {"code": code, "name": ContactGroup(code).label, "contacts": list(members)}
            for code, members in groupby(others, key=lambda each: each.group)
        ],
    }
    return TemplateResponse(request, "content/help_now.html", context)


# Whose pages are no use to a search engine: signed-in rooms, a visitor's own list, results of searches.
NOT_FOR_ROBOTS = ("/admin/", "/accounts/", "/*/accounts/", "/*/lista/", "/*/hae/", "/*/tulosta/", "/*/laatu/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read, and where the map of the site is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
