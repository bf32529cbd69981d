"""The search page. (Being written.)"""

from django.http import HttpResponse


def search(request):
    return HttpResponse("")
