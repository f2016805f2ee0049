"""What flat-bed scanners, copiers and fax machines do to a page, and what poor OCR hides under the picture."""

from __future__ import annotations

import io
import logging
from random import Random

import cv2
import numpy as np
import pdfplumber

from samples.containers import HiddenWord
from samples.moves import Matrix, Picture, PointMap, affine, move_box
from samples.render import PrintedPaper
from samples.wear import Worn
from schemas.geometry import Box

# Chromium's drawn (Type 3) glyphs have no font descriptor; the reader of PDFs complains of each.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def scan(rng: Random, sheet: Worn, channel: str, severity: str, *, colour: bool) -> tuple[Picture, PointMap]:
    """A page through a scanner, a copier or a fax.

    Args:
        rng: source of chance.
        sheet: the page.
        channel: "fax", "photocopy", "copy_of_copy", or anything else for a scanner.
        severity: see ``samples.degrade``.
        colour: keep the colours.

    Returns:
        The picture (boolean for a fax, True is ink), and where its points went.
    """
    noise = np.random.default_rng(rng.getrandbits(32))
    copied = channel in ("photocopy", "copy_of_copy")
    clean = _lid(rng, sheet, dark=copied and rng.random() < 0.5)
    height, width = clean.shape[:2]
    image: Picture
    matrix: Matrix
    limit = {"clean": 0.25, "usual": 1.1, "hard": 2.6, "illegible": 2.0}[severity]
    if channel == "copy_of_copy":
        limit *= 1.8
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-limit, limit), 1)
    matrix[:, 2] += [rng.uniform(-0.006, 0.006) * width for _ in range(2)]
    lid = 25 if copied and rng.random() < 0.45 else 190 if rng.random() < 0.15 and severity != "clean" else 255
    edge = (lid, lid, lid)
    paper = rng.randint(236, 252) if severity == "clean" else rng.randint(222, 248)
    image = cv2.warpAffine(clean, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=edge).astype(np.float32)
    if channel == "fax" or copied or not colour:
        image = cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_BGR2GRAY).astype(np.float32)
    ink = {"clean": 12, "usual": 30, "hard": 70, "illegible": 120}[severity]
    image = ink + image * (paper - ink) / 255
    blur = {"clean": 0.3, "usual": 0.6, "hard": 1.0, "illegible": 0.8}[severity]
    if severity == "illegible":
        blur = width / 1654 * rng.uniform(6.5, 9)
    image = cv2.GaussianBlur(image, (0, 0), blur)
    image = image + noise.normal(0, {"clean": 1.5, "usual": 4, "hard": 9, "illegible": 10}[severity], image.shape)
    if channel == "copy_of_copy":
        image = _copy_again(rng, noise, image, severity)
    if channel == "fax":
        threshold = {"clean": 158, "usual": 160, "hard": 172, "illegible": 160}[severity]
        if severity in ("hard", "illegible"):
            image = cv2.resize(
                cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), (width, height)
            )
        ink_map = image < threshold + noise.normal(0, 10, image.shape)
        _speckle(noise, ink_map, {"clean": 0.00004, "usual": 0.0002, "hard": 0.0008, "illegible": 0.002}[severity])
        if severity != "clean":
            _fax_lines(rng, ink_map, severity)
        return ink_map, affine(matrix)
    if not copied and severity != "clean" and rng.random() < (0.12 if severity == "usual" else 0.35):
        _dust_lines(rng, image)
    if copied:
        image = (image - 128) * 1.55 + 150
        shade = np.linspace(rng.uniform(-45, 0), rng.uniform(-12, 8), width, dtype=np.float32)[None, :]
        image = image + shade
        image[:, : rng.randint(4, 30)] = rng.randint(20, 70)
        spots = np.zeros(image.shape, bool)
        _speckle(noise, spots, {"clean": 0.00004, "usual": 0.00015, "hard": 0.0005, "illegible": 0.001}[severity])
        image[spots] = 25
    elif severity == "hard" and rng.random() < 0.5:
        ghost = cv2.GaussianBlur(clean[:, ::-1], (0, 0), 2).astype(np.float32)
        ghost = (
            cv2.cvtColor(ghost.astype(np.uint8), cv2.COLOR_BGR2GRAY).astype(np.float32) if image.ndim == 2 else ghost
        )
        image = image - (255 - ghost) * 0.14
    return np.clip(image, 0, 255).astype(np.uint8), affine(matrix)


