"""Candidates for the issue date, and the dates of care."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from extractors.understanding.candidates import Candidate, from_spot, rank
from extractors.understanding.codes import find_codes
from extractors.understanding.payment import find_records
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import Spot, SpotKind
from extractors.understanding.table_parts import Table
from extractors.understanding.text import fold
from schemas.vocabulary import QUOTE_TYPES, DocumentType

#: Roles that take a date away from issue and care.
_ELSEWHERE = ("date.birth", "date.payment", "date.due", "date.prescription", "date.other")
_NO_CARE = frozenset(
    {DocumentType.ORDONNANCE, DocumentType.RIB, DocumentType.ATTESTATION_DROITS, DocumentType.AUTRE, *QUOTE_TYPES}
)
#: "Fait à Nantes, le", "Nantes, le", "Saint-Malo le" at the head of a cell.
_PLACE_AND_DAY = re.compile(
    r"(?:^|\n)[ \t]*(?:Fait[ \t]+)?(?:[AÀaà][ \t]+)?"
    r"(?:(?!Dr\b|Docteur\b)[A-ZÉÈÎ][\w'’\-]+(?:[ \t]+[\w'’\-]+){0,4},|(?!Dr\b|Docteur\b)[A-ZÉÈÎ][\w'’\-]+)"
    r"[ \t]*(?:le|Le)[ \t]*:?[ \t]*(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)?[ \t]*$"
)
_DOCTOR = re.compile(r"\b(?:Dr|Docteur|Pr|Professeur)\b\.?[^\n]*$")


def collect_issue_dates(
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType
) -> list[Candidate]:
    """Ranked candidates for the date on which the paper was issued."""
    found: list[Candidate] = []
    oldest = _find_oldest(sheets)
    for order, (sheet, page_tables) in enumerate(zip(sheets, tables, strict=True)):
        inside = _line_rows(page_tables)
        for spot in sheet.spots_of(SpotKind.DATE):
            if spot.value < oldest:  # type: ignore[operator]  # a day, see SpotKind.DATE
                continue
            if spot.row in inside and spot.strength("date.issue") < _OWN_LABEL:
                continue  # a day of the table; one with its label is beside the table
            label = _issue_strength(sheet, spot, kind)
            if label < 0.15:
                continue
            high = 1.0 - sheet.top_share(spot.row)
            bonus = 0.05 * high - 0.1 * min(order, 1) - 0.4 * (label < 0.9) * _elsewhere(spot, kind)
            found.append(
                from_spot(sheet, spot, label=label, form=0.6 if spot.repaired else 1.0, bonus=bonus, high=high)
            )
    return rank(found)


#: A tie of this strength is no accident.
_OWN_LABEL = 0.7
#: A paper speaks of its own years: an older day on it is somebody's birthday, whatever stands beside it.
_YEARS = 6
#: No bill in euros is older.
_FIRST_DAY = dt.date(2002, 1, 1)


def _find_oldest(sheets: Sequence[Sheet]) -> dt.date:
    """The first day that can be one of issue or care on a paper."""
    days = [spot.value for sheet in sheets for spot in sheet.spots_of(SpotKind.DATE) if isinstance(spot.value, dt.date)]
    newest = max(days, default=_FIRST_DAY)
    return max(_FIRST_DAY, dt.date(newest.year - _YEARS, 1, 1))


def _elsewhere(spot: Spot, kind: DocumentType) -> float:
    roles = (
        _ELSEWHERE if kind is not DocumentType.ORDONNANCE else tuple(r for r in _ELSEWHERE if r != "date.prescription")
    )
    return max((spot.strength(role) for role in roles), default=0.0)


def _issue_strength(sheet: Sheet, spot: Spot, kind: DocumentType) -> float:
    issue = spot.strength("date.issue")
    if kind is DocumentType.ORDONNANCE:
        issue = max(issue, 0.9 * spot.strength("date.prescription"))
    care = max(spot.strength("date.care"), spot.strength("date.entry"), spot.strength("date.exit"))
    if kind in QUOTE_TYPES:
        issue, care = max(issue, 0.9 * care), 0.0  # "remis le", "réalisé le": nothing was done yet but the quote
    elsewhere = _elsewhere(spot, kind)
    text = sheet.rows[spot.row].text
    if _PLACE_AND_DAY.search(text[: spot.start]):
        issue = max(issue, 0.85)
    if issue <= 0.5 and kind is not DocumentType.ORDONNANCE and _DOCTOR.search(text[: spot.start]):
        return 0.0  # "Dr Untel le ...": the day of a prescription
    if elsewhere > issue or (care > issue + 0.05):
        return 0.0
    if kind is not DocumentType.ORDONNANCE and issue <= spot.strength("date.prescription"):
        return 0.0  # "Date de l'ordonnance" on a paper that is none
    if issue < 0.15 and not spot.ties and _alone(sheet, spot):
        # A date of its own in the upper part of a letterhead, with nothing said about it.
        return 0.5 if sheet.top_share(spot.row) < 0.5 else 0.3
    return issue


def _alone(sheet: Sheet, spot: Spot) -> bool:
    row = sheet.rows[spot.row]
    cell = row.cells[row.cell_of(spot.start)]
    rest = row.text[cell.start : spot.start] + row.text[spot.end : cell.end]
    return (
        sum(char.isalpha() for char in re.sub(r"(?i)lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|le", "", rest))
        <= 1
    )


def collect_care_dates(
    sheets: Sequence[Sheet], tables: Sequence[Sequence[Table]], kind: DocumentType
) -> tuple[list[tuple[Candidate, dt.date]], float]:
    """Dates of acts, deliveries and stays, each as a candidate with its day, and the strength of the weakest."""
    if kind in _NO_CARE:
        return [], 0.0
    found: dict[dt.date, Candidate] = {}
    oldest = _find_oldest(sheets)
    for sheet, page_tables in zip(sheets, tables, strict=True):
        for spot, strength in _care_spots(sheet, page_tables, kind):
            day = spot.value
            if not isinstance(day, dt.date) or day < oldest:
                continue
            candidate = from_spot(sheet, spot, label=strength, form=0.6 if spot.repaired else 1.0)
            if day not in found or found[day].label < strength:
                found[day] = candidate
    ordered = sorted(((candidate, day) for day, candidate in found.items()), key=lambda pair: pair[1])
    return ordered, min((candidate.label for candidate, _ in ordered), default=0.0)


def is_stay_in_order(sheets: Sequence[Sheet]) -> bool | None:
    """Whether some entry comes before some exit; None where a paper does not name both."""
    dated = [
        (spot.value, spot.strength("date.entry") >= _OWN_LABEL, spot.strength("date.exit") >= _OWN_LABEL)
        for sheet in sheets
        for spot in sheet.spots_of(SpotKind.DATE)
        if isinstance(spot.value, dt.date)
    ]
    entries = [day for day, enters, leaves in dated if enters and not leaves]
    exits = [day for day, enters, leaves in dated if leaves and not enters]
    # A bill of several stays names several of each, in any order.
    return min(entries) <= max(exits) if entries and exits else None


def _care_spots(sheet: Sheet, tables: Sequence[Table], kind: DocumentType) -> list[tuple[Spot, float]]:
    out: list[tuple[Spot, float]] = []
    in_tables = _dates_of_tables(sheet, tables)
    payments = set(find_records(sheet))
    for spot in sheet.spots_of(SpotKind.DATE):
        if spot.row in payments:
            continue
        if id(spot) in in_tables:
            out.append((spot, 0.92))
            continue
        care = max(spot.strength("date.care"), spot.strength("date.entry"), spot.strength("date.exit"))
        rivals = max(_elsewhere(spot, kind), spot.strength("date.issue"))
        weak = care <= 0.5 and not any(tie.role == "date.care" and tie.relation == "linked" for tie in spot.ties)
        if weak and _DOCTOR.search(sheet.rows[spot.row].text[: spot.start]):
            continue
        if kind in _LISTS and _stands_in_list(sheet, spot, kind):
            out.append((spot, 0.85))
            continue
        if weak and rivals <= _WEAK and _stands_in_sentence(sheet, spot):
            out.append((spot, 0.7))
            continue
        if weak and kind is DocumentType.DECOMPTE_AM:
            continue  # "Le 12/04, nous avons viré": a statement says nothing else of a day without naming an act
        if care >= 0.3 and care > rivals and not (weak and rivals >= care):
            out.append((spot, care))
        elif _heads_line(sheet, spot) or (
            rivals < _RIVALLED and (_act_on_row(sheet, spot) or _stands_under_act(sheet, spot))
        ):
            out.append((spot, 0.7))
    return out + _find_columns(sheet, out)


#: A date that another label claims so strongly is no day of care; "du" alone claims it weakly.
_RIVALLED, _WEAK = 0.4, 0.5
#: What may stand between an act's day and its price.
_PRICE = r"\d[\d .,]*[.,]\d{2}[ \t]*(?:€|EUR|[Ee]uros?)?"
_TO_PRICE = re.compile(rf"[ \t\n]*[:=–—.…-]*[ \t\n]*{_PRICE}")
_BEFORE_DAY = re.compile(r"[^\W\d_]{4,}.*\b(?:du|le|au)[ \t]*$", re.IGNORECASE)
_AFTER_DAY = re.compile(rf"[ \t\n:–—-]+(?P<act>[^\W\d_].*?)[ \t\n:–—.…-]+{_PRICE}$", re.DOTALL)


def _stands_in_sentence(sheet: Sheet, spot: Spot) -> bool:
    """The day of an act that is written out: "Bilan du 13/03/2026 : 40,00 €", or "13/03/2026  Bilan  40,00"."""
    row = sheet.rows[spot.row]
    before, after = row.text[: spot.start], row.text[spot.end :]
    said = [hit for hit in sheet.hits[spot.row] if hit.cue.family == "label" and hit.cue.weight == 1]
    if _BEFORE_DAY.search(before) and _TO_PRICE.match(after):
        return not any(hit.end <= spot.start for hit in said)  # "Total au 13/03/2026 : 40,00"
    act = _AFTER_DAY.match(after) if not before.strip(" -–•*") else None
    if act is None or any(hit.cue.role.startswith("amount.") for hit in said):
        return False
    return sum(char.isalpha() for char in act.group("act")) >= 4 and "," not in act.group("act")


def _heads_line(sheet: Sheet, spot: Spot) -> bool:
    """Under nothing but "Date", before a wording and its price: a line of a table beside another column of text."""
    if any(tie.relation != "above" or not tie.role.startswith(("date.issue", "date.care")) for tie in spot.ties):
        return False
    if not any(tie.role == "date.care" for tie in spot.ties):
        return False  # "Fait le" says more than "Date"
    row = sheet.rows[spot.row]
    cell = row.cell_of(spot.start)
    follows = [row.cell_text(index) for index in range(cell + 1, len(row.cells))]
    money = any(other.kind is SpotKind.AMOUNT and other.start > spot.end for other in sheet.spots_in(spot.row))
    worded = any(sum(char.isalpha() for char in text) >= 4 for text in follows[:-1])
    return bool(spot.ties) and row.cells[cell].start == spot.start and money and worded


def _find_columns(sheet: Sheet, known: Sequence[tuple[Spot, float]]) -> list[tuple[Spot, float]]:
    """Days without a label right under a day of care: the same column goes on."""
    taken = {id(spot) for spot, _ in known}
    more: list[tuple[Spot, float]] = []
    for spot in sheet.spots_of(SpotKind.DATE):
        if id(spot) in taken or spot.ties:
            continue
        for over, strength in [*known, *more]:
            rows = spot.row - over.row
            if 1 <= rows <= 2 and abs(spot.box.x0 - over.box.x0) < 0.6 * sheet.height and not over.linked:
                more.append((spot, strength))
                break
    return more


#: Papers that list acts one by one with their day.
_LISTS = (DocumentType.DECOMPTE_AM, DocumentType.FEUILLE_DE_SOINS)


def _stands_in_list(sheet: Sheet, spot: Spot, kind: DocumentType) -> bool:
    """The day of an act: at the end of its wording with its figures below, or at the head of a line of a form."""
    row = sheet.rows[spot.row]
    if any(tie.strength > 0.4 and tie.relation != "above" and tie.role != "date.care" for tie in spot.ties):
        return False  # said to be something else
    if kind is DocumentType.FEUILLE_DE_SOINS:
        cell = row.cell_of(spot.start)
        follows = [row.cell_text(index) for index in range(cell + 1, len(row.cells))]
        heads = row.cells[cell].start == spot.start and bool(spot.ties)
        return heads and len(follows) >= 2 and any(char.isdigit() for char in follows[-1])
    below = sheet.rows[spot.row + 1] if spot.row + 1 < len(sheet.rows) else None
    ends = not row.text[spot.end :].strip(" .:–-") and any(char.isalpha() for char in row.text[: spot.start])
    if below is None or not ends:
        return False
    near = below.box.y0 - row.box.y1 < 1.2 * sheet.height
    figures = {
        (hit.start, hit.end)
        for hit in sheet.hits[below.index]
        if hit.cue.family == "label" and hit.cue.role.startswith("amount.") and hit.cue.weight == 1
    }
    amounts = sum(other.kind is SpotKind.AMOUNT for other in sheet.spots_in(below.index))
    return near and max(len(figures), amounts) >= 2


def _stands_under_act(sheet: Sheet, spot: Spot) -> bool:
    """A day alone in its row, or before the details of an act, right under a wording with its price."""
    row = sheet.rows[spot.row]
    if spot.ties or spot.row == 0 or row.text[: spot.start].strip(" -–•*("):
        return False
    over = sheet.rows[spot.row - 1]
    rest = row.text[spot.end :].strip(" )")
    near = row.box.y0 - over.box.y1 < 1.2 * sheet.height and abs(row.box.x0 - over.box.x0) < 2 * sheet.height
    figures = over.cell_text(len(over.cells) - 1) if len(over.cells) > 1 else ""
    priced = bool(re.fullmatch(r"[\d\s.,€EUR]+", figures)) and any(char.isdigit() for char in figures)
    worded = any(char.isalpha() for char in over.cell_text(0)) and not any(
        hit.cue.family == "label" and hit.cue.weight == 1 for hit in sheet.hits[over.index]
    )
    return near and priced and worded and (not rest or bool(find_codes(rest)) or rest[0] in "·-–|,")


def _dates_of_tables(sheet: Sheet, tables: Sequence[Table]) -> set[int]:
    kept: set[int] = set()
    for table in tables:
        dated = any(column.role == "date" for column in table.columns)
        for line in table.lines:
            for index, spots in line.cells.items():
                for spot in spots:
                    if spot.kind is SpotKind.DATE and (
                        table.columns[index].role == "date" or (not dated and not spot.ties)
                    ):
                        kept.add(id(spot))
            for row in line.more:
                for spot in sheet.spots_in(row):
                    if spot.kind is SpotKind.DATE and not spot.ties and _act_on_row(sheet, spot):
                        kept.add(id(spot))
    return kept


def _act_on_row(sheet: Sheet, spot: Spot) -> bool:
    """The date stands at the head of a line with an act and an amount."""
    row = sheet.rows[spot.row]
    head = fold(row.text[: spot.start]).strip(" -–•*\t\n")
    money = any(other.kind is SpotKind.AMOUNT for other in sheet.spots_in(spot.row))
    return len(head) <= 3 and (bool(find_codes(row.text)) or money)


def _line_rows(tables: Sequence[Table]) -> frozenset[int]:
    return frozenset(line.row for table in tables for line in table.lines)


def come_in_order(issue: dt.date | None, care: Sequence[dt.date], kind: DocumentType) -> bool | None:
    """Care does not come after the paper that charges it; None for hospital stays or where a date is missing."""
    if issue is None or not care or kind is DocumentType.FACTURE_HOSPITALIERE:
        return None
    return max(care) <= issue
