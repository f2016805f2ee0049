"""Who looked at a dossier."""

from __future__ import annotations

from django.db import models


class Sight(models.Model):
    """Somebody other than its member saw something of a dossier; written once for each page, never changed.

    Attributes:
        actor: user name, or the integrator's.
        what: ``schemas.sights.SightKind``.
        device: the browser as people name it; empty for a program.
    """

    dossier = models.ForeignKey("storage.Dossier", on_delete=models.PROTECT, related_name="sights")
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80)
    what = models.CharField(max_length=20)
    device = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=["dossier", "-at"]), models.Index(fields=["actor", "-at"]))

    def __str__(self) -> str:
        return f"{self.actor} saw {self.what} of {self.dossier_id}"
