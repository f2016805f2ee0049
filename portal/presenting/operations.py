"""The measures of the installation in French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.french import NARROW, NBSP, count, show_moment
from portal.presenting.statuses import HANDLER_LABELS_FR
from schemas.errors import label_refusal
from storage.alarms import Alarm, AlarmCode
from storage.measures import Measures, Times
from storage.sampling import Quality

#: What is on, and where to begin.
_ALARMS_FR: dict[AlarmCode, str] = {
    AlarmCode.NO_WORKER: "Aucun lecteur ne donne signe de vie : les documents arrivent et ne sont pas lus.",
    AlarmCode.WORKER_LOST: "Un lecteur ne donne plus signe de vie. Son travail est repris par les autres.",
    AlarmCode.PAPERS_WAIT: "Des documents attendent trop longtemps.",
    AlarmCode.DECISIONS_FAIL: "L’examen de certains dossiers échoue à répétition.",
    AlarmCode.MESSAGES_ABANDONED: "Des messages aux adhérents n’ont pas pu être envoyés.",
    AlarmCode.WEBHOOKS_ABANDONED: "Un autre système n’a pas pu être prévenu de changements de statut.",
    AlarmCode.SILENCE: "Aucun document n’arrive : une porte d’entrée est peut-être fermée.",
    AlarmCode.ORIGINALS_MISSING: "Des originaux manquent dans le stockage.",
}
_STAGES_FR = {
    "waiting": "Attente d’un lecteur",
    "reading": "Lecture d’un document",
    "deciding": "Du dernier document à la décision",
    "telling": "Envoi du message à l’adhérent",
}


@dataclass(frozen=True)
class StageLine:
    """Times of one stage."""

    label: str
    number: int
    median: str
    p95: str
    worst: str


@dataclass(frozen=True)
class WorkerView:
    """One worker."""

    name: str
    readers: int
    version: str
    state: str
    since: str
    seen: str
    lost: bool


@dataclass(frozen=True)
class OperationsView:
    """What the page shows."""

    at: str
    alarms: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    stages: tuple[StageLine, ...]
    refusals: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    queues: tuple[tuple[str, int], ...]
    workers: tuple[WorkerView, ...]


def present_measures(measures: Measures, alarms: Sequence[Alarm]) -> OperationsView:
    """The page for operators."""
    backlog = measures.backlog
    oldest = "aucun en attente" if measures.oldest_seconds is None else show_duration(measures.oldest_seconds)
    touchless = "–" if measures.touchless is None else f"{measures.touchless * 100:.0f}{NARROW}%"
    return OperationsView(
        at=show_moment(measures.at),
        alarms=tuple(_ALARMS_FR[alarm.code] for alarm in alarms),
        figures=(
            ("Documents lus depuis une heure", str(measures.papers_hour)),
            ("Documents lus depuis 24 heures", str(measures.papers_day)),
            ("Documents en attente de lecture", str(backlog.unread_pieces)),
            ("Âge du plus ancien document non lu", oldest),
            ("Dossiers en attente de décision", str(backlog.undecided_dossiers)),
            ("Messages à envoyer", str(backlog.unsent_messages)),
            ("Messages abandonnés", str(backlog.abandoned_messages)),
            ("Notifications aux autres systèmes à envoyer", str(backlog.unsent_webhooks)),
            ("Notifications aux autres systèmes abandonnées", str(backlog.abandoned_webhooks)),
            ("Dossiers sans intervention (30 jours)", touchless),
            ("Dossiers relus à l’aveugle (30 jours)", say_quality(measures.quality)),
        ),
        stages=tuple(_present_times(stage, times) for stage, times in measures.times.items()),
        refusals=tuple((label_refusal(code), number) for code, number in measures.refusals.items()),
        statuses=tuple((HANDLER_LABELS_FR[status], number) for status, number in measures.statuses.items()),
        queues=tuple(measures.queues.items()),
        workers=tuple(
            WorkerView(
                name=worker.name,
                readers=worker.readers,
                version=worker.version,
                state="en marche" if worker.alive else "arrêté" if worker.stopped else "silencieux",
                since=show_moment(worker.started_at),
                seen=show_ago(measures.at - worker.seen_at),
                lost=not (worker.alive or worker.stopped),
            )
            for worker in measures.workers
        ),
    )


def say_quality(quality: Quality) -> str:
    """Dossiers read blind, those with an error, and the interval of 95 % of their share."""
    if quality.low is None or quality.high is None:
        return "aucun"
    wrong = count(quality.wrong, "avec une erreur", "avec une erreur")
    low, high = (f"{100 * share:.1f}{NARROW}%".replace(".", ",") for share in (quality.low, quality.high))
    return f"{quality.checked}, dont {wrong} (de {low} à {high})"


def show_duration(seconds: float) -> str:
    """A length of time: ``0,4 s``, ``12 s``, ``3 min``, ``5 h``, ``2 jours``."""
    if seconds < 10:
        return f"{seconds:.1f}{NBSP}s".replace(".", ",")
    if seconds < 100:
        return f"{seconds:.0f}{NBSP}s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f}{NBSP}min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f}{NBSP}h"
    return count(round(seconds / 86400), "jour", "jours")


def show_ago(passed: dt.timedelta) -> str:
    """How long ago something was."""
    return f"il y a {show_duration(max(0.0, passed.total_seconds()))}"


def _present_times(stage: str, times: Times) -> StageLine:
    if not times.count:
        return StageLine(_STAGES_FR[stage], 0, "–", "–", "–")
    shown = (show_duration(seconds) for seconds in (times.median, times.p95, times.worst))
    return StageLine(_STAGES_FR[stage], times.count, *shown)
