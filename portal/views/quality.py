"""Blind checks: what was settled without anybody, read by a person who does not see what the machine read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import SiteRequest, handler_only
from portal.blind import parse_answers, present_blind
from portal.french import count
from portal.sights import note
from schemas.rules import installed_rules
from schemas.sights import SightKind
from storage.handling_models import BlindCheck
from storage.sampling import compare_answer, keep_check
from storage.values import to_reading

_MOST_SHOWN = 50


@handler_only
@require_safe
def list_checks(request: SiteRequest) -> HttpResponseBase:
    """What was drawn and not looked at yet, oldest first, and the last results."""
    waiting = BlindCheck.objects.filter(checked_at__isnull=True).select_related("dossier")
    done = BlindCheck.objects.filter(checked_at__isnull=False).select_related("dossier", "checked_by")
    context = {
        "section": "quality",
        "waiting": waiting[:_MOST_SHOWN],
        "number": waiting.count(),
        "done": done.order_by("-checked_at")[:_MOST_SHOWN],
    }
    return render(request, "portal/quality.html", context)


@handler_only
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SiteRequest, number: int) -> HttpResponseBase:
    """One dossier, its pages beside empty fields."""
    row = get_object_or_404(BlindCheck.objects.select_related("dossier"), pk=number)
    if row.checked_at is not None:
        messages.info(request, "Ce dossier a déjà été relu.")
        return redirect("quality")
    pieces = [
        piece
        for piece in row.dossier.pieces.select_related("original", "reading").order_by("received_at", "name")
        if hasattr(piece, "reading")
    ]
    if request.method != "POST":
        note(request, row.dossier_id, SightKind.BLIND)
        shown = present_blind(pieces, {}, {})
        return render(request, "portal/blind.html", {"section": "quality", "check": row, **shown})
    answers, faults = parse_answers(request, pieces, timezone.localdate())
    if faults:
        shown = present_blind(pieces, request.POST.dict(), faults)
        return render(request, "portal/blind.html", {"section": "quality", "check": row, **shown}, status=422)
    readings = {str(piece.pk): to_reading(piece.reading) for piece in pieces}
    thresholds = installed_rules().thresholds
    compared = [
        (answer, compare_answer(readings[answer.file].documents[answer.document], answer, thresholds))
        for answer in answers
    ]
    differing = sum(len(comparison.differing) for _, comparison in compared)
    user = request.viewer.user
    assert user is not None  # noqa: S101 - handler_only
    if not keep_check(row.pk, compared, user=user, now=timezone.now()):
        messages.info(request, "Ce dossier a déjà été relu.")
    elif differing:
        number_fr = count(differing, "valeur diffère", "valeurs diffèrent")
        messages.warning(request, f"{number_fr} de la lecture. Le dossier est à revoir.")
        return redirect("review", row.dossier_id)
    else:
        messages.success(request, "Tout concorde avec la lecture.")
    return redirect("quality")
