"""The whole reading of one file, from bytes to fields."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image

from extractors.codes.comparing import compare_with_codes
from extractors.codes.finding import find_codes
from extractors.codes.values import FoundCode
from extractors.limits import Limits
from extractors.opening import open_file
from extractors.page_reading import read_page
from extractors.pages import OpenedFile, ReceivedPage
from extractors.refusing import name_refusal
from extractors.results import PagePreview, ReadFile
from schemas.errors import ConfigurationError, FileRefusedError, RefusalCode
from schemas.readings import DocumentReading, FileReading, PageReading, Provenance
from schemas.vocabulary import Legibility

#: Long side of a preview in pixels, and its JPEG quality.
_PREVIEW_SIDE, _PREVIEW_QUALITY = 1600, 80
#: Refusals of one page that refuse the whole file, however good its other pages are.
_FATAL = {RefusalCode.TOO_MANY_PIXELS}


def read_file(path: Path | str, *, identifier: str | None = None, limits: Limits | None = None) -> FileReading:
    """Read one file.

    Args:
        path: of the file.
        identifier: name of the piece; the file's name without extension when left out.
        limits: what the file may cost.

    Returns:
        The reading; a file that cannot be read comes back with its refusal, never as an exception.

    Raises:
        OSError: there is no such file, or we may not read it.
        ConfigurationError: Tesseract is not installed.
    """
    path = Path(path)
    return read_bytes(path.read_bytes(), identifier=identifier or path.stem, file=str(path), limits=limits)


def read_bytes(data: bytes, *, identifier: str, file: str = "", limits: Limits | None = None) -> FileReading:
    """Read bytes, as ``read_file`` does.

    Args:
        data: as received.
        identifier: name of the piece.
        file: path to remember in the reading; the identifier when left out.
        limits: what the file may cost.
    """
    return _read(data, identifier, file, limits or Limits(), previews=False).reading


def read_with_previews(path: Path | str, *, identifier: str | None = None, limits: Limits | None = None) -> ReadFile:
    """Read one file, and draw its pages for people to see."""
    path = Path(path)
    return _read(path.read_bytes(), identifier or path.stem, str(path), limits or Limits(), previews=True)


def _read(data: bytes, identifier: str, file: str, limits: Limits, *, previews: bool) -> ReadFile:
    clock = StageClock()
    pages: list[PageReading] = []
    drawn: list[PagePreview] = []
    codes: list[FoundCode] = []
    documents: tuple[DocumentReading, ...] = ()
    refusal: RefusalCode | None = None
    provenance: Provenance | None = None
    started = time.perf_counter()
    try:
        with clock.open(data, limits) as opened:
            provenance = opened.provenance
            failures: list[RefusalCode] = []
            for number in range(1, opened.page_count + 1):
                try:
                    with clock.measure("open"):
                        page = opened.load_page(number)
                    if previews:
                        with clock.measure("preview"):
                            drawn.append(draw_preview(page))
                    read = read_page(page, limits, clock.measure)
                    pages.extend(read)
                    with clock.measure("codes"):
                        codes.extend(find_codes(page, read))
                except FileRefusedError as error:
                    # One bad page among others costs only itself, unless it is a bomb.
                    if error.refusal in _FATAL or opened.page_count == 1:
                        raise
                    failures.append(error.refusal)
                    pages.append(
                        PageReading(page=number, width=0, height=0, unit="px", legibility=Legibility.ILLEGIBLE)
                    )
            if len(failures) == opened.page_count:
                raise FileRefusedError(failures[0], "every page")
        with clock.measure("extract"):
            documents = compare_with_codes(understand(pages), codes)
    except ConfigurationError:
        raise  # not the file's fault: Tesseract or its French is missing
    except Exception as error:
        refusal, provenance, pages, drawn, documents = name_refusal(error), None, [], [], ()
    clock.seconds["total"] = time.perf_counter() - started
    reading = FileReading(
        id=identifier,
        file=file or identifier,
        sha256=hashlib.sha256(data).hexdigest(),
        refusal=refusal,
        pages=tuple(pages),
        documents=documents,
        provenance=provenance,
        timings=clock.seconds,
    )
    return ReadFile(reading, tuple(drawn))


def understand(pages: Sequence[PageReading]) -> tuple[DocumentReading, ...]:
    """Which papers the pages make, and what they say."""
    from extractors.understanding import understand_pages  # models are loaded only when there is something to read

    return understand_pages(pages)


def draw_preview(page: ReceivedPage) -> PagePreview:
    """A page as received, as a JPEG.

    Raises:
        FileRefusedError: the page cannot be drawn.
    """
    picture = page.render(long_side=_PREVIEW_SIDE)
    target = io.BytesIO()
    Image.fromarray(picture.pixels).save(target, "JPEG", quality=_PREVIEW_QUALITY, optimize=False)
    return PagePreview(page.number, picture.width, picture.height, target.getvalue())


class StageClock:
    """Seconds spent per stage.

    Attributes:
        seconds: by name of the stage.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {"open": 0.0, "normalise": 0.0, "read": 0.0, "extract": 0.0}

    @contextmanager
    def open(self, data: bytes, limits: Limits) -> Iterator[OpenedFile]:
        """Open a file, and count the time of opening alone."""
        with ExitStack() as stack:
            with self.measure("open"):
                opened = stack.enter_context(open_file(data, limits))
            yield opened

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started
