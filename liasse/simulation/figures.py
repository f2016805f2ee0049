"""The month in figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from statistics import median, quantiles

from pydantic import Field

from liasse.simulation.courses import Course, Month, Stage
from schemas.readings import Frozen
from schemas.vocabulary import DecisionKind


class Spread(Frozen):
    """How long something took.

    Attributes:
        n: how often it was counted.
        median, ninety: half and nine tenths took no longer; None where there is nothing to count.
    """

    n: int = 0
    median: float | None = None
    ninety: float | None = None


class QueueFigures(Frozen):
    """One queue; hours are hours in which the desk is open.

    Attributes:
        looks: dossiers that a person took from it.
        waits: hours before that.
        longest: most dossiers in it at the end of a working day.
        left: dossiers in it at the end.
        oldest_hours: the longest wait among those.
    """

    queue: str
    looks: int
    waits: Spread
    longest: int
    left: int
    oldest_hours: float


class MonthFigures(Frozen):
    """The whole month; days are days of the calendar.

    Attributes:
        touchless: share that was settled, or whose member was asked, without anybody looking, of all that came in.
        settled_touchless: share that was settled without anybody looking or asking.
        handed: share handed to a person because of doubtful reading.
        asked: share whose member was asked at least once.
        busy: share of the desk's hours that gestionnaires worked.
        by_mail, by_mail_placed: answers that did not name their request; those that found it by themselves.
        sent_again, recognised: dossiers whose papers had come in before; those that were told to be so.
        days_touchless, days_asked, days_looked: to the end of what was settled, by what it took.
    """

    dossiers: int
    settled: int
    given_up: int
    waits_for_member: int
    waits_for_handler: int
    touchless: float
    settled_touchless: float
    handed: float
    asked: float
    busy: float
    by_mail: int
    by_mail_placed: int
    sent_again: int
    recognised: int
    days_touchless: Spread
    days_asked: Spread
    days_looked: Spread
    queues: tuple[QueueFigures, ...] = Field(default=())


def count_month(month: Month) -> MonthFigures:
    """What happened, counted."""
    courses = month.courses
    total = max(1, len(courses))
    settled = [course for course in courses if course.stage is Stage.SETTLED and course.settled]
    plain = [course for course in settled if not course.looked and not course.asked]
    return MonthFigures(
        dossiers=len(courses),
        settled=len(settled),
        given_up=_count(courses, Stage.GIVEN_UP),
        waits_for_member=_count(courses, Stage.WAITS_FOR_MEMBER),
        waits_for_handler=_count(courses, Stage.WAITS_FOR_HANDLER)
        + sum(course.stage is Stage.SETTLED and course.settled is None for course in courses),
        touchless=sum(course.first is not DecisionKind.TO_REVIEW for course in courses) / total,
        settled_touchless=len(plain) / total,
        handed=sum(course.handed for course in courses) / total,
        asked=sum(bool(course.asked) for course in courses) / total,
        busy=month.busy,
        by_mail=month.by_mail[0],
        by_mail_placed=month.by_mail[1],
        sent_again=sum(course.again for course in courses),
        recognised=sum(course.again and course.recognised for course in courses),
        days_touchless=_spread(_days(course) for course in plain),
        days_asked=_spread(_days(course) for course in settled if course.asked and not course.looked),
        days_looked=_spread(_days(course) for course in settled if course.looked),
        queues=tuple(_count_queue(queue, month) for queue in sorted(_queues(month))),
    )


def _count(courses: Sequence[Course], stage: Stage) -> int:
    return sum(course.stage is stage for course in courses)


def _queues(month: Month) -> set[str]:
    return {wait.queue for course in month.courses for wait in course.waits} | set(month.left)


def _count_queue(queue: str, month: Month) -> QueueFigures:
    waits = [wait.hours for course in month.courses for wait in course.waits if wait.queue == queue]
    return QueueFigures(
        queue=queue,
        looks=len(waits),
        waits=_spread(waits),
        longest=month.longest.get(queue, 0),
        left=month.left.get(queue, 0),
        oldest_hours=month.oldest_hours.get(queue, 0.0),
    )


def _days(course: Course) -> float:
    until = course.settled or course.opened
    return (until - course.opened) / dt.timedelta(days=1)


def _spread(values: Iterable[float]) -> Spread:
    found = sorted(values)
    if not found:
        return Spread()
    ninety = quantiles(found, n=10, method="inclusive")[-1] if len(found) > 1 else found[0]
    return Spread(n=len(found), median=median(found), ninety=ninety)
