"""``liasse migrate``: bring the database to the form that this release needs."""

from __future__ import annotations

import os


def migrate() -> None:
    """Create or update the tables; run it once before the site and the workers start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
