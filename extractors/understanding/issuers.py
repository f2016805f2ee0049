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
    join_head,
    measure_size,
    next_lines,
    stack_name,
    wrapped_words,
)
from extractors.understanding.names import FoundName, capitalise, parse_name
from extractors.understanding.people import STOP_WORDS, street_pattern
from extractors.understanding.sheet import Sheet
from extractors.understanding.surroundings import (
    find_lines_below,
    has_identity_near,
    is_beside_label,
    is_heading,
    is_labelled,
)
from extractors.understanding.text import compile_words, fold
from schemas.geometry import bound_points
from schemas.readings import Word
from schemas.vocabulary import DocumentType

_ESTABLISHMENT = compile_words("issuers.yaml", "establishment", whole=True)
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
        for index in range(len(row.cells)):
            text = row.cell_text(index)
            letters = re.sub(r"[^a-z0-9]", "", fold(text))
            if "@" in text or "www" in text or not 5 <= len(letters) <= 50:
                continue
            # addresses cut long names
            if any(letters == site or (len(site) >= 10 and letters.startswith(site)) for site in sites):
                name = parse_name(text, stop=STOP_WORDS)
                person = name is not None and name.end >= len(text) - 1 and (name.known or name.doctor) and name.first
                value = name.value if name and person else clean_shop(text)
                found.append(from_words(sheet, row.cell_words(index), value, label=0.8, form=1.0))
    return found


def _letterhead_below(sheet: Sheet, row: Row, index: int, cell: Cell, kind: DocumentType) -> list[Candidate]:
    """A person over a trade, or a shop, that address or number follow: papers may end with their letterhead."""
    words = drop_address(row.cell_words(index), find_lines_below(sheet, row.index, cell, 2))
    text = " ".join(word.text for word in words)
    name = parse_name(text, stop=STOP_WORDS)
    if (
        is_labelled(sheet, row, cell, cell.start + name.end if name else None)
        or is_beside_label(sheet, row, index, kind)
        or is_heading(sheet, row, cell)
        or not has_identity_near(sheet, row, cell)
    ):
        return []
    if kind not in _SHOPS:
        trade = any(PROFESSION.search(fold(line)) for line in find_lines_below(sheet, row.index, cell, 2))
        if name is None or not name.first or not trade or (name.titled and not name.doctor):
            return []
        words = row.words_between(cell.start + name.start, cell.start + name.end)
        return [from_words(sheet, words, name.value, label=0.72 + 0.05 * name.doctor, form=0.9)]
    shop = _ESTABLISHMENT.search(fold(text))
    trade = any(PROFESSION.match(fold(line)) for line in find_lines_below(sheet, row.index, cell, 1))
    if sum(char.isdigit() for char in text) > 2 or NOT_NAME.search(fold(text)) or not 4 <= len(text) <= 50:
        return []
    person = name is not None and name.first and name.end >= len(text) - 1
    if not shop and (not trade or person):
        return []
    if any(hit.cue.family == "label" and hit.start == cell.start for hit in sheet.hits[row.index]):
        return []  # "AMC Santé Bocage" is an insurer
    label = 0.55 if (shop is not None and shop.start() == 0 and len(words) > 1) or not shop else 0.45
    label += 0.1 * (trade and measure_size(words) >= 1.15 * sheet.height)
    return [from_words(sheet, words, clean_shop(text), label=label, form=1.0)]


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
    if is_heading(sheet, row, cell) or (row.index, index) in addressee or street_pattern().match(text):
        return []
    found: list[Candidate] = []
    if kind in _SHOPS and index and len(_head_of(row, index - 1)) > len(row.cell_words(index - 1)):
        return []  # it goes on the name in the cell at its left
    below = find_lines_below(sheet, row.index, cell, 2)
    words = drop_address(drop_logo(_head_of(row, index) if kind in _SHOPS else row.cell_words(index)), below)
    text = " ".join(word.text for word in words)
    folded = fold(text)
    size = measure_size(words) / sheet.height
    if continues_above(sheet, row, cell):
        return []
    share = sheet.top_share(row.index)
    place = 0.18 * max(0.0, 1 - share / 0.4) if share <= 0.4 else -0.25
    shop = _ESTABLISHMENT.search(folded)
    digits = sum(char.isdigit() for char in text)
    if digits <= 2 and not NOT_NAME.search(folded) and not is_labelled(sheet, row, cell) and 4 <= len(text) <= 60:
        person = parse_name(text, stop=frozenset())
        plainly = person is not None and person.end >= len(text.rstrip(" .,;")) - 1
        if (shop and (len(words) > 1 or not text.islower())) or (
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
            label += 0.08 * has_identity_near(sheet, row, cell)
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
    if stacked and not is_beside_label(sheet, row, index, kind):
        person, joined = stacked
        trade = any(PROFESSION.search(fold(line)) for line in find_lines_below(sheet, row.index, cell, 6))
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
    if name is not None and not is_labelled(sheet, row, cell, cell.start + name.end):
        person_label = _person_label(sheet, row, index, cell, name, kind, size)
        if person_label > 0.1:
            offset = cell.start + name.start
            span = row.words_between(offset, cell.start + name.end)
            form = 0.6 + 0.2 * name.known + 0.1 * name.ordered + 0.1 * name.titled
            found.append(
                from_words(sheet, span, name.value, label=min(1.0, person_label + place), form=form, size=size)
            )
    return found


def _head_of(row: Row, index: int) -> list[Word]:
    """The words of a cell, with those of the cells beside it that go on a shop's name."""
    words = join_head(row, index)
    text = fold(" ".join(word.text for word in words))
    return row.cell_words(index) if NOT_NAME.search(text) or re.search(r"\d", text) else words


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
    ) or is_beside_label(sheet, row, index, kind):
        return 0.0
    if PROFESSION.match(fold(text[name.start : name.end])):
        return 0.0
    rest = fold(text[name.end :])
    trade = PROFESSION.search(rest) or any(
        PROFESSION.search(fold(other)) for other in find_lines_below(sheet, row.index, cell, 2)
    )
    label = 0.3 + 0.3 * name.doctor + 0.3 * bool(trade)
    if sheet.top_share(row.index) > 0.85 and not rest.strip(" .") and name.first:
        label += 0.35  # a signature
    label += 0.12 * min(1.0, max(0.0, size - 1.0) / 0.4)
    label += 0.08 * has_identity_near(sheet, row, cell)
    if not name.known and not name.doctor and not trade:
        label -= 0.25
    if name.titled and not name.doctor:
        label -= 0.4
    if kind in _SHOPS:
        label -= 0.35
    return label


def _looks_like_head(sheet: Sheet, row: Row, cell: Cell, size: float) -> bool:
    return (
        sheet.top_share(row.index) < 0.3
        and (size > 1.2 or row.index <= 1)
        and bool(has_identity_near(sheet, row, cell))
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
