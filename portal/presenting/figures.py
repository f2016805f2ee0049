"""The team's dashboard in words, numbers and bars."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from portal.french import NBSP, show_day
from schemas.errors import label_refusal
from schemas.handling import REFUSAL_REASONS_FR
from schemas.vocabulary import FIELD_LABELS_FR
from storage.figures import Effort, TeamFigures, Week
from storage.origins import Origin, Share

_DOORS_FR = {"site": "Site", "folder": "Dossier partagé", "bucket": "Stockage", "api": "Autre système"}
_KINDS_FR = {"text_layer": "PDF avec texte", "scanned_pdf": "PDF numérisé", "picture": "Photo ou image"}
#: Units of the drawing: a bar of 100 % is so high, a week so wide.
_HEIGHT, _STEP, _BAR = 100, 40, 26


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: place, height and what it says; ``middle`` and ``top`` are where its number stands."""

    x: int
    y: float
    width: int
    height: float
    middle: int
    top: float
    label: str
    told: str


@dataclass(frozen=True)
class Chart:
    """Bars in a drawing of ``width`` by 120; the same numbers stand in a table beside it."""

    title: str
    told: str
    width: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class TableView:
    """A table: title, name in the page, heads, rows of words, and what it says when it is empty."""

    title: str
    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "Rien sur cette période."


def present_charts(figures: TeamFigures) -> tuple[Chart, ...]:
    """Shares by week, as bars."""
    return (
        _draw("Dossiers sans intervention, par semaine", figures.weeks, lambda week: (week.touchless, week.decided)),
        _draw("Valeurs bien lues parmi celles vérifiées, par semaine", figures.weeks, _count_right),
    )


def present_tables(figures: TeamFigures) -> tuple[TableView, ...]:
    """All the numbers."""
    reasons = {reason.value: label for reason, label in REFUSAL_REASONS_FR.items()}
    effort = dict(sorted(figures.effort.items(), key=lambda pair: -pair[1].looked_at))
    days = tuple(f"{week.monday:%d/%m}" for week in figures.weeks)
    origin, origins = ("Documents", "Illisibles par la machine", "Valeurs corrigées"), figures.origins
    return (
        TableView(
            "Par semaine",
            "semaines-table",
            (
                "Semaine du",
                "Décidés",
                "Sans intervention",
                "Lecture incertaine",
                "Relus à l’aveugle",
                "Avec une erreur",
            ),
            tuple(_show_week(week) for week in figures.weeks),
        ),
        TableView(
            "Effort humain, par champ",
            "effort",
            ("Champ", "Juste, signalé pour rien", "Faux, signalé", "Faux, accepté", "Juste, accepté", "Vérifiés"),
            tuple(_show_effort(FIELD_LABELS_FR[name], one) for name, one in effort.items()),
        ),
        TableView(
            "Valeurs bien lues, par champ et par semaine",
            "exactitude",
            ("Champ", *days),
            tuple(
                (FIELD_LABELS_FR[name], *(_show_right(week.effort.get(name)) for week in figures.weeks))
                for name in effort
            ),
        ),
        TableView(
            "Demandes refusées par un gestionnaire",
            "refus",
            ("Motif", "Nombre"),
            _rank(figures.by_person, lambda code: reasons.get(code, code)),
        ),
        TableView(
            "Documents que la machine n’a pas pu lire",
            "refus-machine",
            ("Raison", "Nombre"),
            _rank(figures.by_machine, label_refusal),
        ),
        TableView("Par porte d’entrée", "portes", ("Porte", *origin), _show_origins(origins.doors, _DOORS_FR)),
        TableView("Par sorte de fichier", "sortes", ("Sorte", *origin), _show_origins(origins.kinds, _KINDS_FR)),
        TableView(
            "Professionnels dont les documents sont le plus corrigés",
            "professionnels",
            ("Professionnel", *origin),
            _show_origins(origins.suppliers, {}),
        ),
        TableView(
            "Valeurs corrigées par document, par semaine",
            "derive",
            ("Provenance", *days),
            (*_show_drift(origins.kinds, _KINDS_FR), *_show_drift(origins.suppliers, {})),
        ),
    )


def write_tables(tables: Iterable[TableView]) -> str:
    """The tables for a spreadsheet; a cell that would be taken for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for table in tables:
        writer.writerow([table.title])
        writer.writerow(table.heads)
        for row in table.rows:
            writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in row])
        writer.writerow([])
    return out.getvalue()


def _draw(title: str, weeks: Iterable[Week], count: Callable[[Week], tuple[int, int]]) -> Chart:
    bars = []
    for number, week in enumerate(weeks):
        part, whole = count(week)
        height = _HEIGHT * part / whole if whole else 0.0
        share = _show_share(part, whole)
        told = f"semaine du {show_day(week.monday)} : {share} ({part} sur {whole})"
        left = number * _STEP
        bars.append(Bar(left, _HEIGHT - height, _BAR, height, left + _BAR // 2, _HEIGHT - height - 4, share, told))
    spoken = " ; ".join(bar.told for bar in bars)
    return Chart(title, f"{title} : {spoken}", max(1, len(bars)) * _STEP, tuple(bars))


def _count_right(week: Week) -> tuple[int, int]:
    return sum(one.right for one in week.effort.values()), sum(one.looked_at for one in week.effort.values())


def _show_share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}{NBSP}%" if whole else "–"


def _show_week(week: Week) -> tuple[str, ...]:
    return (
        show_day(week.monday),
        str(week.decided),
        _show_share(week.touchless, week.decided),
        _show_share(week.doubtful, week.decided),
        str(week.checked),
        str(week.escaped),
    )


def _show_effort(label: str, one: Effort) -> tuple[str, ...]:
    cells = (one.right_flagged, one.wrong_flagged, one.wrong_accepted, one.right_accepted, one.looked_at)
    return (label, *(str(cell) for cell in cells))


def _show_right(one: Effort | None) -> str:
    return f"{_show_share(one.right, one.looked_at)} ({one.looked_at})" if one and one.looked_at else "–"


def _show_origins(origins: Iterable[Origin], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            names.get(origin.name, origin.name),
            str(origin.whole.papers),
            str(origin.whole.refused),
            str(origin.whole.corrected),
        )
        for origin in origins
    )


def _show_drift(origins: Iterable[Origin], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (names.get(origin.name, origin.name), *(_show_mean(share) for share in origin.weeks)) for origin in origins
    )


def _show_mean(share: Share) -> str:
    if not share.papers:
        return "–"
    return f"{share.corrected / share.papers:.1f} ({share.papers})".replace(".", ",")


def _rank(counts: Mapping[str, int], label: Callable[[str], str]) -> tuple[tuple[str, ...], ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((label(code), str(number)) for code, number in ranked)
