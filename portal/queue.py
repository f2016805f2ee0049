"""The queue of gestionnaires: whose dossiers, how old, what stands in the way, and counters that lead to them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet

from portal.access import Viewer
from portal.desk import name_of
from portal.french import NBSP
from portal.lists import LineView, present_lines
from schemas.statuses import CLOSED, DossierStatus
from storage.holding import holder_id
from storage.models import Dossier, Handling


class Scope(StrEnum):
    """Whose dossiers."""

    MINE = "moi"
    TEAM = "equipe"
    ALL = "tous"


class Mark(StrEnum):
    """What is particular about a dossier that waits for a person."""

    LATE = "retard"
    POSTPONED = "reporte"
    ESCALATED = "responsable"
    SECOND_LOOK = "accord"
    HELD = "ouvert"
    MESSAGE = "message"


SCOPES_FR: dict[Scope, str] = {Scope.MINE: "Les miens", Scope.TEAM: "Mon équipe", Scope.ALL: "Tous"}
MARKS_FR: dict[Mark, str] = {
    Mark.LATE: "En retard",
    Mark.POSTPONED: "Reportés",
    Mark.ESCALATED: "Chez un responsable",
    Mark.SECOND_LOOK: "Accord attendu",
    Mark.HELD: "Ouverts",
    Mark.MESSAGE: "Messages à lire",
}
#: Age bands in days from the deposit: code, first day, day after the last one, words.
AGES: tuple[tuple[str, int, int | None, str], ...] = (
    ("2", 0, 2, f"Moins de 2{NBSP}jours"),
    ("5", 2, 5, f"De 2 à 4{NBSP}jours"),
    ("10", 5, 10, f"De 5 à 9{NBSP}jours"),
    ("vieux", 10, None, f"10{NBSP}jours et plus"),
)


@dataclass(frozen=True)
class QueueFilters:
    """What narrows the queue beside what any list has; empty strings for anything."""

    scope: Scope
    mark: str = ""
    age: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> QueueFilters:
        """The filters of an address; unknown values count for nothing."""
        scope, mark, age = query.get("vue", ""), query.get("etat", ""), query.get("age", "")
        return cls(
            scope=Scope(scope) if scope in set(Scope) else Scope.ALL,
            mark=mark if mark in set(Mark) else "",
            age=age if age in {band[0] for band in AGES} else "",
        )

    @property
    def active(self) -> bool:
        """Whether anything narrows the queue."""
        return bool(self.mark or self.age or self.scope is not Scope.ALL)


@dataclass(frozen=True)
class QueueLine:
    """One line of the queue.

    Attributes:
        age: in days, as words.
        holder: who has it open at this moment, empty when nobody has.
        assignee: whose it is, empty for the whole team's.
        marks: what is particular, in words.
    """

    line: LineView
    age: str
    holder: str
    assignee: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Counter:
    """A number that leads to what it counts: parameter and value of the address."""

    name: str
    value: str
    label: str
    number: int
    current: bool


def narrow_queue(
    rows: QuerySet[Dossier], filters: QueueFilters, viewer: Viewer, teams: tuple[str, ...], now: dt.datetime,
    today: dt.date,
) -> QuerySet[Dossier]:  # fmt: skip
    """The dossiers of a scope, a mark and an age band."""
    rows = rows.filter(_in_scope(filters.scope, viewer, teams))
    if filters.mark:
        rows = rows.filter(_marked(Mark(filters.mark), now, today))
    if filters.age:
        rows = rows.filter(_aged(filters.age, today), status=DossierStatus.TO_REVIEW.value)
    return rows


def count_queue(
    filters: QueueFilters, viewer: Viewer, teams: tuple[str, ...], now: dt.datetime, today: dt.date
) -> tuple[tuple[Counter, ...], tuple[Counter, ...], tuple[Counter, ...]]:
    """Counters of scopes, marks and age bands among what waits for a person, in one query."""
    waiting = Q(status=DossierStatus.TO_REVIEW.value)
    scope = _in_scope(filters.scope, viewer, teams)
    wanted: dict[str, Q] = {f"vue_{one.value}": waiting & _in_scope(one, viewer, teams) for one in Scope}
    # A member may write about a dossier that nobody has to look at any more.
    wanted |= {
        f"etat_{one.value}": scope & (Q() if one is Mark.MESSAGE else waiting) & _marked(one, now, today)
        for one in Mark
    }
    wanted |= {f"age_{code}": scope & waiting & _aged(code, today) for code, *_ in AGES}
    found = Dossier.objects.aggregate(**{name: Count("pk", filter=asked) for name, asked in wanted.items()})
    scopes = tuple(
        Counter("vue", one.value, SCOPES_FR[one], found[f"vue_{one.value}"], one is filters.scope) for one in Scope
    )
    marks = tuple(
        Counter("etat", one.value, MARKS_FR[one], found[f"etat_{one.value}"], one.value == filters.mark) for one in Mark
    )
    ages = tuple(Counter("age", code, label, found[f"age_{code}"], code == filters.age) for code, _, _, label in AGES)
    return scopes, marks, ages


def present_queue(rows: QuerySet[Dossier], now: dt.datetime, today: dt.date) -> tuple[QueueLine, ...]:
    """The lines of one page of the queue, in a fixed number of queries.

    Args:
        rows: sliced to the page.
        now: to tell who has what open.
        today: on the site's clock.
    """
    lines = present_lines(rows, today)
    shown = [line.id for line in lines]
    handled = {one.pk: one for one in Handling.objects.select_related("assignee").filter(dossier__in=shown)}
    leased = Dossier.objects.filter(pk__in=shown, lease_until__gt=now).only("lease_owner", "lease_until")
    held = {row.pk: holder_id(row, now) for row in leased}
    users = User.objects.in_bulk({pk for pk in held.values() if pk})
    return tuple(_present_line(line, handled.get(line.id), held, users, today) for line in lines)


def _present_line(
    line: LineView,
    handling: Handling | None,
    held: Mapping[uuid.UUID, int | None],
    users: Mapping[int, User],
    today: dt.date,
) -> QueueLine:
    holder = users.get(held.get(line.id) or 0)
    days = max(0, (today - line.deposited).days)
    marks = []
    if handling is not None:
        if handling.unread_messages:
            marks.append("message à lire")
        if handling.proposed_act:
            marks.append("accord attendu")
        if handling.escalated:
            marks.append("chez un responsable")
        if handling.postponed_until and handling.postponed_until > today:
            marks.append(f"reporté au {handling.postponed_until:%d/%m}")
    return QueueLine(
        line=line,
        age="aujourd’hui" if days == 0 else f"{days}{NBSP}jour{'s' if days > 1 else ''}",
        holder=name_of(holder) if holder else "",
        assignee=name_of(handling.assignee) if handling and handling.assignee else "",
        marks=tuple(marks),
    )


def _in_scope(scope: Scope, viewer: Viewer, teams: tuple[str, ...]) -> Q:
    if scope is Scope.MINE and viewer.user is not None:
        return Q(handling__assignee=viewer.user.pk)
    if scope is Scope.TEAM and teams:
        return Q(queue__in=teams)
    return Q()


def _marked(mark: Mark, now: dt.datetime, today: dt.date) -> Q:
    return {
        Mark.LATE: Q(due__lt=today) & ~Q(status__in=[status.value for status in CLOSED]),
        Mark.POSTPONED: Q(handling__postponed_until__gt=today),
        Mark.ESCALATED: Q(handling__escalated=True),
        Mark.SECOND_LOOK: Q(handling__isnull=False) & ~Q(handling__proposed_act=""),
        Mark.MESSAGE: Q(handling__unread_messages__gt=0),
        Mark.HELD: Q(lease_until__gt=now, lease_owner__startswith="user:"),
    }[mark]


def _aged(code: str, today: dt.date) -> Q:
    first, after = next((first, after) for band, first, after, _ in AGES if band == code)
    young = Q(upload_date__lte=today - dt.timedelta(days=first))
    return young if after is None else young & Q(upload_date__gt=today - dt.timedelta(days=after))
