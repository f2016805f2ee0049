"""The work to be done, under leases: papers to read (``storage.pieces``) and dossiers to decide (``storage.deciding``).

A worker loops over three calls::

    for piece in claim_pieces(owner, limit, now, lease):     # read the original, then
        save_reading(piece, reading, worker=owner, seconds=..., now=...)
    for dossier in claim_dossiers(owner, limit, now, lease):  # load, decide, then
        save_decision(dossier, decision, worker=owner, now=...)

``LeaseLostError`` from a save means that the result is not wanted any more: drop it and go on. Clocks of the machines
must agree to within a small part of the lease.
"""

from datetime import datetime

from django.db import transaction

from storage.deciding import (
    ClaimedDossier,
    LoadedDossier,
    claim_dossiers,
    load_dossier,
    postpone_dossier,
    ready_dossiers,
    release_dossiers,
    renew_dossiers,
    save_decision,
    schedule_decision,
)
from storage.leases import free_owned
from storage.models import Dossier, OutboxMessage, Piece
from storage.pieces import (
    ClaimedPiece,
    claim_pieces,
    refuse_exhausted,
    refuse_piece,
    release_pieces,
    renew_pieces,
    save_reading,
    waiting_pieces,
)

__all__ = [
    "ClaimedDossier",
    "ClaimedPiece",
    "LoadedDossier",
    "claim_dossiers",
    "claim_pieces",
    "free_leases",
    "has_waiting_work",
    "load_dossier",
    "postpone_dossier",
    "refuse_exhausted",
    "refuse_piece",
    "release_dossiers",
    "release_pieces",
    "renew_dossiers",
    "renew_pieces",
    "save_decision",
    "save_reading",
    "schedule_decision",
    "waiting_pieces",
]


def has_waiting_work(now: datetime) -> bool:
    """Whether a paper waits to be read or a dossier to be decided."""
    return waiting_pieces(now).exists() or ready_dossiers(now).exists()


def free_leases(owner: str) -> int:
    """Give back whatever is held under a name: a worker that starts was killed if it still holds something.

    Attempts stay counted, so that a paper that kills its worker every time ends refused. Two live workers must not
    share a name: the second would take the work out of the first one's hands.

    Returns:
        How many leases were freed.
    """
    with transaction.atomic():
        return free_owned(Piece, owner) + free_owned(Dossier, owner) + free_owned(OutboxMessage, owner)
