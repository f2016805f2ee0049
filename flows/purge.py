"""The scheduled flow that erases what the retention schedule says is due."""

from __future__ import annotations

from dataclasses import asdict

import structlog
from django.utils import timezone
from prefect import flow, get_run_logger

from flows.context import current_context
from schemas.retention import load_retention
from storage import purging
from storage.logs import set_up_logs

log = structlog.get_logger(__name__)


@flow(name="purge", flow_run_name="purge by {worker}", persist_result=False, validate_parameters=False)
def purge(worker: str) -> dict[str, object]:
    """Erase what is due and write down what went.

    Args:
        worker: who serves this run, shown on the Prefect pages.
    """
    set_up_logs()
    context = current_context()
    retention = load_retention(context.settings.retention_file)
    report = asdict(purging.purge(context.store, retention, actor=worker, now=timezone.now()))
    get_run_logger().info("%s", report)
    log.info("purged", **report)
    return report
