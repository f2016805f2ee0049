"""A member says what one of their papers says: kept as a word of theirs, beside the reading, and decided again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from schemas.errors import RefusedActError
from schemas.lines import content_to_json
from schemas.sayings import Saying
from schemas.statuses import EventKind, PieceState
from storage.amending import standing_sayings
from storage.contents import append_saying
from storage.deciding import schedule_decision
from storage.events import lock_dossier
from storage.models import Piece


def say_of_paper(dossier_id: uuid.UUID, piece_id: uuid.UUID, sayings: Sequence[Saying], *, actor: str,
                 now: datetime) -> int:  # fmt: skip
    """Keep what a member says of a paper of theirs, each thing once, and have the dossier decided again.

    Args:
        dossier_id: of a dossier of theirs.
        piece_id: of a paper in it that was read.
        sayings: what they say; what they said before already is not said again.
        actor: user name.
        now: with time zone.

    Returns:
        How much was new; with nothing new, nothing happens.

    Raises:
        RefusedActError: there is no such paper, or it was erased.
    """
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        piece = Piece.objects.filter(pk=piece_id, dossier=dossier, state=PieceState.READ.value).first()
        if piece is None:
            raise RefusedActError("no such paper was read", message_fr="Ce document n’est plus là.")
        known = set(standing_sayings(dossier))
        new = [saying for saying in sayings if saying not in known]
        for saying in new:
            append_saying(
                dossier,
                EventKind.MEMBER_CORRECTED,
                at=now,
                actor=actor,
                piece=piece,
                said={
                    "document": saying.document,
                    "field": saying.field.value if saying.field else None,
                    "type": saying.type.value if saying.type else None,
                    "value": content_to_json(saying.value),
                },
            )
        if new:
            schedule_decision(dossier_id, now)
    return len(new)
