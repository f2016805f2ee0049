"""What is wrong with a file, told before it is sent.

The file is looked at in a reader process of this site's own, bounded in time and memory, and forgotten. What was told
comes back with the sending under our signature, so that "it is readable, send it anyway" can be remembered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from concurrent.futures import TimeoutError as StillLookingError
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from extractors.results import PagePreview, ReadFile
from portal.site_reader import open_reader
from portal.uploads import digest_file
from schemas.advice import SenderWarning, advise_reading
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode
from schemas.readings import FileReading
from schemas.vocabulary import Legibility

#: Seconds after which a file is sent unseen: nobody waits longer for a hint, and another file waits for the reader.
PATIENCE = 1.9
#: Files that may wait for the reader at once: one more would wait in vain, and hold a thread of the site.
_MOST_AT_ONCE = 6
_SALT = "liasse.first-look"
_DAY = 24 * 3600

_places = BoundedSemaphore(_MOST_AT_ONCE)


@dataclass(frozen=True)
class FirstLook:
    """What can be said of a file before it is read.

    Attributes:
        looked: False where there was no time: nothing is known, and nothing is held against the file.
        legible: nothing wrong was seen.
        sentences: what is wrong and what to do, in French, by page.
        token: what was told, signed; empty where nothing is wrong.
        pages: pictures of the pages that were looked at, where they were asked for.
    """

    looked: bool
    legible: bool = True
    sentences: tuple[str, ...] = ()
    token: str = ""
    pages: tuple[PagePreview, ...] = ()


def look_at(file: UploadedFile[bytes], *, previews: bool = False) -> FirstLook:
    """Look at one file; quick, or not at all.

    Args:
        file: not kept.
        previews: also draw its pages, for a browser that cannot.
    """
    seen = _look(file, previews)
    if seen is None or seen.reading.refusal is RefusalCode.TIMEOUT:
        return FirstLook(looked=False)
    codes, sentences = _find_faults(seen.reading)
    if not codes:
        return FirstLook(looked=True, pages=seen.previews)
    token = signing.dumps([digest_file(file), codes], salt=_SALT, compress=True)
    return FirstLook(looked=True, legible=False, sentences=sentences, token=token, pages=seen.previews)


def _look(file: UploadedFile[bytes], previews: bool) -> ReadFile | None:
    """What a reader sees; None where none has the time."""
    if not _places.acquire(blocking=False):
        return None
    try:
        with tempfile.NamedTemporaryFile(prefix="liasse-look-") as copy:
            copy.writelines(file.chunks())
            copy.flush()
            answer = open_reader().look(Path(copy.name), "look", PATIENCE, previews=previews)
            try:
                return answer.result(PATIENCE)
            except StillLookingError:
                answer.cancel()
                return None
    finally:
        _places.release()


def _find_faults(reading: FileReading) -> tuple[list[str], tuple[str, ...]]:
    """What is wrong: its codes, and the sentences that say it and what to do; none of either for a good file."""
    if reading.refusal is not None:
        return [reading.refusal.value], (REFUSAL_SENTENCES_FR[reading.refusal],)
    bad = [page for page in reading.pages if page.legibility is not Legibility.LEGIBLE]
    codes = list(dict.fromkeys(reason.value for page in bad for reason in page.reasons))
    several = len(reading.pages) > 1
    return codes, tuple(
        f"Page {number} : {sentence}" if several else sentence
        for number, told in sorted(advise_reading(reading).items())
        for sentence in told
    )


def read_warnings(told: Iterable[str], confirmed: Iterable[str]) -> dict[str, SenderWarning]:
    """What senders were told, by SHA-256 of the file; what we did not sign, or long ago, is left out.

    Args:
        told: tokens of what they were told, and sent without a word.
        confirmed: tokens of what they were told, and answered that it is readable.
    """
    warnings = {}
    for token, is_confirmed in [*((token, False) for token in told), *((token, True) for token in confirmed)]:
        try:
            digest, codes = signing.loads(token, salt=_SALT, max_age=_DAY)
        except (signing.BadSignature, ValueError, TypeError):
            continue
        warnings[str(digest)] = SenderWarning(tuple(str(code) for code in codes), is_confirmed)
    return warnings
