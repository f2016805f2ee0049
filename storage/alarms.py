"""What somebody must look at now, and telling them once, not every five minutes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from dossiers.calendar import is_working_day
from schemas.settings import load_settings
from storage.measures import Measures
from storage.models import RaisedAlarm


class AlarmCode(StrEnum):
    """Kinds of alarms."""

    NO_WORKER = "no_worker"
    WORKER_LOST = "worker_lost"
    PAPERS_WAIT = "papers_wait"
    DECISIONS_FAIL = "decisions_fail"
    MESSAGES_ABANDONED = "messages_abandoned"
    WEBHOOKS_ABANDONED = "webhooks_abandoned"
    ORIGINALS_MISSING = "originals_missing"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must look at. ``message`` is English, for operators; it names no member."""

    code: AlarmCode
    message: str


#: Hours of a working day in which papers are expected.
_DOORS_OPEN, _DOORS_CLOSE = time(8), time(20)
#: An alarm that stays on is told again after so long.
_AGAIN_AFTER = timedelta(hours=4)


def find_alarms(measures: Measures) -> tuple[Alarm, ...]:
    """The alarms that a set of measures gives rise to."""
    patience = timedelta(minutes=load_settings().alarm_minutes)
    alarms: list[Alarm] = []
    if not any(worker.alive for worker in measures.workers):
        alarms.append(Alarm(AlarmCode.NO_WORKER, "no worker is alive: papers are received and not read"))
    lost = [worker.name for worker in measures.workers if not (worker.alive or worker.stopped)]
    if lost:
        alarms.append(Alarm(AlarmCode.WORKER_LOST, f"not heard of for a minute and more: {', '.join(lost)}"))
    if measures.oldest_seconds is not None and measures.oldest_seconds > patience.total_seconds():
        waits = f"the oldest paper waits for {measures.oldest_seconds / 60:.0f} min"
        alarms.append(Alarm(AlarmCode.PAPERS_WAIT, f"{waits}; {measures.backlog.unread_pieces} are not read"))
    if measures.backlog.failing_dossiers:
        failing = f"deciding failed more than twice on {measures.backlog.failing_dossiers} dossiers"
        alarms.append(Alarm(AlarmCode.DECISIONS_FAIL, failing))
    if measures.backlog.abandoned_messages:
        given_up = f"{measures.backlog.abandoned_messages} messages to members were given up"
        alarms.append(Alarm(AlarmCode.MESSAGES_ABANDONED, given_up))
    if measures.backlog.abandoned_webhooks:
        untold = f"{measures.backlog.abandoned_webhooks} webhooks were given up"
        alarms.append(Alarm(AlarmCode.WEBHOOKS_ABANDONED, untold))
    silence = find_silence(measures, timezone.localtime(measures.at))
    if silence is not None:
        alarms.append(Alarm(AlarmCode.SILENCE, f"no paper came in for {silence.total_seconds() / 60:.0f} min"))
    return tuple(alarms)


def find_silence(measures: Measures, local: datetime) -> timedelta | None:
    """How long nothing has come in, where that is longer than it should be at this hour of a working day.

    A door that is closed by mistake (a full disk, a lost share, a certificate) makes no error here, only silence.

    Args:
        measures: with the moment of the last paper.
        local: the moment they were taken, on the site's clock.
    """
    patience = timedelta(minutes=load_settings().silence_minutes)
    since = local - patience
    working = is_working_day(local.date()) and since.time() >= _DOORS_OPEN and local.time() <= _DOORS_CLOSE
    if not patience or not working or measures.last_paper is None or since.date() != local.date():
        return None
    silent = measures.at - measures.last_paper
    return silent if silent > patience else None


def tell_alarms(
    alarms: tuple[Alarm, ...], now: datetime, looked_at: Collection[AlarmCode] = tuple(AlarmCode)
) -> tuple[Alarm, ...]:
    """Write down which alarms are on, and tell whoever ``LIASSE_ALARM_EMAIL`` names of those that are new.

    An alarm is told when it starts, and again every four hours while it lasts. If the mail server does not take the
    message, the next call tries again.

    Args:
        alarms: all that are on; those that are not named, and were looked at, are over.
        now: with time zone.
        looked_at: kinds that the caller can tell of.

    Returns:
        Those that were told (or would have been, had an address been given).
    """
    address = load_settings().alarm_email
    with transaction.atomic():
        over = set(looked_at) - {alarm.code for alarm in alarms}
        RaisedAlarm.objects.filter(code__in=[code.value for code in over]).delete()
        due = []
        for alarm in alarms:
            row, _ = RaisedAlarm.objects.get_or_create(code=alarm.code.value, defaults={"since": now})
            if row.told_at is None or row.told_at <= now - _AGAIN_AFTER:
                due.append(alarm)
        RaisedAlarm.objects.filter(code__in=[alarm.code.value for alarm in due]).update(told_at=now)
        if due and address:
            # Within the transaction: what could not be sent is not written down as told.
            EmailMessage(
                subject=f"Liasse: {', '.join(alarm.code.value for alarm in due)}",
                body="".join(f"{alarm.message} [{alarm.code.value}]\n" for alarm in due),
                to=[address],
            ).send()
    return tuple(due)
