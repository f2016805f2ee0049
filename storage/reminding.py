"""Members who were asked for something and do not answer: reminded, and in the end handed to a person.

Each reminder has a key of its own in the outbox and an event of its own in the log, written in one transaction: however
often this is run, and by however many workers, nobody is reminded twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from dossiers.calendar import add_working_days
from dossiers.telling import write_reminder
from schemas.alerts import AlertKind
from schemas.reminders import Reminders
from schemas.rules import InsurerRules
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import DecisionKind
from storage.events import append_event, lock_dossier
from storage.models import Dossier, Event
from storage.notices import link_to, post_notice

#: What asks a member for something.
_ASKING = (EventKind.DECIDED.value, EventKind.HANDLER_ASKED.value)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a run did.

    Attributes:
        reminded: members who were reminded.
        handed_over: dossiers that a person takes over.
    """

    reminded: int = 0
    handed_over: int = 0


def remind_members(rules: InsurerRules, *, actor: str, now: datetime, today: date) -> Reminded:
    """Remind whoever is due, and hand over what waited long enough.

    Args:
        rules: of the insurer; without reminders in them nothing happens.
        actor: name of the worker.
        now: with time zone.
        today: on the site's clock, from which a gestionnaire's days are counted.
    """
    reminders = rules.reminders
    if reminders is None:
        return Reminded()
    asked = Event.objects.filter(dossier=OuterRef("pk"), kind__in=_ASKING, after__status=DossierStatus.INCOMPLETE.value)
    first = now - timedelta(days=reminders.after_days[0])
    waiting = (
        Dossier.objects.filter(status=DossierStatus.INCOMPLETE.value, member__isnull=False, erased_at__isnull=True)
        .annotate(asked_at=Subquery(asked.order_by("-pk").values("at")[:1]))
        .filter(asked_at__lte=first)
        .order_by("asked_at")
        .values_list("pk", flat=True)
    )
    outcomes = [_look_at(pk, reminders, rules, actor=actor, now=now, today=today) for pk in list(waiting)]
    return Reminded(
        reminded=outcomes.count(EventKind.MEMBER_REMINDED), handed_over=outcomes.count(EventKind.LEFT_UNANSWERED)
    )


def _look_at(
    dossier_id: uuid.UUID, reminders: Reminders, rules: InsurerRules, *, actor: str, now: datetime, today: date
) -> EventKind | None:
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        if dossier.status != DossierStatus.INCOMPLETE.value:
            return None  # answered meanwhile
        asked = dossier.events.filter(kind__in=_ASKING, after__status=DossierStatus.INCOMPLETE.value).last()
        if asked is None:
            return None
        waited = now - asked.at
        sent = dossier.events.filter(kind=EventKind.MEMBER_REMINDED.value, pk__gt=asked.pk).last()
        before = int((sent.after or {}).get("number", 0)) if sent else 0
        if waited >= timedelta(days=reminders.hand_over_after_days):
            return _hand_over(dossier, rules, reminded=before, actor=actor, now=now, today=today)
        number = sum(waited >= timedelta(days=days) for days in reminders.after_days)
        if number <= before:
            return None
        append_event(
            dossier, EventKind.MEMBER_REMINDED, at=now, actor=actor, detail={"number": number, "asked": asked.pk}
        )
        _write(dossier, rules, f"reminder:{dossier.pk}:{asked.pk}:{number}", now)
        return EventKind.MEMBER_REMINDED


def _write(dossier: Dossier, rules: InsurerRules, key: str, now: datetime) -> None:
    subject, body = write_reminder(
        rules, reference=dossier.reference, due=dossier.due or now.date(), link=link_to(dossier)
    )
    post_notice(dossier, key, AlertKind.REMINDER, subject, body, now=now)


def _hand_over(
    dossier: Dossier, rules: InsurerRules, *, reminded: int, actor: str, now: datetime, today: date
) -> EventKind:
    """A person decides: the dossier comes into its queue with a due day of its own."""
    delays = rules.delays
    dossier.due = add_working_days(today, delays.decisions[DecisionKind.TO_REVIEW], delays.holidays_subdivision)
    dossier.priority = rules.routing.priorities[DecisionKind.TO_REVIEW]
    append_event(
        dossier,
        EventKind.LEFT_UNANSWERED,
        at=now,
        actor=actor,
        detail={"reminders": reminded},
        also=("due", "priority"),
    )
    return EventKind.LEFT_UNANSWERED
