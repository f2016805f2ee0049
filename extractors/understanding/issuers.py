"""Candidates for who issues the paper: the shop or establishment when it is one, else the person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.understanding.candidates import Candidate, from_words, merge_spellings, rank
from extractors.understanding.layout import Cell, Row
from extractors.understanding.lexicon import Hit
from extractors.understanding.name_lines import (
    NOT_NAME,
    PROFESSION,
    continues_above,
    drop_address,
    drop_logo,
    measure_size,
    next_lines,
    stack_name,
    wrapped_words,
)
from extractors.understanding.names import FoundName, capitalise, parse_name
from extractors.understanding.people import STOP_WORDS, street_pattern
from extractors.understanding.sheet import Sheet
from extractors.understanding.spots import SpotKind
from extractors.understanding.text import compile_words, fold
from schemas.geometry import bound_points
from schemas.vocabulary import DocumentType

_ESTABLISHMENT = compile_words("issuers.yaml", "establishment", whole=True)
#: Labels of other people's names.
_OTHERS = frozenset({"person.patient", "person.insured", "person.prescriber", "person.holder"})
_FIRM = re.compile(r"\b(?:selarl|sarl|sas|sasu|scp|scm|sel|eurl|sa|snc|selas|ei)\b\.?", re.IGNORECASE)
_SHOPS = frozenset(
    {
        DocumentType.FACTURE_OPTIQUE, DocumentType.FACTURE_AUDIO, DocumentType.FACTURE_PHARMACIE,
        DocumentType.FACTURE_HOSPITALIERE, DocumentType.DEVIS_OPTIQUE, DocumentType.DEVIS_AUDIO,
    }
)  # fmt: skip


def collect_issuers(sheets: Sequence[Sheet], kind: DocumentType, body: int | None = None) -> list[Candidate]:
    """Ranked candidates for the issuer's name, from the head of the first page, else from its foot.

    Args:
        sheets: pages of the paper.
        kind: of the paper; some are issued by shops, some by people.
        body: row where the first table of the first page begins: no letterhead stands below it.
    """
    if not sheets:
        return []
    sheet = sheets[0]
    found: list[Candidate] = []
    addressee = _addressees(sheet)
    for row in sheet.rows:
        share = sheet.top_share(row.index)
        for index, cell in enumerate(row.cells):
            if share < 0.85 and (share > 0.4 or (body is not None and row.index >= body)):
                found.extend(_letterhead_below(sheet, row, index, cell, kind))
                continue
            found.extend(_legal_mention(sheet, row, index, kind))
            found.extend(_candidates_in(sheet, row, index, cell, kind, addressee))
    roles = (
        ("person.practitioner", "person.prescriber") if kind is DocumentType.ORDONNANCE else ("person.practitioner",)
    )
    for hit in (hit for role in roles for hit in sheet.hits_of("label", role)):
        row = sheet.rows[hit.row]
        cell = row.cells[row.cell_of(hit.start)]
        after = parse_name(row.text[hit.end : cell.end], stop=STOP_WORDS)
        strength = 0.6 if kind in _SHOPS else 0.8
        if after and after.first:
            words = row.words_between(hit.end + after.start, hit.end + after.end)
            found.append(from_words(sheet, words, after.value, label=strength, form=0.9))
        elif not row.text[hit.end : cell.end].strip(" :"):
            found.extend(_name_under(sheet, hit, strength))
    found.extend(_named_like_site(sheet))
    return merge_spellings(rank(found))


_SITE = re.compile(r"(?:@|www\.)(?P<name>[a-z0-9-]{4,}[a-z0-9])\.[a-z]")


def _named_like_site(sheet: Sheet) -> list[Candidate]:
    """The line that says the same as the paper's own mail or web address, however the shop is called."""
    sites = {
        re.sub(r"[^a-z0-9]", "", match.group("name")) for row in sheet.rows for match in _SITE.finditer(fold(row.text))
    }
    found = []
    for row in sheet.rows if sites else ():
        for index, cell in enumerate(row.cells):
            text = row.cell_text(index)
            letters = re.sub(r"[^a-z0-9]", "", fold(text))
            if "@" in text or "www" in text or not 5 <= len(letters) <= 50:
                continue
            # addresses cut long names
            if any(letters == site or (len(site) >= 10 and letters.startswith(site)) for site in sites):
                name = parse_name(text, stop=STOP_WORDS)
                person = name is not None and name.end >= len(text) - 1 and (name.known or name.doctor) and name.first
                value = name.value if name and person else clean_shop(text)
                found.append(from_words(sheet, row.words[cell.first : cell.last + 1], value, label=0.8, form=1.0))
    return found


