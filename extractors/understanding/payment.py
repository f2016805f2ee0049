"""Was it paid? Mentions and stamps, and what takes their meaning away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.text import fold

#: Said of payments in general, not of this paper: approved-association notices, VAT notices, instructions.
_NOT_SAID = re.compile(
    r"accept(?:e|ant|ons|es?)\b|association (?:de gestion )?agree|centre de gestion|a l'ordre|en cas d|peut |peuvent|"
    r"seront|sera |doit |doivent|devra|tva acquitte|d'apres les (?:debits|encaissements)|possible|possibilite|"
    r"jusqu'a|conditions de|modalites|facilite|vous pouvez|toute (?:seance|consultation)|non decommande|"
    r"acompte|arrhes|versement initial|penalite|retard|sous \d+ jours|"
    r"apres (?:reglement|paiement)|avant (?:reglement|paiement)|une fois"
)
_NEGATION = re.compile(r"\b(?:non|pas|ni|jamais|sans|aucun)\b[^.;\n]{0,18}$")
_TICKED = re.compile(r"[☒☑■✔✓✗✘⊠]")
#: Headings of a list of what was paid, and what makes it a deposit.
_RECORD = re.compile(r"\b(?:reglement|encaissement|paiement|versement)s?\b")
_PART_ONLY = re.compile(r"acompte|arrhes|avance|initial|premier|provision|partiel")
_CHOICES = re.compile(r"\b(?:cb|carte|cheque|especes|virement)\b")


@dataclass(frozen=True, slots=True)
class PaymentMention:
    """A mention, what it says, and how plainly."""

    paid: bool
    strength: float
    sheet: int
    row: int
    start: int
    end: int


def find_mentions(sheets: Sequence[Sheet]) -> list[PaymentMention]:
    """Mentions that this very paper was paid or is still to be paid."""
    mentions = []
    for order, sheet in enumerate(sheets):
        for hit in sheet.hits_of("payment"):
            if hit.cue.weight < 1:
                continue
            mention = _weigh(sheet, order, hit)
            if mention is not None:
                mentions.append(mention)
        mentions.extend(_balances(sheet, order))
        mentions.extend(_records(sheet, order))
    return mentions


def decide_paid(mentions: Sequence[PaymentMention]) -> tuple[bool, float, PaymentMention] | None:
    """What the paper says in the end, its confidence and the mention; None where nothing is said.

    A clear mention of payment (stamp, "acquittée le") outweighs a printed due date.
    """
    if not mentions:
        return None
    yes = max((mention for mention in mentions if mention.paid), key=lambda m: m.strength, default=None)
    no = max((mention for mention in mentions if not mention.paid), key=lambda m: m.strength, default=None)
    if yes and (no is None or yes.strength >= no.strength + 0.02):
        return True, round(yes.strength - (0.25 if no else 0.0), 4), yes
    if no:
        return False, round(no.strength - (0.2 if yes else 0.0), 4), no
    return None


def _weigh(sheet: Sheet, order: int, hit: Hit) -> PaymentMention | None:
    row = sheet.rows[hit.row]
    cell = row.cells[row.cell_of(hit.start)]
    sentence = fold(row.text[cell.start : cell.end])
    before = fold(row.text[cell.start : hit.start])
    after = fold(row.text[hit.end : cell.end])
    phrase = fold(row.text[hit.start : hit.end])
    paid = hit.cue.role == "paid"
    raw = row.text[hit.start : hit.end]
    if paid and not raw.isupper() and re.match(r"(?:soldes?|règles?|paie|paye)\b", raw.lower()):
        return None  # "le solde", "la règle", not "soldé", "réglé"; stamps in capitals often lack the accent
    if paid and (_NOT_SAID.search(sentence) or _NEGATION.search(before)):
        return None
    if paid and len(set(_CHOICES.findall(phrase + after))) >= 3:
        # a list of ways to pay says something where one is ticked, or the day is filled in
        ticked = 0.95 if _TICKED.search(row.text[hit.end :]) else 0.75 if _day_follows(sheet, hit) else None
        return PaymentMention(True, ticked, order, hit.row, hit.start, hit.end) if ticked else None
    alone = cell.last - cell.first <= 4
    words = hit.words
    if paid:
        strength = 0.9 if words > 1 else 0.86 if alone else 0.55
        if re.match(r"[ \t]*(?:le|ce jour|par|en|cb|\()", after):
            strength = max(strength, 0.97)
        if phrase.startswith(("acquitte", "pour acquit", "facture acquitte")):
            strength = max(strength, 0.96)
        if words > 1 and phrase.endswith(" le") and _day_follows(sheet, hit):
            strength = max(strength, 0.97)
        if words == 1 and not alone and _money_follows(sheet, hit):
            # "Montant payé : 50,00" heads a column or a line of figures; it is a mention all the same, a weaker one
            strength = 0.6
        if phrase.startswith(("paye", "regle", "recu", "verse", "encaisse")) and words == 1 and not alone:
            strength = min(strength, 0.5)
        if hit.row in _heading_like(sheet, hit):
            return None
    else:
        strength = 0.92 if words > 1 else 0.75
        if re.match(r"[ \t\n:]*(?:0[,.]00|neant|nul)", after):
            return None
        if phrase.startswith("echeance"):
            strength = 0.6
        if phrase.startswith("avis des sommes"):
            strength = 0.65  # the title of a hospital's bill, which a stamp may say is paid
    if strength < 0.52:
        return None
    return PaymentMention(paid, strength, order, hit.row, hit.start, hit.end)


def _day_follows(sheet: Sheet, hit: Hit) -> bool:
    return any(spot.kind is SpotKind.DATE and spot.start >= hit.end for spot in sheet.spots_in(hit.row))


def find_records(sheet: Sheet) -> list[int]:
    """Rows that record a payment: a day, a way to pay and an amount, under or behind a heading that says so."""
    rows = []
    for row in sheet.rows:
        kinds = {spot.kind for spot in sheet.spots_in(row.index)}
        ways = [hit for hit in sheet.hits[row.index] if hit.cue.role == "amount.paid"]
        if not ways or not {SpotKind.DATE, SpotKind.AMOUNT} <= kinds:
            continue
        above = sheet.rows[row.index - 1].text if row.index else ""
        heading = fold(f"{above} {row.text}")
        if _RECORD.search(heading) and not _PART_ONLY.search(heading):
            rows.append(row.index)
    return rows


def _records(sheet: Sheet, order: int) -> list[PaymentMention]:
    return [PaymentMention(True, 0.9, order, row, 0, len(sheet.rows[row].text)) for row in find_records(sheet)]


def _heading_like(sheet: Sheet, hit: Hit) -> set[int]:
    """The row when it is the heading of a table: three cells or more that name columns and no figure."""
    row = sheet.rows[hit.row]
    columns = [other for other in sheet.hits[hit.row] if other.cue.family == "column"]
    if len(row.cells) >= 3 and len(columns) >= 3 and not sheet.spots_in(hit.row):
        return {hit.row}
    return set()


def _money_follows(sheet: Sheet, hit: Hit) -> bool:
    return any(spot.kind is SpotKind.AMOUNT and spot.start >= hit.end for spot in sheet.spots_in(hit.row))


def _balances(sheet: Sheet, order: int) -> list[PaymentMention]:
    """A balance of nothing says paid; an amount said to be still due says not paid."""
    mentions = []
    for spot in sheet.spots_of(SpotKind.AMOUNT):
        still = spot.strength("amount.balance")
        label = _label_text(sheet, spot.row, spot.start)
        if still >= 0.6 and isinstance(spot.value, Decimal):
            mentions.append(PaymentMention(spot.value <= 0, 0.9 * still, order, spot.row, spot.start, spot.end))
        elif spot.value == 0 and re.search(
            r"(?:solde|reste|restant) (?:du|a payer|a regler|a percevoir)\b|\bsolde[ :]*$", label
        ):
            mentions.append(PaymentMention(True, 0.55, order, spot.row, spot.start, spot.end))
        elif is_balance(sheet, spot):
            mentions.append(PaymentMention(False, 0.8, order, spot.row, spot.start, spot.end))
        elif (_is_whole(sheet, spot) or _repeats_due(sheet, spot)) and re.search(
            r"\b(?:reste|restant|solde) (?:du|a payer|a regler)[ :]*$", label
        ):
            mentions.append(PaymentMention(False, 0.7, order, spot.row, spot.start, spot.end))
        elif (
            re.search(r"\bsolde(?: a (?:payer|regler))?[ :]*$", label)
            and isinstance(spot.value, Decimal)
            and spot.value > 0
        ):
            mentions.append(PaymentMention(False, 0.62, order, spot.row, spot.start, spot.end))
    return mentions


def is_balance(sheet: Sheet, spot: Spot) -> bool:
    """A rest below the total of a bill without shares: part of it was paid, the rest is not anybody's share."""
    label = _label_text(sheet, spot.row, spot.start)
    if not re.search(r"\b(?:reste|restant|solde) (?:du|a payer|a regler)[ :.]*$", label):
        return False
    amounts = sheet.spots_of(SpotKind.AMOUNT)
    shared = any(max(other.strength("amount.amo"), other.strength("amount.amc")) >= 0.5 for other in amounts)
    less = any(
        isinstance(other.value, Decimal) and isinstance(spot.value, Decimal) and other.value > spot.value > 0
        for other in amounts
        if other.strength("amount.total") >= 0.4
    )
    return less and not shared


def _is_whole(sheet: Sheet, spot: Spot) -> bool:
    """What is left is the total: nothing of it was paid."""
    return any(
        other is not spot and other.value == spot.value != 0 and other.strength("amount.total") >= 0.6
        for other in sheet.spots_of(SpotKind.AMOUNT)
    )


def _repeats_due(sheet: Sheet, spot: Spot) -> bool:
    """The patient's share stands elsewhere already: named again as a rest, it is still to be paid."""
    return any(
        other.value == spot.value and other.value != 0 and other.row != spot.row and other.strength("amount.due") >= 0.6
        for other in sheet.spots_of(SpotKind.AMOUNT)
    )


def _label_text(sheet: Sheet, row: int, start: int) -> str:
    return fold(" ".join(sheet.rows[row].text[max(0, start - 40) : start].split()))
