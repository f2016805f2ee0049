"""The Django application that holds the pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages, forms, templates and static files; the models are in ``storage``."""

    name = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Have failures to sign in heard of."""
        from portal import locking  # noqa: F401
