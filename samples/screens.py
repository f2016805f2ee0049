"""Pages on screens and through telephones' applications: screenshots, photos of a screen, scanning applications."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np

from samples.moves import Matrix, Picture, PointMap, chain, perspective, scale, shift

_BARS = ((58, 54, 50), (240, 240, 240), (90, 60, 40), (32, 32, 34), (250, 250, 252))


def show_on_computer(rng: Random, page: Picture) -> tuple[Picture, PointMap]:
    """A page in the window of a viewer."""
    height, width = page.shape[:2]
    top, side = rng.randint(40, 90), rng.randint(0, 60)
    bar = rng.choice(_BARS)
    screen = np.full((height + top, width + 2 * side, 3), bar, np.uint8)
    screen[top:, side : side + width] = page
    lighter = tuple(min(255, c + 30) if c < 200 else c - 25 for c in bar)
    cv2.rectangle(screen, (side + 10, top // 3), (side + 10 + width // 3, 2 * top // 3), lighter, -1)
    for x in range(side + 40 + width // 3, side + width - 20, rng.randint(40, 90)):
        cv2.circle(screen, (x, top // 2), 7, lighter, -1, cv2.LINE_AA)
    return screen, shift(side, top)


def show_on_telephone(rng: Random, page: Picture, *, cut: bool) -> tuple[Picture, PointMap]:
    """A page in a telephone's viewer, with the bars of the system.

    With ``cut``, the page is scrolled so that its edges may be out of sight.
    """
    height, width = page.shape[:2]
    margin = rng.randint(0, 24)
    status, bar, below = rng.randint(60, 100), rng.randint(90, 150), rng.randint(0, 140)
    tall = int((width + 2 * margin) * rng.choice((16 / 9, 19.5 / 9, 20 / 9)))
    room = tall - status - bar - below
    dark = rng.random() < 0.45
    around = rng.choice(((30, 30, 32), (90, 90, 94)) if dark else ((235, 235, 238), (200, 200, 204)))
    ink, back = ((235, 235, 235), (28, 28, 30)) if dark else ((40, 40, 40), (250, 250, 250))
    if room < height and not cut:
        tall += height - room
        room = height
    screen = np.full((tall, width + 2 * margin, 3), around, np.uint8)
    top = status + bar + max(0, (room - height) // 2)
    if cut and rng.random() < 0.5:
        top -= int(height * rng.uniform(0, 0.06))
    start, end = max(0, top), min(tall, top + height)
    screen[start:end, margin : margin + width] = page[start - top : end - top]
    screen[: status + bar] = back
    if below:
        screen[tall - below :] = back
    size = width / 900
    clock = f"{rng.randint(7, 22)}:{rng.randint(0, 59):02d}"
    cv2.putText(screen, clock, (int(30 * size), int(status * 0.7)), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2, cv2.LINE_AA)
    charge = f"{rng.randint(8, 99)}%"
    cv2.putText(
        screen,
        charge,
        (width - int(120 * size), int(status * 0.7)),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.8 * size,
        ink,
        2,
        cv2.LINE_AA,
    )
    name = rng.choice(
        ("facture.pdf", "document (3).pdf", "IMG_scan.pdf", "Piece jointe", "releve.pdf", "Mes documents")
    )
    cv2.putText(
        screen,
        f"<  {name}",
        (int(30 * size), status + int(bar * 0.62)),
        cv2.FONT_HERSHEY_SIMPLEX,
        1.1 * size,
        ink,
        2,
        cv2.LINE_AA,
    )
    return screen, shift(margin, top)


def light_up(rng: Random, page: Picture) -> tuple[Picture, PointMap]:
    """A page on a bright screen with a dark frame, as a sheet to be photographed."""
    shown, move = show_on_computer(rng, page)
    frame = int(shown.shape[1] * rng.uniform(0.01, 0.04))
    height, width = shown.shape[:2]
    screen = np.full((height + 2 * frame, width + 2 * frame, 3), rng.randint(8, 40), np.uint8)
    screen[frame : frame + height, frame : frame + width] = shown
    return screen, chain(move, shift(frame, frame))


def add_moire(rng: Random, photo: Picture, strength: float) -> Picture:
    """The waves that the grid of a screen leaves on the grid of a sensor."""
    height, width = photo.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    image = photo.astype(np.float32)
    for channel in range(3):
        angle, pitch = rng.uniform(0, np.pi), rng.uniform(6, 26)
        bend = rng.uniform(-2e-4, 2e-4)
        wave = np.sin(2 * np.pi * (xs * np.cos(angle) + ys * np.sin(angle) + bend * (xs**2 + ys**2) / 8) / pitch)
        image[:, :, channel] *= 1 + strength * wave
    image *= np.array([rng.uniform(1, 1.08), 1.0, rng.uniform(0.9, 1)], np.float32)
    return np.clip(image, 0, 255).astype(np.uint8)


def flatten_with_app(
    rng: Random, photo: Picture, corners: Matrix, ratio: float, severity: str
) -> tuple[Picture, PointMap]:
    """What a scanning application makes of a photo: the sheet cut out, and the print made hard.

    Args:
        rng: source of chance.
        photo: the photo.
        corners: of the sheet in the photo, clockwise from the top left.
        ratio: height of the sheet over its width.
        severity: see ``samples.degrade``; the harder, the worse the corners are found.
    """
    slip = {"clean": 0.002, "usual": 0.006, "hard": 0.016, "illegible": 0.01}[severity]
    width = int(rng.choice((1240, 1240, 1080, 1500)))
    height = int(width * ratio)
    found = corners + np.array([[rng.uniform(-slip, slip) * width for _ in range(2)] for _ in range(4)])
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(found.astype(np.float32), target)
    image = cv2.warpPerspective(photo, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return _enhance(rng, image, severity), perspective(np.asarray(matrix, np.float64))


def _enhance(rng: Random, image: Picture, severity: str) -> Picture:
    mode = rng.choice(("magic", "magic", "grey", "binary", "sharp"))
    if mode == "binary" and severity == "hard":
        mode = "binary"
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if mode == "binary":
        block = rng.choice((25, 35, 51))
        made: Picture = cv2.adaptiveThreshold(
            cv2.GaussianBlur(grey, (0, 0), 0.8),
            255,
            cv2.ADAPTIVE_THRESH_GAUSSIAN_C,
            cv2.THRESH_BINARY,
            block,
            rng.randint(8, 15),
        )
        return made
    small = cv2.resize(image, (image.shape[1] // 8, image.shape[0] // 8), interpolation=cv2.INTER_AREA)
    ground = cv2.GaussianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (0, 0), 4)
    ground = cv2.resize(ground, (image.shape[1], image.shape[0])).astype(np.float32)
    if mode in ("magic", "grey"):
        flat = np.clip(image.astype(np.float32) / np.maximum(ground, 30) * 255, 0, 255)
        flat = np.clip((flat - 128) * rng.uniform(1.15, 1.7) + 140, 0, 255)
        image = flat.astype(np.uint8)
    if mode == "grey":
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(1, 2.2))
    amount = rng.uniform(0.6, 2.0)
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)


def shrink(picture: Picture, long_side: int) -> tuple[Picture, PointMap]:
    """A picture made smaller, as messengers do."""
    factor = long_side / max(picture.shape[:2])
    if factor >= 1:
        return picture, scale(1)
    size = (round(picture.shape[1] * factor), round(picture.shape[0] * factor))
    made = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    way = np.array([size[0] / picture.shape[1], size[1] / picture.shape[0]])
    return made, lambda points: points * way
