"""What a member sees: their dossiers, and how each one gets on."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import sights, site_reader
from portal.access import SiteRequest, member_only, own_dossiers
from portal.dossier_pages import DossierPage, gather_dossier
from portal.forms import PapersForm
from portal.limits import load_limits
from portal.lists import Filters, find_dossiers, present_lines, status_choices
from schemas.sights import SightKind
from storage import talking
from storage.models import Dossier

PAGE_SIZE = 20


@member_only
@require_safe
def list_dossiers(request: SiteRequest) -> HttpResponseBase:
    """The member's dossiers, newest first."""
    filters = Filters.from_query(request.GET.dict())
    found = find_dossiers(filters, among=own_dossiers(request.viewer))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = present_lines(cast("QuerySet[Dossier]", page.object_list), timezone.localdate())
    context = {
        "section": "dossiers",
        "page": page,
        "lines": lines,
        "filters": filters,
        "status_choices": status_choices(),
        "none_at_all": not page.paginator.count and not filters.active,
        "moving": any(line.status.moving for line in lines),
    }
    return render(request, "portal/dossiers.html", context)


@require_safe
def show_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """One of the member's dossiers."""
    return render_dossier(request, dossier_id, PapersForm(load_limits()))


def render_dossier(request: SiteRequest, dossier_id: uuid.UUID, form: PapersForm, *, status: int = 200) -> HttpResponse:
    """The page of one of the member's dossiers, with the form that adds papers to it.

    Args:
        request: of the member.
        dossier_id: of the dossier; 404 when it is not theirs.
        form: with its faults, when it was sent back.
        status: of the answer.
    """
    page = _gather(request, dossier_id)
    _note_look(request, dossier_id, page)
    if page.status.yours:  # papers are asked for: some will be chosen
        site_reader.warm_up()
    context = {"view": page, "form": form, "limits": load_limits()}
    return render(request, "portal/dossier.html", context, status=status)


@require_safe
def follow_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """The part of the page that changes by itself; 304 while nothing has changed."""
    page = _gather(request, dossier_id)
    etag = f'"{page.version}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        if page.unread and request.viewer.helps is None:
            talking.mark_seen_by_member(dossier_id)
        response = render(request, "portal/parts/follow.html", {"view": page})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Moving"] = "1" if page.status.moving else "0"
    return response


def _note_look(request: SiteRequest, dossier_id: uuid.UUID, page: DossierPage) -> None:
    """What a member has seen is read; what somebody who helps has seen is written down."""
    if request.viewer.helps is not None:
        sights.note(request, dossier_id, SightKind.DOSSIER)
    elif page.unread:
        talking.mark_seen_by_member(dossier_id)


def _gather(request: SiteRequest, dossier_id: uuid.UUID) -> DossierPage:
    own = own_dossiers(request.viewer).select_related("member", "patient", "handling")
    return gather_dossier(get_object_or_404(own, pk=dossier_id), for_member=True)
