"""What hands and rubber stamps add to a printed paper: signatures, stamps, scribbles, watermarks; and logos."""

from __future__ import annotations

import datetime as dt
from random import Random

from markupsafe import Markup

from samples.layouts.composed.html import Html, div, join, span
from samples.layouts.composed.quill import Quill
from samples.people import Issuer

_STAMP_INKS = ("#2a3bb0", "#1d2f8f", "#5a2a9a", "#8a1f2b", "#222", "#23347d")


def signature(pen: Quill, width: float = 34) -> Markup:
    """A hurried signature: loops, strokes, and often a flourish under them."""
    rng = pen.chance("signature")
    x, y = rng.uniform(10, 40), rng.uniform(50, 80)
    path = [f"M {x:.0f} {y:.0f}"]
    rise = rng.uniform(25, 75)
    for _ in range(rng.randint(3, 9)):
        step = rng.uniform(10, 45)
        path.append(
            f"C {x + step * rng.uniform(-0.6, 0.6):.0f} {y - rise * rng.uniform(0.6, 1.4):.0f} "
            f"{x + step * rng.uniform(0.7, 1.7):.0f} {y + rise * rng.uniform(-0.5, 0.9):.0f} "
            f"{x + step:.0f} {y + rng.uniform(-14, 14):.0f}"
        )
        x += step
        rise *= rng.uniform(0.6, 1.1)
    if rng.random() < 0.6:
        path.append(
            f"C {x + 60:.0f} {y + 40:.0f} {x - 150:.0f} {y + 30:.0f} "
            f"{rng.uniform(10, 90):.0f} {y + rng.uniform(20, 45):.0f}"
        )
    if rng.random() < 0.5:
        path.append(
            f"Q {x / 2:.0f} {y + rng.uniform(0, 30):.0f} {x + rng.uniform(0, 60):.0f} {y - rng.uniform(-20, 30):.0f}"
        )
    return Markup(
        '<svg width="{}mm" height="{}mm" viewBox="0 0 340 130" style="overflow:visible"><path d="{}" fill="none" '
        'stroke="{}" stroke-width="{:.1f}" stroke-linecap="round" stroke-linejoin="round" opacity=".9"/></svg>'
    ).format(width, round(width * 0.38), " ".join(path), pen.style.ink, rng.uniform(1.8, 5))


def cachet(pen: Quill, issuer: Issuer, show: frozenset[str]) -> Markup:
    """The rubber stamp of a practice: name, trade, address, numbers."""
    rng = pen.chance("cachet")
    ink = rng.choice(_STAMP_INKS)
    lines: list[Html] = [pen.issuer_name(issuer)]
    if issuer.speciality and not issuer.is_place:
        lines.append(issuer.speciality)
    lines += [issuer.address.street, issuer.address.city_line]
    if rng.random() < 0.6:
        lines.append(join(("Tél. ", pen.phone(issuer.phone))))
    numbers = pen.identifiers(show, issuer)
    if numbers and rng.random() < 0.75:
        lines.append(numbers[0])
    border = rng.choice(("none", f".4mm solid {ink}", f".7mm double {ink}"))
    look = (
        f"color:{ink};border:{border};padding:1.2mm 2.4mm;transform:rotate({rng.uniform(-13, 13):.1f}deg);"
        f"font-size:{rng.randint(74, 96)}%;opacity:{rng.uniform(0.62, 0.95):.2f};"
        f"font-family:{rng.choice(('Liberation Sans', 'Liberation Serif', 'Liberation Sans Narrow', 'DejaVu Sans'))}"
    )
    return div(*(div(line) for line in lines), css=look, cls="cachet stamp")


def scribble(rng: Random, ink: str, width: float, height: float) -> Markup:
    """A stroke of a pen: a loop, an underline or a cross-out, as an SVG of that many millimetres."""
    kind = rng.choice(("circle", "underline", "wave"))
    if kind == "circle":
        path = (
            f"M {width * 0.1:.1f} {height * 0.55:.1f} C {width * 0.05:.1f} {-height * 0.1:.1f} {width * 0.95:.1f} "
            f"{-height * 0.15:.1f} {width * 0.97:.1f} {height * 0.5:.1f} S {width * 0.1:.1f} {height * 1.2:.1f} "
            f"{width * 0.06:.1f} {height * rng.uniform(0.3, 0.5):.1f}"
        )
    elif kind == "underline":
        path = (
            f"M 0 {height:.1f} Q {width / 2:.1f} {height * rng.uniform(0.86, 1.1):.1f} {width:.1f} {height * 0.95:.1f}"
        )
    else:
        steps = " ".join(f"T {width * i / 6:.1f} {height * rng.uniform(0.3, 0.8):.1f}" for i in range(2, 7))
        path = (
            f"M 0 {height * 0.6:.1f} Q {width / 12:.1f} {height * 0.1:.1f} {width / 6:.1f} {height * 0.6:.1f} {steps}"
        )
    return Markup(
        '<svg width="{0}mm" height="{1}mm" viewBox="0 0 {0} {1}" style="overflow:visible"><path d="{2}" fill="none" '
        'stroke="{3}" stroke-width=".45" opacity=".8"/></svg>'
    ).format(round(width, 1), round(height, 1), path, ink)


