"""Corrections on the review screen; each is written at once, and the page comes back as it then stands."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SiteRequest, handled_dossiers
from portal.handlers import read_ticket
from portal.presenting.editing import parse_content, write_content
from portal.regrouping import read_merged, read_parts
from portal.views.handler import render_review
from portal.views.stale import answer_stale, is_script
from portal.words import PlacedWord, find_value, join_places, load_words
from schemas.errors import LeaseLostError, RefusedActError, StalePageError
from schemas.readings import DocumentReading, FieldValue
from schemas.rules import installed_rules
from schemas.vocabulary import ClaimType, DocumentType, FieldName
from storage import regrouping, reviewing
from storage.amending import amend_reading, standing_corrections
from storage.holding import Ticket
from storage.models import Dossier, Piece
from storage.regrouping import cut_pages
from storage.reviewing import Correction, Place
from storage.values import to_reading


@require_POST
def correct(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Write one correction: a value, a type, which pages make one paper, a finding in order, or the last one undone."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    ticket = read_ticket(request, dossier.pk)
    try:
        said = _write(request, dossier, ticket)
    except (LeaseLostError, StalePageError) as error:
        return answer_stale(request, dossier, ticket, error)
    except (RefusedActError, ValueError) as error:
        sentence = getattr(error, "message_fr", None) or str(error)
        if is_script(request):
            return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, sentence)
        return redirect("review", dossier.pk)
    if is_script(request):
        return render_review(request, dossier.pk, said=said)
    messages.success(request, said)
    return redirect("review", dossier.pk)


def _write(request: SiteRequest, dossier: Dossier, ticket: Ticket) -> str:
    rules, now, today = installed_rules(), timezone.now(), timezone.localdate()
    what = request.POST.get("quoi", "")
    why = request.POST.get("pourquoi", "")
    if what == "annuler":
        undone = reviewing.undo_correction(ticket, rules, now, today)
        return "La dernière correction est annulée." if undone else "Il n’y a rien à annuler."
    if what == "controle":
        reviewing.judge_finding(ticket, request.POST.get("controle", ""), rules, now, today)
        return "Contrôle vérifié."
    if what == "soins":
        kind = _choose(ClaimType, request.POST.get("soins", ""))
        reviewing.change_claim_type(ticket, kind, rules, now, today, why=why)
        return "Type de demande changé."
    place = _read_place(request)
    if what == "type":
        document_type = _choose(DocumentType, request.POST.get("type", ""))
        reviewing.correct_type(ticket, place, document_type, rules, now, today, why=why)
        return "Type du document enregistré."
    if what == "illisible":
        reviewing.mark_illegible(ticket, place, rules, now, today, why=why)
        return "Document marqué illisible."
    if what == "decouper":
        piece, document = _find_document(dossier, place)
        groups = cut_pages(document.pages, _read_starts(request))
        parts = read_parts(piece, document, groups)
        regrouping.split_paper(ticket, place, parts, rules, now, today, why=why)
        return f"Document découpé en {len(parts)}."
    if what == "reunir":
        other = _read_other(request)
        found = [_find_document(dossier, one) for one in regrouping.order_places(place, other)]
        pieces = {str(piece.pk): piece for piece in dossier.pieces.select_related("reading")}
        merged = read_merged(found, pieces)
        regrouping.merge_papers(ticket, place, other, merged, rules, now, today, why=why)
        return "Documents réunis."
    if what == "champ":
        correction = _read_correction(request, dossier, place)
        reviewing.correct_field(ticket, place, correction, rules, now, today)
        return "Valeur confirmée." if correction.how == "confirmed" else "Valeur corrigée."
    raise Http404


Kind = TypeVar("Kind", ClaimType, DocumentType)


def _choose(kinds: type[Kind], value: str) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        raise Http404 from None


def _read_place(request: SiteRequest) -> Place:
    try:
        return Place(uuid.UUID(request.POST.get("papier", "")), int(request.POST.get("rang", "")))
    except ValueError:
        raise Http404 from None


def _read_other(request: SiteRequest) -> Place:
    piece, _, rank = request.POST.get("avec", "").partition("/")
    try:
        return Place(uuid.UUID(piece), int(rank))
    except ValueError:
        raise Http404 from None


def _read_starts(request: SiteRequest) -> list[int]:
    try:
        return [int(start) for start in request.POST.getlist("debut")]
    except ValueError:
        raise Http404 from None


def _read_correction(request: SiteRequest, dossier: Dossier, place: Place) -> Correction:
    """What the person says of a value: the same, one of the machine's other readings, or something else.

    Raises:
        ValueError: what was typed is no value of this field; the message says how to write it.
    """
    try:
        name = FieldName(request.POST.get("champ", ""))
    except ValueError:
        raise Http404 from None
    piece, document = _find_document(dossier, place)
    before = document.fields.get(name)
    # A button of another reading carries the same name as the input and comes after it.
    text = request.POST.getlist("valeur")[-1] if "valeur" in request.POST else ""
    why = request.POST.get("pourquoi", "")
    pointed = _read_pointed(request, piece, document)
    if pointed is None and text.strip() == write_content(name, before.value if before else None).strip():
        return _confirm(name, before, why)
    value = parse_content(name, text, timezone.localdate())
    if value is None:
        return Correction(name, None, how="absent", why=why)
    others = [other.value for other in before.alternatives] if before else []
    how = "alternative" if value in others else "typed"
    if pointed is not None:
        page, words = pointed
        raw = " ".join(word.text for word in words)
        return Correction(name, value, raw, page, join_places(words), how="pointed", why=why)
    near = (before.page, before.polygon) if before and before.page and before.polygon else None
    found = find_value(load_words(piece), document.pages, value, near)
    if found is None:
        return Correction(name, value, text, how=how, why=why)
    return Correction(name, value, found.raw_text, found.page, found.polygon, how=how, why=why)


def _confirm(name: FieldName, before: FieldValue | None, why: str) -> Correction:
    if before is None:
        return Correction(name, None, how="absent", why=why)
    return Correction(name, before.value, before.raw_text, before.page, before.polygon, how="confirmed", why=why)


def _read_pointed(
    request: SiteRequest, piece: Piece, document: DocumentReading
) -> tuple[int, Sequence[PlacedWord]] | None:
    """The words that were pointed at, by their numbers on their page: the places are ours, never the browser's."""
    try:
        said = json.loads(request.POST.get("mots") or "null")
        page, numbers = int(said["page"]), [int(number) for number in said["numbers"]]
    except (ValueError, TypeError, KeyError):
        return None
    words = load_words(piece).get(page, ()) if page in document.pages else ()
    chosen = [words[number] for number in numbers if 0 <= number < len(words)]
    return (page, chosen) if chosen else None


def _find_document(dossier: Dossier, place: Place) -> tuple[Piece, DocumentReading]:
    piece = get_object_or_404(dossier.pieces.select_related("reading", "original"), pk=place.piece_id)
    if not hasattr(piece, "reading"):
        raise Http404
    reading = amend_reading(to_reading(piece.reading), piece.pk, standing_corrections(dossier))
    if not 0 <= place.document < len(reading.documents):
        raise Http404
    return piece, reading.documents[place.document]
