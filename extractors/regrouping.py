"""Papers whose pages a person grouped otherwise: understood again from the words that were read.

Nothing is recognised again. What a person said of a page, and what a code on it said or contested, does not come from
the grouping and stays with its page; every other value is found anew among the words of the new paper. Where the words
were not kept, values are absent with their reason, and their place stays for the eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.readings import REGROUPED, Alternative, DocumentReading, FieldValue, OtherPages, PageReading, Source
from schemas.vocabulary import FieldName

#: Values from these do not depend on which pages make one paper.
_PEOPLE = frozenset({Source.HANDLER, Source.MEMBER})
_BESIDE_THE_PRINT = _PEOPLE | {Source.DATAMATRIX, Source.FACTUR_X}
_CONTESTED = "disagrees_with_"
#: No file has so many pages.
_ELSEWHERE = 100_000
#: Two papers that become one may each have such a value: neither is more likely.
_DISPUTED = 0.5


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A new paper.

    Attributes:
        numbers: of its pages in the file, in order.
        pages: the same pages with their words; empty where the words were not kept.
        before: the papers that its pages belonged to, as corrected so far.
    """

    numbers: tuple[int, ...]
    pages: tuple[PageReading, ...]
    before: tuple[DocumentReading, ...]


def understand_again(group: Regrouped) -> DocumentReading:
    """What a new paper says, by the words of its pages; illegible where every page was part of an illegible paper."""
    from extractors.understanding import understand_paper  # models are loaded only where they are needed

    if not group.pages or not _is_legible(group):
        return leave_absent(group)
    read = understand_paper(group.pages)
    fields = {**_doubt_unplaced(read.fields, group), **_keep_fields(group)} if read.legible else {}
    return read.model_copy(update={"fields": {name: fields[name] for name in FieldName if name in fields}})


def leave_absent(group: Regrouped) -> DocumentReading:
    """A new paper that cannot be understood again: its values are to be read by a person, its type is in doubt."""
    first = group.before[0]
    legible = _is_legible(group)
    kept = _keep_fields(group) if legible else {}
    absent = {
        name: FieldValue(
            value=None, confidence=0.0, source=field.source, page=field.page, polygon=field.polygon, held_back=REGROUPED
        )
        for name, field in _fields_on(group)
        if legible and name not in kept
    }
    fields = {**absent, **kept}
    return DocumentReading(
        type=first.type,
        type_confidence=0.0 if legible else first.type_confidence,
        pages=group.numbers,
        legible=legible,
        fields={name: fields[name] for name in FieldName if name in fields},
    )


def choose_pages(pages: tuple[PageReading, ...], numbers: tuple[int, ...]) -> tuple[PageReading, ...]:
    """The pages of a paper, empty where it cannot be told which they are: only one of the sheets on a photo is its."""
    sheets = Counter(page.page for page in pages)
    if any(sheets[number] != times for number, times in Counter(numbers).items()):
        return ()
    chosen = {number: iter([page for page in pages if page.page == number]) for number in numbers}
    return tuple(next(chosen[number]) for number in numbers)


def number_elsewhere(page: int, nth: int) -> int:
    """The number under which a page of another file is understood: unlike any of the file that the paper stands in.

    Args:
        page: in its file.
        nth: of the file, 0 for the one that the paper stands in.
    """
    return page + nth * _ELSEWHERE


def bring(document: DocumentReading, nth: int, files: Sequence[str]) -> DocumentReading:
    """A paper with its pages numbered for the file that it joins.

    Args:
        document: as corrected so far.
        nth: place of its file in ``files``.
        files: of the new paper, the first the one that it stands in.
    """
    elsewhere = [
        number_elsewhere(page, files.index(other.file)) for other in document.other_pages for page in other.pages
    ]
    fields = {
        name: field if field.page is None else field.model_copy(update={"page": number_elsewhere(field.page, nth)})
        for name, field in document.fields.items()
    }
    pages = (*(number_elsewhere(page, nth) for page in document.pages), *elsewhere)
    return document.model_copy(update={"pages": pages, "fields": fields, "other_pages": ()})


def settle(document: DocumentReading, files: Sequence[str]) -> DocumentReading:
    """A new paper in the file that it stands in; what was read in another one has no place there."""
    own = tuple(page for page in document.pages if page < _ELSEWHERE)
    rest = [
        OtherPages(file=file, pages=tuple(page % _ELSEWHERE for page in document.pages if page // _ELSEWHERE == nth))
        for nth, file in enumerate(files)
        if nth
    ]
    fields = {
        name: field.model_copy(update={"page": None, "polygon": None}) if (field.page or 0) >= _ELSEWHERE else field
        for name, field in document.fields.items()
    }
    unread = tuple(
        one.model_copy(update={"page": one.page if one.page < _ELSEWHERE else own[0]}) for one in document.unread
    )
    return document.model_copy(
        update={
            "pages": own,
            "fields": fields,
            "unread": unread,
            "other_pages": tuple(other for other in rest if other.pages),
        }
    )


def _is_legible(group: Regrouped) -> bool:
    return any(document.legible for document in group.before)


def _fields_on(group: Regrouped) -> Iterator[tuple[FieldName, FieldValue]]:
    for document in group.before:
        whole = set(document.pages) <= set(group.numbers)
        for name, field in document.fields.items():
            # What stands nowhere (a person says that nothing is printed) is only true of all the pages together.
            if field.page in group.numbers or (field.page is None and whole):
                yield name, field


def _doubt_unplaced(fields: dict[FieldName, FieldValue], group: Regrouped) -> dict[FieldName, FieldValue]:
    """A person had said otherwise, nobody knows of which of the pages: what is read there is no longer accepted."""
    said = {
        name
        for document in group.before
        for name, field in document.fields.items()
        if field.page is None and field.source in _PEOPLE and not set(document.pages) <= set(group.numbers)
    }
    return {
        name: field.model_copy(update={"held_back": REGROUPED}) if name in said else field
        for name, field in fields.items()
    }


def _keep_fields(group: Regrouped) -> dict[FieldName, FieldValue]:
    kept: dict[FieldName, FieldValue] = {}
    for name, field in _fields_on(group):
        if field.source not in _BESIDE_THE_PRINT and not (field.held_back or "").startswith(_CONTESTED):
            continue
        other = kept.get(name)
        if other is None or other.value is None:
            kept[name] = field
        elif field.value is not None and field.value != other.value:
            kept[name] = _dispute(other, field)
    return kept


def _dispute(first: FieldValue, second: FieldValue) -> FieldValue:
    assert second.value is not None  # noqa: S101 - the caller has looked
    # No longer what a person said: they said two things, of two papers.
    return first.model_copy(
        update={
            "confidence": min(first.confidence, _DISPUTED),
            "source": Source.TESSERACT if first.source in _PEOPLE else first.source,
            "alternatives": (Alternative(value=second.value, confidence=_DISPUTED), *first.alternatives),
            "held_back": REGROUPED,
        }
    )
