"""Lines of a letterhead that make one name.

A shop prints its name in large letters over two lines, a narrow column breaks a name where it ends, an address follows
on the same line or is glued to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.understanding.layout import Cell, Row
from extractors.understanding.names import FoundName, parse_name
from extractors.understanding.people import STOP_WORDS, street_pattern
from extractors.understanding.sheet import Sheet
from extractors.understanding.text import compile_words, fold
from schemas.readings import Word

PROFESSION = compile_words("issuers.yaml", "profession")
NOT_NAME = compile_words("issuers.yaml", "never")


def measure_size(words: Sequence[Word]) -> float:
    """Height of the middle word of a line."""
    return sorted(word.box.height for word in words)[len(words) // 2]


_TALL, _DEEP = re.compile(r"[^\W_acemnorsuvwxzgpqyj]|\d"), re.compile(r"[gjpqyçQ,;]")
#: Parts of a line of print, in heights of a capital: above the base line, of letters without a stem, below it.
_CAPITAL, _LOW, _BELOW = 1.0, 0.72, 0.29


def _letter_size(words: Sequence[Word]) -> float:
    """Height of a capital in a line of print, whichever letters its words are made of."""
    sizes = []
    for word in words:
        above = _CAPITAL if _TALL.search(word.text) else _LOW
        sizes.append(word.box.height / (above + (_BELOW if _DEEP.search(word.text) else 0.0)))
    return sorted(sizes)[(len(sizes) - 1) // 2]


def drop_logo(words: list[Word]) -> list[Word]:
    """The words of a cell without what OCR makes of a logo at its left: a letter or two, of another size or unsure."""
    kept = list(words)
    while (
        len(kept) > 2
        and len(kept[0].text) <= 2
        and kept[0].text.upper() not in {"LE", "LA", "DR", "L'", "AU", "DE", "DU", "M.", "PR", "CH"}
    ):
        rest = measure_size(kept[1:])
        odd = abs(kept[0].box.height - rest) > 0.2 * rest or kept[0].confidence < 0.8 or not kept[0].text.isalpha()
        far = kept[1].box.x0 - kept[0].box.x1 > 0.6 * rest
        if not odd and not far:
            break
        kept = kept[1:]
    return kept


#: The number of a house, and what may stand between it and the end of a line that breaks inside an address.
_HOUSE = re.compile(
    r"^\d{1,4}[ \t]?(?:bis|ter|quater)?,?(?:[ \t]+(?:rue|av|avenue|bd|bld|boulevard|place|chemin|all[ée]e|impasse|"
    r"route|cours|quai|square|sentier|passage|mont[ée]e)\b.*)?$",
    re.IGNORECASE,
)
#: "BRENNE99": the last word of a name with the house number of the next column.
_GLUED = re.compile(r"^(?P<name>[^\W\d_]{3,})\d{1,4}$")


def drop_address(words: list[Word], below: Sequence[str] = ()) -> list[Word]:
    """The words of a cell up to an address on the same line, whole or broken at the line's end.

    Args:
        words: of the cell.
        below: the lines under it: a number alone is a house's only where the street follows, else a name's
            ("Optique 2000").
    """
    for index in range(1, len(words)):
        rest = " ".join(word.text for word in words[index:])
        if rest.isdigit() and below and not any(street_pattern().match(f"{rest} {line}") for line in below):
            continue
        if street_pattern().match(rest) or _HOUSE.match(rest):
            return words[:index]
        glued = _GLUED.match(words[index].text)
        follows = " ".join(word.text for word in words[index + 1 :])
        if glued and street_pattern().match(f"1 {follows}"):
            return [*words[:index], words[index].model_copy(update={"text": glued.group("name")})]
    return words


#: Between two words of a name in large or spaced letters, at most so many heights.
_HEAD_GAP = 2.0


def join_head(row: Row, index: int) -> list[Word]:
    """The words of a cell and of the cells beside it that go on in the same letters: large names are set wide."""
    words = row.cell_words(index)
    for number in range(index + 1, len(row.cells)):
        more = row.cell_words(number)
        height = _letter_size(words)
        gap = more[0].box.x0 - words[-1].box.x1
        if gap > _HEAD_GAP * height or abs(_letter_size(more) - height) > 0.1 * height:
            break
        words.extend(more)
    return words


def continues_above(sheet: Sheet, row: Row, cell: Cell) -> bool:
    """The cell is a later line of a name that begins above it."""
    for above in sheet.rows[max(0, row.index - 3) : row.index]:
        for other in above.cells:
            words = drop_logo(above.words[other.first : other.last + 1])
            more = _next_line(sheet, above, other, words)
            named = not NOT_NAME.search(fold(" ".join(word.text for word in words)))
            if more and more[1] is cell and named:
                return True
    return False


def next_lines(sheet: Sheet, row: Row, cell: Cell, head: Sequence[Word]) -> list[Word]:
    """The words of up to two more lines of a name."""
    words: list[Word] = []
    line: tuple[Row, Cell] | None = (row, cell)
    last = head
    for _ in range(2):
        line = _next_line(sheet, *line, last) if line else None
        if line is None:
            break
        last = line[0].words[line[1].first : line[1].last + 1]
        words.extend(last)
    return words


#: A line does not end a name with these.
_OPEN = re.compile(r"\b(?:de|du|des|de la|de l'|d'|l'|la|le|les|et|&|aux?|pour)$|[&'-]$")
#: From this size on, letters as large as the first line's belong to it whatever they say.
_LARGE = 1.3


def _next_line(sheet: Sheet, row: Row, cell: Cell, head: Sequence[Word]) -> tuple[Row, Cell] | None:
    """The next line of a shop's name: the same letters, the same left edge or centre, close below.

    Only large letters go on, or a line that cannot end as it does ("Optique des").
    """
    height = measure_size(head)
    opened = bool(_OPEN.search(fold(head[-1].text if len(head) == 1 else f"{head[-2].text} {head[-1].text}")))
    if height < 1.12 * sheet.height and not opened:
        return None
    left, size = head[0].box.x0, _letter_size(head)
    for below in sheet.rows[row.index + 1 : row.index + 4]:
        if below.box.y0 - cell.box.y1 > 0.7 * height:
            return None
        for near in below.cells:
            words = below.words[near.first : near.last + 1]
            aligned = (
                abs(near.box.x0 - left) < 0.6 * height or abs(near.box.center.x - cell.box.center.x) < 0.6 * height
            )
            text = fold(below.text[near.start : near.end])
            plain = opened or height >= _LARGE * sheet.height or not PROFESSION.search(text)
            if any(
                hit.cue.family == "label" and hit.cue.weight == 1 and hit.start == near.start
                for hit in sheet.hits[below.index]
            ):
                continue  # "Établissement" under a clinic's name says what it is
            named = plain and not NOT_NAME.search(text) and not any(char.isdigit() for char in text)
            near_enough = -0.3 * height < near.box.y0 - cell.box.y1 < 0.7 * height
            if aligned and near_enough and named and abs(_letter_size(words) - size) < 0.15 * size:
                return below, near
    return None


def stack_name(sheet: Sheet, row: Row, cell: Cell) -> tuple[FoundName, list[Word]] | None:
    """A person's name that a narrow column breaks: "Docteur", "Aurélien", "BOUCHARDEIX".

    Returns:
        the name and its words; None where the cell is whole in itself, or what stands under it is no part of a name.
    """
    words = list(row.words[cell.first : cell.last + 1])
    if len(words) > 3 or not all(_is_name_word(word.text) for word in words):
        return None
    alone = parse_name(_spell(words), stop=STOP_WORDS)
    best: tuple[FoundName, list[Word]] | None = None
    box = cell.box
    size = _letter_size(words)
    for below in sheet.rows[row.index + 1 : row.index + 6]:
        if below.box.y0 - box.y1 > 0.8 * max(sheet.height, cell.box.height):
            break
        near = next((other for other in below.cells if abs(other.box.x0 - cell.box.x0) < 0.8 * sheet.height), None)
        if near is None:
            continue
        more = below.words[near.first : near.last + 1]
        fits = len(more) <= 2 and all(_is_name_word(word.text) for word in more)
        if not fits or abs(_letter_size(more) - size) > 0.2 * size or PROFESSION.search(fold(_spell(more))):
            break
        words, box = [*words, *more], near.box
        whole = parse_name(_spell(words), stop=STOP_WORDS)
        plain = whole and (whole.known or whole.doctor or (whole.ordered and size > _LARGE * sheet.height))
        if whole and plain and whole.first and whole.end >= len(_spell(words)) - 1:
            best = whole, list(words)
    return best if best and not (alone and alone.first and not words[0].text.endswith("-") and alone.known) else None


def _is_name_word(text: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’][^\W\d_]+)*[.-]?", text)) and text[0].isupper()


def _spell(words: Sequence[Word]) -> str:
    """The words of some lines as one text; a hyphen at the end of a line joins it to the next."""
    return re.sub(r"- ", "-", " ".join(word.text for word in words))


def wrapped_words(sheet: Sheet, row: Row, cell: Cell) -> list[Word]:
    """Words right under a cell, at its left edge, of the same size: the rest of a name cut at the line's end."""
    if row.index + 1 >= len(sheet.rows):
        return []
    below = sheet.rows[row.index + 1]
    height = cell.box.height
    for near in below.cells:
        words = below.words[near.first : near.last + 1]
        same = abs(near.box.height - height) < 0.2 * height
        if abs(near.box.x0 - cell.box.x0) < height and near.box.y0 - cell.box.y1 < 0.8 * height and same:
            return words if len(words) <= 3 else []
    return []
