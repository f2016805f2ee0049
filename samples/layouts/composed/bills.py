"""Composed bills: letterhead, data, lines, totals and payment, made ready for a frame to put in place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from markupsafe import Markup

from samples.layouts.composed.frames import FRAME_KINDS, FRAMES, WIDE_FRAMES, Blocks
from samples.layouts.composed.heads import gather_head, render_foot, render_head
from samples.layouts.composed.html import Chooser, Html, Row, div, join, span, table, tag
from samples.layouts.composed.ink import cachet, highlight, jottings, signature, watermark
from samples.layouts.composed.quill import SHOPS, Quill
from samples.layouts.composed.rows import render_rows
from samples.layouts.composed.tables import render_lines, render_totals
from samples.papers.values import Bill


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
        frames = {split: tuple(f for f in kinds if f not in WIDE_FRAMES) for split, kinds in FRAME_KINDS.items()}
    frame = choose.part("frame", frames)
    blocks = _gather(choose, pen, bill, inked=inked)
    first = FRAMES[frame]
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

    offer = _other_offer(pen, bill)
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
        correction=join((_correction(pen, bill), offer)),
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
    return rows


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
            *(
                div(f"{eye} : {sph} ({cyl or '0.00'} à {axis or '0°'}) {'Add ' + add if add else ''}")
                for eye, sph, cyl, axis, add in bill.correction
            ),
            cls="small",
        )
    return table(bill.correction, head=("", "Sphère", "Cylindre", "Axe", "Addition"), cls="corr")


def _end(choose: Chooser, pen: Quill, bill: Bill, *, inked: bool) -> Markup:
    quote = bill.type.value.startswith("devis")
    notes: list[Html] = [div(note, cls="small") for note in bill.notes]
    if bill.valid_days and not pen.style.toss("valid_row", 0.4):
        notes.append(
            div(f"Devis valable {bill.valid_days} jours, soit jusqu'au ", _valid_until(pen, bill), ".", cls="small")
        )
    if bill.other_offer and not pen.style.toss("offer_in_full", 0.5):
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
    return join((div(div(pay), div(*right), cls="end"), *notes))


def _other_offer(pen: Quill, bill: Bill) -> Markup:
    """The offer that the patient did not choose, with lines and total of its own."""
    if not bill.other_offer or not pen.style.toss("offer_in_full", 0.5):
        return Markup("")
    audio = "audio" in bill.type.value
    names = (
        ("Aide auditive classe I, OD", "Aide auditive classe I, OG")
        if audio
        else ("Monture classe A", "Verre OD classe A", "Verre OG classe A")
    )
    each = (bill.other_offer / len(names)).quantize(Decimal("0.01"))
    prices = [each] * (len(names) - 1)
    prices.append(bill.other_offer - sum(prices, Decimal(0)))
    words = pen.style.pick(
        "offer_title",
        (
            "Offre 1 : 100 % Santé",
            "Offre 100 % Santé (non retenue)",
            "Proposition A – 100 % Santé",
            "Équipement sans reste à charge",
        ),
    )
    rows: list[list[Html]] = [
        [name, tag("td", pen.other_amount("other_offer_line", price), cls="n")]
        for name, price in zip(names, prices, strict=True)
    ]
    rows.append(
        [
            tag("b", "Total offre 100 % Santé"),
            tag("td", pen.other_amount("other_offer_total", bill.other_offer), cls="n"),
        ]
    )
    rows.append(["Reste à charge", tag("td", pen.other_amount("other_offer_due", Decimal(0)), cls="n")])
    chosen = pen.style.pick(
        "offer_chosen", ("Offre choisie par le patient", "Offre 2 : offre retenue", "Proposition B – équipement choisi")
    )
    return join((div(tag("b", words)), table(rows, cls="t t-grid"), div(tag("b", chosen))))
