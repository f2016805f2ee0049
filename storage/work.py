"""The work to be done, under leases: papers to read (``storage.pieces``) and dossiers to decide (``storage.deciding``).

A worker loops over three calls::

    for piece in claim_pieces(owner, limit, now, lease):     # read the original, then
        save_reading(piece, reading, worker=owner, seconds=..., now=...)
    for dossier in claim_dossiers(owner, limit, now, lease):  # load, decide, then
        save_decision(dossier, decision, worker=owner, now=...)

``LeaseLostError`` from a save means that the result is not wanted any more: drop it and go on. Clocks of the machines
must agree to within a small part of the lease.
"""

from storage.deciding import (
    ClaimedDossier,
    LoadedDossier,
    claim_dossiers,
    load_dossier,
    postpone_dossier,
    release_dossiers,
    renew_dossiers,
    save_decision,
    schedule_decision,
)
from storage.pieces import (
    ClaimedPiece,
    claim_pieces,
    refuse_exhausted,
    release_pieces,
    renew_pieces,
    save_reading,
)

__all__ = [
    "ClaimedDossier",
    "ClaimedPiece",
    "LoadedDossier",
    "claim_dossiers",
    "claim_pieces",
    "load_dossier",
    "postpone_dossier",
    "refuse_exhausted",
    "release_dossiers",
    "release_pieces",
    "renew_dossiers",
    "renew_pieces",
    "save_decision",
    "save_reading",
    "schedule_decision",
]
