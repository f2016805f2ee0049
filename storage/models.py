"""The dossier database.

The database is the truth: what was received, read, decided and said to the member. Exactly-once effects rest on the
uniqueness constraints here, not on the orchestrator.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from schemas.errors import AppendOnlyError
from schemas.statuses import Door, DossierStatus, EventKind, PieceState
from schemas.vocabulary import ClaimType, DecisionKind
from storage.account_models import AccountTry, EmailCode, PastPassword, SignIn, StaffChange, TrustedDevice
from storage.handling_models import EventContent, Handling, PrintedText, SavedSearch, TeamMember
from storage.helper_models import Helper
from storage.integrator_models import IdempotencyKey, Integrator
from storage.sight_models import Sight
from storage.talking_models import Contest, Message, UnwantedAlert
from storage.upkeep_models import LegalHold, RaisedAlarm, RuleText, UpkeepRecord, WorkerSign

__all__ = [
    "AccountTry",
    "Contest",
    "DecisionRecord",
    "Dossier",
    "EmailCode",
    "Event",
    "EventContent",
    "Handling",
    "Helper",
    "IdempotencyKey",
    "Integrator",
    "LegalHold",
    "Member",
    "Message",
    "Original",
    "OutboxMessage",
    "PastPassword",
    "Person",
    "Piece",
    "PrintedText",
    "RaisedAlarm",
    "Reading",
    "RuleText",
    "SavedSearch",
    "Sight",
    "SignIn",
    "StaffChange",
    "TeamMember",
    "TrustedDevice",
    "UnwantedAlert",
    "UpkeepRecord",
    "WorkerSign",
]


def _choices(values: Any) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Leased(models.Model):
    """Work that one worker at a time may hold.

    ``lease_token`` is drawn at every claim: whoever writes a result shows it, so that a worker which was given up for
    dead and comes back cannot write over its successor, even under the same name. ``attempts`` counts claims.
    """

    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Member(models.Model):
    """A contract known to the insurer."""

    member_number = models.CharField(max_length=32, unique=True)
    mutuelle = models.CharField(max_length=120, blank=True)
    teletransmission = models.BooleanField(default=True)
    rib_on_file = models.BooleanField(default=True)
    iban_on_file = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=120, blank=True)
    covered_from = models.DateField(null=True, blank=True)
    covered_until = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )

    def __str__(self) -> str:
        return self.member_number


class Person(models.Model):
    """Somebody covered by a contract. ``nir`` is masked on screen and never used to find duplicates."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="people")
    first = models.CharField(max_length=80)
    last = models.CharField(max_length=80)
    birth_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    role = models.CharField(max_length=20, default="adherent")
    nir = models.CharField(max_length=15, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "first", "last", "birth_date"], name="person_once_per_member"),
            models.UniqueConstraint(  # databases take two unknown birth dates for different ones
                fields=["member", "first", "last"],
                condition=models.Q(birth_date__isnull=True),
                name="undated_person_once_per_member",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


class Dossier(Leased):
    """One request of a member with its papers.

    ``claim_type`` is empty for papers that came without a request (``storage.assembling``).
    ``status`` is a copy of what the events say (``schemas.statuses.derive_status``), kept for lists and queries.
    ``settled_after`` is the moment from which the dossier may be decided (a short delay after its last paper, so that
    nothing is decided on half an upload); None when nothing is to be decided. ``search_text`` is what the search box
    looks into, without accents and capitals.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="dossiers")
    patient = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="dossiers")
    claim_type = models.CharField(max_length=20, choices=_choices(ClaimType))
    upload_date = models.DateField()
    message = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    status = models.CharField(
        max_length=20, choices=_choices(DossierStatus), default=DossierStatus.RECEIVED.value, db_index=True
    )
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    settled_after = models.DateTimeField(null=True, db_index=True)
    queue = models.CharField(max_length=40, blank=True, db_index=True)
    priority = models.PositiveSmallIntegerField(null=True)
    due = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["member", "-opened_at"]),
            models.Index(fields=["-opened_at", "-reference"]),
            models.Index(fields=["status", "priority", "due"]),
        )

    def __str__(self) -> str:
        return self.reference


class Original(models.Model):
    """Bytes as they were received, kept under their own SHA-256; never changed, and gone only when they are erased."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Piece(Leased):
    """One file sent for a dossier.

    ``door`` and ``door_key`` name the upload at its door: the same drop can never become two pieces.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pieces")
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="pieces")
    name = models.CharField(max_length=255)
    door = models.CharField(max_length=10, choices=_choices(Door))
    door_key = models.CharField(max_length=500)
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=_choices(PieceState), default=PieceState.RECEIVED.value, db_index=True
    )

    class Meta:
        ordering = ("received_at", "name")
        indexes = (models.Index(fields=["state", "received_at"]),)
        constraints = (models.UniqueConstraint(fields=["door", "door_key"], name="one_piece_per_drop"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.dossier_id})"


class Reading(models.Model):
    """What was read on a piece; ``line`` is the JSON line of ``schemas.lines``.

    Words and page pictures are kept in the object store under ``words_key`` and ``page_keys`` (in page order).
    ``file_kind`` and ``practitioner`` stand in the line too; here they can be counted (``storage.origins``).
    """

    piece = models.OneToOneField(Piece, on_delete=models.PROTECT, related_name="reading")
    line = models.JSONField()
    words_key = models.CharField(max_length=200, blank=True)
    page_keys = models.JSONField(default=list)
    refusal = models.CharField(max_length=30, blank=True)
    reader_version = models.CharField(max_length=20)
    worker = models.CharField(max_length=80)
    seconds = models.FloatField()
    read_at = models.DateTimeField(db_index=True)
    file_kind = models.CharField(max_length=12, blank=True)
    practitioner = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"reading of {self.piece_id}"


class DecisionRecord(models.Model):
    """One decision on a dossier; the last number counts. ``line`` is the JSON line of ``liasse decide``.

    ``rules_hash`` says by which rules to the letter; it is empty in decisions of releases that did not keep it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    line = models.JSONField()
    decision = models.CharField(max_length=20, choices=_choices(DecisionKind))
    missing = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    rules_version = models.CharField(max_length=80)
    rules_hash = models.CharField(max_length=64, blank=True, db_index=True)
    reader_version = models.CharField(max_length=20)
    worker = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["dossier", "number"], name="decisions_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.number}: {self.decision}"


class EventQuerySet(models.QuerySet["Event"]):
    """Events as a set: nothing that would change or remove one."""

    def update(self, **_kwargs: Any) -> int:
        """Refused: events are only ever added."""
        raise AppendOnlyError("events are only ever added")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: events are only ever added."""
        raise AppendOnlyError("events are only ever added")


class Event(models.Model):
    """Who did what, when, and what it changed.

    Rows are only ever added: refused here, and by triggers in the database (migration 0002).
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    piece = models.ForeignKey(Piece, null=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30, choices=_choices(EventKind))
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["dossier", "id"]),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; refused when it is already there."""
        if not self._state.adding:
            raise AppendOnlyError("events are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: events are only ever added."""
        raise AppendOnlyError("events are only ever added")


class Outgoing(Leased):
    """Something that is sent after what it tells was written.

    ``key`` names the transition it tells, so that it is told once.
    """

    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


class OutboxMessage(Outgoing):
    """A message to a member, written in the same transaction as what it tells, sent afterwards."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="messages")
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()


class WebhookDelivery(Outgoing):
    """What another system is told of a change of status: identifiers and statuses, nothing of a person."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deliveries")
    payload = models.JSONField()
