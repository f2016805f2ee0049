"""The first reader: Tesseract, one call for words, boxes and confidence."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import pytesseract

from extractors.frames import Pixels
from schemas.errors import ConfigurationError, FileRefusedError, RefusalCode
from schemas.geometry import Box
from schemas.readings import Source

#: French alone: a second language costs accents (measured by others and by us).
LANGUAGE = "fra"
#: Page segmentation "sparse text": on photos it finds far more than the automatic modes, which drop whole regions of
#: invoices; lines are put together afterwards (recognising.lines).
PAGE_MODE = 11
#: Columns of the engine's table: what tells a line, and a word's place.
_LINE, _PLACE = ("block_num", "par_num", "line_num"), ("left", "top", "width", "height")


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word as an engine saw it, in pixels of the picture that it was given.

    Attributes:
        text: without spaces.
        box: around it.
        confidence: the engine's own, 0 to 1.
        source: which reader saw it.
        agreed: the other reader saw the same (True) or something else (False); None where only one looked.
        struck: a number that somebody struck out.
    """

    text: str
    box: Box
    confidence: float
    source: Source = Source.TESSERACT
    agreed: bool | None = None
    struck: bool = False


def read_words(grey: Pixels, *, mode: int = PAGE_MODE, seconds: float = 40.0, dpi: int = 300) -> tuple[SeenWord, ...]:
    """Words of a picture, in the engine's order.

    Args:
        grey: 8-bit grey picture, text upright.
        mode: page segmentation mode of Tesseract.
        seconds: time limit; the engine is killed after it.
        dpi: resolution told to the engine.

    Raises:
        FileRefusedError: the time limit was reached.
        ConfigurationError: Tesseract or its French model is not installed.
    """
    # More threads make one page a little faster and several pages many times slower (tesseract issue 3109).
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="liasse-") as folder:
        # A BMP: packing a PNG, as pytesseract does, costs a tenth of the reading, and Leptonica reads a PGM byte by
        # byte, which costs a sixth of it.
        path = Path(folder) / "page.bmp"
        cv2.imwrite(str(path), grey)
        try:
            table = pytesseract.image_to_data(
                str(path),
                lang=LANGUAGE,
                config=f"--psm {mode} --dpi {dpi}",
                output_type=pytesseract.Output.DICT,
                timeout=seconds,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise ConfigurationError("tesseract is not installed (Debian package tesseract-ocr)") from error
        except pytesseract.TesseractError as error:
            if "language" in str(error).lower() or "tessdata" in str(error).lower():
                raise ConfigurationError("the French model is not installed (package tesseract-ocr-fra)") from error
            raise FileRefusedError(RefusalCode.DAMAGED, "tesseract failed") from error
        except RuntimeError as error:  # what pytesseract raises after its timeout
            raise FileRefusedError(RefusalCode.TIMEOUT, f"tesseract needed more than {seconds:.0f} s") from error
    words: list[SeenWord] = []
    lines: list[tuple[int, ...]] = []
    rows = zip(*(table[name] for name in (*_LINE, "text", "conf", *_PLACE)), strict=True)
    for block, paragraph, line, text, confidence, left, top, width, height in rows:
        text = text.strip()
        if not text or float(confidence) < 0:
            continue
        box = Box(float(left), float(top), float(left + width), float(top + height))
        words.append(SeenWord(text.replace(" ", ""), box, min(1.0, float(confidence) / 100.0)))
        lines.append((block, paragraph, line))
    return tuple(end_before_next(words, lines))


def end_before_next(words: Sequence[SeenWord], lines: Sequence[tuple[int, ...]]) -> Iterator[SeenWord]:
    """Words whose boxes end where the next word of their line begins: some are drawn over all that follows."""
    for index, word in enumerate(words):
        box = word.box
        if index + 1 < len(words) and lines[index] == lines[index + 1]:
            begin = words[index + 1].box.x0
            if box.x0 < begin < box.x1:
                word = replace(word, box=Box(box.x0, box.y0, begin, box.y1))
        yield word
