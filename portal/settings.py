"""Django settings of the site: those of the database room, and what pages need."""

from storage.django_settings import *  # noqa: F403
