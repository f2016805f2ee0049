"""Composed attestations de droits."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.heads import AM_NAMES
from samples.layouts.composed.html import Chooser, Html, Row, div, join, table, tag
from samples.layouts.composed.ink import jottings, logo, watermark
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import render_rows
from samples.papers.values import Rights

RIGHTS_KINDS = {
    "train": ("rows", "letter", "family", "two_columns", "card"),
    "calibration": ("sentence", "framed"),
    "test": ("family_last", "striped"),
}


def compose_rights(choose: Chooser, pen: Quill, paper: Rights, size: tuple[float, float], *, inked: bool) -> Markup:
    """An attestation de droits."""
    kind = choose.part("rights", RIGHTS_KINDS)
    adherent, address = paper.member.adherent, paper.member.address
    top = div(
        logo(pen) if choose.toss(0.5) else "", div(choose.pick(AM_NAMES), cls="big accent"), div(paper.fund), cls="x"
    )
    to = div(
        div(f"{adherent.civility} {adherent.first} {adherent.last}"),
        div(address.street),
        div(address.city_line),
        css="width:80mm;margin:6mm 0 8mm auto",
    )
    title = div(pen.label("rights_title"), cls="big x", css=f"text-align:{choose.pick(('left', 'center'))}")
    issued = div(pen.label("rights_issued"), " ", pen.day("issue_date", paper.issued), cls="x")
    dates = div(
        choose.pick(("Droits ouverts du ", "Valable du ", "Période de validité : ")),
        pen.other_day("start", paper.start),
        " au ",
        pen.other_day("end", paper.end),
        cls="x",
    )
    rows = [
        Row(pen.label("insured"), pen.person(paper.patient)),
        Row(pen.label("nir"), pen.nir(paper.patient.nir)),
        Row(pen.label("birth"), pen.other_day("birth_date", paper.patient.birth, "slash")),
        Row(
            choose.pick(("Code organisme", "Organisme", "N° organisme d'affiliation")),
            pen.other("organism", paper.organism),
        ),
        Row("Code gestion", Markup("10")),
    ]
    if paper.doctor:
        rows.append(
            Row(
                choose.pick(("Médecin traitant", "Médecin traitant déclaré")),
                Markup("{}").format(pen.other("doctor", paper.doctor)),
            )
        )
    if kind == "sentence":
        body = div(
            "Nous attestons que ",
            rows[0].value,
            ", immatriculé(e) sous le numéro ",
            rows[1].value,
            ", né(e) le ",
            rows[2].value,
            ", bénéficie de la prise en charge de ses frais de santé.",
            cls="mid",
        )
    elif kind in ("family", "family_last"):
        others = [p for p in paper.member.people if p != paper.patient]
        family = (
            table(
                [(f"{p.last.upper()} {p.first}", f"{p.birth:%d/%m/%Y}", p.role) for p in others],
                head=("Autres bénéficiaires", "Né(e) le", "Qualité"),
                cls="bk",
            )
            if others
            else Markup("")
        )
        body = join((render_rows(choose, pen.style, rows), family))
    elif kind in ("framed", "card"):
        body = div(render_rows(choose, pen.style, rows), cls="cardbox tint" if kind == "card" else "cardbox")
    elif kind == "two_columns":
        body = div(
            div(render_rows(choose, pen.style, rows[:3])), div(render_rows(choose, pen.style, rows[3:])), cls="cols"
        )
    else:
        body = render_rows(choose, pen.style, rows)
    rule = div(
        choose.pick(
            (
                "Cette attestation est à présenter aux professionnels de santé.",
                "Document à conserver. Toute fausse déclaration est punie par la loi.",
                "Cette attestation ne constitue pas un accord de prise en charge.",
            )
        ),
        cls="small",
    )
    extra = jottings(pen, paper.issued, *size) if inked and choose.toss(0.15) else Markup("")
    order: tuple[Html, ...] = (
        (top, to, title, issued)
        if choose.toss(0.5)
        else (top, title, issued, to)
        if choose.toss(0.6)
        else (issued, top, title)
    )
    return tag("section", *order, body, dates, rule, extra, watermark(pen), cls="page")
