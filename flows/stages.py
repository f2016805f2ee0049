"""What a worker does, as plain functions: take drops, have papers read, decide, send messages.

Nothing here knows Prefect. Each function finishes or leaves the work to somebody else: leases lapse, drops stay where
they are, messages stay in the outbox.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from dossiers import decide
from extractors.results import ReadFile
from flows.context import WorkerContext
from flows.derived import save_page, save_words
from flows.drops import DropRefusedError, mask_name
from flows.inbox import Drop, find_drops, set_drop_aside, take_drop
from flows.inbox_places import Inbox
from schemas.errors import (
    KeyConflictError,
    LeaseLostError,
    LiasseError,
    ObjectCorruptError,
    RefusalCode,
    StorageError,
)
from schemas.readings import FileReading
from schemas.settings import load_settings
from schemas.statuses import DossierStatus
from storage.assembling import place_papers, settle_papers
from storage.database import is_passing, try_again
from storage.models import Dossier
from storage.outbox import claim_messages, deliver_message, has_due_messages
from storage.scanning import ScannerError, find_virus
from storage.webhooks import claim_deliveries, deliver, has_due_deliveries
from storage.work import (
    ClaimedDossier,
    ClaimedPiece,
    claim_dossiers,
    claim_pieces,
    has_waiting_work,
    load_dossier,
    postpone_dossier,
    refuse_piece,
    release_pieces,
    renew_pieces,
    save_decision,
    save_reading,
)

log = structlog.get_logger(__name__)

#: How often a wait for readers looks whether the worker must end.
_LOOK_SECONDS = 1.0
#: A paper that could not be fetched or kept, through no fault of its own, rests for so long.
_REST = timedelta(seconds=10)
#: A finished reading is worth so many seconds of waiting for the database, short of the lease.
_PERSISTENCE_SECONDS = 30.0
_DOSSIERS_AT_ONCE = 16
_MESSAGES_AT_ONCE = 50
_WEBHOOKS_AT_ONCE = 10


def lease_of(context: WorkerContext) -> timedelta:
    """How long claimed work is ours before it must be renewed."""
    return timedelta(seconds=context.settings.lease_seconds)


def messages_wait() -> bool:
    """Whether a message is due."""
    return _messages_due(timezone.now())


def _messages_due(now: datetime) -> bool:
    return has_due_messages(now) or (bool(load_settings().webhook_url) and has_due_deliveries(now))


def settle_of(context: WorkerContext) -> timedelta:
    """How long a dossier waits for more papers before it is decided."""
    return timedelta(seconds=context.settings.settle_seconds)


def has_work(context: WorkerContext) -> bool:
    """Whether anything waits: a drop, a paper to read, a dossier to decide, a message to send."""
    now = timezone.now()
    return has_waiting_work(now) or _messages_due(now) or bool(_find_all_drops(context))


def take_drops(context: WorkerContext) -> int:
    """Store the papers of every complete drop.

    Returns:
        How many papers were taken.
    """
    papers = 0
    for inbox, drop in _find_all_drops(context):
        try:
            papers += take_drop(inbox, drop, context.store, now=timezone.now(), settle=settle_of(context))
        except KeyConflictError as error:
            set_drop_aside(inbox, drop.name, error)
        except (StorageError, OSError) as error:  # the drop stays where it is and is taken next time
            log.warning("drop not taken yet", drop=mask_name(drop.name), error=type(error).__name__)
        except (DatabaseError, UnicodeError) as error:  # a claim that the database cannot hold will never be taken
            if isinstance(error, OperationalError):
                raise
            set_drop_aside(inbox, drop.name, DropRefusedError(f"the claim cannot be kept ({type(error).__name__})"))
    return papers


def claim_papers(context: WorkerContext, limit: int) -> tuple[ClaimedPiece, ...]:
    """Papers that wait, made ours."""
    return claim_pieces(context.owner, limit, timezone.now(), lease_of(context))


def find_references(pieces: Sequence[ClaimedPiece]) -> dict[ClaimedPiece, str]:
    """The reference of each paper's dossier, which is what people know it by."""
    names = dict(Dossier.objects.filter(pk__in={piece.dossier_id for piece in pieces}).values_list("pk", "reference"))
    return {piece: names[piece.dossier_id] for piece in pieces}


