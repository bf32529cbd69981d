"""Every setting of the project, typed from the environment, safe by default. No logic, no per-environment twins."""

from pathlib import Path

import django.conf.locale
from environs import Env

from portal.base import languages

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# --- The environment, whole: name, type, default. `.env.example` says what each is for. ---------------------------
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", default=False)
# Outside debug mode there is no default: the site does not start without a key of its own.
SECRET_KEY = env.str("SECRET_KEY", default="only-for-development") if DEBUG else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
VAR_DIR = env.path("VAR_DIR", default=VAR_DIR)
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")
SEARCH_URL = env.str("SEARCH_URL", default="embedded://")
CACHE_URL = env.str("CACHE_URL", default="locmem://")
# Three slashes and the path with its own: the reader of this address takes the first one away.
EMAIL_URL = env.str("EMAIL_URL", default=f"file:///{VAR_DIR / 'mail'}")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="palvelupolku@localhost")
LETTER_KEEP_DAYS = env.int("LETTER_KEEP_DAYS", default=365)
BOUNCE_WEBHOOK_SECRET = env.str("BOUNCE_WEBHOOK_SECRET", default="")
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="https://www.ilmatieteenlaitos.fi/")
HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not DEBUG)
# Fernet keys of referrals, the newest first. Without one, referrals cannot be switched on.
REFERRAL_KEYS = env.list("REFERRAL_KEYS", default=["b25seS1mb3ItZGV2ZWxvcG1lbnQtMzItYnl0ZXMhISE="] if DEBUG else [])
# -------------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.accounts",
    "portal.base",
    "portal.jobs",
    "portal.post",
    "directory",
    "cards",
    "search",
    "referrals",
    "portal.content",
    "portal.workspace",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # A template of allauth counts days with it.
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are small on a slow connection without a proxy's help; Django pads them against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "portal.base.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.base.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.PersonalPagesMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.content.frame.context",
            ],
        },
    },
]

# Widgets of our own are templates among the others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=DATABASE_URL)}
SQLITE_OPTIONS = {
    # Without IMMEDIATE concurrent writers fail at once with "database is locked", whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # In memory, threads meet "database table is locked"; a file behaves as the real one does.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    SEARCH_DATABASE = "default"
elif not SEARCH_URL.startswith("embedded:"):
    # The words of the index: every machine of the site reads the same.
    SEARCH_DATABASE = "default"
else:
    # The embedded index lives in a file beside the process (docs/adr/0003).
    DATABASES["search"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "search.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": VAR_DIR / "test-search.sqlite3", "MIGRATE": False},
    }
    SEARCH_DATABASE = "search"
DATABASE_ROUTERS = ["portal.base.databases.SearchFileRouter"]
CACHES = {"default": env.dj_cache_url("CACHE_URL", default=CACHE_URL)}

# Wagtail's own index jobs run at once (admin search must see a save); what may wait goes to the database queue.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "db": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]},
}

# --- Languages -----------------------------------------------------------------------------------------------------
django.conf.locale.LANG_INFO[languages.EASY_FINNISH] = languages.EASY_FINNISH_LANG_INFO
USE_I18N = True
LANGUAGE_CODE = languages.FINNISH
LANGUAGES = [(language.code, language.endonym) for language in languages.ALL]
FORMAT_MODULE_PATH = ["portal.formats"]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
# Otherwise a new translation goes live with the source language's text in it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# Synchronised translations have no approval workflow; ours need one.
WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "simple"

# --- Wagtail -------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Palvelupolku"
# One time zone for the site: nobody has to choose among six hundred.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.content.image_forms.ImageForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx"]
WAGTAILEMBEDS_FINDERS: list[dict] = []
TAGGIT_CASE_INSENSITIVE = True

