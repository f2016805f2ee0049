"""What every process that knows Prefect must find in its environment."""

from __future__ import annotations

from pathlib import Path


def prefect_environment(home: Path, api_url: str) -> dict[str, str]:
    """Settings of Prefect: own home, own server, nothing sent outside, nobody kept waiting.

    Args:
        home: where Prefect keeps its own files (and its database, for a server on SQLite).
        api_url: the server's interface.
    """
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
        # A server whose database is locked answers late or never, and Prefect would wait for a minute and ask five
        # times more. What it has to say is worth a few seconds.
        "PREFECT_API_REQUEST_TIMEOUT": "10",
        "PREFECT_CLIENT_MAX_RETRIES": "1",
        # Flow runs of a week are enough to look at; without this the server's database grows for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "604800",
    }
