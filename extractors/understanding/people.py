"""Candidates for the person treated and the holder of an account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.understanding.candidates import Candidate, from_words, merge_spellings, rank
from extractors.understanding.captions import find_cell_over
from extractors.understanding.lexicon import Hit
from extractors.understanding.names import BIRTH_NAME, FoundName, capitalise, parse_name
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import fold, load_words
from schemas.readings import Word
from schemas.vocabulary import DocumentType

#: Words with a capital that are never part of a person's name on these papers.
STOP_WORDS = load_words("stop_words.txt")
_BORN = re.compile(r"\((?:n[ée]e?|dite?|[ée]pouse|ép\.?)\b|\bn[ée]e?\s", re.IGNORECASE)
_STREET = re.compile(
    r"^\d{1,4}[ \t]?(?:bis|ter|quater|[a-d])?,?[ \t]+(?:rue|av|avenue|bd|bld|boulevard|place|pl|chemin|ch|"
    r"all[ée]e|impasse|imp|route|rte|cours|quai|square|sentier|passage|r[ée]sidence|lotissement|faubourg|fg|mont[ée]e|villa|voie|ruelle|esplanade|lieu)|"
    r"^(?:bp|lieu[- ]dit|r[ée]sidence|appt|b[aâ]t)\b|^\d{5}[ \t]+\S",
    re.IGNORECASE,
)


def collect_patients(sheets: Sequence[Sheet], kind: DocumentType) -> list[Candidate]:
    """Ranked candidates for the person treated: by label, else the person the paper is addressed to."""
    found: list[Candidate] = []
    for order, sheet in enumerate(sheets):
        late = -0.05 * min(order, 1)
        for role, weight in (("person.patient", 1.0), ("person.insured", 0.62)):
            for hit in sheet.hits_of("label", role):
                if _masked(sheet, hit):
                    continue
                strength = weight * (hit.cue.weight if hit.cue.weight == 1 else 0.62)
                strength *= _plain_label(sheet, hit)
                if role == "person.insured" and kind in (DocumentType.ATTESTATION_DROITS, DocumentType.DECOMPTE_AM):
                    strength = 0.9 if kind is DocumentType.ATTESTATION_DROITS else 0.75
                candidate = name_at(sheet, hit, strength)
                if candidate:
                    found.append(candidate.with_bonus(late))
        found.extend(candidate.with_bonus(late) for candidate in _split_names(sheet))
        found.extend(candidate.with_bonus(late) for candidate in _recipients(sheet))
        if kind is DocumentType.ORDONNANCE and order == 0:
            found.extend(_free_names(sheet))
    return merge_spellings(rank([candidate for candidate in found if candidate.label > 0]))


_ONE_NAME = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+){0,3}")


def _split_names(sheet: Sheet) -> list[Candidate]:
    """Surname and first name behind labels of their own: "Nom : DUPRÉ", then "Prénom : Éloïse"."""
    labels = [hit for row in sheet.hits for hit in row if hit.cue.role in ("person.patient", "person.insured")]
    named = [(hit, fold(sheet.rows[hit.row].text[hit.start : hit.end])) for hit in labels]
    firsts = [hit for hit, text in named if text in ("prenom", "prenoms")]
    found = []
    for hit, text in named:
        if not re.search(r"^nom\b|\bnom$", text) or "prenom" in text:
            continue
        near = [
            other
            for other in firsts
            if (other.row == hit.row and other.start >= hit.end) or 0 < other.row - hit.row <= 3
        ]
        last = _single(sheet, hit)
        first = _single(sheet, near[0]) if last and near else None
        if last and first:
            value = f"{' '.join(capitalise(word) for word in first[0].split())} {last[0].upper()}"
            strength = 1.0 if hit.cue.role == "person.patient" else 0.62
            found.append(from_words(sheet, [*last[1], *first[1]], value, label=strength, form=0.9))
    return found


def _single(sheet: Sheet, hit: Hit) -> tuple[str, list[Word]] | None:
    """One part of a name right of its label, in the next cell or under it."""
    row = sheet.rows[hit.row]
    stop = min((other.start for other in sheet.hits[hit.row] if other.start >= hit.end and other.cue.family == "label"),
               default=len(row.text))  # fmt: skip
    text = row.text[hit.end : stop]
    start = hit.end + len(text) - len(text.lstrip(" \t\n:.·–-"))
    match = _ONE_NAME.match(row.text[:stop], start)
    if match:
        return match.group(), row.words_between(match.start(), match.end())
    if text.strip(" \t\n:.·–-") or hit.row + 1 >= len(sheet.rows):
        return None
    box, below = sheet.box_of(hit), sheet.rows[hit.row + 1]
    for cell in below.cells:
        if below.box.y0 - box.y1 < 1.8 * sheet.height and abs(cell.box.x0 - box.x0) < 1.2 * sheet.height:
            match = _ONE_NAME.match(below.text[: cell.end], cell.start)
            if match and match.end() == cell.end:
                return match.group(), below.words_between(match.start(), match.end())
    return None


def _masked(sheet: Sheet, hit: Hit) -> bool:
    """The label is about somebody else: the prescriber's, the holder's or the practitioner's name."""
    return any(
        other.cue.role in ("person.prescriber", "person.practitioner", "person.holder")
        and other.start <= hit.start
        and hit.end <= other.end
        and (other.end - other.start) > (hit.end - hit.start)
        for other in sheet.hits[hit.row]
    )


