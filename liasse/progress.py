"""How far the sample dossiers are, as a live display and as a table at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from liasse.demo import SampleDossier
from schemas.rules import installed_rules
from schemas.vocabulary import (
    MISSING_LABELS_FR,
    DecisionKind,
    MissingPiece,
)

_COLOURS = {DecisionKind.COMPLETE: "green", DecisionKind.INCOMPLETE: "yellow", DecisionKind.TO_REVIEW: "cyan"}


@dataclass(frozen=True, slots=True)
class Row:
    """One decided dossier as a person wants to see it.

    Attributes:
        seconds: time spent reading its papers, in seconds.
    """

    reference: str
    care: str
    papers: int
    decision: DecisionKind
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    seconds: float

    @property
    def colour(self) -> str:
        """Colour of the decision on a terminal."""
        return _COLOURS[self.decision]


class Display:
    """The live bars."""

    def __init__(self, bars: Bars, progress: Progress) -> None:
        self._bars = bars
        self._progress = progress
        self._told: set[str] = {row.reference for row in progress.rows()}
        self._papers = bars.add_task("papers read", total=progress.count_papers())
        self._dossiers = bars.add_task("dossiers decided", total=len(progress.samples), note="")

    def update(self, note: str) -> None:
        """Show the present state of the database and what is going on; each dossier gets a line once it is decided."""
        for row in self._progress.rows():
            if row.reference not in self._told:
                self._told.add(row.reference)
                why = ", ".join((*row.missing, *row.reasons))
                self._bars.console.print(
                    f"{self._progress.seconds():6.1f} s  {row.reference}  {row.care}: "
                    f"[{row.colour}]{row.decision.value}[/]{f' ({why})' if why else ''}"
                )
        read, decided = self._progress.count()
        self._bars.update(self._papers, completed=read, note="")
        self._bars.update(self._dossiers, completed=decided, note=note)


class Progress:
    """Looks in the database how far some sample dossiers are."""

    def __init__(self, samples: Sequence[SampleDossier]) -> None:
        self.samples = samples
        self._references = [sample.claim.id for sample in samples]
        self._started_at = time.monotonic()

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started_at

    def find_unknown(self) -> list[SampleDossier]:
        """Samples that were never dropped here, or whose drop was not wholly taken."""
        from django.db.models import Count

        from storage.models import Dossier

        known = dict(
            Dossier.objects.filter(reference__in=self._references)
            .annotate(papers=Count("pieces"))
            .values_list("reference", "papers")
        )
        return [sample for sample in self.samples if known.get(sample.claim.id, 0) < len(sample.papers)]

    def count_papers(self) -> int:
        """Papers of all the samples."""
        return sum(len(sample.papers) for sample in self.samples)

    def count(self) -> tuple[int, int]:
        """How many papers are read and how many dossiers decided."""
        from storage.models import DecisionRecord, Reading

        read = Reading.objects.filter(piece__dossier__reference__in=self._references).count()
        decided = (
            DecisionRecord.objects.filter(dossier__reference__in=self._references, dossier__settled_after__isnull=True)
            .values("dossier")
            .distinct()
            .count()
        )
        return read, decided

    def is_finished(self) -> bool:
        """Whether every paper is read and every dossier decided."""
        return self.count() == (self.count_papers(), len(self.samples))

    @contextmanager
    def show(self, console: Console) -> Iterator[Display]:
        """The live bars, as long as the block runs."""
        bars = Bars(
            TextColumn("{task.description:>16}"),
            BarColumn(bar_width=40),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}[/]"),
            console=console,
        )
        with Live(bars, console=console, refresh_per_second=4):
            yield Display(bars, self)

    def rows(self) -> list[Row]:
        """One row a decided dossier, in the order of the samples."""
        from django.db.models import Count, Sum

        from storage.models import DecisionRecord, Dossier

        dossiers = Dossier.objects.filter(reference__in=self._references).annotate(
            papers=Count("pieces"), seconds=Sum("pieces__reading__seconds")
        )
        last = {
            record.dossier_id: record
            for record in DecisionRecord.objects.filter(dossier__reference__in=self._references).order_by("number")
        }
        found = {
            dossier.reference: Row(
                reference=dossier.reference,
                care=dossier.claim_type,
                papers=dossier.papers,
                decision=DecisionKind(last[dossier.id].decision),
                missing=tuple(MISSING_LABELS_FR[MissingPiece(piece)] for piece in last[dossier.id].missing),
                reasons=tuple(map(installed_rules().name_reason, last[dossier.id].reasons)),
                seconds=dossier.seconds or 0.0,
            )
            for dossier in dossiers
            if dossier.id in last
        }
        return [found[reference] for reference in self._references if reference in found]


def print_results(console: Console, rows: Sequence[Row]) -> None:
    """The result table."""
    table = Table(title=f"{len(rows)} sample dossiers", title_justify="left", header_style="bold")
    for heading in ("dossier", "care", "papers", "decision", "missing, or to check", "seconds"):
        table.add_column(heading, justify="right" if heading in ("papers", "seconds") else "left")
    for row in sorted(rows, key=lambda row: row.reference):
        table.add_row(
            row.reference,
            row.care,
            str(row.papers),
            f"[{row.colour}]{row.decision.value}[/]",
            ", ".join((*row.missing, *row.reasons)) or "–",
            f"{row.seconds:.1f}",
        )
    console.print(table)
