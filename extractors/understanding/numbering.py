"""Candidates for numbers: of the member, of the registers, of the account (the paper's: ``document_numbers``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.understanding.bank import rib_to_iban
from extractors.understanding.candidates import PRINTED_TWICE, Candidate, from_spot, from_words, rank
from extractors.understanding.captions import find_cell_over
from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.text import fold
from schemas.readings import Check
from schemas.vocabulary import DocumentType, FieldName

_MEMBER = re.compile(r"(?<![\w/])(?P<n>[A-Z]{0,3}[ ]?\d(?:[ .\-]?\d){4,13}[A-Z]?)(?![\w/])")

#: How much the label of another register takes away.
_IDENTIFIERS: dict[FieldName, tuple[SpotKind, str]] = {
    FieldName.NIR: (SpotKind.NIR, "id.nir"),
    FieldName.FINESS: (SpotKind.FINESS, "id.finess"),
    FieldName.RPPS: (SpotKind.RPPS, "id.rpps"),
    FieldName.SIRET: (SpotKind.SIRET, "id.siret"),
}


def collect_identifiers(sheets: Sequence[Sheet], kind: DocumentType) -> dict[FieldName, list[Candidate]]:
    """Ranked candidates for NIR, FINESS, RPPS and SIRET; the prescriber's numbers count on a prescription only."""
    found: dict[FieldName, list[Candidate]] = {name: [] for name in _IDENTIFIERS}
    for sheet in sheets:
        for spot in sheet.spots:
            for name, (register, role) in _IDENTIFIERS.items():
                if spot.kind is register:
                    candidate = _judge_identifier(sheet, spot, name, role)
                    professional = name in (FieldName.RPPS, FieldName.FINESS) and kind is not DocumentType.ORDONNANCE
                    if candidate is not None and not (professional and _about_prescriber(sheet, spot)):
                        found[name].append(candidate)
    return {name: rank(candidates) for name, candidates in found.items()}


def _judge_identifier(sheet: Sheet, spot: Spot, name: FieldName, role: str) -> Candidate | None:
    own = spot.strength(role)
    other = max(
        (tie.strength for tie in spot.ties if tie.role.startswith(("id.", "number.")) and tie.role != role), default=0.0
    )
    alone = {FieldName.NIR: 0.8, FieldName.SIRET: 0.75, FieldName.RPPS: 0.55, FieldName.FINESS: 0.0}[name]
    # a check of 15 or 14 digits says more than a weak label of another number
    if other > max(own, alone if spot.valid and alone > 0.6 else 0.0):
        return None
    checks = (Check(name="check_digits", passed=spot.valid),)
    value = str(spot.value)
    if name is FieldName.NIR and len(value) == 13:
        # printed without its key: nothing to check, so only a label makes it one
        return from_spot(sheet, spot, label=own, form=0.6) if own >= 0.5 else None
    if not spot.valid:
        return from_spot(sheet, spot, label=0.8 * own, form=0.2, checks=checks) if own >= 0.6 else None
    label = max(own, alone)
    if label < 0.35:
        return None
    return from_spot(sheet, spot, label=label, form=1.0, checks=checks)


def _about_prescriber(sheet: Sheet, spot: Spot) -> bool:
    """The number stands in a line about the prescriber of the care, not about who issues the paper."""
    row = sheet.rows[spot.row]
    cell = row.cells[row.cell_of(spot.start)]
    before = [hit for hit in sheet.hits[spot.row] if hit.cue.role == "person.prescriber" and hit.end <= spot.start]
    if before or "prescri" in fold(row.text[cell.start : spot.start]):
        return True
    above = spot.row - 1
    if above < 0:
        return False
    return (
        any(
            hit.cue.role == "person.prescriber"
            and sheet.box_of(hit).x0 <= spot.box.x1
            and abs(sheet.box_of(hit).x0 - sheet.rows[spot.row].box.x0) < 3 * sheet.height
            for hit in sheet.hits[above]
        )
        and sheet.rows[spot.row].box.y0 - sheet.rows[above].box.y1 < sheet.height
    )


def collect_member_numbers(sheets: Sequence[Sheet]) -> list[Candidate]:
    """Ranked candidates for the member's number at the mutuelle: by label, or behind the name of a mutuelle."""
    found: list[Candidate] = []
    for sheet in sheets:
        for hit in sheet.hits_of("label", "number.member"):
            candidate = _member_after(sheet, hit)
            if candidate:
                found.append(candidate)
        found.extend(_behind_mutuelle(sheet))
    return rank(found)