def read_papers(context: WorkerContext, pieces: Sequence[ClaimedPiece]) -> int:
    """Have papers read by the reader processes and keep what they say; leases are renewed meanwhile.

    Returns:
        How many readings were kept. A paper that is not ours any more, or that could not be fetched, is left to
        whoever claims it next.
    """
    try:
        waiting = _hand_out(context, pieces)
        kept = 0
        renew_every = lease_of(context).total_seconds() / 3
        renewed_at = time.monotonic()
        while waiting:
            done, _ = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                kept += _keep_reading(context, waiting.pop(future), future)
            if context.is_out_of_patience():
                # These papers did nothing wrong: given back, the attempt does not count against them.
                release_pieces(waiting.values())
                return kept
            if time.monotonic() - renewed_at > renew_every:
                renewed_at = time.monotonic()
                _renew(context, list(waiting.values()))
        return kept
    finally:
        connection.close()  # the task ran in a thread of its own; its connection ends with it


def claim_ready_dossiers(context: WorkerContext) -> tuple[ClaimedDossier, ...]:
    """Dossiers whose papers are all read, made ours."""
    return claim_dossiers(context.owner, _DOSSIERS_AT_ONCE, timezone.now(), lease_of(context))


def decide_dossier(context: WorkerContext, claimed: ClaimedDossier) -> str | None:
    """Decide one dossier and write it down.

    Returns:
        What was decided, or None when the dossier is not ours any more or could not be decided now.
    """
    try:
        if claimed.unattached:
            return _attach_papers(context, claimed)
        loaded = load_dossier(claimed.id, context.rules)
        decision = decide(loaded.dossier, context.rules, loaded.history, today=timezone.localdate())
        save_decision(claimed, decision, worker=context.owner, now=timezone.now())
    except LeaseLostError:  # another paper came in: it is decided again with it
        log.info("decision dropped", dossier=claimed.reference)
        return None
    except Exception as error:
        rest = _postpone(claimed)
        log.error("dossier not decided", dossier=claimed.reference, error=type(error).__name__, again_in=rest)
        return None
    log.info("dossier decided", dossier=claimed.reference, decision=decision.decision.value)
    return decision.decision.value


def _attach_papers(context: WorkerContext, claimed: ClaimedDossier) -> str:
    """Papers that came without a request join the open one that they belong to, or go to a person."""
    placement = place_papers(claimed.id, context.rules, timezone.localdate())
    record = settle_papers(claimed, placement, context.rules, worker=context.owner, now=timezone.now())
    said = record.decision if record else DossierStatus.JOINED.value
    log.info("papers attached", dossier=claimed.reference, joined=len(placement.targets), left=said)
    return said


def send_messages(context: WorkerContext) -> int:
    """Send the messages that are due; one that fails is tried again later.

    Returns:
        How many were sent.
    """
    messages = claim_messages(context.owner, _MESSAGES_AT_ONCE, timezone.now(), lease_of(context))
    sent = sum(deliver_message(message, worker=context.owner, now=timezone.now()) for message in messages)
    return sent + _post_webhooks(context)


def _post_webhooks(context: WorkerContext) -> int:
    """Post what other systems are told; a few at a time, because each may wait until its time is out."""
    if not context.settings.webhook_url:
        return 0
    deliveries = claim_deliveries(context.owner, _WEBHOOKS_AT_ONCE, timezone.now(), lease_of(context))
    return sum(deliver(delivery, now=timezone.now()) for delivery in deliveries)


def _find_all_drops(context: WorkerContext) -> list[tuple[Inbox, Drop]]:
    found: list[tuple[Inbox, Drop]] = []
    for inbox in context.inboxes:
        try:
            found += [(inbox, drop) for drop in find_drops(inbox)]
        except (OSError, StorageError) as error:
            log.warning("inbox does not answer", door=inbox.door.value, error=type(error).__name__)
    return found


def _hand_out(context: WorkerContext, pieces: Sequence[ClaimedPiece]) -> dict[Future[ReadFile], ClaimedPiece]:
    waiting: dict[Future[ReadFile], ClaimedPiece] = {}
    for piece in pieces:
        path = context.work_dir / str(piece.id)
        try:
            data = context.store.get_original(piece.sha256)
            if _is_infected(context, piece, data):
                continue
            path.write_bytes(data)
        except ScannerError as error:  # nothing is opened unseen: the paper waits, which becomes an alarm
            log.error("paper not scanned", piece=str(piece.id), code=error.code, reason=str(error))
            _give_back([piece])
            continue
        except (StorageError, ObjectCorruptError) as error:
            log.error("original not fetched", piece=str(piece.id), code=error.code)
            if error.retryable:
                _give_back([piece])
            continue  # otherwise the lease lapses, the attempt counts, and the paper ends refused and looked at
        waiting[context.pool.submit(path, str(piece.id))] = piece
    return waiting


