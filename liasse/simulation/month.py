"""The month itself: events in the order of their time, through the real decisions and the order of the real queues."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from random import Random

from dossiers import decide
from dossiers.calendar import is_working_day
from dossiers.ordering import Rank, rank_in_queue
from liasse.simulation.recorded import Library
from liasse.simulation.world import ANY_QUEUE, World
from schemas.claims import Dossier
from schemas.decisions import Decision, Outcome
from schemas.rules import InsurerRules
from schemas.vocabulary import DecisionKind, MissingPiece

#: A dossier that was asked for so often goes to a person.
_MOST_ROUNDS = 3


class Stage(Enum):
    """Where a dossier stands."""

    WAITS_FOR_MEMBER = "waits_for_member"
    WAITS_FOR_HANDLER = "waits_for_handler"
    SETTLED = "settled"
    GIVEN_UP = "given_up"


@dataclass
class Course:
    """What became of one dossier.

    Attributes:
        queued: when it last came into a queue.
        waits: hours of the desk that it waited in queues, one for each time.
        asked: how often its member was asked.
        looked: how often a person looked.
        handed: a doubt of reading was among the reasons of its first decision.
    """

    dossier: Dossier
    opened: dt.datetime
    decision: Decision | None = None
    first: DecisionKind | None = None
    stage: Stage = Stage.SETTLED
    settled: dt.datetime | None = None
    queued: dt.datetime | None = None
    waits: list[float] = field(default_factory=list)
    asked: int = 0
    looked: int = 0
    handed: bool = False


@dataclass
class Month:
    """All that happened.

    Attributes:
        longest: most dossiers that a queue held at the end of a working day, by queue.
        left: dossiers in the queues at the end, by queue.
        oldest_hours: longest wait of those left, in hours of the desk, by queue.
        busy: share of the desk's hours that gestionnaires worked.
    """

    courses: list[Course]
    longest: dict[str, int]
    left: dict[str, int]
    oldest_hours: dict[str, float]
    busy: float


def run_month(
    library: Library,
    world: World,
    rules: InsurerRules,
    *,
    start: dt.date,
    days: int,
    seed: int,
    report: Callable[[int], None],
) -> Month:
    """Run some days from an empty desk on.

    Args:
        library: recorded dossiers.
        world: assumptions.
        rules: of the insurer.
        start: first day.
        days: days in a row, Sundays and holidays included.
        seed: the same seed gives the same month.
        report: told the number of days that are over.
    """
    return _Run(library, world, rules, start, days, seed).go(report)


class _Run:
    def __init__(
        self, library: Library, world: World, rules: InsurerRules, start: dt.date, days: int, seed: int
    ) -> None:
        self.library, self.world, self.rules = library, world, rules
        self.start, self.days, self.rng = start, days, Random(seed)  # noqa: S311  # a game, no secret
        self.events: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self.numbers = count()
        self.queues: dict[str, list[tuple[Rank, int, Course]]] = defaultdict(list)
        self.idle: list[frozenset[str]] = [frozenset(desk.queues) for desk in world.handlers for _ in range(desk.count)]
        self.courses: list[Course] = []
        self.longest: dict[str, int] = defaultdict(int)
        self.now = dt.datetime.combine(start, dt.time())
        self.worked = dt.timedelta()

    def go(self, report: Callable[[int], None]) -> Month:
        end = self.now + dt.timedelta(days=self.days)
        for number in range(self.days):
            self._plan_day(self.start + dt.timedelta(days=number))
        while self.events and self.events[0][0] < end:
            before = self.now.date()
            self.now, _, happen = heapq.heappop(self.events)
            happen()
            if self.now.date() != before:
                report((self.now.date() - self.start).days)
        report(self.days)
        self.now = end
        desk = sum(desk.count for desk in self.world.handlers)
        hours = self._desk_hours(dt.datetime.combine(self.start, dt.time()), end) * desk
        waiting = {queue: [course for _, _, course in lines] for queue, lines in self.queues.items() if lines}
        return Month(
            courses=self.courses,
            longest=dict(self.longest),
            left={queue: len(courses) for queue, courses in waiting.items()},
            oldest_hours={
                queue: max(self._desk_hours(course.queued or course.opened, end) for course in courses)
                for queue, courses in waiting.items()
            },
            busy=self.worked.total_seconds() / 3600 / hours if hours else 0.0,
        )

    def _at(self, time: dt.datetime, happen: Callable[[], None]) -> None:
        heapq.heappush(self.events, (time, next(self.numbers), happen))

    def _plan_day(self, day: dt.date) -> None:
        expected = self.world.dossiers_a_day * self.world.weekdays[day.weekday()]
        for _ in range(max(0, round(self.rng.gauss(expected, math.sqrt(expected))))):
            [hour] = self.rng.choices(range(24), self.world.hours)
            time = dt.datetime.combine(day, dt.time(hour)) + dt.timedelta(seconds=self.rng.uniform(0, 3600))
            self._at(time, self._arrive)
        if is_working_day(day, self.rules.delays.holidays_subdivision):
            opens = dt.datetime.combine(day, dt.time(self.world.open_hour))
            self._at(opens, self._rank_again)
            self._at(opens, self._serve)
            self._at(dt.datetime.combine(day, dt.time(self.world.close_hour)), self._count_queues)

    def _arrive(self) -> None:
        kinds = [kind for kind in self.world.arrivals if kind in self.library.kinds]
        [kind] = self.rng.choices(kinds, [self.world.arrivals[kind] for kind in kinds])
        dossier = self.library.draw(kind, f"S{len(self.courses):06d}", self.now.date(), self.rng)
        course = Course(dossier, self.now)
        self.courses.append(course)
        self._decide(course)

    def _decide(self, course: Course) -> None:
        decision = decide(course.dossier, self.rules, (), today=self.now.date())
        course.decision = decision
        if course.first is None:
            course.first = decision.decision
            course.handed = "lecture_incertaine" in decision.reasons
        if decision.decision is DecisionKind.COMPLETE:
            self._settle(course)
        elif decision.decision is DecisionKind.INCOMPLETE and course.asked < _MOST_ROUNDS:
            self._ask(course, decision.missing)
        else:
            self._queue(course, decision)

    def _settle(self, course: Course) -> None:
        course.stage, course.settled = Stage.SETTLED, self.now

    def _ask(self, course: Course, missing: Sequence[MissingPiece]) -> None:
        course.asked += 1
        course.stage = Stage.WAITS_FOR_MEMBER
        habits = self.world.members
        if self.rng.random() < habits.never_answer:
            self._at(self.now + dt.timedelta(days=self.world.given_up_days), lambda: self._give_up(course))
            return
        days = self.rng.lognormvariate(math.log(habits.answer_days_median), habits.answer_days_spread)
        wrong = self.rng.random() < habits.wrong_paper
        self._at(self.now + dt.timedelta(days=days), lambda: self._answer(course, missing, wrong=wrong))

    def _answer(self, course: Course, missing: Sequence[MissingPiece], *, wrong: bool) -> None:
        if wrong:
            course.dossier = self.library.add_wrong_paper(course.dossier, course.asked)
        else:
            course.dossier = self.library.complete(course.dossier, missing, self.rules, course.asked, self.rng)
        self._decide(course)

    def _give_up(self, course: Course) -> None:
        course.stage, course.settled = Stage.GIVEN_UP, self.now

    def _queue(self, course: Course, decision: Decision) -> None:
        course.stage, course.queued = Stage.WAITS_FOR_HANDLER, self.now
        heapq.heappush(self.queues[decision.queue], (self._rank(course, decision), next(self.numbers), course))
        self._serve()

    def _rank(self, course: Course, decision: Decision) -> Rank:
        name, today = course.dossier.claim.id, self.now.date()
        return rank_in_queue(decision.priority, decision.due, course.opened, name, today)

    def _rank_again(self) -> None:
        """Let what has become late over night come first."""
        for lines in self.queues.values():
            lines[:] = [
                (self._rank(course, course.decision) if course.decision else rank, number, course)
                for rank, number, course in lines
            ]
            heapq.heapify(lines)

    def _serve(self) -> None:
        """Give every idle gestionnaire the first dossier of his queues, while the desk is open."""
        if not self._is_open():
            return
        for skills in list(self.idle):
            waiting = [
                lines for queue, lines in self.queues.items() if lines and (ANY_QUEUE in skills or queue in skills)
            ]
            if not waiting:
                continue
            _, _, course = heapq.heappop(min(waiting, key=lambda lines: lines[0]))
            self.idle.remove(skills)
            course.waits.append(self._desk_hours(course.queued or course.opened, self.now))
            took = self._draw_minutes(course)
            self.worked += took
            self._at(self.now + took, lambda skills=skills, course=course: self._finish(skills, course))  # type: ignore[misc]

    def _draw_minutes(self, course: Course) -> dt.timedelta:
        found = course.decision.findings if course.decision else ()
        open_checks = sum(finding.outcome is not Outcome.PASSED for finding in found)
        usual = self.world.minutes_a_dossier + self.world.minutes_a_finding * open_checks
        return dt.timedelta(minutes=self.rng.lognormvariate(math.log(usual), self.world.minutes_spread))

    def _finish(self, skills: frozenset[str], course: Course) -> None:
        course.looked += 1
        self.idle.append(skills)
        if course.asked < _MOST_ROUNDS and self.rng.random() < self.world.asks_the_member:
            main = next((p.piece for p in self.rules.claims[course.dossier.claim.claim_type].pieces if p.main), None)
            self._ask(course, (main,) if main else ())
        else:
            self._settle(course)
        self._serve()

    def _count_queues(self) -> None:
        for queue, lines in self.queues.items():
            self.longest[queue] = max(self.longest[queue], len(lines))

    def _is_open(self) -> bool:
        hour = self.now.hour
        return self.world.open_hour <= hour < self.world.close_hour and is_working_day(
            self.now.date(), self.rules.delays.holidays_subdivision
        )

    def _desk_hours(self, since: dt.datetime, until: dt.datetime) -> float:
        """Hours between two moments in which the desk was open."""
        total, day = 0.0, since.date()
        while day <= until.date():
            if is_working_day(day, self.rules.delays.holidays_subdivision):
                opened = dt.datetime.combine(day, dt.time(self.world.open_hour))
                closed = dt.datetime.combine(day, dt.time(self.world.close_hour))
                total += max(0.0, (min(until, closed) - max(since, opened)).total_seconds() / 3600)
            day += dt.timedelta(days=1)
        return total
