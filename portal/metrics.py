"""The measures as Prometheus reads them.

They come from the database at each scrape, so that every process of the site tells the same, whichever is asked, and
a worker needs no port of its own. Labels are codes and names of workers, never anything of a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from storage.alarms import Alarm, AlarmCode
from storage.measures import Measures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def write_metrics(measures: Measures, alarms: Sequence[Alarm]) -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(_Measured(measures, alarms))
    return generate_latest(registry)


class _Measured(Collector):
    def __init__(self, measures: Measures, alarms: Sequence[Alarm]) -> None:
        self._measures, self._alarms = measures, alarms

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        measures, backlog = self._measures, self._measures.backlog
        yield _gauge("liasse_papers_read_last_hour", "Papers read or refused in the last hour", measures.papers_hour)
        yield _gauge("liasse_papers_waiting", "Papers received and not read", backlog.unread_pieces)
        yield _gauge("liasse_papers_in_hand", "Papers being read", backlog.held_pieces)
        yield _gauge(
            "liasse_oldest_paper_seconds", "Age of the oldest paper that is not read", measures.oldest_seconds or 0.0
        )
        yield _gauge("liasse_dossiers_undecided", "Dossiers waiting for a decision", backlog.undecided_dossiers)
        yield _gauge("liasse_dossiers_failing", "Dossiers on which deciding fails", backlog.failing_dossiers)
        yield _gauge("liasse_messages_unsent", "Messages waiting to be sent", backlog.unsent_messages)
        yield _gauge("liasse_messages_abandoned", "Messages that were given up", backlog.abandoned_messages)
        yield _gauge("liasse_webhooks_unsent", "Webhooks waiting to be posted", backlog.unsent_webhooks)
        yield _gauge("liasse_webhooks_abandoned", "Webhooks that were given up", backlog.abandoned_webhooks)
        if measures.touchless is not None:
            yield _gauge(
                "liasse_touchless_share",
                "Share of dossiers of 30 days that no person has to look at",
                measures.touchless,
            )
        statuses = ((status.value, number) for status, number in measures.statuses.items())
        yield _labelled("liasse_dossiers", "Dossiers by status", "status", statuses)
        yield _labelled("liasse_queue_dossiers", "Dossiers waiting for a person", "queue", measures.queues.items())
        yield _labelled("liasse_refusals_30_days", "Papers refused, by reason", "reason", measures.refusals.items())
        workers = ((worker.name, float(worker.alive)) for worker in measures.workers)
        yield _labelled("liasse_worker_alive", "1 for a worker that gives signs of life", "worker", workers)
        on = {alarm.code for alarm in self._alarms}
        yield _labelled(
            "liasse_alarm", "1 while an alarm is on", "code", ((c.value, float(c in on)) for c in AlarmCode)
        )
        times = GaugeMetricFamily("liasse_stage_seconds", "Time of a stage", labels=["stage", "quantile"])
        for stage, taken in measures.times.items():
            if taken.count:
                times.add_metric([stage, "0.5"], taken.median)
                times.add_metric([stage, "0.95"], taken.p95)
        yield times


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _labelled(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values:
        family.add_metric([value], number)
    return family
