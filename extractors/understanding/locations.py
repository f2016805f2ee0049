"""Where on the body a line is about: a tooth, an eye, an ear."""

from __future__ import annotations

import re

from extractors.understanding.text import fold

_TOOTH = r"(?:[1-4][1-8]|[5-8][1-5])"
_TEETH = re.compile(rf"^{_TOOTH}(?:[ \t,/\-à]+{_TOOTH})*$")
_NAMED_TOOTH = re.compile(rf"\bdents? (?:n |no |numero )?(?P<tooth>{_TOOTH})\b")
#: What a column of sides holds, read badly or not: O and 0 look alike.
_RIGHT = frozenset({"d", "dr", "droit", "droite", "oreille droite", "cote droit", "od droite"})
_LEFT = frozenset({"g", "gche", "gauche", "oreille gauche", "cote gauche"})
_EYES = {"od": "OD", "0d": "OD", "og": "OG", "0g": "OG", "oeil droit": "OD", "oeil gauche": "OG"}
_SIDES = (
    (re.compile(r"\b(?:od|oeil droit|verre droit)\b"), "OD"),
    (re.compile(r"\b(?:og|oeil gauche|verre gauche)\b"), "OG"),
    (re.compile(r"\b(?:oreille|auditive|appareil|auditif|cote) (?:droite?|d)\b"), "D"),
    (re.compile(r"\b(?:oreille|auditive|appareil|auditif|cote) (?:gauche|g)\b"), "G"),
)
_EYEWEAR = re.compile(r"\b(?:verres?|lentilles?)\b")


def read_side_or_tooth(text: str) -> str | None:
    """The place that a text is, None where it is none."""
    return read_location(text, "", "")


def read_location(cell: str, label: str, whole: str) -> str | None:
    """The tooth, the eye (OD, OG) or the ear (D, G) of a line.

    Args:
        cell: what stands in the column of places, empty where there is none.
        label: the wording of the line.
        whole: all words of the line.

    Returns:
        teeth as printed; None where nothing says.
    """
    text = cell.strip()
    if _TEETH.match(text):
        return text
    said, wording = fold(text).strip(" .-:"), fold(label)
    if said in _EYES:
        return _EYES[said]
    for words, ear, eye in ((_RIGHT, "D", "OD"), (_LEFT, "G", "OG")):
        if said in words:
            return eye if _EYEWEAR.search(wording) else ear
    folded = fold(whole)
    for pattern, side in _SIDES:
        if pattern.search(wording) or pattern.search(folded):
            return side
    match = _NAMED_TOOTH.search(folded)
    return match.group("tooth") if match else None
