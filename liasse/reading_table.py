"""A reading as a person wants to see it on a terminal (in French, like the screens)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from schemas.advice import advise_reading
from schemas.errors import REFUSAL_SENTENCES_FR
from schemas.readings import DocumentReading, FieldContent, FieldValue, FileReading, PageReading
from schemas.vocabulary import (
    AMOUNT_FIELDS,
    DOCUMENT_LABELS_FR,
    FIELD_LABELS_FR,
    FieldName,
    Legibility,
)

#: The words of the site; under the second figure a value is more likely wrong than right. Colour alone never tells.
_SURE, _CHECK, _DOUBTFUL, _DOUBTFUL_UNDER = ("sûre", "green"), ("à vérifier", "yellow"), ("douteuse", "red"), 0.50
_LEGIBILITY = {
    Legibility.LEGIBLE: ("lisible", "green"),
    Legibility.DOUBTFUL: ("peu lisible", "yellow"),
    Legibility.ILLEGIBLE: ("illisible", "red"),
}


def show_reading(console: Console, reading: FileReading) -> None:
    """Print one file: its papers, their fields, how sure they are, and what is wrong with its pages."""
    console.print(_make_title(reading))
    if reading.refusal:
        console.print(Padding(Text(REFUSAL_SENTENCES_FR[reading.refusal], style="red"), (0, 0, 1, 2)))
        return
    for advice in dict.fromkeys(sentence for said in advise_reading(reading).values() for sentence in said):
        console.print(Padding(Text(advice, style="yellow"), (0, 0, 0, 2)))
    for document in reading.documents:
        console.print(Padding(_show_document(document), (0, 0, 0, 2)))
    console.print()


def format_content(name: FieldName, value: FieldContent | None) -> str:
    """A value as it is written in French."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(day.strftime("%d/%m/%Y") for day in value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        amount = f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")
        return f"{amount}\u00a0€" if name in AMOUNT_FIELDS else amount
    return value


def _make_title(reading: FileReading) -> Text:
    title = Text.assemble((reading.file, "bold"))
    if reading.pages:
        count = len({page.page for page in reading.pages})
        title.append(f"  {count} page{'s' if count > 1 else ''}", style="dim")
        word, colour = _LEGIBILITY[_find_worst(reading.pages)]
        title.append(f"  {word}", style=colour)
    seconds = reading.timings.get("total")
    if seconds is not None:
        title.append(f"  {seconds:.1f} s".replace(".", ","), style="dim")
    return title


def _find_worst(pages: tuple[PageReading, ...]) -> Legibility:
    order = list(_LEGIBILITY)
    return max((page.legibility for page in pages), key=order.index)


def _show_document(document: DocumentReading) -> Group:
    heading = Text(DOCUMENT_LABELS_FR[document.type].capitalize(), style="bold cyan")
    pages = ", ".join(map(str, document.pages))
    heading.append(f"  page{'s' if len(document.pages) > 1 else ''} {pages}", style="dim")
    if not document.legible:
        heading.append("  illisible", style="red")
    elif document.missing_pages:
        heading.append("  il manque une page", style="yellow")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_column()
    for name in FieldName:
        field = document.fields.get(name)
        if field is not None and field.value is not None:
            table.add_row(FIELD_LABELS_FR[name], format_content(name, field.value), _show_confidence(field))
    return Group(heading, table) if table.row_count else Group(heading)


def _show_confidence(field: FieldValue) -> Text:
    word, colour = _SURE if field.held_back is None else _CHECK
    if field.confidence < _DOUBTFUL_UNDER:
        word, colour = _DOUBTFUL
    text = Text(word, style=colour)
    # Rounded down: nothing that was read is certain.
    text.append(f" {int(100 * field.confidence)} %", style="dim")
    failed = [check.name for check in field.checks if not check.passed]
    if failed:
        text.append(f"  contrôle échoué : {', '.join(failed)}", style="red")
    return text
