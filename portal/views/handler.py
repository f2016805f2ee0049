"""What a gestionnaire sees: the queue, and one dossier with its pages beside its fields."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.access import SiteRequest, handled_dossiers, handler_only
from portal.accounts import HANDLERS
from portal.desk import gather_desk, name_of
from portal.dossier_pages import gather_dossier
from portal.handlers import teams_of
from portal.lists import Filters, claim_choices, find_dossiers
from portal.presenting.statuses import HANDLER_LABELS_FR
from portal.queue import QueueFilters, count_queue, narrow_queue, present_queue
from portal.sights import note
from portal.site_reader import warm_up
from schemas.rules import installed_rules
from schemas.sights import SightKind
from schemas.statuses import DossierStatus
from schemas.vocabulary import DOCUMENT_LABELS_FR
from storage.models import Dossier, SavedSearch
from storage.queries import count_by_status, measure_queues, order_for_handlers

PAGE_SIZE = 25
_MOST_SEARCHES = 20


@handler_only
@require_safe
def list_dossiers(request: SiteRequest) -> HttpResponseBase:
    """Every dossier, the most pressing first."""
    now, today, teams = timezone.now(), timezone.localdate(), teams_of(request.viewer)
    query = request.GET.dict()
    filters, narrowing = Filters.from_query(query), QueueFilters.from_query(query)
    rows = narrow_queue(find_dossiers(filters), narrowing, request.viewer, teams, now, today)
    page = Paginator(order_for_handlers(rows, today), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = count_by_status()
    scopes, marks, ages = count_queue(narrowing, request.viewer, teams, now, today)
    context = {
        "section": "queue",
        "page": page,
        "lines": present_queue(cast("QuerySet[Dossier]", page.object_list), now, today),
        "filters": filters,
        "narrowing": narrowing,
        "scopes": scopes,
        "marks": marks,
        "ages": ages,
        "claim_choices": claim_choices(),
        "loads": measure_queues(installed_rules().queues, now, today),
        "total": sum(counts.values()),
        "counts": [(status.value, HANDLER_LABELS_FR[status], counts[status]) for status in DossierStatus],
        "colleagues": [
            (user.pk, name_of(user)) for user in User.objects.filter(groups__name=HANDLERS).order_by("last_name", "pk")
        ],
        "searches": list(SavedSearch.objects.filter(user=request.viewer.user)),
    }
    return render(request, "portal/queue.html", context)


@handler_only
@require_POST
def save_search(request: SiteRequest) -> HttpResponseBase:
    """Keep a search under a name, or forget it where no query is given."""
    user = request.viewer.user
    name = " ".join(request.POST.get("nom", "").split())[:60]
    wanted = QueryDict(request.POST.get("recherche", "")[:400]).dict()
    kept = QueryDict(mutable=True)
    kept.update(
        {key: value for key, value in wanted.items() if key in _SEARCHABLE and isinstance(value, str) and value}
    )
    mine = SavedSearch.objects.filter(user=user)
    if request.POST.get("oublier"):
        mine.filter(pk=request.POST["oublier"] if request.POST["oublier"].isdigit() else 0).delete()
        return redirect("queue")
    if not name or not kept:
        messages.error(request, "Donnez un nom à la recherche, et cherchez quelque chose d’abord.")
    elif mine.exclude(name=name).count() >= _MOST_SEARCHES:
        messages.error(request, f"Vous avez déjà {_MOST_SEARCHES} recherches : oubliez-en une d’abord.")
    else:
        SavedSearch.objects.update_or_create(
            user=user, name=name, defaults={"query": kept.urlencode(), "saved_at": timezone.now()}
        )
        messages.success(request, f"Recherche « {name} » enregistrée.")
    return redirect(f"{reverse('queue')}?{kept.urlencode()}")


_SEARCHABLE = frozenset({"q", "statut", "soins", "file", "vue", "etat", "age"})


@require_safe
def show_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """One dossier."""
    page = render_review(request, dossier_id)
    note(request, dossier_id, SightKind.DOSSIER)
    return page


def render_review(request: SiteRequest, dossier_id: uuid.UUID, *, said: str = "") -> HttpResponse:
    """The review screen of a dossier.

    Args:
        request: of a gestionnaire; 404 for anybody else.
        dossier_id: of the dossier.
        said: what has just been written, for the page's script to say; only the parts that change are then sent.
    """
    every = handled_dossiers(request.viewer).select_related("member", "patient", "handling")
    page = gather_dossier(get_object_or_404(every, pk=dossier_id), for_member=False)
    desk = gather_desk(page, request.viewer, timezone.now())
    if desk.token and page.regroupable:
        warm_up()
    context = {
        "view": page,
        "desk": desk,
        "said": said,
        "types": [(kind.value, label) for kind, label in DOCUMENT_LABELS_FR.items()],
        "claim_choices": claim_choices(),
    }
    return render(request, "portal/parts/review_parts.html" if said else "portal/review.html", context)
