"""What lies under a photographed paper: wood, cloth, stone, tiles, a bed, a keyboard, other papers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import cv2
import numpy as np

from samples.moves import Picture


def _noise(rng: Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(32))


def _flat(width: int, height: int, colour: tuple[int, int, int]) -> Picture:
    return np.full((height, width, 3), colour, np.float32)


def _spots(rng: Random, width: int, height: int, size: float, amount: float) -> Picture:
    """Soft spots around zero, ``size`` pixels wide."""
    small = _noise(rng).normal(0, amount, (int(height / size) + 2, int(width / size) + 2)).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _wood(rng: Random, width: int, height: int) -> Picture:
    base = rng.choice(
        ((62, 98, 142), (40, 66, 98), (96, 140, 178), (70, 84, 110), (110, 160, 200), (35, 45, 62), (150, 185, 205))
    )
    noise = _noise(rng)
    image: Picture
    fine: Picture = noise.normal(0, 1, (height // 2, width // 8 + 2)).astype(np.float32)
    fine = cv2.GaussianBlur(fine, (0, 0), sigmaX=6, sigmaY=0.8)
    fine = cv2.resize(fine, (width, height), interpolation=cv2.INTER_LINEAR)
    broad = _spots(rng, width, height, height / 12, 9)
    image = _flat(width, height, base) + (fine * 60 + cv2.GaussianBlur(broad, (0, 0), sigmaX=40, sigmaY=3))[:, :, None]
    step = rng.randint(120, 420)
    for y in range(rng.randint(40, 200), height, step):
        image[y : y + rng.randint(2, 5)] *= 0.6
        image[y : y + step] *= rng.uniform(0.9, 1.1)
    if rng.random() < 0.5:
        image = np.ascontiguousarray(cv2.resize(image.transpose(1, 0, 2), (width, height)))
    return image


def _plaid(rng: Random, width: int, height: int) -> Picture:
    image = _flat(
        width, height, rng.choice(((150, 160, 190), (190, 180, 150), (120, 150, 120), (90, 70, 160), (200, 200, 205)))
    )
    for _ in range(rng.randint(1, 3)):
        step, band = rng.randint(36, 170), rng.randint(6, 60)
        tint = np.array([rng.randint(-70, 40) for _ in range(3)], np.float32)
        for start in range(rng.randint(0, step), max(width, height), step):
            image[start : start + band] += tint / 2
            image[:, start : start + band] += tint / 2
    weave: Picture = _noise(rng).normal(0, 9, (height, width)).astype(np.float32)
    return np.asarray(image + weave[:, :, None], np.float32)


def _printed_cloth(rng: Random, width: int, height: int) -> Picture:
    """A tablecloth or a bed cover with flowers, dots or leaves."""
    image = _flat(
        width, height, rng.choice(((225, 225, 230), (190, 205, 220), (120, 90, 60), (170, 150, 200), (210, 220, 190)))
    )
    colours = [tuple(rng.randint(40, 230) for _ in range(3)) for _ in range(3)]
    step = rng.randint(60, 150)
    kind = rng.choice(("dots", "flowers", "leaves"))
    for row, y in enumerate(range(0, height + step, step)):
        for x in range((row % 2) * step // 2, width + step, step):
            colour = rng.choice(colours)
            size = int(step * rng.uniform(0.16, 0.3))
            cx, cy = x + rng.randint(-6, 6), y + rng.randint(-6, 6)
            if kind == "dots":
                cv2.circle(image, (cx, cy), size, colour, -1, cv2.LINE_AA)
            elif kind == "flowers":
                for petal in range(5):
                    angle = petal * 2 * np.pi / 5 + rng.random()
                    centre = (int(cx + size * np.cos(angle)), int(cy + size * np.sin(angle)))
                    cv2.circle(image, centre, size // 2 + 1, colour, -1, cv2.LINE_AA)
                cv2.circle(image, (cx, cy), size // 2, colours[0], -1, cv2.LINE_AA)
            else:
                cv2.ellipse(
                    image, (cx, cy), (size, size // 3 + 1), rng.uniform(0, 180), 0, 360, colour, -1, cv2.LINE_AA
                )
    return np.asarray(image + _spots(rng, width, height, 120, 14)[:, :, None], np.float32)


def _bed(rng: Random, width: int, height: int) -> Picture:
    """A plain cover with soft folds."""
    image = _flat(
        width, height, rng.choice(((215, 215, 220), (170, 150, 130), (110, 90, 80), (190, 170, 190), (140, 160, 140)))
    )
    folds = cv2.GaussianBlur(
        _spots(rng, width, height, rng.uniform(70, 180), 42),
        (0, 0),
        sigmaX=rng.uniform(4, 30),
        sigmaY=rng.uniform(4, 30),
    )
    quilt = np.zeros((height, width), np.float32)
    if rng.random() < 0.4:
        step = rng.randint(80, 190)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        quilt = 18 * (np.abs(np.sin(np.pi * (xs + ys) / step)) + np.abs(np.sin(np.pi * (xs - ys) / step)) - 1)
    return np.asarray(image + (folds + quilt)[:, :, None], np.float32)


def _stone(rng: Random, width: int, height: int) -> Picture:
    image = _flat(
        width, height, rng.choice(((150, 150, 150), (178, 182, 186), (110, 108, 104), (60, 62, 66), (205, 205, 208)))
    )
    grain: Picture = _noise(rng).normal(0, rng.uniform(15, 60), (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    grain = cv2.resize(cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.8, 3)), (width, height))
    return np.asarray(image + grain[:, :, None] * 1.5 + _spots(rng, width, height, 220, 8)[:, :, None], np.float32)


def _tiles(rng: Random, width: int, height: int) -> Picture:
    image = _stone(rng, width, height)
    step, joint = rng.randint(160, 420), rng.randint(3, 10)
    for start in range(rng.randint(0, 150), max(width, height), step):
        image[start : start + joint] = 190
        image[:, start : start + joint] = 190
    return image


def _plain(rng: Random, width: int, height: int) -> Picture:
    image = _flat(
        width,
        height,
        rng.choice(((38, 36, 40), (205, 205, 200), (170, 178, 186), (160, 140, 120), (235, 235, 235), (90, 60, 30))),
    )
    noise: Picture = _noise(rng).normal(0, 4, (height, width)).astype(np.float32)
    return np.asarray(image + noise[:, :, None] + _spots(rng, width, height, 300, 6)[:, :, None], np.float32)


def _carpet(rng: Random, width: int, height: int) -> Picture:
    image = _flat(width, height, rng.choice(((100, 110, 120), (60, 70, 100), (120, 110, 90), (70, 90, 70))))
    tufts: Picture = _noise(rng).normal(0, 34, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    tufts = cv2.resize(tufts, (width, height))
    return np.asarray(
        image + cv2.GaussianBlur(tufts, (0, 0), 1.2)[:, :, None] + _spots(rng, width, height, 60, 12)[:, :, None],
        np.float32,
    )


def _keyboard(rng: Random, width: int, height: int) -> Picture:
    """A laptop's keys at one edge, the desk elsewhere."""
    image = _plain(rng, width, height)
    body = rng.choice(((60, 60, 62), (190, 190, 192), (30, 30, 30)))
    top = rng.random() < 0.6
    reach = int(height * rng.uniform(0.15, 0.35))
    y0, y1 = (0, reach) if top else (height - reach, height)
    image[y0:y1] = body
    key = rng.randint(46, 84)
    shade = tuple(max(0, c - 28) if body[0] > 100 else c + 16 for c in body)
    for row, y in enumerate(range(y0 + 8, y1 - 8, key)):
        for x in range(-(row * key // 3) % key, width, key):
            cv2.rectangle(image, (x + 3, y + 3), (x + key - 3, y + key - 3), shade, -1, cv2.LINE_AA)
    return image


def _papers(rng: Random, width: int, height: int) -> Picture:
    """Other papers under the one that matters, with lines of grey text."""
    image = _wood(rng, width, height)
    for _ in range(rng.randint(1, 3)):
        size = int(width * rng.uniform(0.5, 1.1)), int(height * rng.uniform(0.5, 1.0))
        sheet = np.full((size[1], size[0], 3), rng.choice((225, 238, 246)), np.uint8)
        for y in range(30, size[1] - 20, rng.randint(18, 34)):
            x = rng.randint(20, 60)
            while x < size[0] * rng.uniform(0.5, 0.95):
                word = rng.randint(12, 70)
                cv2.rectangle(sheet, (x, y), (x + word, y + 5), (120, 120, 125), -1)
                x += word + 9
        angle = rng.uniform(-35, 35)
        matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1)
        matrix[:, 2] += np.array([rng.uniform(-0.4, 0.7) * width, rng.uniform(-0.4, 0.7) * height])
        laid = cv2.warpAffine(sheet, matrix, (width, height))
        mask = cv2.warpAffine(np.full(sheet.shape[:2], 255, np.uint8), matrix, (width, height)) > 128
        shadow = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 9)
        image *= (1 - 0.3 * shadow)[:, :, None]
        image[mask] = laid[mask]
    return image


_KINDS: dict[str, tuple[Callable[[Random, int, int], Picture], float]] = {
    "wood": (_wood, 3),
    "plaid": (_plaid, 1.2),
    "printed": (_printed_cloth, 1),
    "bed": (_bed, 1.2),
    "stone": (_stone, 1),
    "tiles": (_tiles, 0.7),
    "plain": (_plain, 2),
    "carpet": (_carpet, 0.8),
    "keyboard": (_keyboard, 0.8),
    "papers": (_papers, 1),
}


def draw_table(rng: Random, width: int, height: int) -> Picture:
    """What lies under the paper, as a colour picture."""
    names = list(_KINDS)
    name = rng.choices(names, [_KINDS[n][1] for n in names])[0]
    return np.clip(_KINDS[name][0](rng, width, height), 0, 255).astype(np.uint8)
