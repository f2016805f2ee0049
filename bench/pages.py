"""What the pages of the site cost with many dossiers in the database: milliseconds on the server, and queries."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.installation import open_installation
from bench.tables import FigureTable, Kind, Row, find_percentile
from liasse.claim_files import follow_claims, load_claims, load_readings
from schemas.claims import Dossier as ClaimDossier
from schemas.decisions import Decision
from schemas.lines import reading_to_line
from schemas.readings import FileReading
from schemas.rules import InsurerRules, load_rules
from schemas.statuses import Door, DossierStatus, EventKind, PieceState
from schemas.vocabulary import DecisionKind

if TYPE_CHECKING:
    from django.test import Client

_SAMPLES = Path(__file__).parents[1] / "samples"
#: How often each page is asked for.
_ROUNDS = 20
#: Dossiers of one member, on average.
_DOSSIERS_A_MEMBER = 5
_BATCH = 500
_MEGABYTE = 1_000_000
_STATUS = {
    DecisionKind.COMPLETE: DossierStatus.COMPLETE,
    DecisionKind.INCOMPLETE: DossierStatus.INCOMPLETE,
    DecisionKind.TO_REVIEW: DossierStatus.TO_REVIEW,
}


def measure_pages(dossiers: int, database_url: str = "") -> FigureTable:
    """Fill a database with recorded dossiers and ask for every page that lists or shows them.

    Args:
        dossiers: how many.
        database_url: of an empty database; a SQLite file in a folder that is removed afterwards when left out.
    """
    with open_installation(database_url) as installation:
        empty = installation.measure_database()
        member = _fill(dossiers)
        full = installation.measure_database()
        rows = dict(_ask_pages(member))
        papers = _count_papers()
    columns = {
        "n": Kind.COUNT,
        "median, ms": Kind.MILLISECONDS,
        "p95, ms": Kind.MILLISECONDS,
        "queries": Kind.COUNT,
        "slowest query, ms": Kind.MILLISECONDS,
    }
    stored = f"{(full - empty) / dossiers / 1000:.1f} kB a dossier" if full > empty else "size not known"
    note = f"{dossiers} dossiers with {papers} papers, one process, {stored} in the database."
    return FigureTable("Pages of the site, milliseconds on the server", "page", columns, rows, note)


def _load_samples() -> tuple[InsurerRules, list[tuple[ClaimDossier, Decision]]]:
    from dossiers import decide

    rules = load_rules()
    claims = load_claims(_SAMPLES / "set" / "dossiers_inputs.jsonl")
    names = list(dict.fromkeys(file for claim in claims for file in claim.files))
    readings = load_readings(_SAMPLES / "recorded" / "readings.jsonl", names)
    return rules, [
        (dossier, decide(dossier, rules, history, today=dossier.claim.upload_date))
        for dossier, history in follow_claims(claims, readings, rules)
    ]


def _fill(count: int) -> Any:
    """Members, dossiers, papers, readings, decisions and events; gives the member with the first dossiers."""
    from storage.intake import keep_member
    from storage.models import DecisionRecord, Dossier, Event, Original, Piece, PrintedText, Reading

    _, samples = _load_samples()
    rng = Random(1)  # a game, no secret
    members = [
        keep_member(
            samples[number % len(samples)][0].claim.member.model_copy(update={"member_number": f"B{number:07d}"})
        )
        for number in range(max(1, count // _DOSSIERS_A_MEMBER))
    ]
    rows: dict[Any, list[Any]] = {
        model: [] for model in (Dossier, Original, Piece, Reading, PrintedText, DecisionRecord, Event)
    }
    now = datetime.now(UTC)
    for number in range(count):
        loaded, decision = samples[number % len(samples)]
        opened = now - timedelta(minutes=rng.uniform(1, 60 * 24 * 170))
        member = members[number % len(members)]
        dossier = Dossier(
            reference=f"B{number:07d}",
            member=member,
            patient=member.people.first() if number < len(members) else None,
            claim_type=loaded.claim.claim_type.value,
            upload_date=opened.date(),
            search_text=f"b{number:07d} {loaded.claim.patient.full_name.lower()}",
            status=_STATUS[decision.decision].value,
            opened_at=opened,
            changed_at=opened + timedelta(minutes=1),
            queue=decision.queue,
            priority=decision.priority,
            due=opened.date() + timedelta(days=5),
        )
        rows[Dossier].append(dossier)
        _add_papers(rows, dossier, loaded.readings, opened)
        line = decision.to_line()
        rows[DecisionRecord].append(
            DecisionRecord(
                dossier=dossier, number=1, line=line, decision=decision.decision.value, missing=line["missing"],
                reasons=line["reasons"], rules_version=decision.rules_version, rules_hash=decision.rules_hash,
                reader_version="", worker="bench", decided_at=opened,
            )
        )  # fmt: skip
        rows[Event].append(
            _event(
                dossier, EventKind.DECIDED, opened + timedelta(minutes=1), after={"number": 1, "status": dossier.status}
            )
        )
        if len(rows[Dossier]) >= _BATCH or number == count - 1:
            for model, waiting in rows.items():
                model.objects.bulk_create(waiting)
                waiting.clear()
    return members[0]


def _add_papers(rows: dict[Any, list[Any]], dossier: Any, readings: Sequence[FileReading], opened: datetime) -> None:
    from storage.models import Event, Original, Piece, PrintedText, Reading
    from storage.origins import name_kind, name_practitioner

    rows[Event].append(_event(dossier, EventKind.DOSSIER_OPENED, opened, after={"status": "received"}))
    for reading in readings:
        original = Original(sha256=uuid.uuid4().hex * 2, size=200_000, kept_at=opened)
        piece = Piece(
            dossier=dossier, original=original, name=f"{reading.id}.jpg", door=Door.SITE.value,
            door_key=uuid.uuid4().hex, received_at=opened, state=PieceState.READ.value,
        )  # fmt: skip
        rows[Original].append(original)
        rows[Piece].append(piece)
        rows[Reading].append(
            Reading(
                piece=piece, line=reading_to_line(reading), refusal=reading.refusal.value if reading.refusal else "",
                reader_version="", worker="bench", seconds=1.0, read_at=opened,
                file_kind=name_kind(reading), practitioner=name_practitioner(reading),
            )
        )  # fmt: skip
        words = " ".join(str(field.value) for paper in reading.documents for field in paper.fields.values())
        rows[PrintedText].append(PrintedText(piece=piece, text=words.lower()[:2000]))
        for kind in (EventKind.PIECE_RECEIVED, EventKind.PIECE_CLAIMED, EventKind.PIECE_READ):
            rows[Event].append(_event(dossier, kind, opened, piece=piece, after={"status": "processing"}))


def _count_papers() -> int:
    from storage.models import Piece

    return Piece.objects.count()


def _event(dossier: Any, kind: EventKind, at: datetime, **more: Any) -> Any:
    from storage.models import Event

    return Event(dossier=dossier, kind=kind.value, at=at, actor="bench", before={"status": "received"}, **more)


def _ask_pages(member: Any) -> Iterator[tuple[str, Row]]:
    from django.contrib.auth.models import User

    from portal.accounts import HANDLERS, SUPERVISORS, create_account
    from storage.models import Dossier

    create_account("bench-member", uuid.uuid4().hex, member=member, name="Bench")
    create_account("bench-handler", uuid.uuid4().hex, group=HANDLERS, name="Bench")
    for group in (HANDLERS, SUPERVISORS):
        create_account("bench-supervisor", uuid.uuid4().hex, group=group, name="Bench")
    own = Dossier.objects.filter(member=member).first()
    waiting = Dossier.objects.filter(status=DossierStatus.TO_REVIEW.value).first()
    assert own is not None
    assert waiting is not None
    as_member, as_handler = _sign_in(User, "bench-member"), _sign_in(User, "bench-handler")
    as_supervisor = _sign_in(User, "bench-supervisor")
    for name, client, path in (
        ("member: my dossiers", as_member, "/dossiers"),
        ("member: search", as_member, "/dossiers?q=dentaire"),
        ("member: one dossier", as_member, f"/dossiers/{own.pk}"),
        ("member: what changed", as_member, f"/dossiers/{own.pk}/suivi"),
        ("handler: queue", as_handler, "/gestion"),
        ("handler: queue, last page", as_handler, "/gestion?page=last"),
        ("handler: search a reference", as_handler, f"/gestion?q={waiting.reference}"),
        ("handler: search a printed word", as_handler, "/gestion?q=pharmacie"),
        ("handler: one dossier", as_handler, f"/gestion/dossiers/{waiting.pk}"),
        ("supervisor: dashboard", as_supervisor, "/gestion/tableau"),
        ("supervisor: dashboard, half a year", as_supervisor, "/gestion/tableau?semaines=26"),
        ("supervisor: journal", as_supervisor, "/gestion/journal"),
    ):
        yield name, _time_page(client, path)


def _sign_in(users: Any, name: str) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(users.objects.get(username=name))
    return client


def _time_page(client: Client, path: str) -> Row:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken, asked = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
    for _ in range(_ROUNDS):  # apart, because watching the queries costs time
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            asked.append([1000 * float(query["time"]) for query in queries])
    return {
        "n": _ROUNDS,
        "median, ms": median(taken),
        "p95, ms": find_percentile(taken, 0.95),
        "queries": len(asked[0]),
        "slowest query, ms": median(max(times) for times in asked),
    }
