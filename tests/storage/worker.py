"""A worker process for the concurrency tests: reads and decides until nothing is left, or until it is killed.

It prints a line for everything it does: ``claimed ID``, ``read ID``, ``decided ID``.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta


def main(owner: str, lease_seconds: float, idle_seconds: float, hang: bool) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from schemas.errors import LeaseLostError
    from storage.work import claim_dossiers, claim_pieces, save_decision, save_reading
    from tests.storage.build import make_decision, make_reading

    def say(*words: object) -> None:
        sys.stdout.write(" ".join(str(word) for word in words) + "\n")
        sys.stdout.flush()

    lease = timedelta(seconds=lease_seconds)
    say("started", owner)
    idle_since = time.monotonic()
    while time.monotonic() - idle_since < idle_seconds:
        pieces = claim_pieces(owner, 3, timezone.now(), lease, max_attempts=50)
        for piece in pieces:
            say("claimed", piece.id)
        if hang and pieces:
            time.sleep(600)
        for piece in pieces:
            try:
                save_reading(
                    piece,
                    make_reading(piece),
                    worker=owner,
                    seconds=0.0,
                    now=timezone.now(),
                    settle=timedelta(seconds=0.1),
                )
                say("read", piece.id)
            except LeaseLostError:
                say("lost", piece.id)
        dossiers = claim_dossiers(owner, 3, timezone.now(), lease)
        for dossier in dossiers:
            try:
                save_decision(dossier, make_decision(dossier.reference), worker=owner, now=timezone.now())
                say("decided", dossier.id)
            except LeaseLostError:
                say("lost", dossier.id)
        if pieces or dossiers:
            idle_since = time.monotonic()
        else:
            time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4:] == ["hang"])
