"""An installation of its own for a measurement: folder and database, gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installation:
    """Where it keeps its data."""

    folder: Path

    def measure_database(self) -> int:
        """Size of the database in bytes."""
        from django.db import connection

        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_database_size(current_database())")
                return int(cursor.fetchone()[0])
        return sum(path.stat().st_size for path in self.folder.rglob("*.sqlite3*"))


@contextmanager
def open_installation(database_url: str = "") -> Iterator[Installation]:
    """A migrated installation, as long as the block lasts; one for each process.

    Args:
        database_url: of an empty database; a SQLite file in the folder when left out.
    """
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        os.environ |= {"LIASSE_DATA_DIR": folder, "LIASSE_DATABASE_URL": database_url}
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", interactive=False, verbosity=0)
        try:
            yield Installation(Path(folder))
        finally:
            connections.close_all()
