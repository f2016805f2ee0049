"""When things happen: Prefect flows and their deployments.

Only ``intake.py``, ``sweep.py``, ``deployments.py``, ``runs.py`` and ``orchestrator.py`` know Prefect; the work itself
stands in plain functions (``inbox.py``, ``stages.py``, ``burst.py``) that call the rooms above.

Every module here works with the database, and a served flow run starts as a bare process that imports one of them: so
the database is made ready here, once, unless the process has already done it with settings of its own.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storage.django_settings")
django.setup()
