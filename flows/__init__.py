"""When things happen: Prefect flows and their deployments.

Only ``intake``, ``sweep``, ``purge``, ``deployments``, ``runs`` and ``orchestrator`` know Prefect; the work itself
stands in plain functions (``inbox``, ``stages``, ``burst``) that call the rooms above.

Every module here works with the database, and a served flow run starts as a bare process that imports one of them: so
the database is made ready here, once, unless the process has already done it with settings of its own.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storage.django_settings")
django.setup()
