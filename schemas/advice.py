"""What is wrong with a page, where, what cannot be read for it, and what to do: French sentences for the member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.readings import FileReading, PageReading
from schemas.vocabulary import FieldName, Legibility, LegibilityReason, PagePart


@dataclass(frozen=True, slots=True)
class SenderWarning:
    """What the sender of a file had been told before sending it.

    Attributes:
        codes: of ``LegibilityReason`` or ``RefusalCode``: what is wrong with it.
        confirmed: the sender answered that it is readable.
    """

    codes: tuple[str, ...]
    confirmed: bool = False


class Advice(NamedTuple):
    """One sentence on what is wrong, and one on what to do.

    Attributes:
        defect: without its full stop; ``{place}`` stands where the place is said, "" for a defect that has none.
        remedy: a whole sentence.
    """

    defect: str
    remedy: str


_ADVICE: dict[LegibilityReason, Advice] = {
    LegibilityReason.FLOU: Advice(
        "La photo est floue{place}",
        "Posez le document à plat, tenez le téléphone à deux mains et reprenez la photo.",
    ),
    LegibilityReason.SOMBRE: Advice(
        "La photo est trop sombre{place}", "Reprenez-la près d’une fenêtre ou sous une lampe."
    ),
    LegibilityReason.REFLET: Advice(
        "Un reflet cache une partie du document", "Reprenez la photo sans flash, de biais à la lumière."
    ),
    LegibilityReason.PAGE_COUPEE: Advice(
        "Une partie de la page est hors du cadre", "Reprenez la photo avec les quatre coins visibles."
    ),
    LegibilityReason.RESOLUTION_FAIBLE: Advice(
        "L’image est trop petite pour être lue{place}",
        "Envoyez la photo d’origine, ou rapprochez-vous du document.",
    ),
    LegibilityReason.PAGE_BLANCHE: Advice("Cette page est blanche", "Vérifiez que vous avez photographié le bon côté."),
    LegibilityReason.CONTRASTE_FAIBLE: Advice(
        "Le texte est trop pâle pour être lu{place}",
        "Reprenez la photo avec plus de lumière, ou envoyez le document d’origine.",
    ),
}
#: The same for a page of a PDF, which may come from a scanner or from a computer.
_ADVICE_PDF: dict[LegibilityReason, Advice] = {
    LegibilityReason.FLOU: Advice(
        "La page est floue{place}", "Numérisez le document à nouveau, ou photographiez-le à plat et sans bouger."
    ),
    LegibilityReason.SOMBRE: Advice(
        "La page est trop sombre{place}", "Numérisez le document à nouveau, ou photographiez-le près d’une fenêtre."
    ),
    LegibilityReason.PAGE_BLANCHE: Advice(
        "Cette page est blanche", "Vérifiez que le bon côté du document a été numérisé."
    ),
}
#: A page that is doubtful though nothing that was measured is wrong with it.
_PART_ONLY = Advice(
    "Une partie de la page ne peut pas être lue{place}", "Reprenez la photo, ou envoyez le document d’origine."
)

#: What the member is told of the whole page, where nothing is known of place or values.
LEGIBILITY_ADVICE_FR: dict[LegibilityReason, str] = {
    reason: f"{advice.defect.format(place='')}. {advice.remedy}" for reason, advice in _ADVICE.items()
}

#: Values that a member would miss, with their article; the flag says that the words are plural.
_THINGS_FR: dict[FieldName, tuple[str, bool]] = {
    FieldName.TOTAL_AMOUNT: ("le total", False),
    FieldName.PATIENT_NAME: ("le nom du patient", False),
    FieldName.ISSUE_DATE: ("la date du document", False),
    FieldName.CARE_DATES: ("les dates de soins", True),
    FieldName.DOCUMENT_NUMBER: ("le numéro du document", False),
    FieldName.PATIENT_DUE: ("le reste à charge", False),
    FieldName.NIR: ("le numéro de sécurité sociale", False),
    FieldName.IBAN: ("l’IBAN", False),
}

_BANDS = (
    ((PagePart.TOP_LEFT, PagePart.TOP_RIGHT), "en haut"),
    ((PagePart.MIDDLE_LEFT, PagePart.MIDDLE_RIGHT), "au milieu"),
    ((PagePart.BOTTOM_LEFT, PagePart.BOTTOM_RIGHT), "en bas"),
)
_SIDES = (
    ((PagePart.TOP_LEFT, PagePart.MIDDLE_LEFT, PagePart.BOTTOM_LEFT), "à gauche"),
    ((PagePart.TOP_RIGHT, PagePart.MIDDLE_RIGHT, PagePart.BOTTOM_RIGHT), "à droite"),
)


def advise_reading(reading: FileReading) -> dict[int, tuple[str, ...]]:
    """What to tell the member of every page of a file that is not plainly legible, by page number.

    Two papers on one photo are one page.
    """
    unread: dict[int, list[FieldName]] = {}
    for document in reading.documents:
        for field in document.unread:
            unread.setdefault(field.page, []).append(field.name)
    out: dict[int, tuple[str, ...]] = {}
    for page in reading.pages:
        sentences = (*out.get(page.page, ()), *advise_page(page, unread.get(page.page, ())))
        if sentences:
            out[page.page] = tuple(dict.fromkeys(sentences))
    return out


def advise_page(page: PageReading, unread: Sequence[FieldName] = ()) -> tuple[str, ...]:
    """What to tell the member of one page, worst first; nothing of a legible one.

    Args:
        page: as read.
        unread: fields whose label is seen there and whose value is not.
    """
    if page.legibility is Legibility.LEGIBLE:
        return ()
    place = say_place(page.unread_parts)
    lost = _say_lost([name for name in _THINGS_FR if name in unread])
    known = {**_ADVICE, **_ADVICE_PDF} if page.unit == "pt" else _ADVICE
    advice = [known[reason] for reason in page.reasons]
    if not advice and (place or lost):
        advice = [_PART_ONLY]
    sentences = []
    for number, (defect, remedy) in enumerate(advice):
        where = f" {place}" if place else ""
        what = f"\u00a0: {lost}" if lost and not number else ""
        sentences.append(f"{defect.format(place=where)}{what}. {remedy}")
    return tuple(sentences)


#: With more parts than this the page as a whole cannot be read.
_MOST_PARTS = 4


def say_place(parts: Sequence[PagePart]) -> str:
    """Where some parts of a page are; empty for none and for all but the whole page."""
    found = set(parts)
    if not found or len(found) > _MOST_PARTS:
        return ""
    for column, side in _SIDES:
        if found == set(column):
            return side
    places = []
    for cells, band in _BANDS:
        left, right = (cell in found for cell in cells)
        if left or right:
            places.append(band if left and right else f"{band} à {'gauche' if left else 'droite'}")
    return " et ".join(filter(None, (", ".join(places[:-1]), *places[-1:])))


def _say_lost(names: Sequence[FieldName]) -> str:
    """What cannot be read, three things at most."""
    things = [_THINGS_FR[name] for name in names[:3]]
    if not things:
        return ""
    words = [word for word, _ in things]
    said = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"
    plural = len(things) > 1 or things[0][1]
    return f"{said} ne sont pas lisibles" if plural else f"{said} n’est pas lisible"
