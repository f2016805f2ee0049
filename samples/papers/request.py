"""What is asked of a paper maker: for whom, when, and which particularities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from samples.papers.values import CENT, euros
from samples.people import Issuer, Member, Person


@dataclass(frozen=True)
class Request:
    """For whom and when a paper is made.

    Attributes:
        day: of the care.
        settlement: "paid", "due", "silent", or None to draw one.
        pages: 1, 2, or None to draw.
        minimum: the total must be above it (used to pass a threshold of the insurer).
        maximum: the total must not be above it.
        fault: None, "sums" or "shares".
        issued_before_care: date the invoice before the care it bills.
        excess_percent: on a quote of fees, the excess over the base: (lowest, highest) in percent.
        covered: False when the care is not covered by the AMO (no shares).
        prescribed: issuer of the prescription when the dossier holds it, with its date.
    """

    member: Member
    patient: Person
    day: dt.date
    settlement: str | None = None
    pages: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    fault: str | None = None
    issued_before_care: bool = False
    excess_percent: tuple[int, int] | None = None
    prescribed: tuple[Issuer, dt.date] | None = None
    plain: bool = False


@cache
def load_acts() -> dict[str, Any]:
    """The catalogue of what papers bill (``samples/data/acts.yaml``)."""
    path = Path(__file__).parent.parent / "data" / "acts.yaml"
    acts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return acts


def draw_price(rng: Random, bounds: list[float] | float, step: str = "0.01") -> Decimal:
    """A price between two bounds, on a believable step (.00, .50, .90 or a cent).

    Args:
        rng: source of chance.
        bounds: lowest and highest, or a fixed price.
        step: smallest step.
    """
    if isinstance(bounds, int | float):
        return euros(bounds)
    low, high = euros(bounds[0]), euros(bounds[1])
    if low == high:
        return low
    price = low + (high - low) * Decimal(str(round(rng.random(), 4)))
    ending = rng.random()
    if high > 20 and ending < 0.7:
        price = price.quantize(Decimal(1)) + rng.choice((Decimal(0), Decimal(0), Decimal("0.50"), Decimal("0.90")))
    price = min(max(price, low), high)
    return price.quantize(Decimal(step)).quantize(CENT)


def draw_number(rng: Random, day: dt.date, kind: str = "F") -> str:
    """The number of an invoice in one of the forms shops use."""
    serial = rng.randint(3, 9899)
    form = rng.randrange(8)
    return (
        f"{kind}{day:%Y}-{serial:04d}",
        f"{day:%Y%m}{serial:04d}",
        f"{kind}{kind if kind == 'D' else 'A'}{serial + 10000:06d}",
        f"{day:%y}/{serial:05d}",
        f"{serial:06d}",
        f"{kind}-{day:%y%m}-{serial:03d}",
        f"{rng.randint(10, 99)}{day:%y}{serial:05d}",
        f"{day:%Y}.{serial:04d}",
    )[form]
