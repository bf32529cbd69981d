"""What the frame of every page shows: navigation, languages, footer. Read by base.html alone."""


def context(request):
    return {}
