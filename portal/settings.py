"""Django settings of the site: those of the database room, and what pages need."""

from __future__ import annotations

from pathlib import Path

from schemas.settings import load_settings
from storage.django_settings import *  # noqa: F403
from storage.django_settings import INSTALLED_APPS as _STORAGE_APPS
from storage.logs import describe_logging

_settings = load_settings()
_here = Path(__file__).resolve().parent

INSTALLED_APPS = [
    *_STORAGE_APPS,
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "allauth",
    "allauth.account",  # what allauth.mfa stands on; none of its pages has an address
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.api.problems.ProblemMiddleware",
    "portal.limits.RequestSizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.access.ViewerMiddleware",
    "portal.entering.EnrolmentMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers for an account that is locked
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
APPEND_SLASH = False
ALLOWED_HOSTS = _settings.allowed_hosts

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_here / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["portal.templatetags.liasse_tags"],
        },
    }
]

# Signing in
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# A name is locked after some failures, wherever they come from, and opens again by itself (docs/decisions/0015).
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = _settings.lock_failures
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_COOLOFF_TIME = "portal.locking.find_lock"
AXES_LOCKOUT_CALLABLE = "portal.locking.answer_locked"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 100
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# By name alone is meant so: by address, whoever has many addresses guesses on.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.passwords.MaximumLength", "OPTIONS": {"max_length": 128}},
    {"NAME": "portal.passwords.NotUsedBefore", "OPTIONS": {"kept": 5}},
]
# Second factors are kept and checked by django-allauth (docs/decisions/0018).
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks differ: the half minute before and the one after are good too
MFA_ADAPTER = "portal.sealing.SealingAdapter"
# Single sign-on of people who work here (portal.single_sign_on).
SOCIALACCOUNT_ADAPTER = "portal.single_sign_on.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the policy of our pages lets no form lead elsewhere
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "entreprise",
                "name": _settings.oidc_name,
                "client_id": _settings.oidc_client_id,
                "secret": _settings.oidc_client_secret.get_secret_value(),
                "settings": {"server_url": _settings.oidc_server_url},
            }
        ]
        if _settings.oidc_server_url
        else [],
    }
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are the insurer's to know
# Links by e-mail (portal.links): a day.
PASSWORD_RESET_TIMEOUT = 24 * 3600

# Sessions and cookies: a working day, never readable by scripts, never sent along by other sites' forms.
SESSION_COOKIE_NAME = "liasse_session"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _settings.secure_cookies
CSRF_COOKIE_NAME = "liasse_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _settings.secure_cookies
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [_settings.site_url] if _settings.site_url.startswith("https://") else []
if _settings.secure_cookies:
    # Secure cookies mean that TLS stands in front of us; it says so in this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Uploads: files go to temporary files from 1 MB on. The limits people are told are the insurer's (portal.limits);
# the number of files here only bounds the parsing.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Static files: served from where they lie, named with a fingerprint of their content, so kept for a year.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.statics.FingerprintedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = _settings.debug
WHITENOISE_MAX_AGE = 0 if _settings.debug else 365 * 24 * 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

USE_I18N = True

# Only identifiers are logged: never a name, a value or a file name.
LOGGING = describe_logging(
    {
        "django": "WARNING",
        "django.request": "ERROR",  # a 404 or a 403 is an answer, not an incident
        "portal": "INFO",
        "gunicorn.error": "WARNING",
    }
)
