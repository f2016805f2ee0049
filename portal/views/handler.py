"""What a gestionnaire sees: the queue, and one dossier with its pages beside its fields."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, handled_dossiers, handler_only
from portal.dossier_pages import gather_dossier
from portal.lists import Filters, claim_choices, narrow, present_lines, with_last_decision
from portal.presenting.statuses import HANDLER_LABELS_FR
from schemas.statuses import DossierStatus

PAGE_SIZE = 25


@handler_only
@require_safe
def list_dossiers(request: SiteRequest) -> HttpResponseBase:
    """Every dossier, the most pressing first."""
    every = handled_dossiers(request.viewer)
    filters = Filters.from_query(request.GET.dict())
    found = with_last_decision(narrow(every, filters)).order_by(
        F("priority").asc(nulls_last=True), F("due").asc(nulls_last=True), "opened_at", "reference"
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = dict(every.values_list("status").annotate(Count("pk")).order_by())
    context = {
        "section": "queue",
        "page": page,
        "lines": present_lines(page.object_list, timezone.localdate()),
        "filters": filters,
        "claim_choices": claim_choices(),
        "queues": every.exclude(queue="").values_list("queue", flat=True).order_by("queue").distinct(),
        "total": sum(counts.values()),
        "counts": [(status.value, HANDLER_LABELS_FR[status], counts.get(status.value, 0)) for status in DossierStatus],
    }
    return render(request, "portal/queue.html", context)


@require_safe
def show_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """One dossier."""
    every = handled_dossiers(request.viewer).select_related("member", "patient")
    page = gather_dossier(get_object_or_404(every, pk=dossier_id), for_member=False)
    return render(request, "portal/review.html", {"view": page})
