"""The second reader: PP-OCR by RapidOCR on onnxruntime, one line of text at a time.

It is of another family than Tesseract (a convolutional network over the whole line, trained on photos), so the two
seldom make the same mistake. Its models come inside the RapidOCR wheel: nothing is fetched.

Only its recogniser is used: finding the lines costs it seconds a page, and our own way (``text_lines``) a tenth of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import rapidocr
from onnx import numpy_helper
from onnxruntime import InferenceSession, SessionOptions

from extractors.frames import Pixels
from schemas.errors import ConfigurationError

#: The recogniser in RapidOCR's wheel.
_MODEL = "PP-OCRv6_rec_small.onnx"
#: Height, in pixels, of the strips that the network was trained on.
_STRIP_HEIGHT = 48
#: Longer strips are read as they are up to this width; nothing on a page of text is longer.
_LONGEST = 4096
#: Characters of French papers; the other eighteen thousand that the network knows are never the answer.
_LAST_LATIN = 0x24F
_OTHER_CHARACTERS = frozenset("€’‘“”–—…•œŒ°²³№☎✆☐☑☒✓✔")


@dataclass(frozen=True, slots=True)
class SeenCharacter:
    """A character of a line.

    Attributes:
        text: one character, a space included.
        confidence: the network's own, 0 to 1.
        x0, x1: where it begins and ends, in pixels from the left of the line's picture.
    """

    text: str
    confidence: float
    x0: float
    x1: float


@dataclass(frozen=True, eq=False, slots=True)
class _Recogniser:
    session: InferenceSession
    characters: tuple[str, ...]


@lru_cache(maxsize=1)
def load_second_reader() -> _Recogniser:
    """Load the network; once in a process, because it takes a fifth of a second.

    Raises:
        ConfigurationError: the package or its model is missing.
    """
    try:
        model = onnx.load(Path(rapidocr.__file__).parent / "models" / _MODEL)
        (named,) = (entry.value for entry in model.metadata_props if entry.key == "character")
        # Column 0 is "no character"; the last one, which the list does not name, is the space.
        known = ("", *named.splitlines(), " ")
        kept = [i for i, text in enumerate(known) if i == 0 or _is_ours(text)]
        _keep_columns(model.graph, kept, len(known))
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        session = InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ConfigurationError("the second reader cannot be loaded (Python packages rapidocr, onnx)") from error
    return _Recogniser(session, tuple(known[i] for i in kept))


def _keep_columns(graph: onnx.GraphProto, kept: Sequence[int], known: int) -> None:
    """Cut the last layer down to some of its characters: all eighteen thousand cost a quarter of the network's time."""
    cut = [weights for weights in graph.initializer if weights.dims and weights.dims[-1] == known]
    if not cut:
        raise ValueError("the network's last layer was not found")
    for weights in cut:
        values = np.ascontiguousarray(numpy_helper.to_array(weights)[..., list(kept)])
        weights.CopyFrom(numpy_helper.from_array(values, weights.name))
    graph.output[0].type.tensor_type.shape.dim[-1].dim_value = len(kept)
    del graph.value_info[:]


def _is_ours(text: str) -> bool:
    return len(text) == 1 and (32 <= ord(text) <= _LAST_LATIN or text in _OTHER_CHARACTERS)


def read_line(strip: Pixels) -> tuple[SeenCharacter, ...]:
    """The characters of one line of text.

    Args:
        strip: picture of the line with a little paper around it, grey or RGB, text upright.
    """
    height, width = strip.shape[:2]
    if height < 4 or width < 4:
        return ()
    reader = load_second_reader()
    colour = cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR) if strip.ndim == 2 else strip[..., ::-1]
    target = int(np.clip(np.ceil(_STRIP_HEIGHT * width / height), 16, _LONGEST))
    shrink = cv2.INTER_AREA if height > _STRIP_HEIGHT else cv2.INTER_LINEAR
    sized = cv2.resize(colour, (target, _STRIP_HEIGHT), interpolation=shrink)
    batch = np.pad(sized.astype(np.float32) / 127.5 - 1.0, ((0, 0), (0, -target % 8), (0, 0)))
    (chances,) = reader.session.run(None, {reader.session.get_inputs()[0].name: batch.transpose(2, 0, 1)[None]})
    chances = chances[0]
    step = batch.shape[1] / len(chances) * width / target
    return _decode(chances, reader.characters, step)


def _decode(chances: npt.NDArray[np.float32], characters: tuple[str, ...], step: float) -> tuple[SeenCharacter, ...]:
    """The likeliest character at each step; repeats count once, and column 0 is no character (CTC decoding)."""
    best = chances.argmax(axis=1)
    seen: list[SeenCharacter] = []
    start = 0
    for end in range(1, len(best) + 1):
        if end < len(best) and best[end] == best[start]:
            continue
        if best[start] != 0:
            sure = float(chances[start:end, best[start]].max())
            seen.append(SeenCharacter(characters[best[start]], sure, start * step, end * step))
        start = end
    return tuple(seen)