# --- Signing in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# The password is for the login form, which has none without it; our sign-up form leaves it out.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Otherwise a signed-in person without admin rights loops between /admin/ and the login.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# The number before and after counts too: not everybody types it within half a minute.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "signup": "portal.accounts.forms.SignupForm",
    "request_login_code": "portal.accounts.forms.RequestLoginCodeForm",
}
MFA_FORMS = {
    "add_webauthn": "portal.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.forms.RenamePasskeyForm",
}
# How often: ip is a visitor, key an address or account. Offices share an ip, so its limits are wide; what one visitor
# may do to one account is counted apart (portal.accounts.adapter): nobody is shut out by somebody else's tries.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "signup": "10/m/ip,60/h/ip",
    "request_login_code": "20/m/ip,20/h/key",
    "request_login_code_here": "5/h/key",
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
# How long one may change how one signs in without showing once more who one is.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Mail can be slow, and three minutes are short for a person who looks for the message.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Palvelupolku: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Shared computers are common: closing the browser signs out, and a working day is the longest session.
ACCOUNT_SESSION_REMEMBER = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
LOGIN_URL = "account_login"
# Both are addresses of our own views (portal.urls), which tell the signed-in person who may not enter apart.
WAGTAILADMIN_LOGIN_URL = "wagtailadmin_login"
WAGTAIL_FRONTEND_LOGIN_URL = "wagtailcore_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = "/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# --- Freshness -----------------------------------------------------------------------------------------------------
# Days since a listing was checked (or first published) after which it is due, overdue, stale and hidden: by kind, and
# under "" for all other kinds. What changes every season is asked about sooner. How it works: docs/freshness.md.
FRESHNESS_PERIODS = {
    "": {"due": 240, "overdue": 330, "stale": 540, "hidden": 730},
    # Crisis lines and other contacts, and sections of law (cards.upkeep).
    "contact": {"due": 180, "overdue": 210, "stale": 365, "hidden": 3650},
    "law": {"due": 365, "overdue": 420, "stale": 730, "hidden": 3650},
    "event": {"due": 90, "overdue": 150, "stale": 240, "hidden": 365},
    "course": {"due": 90, "overdue": 150, "stale": 240, "hidden": 365},
    "peer_group": {"due": 180, "overdue": 270, "stale": 365, "hidden": 545},
    "volunteering": {"due": 180, "overdue": 270, "stale": 365, "hidden": 545},
}
# The one threshold of the whole product: what fewer people than this said or did is shown to nobody.
SMALLEST_GROUP_SHOWN = 5
# Between two questions about one listing, at least.
FRESHNESS_GAP_DAYS = 14
# From the regional queue to the hiding, at least.
FRESHNESS_LAST_CALL_DAYS = 30
# "I will edit it" buys this much peace.
FRESHNESS_EDITING_DAYS = 21
# What is due this soon is asked about in the letter that goes to the same keeper today.
FRESHNESS_TOGETHER_DAYS = 21
# A link in a letter answers this long.
ANSWER_LINK_DAYS = 60
# Rounds of self-assessment with the quality criteria are removed this long after they were opened.
QUALITY_ROUND_KEEP_DAYS = 730

# --- Referrals -----------------------------------------------------------------------------------------------------
# Working days until the organisation is reminded, until the sender is told of silence; days until an enquiry that
# nobody answers is closed, and one that nobody tells more of. How long data is kept: referrals/retention.py.
REFERRAL_PERIODS = {"nudge": 3, "silence": 5, "unanswered": 30, "forgotten": 120}
# A link to an organisation opens once, within so many days; what it opened stays open for so many minutes.
REFERRAL_LINK_DAYS = 14
REFERRAL_OPEN_MINUTES = 60

# --- Mail ----------------------------------------------------------------------------------------------------------
vars().update(env.dj_email_url("EMAIL_URL", default=EMAIL_URL))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A mail server that says nothing must not hold the worker. portal.post.letters counts on it.
EMAIL_TIMEOUT = 30

# --- Files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "portal" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# PDFs that readers had made of public pages: days until they are removed. They are made again when asked for.
PRINT_KEEP_DAYS = 30
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security ------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 0 if DEBUG else HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_CONTENT_TYPE_NOSNIFF = True
# A visited address must not travel to the next site: it can tell what help was looked for.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise one person's failed logins would lock everybody out: all come from the proxy's address.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Directives of the public pages; the middleware of portal.base relaxes them for the admin alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Search words can be in the query string of a request line: access lines are not ours to write, and
# the filter takes the query out of what others log (docs/adr/0004).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_query": {"()": "portal.base.logging.WithoutQueryString"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_query"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "django.server": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # At DEBUG it writes down all that a page shows, when a template asks for something that is not there.
        "django.template": {"level": "INFO"},
    },
}