def _letterhead_below(sheet: Sheet, row: Row, index: int, cell: Cell, kind: DocumentType) -> list[Candidate]:
    """A person over a trade, or a shop, that address or number follow: papers may end with their letterhead."""
    text = row.cell_text(index)
    name = parse_name(text, stop=STOP_WORDS)
    if (
        _labelled(sheet, row, cell, cell.start + name.end if name else None)
        or _beside_label(sheet, row, index, kind)
        or _is_heading(sheet, row, cell)
        or not _identity_near(sheet, row, cell)
    ):
        return []
    if kind not in _SHOPS:
        trade = any(PROFESSION.search(fold(line)) for line in _lines_below(sheet, row.index, cell, 2))
        if name is None or not name.first or not trade or (name.titled and not name.doctor):
            return []
        words = row.words_between(cell.start + name.start, cell.start + name.end)
        return [from_words(sheet, words, name.value, label=0.72 + 0.05 * name.doctor, form=0.9)]
    shop = _ESTABLISHMENT.match(fold(text))
    if not shop or sum(char.isdigit() for char in text) > 2 or NOT_NAME.search(fold(text)) or not 4 <= len(text) <= 50:
        return []
    words = row.words[cell.first : cell.last + 1]
    return [from_words(sheet, words, clean_shop(text), label=0.55, form=1.0)]


_LEGAL = re.compile(
    r"^(?P<name>[^\d–—|:]{4,60}?)[ \t]*(?:[–—|,]|[ \t]-[ \t])[ \t]*"
    r"(?:SARL|S\.A\.R\.L|SAS|SASU|S\.A\.S|EURL|SELARL|SELAS|SNC|SCP|SA|SCM|Association|Etablissement|Établissement|EI)\b"
)


def _legal_mention(sheet: Sheet, row: Row, index: int, kind: DocumentType) -> list[Candidate]:
    """The name before its legal form ("– SARL au capital de..."): the law makes firms print it, mostly at the foot."""
    match = _LEGAL.match(row.cell_text(index))
    if not match or NOT_NAME.search(fold(match.group("name"))):
        return []
    start = row.cells[index].start
    words = row.words_between(start + match.start("name"), start + match.end("name"))
    label = 0.8 if kind in _SHOPS else 0.4
    return [from_words(sheet, words, clean_shop(match.group("name")), label=label, form=1.0)]


def _name_under(sheet: Sheet, hit: Hit, strength: float) -> list[Candidate]:
    """The doctor's name in the cell right of a label or under it."""
    box = sheet.box_of(hit)
    for index in range(hit.row, min(len(sheet.rows), hit.row + 2)):
        row = sheet.rows[index]
        for number, cell in enumerate(row.cells):
            beside = index == hit.row and cell.start > hit.end
            under = index > hit.row and abs(cell.box.x0 - box.x0) < 1.5 * sheet.height
            name = parse_name(row.cell_text(number), stop=STOP_WORDS) if beside or under else None
            if name and name.first:
                words = row.words_between(cell.start + name.start, cell.start + name.end)
                return [from_words(sheet, words, name.value, label=strength, form=0.9)]
            if beside:
                return []
    return []


def _addressees(sheet: Sheet) -> frozenset[tuple[int, int]]:
    """Cells that name the person the paper is sent to (civil title, no doctor's)."""
    cells = set()
    for row in sheet.rows:
        for index in range(len(row.cells)):
            name = parse_name(row.cell_text(index), stop=STOP_WORDS)
            if name and name.titled and not name.doctor:
                cells.add((row.index, index))
    return frozenset(cells)


