"""How well the reading does, week by week, by what people saw: the figures of the team's dashboard.

Only a value that somebody really looked at counts as checked: corrected or confirmed on the review screen, or read in a
blind check. What nobody looked at is neither right nor wrong here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from schemas.readings import Source
from schemas.rules import Thresholds
from schemas.statuses import EventKind
from schemas.vocabulary import DecisionKind, FieldName, ReviewReason
from storage.amending import select_standing
from storage.contents import read_said, read_was
from storage.handling_models import BlindCheck
from storage.models import DecisionRecord, Event, Reading
from storage.origins import Origins, count_origins, find_week
from storage.sampling import Quality, estimate_errors

_PEOPLE = frozenset({Source.HANDLER.value, Source.MEMBER.value})


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
class TeamFigures:
    """Everything on the dashboard.

    Attributes:
        weeks: oldest first, also those in which nothing happened.
        by_person, by_machine: refusals by reason: claims that people refused, papers that could not be read.
        origins: where papers come from, the whole time and by week.
        quality: dossiers in which a blind check found an error, with the interval of their share.
    """

    weeks: tuple[Week, ...]
    by_person: dict[str, int]
    by_machine: dict[str, int]
    origins: Origins
    quality: Quality

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
    """The figures of some weeks, in a dozen queries whatever the number of dossiers.

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
    return TeamFigures(
        weeks=tuple(found.values()),
        by_person=dict(by_person),
        by_machine=by_machine,
        origins=count_origins(read, corrected, tuple(found)),
        quality=estimate_errors(
            sum(week.checked for week in found.values()), sum(week.escaped for week in found.values())
        ),
    )


def _week_of(weeks: dict[date, Week], at: datetime) -> Week | None:
    day = timezone.localdate(at)
    return weeks.get(day - timedelta(days=day.weekday()))


def _count_decisions(weeks: dict[date, Week], since: datetime, queues: Collection[str]) -> None:
    rows = DecisionRecord.objects.filter(number=1, decided_at__gte=since)
    if queues:
        rows = rows.filter(dossier__queue__in=queues)
    counted = (
        rows.annotate(week=find_week("decided_at", tuple(weeks)), said=Cast("reasons", TextField()))
        .values_list("week")
        .annotate(
            decided=Count("pk"),
            touchless=Count("pk", filter=~Q(decision=DecisionKind.TO_REVIEW.value)),
            doubtful=Count("pk", filter=Q(said__contains=f'"{ReviewReason.LECTURE_INCERTAINE.value}"')),
        )
    )
    found = list(weeks.values())
    for number, decided, touchless, doubtful in counted:
        found[number].decided, found[number].touchless, found[number].doubtful = decided, touchless, doubtful


def _count_corrections(
    weeks: dict[date, Week], since: datetime, queues: Collection[str], thresholds: Thresholds
) -> Counter[UUID]:
    """Sorts what people said of values into weeks; gives the number of values put right, by paper.

    What counts of a value is what the machine had read and what stands in the end. A correction that was undone never
    was; one of a value that a person had set says nothing of the machine; one that a blind check called for is counted
    there.
    """
    kinds = (EventKind.FIELD_CORRECTED.value, EventKind.CORRECTION_UNDONE.value)
    rows = Event.objects.filter(kind__in=kinds, at__gte=since).select_related("content").order_by("pk")
    blind = Event.objects.filter(kind=EventKind.BLIND_DIFFERED.value, dossier__in=rows.values("dossier"))
    if queues:
        rows, blind = rows.filter(dossier__queue__in=queues), blind.filter(dossier__queue__in=queues)
    found_blind = {_name_value(event) for event in blind.iterator(chunk_size=500)}
    said_of: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in select_standing(rows.iterator(chunk_size=500)):
        said_of[_name_value(event)].append(event)
    corrected: Counter[UUID] = Counter()
    for value, events in said_of.items():
        name, was, week = read_said(events[0]).get("field"), read_was(events[0]), _week_of(weeks, events[0].at)
        if week is None or name not in set(FieldName) or was.get("source") in _PEOPLE:
            continue
        right = _was_right(events)
        if events[0].piece_id is not None:
            corrected[events[0].piece_id] += not right
        if value in found_blind:
            continue
        effort = week.effort[FieldName(name)]
        match right, _was_accepted(FieldName(name), was, thresholds):
            case True, True:
                effort.right_accepted += 1
            case True, False:
                effort.right_flagged += 1
            case False, True:
                effort.wrong_accepted += 1
            case _:
                effort.wrong_flagged += 1
    return corrected


def _name_value(event: Event) -> tuple[object, ...]:
    said = event.after or {}
    # A paper is named by its place on the file, which changes when papers are split or merged.
    return event.piece_id, said.get("regrouped") or 0, said.get("document"), said.get("field")


def _was_right(events: Sequence[Event]) -> bool:
    """Whether what stands in the end is what the machine had read; if erased, whether all was only confirmed."""
    was, said = read_was(events[0]).get("value"), read_said(events[-1]).get("value")
    if was is None and said is None:
        return all(read_said(event).get("how") == "confirmed" for event in events)
    return bool(was == said)


def _was_accepted(name: FieldName, was: dict[str, object], thresholds: Thresholds) -> bool:
    if not isinstance(confidence := was.get("confidence"), float | int) or was.get("source") is None:
        return False
    held = was.get("held_back")
    return thresholds.accept_read(name, float(confidence), str(held) if held is not None else None)


def _count_checks(weeks: dict[date, Week], since: datetime, queues: Collection[str]) -> None:
    rows = BlindCheck.objects.filter(checked_at__gte=since)
    if queues:
        rows = rows.filter(dossier__queue__in=queues)
    for at, differing, judged in rows.values_list("checked_at", "differing", "judged"):
        week = _week_of(weeks, at) if at else None
        if week is None:
            continue
        week.checked += 1
        week.escaped += bool(differing)
        for name, counts in judged.items():
            week.effort[FieldName(name)].right_accepted += counts["right"]
            week.effort[FieldName(name)].wrong_accepted += counts["wrong"]
