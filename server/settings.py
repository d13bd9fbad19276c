"""The site's settings: read once from the environment, typed, refused with a sentence when wrong.

The defaults run on a fresh laptop. What an admin decides while the site runs (its name, its
address) is not here but in `server.site`.
"""

import hashlib
import ipaddress
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp import constants as csp
from django.core.exceptions import ImproperlyConfigured

from installer.formats.addresses import TRACKER, is_address
from server.site.addresses import is_site_address

django_stubs_ext.monkeypatch()  # lets classes such as ModelAdmin name the model they are for

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent


def site_address(name: str) -> str | None:
    """The site's address in the variable `name` without its closing slash, or None."""
    address: str = env.str(name, default="").rstrip("/").lower()
    if address and not is_site_address(address):
        raise ImproperlyConfigured(
            f"{name} is {address!r}. Write it as https://example.org or http://example.org:8000, "
            "without a path."
        )
    return address or None


def announce_address(name: str) -> str | None:
    """The tracker's address in the variable `name`, or None."""
    address: str = env.str(name, default="")
    if address and not is_address(address, TRACKER):
        raise ImproperlyConfigured(
            f"{name} is {address!r}. Write it as http://tracker.example.org:6969/announce."
        )
    return address or None


def redis_address(name: str) -> str | None:
    """The address of a Redis or Valkey in the variable `name`, or None."""
    address: str = env.str(name, default="")
    if address and not address.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name} is {address!r}. Write it as redis://localhost:6379/0.")
    return address or None


def broker_address(name: str) -> str:
    """The address of Celery's broker in the variable `name`; without one a folder is the broker."""
    address: str = env.str(name, default="") or "filesystem://localhost"
    kind = address.partition(":")[0]
    if kind not in BROKERS:
        # Not the address itself: there is mostly a password in it.
        raise ImproperlyConfigured(
            f"{name} starts with {kind!r}. Write it as redis://localhost/1, "
            "redis+socket:///run/redis.sock or amqp://user:password@localhost//."
        )
    return address


