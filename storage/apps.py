"""The Django application that holds the dossier database."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Models and migrations of the dossier database."""

    name = "storage"
    verbose_name = "Dossiers"
    default_auto_field = "django.db.models.BigAutoField"
