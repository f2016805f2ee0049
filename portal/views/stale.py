"""What a person is told when what they asked for rests on a page that is no longer true."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.access import SiteRequest
from portal.desk import name_of
from portal.presenting.history import EventView, present_history
from schemas.errors import LeaseLostError, LiasseError
from schemas.statuses import DossierStatus
from storage.holding import Ticket, holder_id
from storage.models import Dossier


def is_script(request: SiteRequest) -> bool:
    """Whether the page's own script asks, and wants parts of the page instead of a new one."""
    return request.headers.get("X-Parts") == "1"


def answer_stale(request: SiteRequest, dossier: Dossier, ticket: Ticket, error: LiasseError) -> HttpResponse:
    """409: nothing was written; who has the dossier now, and what happened since the page was made."""
    dossier.refresh_from_db()
    context = {
        "dossier": dossier,
        "cause": _explain(dossier, ticket, error),
        "news": _list_news(dossier, ticket.version),
    }
    template = "portal/parts/stale.html" if is_script(request) else "portal/stale.html"
    return render(request, template, context, status=409)


def _explain(dossier: Dossier, ticket: Ticket, error: LiasseError) -> str:
    holder = holder_id(dossier, timezone.now())
    if not isinstance(error, LeaseLostError):
        return "Le dossier a changé depuis l’affichage de cette page, dans un autre onglet peut-être."
    if DossierStatus(dossier.status) in (DossierStatus.RECEIVED, DossierStatus.PROCESSING):
        return "Un nouveau document est arrivé : il est en cours de lecture, et le dossier sera réexaminé avec lui."
    if holder is not None and holder != ticket.user_id:
        other = User.objects.filter(pk=holder).first()
        return f"{name_of(other) if other else 'Une autre personne'} a repris ce dossier entre-temps."
    return "Ce dossier n’est plus entre vos mains : il est resté trop longtemps sans activité, ou il a été traité."


def _list_news(dossier: Dossier, version: int) -> tuple[EventView, ...]:
    events = list(dossier.events.select_related("piece", "content").filter(pk__gt=version).order_by("id"))
    return present_history(events, dossier.decisions.all(), for_member=False)
