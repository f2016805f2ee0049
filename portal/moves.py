"""Where the papers of a dossier may go, when they belong to another one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from dossiers import ClaimGuess
from portal.dossier_pages import DossierPage
from portal.french import enumerate_words, show_day
from schemas.rules import installed_rules
from schemas.vocabulary import label_claim
from storage.assembling import guess_dossiers
from storage.models import Dossier
from storage.moving import open_dossiers


@dataclass(frozen=True)
class MoveView:
    """A paper that may be moved, and the dossiers that it may belong to, best first: reference and words."""

    piece_id: uuid.UUID
    name: str
    places: tuple[tuple[str, str], ...]


def list_moves(page: DossierPage) -> tuple[MoveView, ...]:
    """The papers of a dossier that are read, with the open dossiers of its member.

    Papers without a request have the dossiers that they fit best first, with what speaks for each.
    """
    member = page.dossier.member_id
    rows = {row.reference: row for row in open_dossiers(member, page.dossier)} if member else {}
    ranked: Mapping[uuid.UUID, Sequence[ClaimGuess]] = {}
    if not page.dossier.claim_type:
        ranked = guess_dossiers(page.dossier, installed_rules(), timezone.localdate())
        named = {guess.claim_id for guesses in ranked.values() for guess in guesses} - set(rows)
        rows |= {row.reference: row for row in Dossier.objects.filter(reference__in=named).select_related("patient")}
    return tuple(
        MoveView(paper.id, paper.name, _list_places(ranked.get(paper.id, ()), rows))
        for paper in page.papers
        if not paper.waiting
    )


def _list_places(guesses: Sequence[ClaimGuess], rows: Mapping[str, Dossier]) -> tuple[tuple[str, str], ...]:
    reasons = {guess.claim_id: guess.reasons_fr for guess in guesses}
    names = [*reasons, *(name for name in rows if name not in reasons)]
    return tuple((name, _describe(rows[name], reasons.get(name, ()))) for name in names)


def _describe(row: Dossier, reasons: Sequence[str]) -> str:
    whose = f", {row.patient}" if row.patient else ""
    why = f" – concorde : {enumerate_words(list(reasons))}" if reasons else ""
    return f"{label_claim(row.claim_type)}{whose}, déposé le {show_day(row.upload_date)}{why}"
