"""Image files: JPEG, PNG, TIFF, HEIC, WebP, GIF, BMP."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from extractors.frames import Picture, scale_by
from extractors.limits import Limits
from extractors.pages import OpenedFile, PageSize, ReceivedPage
from extractors.provenance import describe_picture
from schemas.errors import FileRefusedError, RefusalCode

#: Media types opened here, and nothing else: every decoder that is not needed is one that cannot be attacked.
PICTURE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/heic",
        "image/heif",
        "image/avif",
        "image/webp",
        "image/gif",
        "image/bmp",
        "image/x-ms-bmp",
    }
)
_DECODERS = ("JPEG", "PNG", "TIFF", "HEIF", "AVIF", "WEBP", "GIF", "BMP")

#: Larger pictures are reduced at once: no text needs them, and memory is bounded.
_WORKING_PIXELS = 24_000_000
#: A picture that stops early is read only if at least this share of it is there.
_LEAST_SHARE = 0.6


@lru_cache(maxsize=1)
def _prepare_decoders() -> None:
    """Register HEIF; our own limits replace Pillow's."""
    import pillow_heif
    from PIL import AvifImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401  they register

    Image.preinit()
    pillow_heif.register_heif_opener()
    pillow_heif.options.DECODE_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None


def open_picture(data: bytes, limits: Limits) -> OpenedFile:
    """Open an image file; its pixels are not decoded yet.

    Raises:
        FileRefusedError: damaged, too many pixels, too many pages.
    """
    _prepare_decoders()
    image = _open_image(data)
    _check_pixels(image, limits)
    # Frames of an animation or the depth map of a phone's MPO are no pages; those of a TIFF are.
    pages = 1
    if image.format == "TIFF":
        try:
            pages = int(getattr(image, "n_frames", 1))
        except Exception as error:
            raise FileRefusedError(RefusalCode.DAMAGED, type(error).__name__) from error
    if pages > limits.max_pages:
        raise FileRefusedError(RefusalCode.TOO_MANY_PAGES, f"{pages} pages")
    return OpenedFile(pages, lambda number: _PicturePage(data, number, limits), describe_picture(image), image.close)


class _PicturePage(ReceivedPage):
    def __init__(self, data: bytes, number: int, limits: Limits) -> None:
        self.number = number
        self._share_lost = 0.0
        image = _open_image(data)
        if number > 1:
            try:
                image.seek(number - 1)
            except (EOFError, OSError, ValueError) as error:
                raise FileRefusedError(RefusalCode.DAMAGED, f"page {number}") from error
        _check_pixels(image, limits)
        turned = _read_exif_orientation(image) in {5, 6, 7, 8}
        width, height = image.size[::-1] if turned else image.size
        self.size = PageSize(float(width), float(height), "px")
        self._picture = self._decode(data, image)
        image.close()

    @property
    def cut_share(self) -> float:
        return self._share_lost

    def render(self, *, long_side: int | None = None) -> Picture:
        picture = self._picture
        longest = max(picture.width, picture.height)
        if long_side is None or longest <= long_side:
            return picture
        factor = long_side / longest
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        reduced = Image.fromarray(picture.pixels).resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        return picture.derive(np.asarray(reduced), scale_by(picture.width / size[0], picture.height / size[1]))

    def _decode(self, data: bytes, image: Image.Image) -> Picture:
        pixel_count = image.size[0] * image.size[1]
        if image.format == "JPEG" and pixel_count > _WORKING_PIXELS:
            image.draft(None, (image.size[0] // 2, image.size[1] // 2))
        try:
            image.load()
        except Exception as error:
            image = self._decode_what_is_there(data, error)
        if image.size[0] * image.size[1] > _WORKING_PIXELS:
            factor = int(np.ceil(np.sqrt(image.size[0] * image.size[1] / _WORKING_PIXELS)))
            turn = image.getexif().get(0x0112)
            image = image.reduce(factor)
            if turn:
                image.getexif()[0x0112] = turn
        if _read_exif_orientation(image) != 1:
            image = ImageOps.exif_transpose(image)
        pixels = to_grey_or_rgb(image)
        height, width = pixels.shape[:2]
        return Picture(pixels, scale_by(self.size.width / width, self.size.height / height))

    def _decode_what_is_there(self, data: bytes, error: Exception) -> Image.Image:
        """A picture that stops early, if most of it is there."""
        image = _open_image(data)
        if image.format not in {"JPEG", "MPO", "PNG"}:
            raise FileRefusedError(RefusalCode.DAMAGED, type(error).__name__) from error
        # The only switch that Pillow offers is global; a reader process decodes one picture at a time.
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        except Exception as second:
            raise FileRefusedError(RefusalCode.DAMAGED, type(second).__name__) from second
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        self._share_lost = _measure_missing_rows(np.asarray(image.convert("L")))
        if self._share_lost > 1.0 - _LEAST_SHARE:
            raise FileRefusedError(RefusalCode.DAMAGED, f"{self._share_lost:.0%} of the picture is missing") from error
        return image


def to_grey_or_rgb(image: Image.Image) -> npt.NDArray[np.uint8]:
    """8-bit grey or RGB pixels of an image of any mode, on white paper where it is transparent."""
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        return _stretch_deep(np.asarray(image, dtype=np.float64))
    if mode in {"1", "L"}:
        return np.asarray(image.convert("L"))
    if mode == "P" and "transparency" not in image.info:
        image = image.convert("RGB")
    if mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        image = image.convert("RGBA")
        if np.asarray(image.getchannel("A")).min() < 255:
            paper = Image.new("RGBA", image.size, "white")
            paper.alpha_composite(image)
            image = paper
    return np.asarray(image.convert("RGB"))


def _stretch_deep(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """16-bit (or float) grey to 8 bits: the full scale where it is used, else what is used of it."""
    top = float(values.max(initial=0.0))
    scale = 65535.0 if top > 4095 else 4095.0 if top > 255 else 255.0
    return np.asarray(np.clip(values * (255.0 / scale), 0, 255), dtype=np.uint8)


def _open_image(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=_DECODERS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError, KeyError) as error:
        raise FileRefusedError(RefusalCode.DAMAGED, type(error).__name__) from error


def _check_pixels(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        raise FileRefusedError(RefusalCode.TOO_MANY_PIXELS, f"{width} x {height}")
    if width < 1 or height < 1:
        raise FileRefusedError(RefusalCode.NO_PAGE, "no pixel")


def _read_exif_orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # a broken EXIF block says nothing about the picture
        return 1


def _measure_missing_rows(grey: npt.NDArray[np.uint8]) -> float:
    """Share of rows at the bottom in which nothing at all changes: what a decoder leaves where data stops."""
    spread = grey.max(axis=1).astype(int) - grey.min(axis=1)
    alive = np.nonzero(spread > 2)[0]
    last = int(alive[-1]) + 1 if len(alive) else 0
    return 1.0 - last / int(grey.shape[0])
