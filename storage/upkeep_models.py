"""Tables of the installation itself: its workers, its alarms, what was kept, exported and erased."""

from __future__ import annotations

from typing import Any

from django.db import models

from schemas.errors import AppendOnlyError


class WorkerSign(models.Model):
    """The last sign of life of a worker. ``stopped_at`` is set by one that was told to stop."""

    name = models.CharField(max_length=80, primary_key=True)
    readers = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RaisedAlarm(models.Model):
    """An alarm that is on, and when somebody was last told of it."""

    code = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class LegalHold(models.Model):
    """A member whose papers must not go, whatever the schedule says, until the hold is lifted."""

    member = models.ForeignKey("storage.Member", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    placed_by = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hold on member {self.member_id}"


class UpkeepRecord(models.Model):
    """What was done to data outside of the handling of dossiers: purged, erased, exported, held, backed up.

    Rows are only ever added, by the same triggers as events. ``subject`` and ``detail`` hold identifiers and numbers;
    a person who was erased is known here by the row's number alone.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the record; refused when it is already there."""
        if not self._state.adding:
            raise AppendOnlyError("records of upkeep are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: records are only ever added."""
        raise AppendOnlyError("records of upkeep are only ever added")


class RuleText(models.Model):
    """A version of the insurer's rule file that this installation has worked by. Rows are added and never changed.

    Attributes:
        content_hash: of all that the rules say, as decisions name it.
        text: the file, with its comments.
    """

    content_hash = models.CharField(max_length=64, primary_key=True)
    version = models.CharField(max_length=80)
    valid_from = models.DateField()
    text = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("-kept_at",)

    def __str__(self) -> str:
        return f"{self.version} ({self.content_hash[:12]})"
