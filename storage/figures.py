"""How well the reading does, week by week, by what people saw: the figures of the team's dashboard.

Only a value that somebody really looked at counts as checked: corrected or confirmed on the review screen, or read in a
blind check. What nobody looked at is neither right nor wrong here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from schemas.readings import LOW_CONFIDENCE
from schemas.rules import Thresholds
from schemas.statuses import EventKind
from schemas.vocabulary import DecisionKind, FieldName, ReviewReason
from storage.contents import read_said, read_was
from storage.handling_models import BlindCheck
from storage.models import DecisionRecord, Event, Reading
from storage.sampling import CHECKED

#: Origins are counted over so many papers, the newest, at most.
MOST_READ = 20_000
#: Suppliers that are shown: those with most corrected values.
_MOST_SUPPLIERS = 15


@dataclass
class Effort:
    """Values of one field that somebody looked at.

    Attributes:
        right_flagged: flagged for nothing; a person confirmed it.
        wrong_flagged: flagged and wrong; a person put it right.
        wrong_accepted: accepted by the machine and wrong; somebody found it all the same.
        right_accepted: accepted by the machine and right, as a blind check says.
    """

    right_flagged: int = 0
    wrong_flagged: int = 0
    wrong_accepted: int = 0
    right_accepted: int = 0

    @property
    def looked_at(self) -> int:
        """All of them."""
        return self.right_flagged + self.wrong_flagged + self.wrong_accepted + self.right_accepted

    @property
    def right(self) -> int:
        """Those that the machine had read rightly."""
        return self.right_flagged + self.right_accepted


@dataclass
class Week:
    """One week, from Monday.

    Attributes:
        decided: first decisions of the machine.
        touchless: those among them that no person had to look at.
        doubtful: those that went to a person for a doubtful reading.
        checked, escaped: blind checks, and those that found an error.
        effort: by field.
    """

    monday: date
    decided: int = 0
    touchless: int = 0
    doubtful: int = 0
    checked: int = 0
    escaped: int = 0
    effort: dict[FieldName, Effort] = field(default_factory=lambda: defaultdict(Effort))


@dataclass(frozen=True)
class Source:
    """Papers of one origin.

    Attributes:
        name: a door, or a kind of reading (``text_layer``, ``tesseract``), or a supplier.
        papers: read.
        refused: among them.
        corrected: values put right on them.
    """

    name: str
    papers: int
    refused: int
    corrected: int


@dataclass(frozen=True)
class TeamFigures:
    """Everything on the dashboard.

    Attributes:
        weeks: oldest first, also those in which nothing happened.
        by_person, by_machine: refusals by reason: claims that people refused, papers that could not be read.
        doors, readings, suppliers: where papers come from; of the newest ``MOST_READ`` papers.
    """

    weeks: tuple[Week, ...]
    by_person: dict[str, int]
    by_machine: dict[str, int]
    doors: tuple[Source, ...]
    readings: tuple[Source, ...]
    suppliers: tuple[Source, ...]

    @property
    def effort(self) -> dict[FieldName, Effort]:
        """Of all weeks, by field."""
        whole: dict[FieldName, Effort] = defaultdict(Effort)
        for week in self.weeks:
            for name, one in week.effort.items():
                whole[name].right_flagged += one.right_flagged
                whole[name].wrong_flagged += one.wrong_flagged
                whole[name].wrong_accepted += one.wrong_accepted
                whole[name].right_accepted += one.right_accepted
        return dict(whole)


def measure_team(thresholds: Thresholds, *, today: date, weeks: int = 12, queues: Collection[str] = ()) -> TeamFigures:
    """The figures of some weeks, in eight queries whatever the number of dossiers.

    Args:
        thresholds: above which the machine accepts a value.
        today: the last week is the one of this day.
        weeks: how many.
        queues: of dossiers that count; every queue when empty.
    """
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    found = {first + timedelta(weeks=number): Week(first + timedelta(weeks=number)) for number in range(weeks)}
    _count_decisions(found, since, queues)
    corrected = _count_corrections(found, since, queues, thresholds)
    _count_checks(found, since, queues)
    mine = Q(dossier__queue__in=queues) if queues else Q()
    refused = Event.objects.filter(mine, kind=EventKind.HANDLER_REFUSED.value, at__gte=since)
    by_person = Counter(str((after or {}).get("reason", "")) for after in refused.values_list("after", flat=True))
    read = Reading.objects.filter(read_at__gte=since)
    if queues:
        read = read.filter(piece__dossier__queue__in=queues)
    by_machine = dict(read.exclude(refusal="").values_list("refusal").annotate(Count("pk")).order_by("refusal"))
    doors, kinds, suppliers = _count_sources(read, corrected)
    return TeamFigures(tuple(found.values()), dict(by_person), by_machine, doors, kinds, suppliers)


def _week_of(weeks: dict[date, Week], at: datetime) -> Week | None:
    day = timezone.localdate(at)
    return weeks.get(day - timedelta(days=day.weekday()))


def _count_decisions(weeks: dict[date, Week], since: datetime, queues: Collection[str]) -> None:
    rows = DecisionRecord.objects.filter(number=1, decided_at__gte=since)
    if queues:
        rows = rows.filter(dossier__queue__in=queues)
    for at, decision, reasons in rows.values_list("decided_at", "decision", "reasons"):
        week = _week_of(weeks, at)
        if week is not None:
            week.decided += 1
            week.touchless += decision != DecisionKind.TO_REVIEW.value
            week.doubtful += ReviewReason.LECTURE_INCERTAINE.value in reasons


def _count_corrections(
    weeks: dict[date, Week], since: datetime, queues: Collection[str], thresholds: Thresholds
) -> Counter[object]:
    """Sorts what people said of values into weeks; gives the number of values put right, by paper."""
    rows = Event.objects.filter(kind=EventKind.FIELD_CORRECTED.value, at__gte=since).select_related("content")
    if queues:
        rows = rows.filter(dossier__queue__in=queues)
    corrected: Counter[object] = Counter()
    for event in rows.iterator(chunk_size=500):
        week, said, was = _week_of(weeks, event.at), read_said(event), read_was(event)
        if week is None or said.get("field") not in set(FieldName):
            continue
        effort = week.effort[FieldName(said["field"])]
        if said.get("how") == "confirmed":
            effort.right_flagged += 1
            continue
        corrected[event.piece_id] += 1
        if _was_accepted(FieldName(said["field"]), was, thresholds):
            effort.wrong_accepted += 1
        else:
            effort.wrong_flagged += 1
    return corrected


def _was_accepted(name: FieldName, was: dict[str, object], thresholds: Thresholds) -> bool:
    confidence, held, asked = was.get("confidence"), was.get("held_back"), thresholds.of(name)
    if not isinstance(confidence, float | int) or was.get("source") is None:
        return False
    return held is None if asked is None else held in (None, LOW_CONFIDENCE) and confidence >= asked


def _count_checks(weeks: dict[date, Week], since: datetime, queues: Collection[str]) -> None:
    rows = BlindCheck.objects.filter(checked_at__gte=since).annotate(papers=Count("dossier__pieces"))
    if queues:
        rows = rows.filter(dossier__queue__in=queues)
    for at, differing, papers in rows.values_list("checked_at", "differing", "papers"):
        week = _week_of(weeks, at) if at else None
        if week is None:
            continue
        week.checked += 1
        week.escaped += bool(differing)
        wrong = Counter(name for names in differing.values() for name in names)
        for name in CHECKED:
            week.effort[name].wrong_accepted += wrong[name.value]
            week.effort[name].right_accepted += max(0, papers - wrong[name.value])


def _count_sources(
    read: QuerySet[Reading], corrected: Counter[object]
) -> tuple[tuple[Source, ...], tuple[Source, ...], tuple[Source, ...]]:
    counts: dict[str, dict[str, list[int]]] = {kind: defaultdict(lambda: [0, 0, 0]) for kind in ("door", "kind", "who")}
    rows = read.order_by("-pk").values_list("piece", "piece__door", "refusal", "line")[:MOST_READ]
    for piece, door, refusal, line in rows.iterator(chunk_size=500):
        for place, name in (("door", door), ("kind", _kind_of(line)), ("who", _supplier_of(line))):
            if name:
                found = counts[place][name]
                found[0] += 1
                found[1] += bool(refusal)
                found[2] += corrected[piece]

    def rank(place: str, key: int) -> Iterator[Source]:
        for name, found in sorted(counts[place].items(), key=lambda pair: (-pair[1][key], pair[0])):
            yield Source(name, *found)

    suppliers = tuple(source for source in rank("who", 2) if source.corrected)[:_MOST_SUPPLIERS]
    return tuple(rank("door", 0)), tuple(rank("kind", 0)), suppliers


def _kind_of(line: dict[str, object]) -> str:
    pages = line.get("pages")
    sources = {page.get("source") for page in pages} if isinstance(pages, list) else set()
    return "text_layer" if sources == {"text_layer"} else "tesseract" if sources else ""


def _supplier_of(line: dict[str, object]) -> str:
    documents = line.get("documents")
    for document in documents if isinstance(documents, list) else ():
        value = (document.get("fields", {}).get(FieldName.PRACTITIONER_NAME.value) or {}).get("value")
        if value:
            return str(value)
    return ""
