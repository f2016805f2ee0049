"""The journal: who looked at which dossier, who did what to it, and who changed whose account."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.presenting.history import present_history
from portal.presenting.staff import present_changes
from schemas.sights import SIGHT_LABELS_FR
from storage.models import Event, Sight, StaffChange

#: Lines of a downloaded journal at most; narrow the period for more.
MOST_LINES = 10_000


class About(StrEnum):
    """What the journal tells of."""

    SIGHTS = "consultations"
    ACTS = "actes"
    ACCOUNTS = "comptes"


@dataclass(frozen=True)
class JournalFilters:
    """What somebody looks for; empty for anything. Days are on the site's clock, both included."""

    about: About = About.SIGHTS
    actor: str = ""
    reference: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> JournalFilters:
        """The filters of an address; what cannot be understood counts for nothing."""
        about = query.get("quoi", "")
        return cls(
            about=About(about) if about in set(About) else About.SIGHTS,
            actor=query.get("qui", "").replace("\0", "").strip()[:80],
            reference="".join(query.get("dossier", "").replace("\0", "").split())[:40],
            since=_read_day(query.get("du", "")),
            until=_read_day(query.get("au", "")),
        )


@dataclass(frozen=True)
class JournalLine:
    """One line.

    Attributes:
        reference: of the dossier; the name of the account where accounts are told of.
    """

    at: dt.datetime
    actor: str
    reference: str
    what: str
    device: str = ""


def find_lines(filters: JournalFilters) -> QuerySet[Sight] | QuerySet[Event] | QuerySet[StaffChange]:
    """The rows that match, newest first, with their dossiers."""
    rows: QuerySet[Sight] | QuerySet[Event]
    if filters.about is About.ACCOUNTS:
        return _find_changes(filters)
    if filters.about is About.SIGHTS:
        rows = Sight.objects.select_related("dossier").order_by("-at", "-pk")
    else:
        rows = Event.objects.select_related("dossier", "piece", "content").order_by("-at", "-pk")
    wanted: dict[str, object] = {}
    if filters.actor:
        wanted["actor__iexact"] = filters.actor
    if filters.reference:
        wanted["dossier__reference__iexact"] = filters.reference
    return rows.filter(**wanted, **_between(filters))


def _find_changes(filters: JournalFilters) -> QuerySet[StaffChange]:
    """Changes of accounts, of those whom a name is about and by those who have it."""
    rows = StaffChange.objects.filter(**_between(filters)).order_by("-at", "-pk")
    if filters.actor:
        rows = rows.filter(Q(actor__iexact=filters.actor) | Q(username__iexact=filters.actor))
    return rows


def _between(filters: JournalFilters) -> dict[str, dt.datetime]:
    wanted = {}
    if filters.since:
        wanted["at__gte"] = _begin(filters.since)
    if filters.until:
        wanted["at__lt"] = _begin(filters.until + dt.timedelta(days=1))
    return wanted


def present_lines(rows: Iterable[Sight] | Iterable[Event] | Iterable[StaffChange]) -> list[JournalLine]:
    """Rows as they are shown, without a further query."""
    return [_present(row) for row in rows]


def write_csv(lines: Iterable[JournalLine]) -> str:
    """The journal for a spreadsheet; a cell that would be taken for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["date", "personne", "dossier ou compte", "quoi", "appareil"])
    for line in lines:
        cells = (line.actor, line.reference, line.what, line.device)
        moment = timezone.localtime(line.at).isoformat(timespec="seconds")
        writer.writerow([moment, *(f"'{cell}" if cell[:1] in "=+-@" and cell else cell for cell in cells)])
    return out.getvalue()


def _present(row: Sight | Event | StaffChange) -> JournalLine:
    if isinstance(row, StaffChange):
        (change,) = present_changes([row])
        return JournalLine(change.at, change.actor, row.username, change.sentence)
    if isinstance(row, Sight):
        known = {kind.value: label for kind, label in SIGHT_LABELS_FR.items()}
        return JournalLine(row.at, row.actor, row.dossier.reference, known.get(row.what, row.what), row.device)
    told = present_history([row], (), for_member=False)
    return JournalLine(row.at, row.actor, row.dossier.reference, told[0].sentence if told else row.kind)


def _read_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _begin(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
