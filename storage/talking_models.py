"""What member and gestionnaire write to each other, and decisions that a member contests.

The text itself is content of the event (``storage.contents``), so that it is erased with the rest of what a dossier
says of a person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Message(models.Model):
    """One message; ``token`` names the sending, so that a form sent twice counts once."""

    dossier = models.ForeignKey("storage.Dossier", on_delete=models.PROTECT, related_name="talk")
    event = models.OneToOneField("storage.Event", on_delete=models.PROTECT, related_name="talk")
    token = models.UUIDField(unique=True)
    from_member = models.BooleanField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("event",)
        indexes = (models.Index(fields=["dossier", "event"]),)

    def __str__(self) -> str:
        return f"message {self.event_id} of {self.dossier_id}"


class UnwantedAlert(models.Model):
    """Something that a member does not want to be told by e-mail (``schemas.alerts``)."""

    member = models.ForeignKey("storage.Member", on_delete=models.CASCADE, related_name="unwanted_alerts")
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "kind"], name="once_unwanted"),)

    def __str__(self) -> str:
        return f"{self.member_id} without {self.kind}"


class Contest(models.Model):
    """A decision that a member does not accept, until somebody has decided again.

    Attributes:
        decided_by: who took the decision, and must not take the next one; None for the machine.
        settled_at: when somebody else decided.
    """

    dossier = models.ForeignKey("storage.Dossier", on_delete=models.PROTECT, related_name="contests")
    event = models.OneToOneField("storage.Event", on_delete=models.PROTECT, related_name="contest")
    token = models.UUIDField(unique=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(settled_at__isnull=True), name="one_open_contest"
            ),
        )

    def __str__(self) -> str:
        return f"contest {self.event_id} of {self.dossier_id}"
