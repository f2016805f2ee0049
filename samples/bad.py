"""Small hostile files, to show that each is refused or handled with its own reason: ``python -m samples.bad OUT``."""

from __future__ import annotations

import argparse
import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pikepdf

from samples.containers import to_jpeg

_STAMP = (2026, 1, 5, 9, 30, 0)


def make_encrypted_pdf() -> bytes:
    """A PDF that asks for a password (its key is drawn anew at each making)."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="proprietaire", user="secret", R=6))
    return out.getvalue()


def make_zip() -> bytes:
    """An archive, to be given the name of a PDF."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("facture.txt", _STAMP), "Ceci n'est pas un PDF.\n")
    return out.getvalue()


def make_truncated_jpeg() -> bytes:
    """The first third of a photo."""
    ramp = np.tile(np.arange(0, 240, dtype=np.uint8), (320, 2))
    whole = to_jpeg(np.ascontiguousarray(np.stack([ramp, ramp[::-1], ramp], axis=2)), 80)
    return whole[: len(whole) // 3]


def make_huge_png(side: int = 30000) -> bytes:
    """A black-and-white PNG of ``side`` x ``side`` pixels that weighs little."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * ((side + 7) // 8)
    body = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def make_long_pdf(pages: int = 500) -> bytes:
    """A PDF of many empty pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def write_bad_files(folder: Path) -> None:
    """Writes every hostile file under ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "encrypted.pdf": make_encrypted_pdf(),
        "zip_renamed.pdf": make_zip(),
        "empty.pdf": b"",
        "truncated.jpg": make_truncated_jpeg(),
        "huge.png": make_huge_png(),
        "500pages.pdf": make_long_pdf(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make small hostile files.")
    parser.add_argument("out", type=Path)
    write_bad_files(parser.parse_args().out)


if __name__ == "__main__":
    main()