def _plain_label(sheet: Sheet, hit: Hit) -> float:
    """Words like "pour" or "nom" announce a name only at the head of a cell or before a colon."""
    row = sheet.rows[hit.row]
    cell = row.cells[row.cell_of(hit.start)]
    text = fold(row.text[hit.start : hit.end])
    after = row.text[hit.end : hit.end + 3].lstrip(" \t)")
    before = row.text[cell.start : hit.start]
    if after.startswith(":"):
        return 1.0
    if text in {"pour", "client", "nom", "concernant", "concerne", "prenom"}:
        return 0.85 if not before.strip() else 0.3
    return 1.0 if not before.strip() else 0.9


#: What may follow a label in brackets: "Assuré(e)", "Patient (nom, prénom)".
_ENDING = re.compile(r"[ \t]*\((?:e|s|es)\)|[ \t]*\((?:(?:nom|pr[ée]noms?|et)[ ,/]*)+\)?", re.IGNORECASE)


def name_at(sheet: Sheet, hit: Hit, strength: float) -> Candidate | None:
    """The name right of a label, in the next cell, or under it."""
    row = sheet.rows[hit.row]
    label = fold(row.text[hit.start : hit.end])
    surname_first = True if re.search(r"\bnom\b", label) and not re.match(r"prenom", label) else None
    cell = row.cells[row.cell_of(hit.start)]
    ending = _ENDING.match(row.text[hit.end : cell.end])
    begin = hit.end + (ending.end() if ending else 0)
    title = _title_in(label)
    if row.text[begin : cell.end].strip(" \t:.-–/()|"):
        return _parse(sheet, hit.row, begin, cell.end, strength, surname_first, title=title)
    index = row.cell_of(hit.start) + 1
    if index < len(row.cells):
        near = row.cells[index]
        if near.box.x0 - cell.box.x1 < 30 * sheet.height:
            far = 0.95 if near.box.x0 - cell.box.x1 < 12 * sheet.height else 0.88
            candidate = _parse(sheet, hit.row, near.start, near.end, far * strength, surname_first, title=title)
            if candidate:
                return candidate
    return _over(sheet, hit, strength, surname_first) or _under(sheet, hit, strength, surname_first)


def _over(sheet: Sheet, hit: Hit, strength: float, surname_first: bool | None) -> Candidate | None:
    """The name of which the label is the caption."""
    place = find_cell_over(sheet, hit)
    if place is None:
        return None
    row = sheet.rows[place[0]]
    return _parse(sheet, row.index, place[1], row.cells[row.cell_of(place[1])].end, 0.85 * strength, surname_first)


def _title_in(label: str) -> bool:
    return label in {"monsieur", "madame", "mademoiselle", "m", "mme", "mlle", "mr"}


