"""One page: text layer or picture, words, verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from extractors.fingerprints import fingerprint_page
from extractors.frames import Way, map_boxes, measure_rotation
from extractors.limits import Limits
from extractors.normalising import NormalisedSheet, normalise_page
from extractors.pages import ReceivedPage
from extractors.pdf_pages import PdfPage
from extractors.quality import (
    Verdict,
    judge_at_first_sight,
    judge_picture,
    judge_reading,
    measure_picture,
)
from extractors.recognising.layer_check import turn_upright
from extractors.recognising.lines import number_lines
from extractors.recognising.pages import SheetReading, read_sheet
from extractors.recognising.scoring import score_reading
from extractors.recognising.tesseract import SeenWord
from extractors.recognising.text_layer import TextLayer, read_text_layer, read_uncovered
from extractors.unread import find_smeared_parts, find_unread_parts
from schemas.readings import PageReading, Source, Word
from schemas.vocabulary import Legibility, LegibilityReason, PagePart

#: Called with the name of a stage; measures the time of a block.
Measure = Callable[[str], AbstractContextManager[None]]

#: A picture smaller than this, in pixels, holds no line of text that anybody could read.
_SMALLEST_SIDE = 40
#: A sheet found on a picture has the picture itself as its rival when it reads worse than this.
_RIVAL_CONFIDENCE = 0.80


def read_page(page: ReceivedPage, limits: Limits, measure: Measure) -> tuple[PageReading, ...]:
    """The reading of a page; one for each sheet of paper on it.

    Raises:
        FileRefusedError: it cannot be decoded, or not in time.
    """
    if isinstance(page, PdfPage):
        with measure("read"):
            layer = read_text_layer(page)
            rest = read_uncovered(page, layer, seconds=limits.page_seconds) if layer and layer.believed else ()
        if layer is not None and layer.believed:
            with measure("normalise"):
                fingerprint = fingerprint_page(turn_upright(page.draw_apart().whole, layer.rotation).pixels)
            return (_report_layer(page, layer, rest, fingerprint),)
    with measure("normalise"):
        picture = page.render()
        if min(picture.width, picture.height) < _SMALLEST_SIDE:
            return (_report_unread(page, _SPECK),)
        sheets = normalise_page(picture, look_for_sheets=limits.steps.find_sheets)
    if len(sheets) > 1:
        return tuple(_read_one_sheet(page, sheet, limits, measure).report(page) for sheet in sheets)
    found = _read_one_sheet(page, sheets[0], limits, measure)
    if sheets[0].sheet is not None and found.reading.score.confidence < _RIVAL_CONFIDENCE and found.was_read:
        # A sheet that reads badly may have been cut or bent by our own hand: the page as it came is its rival.
        with measure("normalise"):
            (whole,) = normalise_page(picture, look_for_sheets=False)
        rival = _read_one_sheet(page, whole, limits, measure)
        if rival.reading.score.value > found.reading.score.value:
            found = rival
    return (found.report(page),)


def look_at_page(page: ReceivedPage) -> PageReading:
    """The verdict on a page before anything is read: no words, in a fraction of the time.

    Raises:
        FileRefusedError: it cannot be decoded.
    """
    if isinstance(page, PdfPage):
        layer = read_text_layer(page)
        if layer is not None and layer.believed:
            return _report_layer(page, layer, (), None)
    picture = page.render()
    if min(picture.width, picture.height) < _SMALLEST_SIDE:
        return _report_unread(page, _SPECK)
    sights = [_look_at_sheet(sheet, page.cut_share) for sheet in normalise_page(picture)]
    verdict, unread = min(sights, key=lambda sight: _RANK[sight[0].legibility])
    return _report_unread(page, verdict, unread)


def _look_at_sheet(sheet: NormalisedSheet, cut_share: float) -> tuple[Verdict, tuple[PagePart, ...]]:
    measures = measure_picture(sheet, cut_share=cut_share)
    smeared = find_smeared_parts(sheet.picture.pixels)
    verdict = judge_at_first_sight(measures, smeared=bool(smeared))
    return verdict, smeared if verdict.legibility is Legibility.DOUBTFUL else ()


#: Of a picture too small to hold a line of text.
_SPECK = Verdict(Legibility.ILLEGIBLE, (LegibilityReason.RESOLUTION_FAIBLE,))
_RANK = {Legibility.ILLEGIBLE: 0, Legibility.DOUBTFUL: 1, Legibility.LEGIBLE: 2}


@dataclass(frozen=True, eq=False, slots=True)
class _SheetResult:
    reading: SheetReading
    verdict: Verdict
    was_read: bool
    parts: tuple[PagePart, ...] = ()

    def report(self, page: ReceivedPage) -> PageReading:
        return _report_sheet(page, self.reading, self.verdict, self.parts)


def _report_unread(page: ReceivedPage, verdict: Verdict, unread: tuple[PagePart, ...] = ()) -> PageReading:
    return PageReading(
        page=page.number,
        width=page.size.width,
        height=page.size.height,
        unit=page.size.unit,
        legibility=verdict.legibility,
        reasons=verdict.reasons,
        unread_parts=unread,
    )


def _read_one_sheet(page: ReceivedPage, sheet: NormalisedSheet, limits: Limits, measure: Measure) -> _SheetResult:
    with measure("normalise"):
        measures = measure_picture(sheet, cut_share=page.cut_share)
        verdict = judge_picture(measures)
    if verdict is not None:
        return _SheetResult(SheetReading((), sheet, score_reading(())), verdict, was_read=False)
    with measure("read"):
        reading = read_sheet(sheet, limits)
    picture, words = reading.sheet.picture.pixels, reading.words
    with measure("normalise"):
        parts = find_smeared_parts(picture, words)
        verdict = judge_reading(measures, reading.score, smeared=bool(parts))
        if verdict.legibility is not Legibility.LEGIBLE:
            parts = find_unread_parts(picture, words, parts)
    return _SheetResult(reading, verdict, was_read=True, parts=parts)


def _report_sheet(
    page: ReceivedPage, reading: SheetReading, verdict: Verdict, unread: tuple[PagePart, ...]
) -> PageReading:
    picture = reading.sheet.picture
    legible = verdict.legibility is not Legibility.ILLEGIBLE
    return PageReading(
        page=page.number,
        width=page.size.width,
        height=page.size.height,
        unit=page.size.unit,
        rotation=measure_rotation(picture.to_received, picture.width, picture.height),
        source=Source.TESSERACT,
        legibility=verdict.legibility,
        reasons=verdict.reasons,
        unread_parts=unread,
        sheet=reading.sheet.index,
        upright_size=(float(picture.width), float(picture.height)),
        fingerprint=fingerprint_page(picture.pixels),
        words=order_words(reading.words, picture.to_received, Source.TESSERACT) if legible else (),
    )


def _report_layer(page: PdfPage, layer: TextLayer, rest: tuple[SeenWord, ...], fingerprint: str | None) -> PageReading:
    return PageReading(
        page=page.number,
        width=page.size.width,
        height=page.size.height,
        unit=page.size.unit,
        rotation=layer.rotation,
        source=Source.TEXT_LAYER,
        completed=bool(layer.uncovered),
        upright_size=layer.upright_size,
        fingerprint=fingerprint,
        words=order_words((*layer.words, *rest), layer.to_received, Source.TEXT_LAYER),
    )


def order_words(seen: Sequence[SeenWord], to_received: Way, source: Source) -> tuple[Word, ...]:
    """Words in reading order, with their place in both frames.

    Args:
        seen: in the upright frame.
        to_received: from there to the received frame.
        source: of the page; words of another reader name theirs.
    """
    if not seen:
        return ()
    lines = number_lines([word.box for word in seen])
    polygons = map_boxes(to_received, [word.box for word in seen])
    order = sorted(range(len(seen)), key=lambda i: (lines[i], seen[i].box.x0))
    return tuple(
        Word(
            text=seen[i].text,
            box=seen[i].box,
            polygon=polygons[i],
            confidence=seen[i].confidence,
            line=lines[i],
            source=seen[i].source if seen[i].source is not source else None,
            agreed=seen[i].agreed,
            struck=seen[i].struck,
        )
        for i in order
    )
