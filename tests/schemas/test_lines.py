"""A reading survives the way to its JSON line and back; the line is what integrators were promised."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import RefusalCode
from schemas.geometry import Point
from schemas.lines import reading_from_line, reading_to_line
from schemas.readings import Alternative, Check, DocumentReading, FieldValue, FileReading, LineItem, PageReading, Source
from schemas.vocabulary import AMOUNT_FIELDS, DocumentType, FieldName, Legibility, LegibilityReason

amounts = st.decimals(min_value=-99999, max_value=99999, places=2)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
# One decimal is what the line keeps of a place.
lengths = st.integers(0, 30000).map(lambda tenths: tenths / 10)
shares = st.integers(0, 10000).map(lambda parts: parts / 10000)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)


def contents(name):
    if name in AMOUNT_FIELDS:
        return amounts
    if name is FieldName.ISSUE_DATE:
        return days
    if name is FieldName.CARE_DATES:
        return st.lists(days, min_size=1, max_size=4).map(tuple)
    if name is FieldName.PAID:
        return st.booleans()
    return texts.filter(bool)


@st.composite
def fields(draw, name):
    corners = st.tuples(*[st.builds(Point, lengths, lengths)] * 4)
    return FieldValue(
        value=draw(st.none() | contents(name)),
        raw_text=draw(texts),
        confidence=draw(shares),
        source=draw(st.sampled_from(Source)),
        page=draw(st.none() | st.integers(1, 60)),
        polygon=draw(st.none() | corners),
        checks=tuple(draw(st.lists(st.builds(Check, name=texts, passed=st.booleans()), max_size=2))),
        alternatives=tuple(draw(st.lists(st.builds(Alternative, value=contents(name), confidence=shares), max_size=2))),
        held_back=draw(st.none() | st.just("low_confidence")),
    )


@st.composite
def documents(draw):
    names = draw(st.lists(st.sampled_from(FieldName), unique=True, max_size=4))
    optional = st.none() | amounts
    items = st.builds(
        LineItem,
        date=st.none() | days,
        code=st.none() | texts,
        quantity=st.none() | st.decimals(min_value=0, max_value=100, places=2),
        amount=optional,
        base=optional,
        amo=optional,
    )
    return DocumentReading(
        type=draw(st.sampled_from(DocumentType)),
        type_confidence=draw(shares),
        pages=tuple(draw(st.lists(st.integers(1, 60), min_size=1, max_size=3))),
        legible=draw(st.booleans()),
        page_number_printed=draw(st.none() | st.integers(1, 9)),
        page_count_printed=draw(st.none() | st.integers(1, 9)),
        missing_pages=draw(st.booleans()),
        fields={name: draw(fields(name)) for name in names},
        line_items=tuple(draw(st.lists(items, max_size=2))),
        text_fingerprint=tuple(draw(st.lists(st.integers(0, 2**32), max_size=3))),
    )


pages = st.builds(
    PageReading,
    page=st.integers(1, 60),
    width=lengths.filter(bool),
    height=lengths.filter(bool),
    unit=st.sampled_from(["px", "pt"]),
    rotation=st.sampled_from([0, 90, 180, 270]),
    source=st.sampled_from([Source.TEXT_LAYER, Source.TESSERACT]),
    legibility=st.sampled_from(Legibility),
    reasons=st.lists(st.sampled_from(LegibilityReason), max_size=2).map(tuple),
    sheet=st.integers(0, 1),
    fingerprint=st.none() | st.just("00ff00ff00ff00ff"),
)
readings = st.builds(
    FileReading,
    id=texts.filter(bool),
    file=texts.filter(bool),
    sha256=st.just("a" * 64),
    pages=st.lists(pages, max_size=2).map(tuple),
    documents=st.lists(documents(), max_size=2).map(tuple),
    timings=st.dictionaries(st.sampled_from(["open", "total"]), shares),
)


@given(readings)
def test_a_reading_survives_its_line(reading):
    line = json.loads(json.dumps(reading_to_line(reading)))
    assert reading_from_line(line) == reading


@given(st.sampled_from(RefusalCode))
def test_a_refusal_has_its_code_and_a_french_sentence(code):
    line = reading_to_line(FileReading(id="a", file="a.pdf", sha256="0" * 64, refusal=code))
    assert line["status"] == "refused"
    assert line["refusal"]["code"] == code.value
    assert line["refusal"]["message_fr"].endswith(".")
    assert reading_from_line(line).refusal is code


def test_values_are_written_as_promised():
    def field(value):
        return FieldValue(value=value, confidence=0.5, source=Source.TESSERACT)

    document = DocumentReading(
        type=DocumentType.RIB,
        type_confidence=1.0,
        pages=(1,),
        fields={
            FieldName.TOTAL_AMOUNT: field(Decimal("-1234.5")),
            FieldName.ISSUE_DATE: field(date(2026, 3, 2)),
            FieldName.CARE_DATES: field((date(2026, 3, 1), date(2026, 3, 2))),
            FieldName.PAID: field(False),
            FieldName.NIR: field(None),
        },
        line_items=(LineItem(quantity=Decimal("2.00"), amount=Decimal("3")),),
    )
    line = reading_to_line(FileReading(id="a", file="a", sha256="", documents=(document,)))["documents"][0]
    assert {name: entry["value"] for name, entry in line["fields"].items()} == {
        "total_amount": "-1234.50",
        "issue_date": "2026-03-02",
        "care_dates": ["2026-03-01", "2026-03-02"],
        "paid": False,
        "nir": None,
    }
    assert line["line_items"][0]["quantity"] == "2"
    assert line["line_items"][0]["amount"] == "3.00"


def test_a_sparse_line_of_another_program_is_understood():
    reading = reading_from_line(
        {
            "id": "t1",
            "documents": [
                {"type": "rib", "pages": [1], "fields": {"bic": "CEPAFRPP333", "iban": None, "paid": {"value": True}}}
            ],
        }
    )
    document = reading.documents[0]
    assert document.value_of(FieldName.BIC) == "CEPAFRPP333"
    assert document.value_of(FieldName.IBAN) is None
    assert document.value_of(FieldName.PAID) is True
    assert document.legible
