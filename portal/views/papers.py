"""One paper: its pages, its images, its original. Nothing is served by a public path."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from itertools import chain

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from extractors.thumbnails import shrink_picture
from portal.access import SiteRequest, handled_pieces, seen_pieces
from portal.keeping import page_image, stream_original
from portal.presenting.papers import present_paper
from portal.saying import kind_choices, present_forms
from portal.sights import note
from portal.words import load_words
from schemas.errors import RefusalCode
from schemas.sights import SightKind
from schemas.statuses import PieceState
from storage.amending import amend_reading, standing_corrections, standing_sayings
from storage.models import Piece
from storage.values import to_reading

#: Media types that we name; anything else is just bytes. The content was sniffed by the reader, not here.
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "heif": "image/heif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
}


def find_piece(request: SiteRequest, piece_id: uuid.UUID) -> Piece:
    """A paper that the viewer may look at; else 404."""
    pieces = seen_pieces(request.viewer).select_related("original", "reading", "dossier")
    return get_object_or_404(pieces, pk=piece_id)


def render_paper(
    request: SiteRequest,
    piece: Piece,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of one paper; beside it, for its member, what was understood of it, to be corrected.

    Args:
        request: of somebody who may look at it.
        piece: with its original, reading and dossier.
        typed: what was sent and not taken, by name of the input.
        faults: why.
        status: of the answer.
    """
    corrections = standing_corrections(piece.dossier)
    context = {"paper": present_paper(piece, corrections), "dossier": piece.dossier}
    if request.viewer.may_send and piece.state == PieceState.READ.value and hasattr(piece, "reading"):
        reading = amend_reading(to_reading(piece.reading), piece.pk, corrections)
        sayings = standing_sayings(piece.dossier)
        context |= {"forms": present_forms(reading, sayings, typed or {}, faults or {}), "kinds": kind_choices()}
    return render(request, "portal/paper.html", context, status=status)


@require_safe
def show_paper(request: SiteRequest, piece_id: uuid.UUID) -> HttpResponseBase:
    """The pages of one paper, large."""
    piece = find_piece(request, piece_id)
    note(request, piece.dossier_id, SightKind.PAPER)
    return render_paper(request, piece)


@require_safe
def show_page_image(request: SiteRequest, piece_id: uuid.UUID, number: int) -> HttpResponseBase:
    """The image of one page, as received, or small; kept by the browser of this person only, asked again every time."""
    piece, small = find_piece(request, piece_id), "vignette" in request.GET
    # The image of a page never changes: it is made from bytes that never change.
    etag = f'"{piece.original_id[:32]}-{number}{"-small" if small else ""}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        image = page_image(piece.original_id, number)
        if image is None:
            raise Http404
        note(request, piece.dossier_id, SightKind.PICTURE)
        response = HttpResponse(shrink_picture(image) if small else image, content_type="image/jpeg")
    response.headers["ETag"] = etag
    # "no-cache": kept, but access is checked each time, so that nothing is seen after signing out.
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie",))
    return response


@require_safe
def list_words(request: SiteRequest, piece_id: uuid.UUID) -> HttpResponseBase:
    """The words of a paper with their corners, for a gestionnaire to point at: ``{page: [[text, x0, y0, ...]]}``."""
    piece = get_object_or_404(handled_pieces(request.viewer).select_related("reading"), pk=piece_id)
    note(request, piece.dossier_id, SightKind.PICTURE)
    pages = {
        number: [[word.text, *(edge for corner in word.polygon for edge in corner)] for word in words]
        for number, words in load_words(piece).items()
    }
    response = JsonResponse(pages)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def download_original(request: SiteRequest, piece_id: uuid.UUID) -> HttpResponseBase:
    """The file exactly as it was received, as an attachment (never shown inside the site)."""
    piece = find_piece(request, piece_id)
    if hasattr(piece, "reading") and piece.reading.refusal == RefusalCode.INFECTED.value:
        messages.error(request, "L’antivirus signale ce fichier : il n’est pas mis à disposition.")
        return redirect("paper", piece.pk)
    note(request, piece.dossier_id, SightKind.ORIGINAL)
    extension = piece.name.rpartition(".")[2].lower()
    response = StreamingHttpResponse(
        _from_the_first_byte(stream_original(piece.original_id)),
        content_type=_MEDIA_TYPES.get(extension, "application/octet-stream"),
    )
    response.headers["Content-Length"] = str(piece.original.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, piece.name) or "attachment"
    return response


def _from_the_first_byte(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, the first one fetched now: what is missing must be an error page, not a broken download."""
    first = next(chunks, b"")
    return chain([first], chunks)
