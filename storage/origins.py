"""Where papers come from, and whether they are read worse than they were: by door, kind of file and professional."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from schemas.readings import FileReading, Source
from schemas.vocabulary import FieldName
from storage.models import Reading

#: Professionals that are shown: those with most corrected values.
_MOST_SUPPLIERS = 15


@dataclass
class Share:
    """Papers of one origin in some time.

    Attributes:
        papers: read.
        refused: among them, those that the machine could not read.
        corrected: values put right on them.
    """

    papers: int = 0
    refused: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class Origin:
    """Papers of one origin.

    Attributes:
        name: a door, a kind of file (``text_layer``, ``scanned_pdf``, ``picture``) or a professional as read.
        whole: the whole time.
        weeks: the same by week, oldest first.
    """

    name: str
    whole: Share
    weeks: tuple[Share, ...]


@dataclass(frozen=True)
class Origins:
    """All origins, those with most papers first; professionals with most corrected values first."""

    doors: tuple[Origin, ...] = ()
    kinds: tuple[Origin, ...] = ()
    suppliers: tuple[Origin, ...] = ()


def name_kind(reading: FileReading) -> str:
    """What kind of file it is: "text_layer", "scanned_pdf" or "picture"; empty where no page could be opened."""
    if not reading.pages:
        return ""
    if all(page.source is Source.TEXT_LAYER for page in reading.pages):
        return "text_layer"
    return "scanned_pdf" if reading.pages[0].unit == "pt" else "picture"


def name_practitioner(reading: FileReading) -> str:
    """The first professional named on the papers of a file, cut to 120 characters; may be empty."""
    for document in reading.documents:
        field = document.fields.get(FieldName.PRACTITIONER_NAME)
        if field is not None and field.value:
            return str(field.value)[:120]
    return ""


def count_origins(read: QuerySet[Reading], corrected: Mapping[UUID, int], mondays: Sequence[date]) -> Origins:
    """Sort papers by where they come from; five queries, whatever the number of papers.

    Args:
        read: their readings.
        corrected: values put right, by paper.
        mondays: the weeks, oldest first.
    """
    week = find_week("read_at", mondays)
    where = {
        piece: (door, kind, who, number)
        for piece, door, kind, who, number in read.filter(piece__in=[paper for paper, n in corrected.items() if n])
        .annotate(week=week)
        .values_list("piece", "piece__door", "file_kind", "practitioner", "week")
    }
    put_right: Counter[tuple[str, int]] = Counter()
    for piece, (door, kind, who, number) in where.items():
        for name in (f"door {door}", f"kind {kind}", f"who {who}"):
            put_right[name, number] += corrected[piece]
    worst: Counter[str] = Counter()
    for piece, (_, _, who, _) in where.items():
        worst[who] += corrected[piece]
    del worst[""]
    shown = [who for who, _ in sorted(worst.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SUPPLIERS]]

    def gather(group: str, column: str, rows: QuerySet[Reading]) -> dict[str, Origin]:
        weeks: dict[str, dict[int, Share]] = defaultdict(dict)
        counted = rows.annotate(week=week).values_list(column, "week")
        for name, number, papers, refused in counted.annotate(
            papers=Count("pk"), refused=Count("pk", filter=~Q(refusal=""))
        ):
            weeks[name][number] = Share(papers, refused, put_right[f"{group} {name}", number])
        return {name: _sum_up(name, found, len(mondays)) for name, found in weeks.items() if name}

    suppliers = gather("who", "practitioner", read.filter(practitioner__in=shown)) if shown else {}
    return Origins(
        doors=_rank(gather("door", "piece__door", read).values()),
        kinds=_rank(gather("kind", "file_kind", read).values()),
        suppliers=tuple(suppliers[who] for who in shown),
    )


def find_week(column: str, mondays: Sequence[date]) -> Case:
    """The number of the week of a moment, from 0; of what is older, -1. Compared, not computed: databases are quick."""
    starts = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in mondays]
    newest_first = reversed(list(enumerate(starts)))
    return Case(
        *(When(**{f"{column}__gte": start}, then=Value(number)) for number, start in newest_first),
        default=Value(-1),
        output_field=IntegerField(),
    )


def _sum_up(name: str, weeks: Mapping[int, Share], number: int) -> Origin:
    whole: Counter[str] = Counter()
    for share in weeks.values():
        whole.update(vars(share))
    return Origin(name, Share(**whole), tuple(weeks.get(week, Share()) for week in range(number)))


def _rank(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(sorted(origins, key=lambda origin: (-origin.whole.papers, origin.name)))
