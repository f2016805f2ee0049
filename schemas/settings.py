"""Settings of an installation, from environment variables named ``LIASSE_...`` or a ``.env`` file.

They stand in this room because every room below it reads some of them and none may import the command line.
The defaults are the embedded installation: one machine, SQLite, a folder, no configuration.
"""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: Bytes of a signing secret, at least.
_SHORTEST_SECRET = 24


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Attributes:
        data_dir: where the embedded installation keeps database, objects, logs and work files.
        database_url: ``sqlite:///...`` or ``postgres://user:password@host:port/name``.
        object_store: "folder" or "s3".
        inbox_dir: folder watched for papers (one sub-folder a claim, see docs).
        inbox_prefix: prefix watched in the S3 bucket.
        rules_file: the insurer's rules.
        max_attempts: a paper that was claimed so often and never read is refused, for a person to look at.
        readers: number of reader processes on this machine, 0 for one a core.
        prefect_database_url: of the Prefect server's own database; SQLite in the data folder when empty.
        lock_failures: failures to sign in after which a name is locked for ``lock_minutes``, or, after
            ``lock_repeats`` locks in a day, for ``lock_hours``.
        second_factor_for_handlers: gestionnaires set up a second factor before they see anything.
        oidc_server_url: where people who work here sign in with an account that they have elsewhere (OpenID Connect):
            address of the issuer; there is no such way while it is empty.
        oidc_client_id: by which the other side knows this site.
        oidc_client_secret: with which this site shows that it is the one.
        oidc_name: what people call the other side, after "Se connecter avec".
        trust_days: for how long a browser that was said to be trusted is not asked for a code.
        metrics_token: what Prometheus shows to read ``/metrics``; there are no metrics while it is empty.
        alarm_email: who is told of alarms.
        clamav_url: a ClamAV daemon that every paper is shown to before it is read: ``unix:///run/clamav/clamd.ctl`` or
            ``tcp://host:3310``; none when empty.
        silence_minutes: on working days from 8 to 20, no paper for so long is an alarm; 0 for none.
        alarm_minutes: a paper that waits longer, or a worker that was not heard of for so long, is an alarm.
        webhook_url: address that is told of every change of status; nothing is told while it is empty.
        webhook_secret: that what is told is signed with, as ``liasse webhooks secret`` makes one.
        webhook_private: the address may be of this machine or of a private network.
        api_per_minute: requests that each integrator may make of the API in a minute.
        api_token_seconds: how long a token of the API is good.
        retention_file: how long each kind of data is kept; the schedule shipped with ``schemas`` when None.
        site_url: how people reach the site; it is written in e-mails.
    """

    model_config = SettingsConfigDict(env_prefix="LIASSE_", env_file=".env", extra="ignore")

    data_dir: Path = Path(".data")
    database_url: str = ""

    object_store: Literal["folder", "s3"] = "folder"
    s3_endpoint: str = "127.0.0.1:9000"
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    s3_bucket: str = "liasse"
    s3_region: str = "us-east-1"
    s3_secure: bool = True

    inbox_dir: Path | None = None
    inbox_prefix: str = "inbox/"

    rules_file: Path | None = None

    readers: int = Field(default=0, ge=0, le=256)
    worker_name: str = ""
    lease_seconds: int = Field(default=120, ge=10)
    poll_seconds: float = Field(default=0.5, gt=0)
    settle_seconds: float = Field(default=2.0, ge=0)
    max_attempts: int = Field(default=5, ge=1)

    max_file_bytes: int = 20_000_000
    max_pages: int = 60
    max_pixels: int = 120_000_000
    read_timeout_seconds: float = 120.0
    reader_memory_bytes: int = 700_000_000

    site_host: str = "127.0.0.1"
    site_port: int = 8000
    site_url: str = ""
    allowed_hosts: list[str] = ["127.0.0.1", "localhost"]
    secret_key: SecretStr = SecretStr("")
    debug: bool = False
    secure_cookies: bool = False

    prefect_port: int = 4200
    prefect_api_url: str = ""
    prefect_database_url: SecretStr = SecretStr("")

    lock_failures: int = Field(default=3, ge=2, le=100)
    lock_minutes: int = Field(default=30, ge=1)
    lock_hours: int = Field(default=24, ge=1)
    lock_repeats: int = Field(default=3, ge=1)

    second_factor_for_handlers: bool = False
    oidc_server_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "mon compte professionnel"
    trust_days: int = Field(default=30, ge=1, le=365)

    api_per_minute: int = Field(default=300, ge=1)
    api_token_seconds: int = Field(default=900, ge=60, le=86_400)

    metrics_token: SecretStr = SecretStr("")
    alarm_email: str = ""
    alarm_minutes: int = Field(default=15, ge=1)
    silence_minutes: int = Field(default=0, ge=0)
    retention_file: Path | None = None

    clamav_url: Annotated[str, StringConstraints(pattern=r"^$|^unix:///.+|^tcp://.+")] = ""

    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_private: bool = False

    email_url: str = ""
    email_from: str = "ne-pas-repondre@exemple.invalid"

    @model_validator(mode="after")
    def _derive(self) -> Settings:
        self.data_dir = self.data_dir.resolve()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'liasse.sqlite3'}"
        if self.inbox_dir is None:
            self.inbox_dir = self.data_dir / "inbox"
        if not self.site_url:
            self.site_url = f"http://{self.site_host}:{self.site_port}"
        if self.webhook_url:
            self._check_webhook()
        if not self.prefect_api_url:
            self.prefect_api_url = f"http://127.0.0.1:{self.prefect_port}/api"
        return self

    def _check_webhook(self) -> None:
        parts = urlsplit(self.webhook_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("LIASSE_WEBHOOK_URL is no address of the web, or names a user or a fragment")
        if parts.scheme == "http" and not self.webhook_private:
            raise ValueError("LIASSE_WEBHOOK_URL must be https, unless LIASSE_WEBHOOK_PRIVATE is set")
        secret = self.webhook_secret.get_secret_value().removeprefix("whsec_")
        try:
            key = base64.b64decode(secret, validate=True)
        except ValueError:
            key = b""
        if len(key) < _SHORTEST_SECRET:
            raise ValueError("LIASSE_WEBHOOK_SECRET is missing or too short: 'liasse webhooks secret' makes one")

    def secret_key_or_local(self) -> str:
        """The signing key: the configured one, else one made once and kept in the data folder (0600)."""
        if self.secret_key.get_secret_value():
            return self.secret_key.get_secret_value()
        path = self.data_dir / "secret_key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            try:  # whoever links first wins; every process then reads the same key
                path.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text()


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
