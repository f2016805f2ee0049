"""Django settings that the database needs; the site adds its own to them (``portal/settings.py``).

Workers use these alone: they need models and e-mail, no pages.
"""

from __future__ import annotations

from schemas.settings import load_settings
from storage.database import describe_database

_settings = load_settings()
if _settings.database_url.startswith("sqlite:"):
    _settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = _settings.secret_key_or_local()
DEBUG = _settings.debug
USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "storage",
]

DATABASES = {"default": describe_database(_settings.database_url)}

DEFAULT_FROM_EMAIL = _settings.email_from
if _settings.email_url:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(_settings.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
else:
    # Without a mail server, messages are written as files that anybody here can open.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(_settings.data_dir / "mail")
