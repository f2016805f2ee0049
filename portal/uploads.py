"""What is wrong with the files of a sending, whatever door they come to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from portal.french import show_size
from portal.limits import UploadLimits
from schemas.errors import REFUSAL_SENTENCES_FR, RefusalCode


@dataclass(frozen=True)
class FileFault:
    """One reason to refuse a sending.

    Attributes:
        code: stable.
        en, fr: for the integrator, and for the member.
    """

    code: str
    en: str
    fr: str


def digest_file(file: UploadedFile[bytes]) -> str:
    """SHA-256 of an uploaded file, which is then at its start again."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def find_file_faults(files: Sequence[UploadedFile[bytes]], limits: UploadLimits) -> tuple[FileFault, ...]:
    """Every reason to refuse a sending: no file, too many, too heavy, empty."""
    if not files:
        return (FileFault("no_file", "Send at least one file.", "Ajoutez au moins un document."),)
    faults = []
    if len(files) > limits.files:
        faults.append(FileFault("too_many_files", f"At most {limits.files} files at once.", limits.too_many_fr))
    sizes = [file.size or 0 for file in files]
    if sum(sizes) > limits.total_bytes:
        english = f"At most {limits.total_bytes} bytes at once."
        faults.append(FileFault("too_heavy", english, limits.too_heavy_fr))
    for rank, (file, size) in enumerate(zip(files, sizes, strict=True), start=1):
        if size > limits.file_bytes:
            heavy = f"{show_size(size)}, {show_size(limits.file_bytes)} au plus"
            french = f"« {file.name} » ({heavy}) : {REFUSAL_SENTENCES_FR[RefusalCode.TOO_LARGE]}"
            english = f"File {rank} is too large: at most {limits.file_bytes} bytes."
            faults.append(FileFault(RefusalCode.TOO_LARGE.value, english, french))
        elif size == 0:
            french = f"« {file.name} » : {REFUSAL_SENTENCES_FR[RefusalCode.EMPTY]}"
            faults.append(FileFault(RefusalCode.EMPTY.value, f"File {rank} is empty.", french))
    return tuple(faults)