def networks(name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks in the variable `name`, separated by commas: 10.0.0.0/8,::1."""
    try:
        return tuple(ipaddress.ip_network(text.strip()) for text in env.list(name, default=[]))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} holds something that is no network: {error}. Write it as 10.0.0.0/8,::1."
        ) from error


def port(name: str, default: int) -> int:
    """The port number in the variable `name`."""
    try:
        number: int = env.int(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number from 1 to 65535.") from error
    if not 0 < number < 65536:
        raise ImproperlyConfigured(f"{name} is {number}. It must be a number from 1 to 65535.")
    return number


def ports(name: str, default: list[int]) -> list[int]:
    """The port numbers in the variable `name`, separated by commas."""
    try:
        found: list[int] = env.list(name, cast=int, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be port numbers such as 80,443.") from error
    return found


def secret_key() -> str:
    """The key in SECRET_KEY or SECRET_KEY_FILE, else the one that `serve` keeps with the data.

    Without any of them a key is made that lasts as long as this process: enough for the commands
    that sign nothing, and a restart only signs everybody out.
    """
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    path = Path(env.str("SECRET_KEY_FILE", default=str(DATA_DIR / "secret-key")))
    if path.is_file():
        return path.read_text().strip()
    if "SECRET_KEY_FILE" in env.ENVIRON:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE names {path}, and there is no such file.")
    return secrets.token_urlsafe(50)


def processes(name: str) -> int:
    """How many processes the variable `name` asks for."""
    try:
        number: int = env.int(name, default=1)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number such as 4.") from error
    if not 0 < number <= MOST_TRACKER_PROCESSES:
        raise ImproperlyConfigured(
            f"{name} is {number}. It must be a number from 1 to {MOST_TRACKER_PROCESSES}."
        )
    return number


def broker_options(address: str) -> dict[str, object]:
    """How Celery talks to the broker with this address."""
    once: dict[str, object] = {"max_retries": 0}  # What cannot be sent is found by a sweep.
    if address.startswith("filesystem:"):
        return {
            "data_folder_in": str(DATA_DIR / "queue"),
            "data_folder_out": str(DATA_DIR / "queue"),
            "control_folder": str(DATA_DIR / "queue-control"),
            "store_processed": False,
            "polling_interval": 0.25,  # seconds; how long a task waits, and the worker at its end
        }
    if address.startswith("redis"):
        # Without these a Redis that hangs, or whose machine is gone, is waited for without end.
        seconds = SECONDS_FOR_THE_BROKER
        return once | {"socket_timeout": seconds, "socket_connect_timeout": seconds}
    return once


def name_of_database() -> str:
    """A short name for the database of this site: the same for all its processes."""
    place = [str(DATABASES["default"].get(part, "")) for part in ("HOST", "PORT", "NAME")]
    return hashlib.sha256("|".join(place).encode()).hexdigest()[:12]


def location(name: str) -> str:
    """The location of nginx in the variable `name`, such as /own-copies/; empty without one."""
    text: str = env.str(name, default="")
    if text and not (text.startswith("/") and text.endswith("/")):
        raise ImproperlyConfigured(
            f"{name} is {text!r}. Write the location as nginx has it, such as /own-copies/."
        )
    return text


DATA_DIR = Path(env.str("PASSALONG_DATA_DIR", default=str(ROOT / "data"))).resolve()
TEMPLATES_DIR = Path(
    env.str("PASSALONG_TEMPLATES_DIR", default=str(DATA_DIR / "templates"))
).resolve()
SITE_URL = site_address("PASSALONG_SITE_URL")
TRACKER_URL = announce_address("PASSALONG_TRACKER_URL")
HOST = env.str("PASSALONG_HOST", default="")
PORT = port("PASSALONG_PORT", 8000)
TRACKER_PORT = port("PASSALONG_TRACKER_PORT", 6969)
# Where the web processes find the tracker; only `serve --host` with one address moves it.
TRACKER_HOST = env.str("PASSALONG_TRACKER_HOST", default="127.0.0.1")
# How many processes share the tracker's work; more than one needs Linux.
MOST_TRACKER_PROCESSES = 32
TRACKER_PROCESSES = processes("PASSALONG_TRACKER_PROCESSES")
# Where the trackers of many machines keep their peers; without it each keeps its own in memory.
REDIS_URL = redis_address("REDIS_URL")
# What else the tracker welcomes than this site's releases, and whether it tells Prometheus.
ALLOWED_DIRS = [Path(folder).resolve() for folder in env.list("PASSALONG_ALLOWED_DIR", default=[])]
OPEN_TRACKER = env.bool("PASSALONG_OPEN_TRACKER", default=False)
METRICS = env.bool("PASSALONG_METRICS", default=False)
TRUSTED_PROXIES = networks("PASSALONG_TRUSTED_PROXIES")
# What the site may ask when somebody else names the address: `server.site.outgoing`.
FETCH_PRIVATE = env.bool("PASSALONG_FETCH_PRIVATE", default=False)
FETCH_PORTS = frozenset(ports("PASSALONG_FETCH_PORTS", [80, 443, 8000]))
# The site's own copies, and the port on which it meets the peers that it shares them with.
COPIES_DIR = DATA_DIR / "copies"
SEEDING_PORT = port("PASSALONG_SEEDING_PORT", 6970)
# Where nginx in front has that folder, if it sends the files instead of the web processes.
ACCEL_COPIES = location("PASSALONG_ACCEL_COPIES")
TICKET_MINUTES = 15
TORRENT_BYTES = 5_000_000

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key()

# `server.site.middleware` compares the host with the saved address, which can change while the
# site runs; this list cannot.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "server.site",
    "server.accounts",
    "server.tracker",
    "server.aggregator",
    "server.catalog",
    "server.bundles",
    "server.feeds",
    "server.seeding",
    "server.publishing",
    "server.running",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "server.site.admin_app.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "server.site.middleware.KnownHost",
    "server.site.middleware.ForOneVisitor",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "server.site.middleware.LanguageOfPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "server.accounts.middleware.NotSetUpYet",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "server.accounts.middleware.SecondFactorForStaff",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "server.site.context.site",
            ],
        },
    },
]

# Not by way of an address, in which a "#" in the folder's name would have a meaning.
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "db.sqlite3"}
DATABASES = {"default": env.db("DATABASE_URL") if env.str("DATABASE_URL", default="") else SQLITE}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads and then writes would else fail when another writer was
    # faster, instead of waiting for it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "server.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = True
# Counted in the cache below, so for all processes together. What is not here is as allauth has it:
# five wrong passwords for one name lock it for five minutes, ten a minute an address.
ACCOUNT_RATE_LIMITS = {"report": "6/h/ip", "setup_code": "10/m/ip"}
MFA_ADAPTER = "server.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers themselves allow passkeys over plain http on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not (SITE_URL or "").startswith("https:")

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("PASSALONG_MAIL_FROM", default="passalong@localhost")

# Not in the trackers' REDIS_URL: that may be a cluster, which Django's cache does not speak.
CACHE_URL = redis_address("CACHE_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
    }
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [ROOT / "server" / "locale", ROOT / "server" / "formal"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The site itself speaks no TLS: whoever says https is a proxy in front. A visitor who forges the
# header deceives nobody else.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if SITE_URL and SITE_URL.startswith("https:"):
    SECURE_SSL_REDIRECT = True
    SECURE_SSL_HOST = urlsplit(SITE_URL).netloc
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked by machines of this network, over plain http
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# The other names under an admin's domain are not ours to force to https, nor is it ours to enter
# the domain into the browsers' preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing from elsewhere and nothing inline, on all pages, the admin's too. The small signs of the
# style sheet (arrows, ticks) are data: addresses inside it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],
        "connect-src": [csp.SELF],
        "form-action": [csp.SELF],
        "base-uri": [csp.NONE],
        "frame-ancestors": [csp.NONE],
    }
}

BROKERS = ("filesystem", "redis", "rediss", "redis+socket", "amqp", "amqps")
CELERY_BROKER_URL = broker_address("CELERY_BROKER_URL")
# Tasks name rows, so a queue belongs to the database with those rows: sites may share a broker.
CELERY_TASK_DEFAULT_QUEUE = f"passalong-{name_of_database()}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # Nobody uses it, and sites would hear each other's.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # else beat and worker give up after some hours
# Somebody's request waits while a broker is asked that does not answer.
CELERY_BROKER_CONNECTION_TIMEOUT = SECONDS_FOR_THE_BROKER = 3.0
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "server.site.queue_folder:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL)
CELERY_BEAT_SCHEDULE = {
    "count-popularity": {
        "task": "server.catalog.tasks.count_popularity",
        "schedule": 10 * 60,
    },
    "delete-expired-sessions": {
        "task": "server.accounts.tasks.delete_expired_sessions",
        "schedule": 24 * 3600,
    },
    "show-that-the-worker-lives": {
        "task": "server.running.tasks.show_life",
        "schedule": 30,
    },
    "fetch-feeds": {
        "task": "server.aggregator.tasks.fetch_feeds",
        "schedule": 60,
    },
    "check-claims": {
        "task": "server.aggregator.tasks.check_claims",
        "schedule": 60,
    },
    "ask-trackers": {
        "task": "server.aggregator.tasks.ask_trackers",
        "schedule": 60,
    },
    "rank-the-top-40": {
        "task": "server.aggregator.tasks.rank",
        "schedule": 300,
    },
    "forget-what-the-top-40-no-longer-needs": {
        "task": "server.aggregator.tasks.forget",
        "schedule": 24 * 3600,
    },
    "count-downloads": {
        "task": "server.catalog.tasks.count_downloads",
        "schedule": 300,
    },
    "count-foreign": {
        "task": "server.catalog.tasks.count_foreign",
        "schedule": 600,
    },
    "sweep-pings": {
        "task": "server.feeds.tasks.sweep_pings",
        "schedule": 60,
    },
    "delete-long-expired-tickets": {
        "task": "server.publishing.tasks.delete_long_expired_tickets",
        "schedule": 24 * 3600,
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # 503 is said on purpose, to programs by the hundred; what admins should know is logged before.
    "filters": {
        "not_put_off": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", 0) != 503,
        }
    },
    "loggers": {"django.request": {"filters": ["not_put_off"]}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