def _under(sheet: Sheet, hit: Hit, strength: float, surname_first: bool | None) -> Candidate | None:
    box = sheet.box_of(hit)
    for index in range(hit.row + 1, min(len(sheet.rows), hit.row + 5)):
        row = sheet.rows[index]
        if row.box.y0 - box.y1 > 2.4 * max(box.height, sheet.height):
            return None
        for cell in row.cells:
            if min(cell.box.x1, box.x1) - max(cell.box.x0, box.x0) > 0 or abs(cell.box.x0 - box.x0) < sheet.height:
                return _parse(sheet, index, cell.start, cell.end, 0.85 * strength, surname_first)
    return None


def _parse(
    sheet: Sheet, index: int, start: int, end: int, strength: float, surname_first: bool | None, *, title: bool = False
) -> Candidate | None:
    row = sheet.rows[index]
    stop = min(
        (spot.start for spot in sheet.spots_in(index) if spot.start >= start and spot.kind is not SpotKind.BIC),
        default=end,
    )
    for hit in sheet.hits[index]:
        if (
            hit.cue.family == "label"
            and hit.cue.weight == 1
            and hit.start > start
            and not hit.cue.role.startswith("amount")
            and not _is_birth_name(row.text, hit)
        ):
            stop = min(stop, hit.start)
    mark = _MARK.match(row.text[start:end]) if sheet.ocr else None
    start += mark.end() if mark else 0
    text = row.text[start : min(end, max(stop, start))]
    found = parse_name(text, surname_first=surname_first, stop=STOP_WORDS)
    more = _wrapped(sheet, index, start, text)
    if more is not None:
        kept = text.rstrip()
        whole = parse_name(f"{kept}{more.text}", surname_first=surname_first, stop=STOP_WORDS)
        if whole and whole.end > len(kept):
            words = [*row.words_between(start + whole.start, start + len(kept)), more]
            return None if whole.doctor and not title else _weigh(sheet, words, whole, strength)
    if found is None or (found.doctor and not title):
        return None
    return _candidate(sheet, index, start, found, strength)


def _is_birth_name(text: str, hit: Hit) -> bool:
    """The words are "née" in brackets, within a name."""
    return text[hit.start - 1 : hit.start] == "(" and bool(BIRTH_NAME.match(text, hit.start - 1))


#: A colon that was read as a figure or a letter of its own, before a name.
_MARK = re.compile(r"[ \t:.–-]*[0-9:;|i][ \t]+(?=[^\W\d_]{2})")


def _wrapped(sheet: Sheet, index: int, start: int, text: str) -> Word | None:
    """The word that a name goes on with right under the left edge of its cell: "LOPES-", then "RIBEIRO"."""
    row = sheet.rows[index]
    if not re.search(r"[^\W\d_]-\s*$", text) or index + 1 >= len(sheet.rows):
        return None
    cell = row.cells[row.cell_of(start)]
    below = sheet.rows[index + 1]
    for near in below.cells:
        close = -0.3 * sheet.height < near.box.y0 - cell.box.y1 < 1.2 * sheet.height
        if close and abs(near.box.x0 - cell.box.x0) < 1.2 * sheet.height:
            return below.words[near.first]
    return None


def _candidate(sheet: Sheet, index: int, offset: int, found: FoundName, strength: float) -> Candidate:
    words = sheet.rows[index].words_between(offset + found.start, offset + found.end)
    return _weigh(sheet, words, found, strength)


def _weigh(sheet: Sheet, words: Sequence[Word], found: FoundName, strength: float) -> Candidate:
    form = 0.55 + 0.25 * found.known + 0.1 * found.titled + 0.1 * found.ordered
    return from_words(sheet, words, found.value, label=strength, form=form if found.first else 0.4)


