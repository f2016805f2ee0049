"""What a gestionnaire sees: the queue, and one dossier with its pages beside its fields."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, handled_dossiers, handler_only
from portal.dossier_pages import gather_dossier
from portal.lists import Filters, claim_choices, find_dossiers, present_lines
from portal.presenting.statuses import HANDLER_LABELS_FR
from schemas.statuses import DossierStatus
from storage.models import Dossier
from storage.queries import count_by_queue, count_by_status, order_for_handlers

PAGE_SIZE = 25


@handler_only
@require_safe
def list_dossiers(request: SiteRequest) -> HttpResponseBase:
    """Every dossier, the most pressing first."""
    filters = Filters.from_query(request.GET.dict())
    page = Paginator(order_for_handlers(find_dossiers(filters)), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = count_by_status()
    context = {
        "section": "queue",
        "page": page,
        "lines": present_lines(cast("QuerySet[Dossier]", page.object_list), timezone.localdate()),
        "filters": filters,
        "claim_choices": claim_choices(),
        "queues": list(count_by_queue(tuple(DossierStatus))),
        "total": sum(counts.values()),
        "counts": [(status.value, HANDLER_LABELS_FR[status], counts[status]) for status in DossierStatus],
    }
    return render(request, "portal/queue.html", context)


@require_safe
def show_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """One dossier."""
    every = handled_dossiers(request.viewer).select_related("member", "patient")
    page = gather_dossier(get_object_or_404(every, pk=dossier_id), for_member=False)
    return render(request, "portal/review.html", {"view": page})
