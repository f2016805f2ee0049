"""Scenarios: claims that are complete, incomplete, doubtful, duplicate or illegible by construction.

What is expected follows the reference insurer's rules R1 to R15; every scenario changes one thing in a complete claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from samples.claims import INVOICE_OF, PRESCRIPTION_NEEDED, STATEMENT_NEEDED, THRESHOLDS, Parcel, PlannedClaim
from samples.degrade import DEFECTS, Piece, Recipe
from samples.papers.documents import draw_prescribing, make_bank_slip, make_prescription, make_statement
from samples.papers.make import make_bill, make_paper
from samples.papers.others import make_other
from samples.papers.request import Request
from samples.papers.values import Bill, Paper
from samples.people import Member, Person, draw_last_name, draw_member
from samples.render import PaperPrinter, PrintedPaper
from schemas.vocabulary import ClaimType, DocumentType, MissingPiece, ReviewReason

_CHANNELS = (
    ("pdf_text", 6),
    ("photo_jpg", 7),
    ("scan_200", 4),
    ("scan_150", 2),
    ("scan_300", 1),
    ("photo_heic", 2),
    ("pdf_photo", 2),
    ("photocopy", 1),
    ("fax", 1),
    ("screenshot", 1),
    ("pdf_badocr", 1),
)


@dataclass
class Desk:
    """What scenarios need: chance, a printer, a split of layouts, the day it is.

    With ``inked``, hands and stamps may have touched the papers.
    """

    rng: Random
    printer: PaperPrinter
    split: str
    today: dt.date
    inked: bool = True

    def draw_recipe(self, severity: str | None = None) -> Recipe:
        """How an ordinary member sends a paper."""
        channel = self.rng.choices([c for c, _ in _CHANNELS], [w for _, w in _CHANNELS])[0]
        drawn = severity or self.rng.choices(("clean", "usual", "hard"), (38, 55, 7))[0]
        if channel == "pdf_text":
            drawn = "clean"
        rotation = 0
        if channel.startswith(("photo", "scan")) and self.rng.random() < 0.12:
            rotation = self.rng.choice((90, 180, 270))
        return Recipe(channel, drawn, rotation)

    def parcel(
        self, printed: PrintedPaper, *, recipe: Recipe | None = None, pages: tuple[int, ...] | None = None
    ) -> Parcel:
        """A file with one paper; papers of several pages are not sent as one photo."""
        pages = pages or tuple(range(1, len(printed.sizes) + 1))
        recipe = recipe or self.draw_recipe()
        if printed.inked and recipe.channel == "pdf_text":
            recipe = replace(recipe, channel="scan_200")
        if len(pages) > 1 and recipe.channel in ("photo_jpg", "photo_heic", "screenshot"):
            recipe = replace(recipe, channel="pdf_photo" if recipe.channel != "screenshot" else "pdf_text")
        return Parcel((Piece(printed, pages),), recipe)

    def print(self, paper: Paper) -> PrintedPaper:
        """The paper in a layout of the split."""
        return self.printer.print(self.rng, paper, split=self.split, inked=self.inked)

    def spoil(self, printed: PrintedPaper) -> Parcel:
        """A file on which a careful person reads nothing."""
        channel = self.rng.choice(("photo_jpg", "photo_heic", "scan_150"))
        defect = self.rng.choice(DEFECTS[:3]) if channel != "scan_150" else "flou"
        return Parcel((Piece(printed, (1,)),), Recipe(channel, "illegible", defect=defect))


@dataclass
class Draft:
    """A complete claim in the making, with its papers still at hand."""

    claim: PlannedClaim
    request: Request
    invoice: Bill | None = None
    printed: PrintedPaper | None = None
    prescription: PrintedPaper | None = None


def _draw_case(
    desk: Desk,
    kind: ClaimType,
    *,
    child: bool = False,
    own: dict[str, bool] | None = None,
    age_days: int = 0,
    size: int | None = None,
) -> tuple[Member, Person, dt.date]:
    rng = desk.rng
    while True:
        member = draw_member(rng, today=desk.today, size=size or (4 if child else None))
        people = [p for p in member.people if (p.role == "enfant") == child]
        if people:
            break
    statement = kind in STATEMENT_NEEDED
    member = replace(
        member,
        teletransmission=kind is not ClaimType.CONSULTATION and (not statement or rng.random() < 0.75),
        rib_on_file=rng.random() < 0.85,
    )
    if own:
        member = replace(
            member,
            teletransmission=own.get("teletransmission", member.teletransmission),
            rib_on_file=own.get("rib_on_file", member.rib_on_file),
        )
    patient = rng.choice(people)
    day = desk.today - dt.timedelta(days=rng.randint(35, 240) + age_days)
    while day.weekday() == 6:
        day -= dt.timedelta(days=1)
    return member, patient, max(day, patient.birth + dt.timedelta(days=90))


def start_claim(
    desk: Desk,
    scenario: str,
    kind: ClaimType,
    *,
    child: bool = False,
    age_days: int = 0,
    own: dict[str, bool] | None = None,
    skip: frozenset[str] = frozenset(),
    paper_patient: Callable[[Member, Person], Person] | None = None,
    accept: Callable[[Bill], bool] = lambda _: True,
    printed_ok: Callable[[PrintedPaper], bool] = lambda _: True,
    size: int | None = None,
    **particular: object,
) -> Draft:
    """A complete claim, but for the pieces in ``skip`` ("invoice", "prescription", "statement", "rib").

    ``own`` imposes values of the member, for example ``{"rib_on_file": False}``; ``age_days`` is how much older than
    usual the care is; ``paper_patient`` gives the person printed on the invoice when it is not the patient; ``accept``
    and ``printed_ok`` say which bills and prints the scenario can use; ``particular`` are attributes of the request of
    the invoice.
    """
    rng = desk.rng
    member, patient, day = _draw_case(desk, kind, child=child, own=own, age_days=age_days, size=size)
    upload = day + dt.timedelta(days=rng.randint(18, 30))
    claim = PlannedClaim(scenario, kind, member, patient, upload, [])
    on_paper = paper_patient(member, patient) if paper_patient else patient
    doctor = draw_prescribing(rng, kind.value)
    prescribed = (doctor, day - dt.timedelta(days=rng.randint(1, 25)))
    threshold = THRESHOLDS.get(kind)
    asked: dict[str, object] = {"settlement": "paid", "plain": True, "prescribed": prescribed}
    if threshold and "minimum" not in particular:
        asked["maximum"] = Decimal(threshold)
    request = Request(member, on_paper, day, **(asked | particular))  # type: ignore[arg-type]
    draft = Draft(claim, request)
    if kind in INVOICE_OF and "invoice" not in skip:
        while True:
            bill = make_bill(rng, INVOICE_OF[kind], request)
            if accept(bill):
                printed = desk.print(bill)
                if printed_ok(printed):
                    break
        draft.invoice, draft.printed = bill, printed
        claim.parcels.append(desk.parcel(printed))
    if kind in PRESCRIPTION_NEEDED and "prescription" not in skip:
        draft.prescription = desk.print(make_prescription(rng, doctor, patient, prescribed[1], kind.value))
        claim.parcels.append(desk.parcel(draft.prescription))
    if kind in STATEMENT_NEEDED and not member.teletransmission and "statement" not in skip:
        consultation = kind is ClaimType.CONSULTATION
        statement = make_statement(rng, member, patient, day, bill=draft.invoice, consultation=consultation)
        claim.parcels.append(desk.parcel(desk.print(statement)))
    if kind is not ClaimType.DEVIS and not member.rib_on_file and "rib" not in skip:
        claim.parcels.append(desk.parcel(desk.print(make_bank_slip(rng, member, upload - dt.timedelta(days=9)))))
    return draft


def add_quote(desk: Desk, draft: Draft, document_type: DocumentType, **particular: object) -> None:
    """Adds a quote to a claim."""
    request = replace(draft.request, patient=draft.claim.patient, maximum=None, minimum=None, **particular)  # type: ignore[arg-type]
    printed = desk.print(make_bill(desk.rng, document_type, request))
    draft.claim.parcels.insert(0, desk.parcel(printed))


def add_other(desk: Desk, draft: Draft, kind: str) -> None:
    """Adds a paper that is no piece of a claim."""
    day = draft.claim.upload - dt.timedelta(days=4)
    draft.claim.parcels.append(desk.parcel(desk.print(make_other(desk.rng, draft.claim.member, day, kind))))


def stranger(desk: Desk) -> Callable[[Member, Person], Person]:
    """Somebody of another family, of the same age and sex."""

    def other(member: Member, patient: Person) -> Person:
        names = {person.last for person in member.people} | {person.birth_name for person in member.people}
        last = next(name for name in iter(lambda: draw_last_name(desk.rng), None) if name not in names)
        return replace(patient, last=last, birth_name=None)

    return other


def under_birth_name(_: Member, patient: Person) -> Person:
    """The same person under the name of birth."""
    return replace(patient, last=patient.birth_name or patient.last)


def ask(draft: Draft, piece: MissingPiece, rule: str, detail: str) -> list[PlannedClaim]:
    """The claim, with a piece that has to be asked for."""
    draft.claim.missing.append((piece, rule, detail))
    return [draft.claim]


def doubt(draft: Draft, reason: ReviewReason, rule: str, detail: str) -> list[PlannedClaim]:
    """The claim, with a reason to look at it."""
    draft.claim.reasons.append((reason, rule, detail))
    return [draft.claim]


def shows_care_dates(printed: PrintedPaper) -> bool:
    """True when the dates of care are printed."""
    return any(mark.field == "care_dates" for mark in printed.marks)


def any_paper(desk: Desk, document_type: DocumentType) -> Paper:
    """A paper of a type for nobody in particular."""
    member, patient, day = _draw_case(desk, ClaimType.SOINS)
    return make_paper(desk.rng, document_type, Request(member, patient, day))
