"""Tables of the systems that use the API: who they are, how much they asked lately, what they asked once."""

from __future__ import annotations

from django.db import models


class Integrator(models.Model):
    """A system of an insurer that may use the API.

    Attributes:
        secret_hash: SHA-256 of its secret. The secret is drawn by us and too long to be guessed, so a slow hash would
            protect nothing more.
        insurer: the name in ``Member.mutuelle``: it sees the dossiers of these contracts and of no others.
        scopes: what it may do (``storage.integrators.Scope``).
        disabled_at: since when its secret and its tokens are refused.
        window_at, asked: start of the current minute of its requests, and how many there were since.
    """

    client_id = models.CharField(max_length=40, unique=True)
    secret_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    insurer = models.CharField(max_length=120)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    window_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("created_at", "client_id")

    def __str__(self) -> str:
        return self.client_id


class IdempotencyKey(models.Model):
    """A sending that an integrator named, and what it was answered.

    Attributes:
        fingerprint: SHA-256 of what was sent: another content under the same key is refused.
        answer: None until everything sent is safe; the same sending is then only finished, never doubled.
    """

    integrator = models.ForeignKey(Integrator, on_delete=models.PROTECT, related_name="keys")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["integrator", "key"], name="one_sending_of_a_key"),)

    def __str__(self) -> str:
        return f"{self.integrator_id}: {self.key}"
