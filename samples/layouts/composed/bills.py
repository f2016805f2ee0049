"""Composed bills: frames that put the letterhead, the data, the lines, the totals and the payment in different places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from samples.layouts.composed.heads import gather_head, render_foot, render_head
from samples.layouts.composed.html import Chooser, Html, Row, div, join, span, table, tag
from samples.layouts.composed.ink import cachet, highlight, jottings, signature, watermark
from samples.layouts.composed.quill import SHOPS, Quill
from samples.layouts.composed.rows import render_rows
from samples.layouts.composed.tables import render_lines, render_totals
from samples.papers.values import Bill

FRAME_KINDS = {
    "train": ("flow", "window", "side_left", "side_right", "title_first", "halves", "patient_late", "letter"),
    "calibration": ("data_last", "panel", "stripe"),
    "test": ("quadrants", "split_columns", "totals_first"),
}
BILLS_CSS = """
.cols { display: flex; gap: 6mm; justify-content: space-between; align-items: flex-start; margin-bottom: 4mm; } .cols > div { min-width: 0; } .grow { flex: 1; }
.ttl { font-size: 150%; font-weight: bold; margin: 2mm 0; } .gap { height: 3mm; } .to { min-width: 68mm; }
.side { position: absolute; top: 0; bottom: 0; width: 62mm; padding: 10mm 5mm; background: #f0f1f4; overflow: hidden; font-size: 94%; } .side.dark { background: var(--accent); color: #fff; } .side.dark .small, .side.dark .detail { color: #fff; } .side .m { white-space: normal; } .side table td { padding: .3mm 0; } .side.dark .r-head_row th, .side.dark .r-legend em, .side.dark .r-pills > div, .side.dark .r-pills b, .side.dark .r-four_cells td { color: #111; }
.panel { border: .3mm solid #999; border-radius: 2mm; padding: 3mm 4mm; margin-bottom: 3mm; } .stripe { border-top: .3mm solid var(--accent); padding-top: 2mm; margin-top: 3mm; }
.quad { display: grid; grid-template-columns: 1fr 1fr; border: .3mm solid #333; margin-bottom: 4mm; } .quad > div { border: .15mm solid #333; padding: 2.5mm; min-width: 0; overflow: hidden; }
.end { display: flex; justify-content: space-between; align-items: flex-start; margin-top: 5mm; gap: 6mm; } .pays td { border: .2mm solid #888; padding: .6mm 2mm; } .pays { width: auto; font-weight: normal; }
.corr { width: auto; margin: 2mm 0; font-size: 92%; } .corr td, .corr th { border: .15mm solid #999; padding: .3mm 2mm; }
"""  # noqa: E501


@dataclass
class Blocks:
    """The blocks of a bill, ready to be put somewhere.

    Attributes:
        make_lines: lines from one number to another.
        end: payment, stamp, signature, notes.
    """

    head: Markup
    title: Markup
    meta: Markup
    patient: Markup
    address: Markup
    correction: Markup
    make_lines: Callable[[int, int], Markup]
    totals: Markup
    end: Markup
    foot: list[Html]


def compose_bill(choose: Chooser, pen: Quill, bill: Bill, size: tuple[float, float], *, inked: bool) -> Markup:
    """The body of a bill.

    Args:
        choose: draws the parts.
        pen: what to write with.
        bill: the content.
        size: of the sheet in millimetres (width, height).
        inked: whether hands and stamps may have touched the paper.
    """
    width = size[0]
    frames = dict(FRAME_KINDS)
    if width < 160:
        frames = {split: tuple(f for f in kinds if f not in _WIDE) for split, kinds in FRAME_KINDS.items()}
    frame = choose.part("frame", frames)
    blocks = _gather(choose, pen, bill, inked=inked)
    first = _FRAMES[frame]
    pages = bill.pages
    total = len(bill.lines)
    cuts = [round(total * page / pages) for page in range(pages + 1)]
    cuts[1:-1] = [max(cut, 1) for cut in cuts[1:-1]]
    made = []
    extra = jottings(pen, bill.issued, *size) if inked and choose.toss(0.22) else Markup("")
    for number in range(pages):
        last = number == pages - 1
        lines = blocks.make_lines(cuts[number], cuts[number + 1])
        note = _page_number(pen, number + 1, pages)
        foot = render_foot(pen, blocks.foot if last or pen.style.toss("foot_all", 0.5) else [], note)
        if number == 0:
            body = first(choose, blocks, lines if last else join((lines, _carried(pen))), last)
        else:
            reminder = pen.style.pick("again", ("suite", "page suivante", "")) or pen.title(bill)
            again = span(bill.number or "") if pen.style.toss("number_again", 0.6) else ""
            body = join((div(bill.issuer.name, " – ", reminder, " ", again, cls="small"), div(cls="gap"), lines))
            body = join((body, blocks.totals, blocks.end)) if last else join((body, _carried(pen)))
        made.append(tag("section", watermark(pen), body, foot, extra if number == 0 else "", cls="page"))
    return join(made)


_WIDE = ("side_left", "side_right", "split_columns", "halves", "window", "quadrants")


def _carried(pen: Quill) -> Markup:
    words = ("… / …", "à suivre", "Suite page suivante", "./..", "T.S.V.P.", "")
    return div(pen.style.pick("carried", words), cls="small", css="text-align:right")


def _page_number(pen: Quill, number: int, of: int) -> Markup:
    if of == 1 and not pen.style.toss("page_no", 0.25):
        return Markup("")
    form = pen.style.pick(
        "page_form", ("Page {}/{}", "page {} / {}", "Page {} sur {}", "{}/{}", "Feuillet {}/{}", "p. {}/{}")
    )
    return Markup('<span class="m" data-page-no="{}/{}">{}</span>').format(number, of, form.format(number, of))


def _gather(choose: Chooser, pen: Quill, bill: Bill, *, inked: bool) -> Blocks:
    quote = bill.type.value.startswith("devis")
    numbers_below = choose.toss(0.2)
    head = gather_head(pen, bill.issuer, bill.show, numbers=not numbers_below)
    foot: list[Html] = list(pen.legal(bill.issuer, quote=quote))
    if numbers_below:
        foot = [*pen.identifiers(bill.show, bill.issuer), *foot]
    if "iban" in bill.show and not quote:
        foot.append(join(("Règlement par virement : ", pen.iban_of_issuer())))
    letterhead = render_head(choose, pen, head)
    meta = _meta_rows(pen, bill, quote)
    person = _patient_rows(choose, pen, bill)
    kind = ""

    def make_lines(start: int, stop: int) -> Markup:
        nonlocal kind
        made, kind = render_lines(choose, pen, bill, start, stop, kind=kind)
        return made

    title_with_number = bool(bill.number) and choose.toss(0.3)
    title: Html = pen.title(bill)
    if title_with_number and bill.number:
        words = pen.style.pick("title_number", ("n°", "N°", "n° :", "réf."))
        title = join((title, f" {words} ", pen.field("document_number", bill.number, bill.number)))
        meta = [row for row in meta if 'data-f="document_number"' not in row.value]
    return Blocks(
        head=letterhead,
        title=div(title, cls="ttl"),
        meta=render_rows(choose, pen.style, meta, "meta"),
        patient=render_rows(choose, pen.style, person, "patient"),
        address=_address(choose, pen, bill),
        correction=_correction(pen, bill),
        make_lines=make_lines,
        totals=render_totals(choose, pen, bill),
        end=_end(choose, pen, bill, inked=inked),
        foot=foot,
    )


def _meta_rows(pen: Quill, bill: Bill, quote: bool) -> list[Row]:
    rows = []
    note = bill.type.value == "note_honoraires"
    if bill.number:
        key = "number_quote" if quote else "number_note" if note else "number"
        rows.append(Row(pen.label(key), pen.field("document_number", bill.number, bill.number)))
    issued = pen.day("issue_date", bill.issued)
    if pen.style.toss("hour", 0.05):
        issued = join((issued, f" {pen.chance('hour').randint(8, 18):02d}:{pen.chance('min').randint(0, 59):02d}"))
    place = bill.issuer.address.town
    if pen.style.toss("place_date", 0.12):
        rows.append(Row(f"{pen.style.pick('fait', ('Fait à', 'À', ''))} {place}, le".strip(), issued))
    else:
        rows.append(Row(pen.label("issued_quote" if quote else "issued"), issued))
    if bill.stay and len(bill.care) == 2:
        rows.append(Row(pen.label("entry"), pen.day("care_dates", bill.care[0])))
        rows.append(Row(pen.label("exit"), pen.day("care_dates", bill.care[1])))
    elif bill.care and "care_date" in bill.show:
        delivered = bill.type in SHOPS
        key = "care_session" if note else "care_delivery" if delivered else "care"
        rows.append(Row(pen.label(key), pen.days("care_dates", bill.care)))
    if bill.valid_days and pen.style.toss("valid_row", 0.4):
        rows.append(
            Row(
                pen.style.pick("valid", ("Valable jusqu'au", "Validité", "Offre valable jusqu'au")),
                _valid_until(pen, bill),
            )
        )
    rows += pen.clutter(bill)
    if pen.style.toss("meta_shuffle", 0.35):
        pen.chance("meta").shuffle(rows)
    return rows


def _valid_until(pen: Quill, bill: Bill) -> Markup:
    import datetime as dt

    return pen.other_day("valid_until", bill.issued + dt.timedelta(days=bill.valid_days or 30))


def _patient_rows(choose: Chooser, pen: Quill, bill: Bill) -> list[Row]:
    style = pen.style
    key = "patient_shop" if bill.type in SHOPS else "patient"
    name = pen.named(bill.patient)
    if 'data-part="' in name:
        rows = [Row("", name, strong=True)]
    else:
        rows = [Row(pen.label(key), highlight(pen, name, "patient", 0.02), strong=True)]
    if "birth" in bill.show:
        rows.append(
            Row(
                pen.label("birth"),
                pen.other_day(
                    "birth_date", bill.patient.birth, style.pick("bd", ("slash", "slash", "short", "dot", "spaced"))
                ),
            )
        )
    if "nir" in bill.show:
        boxed = choose.toss(0.06)
        rows.append(
            Row(
                pen.label("nir"),
                pen.boxed("nir", bill.patient.nir, bill.patient.nir) if boxed else pen.nir(bill.patient.nir),
            )
        )
    if "mutuelle" in bill.show:
        rows.append(Row(pen.label("mutuelle"), Markup("{}").format(bill.member.mutuelle)))
    if "member_number" in bill.show:
        rows.append(Row(pen.label("member_number"), pen.field("member_number", bill.member.number, bill.member.number)))
    if bill.stay_number and "stay_number" in bill.show:
        rows.append(
            Row(
                style.pick("stay", ("N° de séjour", "N° IEP", "N° admission", "Dossier")),
                pen.other("stay_number", bill.stay_number),
            )
        )
    if bill.prescriber and style.toss("presc", 0.8):
        rows.append(Row(pen.label("prescriber"), pen.other("prescriber", f"Dr {bill.prescriber.name}")))
        if style.toss("presc_day", 0.8):
            rows.append(Row(pen.label("prescribed"), pen.other_day("prescription_date", bill.prescriber.day)))
        if style.toss("presc_rpps", 0.35) and bill.prescriber.rpps:
            rows.append(
                Row(
                    style.pick("pr", ("RPPS prescripteur", "N° prescripteur", "Id. prescripteur")),
                    pen.other("prescriber_rpps", bill.prescriber.rpps),
                )
            )
    if style.toss("patient_shuffle", 0.2):
        head, rest = rows[:1], rows[1:]
        pen.chance("patient").shuffle(rest)
        rows = head + rest
    return rows  # fmt: skip


def _address(choose: Chooser, pen: Quill, bill: Bill) -> Markup:
    if "address" not in bill.show and choose.toss(0.6):
        return Markup("")
    address = bill.member.address
    lines: list[Html] = [pen.adherent(bill), address.street, address.city_line]
    title = pen.style.pick("to", ("", "", "Adressé à", "Destinataire", "Facturé à", "Client"))
    if title and choose.toss(0.5):
        lines.insert(0, span(title, cls="small"))
    return div(
        *(div(line) for line in lines), cls="to", css=choose.pick(("", "", "border:.3mm solid #999;padding:2mm 3mm;"))
    )


def _correction(pen: Quill, bill: Bill) -> Markup:
    if not bill.correction or not pen.style.toss("correction", 0.55):
        return Markup("")
    if pen.style.toss("corr_text", 0.4):
        return div(
            *(div(f"{eye} : {sph} ({cyl or '0.00'} à {axis or '0°'}) {'Add ' + add if add else ''}") for eye, sph, cyl, axis, add in bill.correction),
            cls="small",
        )  # fmt: skip
    return table(bill.correction, head=("", "Sphère", "Cylindre", "Axe", "Addition"), cls="corr")


def _end(choose: Chooser, pen: Quill, bill: Bill, *, inked: bool) -> Markup:
    quote = bill.type.value.startswith("devis")
    notes: list[Html] = [div(note, cls="small") for note in bill.notes]
    if bill.valid_days and not pen.style.toss("valid_row", 0.4):
        notes.append(
            div(f"Devis valable {bill.valid_days} jours, soit jusqu'au ", _valid_until(pen, bill), ".", cls="small")
        )
    if bill.other_offer:
        words = pen.style.pick(
            "offer",
            (
                "Autre offre présentée (100 % Santé) : ",
                "Offre 1 – 100 % Santé, total : ",
                "Pour mémoire, offre sans reste à charge : ",
            ),
        )
        notes.append(div(words, pen.other_amount("other_offer_total", bill.other_offer), cls="small"))
    if "tva" in bill.show:
        notes.append(
            div(
                pen.style.pick(
                    "tva",
                    (
                        "TVA non applicable, art. 261-4-1° du CGI",
                        "Exonération de TVA, article 261-4-1° du code général des impôts",
                        "TVA : 0,00 €",
                        "Actes exonérés de TVA",
                    ),
                ),
                cls="small",
            )
        )
    if bill.settlement.status == "silent" and not quote and pen.style.toss("modes", 0.4):
        notes.append(
            div(
                pen.style.pick(
                    "modes_text",
                    (
                        "Moyens de paiement acceptés : carte bancaire, chèques, espèces.",
                        "Règlements acceptés : CB, chèque à l'ordre du cabinet, espèces",
                        "Chèque à l'ordre de la société. CB acceptée.",
                    ),
                ),
                cls="small",
            )
        )
    pay = pen.settlement(bill, inked=inked)
    right: list[Html] = []
    if inked and choose.toss(0.3):
        right.append(cachet(pen, bill.issuer, bill.show))
    if choose.toss(0.45 if inked else 0.15):
        word = pen.style.pick(
            "sign",
            (
                "Signature",
                "Cachet et signature",
                "Signature et cachet du praticien",
                "Le praticien",
                "Bon pour accord",
                "",
            ),
        )
        right.append(div(div(word, cls="small"), signature(pen)))
    if choose.toss(0.3):
        pay, right = join(right), [pay]
    return join((div(div(pay), div(*right), cls="end"), *notes))  # fmt: skip


Frame = Callable[[Chooser, Blocks, Markup, bool], Markup]


def _tail(blocks: Blocks, last: bool) -> tuple[Html, ...]:
    return (blocks.totals, blocks.end) if last else ()


def _flow(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    middle: list[Html] = [join((b.title, b.meta)), b.patient]
    if b.address:
        middle.append(b.address)
    if choose.toss(0.4):
        middle.reverse()
    return join(
        (b.head, *(div(block, css="margin-bottom:3mm") for block in middle), b.correction, lines, *_tail(b, last))
    )


def _window(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    right = div(b.address or b.patient, css=f"margin-top:{choose.pick(('0', '14mm', '28mm'))}")
    rest = b.patient if b.address else ""
    return join((div(div(b.head, cls="grow"), right, cls="cols"), div(div(b.title, b.meta), div(rest), cls="cols"), b.correction, lines, *_tail(b, last)))  # fmt: skip


def _title_first(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    top = div(b.title, css=f"text-align:{choose.pick(('center', 'left', 'right'))}")
    sides: list[Html] = [div(b.head), div(b.meta, div(cls="gap"), b.patient)]
    if choose.toss(0.4):
        sides.reverse()
    return join((top, div(*sides, cls="cols"), b.address, b.correction, lines, *_tail(b, last)))


def _halves(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    sides: list[Html] = [
        div(b.head, b.meta, cls="grow"),
        div(b.title, b.patient, div(cls="gap"), b.address, cls="grow"),
    ]
    if choose.toss(0.35):
        sides.reverse()
    return join((div(*sides, cls="cols"), b.correction, lines, *_tail(b, last)))


def _side(left: bool) -> Frame:
    def frame(choose: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
        dark = choose.toss(0.35)
        edge = "left:0" if left else "right:0"
        inside: tuple[Html, ...] = (b.head, b.address) if left else (b.title, b.meta, div(cls="gap"), b.patient)
        main: tuple[Html, ...] = (b.title, b.meta, div(cls="gap"), b.patient) if left else (b.head, b.address)
        margin = "margin-left:58mm" if left else "margin-right:58mm"
        side = div(*inside, cls="side dark" if dark else "side", css=edge)
        return join((side, div(*main, b.correction, lines, *_tail(b, last), css=margin)))

    return frame


def _patient_late(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join(
        (
            b.head,
            b.title,
            b.meta,
            b.correction,
            lines,
            b.totals if last else "",
            b.patient,
            b.end if last else "",
            b.address,
        )
    )


def _letter(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join((b.head, div(b.address, css="margin:6mm 0 6mm auto;width:80mm"), b.meta, b.title, b.patient, b.correction, lines, *_tail(b, last)))  # fmt: skip


def _data_last(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join((b.title, lines, b.totals if last else "", div(b.head, b.patient, cls="cols"), b.meta, b.correction, b.end if last else ""))  # fmt: skip


def _panel(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    return join((div(div(b.title, b.meta), b.head, cls="cols"), div(b.patient, b.address, cls="panel"), div(b.correction, lines, cls="panel"), *_tail(b, last)))  # fmt: skip


def _stripe(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    blocks: list[Html] = [b.head, b.patient, b.title, b.meta, b.correction, lines]
    return join((*(div(block, cls="stripe") for block in blocks if block), *_tail(b, last)))


def _quadrants(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    quad = div(div(b.title, b.meta), div(b.head), div(b.address or b.correction), div(b.patient), cls="quad")
    return join((quad, lines, *_tail(b, last)))


def _split_columns(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    left = div(b.patient, b.correction, b.meta, b.end if last else "", css="width:62mm;flex:none")
    right = div(b.title, lines, b.totals if last else "", cls="grow")
    return join((div(left, right, cls="cols"), b.head))


def _totals_first(_: Chooser, b: Blocks, lines: Markup, last: bool) -> Markup:
    top = (div(b.title, b.totals if last else "", cls="cols"),)
    return join((*top, div(b.patient, b.meta, cls="cols"), lines, b.correction, b.end if last else "", b.head))


_FRAMES: dict[str, Frame] = {
    "flow": _flow,
    "window": _window,
    "side_left": _side(True),
    "side_right": _side(False),
    "title_first": _title_first,
    "halves": _halves,
    "patient_late": _patient_late,
    "letter": _letter,
    "data_last": _data_last,
    "panel": _panel,
    "stripe": _stripe,
    "quadrants": _quadrants,
    "split_columns": _split_columns,
    "totals_first": _totals_first,
}
