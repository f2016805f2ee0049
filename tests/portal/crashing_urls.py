"""The site with one page that crashes."""

from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _crash(request):
    raise RuntimeError("secret de la page")


urlpatterns = [path("dossiers", _crash), *real]
