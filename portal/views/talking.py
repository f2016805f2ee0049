"""Member and gestionnaire write to each other; a member contests a decision."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal import deposits, site_reader
from portal.access import SiteRequest, handled_dossiers, own_dossiers
from portal.forms import WritingForm
from portal.limits import load_limits
from portal.views.deposit import NOT_KEPT_FR, answer_faults, answer_kept, read_warnings, wants_json
from schemas.errors import RefusedActError, StorageError
from schemas.rules import installed_rules
from schemas.vocabulary import MISSING_LABELS_FR
from storage import contesting, talking
from storage.models import Dossier, Piece

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Room:
    """What the page of a form says, and what becomes of what is written there.

    Attributes:
        keep: takes the text, the name of the sending, and a function that keeps the papers sent with it.
        kept: said once it is done.
        useful: papers that help, in words.
        until: last day on which it is taken, None for no such day.
        remedies: what can be done besides.
    """

    title: str
    label: str
    button: str
    keep: Callable[[str, uuid.UUID, Callable[[], list[Piece]]], None]
    kept: str
    useful: tuple[str, ...] = ()
    until: dt.date | None = None
    remedies: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """A member writes about a dossier of theirs, with papers where there are some."""
    dossier = _find_own(request, dossier_id)

    def keep(text: str, token: uuid.UUID, keep_papers: Callable[[], list[Piece]]) -> None:
        papers, now = keep_papers(), timezone.now()
        talking.write_as_member(
            dossier.pk, text, token, installed_rules(), actor=request.viewer.actor, now=now, papers=papers
        )  # fmt: skip

    kept = "Votre message est envoyé. La réponse apparaîtra ici."
    room = _Room("Écrire au gestionnaire", "Votre message", "Envoyer le message", keep, kept)
    if request.method != "POST":
        return _show(request, dossier, room, WritingForm(load_limits()))
    return _take(request, dossier, room, WritingForm(load_limits(), request.POST, request.FILES))


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """A member does not agree with what was decided."""
    dossier = _find_own(request, dossier_id)
    rules, today = installed_rules(), timezone.localdate()
    remedy = contesting.find_remedy(dossier, rules, today)

    def keep(text: str, token: uuid.UUID, keep_papers: Callable[[], list[Piece]]) -> None:
        contesting.contest(dossier.pk, text, token, rules, actor=request.viewer.actor, now=timezone.now(), today=today)
        keep_papers()

    room = _Room(
        title="Contester la décision",
        label="Pourquoi vous n’êtes pas d’accord",
        button="Envoyer la contestation",
        keep=keep,
        kept="Votre contestation est envoyée : une autre personne va étudier votre dossier.",
        useful=tuple(MISSING_LABELS_FR[piece] for piece in rules.contests.pieces) if rules.contests else (),
        until=remedy.until,
        remedies=rules.contests.remedies_fr if rules.contests else "",
    )
    if request.method == "POST":
        return _take(request, dossier, room, WritingForm(load_limits(), request.POST, request.FILES))
    if remedy.until is None:
        messages.error(request, "Cette décision ne peut pas, ou ne peut plus, être contestée sur le site.")
        return redirect("dossier", dossier.pk)
    return _show(request, dossier, room, WritingForm(load_limits()))


@require_POST
def answer(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """A gestionnaire answers a member, or says that nothing is to be answered."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    user, now = request.viewer.user, timezone.now()
    assert user is not None  # noqa: S101 - handled_dossiers is empty for anybody else
    actor = user.get_username()
    if request.POST.get("lu"):
        seen = talking.mark_seen_by_handler(dossier.pk, actor=actor, now=now)
        messages.success(request, "Messages marqués comme lus." if seen else "Il n’y avait rien à lire.")
    else:
        try:
            talking.write_as_handler(
                dossier.pk, request.POST.get("texte", ""), _read_token(request), actor=actor, now=now
            )
        except RefusedActError as error:
            messages.error(request, error.message_fr or "")
        else:
            messages.success(request, "Votre message est envoyé à l’adhérent.")
    return redirect(f"{reverse('review', args=[dossier.pk])}#messages")


def _find_own(request: SiteRequest, dossier_id: uuid.UUID) -> Dossier:
    dossier = get_object_or_404(own_dossiers(request.viewer), pk=dossier_id)
    if not request.viewer.may_write:
        raise PermissionDenied
    return dossier


def _take(request: SiteRequest, dossier: Dossier, room: _Room, form: WritingForm) -> HttpResponseBase:
    """Keep a form that was sent, and go on to the dossier; show it again with its faults."""
    try:
        if form.is_valid():
            room.keep(
                form.cleaned_data["text"], form.cleaned_data["token"], lambda: _keep_papers(request, dossier, form)
            )
            return answer_kept(request, f"{reverse('dossier', args=[dossier.pk])}#messages", room.kept)
    except StorageError:
        log.exception("papers could not be kept for dossier %s", dossier.pk)
        form.add_error(None, NOT_KEPT_FR)
    except RefusedActError as error:
        form.add_error("text", error.message_fr or "")
    return answer_faults(form) if wants_json(request) else _show(request, dossier, room, form, status=422)


def _keep_papers(request: SiteRequest, dossier: Dossier, form: WritingForm) -> list[Piece]:
    files, token = form.cleaned_data["files"], form.cleaned_data["token"]
    if not files:
        return []
    if not request.viewer.may_send:
        raise PermissionDenied
    deposits.add_to_dossier(
        dossier, files, token, actor=request.viewer.actor, now=timezone.now(), warnings=read_warnings(request)
    )
    return deposits.find_sent(dossier, token)


def _show(
    request: SiteRequest, dossier: Dossier, room: _Room, form: WritingForm, *, status: int = 200
) -> HttpResponseBase:
    site_reader.warm_up()
    context = {"dossier": dossier, "room": room, "form": form, "limits": load_limits(), "section": "dossiers"}
    return render(request, "portal/writing.html", context, status=status)


def _read_token(request: SiteRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        raise RefusedActError(
            "no token", message_fr="Ce formulaire n’est plus valable : actualisez la page, puis recommencez."
        ) from None
