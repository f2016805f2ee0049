"""The scheduled flow that draws dossiers to be looked at blind."""

from __future__ import annotations

import structlog
from django.utils import timezone
from prefect import flow, get_run_logger

from flows.context import current_context
from storage.logs import set_up_logs
from storage.sampling import draw_checks

log = structlog.get_logger(__name__)


@flow(name="quality", flow_run_name="quality by {worker}", persist_result=False, validate_parameters=False)
def quality(worker: str) -> dict[str, int]:  # noqa: ARG001  # names the run
    """Draw the insurer's share of what was settled without anybody looking.

    Args:
        worker: who serves this run, shown on the Prefect pages.
    """
    set_up_logs()
    rules = current_context().rules
    counts = {"drawn": draw_checks(rules.blind_checks, rules.thresholds, now=timezone.now())}
    get_run_logger().info("%s", counts)
    log.info("blind checks drawn", **counts)
    return counts