def _is_infected(context: WorkerContext, piece: ClaimedPiece, data: bytes) -> bool:
    """Show a paper to the scanner, where there is one; what it signals is refused and never opened."""
    if not context.settings.clamav_url:
        return False
    virus = find_virus(data, context.settings.clamav_url)
    if virus is None:
        return False
    log.warning("infected paper refused", piece=str(piece.id), virus=virus)
    refused = FileReading(id=str(piece.id), file=str(piece.id), sha256=piece.sha256, refusal=RefusalCode.INFECTED)
    _keep(context, piece, ReadFile(refused))
    return True


def _keep_reading(context: WorkerContext, piece: ClaimedPiece, answer: Future[ReadFile]) -> bool:
    """Keep one reading; whatever happens, this paper costs the others of its batch nothing."""
    (context.work_dir / str(piece.id)).unlink(missing_ok=True)
    try:
        read = answer.result()
    except Exception as error:  # not the paper's fault: a reader answers every paper, however bad, with a refusal
        detail = str(error) if isinstance(error, LiasseError) else ""
        log.error("readers do not work", error=type(error).__name__, detail=detail)
        _give_back([piece])
        return False
    return _keep(context, piece, read)


def _keep(context: WorkerContext, piece: ClaimedPiece, read: ReadFile) -> bool:
    try:
        _save(context, piece, read)
    except LeaseLostError:
        log.warning("reading dropped", piece=str(piece.id))
        return False
    except Exception as error:
        # The error's text may quote what is printed on the paper: only its kind is told.
        log.error("reading not kept", piece=str(piece.id), error=type(error).__name__)
        if is_passing(error):
            _give_back([piece])
        else:
            _refuse(context, piece, type(error).__name__)
        return False
    reading = read.reading
    log.info(
        "paper read",
        piece=str(piece.id),
        status=reading.status,
        refusal=reading.refusal.value if reading.refusal else None,
        pages=len(reading.pages),
        seconds=round(reading.timings.get("total", 0.0), 2),
    )
    return True


def _save(context: WorkerContext, piece: ClaimedPiece, read: ReadFile) -> None:
    started = time.monotonic()
    keys = [save_page(context.store, piece.sha256, preview) for preview in read.previews]
    words = save_words(context.store, read.reading)

    def save() -> None:
        save_reading(
            piece,
            read.reading,
            worker=context.owner,
            seconds=read.reading.timings.get("total", 0.0) + time.monotonic() - started,
            now=timezone.now(),
            words_key=words,
            page_keys=keys,
            settle=settle_of(context),
        )

    try_again(save, seconds=_PERSISTENCE_SECONDS)


def _refuse(context: WorkerContext, piece: ClaimedPiece, because: str) -> None:
    """The same would happen at every try: refused, and looked at by a person."""
    try:
        refuse_piece(piece, because=because, worker=context.owner, now=timezone.now())
    except Exception as error:  # then the lease lapses, the attempt counts, and in the end it is refused all the same
        log.error("paper not refused", piece=str(piece.id), error=type(error).__name__)


def _give_back(pieces: Sequence[ClaimedPiece]) -> None:
    """Papers that did nothing wrong, for later."""
    try:
        release_pieces(pieces, until=timezone.now() + _REST)
    except Exception as error:  # the database is away too: the leases lapse
        log.warning("papers not given back", papers=len(pieces), error=type(error).__name__)


def _renew(context: WorkerContext, pieces: Sequence[ClaimedPiece]) -> None:
    try:
        renew_pieces(pieces, timezone.now(), lease_of(context))
    except Exception as error:  # the database is away for a moment: the lease has two more thirds to go
        log.warning("leases not renewed", error=type(error).__name__)


def _postpone(claimed: ClaimedDossier) -> float | None:
    try:
        return postpone_dossier(claimed, timezone.now()).total_seconds()
    except LeaseLostError:
        return None
