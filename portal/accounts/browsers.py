"""What a browser says of itself → words a person knows their own device by. Pure."""

# In this order: most browsers also call themselves by the names of others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """The names of browser and device, "Firefox, Android"; empty when neither is known. Versions are left out.

    Read again, its own answer stays the same.
    """
    names = (
        next((name for mark, name in marks if mark in user_agent or name in user_agent), "")
        for marks in (BROWSERS, DEVICES)
    )
    return ", ".join(name for name in names if name)