def _candidates_in(
    sheet: Sheet, row: Row, index: int, cell: Cell, kind: DocumentType, addressee: frozenset[tuple[int, int]]
) -> list[Candidate]:
    text = row.cell_text(index)
    folded = fold(text)
    if _is_heading(sheet, row, cell) or (row.index, index) in addressee or street_pattern().match(text):
        return []
    found: list[Candidate] = []
    words = drop_address(drop_logo(row.words[cell.first : cell.last + 1]))
    text = " ".join(word.text for word in words)
    folded = fold(text)
    size = measure_size(words) / sheet.height
    if continues_above(sheet, row, cell):
        return []
    share = sheet.top_share(row.index)
    place = 0.18 * max(0.0, 1 - share / 0.4) if share <= 0.4 else -0.25
    shop = _ESTABLISHMENT.search(folded)
    digits = sum(char.isdigit() for char in text)
    if digits <= 2 and not NOT_NAME.search(folded) and not _labelled(sheet, row, cell) and 4 <= len(text) <= 60:
        person = parse_name(text, stop=frozenset())
        plainly = person is not None and person.end >= len(text.rstrip(" .,;")) - 1
        if shop or (
            kind in _SHOPS and not (plainly and person and person.known) and _looks_like_head(sheet, row, cell, size)
        ):
            more = next_lines(sheet, row, cell, words)
            value = clean_shop(f"{text} {' '.join(word.text for word in more)}")
            label = (0.62 if shop else 0.5) if kind in _SHOPS else (0.34 if shop else 0.2)
            if shop and shop.start() == 0:
                label += 0.06
            if PROFESSION.search(folded) and not re.match(
                r"pharmacie|cabinet|centre|clinique|laboratoire|optique", folded
            ):
                label -= 0.3
            if "," in text or re.search(r"[.!?]$", text):
                label -= 0.15
            label += 0.15 * min(1.0, max(0.0, size - 1.0) / 0.5) + place
            label += 0.08 * _identity_near(sheet, row, cell)
            if value:
                candidate = from_words(sheet, words, value, label=max(0.05, min(1.0, label)), form=1.0, size=size)
                if more:
                    candidate = replace(
                        candidate,
                        raw=" ".join(word.text for word in (*words, *more)),
                        polygon=bound_points(
                            corner for word in (*words, *more) for corner in word.polygon
                        ).to_polygon(),
                    )
                found.append(candidate)
    stacked = None if kind in _SHOPS else stack_name(sheet, row, cell)
    if stacked and not _beside_label(sheet, row, index, kind):
        person, joined = stacked
        trade = any(PROFESSION.search(fold(line)) for line in _lines_below(sheet, row.index, cell, 6))
        if person.doctor or trade:
            strength = 0.4 + 0.3 * person.doctor + 0.3 * trade + place
            candidate = from_words(sheet, joined, person.value, label=min(1.0, strength), form=0.9, size=size)
            box = bound_points(corner for word in joined for corner in word.polygon).to_polygon()
            return [*found, replace(candidate, polygon=box)]
    name = _person_in(text)
    if name is not None and not name.first:
        joined = [*words, *wrapped_words(sheet, row, cell)]
        whole = parse_name(" ".join(word.text for word in joined), stop=STOP_WORDS)
        if whole and whole.first and len(joined) > len(words):
            strength = 0.45 + 0.3 * whole.doctor + place - (0.35 if kind in _SHOPS else 0.0)
            candidate = from_words(sheet, joined, whole.value, label=strength, form=0.9, size=size)
            box = bound_points(corner for word in joined for corner in word.polygon).to_polygon()
            return [*found, replace(candidate, polygon=box)]
    if name is not None and not _labelled(sheet, row, cell, cell.start + name.end):
        person_label = _person_label(sheet, row, index, cell, name, kind, size)
        if person_label > 0.1:
            offset = cell.start + name.start
            span = row.words_between(offset, cell.start + name.end)
            form = 0.6 + 0.2 * name.known + 0.1 * name.ordered + 0.1 * name.titled
            found.append(
                from_words(sheet, span, name.value, label=min(1.0, person_label + place), form=form, size=size)
            )
    return found


def _is_heading(sheet: Sheet, row: Row, cell: Cell) -> bool:
    """The cell is nothing but a label or the title of a kind of paper."""
    letters = sum(char.isalnum() for char in row.text[cell.start : cell.end])
    large = measure_size(row.words[cell.first : cell.last + 1]) >= 1.12 * sheet.height
    return any(
        hit.cue.family in ("label", "nature")
        # "Les Opticiens" in large letters is the first line of a shop's name, not what announces one
        and not (large and hit.cue.role == "person.practitioner")
        and cell.start <= hit.start < cell.end
        and sum(char.isalnum() for char in row.text[hit.start : hit.end]) >= 0.85 * letters
        for hit in sheet.hits[row.index]
    )


def _person_in(text: str) -> FoundName | None:
    """The name at the head of a cell, or behind a doctor's title in it."""
    name = parse_name(text, stop=STOP_WORDS)
    if name and (name.first or name.doctor):
        return name
    match = re.search(r"\b(?:Dr|Docteur|Pr|Professeur|Dre)\.?[ \t]+", text)
    if match:
        inner = parse_name(text[match.start() :], stop=STOP_WORDS)
        if inner and inner.first:
            shift = match.start()
            return FoundName(
                inner.start + shift,
                inner.end + shift,
                inner.first,
                inner.last,
                inner.titled,
                inner.doctor,
                inner.known,
                inner.ordered,
            )
    return None