_NOTES = ("Copie mutuelle", "à envoyer", "OK", "vu", "Mutuelle", "envoyé", "photocopie", "original", "Sécu + mutuelle")


def jottings(pen: Quill, day: dt.date, width: float, height: float) -> Markup:
    """What members and secretaries write or draw on a paper, anywhere: none of it is a field.

    Args:
        pen: what to write with.
        day: near which the paper was handled.
        width: of the sheet, in millimetres.
        height: of the sheet, in millimetres.
    """
    rng = pen.chance("jottings")
    made = []
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        x, y = rng.uniform(0.05, 0.75) * width, rng.uniform(0.05, 0.9) * height
        place = f"left:{x:.0f}mm;top:{y:.0f}mm;transform:rotate({rng.uniform(-12, 12):.0f}deg)"
        kind = rng.choice(("note", "note", "stroke", "date", "sum", "stroke"))
        if kind == "note":
            made.append(div(rng.choice(_NOTES), css=place, cls="over hand"))
        elif kind == "date":
            sent = day + dt.timedelta(days=rng.randint(2, 30))
            made.append(div("envoyé le ", pen.other_day("note_date", sent, "unpadded"), css=place, cls="over hand"))
        elif kind == "sum":
            text = f"{rng.randint(8, 90)},{rng.choice(('00', '50', '20'))}"
            made.append(
                div(
                    pen.other("note_amount", text.replace(",", ".")[:-3] + "." + text[-2:], text),
                    css=place,
                    cls="over hand",
                )
            )
        else:
            made.append(
                div(scribble(rng, pen.style.ink, rng.uniform(15, 45), rng.uniform(5, 10)), css=place, cls="over")
            )
    return join(made)


def watermark(pen: Quill) -> Markup:
    """A pale word across the page, on few papers."""
    if not pen.style.toss("watermark", 0.07):
        return Markup("")
    word = pen.style.pick("water_word", ("DUPLICATA", "COPIE", "DUPLICATA", "ORIGINAL", "COPIE CLIENT"))
    return div(word, cls="water")


def logo(pen: Quill) -> Markup:
    """A mark of a shop or a practice, drawn from a few shapes."""
    rng = pen.chance("logo")
    colour = pen.style.accent
    shapes = []
    kind = rng.randrange(7)
    if kind == 0:
        ring = '<circle cx="20" cy="20" r="{}" fill="none" stroke="{}" stroke-width="{:.1f}"/>'
        shapes += [ring.format(radius, colour, rng.uniform(1.5, 4)) for radius in (18, 12, 6)]
    elif kind == 1:
        shapes.append(f'<path d="M15 4h10v11h11v10H25v11H15V25H4V15h11z" fill="{colour}"/>')
    elif kind == 2:
        shapes.append(f'<rect x="2" y="8" width="36" height="24" rx="{rng.randint(0, 12)}" fill="{colour}"/>')
        shapes.append('<circle cx="14" cy="20" r="7" fill="#fff"/><circle cx="28" cy="20" r="7" fill="#fff"/>')
    elif kind == 3:
        points = " ".join(f"{rng.randint(2, 38)},{rng.randint(2, 38)}" for _ in range(rng.randint(3, 6)))
        shapes.append(f'<polygon points="{points}" fill="{colour}" opacity=".8"/>')
    elif kind == 4:
        shapes.append(
            f'<path d="M4 30 Q{rng.randint(8, 18)} 2 20 20 T36 8" fill="none" stroke="{colour}" stroke-width="5"/>'
        )
    elif kind == 5:
        initial = pen.style.pick("initial", tuple("ABCDEGLMOPRSV"))
        shapes.append(f'<circle cx="20" cy="20" r="18" fill="{colour}"/>')
        look = 'text-anchor="middle" font-size="22" fill="#fff" font-family="Liberation Serif"'
        shapes.append(f'<text x="20" y="28" {look}>{initial}</text>')
    else:
        return Markup("")
    return Markup('<svg width="{0}mm" height="{0}mm" viewBox="0 0 40 40">{1}</svg>').format(
        rng.randint(11, 22), Markup("".join(shapes))
    )


def highlight(pen: Quill, value: Markup, key: str, chance: float) -> Markup:
    """The value, sometimes under a marker pen."""
    return span(value, cls="marker") if pen.style.toss(f"marker:{key}", chance) else value
