"""What was done to a page before it was read, drawn again by the site's reader for whoever asks why."""

from __future__ import annotations

import tempfile
from concurrent.futures import TimeoutError as TooLongError
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extractors.results import Step, StepPicture
from portal.keeping import stream_original
from portal.site_reader import open_reader
from schemas.errors import FileRefusedError, LiasseError

#: Seconds that somebody waits for the pictures of one page.
_PATIENCE = 20.0
_STEPS_FR: dict[Step, tuple[str, str]] = {
    Step.RECEIVED: ("Reçue", "La page telle que l’adhérent l’a envoyée."),
    Step.TEXT_LAYER: ("Texte du PDF", "Le texte est dans le fichier : il est lu tel quel, sans reconnaissance."),
    Step.SHEET: ("Feuille trouvée", "Le contour de la feuille sur la photo."),
    Step.FLAT: ("Mise à plat", "La feuille sans la perspective ; sa qualité est mesurée sur cette image."),
    Step.READY: ("Prête à lire", "Redressée, éclairage égalisé, texte à la bonne taille : ce que voit la lecture."),
}


class ReplayError(LiasseError):
    """The steps of a page cannot be drawn."""

    code = "replay_failed"
    message_fr = "Les étapes de cette page ne peuvent pas être dessinées."


@dataclass(frozen=True)
class StepView:
    """One step: its name, what it means, and its picture (JPEG)."""

    title: str
    told: str
    width: int
    height: int
    jpeg: bytes


@lru_cache(maxsize=4)
def replay_page(sha256: str, number: int) -> tuple[StepView, ...]:
    """The steps of one page, in their order; the last few pages are kept, because each picture is asked for apart.

    Args:
        sha256: of the original.
        number: of the page, from 1.

    Raises:
        ReplayError: it cannot be opened, or not in time.
        ObjectNotFoundError, ObjectCorruptError: the original is not there.
    """
    with tempfile.NamedTemporaryFile(prefix="liasse-replay-") as copy:
        copy.writelines(stream_original(sha256))
        copy.flush()
        answer = open_reader().replay(Path(copy.name), number, _PATIENCE)
        try:
            return tuple(_show(picture) for picture in answer.result(_PATIENCE))
        except TooLongError as error:
            answer.cancel()
            raise ReplayError("not drawn in time") from error
        except (FileRefusedError, OSError) as error:  # a dead reader is an OSError of pebble's
            raise ReplayError(f"not drawn: {type(error).__name__}") from error


def _show(picture: StepPicture) -> StepView:
    title, told = _STEPS_FR[picture.step]
    if picture.sheet > 1:
        title = f"{title} (feuille {picture.sheet})"
    return StepView(title, told, picture.width, picture.height, picture.jpeg)
