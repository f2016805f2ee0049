"""What an opened file offers to the rest of the reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from extractors.frames import Picture
from schemas.readings import Provenance


@dataclass(frozen=True, slots=True)
class PageSize:
    """Size of a page as displayed.

    Attributes:
        width: in ``unit``.
        height: in ``unit``.
        unit: "px" for images, "pt" for PDF pages.
    """

    width: float
    height: float
    unit: str


class ReceivedPage(ABC):
    """One page as received, decoded only when it is asked for.

    Attributes:
        number: from 1.
        size: as displayed (EXIF orientation and PDF rotation applied).
    """

    number: int
    size: PageSize

    @abstractmethod
    def render(self, *, long_side: int | None = None) -> Picture:
        """The picture of the page.

        Args:
            long_side: pixels wanted along the longer side (a preview); without it, as many as reading needs.

        Raises:
            FileRefusedError: it cannot be decoded, or would take too many pixels.
        """

    @property
    def cut_share(self) -> float:
        """Share of the picture that is lost because the file stops early, 0 to 1."""
        return 0.0


@dataclass(slots=True)
class OpenedFile:
    """A file that could be opened.

    Attributes:
        page_count: at least 1.
        load_page: gives the page of a number, from 1.
        provenance: what the file says of how it was made.
        close: frees what was opened.
    """

    page_count: int
    load_page: Callable[[int], ReceivedPage]
    provenance: Provenance
    close: Callable[[], None] = field(default=lambda: None)

    def __iter__(self) -> Iterator[ReceivedPage]:
        for number in range(1, self.page_count + 1):
            yield self.load_page(number)
