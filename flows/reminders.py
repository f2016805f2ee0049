"""The scheduled flow that reminds members who do not answer, and hands over what waited long enough."""

from __future__ import annotations

from dataclasses import asdict

import structlog
from django.utils import timezone
from prefect import flow, get_run_logger

from dossiers.calendar import is_working_day
from flows import stages
from flows.context import current_context
from storage.logs import set_up_logs
from storage.reminding import remind_members

log = structlog.get_logger(__name__)


@flow(name="reminders", flow_run_name="reminders by {worker}", persist_result=False, validate_parameters=False)
def reminders(worker: str) -> dict[str, int]:
    """Write the reminders that are due, and send them.

    Args:
        worker: who serves this run, shown on the Prefect pages.
    """
    set_up_logs()
    context = current_context()
    today = timezone.localdate()
    if not is_working_day(today, context.rules.delays.holidays_subdivision):
        return {"reminded": 0, "handed_over": 0, "messages_sent": 0}
    done = remind_members(context.rules, actor=worker, now=timezone.now(), today=today)
    counts = {**asdict(done), "messages_sent": stages.send_messages(context)}
    get_run_logger().info("%s", counts)
    log.info("reminded", **counts)
    return counts
