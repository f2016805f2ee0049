"""Composed ordonnances, care sheets, bank slips, statements of the Assurance Maladie, attestations and other papers."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from samples.identifiers import group_digits
from samples.layouts.composed.heads import gather_head, render_foot, render_head
from samples.layouts.composed.html import Chooser, Html, Row, div, join, span, table, tag
from samples.layouts.composed.ink import cachet, jottings, logo, scribble, signature, watermark
from samples.layouts.composed.quill import Quill
from samples.layouts.composed.rows import render_rows
from samples.papers.values import BankSlip, Bill, Other, Prescription, Rights, Statement, StatementRow
from schemas.vocabulary import DocumentType as T

PRESCRIPTION_KINDS = {
    "train": ("list", "bullets", "boxed", "hand", "hand_all", "two_zones", "plain"),
    "calibration": ("spaced", "hand_lines"),
    "test": ("barred", "hand_grid"),
}
STATEMENT_KINDS = {
    "train": ("grid", "rules", "by_row", "plain", "dark"),
    "calibration": ("striped", "cards"),
    "test": ("double", "ledger"),
}
SLIP_KINDS = {
    "train": ("codes_table", "rows", "rows_boxed", "letter", "app", "coupon"),
    "calibration": ("codes_rows", "card"),
    "test": ("twice", "codes_line"),
}
RIGHTS_KINDS = {
    "train": ("rows", "letter", "family", "two_columns", "card"),
    "calibration": ("sentence", "framed"),
    "test": ("family_last", "striped"),
}
SHEET_KINDS = {
    "train": ("frames", "grid", "boxes", "wide"),
    "calibration": ("shaded", "columns"),
    "test": ("sides", "lined"),
}
OTHER_KINDS = {
    "train": ("page", "letter", "card", "columns", "mail"),
    "calibration": ("centred", "framed"),
    "test": ("barred", "boxed_rows"),
}

PAPERS_CSS = """
.x { margin-bottom: 4mm; } .big { font-size: 150%; font-weight: bold; } .mid { font-size: 118%; }
.items li, .items > div { margin-bottom: 3.5mm; } .rx { font-size: 108%; margin: 6mm 0; min-height: 40mm; } .rx.frame { border: .3mm solid #666; padding: 4mm; } .rx.bar { border-left: 1.2mm solid var(--accent); padding-left: 5mm; } .rx.zone { border-bottom: .3mm solid #333; }
.handfont, .handfont .m { font-family: var(--hand); color: var(--ink); font-size: var(--handsize); line-height: 1.25; } .lined > div { border-bottom: .15mm solid #9ab; }
.gridpaper { background-image: linear-gradient(#dde6ee .2mm, transparent .2mm), linear-gradient(90deg, #dde6ee .2mm, transparent .2mm); background-size: 5mm 5mm; }
.st { margin: 4mm 0; } .st th { font-size: 84%; } .st-grid td, .st-grid th { border: .2mm solid #889; } .st-rules td { border-bottom: .15mm solid #bbb; } .st-rules th { border-bottom: .4mm solid var(--accent); } .st-dark th { background: var(--accent); color: #fff; } .st-striped tr:nth-child(even) td { background: #eef2f7; } .st-double th { border-top: .8mm double #333; border-bottom: .8mm double #333; } .st-ledger td, .st-ledger th { border-left: .2mm solid #555; border-right: .2mm solid #555; } .st tr.tot td { font-weight: bold; }
.st-card { border: .2mm solid #aaa; border-radius: 2mm; padding: 2mm 3mm; margin-bottom: 2mm; }
.bk td, .bk th { border: .25mm solid #777; padding: 1mm 2mm; } .bk th { font-size: 82%; background: #eee; } .bk { margin: 3mm 0; } .mono { font-family: 'Liberation Mono', monospace; }
.coupon { border: .3mm dashed #666; padding: 5mm; margin-top: 6mm; } .cardbox { border: .3mm solid #999; border-radius: 3mm; padding: 5mm; max-width: 120mm; } .cardbox.tint { background: #f2f5fa; }
.fz { border: .3mm solid var(--form); padding: 2mm 3mm; margin-bottom: 2mm; } .fz h4 { margin: 0 0 1.2mm; color: var(--form); font-size: 84%; text-transform: uppercase; } .fz.shade { background: #f6f0ea; } .fz .v { color: #111; } .cols .fz .handfont, .cols .fz .handfont .m { font-size: calc(var(--handsize) * .8); } .tick { display: inline-block; width: 3mm; height: 3mm; border: .2mm solid var(--form); margin: 0 1mm; } .tick.on { background: #222; }
"""  # noqa: E501

_AM_NAMES = ("l'Assurance Maladie", "Assurance Maladie", "L'ASSURANCE MALADIE", "CPAM", "Caisse primaire d'assurance maladie",
             "MSA – santé, famille, retraite, services", "Agir ensemble, protéger chacun – l'Assurance Maladie")  # fmt: skip


def compose_prescription(
    choose: Chooser, pen: Quill, paper: Prescription, size: tuple[float, float], *, inked: bool
) -> Markup:
    """An ordonnance."""
    kinds = PRESCRIPTION_KINDS
    if not inked:
        kinds = {split: tuple(k for k in own if not k.startswith("hand")) for split, own in kinds.items()}
    kind = choose.part("prescription", kinds)
    head = render_head(
        choose, pen, gather_head(pen, paper.issuer, paper.show | {"siret"} if choose.toss(0.2) else paper.show)
    )
    hand = kind.startswith("hand")
    issued = pen.day(
        "issue_date", paper.issued, pen.style.pick("hand_day", ("unpadded", "slash", "short", "long")) if hand else None
    )
    ink = "handfont" if hand else ""
    town = paper.issuer.address.town
    form = choose.pick(("town", "le", "label", "town", "bare"))
    lead = {"town": f"{town}, le ", "le": "Le ", "label": "Date : ", "bare": ""}[form]
    date = div(lead, span(issued, cls=ink), css=f"text-align:{choose.pick(('right', 'right', 'left'))}", cls="x")
    patient: list[Html] = [
        div(
            choose.pick(("", "", "Patient : ", "Nom : ", "Pour ", "M./Mme ")),
            tag("b", span(pen.named(paper.patient), cls=ink)),
        )
    ]
    if "birth" in paper.show:
        born = pen.other_day("birth_date", paper.patient.birth, choose.pick(("slash", "slash", "short", "long")))
        age = paper.issued.year - paper.patient.birth.year
        years = f" ({age} ans)" if "age" in paper.show and age > 2 else ""
        patient.append(div(choose.pick(("Né(e) le ", "DDN : ", "Date de naissance : ", "née/né le ")), born, years))
    if choose.toss(0.2):
        patient.append(div(f"{choose.pick(('Poids : ', ''))}{choose.rng.randint(9, 95)} kg", cls="small"))
    if "nir" in paper.show:
        patient.append(div(pen.label("nir"), pen.style.colon, " ", pen.nir(paper.patient.nir)))
    who = div(*patient, cls="x")
    title = choose.pick(
        ("ORDONNANCE", "Ordonnance", "", "O R D O N N A N C E", "ORDONNANCE", "Ordonnance médicale", "PRESCRIPTION")
    )
    titled = div(title, cls="big", css=f"text-align:{choose.pick(('center', 'left', 'center'))}") if title else ""
    body = _items(choose, pen, paper, kind)
    foot: list[Html] = [
        pen.style.pick(
            "rx_foot",
            (
                "En cas d'urgence, composez le 15.",
                "Consultations sur rendez-vous",
                "Membre d'une association agréée",
                "Urgences : 15 ou 112 – Pharmacie de garde : 3237",
                "",
            ),
        )
    ]
    end: list[Html] = [div(signature(pen))]
    if inked and choose.toss(0.35):
        end.append(cachet(pen, paper.issuer, paper.show))
    below: list[Html] = (
        [div(f"{choose.pick(('À renouveler', 'AR', 'À renouveler', 'Renouvelable'))} {paper.renewals} fois", cls=ink)]
        if paper.renewals
        else []
    )
    above: list[Html] = [date, who] if choose.toss(0.6) else [who, date]
    if title and choose.toss(0.5):
        above.insert(choose.rng.randint(0, 1), titled)
    else:
        above.append(titled)
    sign = div(
        *end,
        css=f"display:flex;gap:8mm;justify-content:{choose.pick(('flex-end', 'flex-end', 'space-between'))};margin-top:8mm",
    )
    extra = jottings(pen, paper.issued, *size) if inked and choose.toss(0.15) else Markup("")
    return tag("section", head, *above, body, *below, sign, render_foot(pen, foot), extra, cls="page")  # fmt: skip


def _items(choose: Chooser, pen: Quill, paper: Prescription, kind: str) -> Markup:
    items: list[Html] = list(paper.items)
    if paper.correction:
        for eye, sphere, cylinder, axis, addition in paper.correction:
            cyl = f" ({cylinder} à {axis})" if cylinder else ""
            add = f" Add {addition}" if addition else ""
            items.append(f"{eye} : {sphere}{cyl}{add}")
    sign = choose.pick(("- ", "• ", "", "→ ", "1) "))
    lines = [div(f"{i}) " if sign == "1) " else sign, item) for i, item in enumerate(items, 1)]
    if kind == "list":
        return tag("ol", *(tag("li", item) for item in items), cls="rx items")
    look = {
        "boxed": "rx items frame",
        "hand": "rx items handfont",
        "hand_all": "rx items handfont",
        "hand_lines": "rx items handfont lined",
        "hand_grid": "rx items handfont gridpaper",
        "barred": "rx items bar",
    }.get(kind, "rx items")
    if kind == "two_zones":
        zones = ("Prescriptions relatives au traitement de l'affection de longue durée reconnue (liste ou hors liste)",
                 "Prescriptions SANS RAPPORT avec l'affection de longue durée")  # fmt: skip
        return join(
            (div(zones[0], cls="small"), div(cls="rx zone"), div(zones[1], cls="small"), div(*lines, cls="rx items"))
        )
    if kind == "spaced":
        return div(
            *(div(tag("b", item), css="padding:2mm 0;border-bottom:.15mm dotted #888") for item in items), cls="rx"
        )
    return div(*lines, cls=look)


def compose_statement(
    choose: Chooser, pen: Quill, paper: Statement, size: tuple[float, float], *, inked: bool
) -> Markup:
    """A statement of the Assurance Maladie."""
    kind = choose.part("statement", STATEMENT_KINDS)
    brand = choose.pick(_AM_NAMES)
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
    return tag("section", *order, *middle, body, paid, sent, foot, extra, cls="page")  # fmt: skip


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
        made: Html = {
            "date": lambda: pen.row(index, "date", row.day),
            "label": lambda: pen.row(index, "label", row.label),
            "paid": lambda: pen.row(index, "amount", row.paid),
            "base": lambda: pen.row(index, "base", row.base),
            "rate": lambda: f"{row.rate} %",
            "fixed": lambda: pen.plain(-row.fixed) if row.fixed else "",
            "amo": lambda: pen.row(index, "amo", row.reimbursed),
        }[key]()
        return tag("td", made, cls="" if key in ("date", "label") else "n")

    sums = [Row(pen.label("spent"), spent), Row(pen.label("reimbursed"), back, strong=True)]
    if kind in ("by_row", "cards"):
        blocks = [
            div(
                div(tag("b", pen.row(i, "label", row.label)), " – ", pen.row(i, "date", row.day)),
                div(heads["paid"], " ", pen.row(i, "amount", row.paid), " – ", heads["base"], " ", pen.row(i, "base", row.base), f" – {row.rate} % – ", heads["amo"], " ", pen.row(i, "amo", row.reimbursed)),
                cls="st-card" if kind == "cards" else "x",
            )
            for i, row in enumerate(paper.rows)
        ]  # fmt: skip
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
    return tag("section", *order, *tail, extra, cls="page")  # fmt: skip


def compose_rights(choose: Chooser, pen: Quill, paper: Rights, size: tuple[float, float], *, inked: bool) -> Markup:
    """An attestation de droits."""
    kind = choose.part("rights", RIGHTS_KINDS)
    adherent, address = paper.member.adherent, paper.member.address
    top = div(
        logo(pen) if choose.toss(0.5) else "", div(choose.pick(_AM_NAMES), cls="big accent"), div(paper.fund), cls="x"
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
    return tag("section", *order, body, dates, rule, extra, watermark(pen), cls="page")  # fmt: skip


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
    return tag("section", title, *made, extra, cls="page")  # fmt: skip


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
    return tag("section", *parts, extra, cls="page")  # fmt: skip


Made = Callable[..., Markup]
COMPOSERS: dict[T, Made] = {
    T.ORDONNANCE: compose_prescription,
    T.DECOMPTE_AM: compose_statement,
    T.RIB: compose_slip,
    T.ATTESTATION_DROITS: compose_rights,
    T.FEUILLE_DE_SOINS: compose_sheet,
    T.AUTRE: compose_other,
}