def _lid(rng: Random, sheet: Worn, *, dark: bool) -> Picture:
    """The sheet on the glass: through holes and torn corners shows the lid."""
    if sheet.gone is None:
        return sheet.picture
    lid = np.uint8(rng.randint(20, 60) if dark else rng.randint(215, 252))
    rim = cv2.morphologyEx(sheet.gone, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 100
    image = sheet.picture.copy()
    image[sheet.gone > 127] = lid
    image[rim] = np.minimum(image[rim], 195)
    return image


def _copy_again(rng: Random, noise: np.random.Generator, image: Picture, severity: str) -> Picture:
    """A second pass through a copier: thicker or thinner strokes, harder contrast, more dust."""
    strength = {"clean": 0.5, "usual": 1.0, "hard": 1.6, "illegible": 1.6}[severity]
    image = cv2.GaussianBlur(image, (0, 0), 0.45 + 0.35 * strength)
    level = rng.uniform(165, 190)
    image = 255 / (1 + np.exp(-(image - level) / (42 / (0.6 + strength))))
    spots = np.zeros(image.shape, bool)
    _speckle(noise, spots, 0.00012 * strength)
    image[spots] = 30
    return np.asarray(image, np.float32)


def _fax_lines(rng: Random, ink: Picture, severity: str) -> None:
    """Lines that a bad telephone line lost or burnt, and the sender's line at the top."""
    height, width = ink.shape
    for _ in range(rng.choice((0, 1, 2)) if severity == "usual" else rng.randint(1, 6)):
        y = rng.randrange(height)
        ink[y : y + rng.randint(1, 2)] = rng.random() < 0.5
    if rng.random() < 0.6:
        day = (
            f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/2026 {rng.randint(8, 18):02d}:{rng.randint(0, 59):02d}"
        )
        text = f"{day}   DE : {rng.choice(('CABINET', '0199000143', 'MAISON'))}   P.{rng.randint(1, 3):02d}"
        line = np.zeros((34, width), np.uint8)
        cv2.putText(line, text, (rng.randint(20, 120), 24), cv2.FONT_HERSHEY_PLAIN, 1.5, 255, 2)
        ink[:34] |= line > 128


def _dust_lines(rng: Random, image: Picture) -> None:
    """Thin lines down the whole page, from dust on the glass of a sheet feeder."""
    width = image.shape[1]
    for _ in range(rng.randint(1, 3)):
        x = rng.randrange(width)
        image[:, x : x + rng.randint(1, 2)] *= rng.uniform(0.55, 0.85)


def _speckle(noise: np.random.Generator, picture: Picture, share: float) -> None:
    """Dust: small dots set to True."""
    height, width = picture.shape[:2]
    for _ in range(int(share * height * width / 3)):
        y, x = noise.integers(0, height), noise.integers(0, width)
        size = int(noise.integers(1, 4))
        picture[y : y + size, x : x + size] = True


def spoil_words(rng: Random, printed: PrintedPaper, page: int, move: PointMap) -> list[HiddenWord]:
    """The words of a page as a poor OCR engine of the past would have hidden them under the picture."""
    swaps = {
        "0": "O",
        "1": "l",
        "5": "S",
        "8": "B",
        "é": "e",
        "è": "e",
        "m": "rn",
        "€": "E",
        ",": ".",
        "6": "b",
        "I": "l",
        "g": "q",
    }
    words = []
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        for word in document.pages[page - 1].extract_words():
            if rng.random() < 0.08:
                continue
            text = "".join(swaps.get(c, c) if rng.random() < 0.35 else c for c in word["text"])
            if rng.random() < 0.07:
                text = text[::-1]
            words.append(HiddenWord(text, move_box(move, Box(word["x0"], word["top"], word["x1"], word["bottom"]))))
    return words
