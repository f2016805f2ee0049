"""What was done to a page before it was read, step by step: for gestionnaires."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, handled_pieces
from portal.presenting.papers import present_paper
from portal.replaying import ReplayError, replay_page
from portal.sights import note
from portal.words import load_words
from schemas.errors import RefusalCode, StorageError
from schemas.sights import SightKind
from schemas.statuses import PieceState
from storage.amending import standing_corrections
from storage.models import Piece


@require_safe
def show_steps(request: SiteRequest, piece_id: uuid.UUID, number: int) -> HttpResponseBase:
    """The steps of one page: received, sheet found, flattened, ready; then the words and the fields on it."""
    piece = _find(request, piece_id)
    note(request, piece.dossier_id, SightKind.PAPER)
    paper = present_paper(piece, standing_corrections(piece.dossier))
    page = next((one for one in paper.pages if one.number == number), None)
    try:
        steps, fault = replay_page(piece.original_id, number), ""
    except (ReplayError, StorageError) as error:
        steps, fault = (), error.message_fr or ReplayError.message_fr
    words = [
        " ".join(f"{corner.x:.1f},{corner.y:.1f}" for corner in word.polygon)
        for word in load_words(piece).get(number, ())
    ]
    context = {"paper": paper, "page": page, "number": number, "steps": steps, "fault": fault, "words": words,
               "dossier": piece.dossier}  # fmt: skip
    return render(request, "portal/steps.html", context)


@require_safe
def show_step_image(request: SiteRequest, piece_id: uuid.UUID, number: int, step: int) -> HttpResponseBase:
    """The picture of one step."""
    piece = _find(request, piece_id)
    note(request, piece.dossier_id, SightKind.PICTURE)
    try:
        steps = replay_page(piece.original_id, number)
    except (ReplayError, StorageError):
        raise Http404 from None
    if step >= len(steps):
        raise Http404
    return HttpResponse(steps[step].jpeg, content_type="image/jpeg")


def _find(request: SiteRequest, piece_id: uuid.UUID) -> Piece:
    """A paper that was read, and that no scanner signalled."""
    rows = handled_pieces(request.viewer).exclude(state=PieceState.ERASED.value)
    piece = get_object_or_404(rows.select_related("original", "reading", "dossier"), pk=piece_id)
    if not hasattr(piece, "reading") or piece.reading.refusal == RefusalCode.INFECTED.value:
        raise Http404
    return piece
