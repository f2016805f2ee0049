"""Two readings of one line made one.

The readers are compared stretch by stretch, cut where both agree that a word ends. What both saw alike is sure. Where
they differ, the surer one is believed, less than it was sure of itself. Tesseract knows better where words end, the
second reader which letters they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np

from extractors.recognising.second_reader import SeenCharacter
from extractors.recognising.tesseract import SeenWord
from extractors.recognising.text_lines import LinePiece
from schemas.geometry import Box
from schemas.readings import Source

#: A line the second reader is less sure of, on average, tells nothing.
_LEAST_LINE = 0.5
#: The first reader's words that the second could not make out are noise below this.
_LEAST_UNCONFIRMED = 0.4
#: Words only the second reader saw need at least this.
_LEAST_ALONE = 0.6
#: What is left of a reader's confidence where the other saw something else.
_DISPUTED = 0.75
#: The second reader, trained on photos, is believed over the first unless it is less sure by this much.
_HEAD_START = 0.12
#: Figures nearer than this, in heights, are one number when the second reader saw no space between them.
_FIGURES, _PEN_GAP = frozenset("0123456789,./-"), 0.9
#: A gap this wide between two of the first reader's words, in heights, parts them whatever the second reader says.
_SPACE = 0.28
#: ... but only where the second reader's letters stand further apart than usual, too.
_WIDE_STEP = 1.25


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of a line between two places where both readers can be cut."""

    words: tuple[SeenWord, ...]
    characters: tuple[SeenCharacter, ...]


def merge_line(piece: LinePiece, characters: Sequence[SeenCharacter], left: float) -> tuple[SeenWord, ...]:
    """The words of a piece of line, read by both.

    Args:
        piece: with the first reader's words, none where he saw nothing.
        characters: the second reader's.
        left: where the second reader's picture begins on the page, in pixels.
    """
    letters = [c for c in characters if c.text != " "]
    sure = float(np.mean([c.confidence for c in letters])) if letters else 0.0
    if sure < _LEAST_LINE:
        return tuple(word for word in piece.words if word.confidence >= _LEAST_UNCONFIRMED)
    placed = tuple(replace(c, x0=c.x0 + left, x1=c.x1 + left) for c in characters)
    if not piece.words:
        return tuple(w for w in _to_words(placed, piece.box) if w.confidence >= _LEAST_ALONE)
    merged: list[SeenWord] = []
    for stretch in _cut(piece.words, placed):
        merged.extend(_settle(stretch, piece.box))
    return tuple(merged)


def place_words(characters: Sequence[SeenCharacter], width: float, box: Box) -> tuple[SeenWord, ...]:
    """The words of a line that only the second reader saw, in a picture of its own.

    Args:
        characters: of the line.
        width: of the line's picture, in pixels.
        box: where the line is on the page; the words share it from left to right.
    """
    scale = box.width / max(1.0, width)
    placed = [replace(c, x0=box.x0 + c.x0 * scale, x1=box.x0 + c.x1 * scale) for c in characters]
    return tuple(_to_words(placed, box))


def _cut(words: Sequence[SeenWord], characters: Sequence[SeenCharacter]) -> Iterator[_Stretch]:
    """Stretches between the word ends of the first reader that fall between two characters of the second."""
    first = "".join(word.text for word in words)
    solid = [i for i, c in enumerate(characters) if c.text != " "]
    second = "".join(characters[i].text for i in solid)
    pair = _align(first, second)
    begun_word = begun = offset = 0
    for index, word in enumerate(words[:-1]):
        offset += len(word.text)
        here = pair.get(offset - 1), pair.get(offset)
        end = None
        if here[0] is not None and here[1] == here[0] + 1:
            end = solid[here[1]]
        elif here[0] is not None and _is_space(characters, solid[here[0]] + 1):
            end = solid[here[0]] + 1
        elif here[1] is not None and _is_space(characters, solid[here[1]] - 1):
            end = solid[here[1]]
        if end is None or end < begun or _is_one_number(word, words[index + 1], characters, end):
            continue
        yield _Stretch(tuple(words[begun_word : index + 1]), tuple(characters[begun:end]))
        begun_word, begun = index + 1, end
    yield _Stretch(tuple(words[begun_word:]), tuple(characters[begun:]))


