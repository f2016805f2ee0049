"""Django settings that the database needs; the site adds its own to them (``portal/settings.py``).

Workers use these alone: they need models and e-mail, no pages.
"""

from __future__ import annotations

import dj_database_url

from schemas.settings import load_settings

_settings = load_settings()
if _settings.database_url.startswith("sqlite:"):
    _settings.data_dir.mkdir(parents=True, exist_ok=True)

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

DATABASES = {"default": dj_database_url.parse(_settings.database_url, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes the lock at its start and waits for it, instead of failing
    # half-way with "database is locked" when it turns from reading to writing.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

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
