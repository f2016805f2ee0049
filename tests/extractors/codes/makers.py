"""Codes and papers that carry them, made for the tests; people, accounts and companies are invented."""

from __future__ import annotations

import base64
import datetime as dt
import io

import cv2
import numpy as np
import zxingcpp
from PIL import Image
from schwifty import IBAN

from tests.extractors.papers import draw_page, save

GS, RS, US = "\x1d", "\x1e", "\x1f"
#: Twice thirty-two bytes of a signature on a 256-bit curve; of the right form, signed by nobody.
SIGNATURE = base64.b32encode(bytes(range(7, 71))).decode().rstrip("=")
ACCOUNT = str(IBAN.generate("FR", bank_code="30004", branch_code="00818", account_code="00012345678"))
OTHER_ACCOUNT = str(IBAN.generate("FR", bank_code="30004", branch_code="00818", account_code="00012345687"))
HOLDER, BANK = "MME DURAND CAMILLE", "BNPAFRPP"


def write_message(
    *,
    version="04",
    kind="03",
    fields=(("30", HOLDER), ("31", ACCOUNT), ("32", BANK)),
    issued="FFFF",
    signed="23DC",
    perimeter="01",
    signature=SIGNATURE,
):
    """The message of a 2D-Doc; of version 04 unless told otherwise."""
    header = f"DC{version}FR00" + "0001" + issued + signed + kind
    header += {"02": "", "03": perimeter, "04": perimeter + "FR"}[version]
    body = "".join(name + value + GS for name, value in fields)
    return header + body + (US + signature if signature is not None else "")


def draw_code(message, *, size=None):
    """The DataMatrix of a message, as a grey PIL image with its quiet zone; ``size`` in pixels."""
    barcode = zxingcpp.create_barcode(message, zxingcpp.BarcodeFormat.DataMatrix)
    pixels = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=8, add_quiet_zones=True))
    image = Image.fromarray(pixels)
    return image if size is None else image.resize((size, size), Image.Resampling.LANCZOS)


def spell(account):
    """An account number as banks print it."""
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))


def draw_bank_details(message, *, account=ACCOUNT, holder=HOLDER, dpi=200, millimetres=26):
    """An A4 page of bank details with a code on it, as a grey PIL image."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    lines = (
        "RELEVE D'IDENTITE BANCAIRE",
        f"Titulaire du compte : {holder}",
        f"IBAN : {spell(account)}",
        f"BIC : {BANK}",
        "Domiciliation : AGENCE DE LYON",
        "Ce releve est destine a etre remis a vos creanciers ou debiteurs.",
    )
    page = draw_page(lines, width=width, height=height, size=round(0.19 * dpi))
    if message is not None:
        side = round(millimetres / 25.4 * dpi)
        page.paste(draw_code(message, size=side), (width - side - width // 10, height // 2))
    return page


def degrade(page, *, blur=1.0, noise=6.0, tilt=0.0, seed=5):
    """What a phone does to a page: perspective, uneven light, soft focus, grain, compression."""
    height, width = page.height, page.width
    dx, dy = width * 0.09, height * 0.07
    corners = np.float32([[dx, dy], [width - 0.4 * dx, 0.5 * dy], [width - dx, height - dy], [0.4 * dx, height]])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 0.92)
    corners = (np.column_stack([corners, np.ones(4)]) @ turn.T).astype(np.float32)
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(source, corners)
    photo = cv2.warpPerspective(np.asarray(page), matrix, (width, height), borderValue=70).astype(np.float32)
    light = np.linspace(0.62, 1.0, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    photo = cv2.GaussianBlur(photo * light, (0, 0), blur)
    photo += np.random.default_rng(seed).normal(0, noise, photo.shape)
    coded = save(Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8)), "JPEG", quality=70)
    return Image.open(io.BytesIO(coded)).convert("L")


def days_since_2000(day: dt.date) -> str:
    """A date as a header has it."""
    return f"{(day - dt.date(2000, 1, 1)).days:04X}"
