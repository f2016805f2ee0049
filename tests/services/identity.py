"""A real OpenID provider for the tests: django-allauth's, on SQLite, with a few accounts; run in a process of its own.

    python -m tests.services.identity FOLDER PORT REDIRECT_URI

It knows odile, whose address is verified, and paul, whose address is not.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLIENT, SECRET, PASSWORD = "liasse", "un-secret-de-test", "un-mot-de-passe-ailleurs"
_PATIENCE = 60


@dataclass(frozen=True)
class Provider:
    """Where it is."""

    address: str


@contextmanager
def run_provider(folder: Path, port: int, redirect_uri: str) -> Iterator[Provider]:
    """The provider, as long as the block lasts."""
    log = (folder / "identity.log").open("wb")
    command = [sys.executable, "-m", "tests.services.identity", str(folder), str(port), redirect_uri]
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=Path(__file__).parents[2])
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((folder / "identity.log").read_text()[-2000:]) from None
                time.sleep(0.2)
        yield Provider(address)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _serve(folder: Path, port: int, redirect_uri: str) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    settings.configure(
        SECRET_KEY="of the provider",
        DEBUG=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="tests.services.identity",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "identity.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        LOGIN_URL="/accounts/login/",
        ACCOUNT_EMAIL_VERIFICATION="none",
        IDP_OIDC_PRIVATE_KEY=pem,
    )  # fmt: skip
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name, verified in (("odile", True), ("paul", False)):
        user = User.objects.create_user(name, email=f"{name}@exemple.invalid", password=PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    Client.objects.create(
        id=CLIENT, name="Liasse", secret=make_password(SECRET), scopes="openid\nprofile\nemail", skip_consent=True,
        redirect_uris=redirect_uri,
    )  # fmt: skip
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, use_threading=True, verbosity=0)


def _find_urls() -> list:
    from django.urls import include, path

    return [path("", include("allauth.idp.urls")), path("accounts/", include("allauth.account.urls"))]


def __getattr__(name: str) -> list:
    if name == "urlpatterns":  # asked for once the settings are there
        return _find_urls()
    raise AttributeError(name)


if __name__ == "__main__":
    sys.modules["tests.services.identity"] = sys.modules[__name__]
    _serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