def _member_after(sheet: Sheet, hit: Hit) -> Candidate | None:
    row = sheet.rows[hit.row]
    match = _MEMBER.search(row.text, hit.end)
    label = hit.cue.weight
    if match and match.start() - hit.end <= 30:
        between = row.text[hit.end : match.start()]
        if sum(char.isalpha() for char in between) <= (18 if "\n" not in between else 2):
            if sum(char.isalpha() for char in between) > 2:
                label *= 0.8
            return _member(sheet, hit.row, match, label)
    over = find_cell_over(sheet, hit)
    found = _MEMBER.match(sheet.rows[over[0]].text, over[1]) if over else None
    if over and found:
        return _member(sheet, over[0], found, 0.75 * label)
    box = sheet.box_of(hit)
    for index in range(hit.row + 1, min(len(sheet.rows), hit.row + 3)):
        under = sheet.rows[index]
        if under.box.y0 - box.y1 > 1.8 * max(box.height, sheet.height):
            break
        for cell in under.cells:
            if min(cell.box.x1, box.x1) > max(cell.box.x0, box.x0):
                found = _MEMBER.match(under.text, cell.start)
                return _member(sheet, index, found, 0.85 * label) if found else None
    return None


def _member(sheet: Sheet, index: int, match: re.Match[str], label: float) -> Candidate | None:
    start, end = match.span("n")
    for spot in sheet.spots_in(index):
        if (
            spot.start < end
            and start < spot.end
            and (spot.kind in (SpotKind.DATE, SpotKind.AMOUNT) or (spot.kind is SpotKind.NIR and spot.valid))
        ):
            return None
    words = sheet.rows[index].words_between(start, end)
    return from_words(sheet, words, re.sub(r"[ .\-]", "", match.group("n")), label=label, form=1.0)


_MUTUELLE = re.compile(
    r"(?i)\b(?:mutuelle|mutualit[ée]|sant[ée]|pr[ée]voyance|compl[ée]mentaire|assurances?|amc)\b[^\d\n]{0,30}$"
)


def _behind_mutuelle(sheet: Sheet) -> list[Candidate]:
    """The number right behind the insurer's name, when it is of no register."""
    found = []
    for row in sheet.rows:
        for match in _MEMBER.finditer(row.text):
            before = row.text[: match.start("n")]
            digits = sum(char.isdigit() for char in match.group("n"))
            if (
                not _MUTUELLE.search(before)
                or not 6 <= digits <= 12
                or not re.search(r"[/:–-][ \t]*$|n°[ \t]*$", before)
            ):
                continue
            labelled = any(
                hit.cue.family == "label"
                and hit.cue.role.startswith(("id.", "number."))
                and 0 <= match.start("n") - hit.end < 25
                for hit in sheet.hits[row.index]
            )
            if not labelled:
                candidate = _member(sheet, row.index, match, 0.75)
                if candidate:
                    found.append(candidate)
    return found


def collect_accounts(sheets: Sequence[Sheet]) -> tuple[list[Candidate], list[Candidate]]:
    """Ranked candidates for IBAN and BIC of a RIB; an IBAN may also be proven by the boxes of the RIB."""
    ibans: list[Candidate] = []
    bics: list[Candidate] = []
    for sheet in sheets:
        for spot in sheet.spots_of(SpotKind.IBAN):
            checks: tuple[Check, ...] = (Check(name="check_digits", passed=spot.valid),)
            if not spot.valid and _box_texts(sheet) & {str(spot.value)[4:]}:
                checks += (Check(name=PRINTED_TWICE, passed=True),)
            strength = max(0.9 if spot.valid else 0.7, spot.strength("id.iban"))
            ibans.append(from_spot(sheet, spot, label=strength, form=1.0 if spot.valid else 0.4, checks=checks))
        for spot in sheet.spots_of(SpotKind.BIC):
            label = spot.strength("id.bic")
            labelled = (
                label if label >= 0.4 else 0.45 if len(str(spot.value)) == 11 and _near_label(sheet, spot) else 0.0
            )
            if labelled:
                bics.append(from_spot(sheet, spot, label=labelled, form=1.0, checks=(Check(name="form", passed=True),)))
        if not ibans:
            ibans.extend(_from_boxes(sheet))
    return rank(ibans), rank(bics)


def _near_label(sheet: Sheet, spot: Spot) -> bool:
    return any(abs(hit.row - spot.row) <= 3 for hit in sheet.hits_of("label", "id.bic"))


_RIB_BOXES = re.compile(
    r"(?<!\d)(?P<bank>\d{5})\s{1,3}(?P<branch>\d{5})\s{1,3}(?P<account>[0-9A-Z]{11})\s{1,3}(?P<key>\d{2})(?!\d)"
)


def _box_texts(sheet: Sheet) -> set[str]:
    """What the boxes bank, branch, account and key say, in one."""
    return {"".join(match.groups()) for row in sheet.rows for match in _RIB_BOXES.finditer(row.text)}


def _from_boxes(sheet: Sheet) -> list[Candidate]:
    """The IBAN that the boxes bank, branch, account and key make, where the printed IBAN could not be read."""
    found = []
    for row in sheet.rows:
        match = _RIB_BOXES.search(row.text)
        if match and any(True for _ in sheet.hits_of("label", "id.iban")):
            value = rib_to_iban(**match.groupdict())
            if value:
                words = row.words_between(match.start(), match.end())
                candidate = from_words(sheet, words, value, label=0.75, form=1.0)
                found.append(candidate.with_checks(Check(name="check_digits", passed=True)))
    return found
