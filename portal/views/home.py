"""The front door, and what machines ask."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from portal.access import SiteRequest

log = logging.getLogger(__name__)


@require_safe
def home(request: SiteRequest) -> HttpResponseBase:
    """To the queue for gestionnaires, to their dossiers for members, to the state of the installation for operators."""
    if request.viewer.handler:
        return redirect("queue")
    if request.viewer.member is not None:
        return redirect("dossiers")
    if request.viewer.operator:
        return redirect("operations")
    raise PermissionDenied


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not; says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        log.exception("health check: the database does not answer")
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
