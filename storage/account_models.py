"""Tables of accounts: passwords once used, tries to be counted, and who signed in when and with what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PastPassword(models.Model):
    """The hash of a password that an account had: it is not chosen again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=255)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("-set_at", "-id")

    def __str__(self) -> str:
        return f"past password of {self.user_id}"


class AccountTry(models.Model):
    """One demand for a link by e-mail, counted whether or not anything answered to it.

    Attributes:
        name: SHA-256 of what was asked for (a member number, a user name), so that the table names nobody.
    """

    name = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name[:8]}"


class SignIn(models.Model):
    """Somebody signed in. While the session lasts, it can be ended from here.

    Attributes:
        device: SHA-256 of the identifier that the browser keeps in a cookie.
        label: kind of device, in words ("Firefox sous Windows").
        session_key: of the session that began; empty when it was ended.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    device = models.CharField(max_length=64)
    label = models.CharField(max_length=80)
    session_key = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["user", "-at"]),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"


class TrustedDevice(models.Model):
    """A browser on which the second factor is not asked for, until a day or until it is revoked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trusted_devices")
    device = models.CharField(max_length=64)
    label = models.CharField(max_length=80)
    trusted_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ("-trusted_at",)
        constraints = (models.UniqueConstraint(fields=["user", "device"], name="once_trusted"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.label}"


class EmailCode(models.Model):
    """An account that may be asked for a code that comes by e-mail.

    Attributes:
        enabled_at: None until a first code was typed: the address is theirs.
        code: hash of the last code sent; empty when it was used.
        sent_at: when that was.
        tries: wrong codes since.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_code")
    enabled_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=128, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"code by e-mail of {self.user_id}"


class StaffChange(models.Model):
    """Something was changed about the account of somebody who works here. Rows are added and never changed.

    Attributes:
        actor: user name of whoever did it; "console" for a command of the operators.
        username: whose account.
        what: "created", "changed", "closed", "opened" or "invited".
        before: what was, by name of what changed.
        after: what is.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    username = models.CharField(max_length=150, db_index=True)
    what = models.CharField(max_length=10)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.what} {self.username}"
