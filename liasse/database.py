"""The database, for a command that needs it ready."""

from __future__ import annotations

import os

from schemas.errors import ConfigurationError


def open_database(app: str | None = None) -> None:
    """Make the models usable, and stop with a clear message where the tables are not there or are of another release.

    Args:
        app: whose tables must be there; None for everything that the site needs.

    Raises:
        ConfigurationError: the database does not answer, or migrations are waiting; the message says what to do.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes(app))
    except DatabaseError as error:
        raise ConfigurationError(f"the database does not answer: {error}") from error
    if pending:
        raise ConfigurationError("the database is not up to date: run 'liasse migrate'")
    connection.close()
