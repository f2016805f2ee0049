"""What a gestionnaire does with a dossier, and with many at once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SiteRequest, handled_dossiers, handler_only
from portal.accounts import HANDLERS
from portal.desk import name_of
from portal.french import count, enumerate_words
from portal.handlers import read_ticket
from portal.views.holding import redirect_to_next
from portal.views.stale import answer_stale
from schemas.errors import LeaseLostError, RefusedActError, StalePageError
from schemas.handling import SECOND_LOOK_FR, RefusalReason, SecondLook
from schemas.rules import installed_rules
from schemas.vocabulary import MissingPiece
from storage import acting
from storage.holding import Ticket
from storage.models import Dossier
from storage.moving import move_held_piece


@require_POST
def act(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Accept, ask, refuse, postpone, hand up, move a paper, or decline a proposal; then on to the next dossier."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    ticket = read_ticket(request, dossier.pk)
    try:
        said = _do(request, dossier, ticket)
    except (LeaseLostError, StalePageError) as error:
        return answer_stale(request, dossier, ticket, error)
    except RefusedActError as error:
        messages.error(request, error.message_fr or "")
        return redirect("review", dossier.pk)
    messages.success(request, said)
    return redirect_to_next(request)


def _do(request: SiteRequest, dossier: Dossier, ticket: Ticket) -> str:
    now, what = timezone.now(), request.POST.get("acte", "")
    why, text = request.POST.get("pourquoi", ""), request.POST.get("texte", "").replace("\r\n", "\n")
    if what == "accepter":
        needed = acting.accept(ticket, installed_rules(), now, why=why)
        return _say(dossier, "accepté", needed)
    if what == "demander":
        acting.ask_member(ticket, _read_missing(request), text, now)
        return f"Le complément est demandé pour le dossier {dossier.reference}."
    if what == "refuser":
        needed = acting.refuse(ticket, installed_rules(), _read_reason(request), why, text, now)
        return _say(dossier, "refusé", needed)
    if what == "reporter":
        acting.postpone(ticket, _read_day(request), why, now, timezone.localdate())
        return f"Dossier {dossier.reference} reporté."
    if what == "transmettre":
        acting.escalate(ticket, why, now)
        return f"Dossier {dossier.reference} transmis à un responsable."
    if what == "deplacer":
        target = move_held_piece(ticket, _read_piece(request), request.POST.get("vers", ""), why, now)
        return f"Document déplacé vers le dossier {target.reference} : les deux dossiers sont réexaminés."
    if what == "decliner":
        acting.decline_proposal(ticket, why, now)
        return f"Dossier {dossier.reference} rendu à la personne qui l’avait proposé."
    raise Http404


def _say(dossier: Dossier, done: str, needed: Sequence[SecondLook]) -> str:
    if not needed:
        return f"Dossier {dossier.reference} {done}."
    because = enumerate_words([SECOND_LOOK_FR[reason] for reason in needed])
    return f"Dossier {dossier.reference} : l’accord d’une seconde personne est demandé ({because})."


def _read_missing(request: SiteRequest) -> list[MissingPiece]:
    named = set(request.POST.getlist("piece"))
    return [piece for piece in MissingPiece if piece.value in named]


def _read_piece(request: SiteRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("papier", ""))
    except ValueError:
        raise RefusedActError("no paper", message_fr="Choisissez le document à déplacer.") from None


def _read_reason(request: SiteRequest) -> RefusalReason:
    try:
        return RefusalReason(request.POST.get("motif", ""))
    except ValueError:
        raise RefusedActError("no reason of refusal", message_fr="Choisissez le motif du refus.") from None


def _read_day(request: SiteRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.POST.get("jour", ""))
    except ValueError:
        raise RefusedActError("no day", message_fr="Indiquez le jour du report.") from None


@handler_only
@require_POST
def assign_dossiers(request: SiteRequest) -> HttpResponseBase:
    """Give the chosen dossiers to a colleague, to oneself, or back to the team."""
    user = request.viewer.user
    assert user is not None  # noqa: S101 - handler_only
    chosen = _read_chosen(request)
    to = request.POST.get("a", "")
    assignee = None
    if to != "equipe":
        assignee = User.objects.filter(groups__name=HANDLERS, pk=int(to) if to.isdigit() else 0).first()
        if assignee is None:
            messages.error(request, "Choisissez à qui confier les dossiers.")
            return redirect("queue")
    name = name_of(assignee) if assignee else ""
    changed = acting.assign(chosen, assignee.pk if assignee else None, name, user.get_username(), timezone.now())
    plural = "s" if changed > 1 else ""
    whom = f"confié{plural} à {name}" if assignee else f"rendu{plural} à l’équipe"
    messages.success(request, f"{count(changed, 'dossier', 'dossiers')} {whom}.")
    return redirect("queue")


def _read_chosen(request: SiteRequest) -> list[uuid.UUID]:
    try:
        named = [uuid.UUID(one) for one in request.POST.getlist("dossier")]
    except ValueError:
        raise Http404 from None
    return list(handled_dossiers(request.viewer).filter(pk__in=named).values_list("pk", flat=True))
