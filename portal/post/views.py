"""The webhook by which a mail service tells which letters came back."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.post import bounces, letters

MOST_BYTES = 256 * 1024
MOST_ENTRIES = 500


@csrf_exempt
@require_POST
def take_bounces(request: HttpRequest) -> HttpResponse:
    """Mark the letters of a JSON list of bounces; there is no such address unless a secret is set."""
    secret = settings.BOUNCE_WEBHOOK_SECRET
    if not secret:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {secret}"):
        return JsonResponse({"error": "unauthorised"}, status=401, headers={"WWW-Authenticate": "Bearer"})
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"error": "too long"}, status=413)
    try:
        entries = json.loads(request.body)
        if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
            raise ValueError(f"A list of at most {MOST_ENTRIES} entries is wanted.")
        # All are read before any is marked: a bad list changes nothing.
        found = [bounces.read_entry(entry) for entry in entries]
    except (ValueError, RecursionError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    now = timezone.now()
    marked = [bounce for bounce in found if letters.mark_bounced(bounce, now)]
    return JsonResponse({"read": len(found), "marked": len(marked)})
