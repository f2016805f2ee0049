"""Composed care sheets, filled in by hand or by a printer."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Html, div, join, span, table, tag
from samples.layouts.composed.ink import cachet, jottings, signature
from samples.layouts.composed.quill import Quill
from samples.papers.values import Bill

SHEET_KINDS = {
    "train": ("frames", "grid", "boxes", "wide"),
    "calibration": ("shaded", "columns"),
    "test": ("sides", "lined"),
}


def compose_sheet(choose: Chooser, pen: Quill, paper: Bill, size: tuple[float, float], *, inked: bool) -> Markup:
    """A care sheet, filled in by hand or by a printer."""
    kind = choose.part("sheet", SHEET_KINDS)
    hand = inked and choose.toss(0.55)
    ink = "handfont" if hand else "v"

    def value(content: Html) -> Markup:
        return span(content, cls=ink)

    boxed = choose.toss(0.4)
    care = (
        pen.boxed_day("care_dates", paper.care[0])
        if boxed
        else value(pen.day("care_dates", paper.care[0], choose.pick(("spaced", "slash", "short"))))
    )
    nir = pen.boxed("nir", paper.patient.nir, paper.patient.nir) if boxed else value(pen.nir(paper.patient.nir))
    line = paper.lines[0]
    patient: list[Html] = [div(pen.label("sheet_patient"), " ", value(pen.named(paper.patient)))]
    if "nir" in paper.show:
        patient.append(div(pen.label("nir"), " ", nir))
    patient.append(
        div(
            pen.label("birth"),
            " ",
            value(pen.other_day("birth_date", paper.patient.birth, choose.pick(("spaced", "slash")))),
        )
    )
    insured: list[Html] = [
        div("Adresse de l'assuré(e) ", value(f"{paper.member.address.street} {paper.member.address.city_line}"))
    ]
    stamp = inked and choose.toss(0.4)
    issuer = (
        cachet(pen, paper.issuer, paper.show)
        if stamp
        else div(
            *(
                div(part)
                for part in (
                    pen.issuer_name(paper.issuer),
                    paper.issuer.speciality,
                    f"{paper.issuer.address.street} {paper.issuer.address.city_line}",
                    *pen.identifiers(paper.show, paper.issuer),
                )
            )
        )
    )
    ticks = div(
        *(
            span(span(cls="tick on" if i == 0 and choose.toss(0.5) else "tick"), word)
            for i, word in enumerate(("maladie", "maternité", "accident", "ALD", "autre"))
        )
    )
    act = table(
        [[care, value(pen.cell(0, "code", line)), value(pen.cell(0, "amount", line))], ["", "", ""]],
        head=(
            choose.pick(("Dates des actes", "Date", "Date des soins")),
            choose.pick(("Codes", "Cotation", "Code acte")),
            choose.pick(("Honoraires", "Montant des honoraires €", "Montant")),
        ),
        cls="bk",
    )
    total = div(
        choose.pick(("MONTANT TOTAL", "Total", "Montant total perçu", "Total des honoraires")),
        " ",
        value(pen.amount("total_amount", paper.total)),
    )
    done = div(
        choose.pick(("Date", "Le", "Fait le")),
        " ",
        value(pen.day("issue_date", paper.issued, choose.pick(("slash", "unpadded", "short", "spaced")))),
        span(signature(pen, 28), css=f"margin-left:{choose.rng.randint(-4, 30)}mm"),
    )
    number = choose.pick(("12541*02", "11389*04", "12541*03", "S 3110", "11390*05", "12542*02"))
    title = div(
        span(
            choose.pick(
                (
                    "feuille de soins",
                    "FEUILLE DE SOINS",
                    "Feuille de soins – médecin",
                    "Feuille de soins – auxiliaire médical",
                )
            ),
            cls="big",
        ),
        " ",
        span("n° ", pen.other("cerfa", number.split("*")[0].replace("S ", ""), number), cls="small"),
        cls="x",
    )
    zones = [
        (choose.pick(("Personne recevant les soins", "Malade", "Bénéficiaire des soins")), join(patient)),
        (choose.pick(("Assuré(e)", "Identification de l'assuré")), join(insured)),
        (choose.pick(("Médecin", "Praticien", "Identification du praticien")), issuer),
        ("Conditions de prise en charge", ticks),
        ("Actes effectués", act),
        ("Paiement", join((total, done))),
    ]
    if choose.toss(0.3):
        zones[1], zones[2] = zones[2], zones[1]
    made: list[Html] = [
        div(tag("h4", name), content, cls="fz shade" if kind == "shaded" else "fz") for name, content in zones
    ]
    if kind in ("grid", "columns"):
        made = [div(div(*made[:3], cls="grow"), div(*made[3:], cls="grow"), cls="cols")]
    elif kind == "sides":
        made = [div(div(*made[::2], cls="grow"), div(*made[1::2], cls="grow"), cls="cols")]
    elif kind in ("lined", "wide"):
        made = [
            div(tag("b", name), content, css="border-bottom:.2mm solid #888;padding:2mm 0") for name, content in zones
        ]
    extra = jottings(pen, paper.issued, *size) if inked and choose.toss(0.15) else Markup("")
    return tag("section", title, *made, extra, cls="page")
