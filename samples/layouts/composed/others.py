"""Composed papers that are no piece of a claim."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Html, Row, div, join, table, tag
from samples.layouts.composed.ink import jottings, logo, scribble, signature
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import render_rows
from samples.papers.values import Other

OTHER_KINDS = {
    "train": ("page", "letter", "card", "columns", "mail"),
    "calibration": ("centred", "framed"),
    "test": ("barred", "boxed_rows"),
}


def compose_other(choose: Chooser, pen: Quill, paper: Other, size: tuple[float, float], *, inked: bool) -> Markup:
    """A paper that is no piece of a claim."""
    kind = choose.part("other", OTHER_KINDS)
    letter = paper.kind in ("letter", "mail")
    sender = div(logo(pen) if not letter and choose.toss(0.6) else "", div(paper.sender, cls="big"), cls="x")
    address: Html = ""
    if letter or choose.toss(0.3):
        address = div(div(paper.member.address.street), div(paper.member.address.city_line), cls="x")
    date: Html = ""
    if choose.toss(0.8):
        date = div(
            choose.pick(("Le ", "Date : ", "")),
            pen.other_day("letter_date", paper.issued),
            css="text-align:right",
            cls="x",
        )
    title = div(paper.title, cls="big x", css=f"text-align:{choose.pick(('left', 'center'))}") if paper.title else ""
    text = [tag("p", line) for line in paper.paragraphs]
    rows = [Row(label, Markup("{}").format(value)) for label, value in paper.rows]
    if kind == "boxed_rows":
        data: Html = table([(row.label, row.value) for row in rows], cls="bk") if rows else ""
    elif rows and choose.toss(0.5):
        data = table([(row.label, row.value) for row in rows], css="margin:3mm 0")
    else:
        data = render_rows(choose, pen.style, rows)
    amount: Html = ""
    if paper.kind in ("mutuelle_statement", "bank_statement", "contribution_call", "card_slip"):
        words = {
            "mutuelle_statement": "Total versé",
            "bank_statement": "Solde",
            "contribution_call": "Montant à prélever",
            "card_slip": "MONTANT",
        }
        amount = div(words[paper.kind], pen.style.colon, " ", pen.other_amount("amount", paper.amount), cls="mid x")
    hand = inked and letter and choose.toss(0.45)
    body = div(*text, cls="handfont" if hand else "")
    sign = signature(pen) if letter or choose.toss(0.2) else ""
    parts: list[Html] = [sender, address, date, title, body, data, amount, sign]
    if kind in ("card", "framed"):
        parts = [div(*parts, cls="cardbox", css="max-width:none")]
    elif kind == "columns":
        parts = [
            sender,
            date,
            title,
            div(div(body, cls="grow"), div(data, amount, cls="grow"), cls="cols"),
            address,
            sign,
        ]
    elif kind == "barred":
        parts = [div(sender, css="border-left:2mm solid var(--accent);padding-left:4mm"), *parts[1:]]
    extra: Html = jottings(pen, paper.issued, *size) if inked and choose.toss(0.12) else ""
    if inked and choose.toss(0.08):
        extra = join((extra, div(scribble(choose.rng, pen.style.ink, 30, 8), cls="over", css="left:30mm;top:40mm")))
    return tag("section", *parts, extra, cls="page")
