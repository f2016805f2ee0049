"""Composed ordonnances, printed or written by hand."""

from __future__ import annotations

from markupsafe import Markup

from samples.layouts.composed.heads import gather_head, render_foot, render_head
from samples.layouts.composed.html import Chooser, Html, div, join, span, tag
from samples.layouts.composed.ink import cachet, jottings, signature
from samples.layouts.composed.quill import Quill
from samples.papers.values import Prescription

PRESCRIPTION_KINDS = {
    "train": ("list", "bullets", "boxed", "hand", "hand_all", "two_zones", "plain"),
    "calibration": ("spaced", "hand_lines"),
    "test": ("barred", "hand_grid"),
}


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
    body = _items(choose, paper, kind)
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
    side = choose.pick(("flex-end", "flex-end", "space-between"))
    sign = div(*end, css=f"display:flex;gap:8mm;justify-content:{side};margin-top:8mm")
    extra = jottings(pen, paper.issued, *size) if inked and choose.toss(0.15) else Markup("")
    return tag("section", head, *above, body, *below, sign, render_foot(pen, foot), extra, cls="page")


def _items(choose: Chooser, paper: Prescription, kind: str) -> Markup:
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
        zones = (
            "Prescriptions relatives au traitement de l'affection de longue durée reconnue (liste ou hors liste)",
            "Prescriptions SANS RAPPORT avec l'affection de longue durée",
        )
        return join(
            (div(zones[0], cls="small"), div(cls="rx zone"), div(zones[1], cls="small"), div(*lines, cls="rx items"))
        )
    if kind == "spaced":
        return div(
            *(div(tag("b", item), css="padding:2mm 0;border-bottom:.15mm dotted #888") for item in items), cls="rx"
        )
    return div(*lines, cls=look)
