"""Work on papers: claim them to read, hand in the reading."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from schemas.errors import RefusalCode, StorageError
from schemas.lines import reading_to_line
from schemas.readings import FileReading
from schemas.settings import load_settings
from schemas.statuses import EventKind, PieceState
from storage.events import append_event, lock_dossier
from storage.leases import FREE, LEASE_FIELDS, lock_free_rows, lock_leased_row, renew_leases, take_rows, unheld
from storage.models import Piece, Reading
from storage.origins import name_kind, name_practitioner
from storage.printed import keep_printed_text


@dataclass(frozen=True, slots=True)
class ClaimedPiece:
    """A paper that is ours to read until the lease ends.

    Attributes:
        id: of the piece; the reading's ``id`` is its text.
        sha256: content address of the original.
        name: what the sender called the file.
        attempt: 1 for the first reading.
        token: proof of the lease.
    """

    id: uuid.UUID
    dossier_id: uuid.UUID
    sha256: str
    name: str
    received_at: datetime
    attempt: int
    owner: str
    token: uuid.UUID
    lease_until: datetime


def claim_pieces(
    owner: str, limit: int, now: datetime, lease: timedelta, *, max_attempts: int | None = None
) -> tuple[ClaimedPiece, ...]:
    """Take papers to read, oldest first; nobody else gets them until the lease ends.

    Papers whose reader died ``max_attempts`` times are not handed out again but refused (``refuse_exhausted``).

    Args:
        owner: name of the worker, for people to see.
        limit: how many at most.
        now: with time zone.
        lease: how long they are ours; renew before it ends.
        max_attempts: from the settings by default.
    """
    most = load_settings().max_attempts if max_attempts is None else max_attempts
    waiting = waiting_pieces(now)
    if limit < 1 or not waiting.exists():  # a plain look first: an idle worker must not hold SQLite's write lock
        return ()
    if waiting.filter(attempts__gte=most).exists():
        refuse_exhausted(now, max_attempts=most)
    with transaction.atomic():
        rows = lock_free_rows(waiting.filter(attempts__lt=most), limit)
        until = now + lease
        token = take_rows(rows, owner, until)
        dossiers = {pk: lock_dossier(pk) for pk in sorted({row.dossier_id for row in rows})}
        for row in rows:
            append_event(
                dossiers[row.dossier_id],
                EventKind.PIECE_CLAIMED,
                at=now,
                actor=owner,
                piece=row,
                detail={"attempt": row.attempts},
            )
    return tuple(
        ClaimedPiece(
            id=row.pk,
            dossier_id=row.dossier_id,
            sha256=row.original_id,
            name=row.name,
            received_at=row.received_at,
            attempt=row.attempts,
            owner=owner,
            token=token,
            lease_until=until,
        )
        for row in rows
    )


def waiting_pieces(now: datetime) -> QuerySet[Piece]:
    """Papers that are to be read and that nobody holds, oldest first."""
    return Piece.objects.filter(unheld(now), state=PieceState.RECEIVED.value).order_by("received_at", "pk")


def renew_pieces(claimed: Iterable[ClaimedPiece], now: datetime, lease: timedelta) -> frozenset[uuid.UUID]:
    """Prolong our leases to ``now + lease``.

    Returns:
        Identifiers of the pieces that are still ours; stop working on the others.
    """
    return frozenset(renew_leases(Piece, {piece.id: piece.token for piece in claimed}, now + lease))


def release_pieces(claimed: Iterable[ClaimedPiece], *, until: datetime | None = None) -> int:
    """Give papers back unread (a worker that stops, a store that does not answer) without counting the attempt.

    Args:
        claimed: the papers.
        until: nobody gets them before; at once when None.

    Returns:
        How many were still ours.
    """
    free = FREE if until is None else {**FREE, "lease_until": until}
    return sum(
        Piece.objects.filter(pk=piece.id, lease_token=piece.token).update(attempts=F("attempts") - 1, **free)
        for piece in claimed
    )


def save_reading(
    claimed: ClaimedPiece,
    reading: FileReading,
    *,
    worker: str,
    seconds: float,
    now: datetime,
    words_key: str = "",
    page_keys: Sequence[str] = (),
    settle: timedelta | None = None,
) -> None:
    """Write what was read, or why nothing could be, and let the dossier be decided.

    Args:
        claimed: the piece, from ``claim_pieces``.
        reading: of the original's bytes; its ``id`` and ``file`` become the piece's. Words are not kept here.
        worker: who read it.
        seconds: how long it took.
        now: with time zone.
        words_key: where the words are kept, see ``storage.objects.words_key``.
        page_keys: where the page pictures are kept, in page order.
        settle: how long after its arrival to wait for more papers; from the settings by default.

    Raises:
        LeaseLostError: the piece is no longer ours: somebody else reads it, nothing was written.
        StorageError: the reading is of other bytes.
    """
    if reading.sha256 not in {claimed.sha256, ""}:
        raise StorageError("the reading is of other bytes than the piece")
    with transaction.atomic():
        piece = lock_leased_row(Piece, claimed.id, claimed.token)
        _write_reading(
            piece, reading, worker=worker, seconds=seconds, now=now, words=words_key, pages=page_keys, settle=settle
        )


def refuse_piece(claimed: ClaimedPiece, *, because: str, worker: str, now: datetime) -> None:
    """Refuse a paper that was read but whose reading will never be kept: a person looks at it; the original is kept.

    Args:
        claimed: the piece, from ``claim_pieces``.
        because: kind of error, for operators: nothing printed on the paper.
        worker: who read it.
        now: with time zone.

    Raises:
        LeaseLostError: the piece is no longer ours.
    """
    with transaction.atomic():
        piece = lock_leased_row(Piece, claimed.id, claimed.token)
        _write_refusal(piece, worker=worker, now=now, because=because)


def refuse_exhausted(now: datetime, *, max_attempts: int | None = None) -> int:
    """Refuse the papers whose reader died every time, so that none is tried for ever; the originals are kept.

    Returns:
        How many were refused.
    """
    most = load_settings().max_attempts if max_attempts is None else max_attempts
    with transaction.atomic():
        rows = lock_free_rows(waiting_pieces(now).filter(attempts__gte=most), 100)
        for piece in sorted(rows, key=lambda row: row.dossier_id):  # one order for all, so that no two wait in a ring
            _write_refusal(piece, worker="sweep", now=now, because="attempts")
    return len(rows)


def _write_refusal(piece: Piece, *, worker: str, now: datetime, because: str) -> None:
    _write_reading(
        piece,
        FileReading(id=str(piece.pk), file=piece.name, sha256=piece.original_id, refusal=RefusalCode.TIMEOUT),
        worker=worker,
        seconds=0.0,
        now=now,
        words="",
        pages=(),
        settle=timedelta(),
        because=because,
    )


def _write_reading(
    piece: Piece,
    reading: FileReading,
    *,
    worker: str,
    seconds: float,
    now: datetime,
    words: str,
    pages: Sequence[str],
    settle: timedelta | None,
    because: str = "",
) -> None:
    own = reading.without_words().model_copy(
        update={"id": str(piece.pk), "file": piece.name, "sha256": piece.original_id}
    )
    Reading.objects.create(
        piece=piece,
        line=reading_to_line(own),
        words_key=words,
        page_keys=list(pages),
        refusal=own.refusal.value if own.refusal else "",
        reader_version=own.reader_version,
        worker=worker[:80],
        seconds=seconds,
        read_at=now,
        file_kind=name_kind(own),
        practitioner=name_practitioner(own),
    )
    keep_printed_text(piece, reading)
    piece.state = (PieceState.REFUSED if own.refusal else PieceState.READ).value
    piece.lease_owner, piece.lease_token, piece.lease_until = "", None, None
    piece.save(update_fields=["state", *LEASE_FIELDS])

    dossier = lock_dossier(piece.dossier_id)
    wait = timedelta(seconds=load_settings().settle_seconds) if settle is None else settle
    detail = {"code": own.refusal.value} if own.refusal else {"reader_version": own.reader_version}
    if because:
        detail["because"] = because
    # A later paper may already have put the decision further off.
    dossier.settled_after = max(now, piece.received_at + wait, dossier.settled_after or now)
    append_event(
        dossier,
        EventKind.PIECE_REFUSED if own.refusal else EventKind.PIECE_READ,
        at=now,
        actor=worker,
        piece=piece,
        detail=detail,
        also=("settled_after",),
    )
