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

_COLUMNS = {"door": "piece__door", "kind": "file_kind", "who": "practitioner"}
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


#: By group ("door", "kind", "who"), name and number of the week.
_Shares = dict[str, dict[str, dict[int, Share]]]


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
    """Sort papers by where they come from; three queries, whatever the number of papers.

    Args:
        read: their readings.
        corrected: values put right, by paper.
        mondays: the weeks, oldest first.
    """
    read = read.annotate(week=find_week("read_at", mondays))
    shares: _Shares = {group: defaultdict(lambda: defaultdict(Share)) for group in _COLUMNS}
    _add_corrected(shares, read, corrected)
    worst = Counter({who: sum(share.corrected for share in weeks.values()) for who, weeks in shares["who"].items()})
    shown = [who for who, _ in sorted(worst.items(), key=lambda pair: (-pair[1], pair[0])) if who][:_MOST_SUPPLIERS]
    _add_papers(shares, ("door", "kind"), read)
    _add_papers(shares, ("who",), read.filter(practitioner__in=shown))
    found = {
        group: {name: _sum_up(name, weeks, len(mondays)) for name, weeks in names.items() if name}
        for group, names in shares.items()
    }
    return Origins(
        doors=_rank(found["door"].values()),
        kinds=_rank(found["kind"].values()),
        suppliers=tuple(found["who"][who] for who in shown),
    )


def _add_corrected(shares: _Shares, read: QuerySet[Reading], corrected: Mapping[UUID, int]) -> None:
    rows = read.filter(piece__in=[piece for piece, number in corrected.items() if number])
    for piece, week, *names in rows.values_list("piece", "week", *_COLUMNS.values()):
        for group, name in zip(_COLUMNS, names, strict=True):
            shares[group][name][week].corrected += corrected[piece]


def _add_papers(shares: _Shares, groups: Sequence[str], read: QuerySet[Reading]) -> None:
    rows = read.values_list("week", *(_COLUMNS[group] for group in groups))
    for week, *names, papers, refused in rows.annotate(papers=Count("pk"), refused=Count("pk", filter=~Q(refusal=""))):
        for group, name in zip(groups, names, strict=True):
            shares[group][name][week].papers += papers
            shares[group][name][week].refused += refused


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
