"""What a test run sees of the outside: nothing of the developer's own. Read by pytest (`-p`) before the settings are.

DATABASE_URL alone is let through: `make test` names its own PostgreSQL in it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker uses the directory of the run that started it
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="tests-")
    Path(os.environ["VAR_DIR"], "static").mkdir()
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

os.environ.update(
    # As in production, whatever `.env` says: tests must not pass thanks to development mode.
    DEBUG="false",
    SECRET_KEY="for-tests-only-" + "x" * 50,
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    SITE_URL="http://localhost",
    SEARCH_URL="embedded://",
    CACHE_URL="locmem://",
    EMAIL_URL="memory://",
    DEFAULT_FROM_EMAIL="site@example.org",
    QUICK_EXIT_URL="https://www.example.org/",
    BEHIND_PROXY="false",
    LOG_LEVEL="WARNING",
    REFERRAL_KEYS="Zm9yLXRlc3RzLW9ubHktYW5kLTMyLWJ5dGVzLWxvbmc=",
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['VAR_DIR']}/site.sqlite3")
