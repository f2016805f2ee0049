"""What is wrong with a file, told before it is sent.

The file is looked at in a reader process of this site's own, bounded in time and memory, and forgotten. What was told
comes back with the sending under our signature, so that "it is readable, send it anyway" can be remembered.
"""

from __future__ import annotations

import atexit
import hashlib
import tempfile
from collections.abc import Iterable
from concurrent.futures import TimeoutError as StillLookingError
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from extractors.limits import Limits
from extractors.pool import ReaderPool
from schemas.advice import advise_reading
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.settings import load_settings
from schemas.vocabulary import Legibility

#: Seconds after which the file is sent unseen: nobody waits longer for a hint.
_PATIENCE = 2.2
#: Seconds after which a reader that still looks is ended: another file waits for it.
_LONGEST = 6.0
_SALT = "liasse.first-look"
_DAY = 24 * 3600

_lock = Lock()
_pool: ReaderPool | None = None
_serving = False


@dataclass(frozen=True)
class FirstLook:
    """What can be said of a file before it is read.

    Attributes:
        looked: False where there was no time: nothing is known, and nothing is held against the file.
        legible: nothing wrong was seen.
        sentences: what is wrong and what to do, in French, by page.
        token: what was told, signed; empty where nothing is wrong.
    """

    looked: bool
    legible: bool = True
    sentences: tuple[str, ...] = ()
    token: str = ""


def warm_up_on_demand() -> None:
    """This process serves the site: ``warm_up`` may start a reader before there is anything to look at."""
    global _serving
    _serving = True


def warm_up() -> None:
    """Start the reader in the background, while the member still chooses files."""
    if _serving and _pool is None:
        Thread(target=lambda: _open_pool().warm_up(), daemon=True).start()


def look_at(file: UploadedFile[bytes]) -> FirstLook:
    """Look at one file; quick, or not at all."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(prefix="liasse-look-") as copy:
        for chunk in file.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        answer = _open_pool().look(Path(copy.name), "look", _LONGEST)
        try:
            reading = answer.result(_PATIENCE).reading
        except StillLookingError:
            return FirstLook(looked=False)
    if reading.refusal is RefusalCode.TIMEOUT:
        return FirstLook(looked=False)
    codes: tuple[str, ...]
    sentences: tuple[str, ...]
    if reading.refusal is not None:
        codes, sentences = (reading.refusal.value,), (REFUSAL_SENTENCES_FR[reading.refusal],)
    else:
        bad = [page for page in reading.pages if page.legibility is not Legibility.LEGIBLE]
        if not bad:
            return FirstLook(looked=True)
        codes = tuple(dict.fromkeys(reason.value for page in bad for reason in page.reasons)) or ("doubtful",)
        advice = advise_reading(reading)
        several = len(reading.pages) > 1
        sentences = tuple(
            f"Page {number} : {sentence}" if several else sentence
            for number, told in sorted(advice.items())
            for sentence in told
        )
    token = signing.dumps([digest.hexdigest(), list(codes)], salt=_SALT, compress=True)
    return FirstLook(looked=True, legible=False, sentences=sentences, token=token)


def read_warnings(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What senders were told, by SHA-256 of the file; what we did not sign, or long ago, is left out."""
    warnings = {}
    for token in tokens:
        try:
            digest, codes = signing.loads(token, salt=_SALT, max_age=_DAY)
        except (signing.BadSignature, ValueError, TypeError):
            continue
        warnings[str(digest)] = tuple(str(code) for code in codes)
    return warnings


def _open_pool() -> ReaderPool:
    global _pool
    settings = load_settings()
    with _lock:
        if _pool is None:
            limits = Limits(
                max_file_bytes=settings.max_file_bytes, max_pages=settings.max_pages, max_pixels=settings.max_pixels
            )
            _pool = ReaderPool(1, limits, settings.read_timeout_seconds, settings.reader_memory_bytes)
            atexit.register(close)
        return _pool


def close() -> None:
    """End the reader."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.close(wait_for_files=False)
            _pool = None
