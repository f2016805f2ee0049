"""The month itself: events in the order of their time, through the real decisions and the order of the real queues."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import count
from random import Random

from dossiers import OpenClaim, decide, find_claim, remember
from dossiers.assemble import find_care_days
from dossiers.calendar import add_working_days, is_working_day
from dossiers.ordering import Rank, rank_in_queue
from liasse.simulation.courses import Course, Month, Stage, Wait
from liasse.simulation.recorded import Library, send_again
from liasse.simulation.world import ANY_QUEUE, World
from schemas.claims import Dossier
from schemas.decisions import Decision, Outcome
from schemas.rules import InsurerRules
from schemas.vocabulary import DecisionKind, MissingPiece, ReviewReason

#: A dossier that was asked for so often goes to a person.
_MOST_ROUNDS = 3


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
        self.by_member: dict[str, list[Course]] = defaultdict(list)
        self.mailed = self.placed = 0

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
            by_mail=(self.mailed, self.placed),
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
        identifier = f"S{len(self.courses):06d}"
        course = self._repeat(identifier) or Course(self._draw(identifier), self.now)
        self.courses.append(course)
        self.by_member[course.dossier.claim.member.member_number].append(course)
        self._decide(course)

    def _repeat(self, identifier: str) -> Course | None:
        """Something that its member sends once more, if this is such a time."""
        habits = self.world.members
        if self.rng.random() >= habits.sends_again:
            return None
        since = self.now - dt.timedelta(days=habits.again_days)
        first = bisect_left(self.courses, since, key=lambda course: course.opened)
        if first == len(self.courses):
            return None
        dossier = self.courses[self.rng.randrange(first, len(self.courses))].dossier
        return Course(send_again(dossier, identifier, self.now.date()), self.now, again=True)

    def _draw(self, identifier: str) -> Dossier:
        kinds = [kind for kind in self.world.arrivals if kind in self.library.kinds]
        [kind] = self.rng.choices(kinds, [self.world.arrivals[kind] for kind in kinds])
        return self.library.draw(kind, identifier, self.now.date(), self.rng)

    def _decide(self, course: Course) -> None:
        others = [other for other in self.by_member[course.dossier.claim.member.member_number] if other is not course]
        history = [remember(other.dossier, self.rules) for other in others]
        decision = decide(course.dossier, self.rules, history, today=self.now.date())
        course.decision = decision
        course.recognised = course.recognised or ReviewReason.DOUBLON in decision.reasons
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
            answered = self.library.add_wrong_paper(course.dossier, course.asked)
        else:
            answered = self.library.complete(course.dossier, missing, self.rules, course.asked, self.rng)
        if self.rng.random() < self.world.members.by_mail and not self._find_place(course, answered):
            course.apart = answered
            self._queue(course, self._hand_over(course))
        else:
            course.dossier = answered
            self._decide(course)

    def _find_place(self, course: Course, answered: Dossier) -> bool:
        """Whether papers that name their member only join their request by themselves."""
        member, today = course.dossier.claim.member.member_number, self.now.date()
        open_claims = [
            OpenClaim(
                other.dossier.claim,
                tuple(MissingPiece(piece) for piece in other.decision.missing) if other.decision else (),
                sent_for=True,
                care_days=find_care_days(other.dossier.readings),
            )
            for other in self.by_member[member]
            if other.stage in (Stage.WAITS_FOR_MEMBER, Stage.WAITS_FOR_HANDLER)
        ]
        sent = [reading for reading in answered.readings if reading not in course.dossier.readings]
        guesses = [find_claim(reading, open_claims, self.rules, today=today) for reading in sent]
        joins = all(guess is not None and guess.claim_id == course.dossier.claim.id for guess in guesses)
        self.mailed, self.placed = self.mailed + 1, self.placed + joins
        return joins

    def _hand_over(self, course: Course) -> Decision:
        """What papers without a place are: work for the mail room's queue."""
        kind, claim = DecisionKind.TO_REVIEW, course.dossier.claim
        delays = self.rules.delays
        return Decision(
            id=claim.id,
            decision=kind,
            queue=self.rules.assembly.queue,
            priority=self.rules.routing.priorities[kind],
            due=add_working_days(self.now.date(), delays.decisions[kind], delays.holidays_subdivision),
            message_fr="",
            rules_version=self.rules.full_version,
            rules_hash=self.rules.content_hash,
        )

    def _give_up(self, course: Course) -> None:
        course.stage, course.settled = Stage.GIVEN_UP, self.now

    def _queue(self, course: Course, decision: Decision) -> None:
        course.stage, course.queued, course.decision = Stage.WAITS_FOR_HANDLER, self.now, decision
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
            waited = self._desk_hours(course.queued or course.opened, self.now)
            course.waits.append(Wait(course.decision.queue if course.decision else "", waited))
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
        if course.apart is not None:
            course.dossier, course.apart = course.apart, None
            self._decide(course)
        elif course.asked < _MOST_ROUNDS and self.rng.random() < self.world.asks_the_member:
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