def _person_label(
    sheet: Sheet, row: Row, index: int, cell: Cell, name: FoundName, kind: DocumentType, size: float
) -> float:
    text = row.cell_text(index)
    if (
        kind is not DocumentType.ORDONNANCE and re.search(r"(?i)ordonnance|prescri|traitant|adress[ée]", text)
    ) or _beside_label(sheet, row, index, kind):
        return 0.0
    if PROFESSION.match(fold(text[name.start : name.end])):
        return 0.0
    rest = fold(text[name.end :])
    trade = PROFESSION.search(rest) or any(
        PROFESSION.search(fold(other)) for other in _lines_below(sheet, row.index, cell, 2)
    )
    label = 0.3 + 0.3 * name.doctor + 0.3 * bool(trade)
    if sheet.top_share(row.index) > 0.85 and not rest.strip(" .") and name.first:
        label += 0.35  # a signature
    label += 0.12 * min(1.0, max(0.0, size - 1.0) / 0.4)
    label += 0.08 * _identity_near(sheet, row, cell)
    if not name.known and not name.doctor and not trade:
        label -= 0.25
    if name.titled and not name.doctor:
        label -= 0.4
    if kind in _SHOPS:
        label -= 0.35
    return label


def _beside_label(sheet: Sheet, row: Row, index: int, kind: DocumentType) -> bool:
    """The cell on the left, or right above, says whose name this is: prescriber, patient, insured."""
    others = _OTHERS - {"person.prescriber"} if kind is DocumentType.ORDONNANCE else _OTHERS
    if index:
        left = row.cells[index - 1]
        if any(
            hit.cue.role in _OTHERS and hit.cue.weight == 1 and left.start <= hit.start < left.end
            for hit in sheet.hits[row.index]
        ):
            return True
    if not row.index:
        return False
    above, box = sheet.rows[row.index - 1], row.cells[index].box
    if box.y0 - above.box.y1 > 1.2 * sheet.height:
        return False
    return any(
        hit.cue.role in others and hit.cue.weight == 1 and abs(sheet.box_of(hit).x0 - box.x0) < 1.5 * sheet.height
        for hit in sheet.hits[row.index - 1]
    )


def _lines_below(sheet: Sheet, index: int, cell: Cell, count: int) -> list[str]:
    out = []
    for other in range(index + 1, min(len(sheet.rows), index + 1 + count)):
        row = sheet.rows[other]
        for number, near in enumerate(row.cells):
            centred = abs(near.box.center.x - cell.box.center.x) < 3 * sheet.height
            flush = abs(near.box.x1 - cell.box.x1) < 1.5 * sheet.height
            if abs(near.box.x0 - cell.box.x0) < 4 * sheet.height or centred or flush:
                out.append(row.cell_text(number))
    return out


def _identity_near(sheet: Sheet, row: Row, cell: Cell) -> bool:
    """An address, a phone or a register number follows within a few lines."""
    beside = re.split(r"[\t\n]+", row.text[cell.start :])[1:]
    lines = [*beside, *_lines_below(sheet, row.index, cell, 4)]
    if any(street_pattern().match(line) for line in lines):
        return True
    last = min(len(sheet.rows) - 1, row.index + 4)
    return any(
        spot.kind in (SpotKind.SIRET, SpotKind.RPPS, SpotKind.FINESS) and spot.ties and row.index <= spot.row <= last
        for spot in sheet.spots
    )


def _looks_like_head(sheet: Sheet, row: Row, cell: Cell, size: float) -> bool:
    return (
        sheet.top_share(row.index) < 0.3 and (size > 1.2 or row.index <= 1) and bool(_identity_near(sheet, row, cell))
    )


def _labelled(sheet: Sheet, row: Row, cell: Cell, until: int | None = None) -> bool:
    """A label of something else stands in the cell, or in its first letters."""
    return any(
        hit.cue.family == "label"
        and hit.cue.weight == 1
        and cell.start <= hit.start < (cell.end if until is None else until)
        and hit.cue.role.split(".")[0] in ("number", "date", "person", "id")
        and hit.cue.role not in ("person.practitioner",)
        and not (hit.cue.role == "date.birth" and hit.end - hit.start <= 3)
        for hit in sheet.hits[row.index]
    )


def clean_shop(text: str) -> str:
    """The name of a shop without its legal form and what follows a dash or a bar."""
    name = re.split(r"[ \t]+[–—|·•][ \t]*|[ \t]+-[ \t]+|\t{2,}", text.strip())[0]
    name = _FIRM.sub("", name) if len(_FIRM.sub("", name).split()) >= 2 else name
    name = " ".join(name.split()).strip(" ,.;:-–")
    if name.isupper() and len(name) > 5:
        name = " ".join(_write_small(word, first=not place) for place, word in enumerate(name.split()))
    return name


_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "et", "d", "l", "en", "sur", "aux", "au"})


def _write_small(word: str, *, first: bool) -> str:
    """A word of a name in capitals as people write it: "L'OLIVIER" is "l'Olivier", or "L'Olivier" at the head."""
    if fold(word) in _SMALL and not first:
        return word.lower()
    article, mark, rest = word[:1], word[1:2], word[2:]
    if rest and mark in "'’" and article in "LD":
        return f"{article if first else article.lower()}{mark}{capitalise(rest)}"
    return capitalise(word)
