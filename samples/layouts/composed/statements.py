"""Composed statements of the Assurance Maladie."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.heads import AM_NAMES, render_foot
from samples.layouts.composed.html import Chooser, Html, Row, div, join, table, tag
from samples.layouts.composed.ink import jottings, logo
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import render_rows
from samples.papers.values import Statement, StatementRow

STATEMENT_KINDS = {
    "train": ("grid", "rules", "by_row", "plain", "dark"),
    "calibration": ("striped", "cards"),
    "test": ("double", "ledger"),
}


def compose_statement(
    choose: Chooser, pen: Quill, paper: Statement, size: tuple[float, float], *, inked: bool
) -> Markup:
    """A statement of the Assurance Maladie."""
    kind = choose.part("statement", STATEMENT_KINDS)
    brand = choose.pick(AM_NAMES)
    top = div(div(logo(pen) if choose.toss(0.5) else "", div(brand, cls="big accent"), div(paper.fund)), cls="x")
    issued = div(pen.label("statement_issued"), pen.style.colon, " ", pen.day("issue_date", paper.issued))
    adherent = paper.member.adherent
    shown = pen.printed_name(adherent)
    name = (
        pen.field("patient_name", paper.patient.full_name, shown)
        if adherent == paper.patient
        else pen.other("adherent_name", adherent.full_name, shown)
    )
    address = div(
        div(name),
        div(paper.member.address.street),
        div(paper.member.address.city_line),
        css="width:80mm;margin:8mm 0 8mm auto",
    )
    rows = [
        Row(
            choose.pick(("Bénéficiaire", "Soins de", "Pour", "Assuré(e)", "Bénéficiaire des soins")),
            pen.named(paper.patient),
        )
    ]
    if "nir" in paper.show:
        rows.append(Row(pen.label("nir"), pen.nir(paper.patient.nir)))
    if choose.toss(0.4):
        rows.append(Row("Référence", pen.other("reference", f"{choose.rng.randint(10**8, 10**9)}")))
    if choose.toss(0.3):
        rows.reverse()
    title = div(pen.label("statement_title"), cls="big x")
    transfer = choose.pick(
        (
            "Virement effectué le {} sur votre compte bancaire.",
            "Paiement du {} par virement.",
            "Le {}, nous avons viré ce montant sur votre compte.",
            "Date de paiement : {}",
        )
    )
    sent = (
        div("Ces informations ont été transmises à votre organisme complémentaire.", cls="small")
        if paper.sent_to_mutuelle
        else ""
    )
    paid = div(Markup(transfer).format(pen.other_day("transfer_date", paper.transfer_day)), cls="x")
    who = render_rows(choose, pen.style, rows)
    order: list[Html] = [top, address] if choose.toss(0.6) else [address, top]
    middle: list[Html] = [title, issued, div(who, cls="x")] if choose.toss(0.6) else [issued, title, div(who, cls="x")]
    body = _statement_table(choose, pen, paper, kind)
    foot = render_foot(
        pen,
        (
            choose.pick(
                (
                    "Conservez ce document sans limitation de durée.",
                    "ameli.fr – 3646 (service gratuit + prix appel)",
                    "Toute fausse déclaration est passible de sanctions.",
                )
            ),
        ),
    )
    extra = jottings(pen, paper.issued, *size) if inked and choose.toss(0.15) else Markup("")
    return tag("section", *order, *middle, body, paid, sent, foot, extra, cls="page")


def _statement_table(choose: Chooser, pen: Quill, paper: Statement, kind: str) -> Markup:
    heads = {
        "date": choose.pick(("Date des soins", "Dates", "Date", "Soins du")),
        "label": choose.pick(("Nature des prestations", "Prestation", "Actes", "Libellé", "Nature des soins")),
        "paid": choose.pick(("Montant payé", "Dépense", "Payé", "Montant des dépenses", "Honoraires")),
        "base": choose.pick(("Base", "Base de remboursement", "Base remb.", "Tarif")),
        "rate": "Taux",
        "fixed": choose.pick(("Participation forfaitaire", "Part. forf.", "Retenues", "Franchise")),
        "amo": choose.pick(("Montant remboursé", "Montant versé", "Remboursé", "Versé", "Part AMO")),
    }
    columns = [key for key in heads if key not in ("rate", "fixed", "base") or choose.toss(0.75)]
    spent, back = pen.amount("total_amount", paper.spent), pen.amount("amo_amount", paper.reimbursed)

    def cell(index: int, row: StatementRow, key: str) -> Markup:
        made: dict[str, Html] = {
            "date": pen.row(index, "date", row.day),
            "label": pen.row(index, "label", row.label),
            "paid": pen.row(index, "amount", row.paid),
            "base": pen.row(index, "base", row.base),
            "rate": f"{row.rate} %",
            "fixed": pen.plain(-row.fixed) if row.fixed else "",
            "amo": pen.row(index, "amo", row.reimbursed),
        }
        return tag("td", made[key], cls="" if key in ("date", "label") else "n")

    sums = [Row(pen.label("spent"), spent), Row(pen.label("reimbursed"), back, strong=True)]
    if kind in ("by_row", "cards"):
        blocks = [
            div(
                div(tag("b", pen.row(i, "label", row.label)), " – ", pen.row(i, "date", row.day)),
                div(
                    heads["paid"],
                    " ",
                    pen.row(i, "amount", row.paid),
                    " – ",
                    heads["base"],
                    " ",
                    pen.row(i, "base", row.base),
                    f" – {row.rate} % – ",
                    heads["amo"],
                    " ",
                    pen.row(i, "amo", row.reimbursed),
                ),
                cls="st-card" if kind == "cards" else "x",
            )
            for i, row in enumerate(paper.rows)
        ]
        return join((*blocks, render_rows(choose, pen.style, sums, "sums")))
    rows = [[cell(i, row, key) for key in columns] for i, row in enumerate(paper.rows)]
    made = table(
        rows,
        head=[tag("th", heads[key], cls="" if key in ("date", "label") else "n") for key in columns],
        cls=f"st st-{kind}",
    )
    if choose.toss(0.55):
        cells = {"paid": spent, "amo": back, "label": choose.pick(("Total", "TOTAL", "Totaux", "Total du décompte"))}
        total = tag(
            "tr",
            *(tag("td", cells.get(key, ""), cls="" if key in ("date", "label") else "n") for key in columns),
            cls="tot",
        )
        return Markup(made.replace("</tbody>", total + Markup("</tbody>")))
    return join((made, render_rows(choose, pen.style, sums, "sums")))
