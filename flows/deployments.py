"""The deployments, declared in one place and served by ``liasse worker``."""

from __future__ import annotations

from datetime import timedelta

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment

from flows.intake import intake
from flows.purge import purge
from flows.quality import quality
from flows.reminders import reminders
from flows.sweep import sweep

#: How often what was left behind is looked for.
SWEEP_EVERY = timedelta(minutes=5)
#: When what is due is erased: every night. Each worker's schedule finds nothing left after the first.
PURGE_AT = "30 3 * * *"
#: When dossiers are drawn to be read blind: every night.
DRAW_AT = "0 4 * * *"
#: When members are reminded: in the morning; on days that are no working days nothing happens.
REMIND_AT = "0 9 * * 1-5"


async def declare_deployments(worker: str) -> list[RunnerDeployment]:
    """What one worker serves.

    ``intake`` needs no schedule: the worker itself runs it as soon as something waits. Its deployment lets a person
    start a burst from the Prefect pages. A sweep that is still running when the next is due makes the next one void.
    No tags: see ``flows.intake``.
    """
    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return [
        await intake.ato_deployment(
            name=worker,
            description="Reads, decides and notifies until nothing waits.",
            parameters={"worker": f"{worker} (by hand)"},
        ),
        await sweep.ato_deployment(
            name=worker,
            description="Takes up what was left behind: lapsed leases, undecided dossiers, unsent messages.",
            schedules=[{"schedule": {"interval": SWEEP_EVERY.total_seconds()}}],
            parameters={"worker": worker},
            concurrency_limit=one_at_a_time,
        ),
        await purge.ato_deployment(
            name=worker,
            description="Erases what the retention schedule says is due, and writes down what went.",
            schedules=[{"schedule": {"cron": PURGE_AT, "timezone": "Europe/Paris"}}],
            parameters={"worker": worker},
            concurrency_limit=one_at_a_time,
        ),
        await quality.ato_deployment(
            name=worker,
            description="Draws dossiers that were settled by themselves, to be read blind.",
            schedules=[{"schedule": {"cron": DRAW_AT, "timezone": "Europe/Paris"}}],
            parameters={"worker": worker},
            concurrency_limit=one_at_a_time,
        ),
        await reminders.ato_deployment(
            name=worker,
            description="Reminds members who were asked for something, and hands over what waited too long.",
            schedules=[{"schedule": {"cron": REMIND_AT, "timezone": "Europe/Paris"}}],
            parameters={"worker": worker},
            concurrency_limit=one_at_a_time,
        ),
    ]
