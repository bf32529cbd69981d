"""The WSGI entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# Under `gunicorn --preload` this happens once, before the workers part ways: they share 200 MB of Finnish.
from search.analysis import load_dictionary  # noqa: E402 - Django has to be ready

load_dictionary()
