"""Composed bank slips."""

from __future__ import annotations

from markupsafe import Markup

from samples.identifiers import group_digits
from samples.layouts.composed.html import Chooser, Html, Row, div, join, span, table, tag
from samples.layouts.composed.ink import jottings, logo
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import render_rows
from samples.papers.values import BankSlip

SLIP_KINDS = {
    "train": ("codes_table", "rows", "rows_boxed", "letter", "app", "coupon"),
    "calibration": ("codes_rows", "card"),
    "test": ("twice", "codes_line"),
}


def compose_slip(choose: Chooser, pen: Quill, paper: BankSlip, size: tuple[float, float], *, inked: bool) -> Markup:
    """A RIB."""
    kind = choose.part("slip", SLIP_KINDS)
    bank, iban = paper.member.bank, paper.iban
    glued = pen.style.toss("iban", 0.15)
    shown = pen.field(
        "iban",
        iban,
        iban if glued else group_digits(iban, (4,), pen.style.pick("iban_gap", (" ", " ", "  "))),
        css="mono",
    )
    bic = pen.field("bic", bank.bic, bank.bic)
    holder = pen.field(
        "account_holder", bank.holder, bank.holder.upper() if pen.style.toss("holder", 0.5) else bank.holder
    )
    codes = {"Code banque": iban[4:9], "Code guichet": iban[9:14], "N° de compte": iban[14:25], "Clé RIB": iban[25:]}
    words = pen.style.pick(
        "iban_label",
        (
            "IBAN",
            "IBAN (International Bank Account Number)",
            "Code IBAN",
            "N° IBAN",
            "Identifiant international de compte (IBAN)",
        ),
    )
    bic_words = pen.style.pick(
        "bic_label", ("BIC", "BIC (Bank Identifier Code)", "Code BIC", "BIC / SWIFT", "Code SWIFT")
    )
    owner = Row(
        pen.label("holder"),
        join(
            (
                holder,
                *(
                    join((Markup("<br>"), line))
                    for line in (paper.member.address.street, paper.member.address.city_line)
                    if pen.style.toss("holder_address", 0.5)
                ),
            )
        ),
    )
    rows = [
        owner,
        Row(words, shown),
        Row(bic_words, bic),
        Row(choose.pick(("Domiciliation", "Agence", "Domiciliation bancaire")), Markup("{}").format(bank.branch)),
    ]
    if choose.toss(0.4):
        rows.insert(
            choose.rng.randint(0, 3),
            Row(
                choose.pick(("Type de compte", "Compte")),
                Markup("{}").format(
                    choose.pick(("Compte de dépôt", "Compte courant", "Compte chèque", "Compte joint"))
                ),
            ),
        )
    title = div(pen.label("rib_title"), cls="big x", css=f"text-align:{choose.pick(('left', 'center'))}")
    top = div(
        logo(pen),
        div(bank.name.upper() if choose.toss(0.4) else bank.name, cls="big accent"),
        cls="x",
        css=choose.pick(("", "display:flex;gap:4mm;align-items:center")),
    )
    notes = div(
        choose.pick(
            (
                "Ce relevé est destiné à être remis, sur leur demande, à vos créanciers ou débiteurs.",
                "À communiquer pour vos virements et prélèvements.",
                "L'utilisation de ce document permet d'éviter des erreurs ou des retards d'exécution.",
            )
        ),
        cls="small x",
    )
    issued = (
        div(pen.label("bank_issued"), pen.style.colon, " ", pen.day("issue_date", paper.issued), cls="small")
        if paper.issued
        else ""
    )
    by_code = table([[span(value, cls="mono") for value in codes.values()]], head=list(codes), cls="bk")
    if kind in ("codes_table", "twice"):
        more = table([[shown, bic]], head=[words, bic_words], cls="bk")
        body = join((by_code, more, render_rows(choose, pen.style, [owner])))
    elif kind == "codes_rows":
        body = join((render_rows(choose, pen.style, rows), div("RIB", cls="small"), by_code))
    elif kind == "codes_line":
        body = join(
            (
                div(f"RIB {iban[4:9]} {iban[9:14]} {iban[14:25]} {iban[25:]}", cls="x"),
                render_rows(choose, pen.style, rows),
            )
        )
    elif kind == "rows_boxed":
        body = div(render_rows(choose, pen.style, rows), cls="cardbox")
    elif kind in ("app", "card"):
        body = div(
            *(div(div(row.label, cls="small"), div(row.value, cls="mid"), cls="x") for row in rows), cls="cardbox tint"
        )
    elif kind == "coupon":
        body = div(title, render_rows(choose, pen.style, rows), by_code, cls="coupon")
        title = Markup("")
    elif kind == "letter":
        lead = div(
            "Madame, Monsieur, veuillez trouver ci-dessous les coordonnées de votre compte :", css="margin:8mm 0"
        )
        body = join((lead, render_rows(choose, pen.style, rows)))
    else:
        body = render_rows(choose, pen.style, rows)
    extra = (
        jottings(pen, paper.issued or paper.member.adherent.birth, *size)
        if inked and paper.issued and choose.toss(0.12)
        else Markup("")
    )
    order = (title, top) if choose.toss(0.3) else (top, title)
    tail: tuple[Html, ...] = (body, notes, issued) if choose.toss(0.6) else (issued, notes, body)
    return tag("section", *order, *tail, extra, cls="page")
