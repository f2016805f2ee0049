"""How the installation does: a page for operators, and what monitoring asks."""

from __future__ import annotations

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, operator_only
from portal.metrics import CONTENT_TYPE, write_metrics
from portal.presenting.operations import present_measures
from schemas.settings import load_settings
from storage.alarms import find_alarms
from storage.measures import measure


@operator_only
@require_safe
def show_operations(request: SiteRequest) -> HttpResponseBase:
    """The state of the installation."""
    measures = measure(timezone.now())
    context = {"section": "operations", "view": present_measures(measures, find_alarms(measures))}
    return render(request, "portal/operations.html", context)


@login_not_required
@require_safe
def check_work(_request: HttpRequest) -> HttpResponse:
    """200 while papers are taken up, 503 with the codes of the alarms when a person must look.

    It is asked from outside of the installation, because a dead one tells nobody that it is dead.
    """
    alarms = find_alarms(measure(timezone.now()))
    if alarms:
        return JsonResponse({"status": "alarm", "alarms": [alarm.code.value for alarm in alarms]}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The measures for Prometheus, to whoever shows the token of the settings; nothing is here without a token."""
    token = load_settings().metrics_token.get_secret_value()
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(shown.encode(), token.encode()):
        raise Http404
    now = timezone.now()
    measures = measure(now)
    return HttpResponse(write_metrics(measures, find_alarms(measures)), content_type=CONTENT_TYPE)