def _align(first: str, second: str) -> dict[int, int]:
    """Places in the first text to the same places in the second, where the letters are the same but for case."""
    blocks = SequenceMatcher(None, first.lower(), second.lower(), autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def _is_space(characters: Sequence[SeenCharacter], index: int) -> bool:
    return 0 <= index < len(characters) and characters[index].text == " "


def _settle(stretch: _Stretch, line: Box) -> Iterator[SeenWord]:
    words, letters = stretch.words, [c for c in stretch.characters if c.text != " "]
    if not letters:
        yield from (replace(w, confidence=_DISPUTED * w.confidence, agreed=False) for w in words)
        return
    first = "".join(word.text for word in words)
    second = "".join(c.text for c in letters)
    sure = float(np.mean([c.confidence for c in letters]))
    if first == second:
        for word in _rejoin_numbers(words):
            doubt = (1.0 - word.confidence) * (1.0 - 0.9 * sure)
            yield replace(word, confidence=1.0 - doubt, agreed=True)
        return
    doubted = min(word.confidence for word in words)
    if sure + _HEAD_START >= doubted:
        box = Box(words[0].box.x0, min(w.box.y0 for w in words), words[-1].box.x1, max(w.box.y1 for w in words))
        gaps = _find_gaps(words)
        for word in _to_words(stretch.characters, box if len(words) == 1 else line, gaps):
            yield replace(word, confidence=_DISPUTED * word.confidence, agreed=False)
    else:
        yield from (replace(w, confidence=_DISPUTED * w.confidence, agreed=False) for w in words)


def _is_one_number(word: SeenWord, following: SeenWord, characters: Sequence[SeenCharacter], end: int) -> bool:
    """Figures that the second reader saw without a space between them, near each other: pens leave wide gaps."""
    spaced = _is_space(characters, end) or _is_space(characters, end - 1)
    return not spaced and _are_near_figures(word, following)


def _are_near_figures(word: SeenWord, following: SeenWord) -> bool:
    gap = following.box.x0 - word.box.x1
    figures = word.text[-1] in _FIGURES and following.text[0] in _FIGURES
    return figures and gap < _PEN_GAP * max(word.box.height, following.box.height)


def _rejoin_numbers(words: Sequence[SeenWord]) -> list[SeenWord]:
    """The words of a stretch that both readers saw alike, near figures put together."""
    joined = [words[0]]
    for word in words[1:]:
        last = joined[-1]
        if _are_near_figures(last, word):
            box = Box(last.box.x0, min(last.box.y0, word.box.y0), word.box.x1, max(last.box.y1, word.box.y1))
            sure = min(last.confidence, word.confidence)
            joined[-1] = replace(last, text=last.text + word.text, box=box, confidence=sure)
        else:
            joined.append(word)
    return joined


def _find_gaps(words: Sequence[SeenWord]) -> tuple[float, ...]:
    """Middles of the spaces that are plain to see between the first reader's words."""
    return tuple(
        (before.box.x1 + after.box.x0) / 2
        for before, after in pairwise(words)
        if after.box.x0 - before.box.x1 > _SPACE * min(before.box.height, after.box.height)
        and not _are_near_figures(before, after)
    )


def _to_words(characters: Sequence[SeenCharacter], line: Box, gaps: Sequence[float] = ()) -> Iterator[SeenWord]:
    """Characters as words, cut at spaces and at gaps seen by the other reader."""
    solid = [c for c in characters if c.text != " "]
    steps = [_middle(after) - _middle(before) for before, after in pairwise(solid)]
    usual = float(np.median(steps)) if steps else 0.0
    run: list[SeenCharacter] = []
    for character in characters:
        crossed = (
            run
            and _middle(character) - _middle(run[-1]) > _WIDE_STEP * usual
            and any(_middle(run[-1]) < gap < _middle(character) for gap in gaps)
        )
        if run and (character.text == " " or crossed):
            yield _make_word(run, line)
            run = []
        if character.text != " ":
            run.append(character)
    if run:
        yield _make_word(run, line)


def _middle(character: SeenCharacter) -> float:
    return (character.x0 + character.x1) / 2


def _make_word(run: Sequence[SeenCharacter], line: Box) -> SeenWord:
    return SeenWord(
        text="".join(c.text for c in run),
        box=Box(run[0].x0, line.y0, max(run[-1].x1, run[0].x0 + 1.0), line.y1),
        confidence=float(np.mean([c.confidence for c in run])),
        source=Source.SECOND_READER,
    )
