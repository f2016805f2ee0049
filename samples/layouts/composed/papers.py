"""Which function composes which type of paper that is no bill, and the looks that they share."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from samples.layouts.composed.care_sheets import compose_sheet
from samples.layouts.composed.others import compose_other
from samples.layouts.composed.prescriptions import compose_prescription
from samples.layouts.composed.rights import compose_rights
from samples.layouts.composed.slips import compose_slip
from samples.layouts.composed.statements import compose_statement
from schemas.vocabulary import DocumentType as T

Made = Callable[..., Markup]
COMPOSERS: dict[T, Made] = {
    T.ORDONNANCE: compose_prescription,
    T.DECOMPTE_AM: compose_statement,
    T.RIB: compose_slip,
    T.ATTESTATION_DROITS: compose_rights,
    T.FEUILLE_DE_SOINS: compose_sheet,
    T.AUTRE: compose_other,
}
