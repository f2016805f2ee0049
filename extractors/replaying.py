"""What was done to a page before it was read, as pictures: for whoever asks why something was read as it was.

The same functions as in reading, stopped before any letter is looked for.
"""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from extractors.frames import Pixels
from extractors.limits import Limits
from extractors.normalising import NormalisedSheet, normalise_page
from extractors.opening import open_file
from extractors.pdf_pages import PdfPage
from extractors.recognising.text_layer import read_text_layer
from extractors.results import Step, StepPicture

#: Long side of a picture in pixels, its JPEG quality, and the line that is drawn around a sheet.
_SIDE, _QUALITY = 1000, 78
_LINE_COLOUR, _LINE_SHARE = (214, 64, 40), 0.006


def replay_page(path: Path, number: int, limits: Limits | None = None) -> tuple[StepPicture, ...]:
    """The steps of one page.

    Args:
        path: of the file.
        number: of the page, from 1.
        limits: what the file may cost.

    Raises:
        FileRefusedError: the file or the page cannot be opened.
    """
    with open_file(path.read_bytes(), limits or Limits()) as opened:
        page = opened.load_page(number)
        picture = page.render()
        received = _draw(Step.RECEIVED, 0, picture.pixels)
        if isinstance(page, PdfPage):
            layer = read_text_layer(page)
            if layer is not None and layer.believed:  # nothing is flattened where the text itself is there
                return (received, _draw(Step.TEXT_LAYER, 0, picture.pixels))
        steps = [received]
        sheets = normalise_page(picture)
        if any(sheet.sheet is not None for sheet in sheets):
            steps.append(_draw(Step.SHEET, 0, _outline(picture.pixels, sheets)))
        for index, sheet in enumerate(sheets, start=1):
            if sheet.sheet is not None:
                steps.append(_draw(Step.FLAT, index, sheet.flat.pixels))
            steps.append(_draw(Step.READY, index, sheet.picture.pixels))
        return tuple(steps)


def _outline(pixels: Pixels, sheets: tuple[NormalisedSheet, ...]) -> Pixels:
    drawn: Pixels = np.array(np.atleast_3d(pixels).repeat(3 if pixels.ndim == 2 else 1, axis=2), dtype=np.uint8)
    width = max(2, round(max(drawn.shape[:2]) * _LINE_SHARE))
    for sheet in sheets:
        if sheet.sheet is not None:
            corners = np.round(np.asarray(sheet.sheet.corners)).astype(np.int32).reshape(-1, 1, 2)
            cv2.polylines(drawn, [corners], isClosed=True, color=_LINE_COLOUR, thickness=width, lineType=cv2.LINE_AA)
    return drawn


def _draw(step: Step, sheet: int, pixels: Pixels) -> StepPicture:
    image = Image.fromarray(pixels)
    image.thumbnail((_SIDE, _SIDE))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    return StepPicture(step, sheet, target.getvalue(), image.width, image.height)
