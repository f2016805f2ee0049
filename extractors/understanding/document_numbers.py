"""Candidates for the number of the paper itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from extractors.understanding.amounts import parse_amount
from extractors.understanding.candidates import Candidate, from_words, rank
from extractors.understanding.captions import find_cell_over
from extractors.understanding.dates import find_dates
from extractors.understanding.lexicon import Hit
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.table_parts import Table
from extractors.understanding.text import fold
from schemas.geometry import bound_boxes
from schemas.vocabulary import DocumentType

_NUMBER = re.compile(r"[A-Za-z0-9](?:[\w./\-–°]*[A-Za-z0-9])?")
#: An act's code, or a number that says itself what it is.
_OTHER_NUMBER = re.compile(
    r"^[A-HJ-NP-Z]{4}\d{3}$|^(?:RPPS|SIRET|FINESS|ADELI|NIR|IBAN|FR\d{2}[ ]?\d{4})", re.IGNORECASE
)
#: What papers call themselves: "DEVIS CHIRURGICAL N°" announces the number of the paper.
_PAPER = re.compile(
    r"facture|devis|note|honoraire|recu|quittance|releve|piece|proposition|avis|document|memoire|information|bordereau"
    r"|estimation|\betat|plan de traitement"
)
#: Marks that part two things said in one cell.
_PARTED = re.compile(r"[·–—|;]|\.[ \t]")
#: A title breaks over no more rows; other columns may have rows between them.
_TITLE_ROWS = 4
_JUNK = " \t:°.–—-#(|n"


def collect_document_numbers(
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType
) -> list[Candidate]:
    """Ranked candidates for the number of the paper, right of its label or under it.

    A bare "référence" on a statement is that of a transfer or of a file, over a table that of an article.
    """
    found: list[Candidate] = []
    for order, (sheet, page_tables) in enumerate(zip(sheets, tables, strict=True)):
        headings = {row for table in page_tables for row in table.headings}
        for hit in sheet.hits_of("label", "number.document"):
            weak = hit.cue.weight < 1 and (kind is DocumentType.DECOMPTE_AM or hit.row in headings)
            if weak or _foreign(sheet, hit):
                continue
            found.extend(candidate.with_bonus(-0.1 * min(order, 1)) for candidate in _number_after(sheet, hit))
        found.extend(candidate.with_bonus(-0.1 * min(order, 1)) for candidate in _numbers_under_bare_heads(sheet))
    return rank(found)


#: What readers of pictures make of "N°" that stands alone; the ring is the first thing that a copy loses.
_BARE_HEAD = re.compile(r"""N[°ºo*'’".e]?[ ]?:?""")


def _numbers_under_bare_heads(sheet: Sheet) -> list[Candidate]:
    """The number under a head of one letter and beside a date: "N | Établie le" over "26/02597 | 22 février 2026"."""
    found: list[Candidate] = []
    for row, below in pairwise(sheet.rows):
        for index, cell in enumerate(row.cells):
            if not _BARE_HEAD.fullmatch(row.cell_text(index)) or below.box.y0 - row.box.y1 > 2.2 * sheet.height:
                continue
            dates = [spot for spot in sheet.spots_in(below.index) if spot.kind is SpotKind.DATE]
            beside = any(spot.box.x0 > cell.box.x1 for spot in dates)
            under = next((one for one in below.cells if abs(one.box.x0 - cell.box.x0) < sheet.height), None)
            if under is None or not beside or len(below.words_between(under.start, under.end)) > 1:
                continue
            candidate = _read_number(sheet, below.index, under.start, 0.8, weak=False)
            found.extend([candidate] if candidate else [])
    return found


def _foreign(sheet: Sheet, hit: Hit) -> bool:
    """The same words are part of the label of another number ("numéro de dossier", "police n°")."""
    if hit.cue.weight < 1 and hit.words == 1:
        before = _title_before(sheet, hit)
        word = re.search(r"(?P<word>[^\W\d_]{3,})\.?[ \t]*$", before)
        if word and not _PAPER.search(fold(_PARTED.split(before)[-1])) and not _is_reference(word.group("word")):
            return True
    return any(
        other.cue.family == "label"
        and other.cue.role.startswith(("number.other", "number.member", "id."))
        and other.start < hit.end
        and hit.start < other.end
        for other in sheet.hits[hit.row]
    )


def _title_before(sheet: Sheet, hit: Hit) -> str:
    """What stands before a label in its cell, with the lines over it where a title broke there."""
    row = sheet.rows[hit.row]
    cell = row.cells[row.cell_of(hit.start)]
    before = row.text[cell.start : hit.start]
    title, top = before, cell.box
    for above in reversed(sheet.rows[max(0, hit.row - _TITLE_ROWS) : hit.row]) if before.strip() else ():
        if top.y0 - above.box.y1 > 0.9 * sheet.height:
            break
        for number, over in enumerate(above.cells):
            text = above.cell_text(number)
            if abs(over.box.x0 - cell.box.x0) < sheet.height and not any(char.isdigit() for char in text):
                title, top = f"{text} {title}", over.box
    return title


def _is_reference(word: str) -> bool:
    """The word is "réf" with at most one letter misread; no other of three letters announces a number."""
    return len(word) == 3 and OSA.distance(fold(word), "ref") <= 1


def _number_after(sheet: Sheet, hit: Hit) -> list[Candidate]:
    row = sheet.rows[hit.row]
    weight = hit.cue.weight
    rest = row.text[hit.end :]
    offset = hit.end + (len(rest) - len(rest.lstrip(_JUNK + "\n")))
    skipped = row.text[hit.end : offset]
    if skipped.count("\n") <= 1 and not _label_between(sheet, hit, offset):
        candidate = _read_number(sheet, hit.row, offset, weight * (0.95 if "\n" in skipped else 1.0), weak=weight < 1)
        if candidate:
            return [candidate]
    if (
        "\n" not in skipped
        and rest.strip(_JUNK + "\n")
        and row.cell_of(hit.start) == row.cell_of(min(offset, len(row.text) - 1))
    ):
        return []
    return _number_under(sheet, hit, 0.85 * weight) or _number_over(sheet, hit, 0.75 * weight)


def _number_over(sheet: Sheet, hit: Hit, label: float) -> list[Candidate]:
    over = find_cell_over(sheet, hit)
    candidate = _read_number(sheet, *over, label, weak=hit.cue.weight < 1) if over else None
    return [candidate] if candidate else []


def _label_between(sheet: Sheet, hit: Hit, offset: int) -> bool:
    return any(
        other.cue.family == "label" and hit.end <= other.start <= offset < other.end and other.cue.weight == 1
        for other in sheet.hits[hit.row]
    )


def _number_under(sheet: Sheet, hit: Hit, label: float) -> list[Candidate]:
    box = sheet.box_of(hit)
    if _PAPER.search(fold(_title_before(sheet, hit))):
        cell = sheet.rows[hit.row].cells[sheet.rows[hit.row].cell_of(hit.start)]
        box = bound_boxes([sheet.rows[hit.row].box_between(cell.start, hit.start), box])
    for index in range(hit.row + 1, min(len(sheet.rows), hit.row + 4)):
        row = sheet.rows[index]
        if row.box.y0 - box.y1 > 2.2 * max(box.height, sheet.height):
            return []
        for cell in row.cells:
            if min(cell.box.x1, box.x1) - max(cell.box.x0, box.x0) > 0.2 * min(box.width, cell.box.width):
                candidate = _read_number(sheet, index, cell.start, label, weak=hit.cue.weight < 1)
                return [candidate] if candidate else []
    return []


def _is_another(spot: Spot) -> bool:
    """The value is surely something else: of ten numbers of nine digits one holds as FINESS by chance."""
    chance = spot.kind in (SpotKind.FINESS, SpotKind.ADELI)
    return spot.valid and (not chance or any(tie.role.startswith("id.") for tie in spot.ties))


def _read_number(sheet: Sheet, index: int, offset: int, label: float, *, weak: bool) -> Candidate | None:
    """The number that begins at a letter of a row: one word with a digit, or a short prefix and a word of digits."""
    text = sheet.rows[index].text
    match = _NUMBER.match(text, offset)
    if not match:
        return None
    start, end = match.span()
    value = match.group()
    if not any(char.isdigit() for char in value):
        more = re.compile(r"[ ]?(?P<n>\d[\w./\-]*\w|\d)").match(text, end)
        if not more or len(value) > 4 or not value.isupper():
            return None
        end = more.end()
        value = text[start:end].replace(" ", "")
    days = find_dates(text[start : start + 24])
    if (days and days[0].start == 0) or (parse_amount(value) is not None and re.search(r"[.,]\d\d$", value)):
        return None
    follow = text[end : end + 3]
    if re.match(r"[ \t]?(?:€|%|[,.]\d)", follow) or (weak and sum(char.isdigit() for char in value) < 3):
        return None
    if _OTHER_NUMBER.match(value):
        return None
    if weak and any(spot.start <= start < spot.end and _is_another(spot) for spot in sheet.spots_in(index)):
        return None
    # digits printed in tight groups ("2026 0012") are one number
    while value[-1].isdigit() and (more := re.compile(r" (?P<n>\d{2,6})(?![\w.,/]|[ \t]?€)").match(text, end)):
        end = more.end()
        value += more.group("n")
    words = sheet.rows[index].words_between(start, end)
    digits = sum(char.isdigit() for char in value)
    form = 1.0 if digits >= 3 else 0.7
    return from_words(sheet, words, value.strip("."), label=label, form=form)
