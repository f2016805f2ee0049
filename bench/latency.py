"""From upload to decision: how long one photo takes on an idle machine, and how many a minute a worker reads."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bench.installation import Installation, open_installation
from bench.tables import FigureTable, Kind, Row, find_percentile
from bench.truth import TrueFile, load_truth
from schemas.settings import Settings
from schemas.statuses import Door, DossierStatus
from schemas.vocabulary import ClaimType

if TYPE_CHECKING:
    from flows.context import WorkerContext
    from storage.models import Dossier

_SET = Path(__file__).parents[1] / "samples" / "set"
_PATIENCE_SECONDS = 900.0
_POLL_SECONDS = 0.02
_MOVING = (DossierStatus.RECEIVED.value, DossierStatus.PROCESSING.value)


def measure_latency(photos: int, readers: Sequence[int]) -> list[FigureTable]:
    """Upload photos one after the other, then all at once.

    Args:
        photos: how many uploads of each kind; the committed photos of one page take turns.
        readers: reader processes of each worker that gets all at once.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    papers = [file for file in load_truth(_SET) if file.channel == "photo_jpg" and file.page_count == 1]
    with open_installation() as installation:
        alone = _upload_alone(installation, papers, photos)
        rates = {f"readers: {count}": _upload_together(installation, papers, photos, count) for count in readers}
    seconds = {"n": Kind.COUNT, "p50, s": Kind.SECONDS, "p95, s": Kind.SECONDS, "of it settling, s": Kind.SECONDS}
    rate = {
        "n papers": Kind.COUNT,
        "papers a minute": Kind.NUMBER,
        "not reading": Kind.SHARE,
        "outside the OCR": Kind.SHARE,
    }
    return [
        FigureTable("Upload to decided, one photo at a time", "machine", seconds, {"idle": alone},
                    "Settling: the wait for a further paper of the same upload, a setting."),
        FigureTable("Papers at once", "worker", rate, rates,
                    "Shares of the readers' time in which no file was being read, and in which no OCR engine ran."),
    ]  # fmt: skip


@contextmanager
def _working(installation: Installation, readers: int) -> Iterator[WorkerContext]:
    """A worker's loop in a thread of its own, without a Prefect server."""
    from django.db import connections

    from flows.burst import PlainStages, work_until_idle
    from flows.context import make_context
    from flows.readers import close_readers

    context = make_context(Settings(data_dir=installation.folder, readers=readers), "bench")

    def work() -> None:
        with PlainStages(context) as runner:
            work_until_idle(context, runner, idle_seconds=_PATIENCE_SECONDS, burst_seconds=10 * _PATIENCE_SECONDS)
        connections.close_all()

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    try:
        yield context
    finally:
        context.ask_to_stop()
        thread.join()
        close_readers()


def _upload(paper: TrueFile, context: WorkerContext) -> Dossier:
    from django.utils import timezone

    from storage.intake import open_dossier, receive_piece

    now = timezone.now()
    reference = f"L{uuid.uuid4().hex[:12]}"
    dossier = open_dossier(reference, ClaimType.SOINS, now.date(), member=None, patient=None, now=now)
    receive_piece(
        # bytes behind the end of a JPEG make another original of it
        dossier, paper.path.read_bytes() + uuid.uuid4().bytes, paper.path.name, Door.SITE, reference, now,
        store=context.store, settle=timedelta(seconds=context.settings.settle_seconds),
    )  # fmt: skip
    return dossier


def _wait(dossiers: Sequence[Dossier]) -> None:
    """Until all are decided.

    Raises:
        TimeoutError: they are not, after a quarter of an hour.
    """
    from storage.models import Dossier as Row

    ends = time.monotonic() + _PATIENCE_SECONDS
    keys = [dossier.pk for dossier in dossiers]
    while Row.objects.filter(pk__in=keys, status__in=_MOVING).exists():
        if time.monotonic() > ends:
            raise TimeoutError("the worker did not decide in time")
        time.sleep(_POLL_SECONDS)


def _upload_alone(installation: Installation, papers: Sequence[TrueFile], photos: int) -> Row:
    taken = []
    with _working(installation, readers=1) as context:
        _wait([_upload(papers[0], context)])  # readers start with the first paper
        for number in range(photos):
            started = time.perf_counter()
            _wait([_upload(papers[number % len(papers)], context)])
            taken.append(time.perf_counter() - started)
        settling = context.settings.settle_seconds
    return {
        "n": len(taken),
        "p50, s": find_percentile(taken, 0.5),
        "p95, s": find_percentile(taken, 0.95),
        "of it settling, s": settling,
    }


def _upload_together(installation: Installation, papers: Sequence[TrueFile], photos: int, readers: int) -> Row:
    from storage.models import Reading

    with _working(installation, readers) as context:
        _wait([_upload(papers[number], context) for number in range(readers)])
        last = Reading.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        started = time.perf_counter()
        _wait([_upload(papers[number % len(papers)], context) for number in range(photos)])
        wall = time.perf_counter() - started
    found = list(Reading.objects.filter(pk__gt=last).values_list("seconds", "line"))
    busy = sum(seconds for seconds, _ in found)
    engine = sum(line["timings"]["read"] for _, line in found)
    return {
        "n papers": photos,
        "papers a minute": 60 * photos / wall,
        "not reading": max(0.0, 1 - busy / (wall * readers)),
        "outside the OCR": max(0.0, 1 - engine / (wall * readers)),
    }
