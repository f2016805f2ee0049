"""Blind checks: some of the dossiers that nobody looked at are looked at after all, without what the machine read.

They are the only way to know of errors that escaped: whoever sees a value before reading it sees it again. Which
dossiers are drawn depends on their identifiers and a secret of the installation: a draw can be repeated, and nobody
chooses or can tell beforehand.
"""

from __future__ import annotations

import hmac
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from schemas.lines import content_to_json, reading_from_line
from schemas.readings import DocumentReading, FieldContent, Source
from schemas.rules import Thresholds
from schemas.settings import load_settings
from schemas.statuses import AMENDING, HANDED_OVER, EventKind
from schemas.vocabulary import DocumentType, FieldName
from storage.contents import append_saying
from storage.events import append_event, lock_dossier
from storage.handling_models import BlindCheck
from storage.models import Dossier, Event, Reading

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: What is looked at: enough to settle a claim by, little enough to be typed in a minute.
CHECKED: tuple[FieldName, ...] = (
    FieldName.PATIENT_NAME,
    FieldName.ISSUE_DATE,
    FieldName.TOTAL_AMOUNT,
    FieldName.PAID,
)
#: A value counts as accepted only just within so much of its threshold; such dossiers are drawn so many times as often.
_CLOSE, _CLOSE_TIMES = 0.04, 3
#: Dossiers settled in so many days are drawn from.
_SINCE = timedelta(days=14)
_TOUCHED = (
    *(kind.value for kind in AMENDING),
    EventKind.HANDLER_ACCEPTED.value,
    EventKind.HANDLER_ASKED.value,
    EventKind.HANDLER_REFUSED.value,
)
_PEOPLE = frozenset({Source.HANDLER, Source.MEMBER})
#: Of a normal distribution, for an interval of 95 %.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person read on one paper, blind.

    Attributes:
        values: None where nothing is printed.
    """

    file: str
    document: int
    type: DocumentType
    values: Mapping[FieldName, FieldContent | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a person read on one paper, beside what the machine read.

    Attributes:
        differing: names of fields read otherwise, and "type".
        accepted: values that the machine had accepted, and whether each was right.
    """

    differing: tuple[str, ...] = ()
    accepted: Mapping[FieldName, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quality:
    """Errors that escaped, by the blind checks of some days.

    Attributes:
        checked: dossiers.
        wrong: those in which something was read wrongly.
        low, high: interval of 95 % for their share (Wilson); None where nothing was checked.
    """

    checked: int = 0
    wrong: int = 0
    low: float | None = None
    high: float | None = None


def draw_checks(share: float, thresholds: Thresholds, *, now: datetime) -> int:
    """Draw from what was settled lately without anybody looking; says how many are new.

    Dossiers that rest on a value accepted only just are drawn more often: that is where errors escape.

    Args:
        share: of such dossiers.
        thresholds: above which a value was accepted.
        now: with time zone.
    """
    touched = Event.objects.filter(dossier=OuterRef("pk"), kind__in=_TOUCHED)
    drawn = BlindCheck.objects.filter(dossier=OuterRef("pk"))
    settled = Dossier.objects.filter(
        ~Exists(touched),
        ~Exists(drawn),
        status__in=[status.value for status in HANDED_OVER],
        changed_at__gte=now - _SINCE,
        erased_at__isnull=True,
    ).values_list("pk", flat=True)
    key = load_settings().secret_key_or_local().encode()
    places = {pk: _place(pk, key) for pk in settled}
    chosen = [pk for pk, place in places.items() if place < share]
    chosen += _find_close([pk for pk, place in places.items() if share <= place < _CLOSE_TIMES * share], thresholds)
    made = BlindCheck.objects.bulk_create(
        [BlindCheck(dossier_id=pk, drawn_at=now) for pk in chosen], ignore_conflicts=True
    )
    return len(made)


def _place(dossier_id: uuid.UUID, key: bytes) -> float:
    """A number from 0 to 1 that an identifier always gets, and that nobody can tell who does not have the key."""
    return int.from_bytes(hmac.digest(key, dossier_id.bytes, "sha256")[:6]) / 2**48


def _find_close(dossiers: Sequence[uuid.UUID], thresholds: Thresholds) -> list[uuid.UUID]:
    """Those that rest on a value whose confidence is just above what the insurer asks for, where it names a figure."""
    close = set()
    for dossier, line in Reading.objects.filter(piece__dossier__in=dossiers).values_list("piece__dossier", "line"):
        for document in reading_from_line(line).documents:
            for name in CHECKED:
                found, asked = document.fields.get(name), thresholds.of(name)
                if found and asked is not None and asked <= found.confidence < asked + _CLOSE:
                    close.add(dossier)
    return sorted(close)


def compare_answer(read: DocumentReading, answer: Answer, thresholds: Thresholds) -> Comparison:
    """What a person read otherwise than the machine, and which accepted values turned out right."""
    differing, accepted = [] if read.type is answer.type else ["type"], {}
    for name, said in answer.values.items():
        found = read.fields.get(name)
        if found is not None and found.source in _PEOPLE:
            continue  # no reading of the machine's
        right = _is_same(said, found.value if found else None)
        if not right:
            differing.append(name.value)
        if found is not None and found.value is not None and thresholds.accept(name, found):
            accepted[name] = right
    return Comparison(tuple(differing), accepted)


def _is_same(said: FieldContent | None, read: FieldContent | None) -> bool:
    if isinstance(said, str) and isinstance(read, str):
        return sorted(said.casefold().split()) == sorted(read.casefold().split())
    if isinstance(said, bool) or isinstance(read, bool):
        return bool(said) == bool(read)  # "not paid" and no word of payment come to the same
    return said == read


def keep_check(check_id: int, answers: Sequence[tuple[Answer, Comparison]], *, user: User, now: datetime) -> bool:
    """Keep what a person read, and what of it differs; False where somebody else was first.

    Args:
        check_id: of the check.
        answers: one for each paper, with what it says beside the machine's reading.
        user: who looked.
        now: with time zone.
    """
    with transaction.atomic():
        check = BlindCheck.objects.select_for_update().get(pk=check_id)
        if check.checked_at is not None:
            return False
        check.checked_at, check.checked_by = now, user
        check.differing = {
            f"{answer.file}/{answer.document}": list(found.differing) for answer, found in answers if found.differing
        }
        check.judged = _count_judged(found for _, found in answers)
        check.save(update_fields=["checked_at", "checked_by", "differing", "judged"])
        dossier = lock_dossier(check.dossier_id)
        append_event(
            dossier, EventKind.BLIND_CHECKED, at=now, actor=user.username, detail={"differing": check.differing}
        )
        for answer, found in answers:
            for name, value in answer.values.items():
                if name.value in found.differing:
                    append_saying(
                        dossier,
                        EventKind.BLIND_DIFFERED,
                        at=now,
                        actor=user.username,
                        said={"document": answer.document, "field": name.value, "value": content_to_json(value)},
                        piece=dossier.pieces.filter(pk=answer.file).first(),
                    )
    return True


def _count_judged(found: Iterable[Comparison]) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for comparison in found:
        for name, right in comparison.accepted.items():
            counts = judged.setdefault(name.value, {"right": 0, "wrong": 0})
            counts["right" if right else "wrong"] += 1
    return judged


def measure_quality(since: datetime) -> Quality:
    """Errors that escaped, since a moment; one query."""
    found = BlindCheck.objects.filter(checked_at__gte=since).aggregate(
        checked=Count("pk"), wrong=Count("pk", filter=~Q(differing={}))
    )
    return estimate_errors(found["checked"], found["wrong"])


def estimate_errors(checked: int, wrong: int) -> Quality:
    """The share of dossiers with an error, with its interval, by so many that were looked at."""
    if not checked:
        return Quality()
    share = wrong / checked
    middle = share + _Z**2 / (2 * checked)
    reach = _Z * math.sqrt(share * (1 - share) / checked + _Z**2 / (4 * checked**2))
    whole = 1 + _Z**2 / checked
    return Quality(checked, wrong, max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))
