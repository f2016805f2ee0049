"""What of a dossier can be seen."""

from __future__ import annotations

from enum import StrEnum


class SightKind(StrEnum):
    """Kinds of looks that are written down."""

    DOSSIER = "dossier"
    PAPER = "paper"
    ORIGINAL = "original"
    PICTURE = "picture"
    PRELOADED = "preloaded"
    BLIND = "blind"
    MISSING = "missing"
    MESSAGES = "messages"


SIGHT_LABELS_FR: dict[SightKind, str] = {
    SightKind.DOSSIER: "dossier ouvert",
    SightKind.PAPER: "document affiché",
    SightKind.ORIGINAL: "original téléchargé",
    SightKind.PICTURE: "page ou mots d’un document",
    SightKind.PRELOADED: "pages préchargées, sans être affichées",
    SightKind.BLIND: "relecture à l’aveugle",
    SightKind.MISSING: "pièces manquantes",
    SightKind.MESSAGES: "messages",
}
