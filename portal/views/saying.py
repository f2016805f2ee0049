"""A member corrects what was understood of a paper of theirs."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.access import SiteRequest, own_dossiers, sender_only
from portal.saying import parse_forms
from portal.views.papers import find_piece, render_paper
from schemas.errors import RefusedActError
from storage.amending import amend_reading, standing_corrections, standing_sayings
from storage.saying import say_of_paper
from storage.values import to_reading


@sender_only
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: SiteRequest, piece_id: uuid.UUID) -> HttpResponseBase:
    """Keep what the member says of a paper; the dossier is looked at again."""
    piece = find_piece(request, piece_id)
    dossier = get_object_or_404(own_dossiers(request.viewer), pk=piece.dossier_id)
    page = f"{reverse('paper', args=[piece.pk])}#corriger"
    if request.method != "POST" or not hasattr(piece, "reading"):  # back from signing in again, for example
        return redirect(page)
    reading = amend_reading(to_reading(piece.reading), piece.pk, standing_corrections(dossier))
    sayings, faults = parse_forms(request, reading, standing_sayings(dossier), timezone.localdate())
    if faults:
        return render_paper(request, piece, request.POST.dict(), faults, status=422)
    try:
        new = say_of_paper(dossier.pk, piece.pk, sayings, actor=request.viewer.actor, now=timezone.now())
    except RefusedActError as error:
        messages.error(request, error.message_fr or "Ce document n’est plus là.")
        return redirect("dossier", dossier.pk)
    if not new:
        messages.info(request, "Rien n’a changé : vous n’avez rien corrigé.")
        return redirect(page)
    messages.success(request, "Merci. Votre correction est notée : votre dossier est examiné de nouveau.")
    return redirect("dossier", dossier.pk)
