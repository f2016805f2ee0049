"""Finding a dossier by anything that is printed on its papers."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from schemas.readings import FileReading
from storage.intake import fold_text
from storage.models import Piece, PrintedText

#: Far above what the pages of a claim hold; a longer text is cut.
_LENGTH = 100_000


def keep_printed_text(piece: Piece, reading: FileReading) -> None:
    """Keep the words of a reading for searching; nothing where there are none."""
    text = fold_text(" ".join(word.text for page in reading.pages for word in page.words))[:_LENGTH]
    if text:
        PrintedText.objects.update_or_create(piece=piece, defaults={"text": text})


def is_printed(word: str) -> Exists:
    """Condition on dossiers: a folded word stands on one of the papers."""
    return Exists(PrintedText.objects.filter(piece__dossier=OuterRef("pk"), text__contains=word))