def _recipients(sheet: Sheet) -> list[Candidate]:
    """A name alone on its line with a street or a post code under it: whom the paper is sent to."""
    found = []
    for row in sheet.rows:
        if sheet.top_share(row.index) > 0.55:
            break
        for index, cell in enumerate(row.cells):
            name = parse_name(row.cell_text(index), stop=STOP_WORDS)
            if name is None or name.doctor or name.end < len(row.cell_text(index)) - 2:
                continue
            if not name.known and not name.titled:
                continue
            addressed = _address_under(sheet, row.index, cell.box.x0)
            if not addressed and not name.titled:
                continue
            strength = (0.6 if name.titled else 0.45) if addressed else 0.42
            found.append(_candidate(sheet, row.index, cell.start, name, strength))
    return found


def _address_under(sheet: Sheet, index: int, left: float) -> bool:
    for other in range(index + 1, min(len(sheet.rows), index + 4)):
        row = sheet.rows[other]
        if row.box.y0 - sheet.rows[other - 1].box.y1 > 2.5 * sheet.height:
            return False
        for number, cell in enumerate(row.cells):
            if abs(cell.box.x0 - left) < 3 * sheet.height and _STREET.match(row.cell_text(number)):
                return True
    return False


def _free_names(sheet: Sheet) -> list[Candidate]:
    """On an ordonnance the patient often stands without a label, beside the date or an age, under the doctor's name."""
    found = []
    doctor_above = False
    for row in sheet.rows:
        if sheet.top_share(row.index) > 0.7:
            break
        dated = any(spot.kind is SpotKind.DATE for spot in sheet.spots_in(row.index))
        low = sheet.top_share(row.index) > 0.12 or doctor_above
        for index, cell in enumerate(row.cells):
            text = row.cell_text(index)
            name = parse_name(text, stop=STOP_WORDS)
            if name is None:
                continue
            if name.doctor:
                doctor_above = doctor_above or bool(name.first)
                continue
            rest = fold(text[name.end :])
            alone = not rest.strip(" ,.:-–")
            born = bool(re.match(r"[ ,(–-]*(?:ne|nee|ddn|ne\(e\)|\d{1,3} ans|naissance|age|poids)", rest))
            if born or (alone and low and (name.known or name.titled or (name.last.isupper() and name.ordered))):
                strength = 0.75 if born or name.titled else 0.6 if dated else 0.45 if name.known else 0.36
                found.append(_candidate(sheet, row.index, cell.start, name, strength))
            elif alone and low and text.isupper() and len(text.split()) == 2 and "\n" in row.text:
                found.append(_candidate(sheet, row.index, cell.start, name, 0.4))
    return found


def collect_holders(sheets: Sequence[Sheet]) -> list[Candidate]:
    """Ranked candidates for the holder of the account on a RIB; joint accounts keep both names."""
    found: list[Candidate] = []
    for sheet in sheets:
        for hit in sheet.hits_of("label", "person.holder"):
            candidate = _holder_at(sheet, hit)
            if candidate:
                found.append(candidate)
        found.extend(candidate.with_bonus(-0.05) for candidate in _recipients(sheet))
    return rank(found)


_JOINT = re.compile(r"\s+(?:ou|et|&|/)\s+(?:(?:m|mr|mme|monsieur|madame)\b\.?\s*)?", re.IGNORECASE)


def _holder_at(sheet: Sheet, hit: Hit) -> Candidate | None:
    candidate = name_at(sheet, hit, 1.0)
    if candidate is None:
        return None
    return _join_holders(sheet, candidate) or candidate


def _join_holders(sheet: Sheet, candidate: Candidate) -> Candidate | None:
    """The second holder's name behind the first ("A ou B")."""
    for row in sheet.rows:
        for index in range(len(row.cells)):
            text = " ".join(row.cell_text(index).split())
            start = text.find(candidate.raw)
            rest = text[start + len(candidate.raw) :] if start >= 0 else ""
            joint = _JOINT.match(rest)
            second = parse_name(rest[joint.end() :], stop=STOP_WORDS) if joint else None
            if second:
                value = f"{candidate.value} ou {second.value}"
                return from_words(sheet, row.cell_words(index), value, label=candidate.label, form=candidate.form)
    return None


@lru_cache(maxsize=1)
def street_pattern() -> re.Pattern[str]:
    """How a line of an address begins."""
    return _STREET
