"""The WSGI application, for gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# After Django is set up, in each server process: whoever opens the deposit page need not wait for a reader to start.
from portal import site_reader  # noqa: E402

site_reader.warm_up_on_demand()
