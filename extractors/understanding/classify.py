"""What kind of paper a document is, with a probability."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.understanding.codes import CodeKind, find_codes
from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import fold
from schemas.vocabulary import DocumentType

if TYPE_CHECKING:
    from extractors.understanding.kinds import TypeModel

_INVOICE = {
    "optique": DocumentType.FACTURE_OPTIQUE,
    "dentaire": DocumentType.FACTURE_DENTAIRE,
    "audio": DocumentType.FACTURE_AUDIO,
    "honoraires": DocumentType.NOTE_HONORAIRES,
    "medecin": DocumentType.NOTE_HONORAIRES,
    "hospitaliere": DocumentType.FACTURE_HOSPITALIERE,
    "pharmacie": DocumentType.FACTURE_PHARMACIE,
    "soins": DocumentType.FACTURE_SOINS,
}
_QUOTE = {
    "optique": DocumentType.DEVIS_OPTIQUE,
    "dentaire": DocumentType.DEVIS_DENTAIRE,
    "audio": DocumentType.DEVIS_AUDIO,
    "honoraires": DocumentType.DEVIS_HONORAIRES,
    "medecin": DocumentType.DEVIS_HONORAIRES,
    "hospitaliere": DocumentType.DEVIS_HONORAIRES,
}
_PLAIN = {
    "ordonnance": DocumentType.ORDONNANCE,
    "decompte_am": DocumentType.DECOMPTE_AM,
    "feuille_de_soins": DocumentType.FEUILLE_DE_SOINS,
    "rib": DocumentType.RIB,
    "attestation_droits": DocumentType.ATTESTATION_DROITS,
    "autre": DocumentType.AUTRE,
}
_TITLE = 2.5
#: Evidence below this leaves the paper unknown.
_ENOUGH = 3.0
_TEMPERATURE = 2.2
#: Who sends a statement of the compulsory insurance.
_COMPULSORY = re.compile(
    r"assurance maladie|\bcpam\b|\bmsa\b|ameli|securite sociale|\bcnam\b|\bcgss\b|caisse primaire|\benim\b|"
    r"\bcamieg\b|regime obligatoire"
)
#: Labels that make a bare figure an amount of money (a lens correction is written alike).
_MONEY = ("amount.total", "amount.amo", "amount.amc", "amount.due")


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """The kind of a paper and how sure that is.

    Attributes:
        natures: evidence for each nature, for those who want to know why.
        domains: evidence for each trade.
    """

    type: DocumentType
    confidence: float
    natures: dict[str, float]
    domains: dict[str, float]


@dataclass(frozen=True, slots=True)
class TypeEvidence:
    """What speaks for each kind of paper.

    Attributes:
        natures: what it is for: an invoice, a quote, a prescription...
        domains: which trade it is of.
        scores: hand-set sum for each kind that anything speaks for.
        sureness: what the reader says of the words.
        words: how many there are.
    """

    natures: dict[str, float]
    domains: dict[str, float]
    scores: dict[DocumentType, float]
    sureness: float
    words: int


def classify_pages(sheets: Sequence[Sheet], model: TypeModel | None = None) -> TypeGuess:
    """The kind of the paper made by some pages.

    Args:
        sheets: its pages.
        model: the trained probability; the hand-set one where it is None (to sort pages, and to train).
    """
    found = weigh_pages(sheets)
    kind = choose_by_hand(found)
    if model is not None:
        kind, confidence = model.judge(found, kind)
        return TypeGuess(kind, confidence, found.natures, found.domains)
    if kind is DocumentType.AUTRE:
        return TypeGuess(kind, 0.6, found.natures, found.domains)
    best = found.scores[kind]
    total = sum(math.exp((score - best) / _TEMPERATURE) for score in found.scores.values())
    return TypeGuess(kind, round(min(0.995, 1.0 / total), 4), found.natures, found.domains)


def weigh_pages(sheets: Sequence[Sheet]) -> TypeEvidence:
    """What speaks for each kind.

    Cues are counted once each; the next ones of a kind weigh less and less. Codes, identifiers and amounts count too.
    """
    natures = _count(sheets, "nature")
    domains = _count(sheets, "domain")
    _weigh_values(sheets, natures, domains)
    words = sum(len(sheet.page.words) for sheet in sheets)
    sureness = sum(sheet.sureness for sheet in sheets) / max(1, len(sheets))
    return TypeEvidence(natures, domains, _score_types(natures, domains), sureness, words)


def choose_by_hand(found: TypeEvidence) -> DocumentType:
    """The kind that most speaks for; unknown when nothing says enough."""
    best = max(found.scores, key=lambda kind: found.scores[kind])
    return best if found.scores[best] >= _ENOUGH else DocumentType.AUTRE


def _count(sheets: Sequence[Sheet], family: str) -> dict[str, float]:
    best: dict[str, dict[str, float]] = {}
    for order, sheet in enumerate(sheets):
        for hit in sheet.hits_of(family):
            phrase = sheet.rows[hit.row].text[hit.start : hit.end].lower()
            weight = hit.cue.weight * (1.0 + 0.15 * (hit.words - 1))
            if order == 0 and is_title(sheet, hit):
                weight *= _TITLE
            elif _runs_in_text(sheet, hit):
                weight *= 0.5
            seen = best.setdefault(hit.cue.role, {})
            seen[phrase] = max(seen.get(phrase, 0.0), weight)
    scores = {}
    for role, phrases in best.items():
        ranked = sorted(phrases.values(), reverse=True)
        scores[role] = sum(weight * 0.75**rank for rank, weight in enumerate(ranked))
    return scores


def is_title(sheet: Sheet, hit: Hit) -> bool:
    """The cue fills most of its cell in the upper part, alone, in capitals or in larger letters."""
    row = sheet.rows[hit.row]
    if sheet.top_share(hit.row) > 0.5:
        return False
    cell = row.cells[row.cell_of(hit.start)]
    text = row.text[cell.start : cell.end]
    share = (hit.end - hit.start) / max(1, len(text))
    words = row.words_between(hit.start, hit.end)
    tall = max(word.box.height for word in words) > 1.25 * sheet.height
    capitals = row.text[hit.start : hit.end].isupper()
    begins = hit.start - cell.start <= 1
    return (share > 0.6 and (tall or capitals or sheet.top_share(hit.row) < 0.35)) or (begins and (tall or capitals))


def _runs_in_text(sheet: Sheet, hit: Hit) -> bool:
    """The cue stands in the middle of a sentence."""
    row = sheet.rows[hit.row]
    cell = row.cells[row.cell_of(hit.start)]
    return cell.last - cell.first >= 8


def _weigh_values(sheets: Sequence[Sheet], natures: dict[str, float], domains: dict[str, float]) -> None:
    def add(scores: dict[str, float], name: str, weight: float) -> None:
        scores[name] = scores.get(name, 0.0) + weight

    ccam = lpp = 0
    amounts = ibans = 0
    for sheet in sheets:
        for row in sheet.rows:
            for code in find_codes(row.text):
                ccam += code.kind is CodeKind.CCAM
                lpp += code.kind is CodeKind.LPP and code.checked
        amounts += sum(
            spot.currency or any(spot.strength(role) >= 0.5 for role in _MONEY)
            for spot in sheet.spots_of(SpotKind.AMOUNT)
        )
        ibans += len(sheet.spots_of(SpotKind.IBAN))
    if ccam:
        add(domains, "dentaire", 0.5)
        add(domains, "medecin", 0.5)
    if not amounts:
        for name in ("facture", "decompte_am"):
            natures[name] = natures.get(name, 0.0) * 0.35
    else:
        natures["ordonnance"] = natures.get("ordonnance", 0.0) * (0.3 if amounts > 2 else 0.6)
        natures["rib"] = natures.get("rib", 0.0) * 0.4
    if amounts < 2:
        natures["devis"] = (
            natures.get("devis", 0.0) * 0.35
        )  # a quote prices something: an advertisement only talks of one
    if not any(_COMPULSORY.search(fold(row.text)) for sheet in sheets for row in sheet.rows):
        natures["decompte_am"] = natures.get("decompte_am", 0.0) * 0.1  # some other insurer's statement
    if _charges(sheets):
        add(natures, "facture", 2.0)
    if not amounts and not ibans and sheets and _signed_by_doctor(sheets[0]):
        add(natures, "ordonnance", 3.5)
    if ibans and not amounts:
        add(natures, "rib", 4.0)


def _charges(sheets: Sequence[Sheet]) -> bool:
    """A total is announced, and a number of a professional or of a firm is printed."""
    total = any(spot.strength("amount.total") >= 0.8 for sheet in sheets for spot in sheet.spots_of(SpotKind.AMOUNT))
    kinds = (SpotKind.SIRET, SpotKind.RPPS, SpotKind.FINESS)
    known = any(
        spot.valid and any(tie.role.startswith("id.") for tie in spot.ties)
        for sheet in sheets
        for spot in sheet.spots_of(*kinds)
    )
    return total and known


def _signed_by_doctor(sheet: Sheet) -> bool:
    """A doctor's name heads the page, with a number of the register of professionals."""
    head = any(
        sheet.top_share(row.index) < 0.25 and re.search(r"(?:^|\n)(?:Dr|Docteur|Pr|Professeur)\b", row.text)
        for row in sheet.rows
    )
    return head and any(spot.valid for spot in sheet.spots_of(SpotKind.RPPS))


def _score_types(natures: dict[str, float], domains: dict[str, float]) -> dict[DocumentType, float]:
    scores: dict[DocumentType, float] = {}
    invoice, quote = natures.get("facture", 0.0), natures.get("devis", 0.0)
    ranked = sorted(domains.values(), reverse=True)
    top = ranked[0] if ranked else 0.0
    for nature, table in ((invoice, _INVOICE), (quote, _QUOTE)):
        for domain, kind in table.items():
            # The trade tells invoices apart; what kind of paper it is comes from its nature alone.
            edge = min(6.0, domains.get(domain, 0.0)) - min(6.0, top)
            gap = domains.get(domain, 0.0) - top
            score = nature + 0.6 * edge + 0.6 * max(-8.0, gap) + 0.25 * min(4.0, domains.get(domain, 0.0))
            if nature > 0 and domains.get(domain, 0.0) > 0:
                scores[kind] = max(scores.get(kind, 0.0), score)
    for name, kind in _PLAIN.items():
        if natures.get(name, 0.0) > 0:
            scores[kind] = max(scores.get(kind, 0.0), natures[name])
    scores.setdefault(DocumentType.AUTRE, 0.5)
    return scores
