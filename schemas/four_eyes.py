"""When one person is not enough."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemas.readings import Frozen


class FourEyes(Frozen):
    """What a second person must agree to.

    Attributes:
        amount_above: accepting a total above this, in euros; None for no limit.
        new_bank_details: accepting bank details that are not those on file.
        refusals: refusing a claim.
    """

    amount_above: Annotated[Decimal, Field(ge=0)] | None = None
    new_bank_details: bool = True
    refusals: bool = True
