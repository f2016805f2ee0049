"""What a drop is made of: the names of its files, and what it is called in logs."""

from __future__ import annotations

import hashlib
import os

from schemas.errors import LiasseError

CLAIM_FILE = "claim.json"
PAPERS_FILE = "papers.json"
#: What says what a drop is for; a drop has one of them.
HEADS = (CLAIM_FILE, PAPERS_FILE)
REFUSED = ".refused"
#: Ending of the file, beside a drop that was set aside, that says why.
REASON = ".reason.txt"
#: Our own note in a drop: all of it is stored, and it is being taken away. Who finds it ends that.
TAKEN = ".taken"


class DropRefusedError(LiasseError):
    """A drop does not say what it is for; it is set aside."""

    code = "drop_refused"


def mask_name(drop: str) -> str:
    """What a drop is called in logs, because senders name folders after people: the start of the name's SHA-256."""
    return hashlib.sha256(os.fsencode(drop)).hexdigest()[:12]
