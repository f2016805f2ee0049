"""What may be sent, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from portal.french import enumerate_words, show_size
from schemas.rules import installed_rules
from schemas.settings import load_settings

#: Formats by the extension that the rule file names: what people call them, and what a file picker wants to hear.
_FORMATS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pdf": ("PDF", ("application/pdf",)),
    "jpg": ("JPEG", ("image/jpeg",)),
    "jpeg": ("JPEG", ("image/jpeg",)),
    "png": ("PNG", ("image/png",)),
    "heic": ("HEIC", ("image/heic",)),
    "heif": ("HEIC", ("image/heif",)),
    "tif": ("TIFF", ("image/tiff",)),
    "tiff": ("TIFF", ("image/tiff",)),
    "webp": ("WebP", ("image/webp",)),
}


@dataclass(frozen=True)
class UploadLimits:
    """Limits of one deposit.

    Attributes:
        files: number of files.
        file_bytes: size of one file.
        total_bytes: size of all files together.
        formats: file name extensions offered by the file picker; what a file is gets decided from its content.
    """

    files: int
    file_bytes: int
    total_bytes: int
    formats: tuple[str, ...]

    @property
    def extensions(self) -> str:
        """Extensions with their dot, separated by commas."""
        return ",".join(f".{extension}" for extension in self.formats)

    @property
    def accept(self) -> str:
        """Value of the ``accept`` attribute of a file input."""
        media = (kind for extension in self.formats for kind in _FORMATS.get(extension, ("", ()))[1])
        return ",".join((self.extensions, *dict.fromkeys(media)))

    @property
    def sentence_fr(self) -> str:
        """What may be sent, for people."""
        names = dict.fromkeys(_FORMATS.get(extension, (extension.upper(), ()))[0] for extension in self.formats)
        return (
            f"{enumerate_words(list(names))} ; {self.files} fichiers au plus, "
            f"{show_size(self.file_bytes)} par fichier, {show_size(self.total_bytes)} en tout."
        )

    @property
    def too_many_fr(self) -> str:
        """Too many files."""
        return f"Vous avez choisi trop de fichiers : {self.files} au plus par envoi. Faites plusieurs envois."

    @property
    def too_heavy_fr(self) -> str:
        """Too heavy all together."""
        return (
            f"L’ensemble des fichiers est trop lourd : {show_size(self.total_bytes)} au plus par envoi. "
            "Faites plusieurs envois."
        )


@lru_cache(maxsize=1)
def load_limits() -> UploadLimits:
    """The limits of this installation: the insurer's, never above what the readers take."""
    uploads = installed_rules().uploads
    return UploadLimits(
        files=uploads.max_files,
        file_bytes=min(uploads.max_file_bytes, load_settings().max_file_bytes),
        total_bytes=uploads.max_total_bytes,
        formats=tuple(extension.lower().lstrip(".") for extension in uploads.formats),
    )


class RequestSizeMiddleware:
    """Answers 413 to a request announced larger than any deposit may be, before a byte of it is written down."""

    #: Room for the other form fields and the separators of the parts.
    MARGIN_BYTES = 1_000_000

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse for its size."""
        try:
            announced = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            announced = 0
        if announced > load_limits().total_bytes + self.MARGIN_BYTES:
            from portal.views.errors import too_large  # views need Django's applications to be ready

            return too_large(request)
        return self.get_response(request)
