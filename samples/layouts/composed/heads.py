"""Letterheads and feet: who issues the paper, in the ways of each split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from samples.layouts.composed.html import Chooser, Html, div, join, span
from samples.layouts.composed.ink import logo
from samples.layouts.composed.quill import Quill
from samples.people import Issuer

HEAD_KINDS = {
    "train": ("left", "centred", "band", "logo_left", "right", "wide", "plate", "soft_band"),
    "calibration": ("thirds", "framed", "caps"),
    "test": ("tag", "columns", "underscore", "corner"),
}
AM_NAMES = (
    "l'Assurance Maladie",
    "Assurance Maladie",
    "L'ASSURANCE MALADIE",
    "CPAM",
    "Caisse primaire d'assurance maladie",
    "MSA – santé, famille, retraite, services",
    "Agir ensemble, protéger chacun – l'Assurance Maladie",
)


@dataclass(frozen=True)
class Letterhead:
    """What a paper says of its issuer, in pieces.

    Attributes:
        name: marked for the truth.
        below: trade, person in charge.
        place: address lines.
        contact: telephone, mail...
        numbers: identifiers.
    """

    name: Markup
    below: list[Html]
    place: list[Html]
    contact: list[Html]
    numbers: list[Html]

    @property
    def all_lines(self) -> list[Html]:
        """Everything but the name, line by line."""
        return [*self.below, *self.place, *self.contact, *self.numbers]


def gather_head(pen: Quill, issuer: Issuer, show: frozenset[str], *, numbers: bool = True) -> Letterhead:
    """The pieces of a letterhead; without ``numbers`` they go elsewhere."""
    below: list[Html] = []
    if issuer.is_place:
        if issuer.person and pen.style.toss("person", 0.45):
            role = pen.style.pick("role", ("", "Gérant : ", "Responsable : ", "Titulaire : ", "Praticien : "))
            below.append(join((role, pen.other("person_in_charge", issuer.person))))
        if pen.style.toss("trade", 0.5):
            below.append(issuer.kind.capitalize())
    else:
        below.append(issuer.speciality)
        if pen.style.toss("diploma", 0.3):
            below.append(
                pen.style.pick(
                    "diplomas",
                    (
                        "Conventionné secteur 1",
                        "Diplômé(e) d'État",
                        "Sur rendez-vous",
                        "D.U. de médecine du sport",
                        "Ancien attaché des hôpitaux",
                    ),
                )
            )
    address = issuer.address
    place: list[Html] = [address.street, address.city_line]
    if pen.style.toss("one_line", 0.3):
        place = [f"{address.street}{pen.style.pick('comma', (', ', ' - ', ' '))}{address.city_line}"]
    found = pen.identifiers(show, issuer) if numbers else []
    return Letterhead(pen.issuer_name(issuer), below, place, list(pen.contact(issuer)), list(found))


def render_head(choose: Chooser, pen: Quill, head: Letterhead) -> Markup:
    """A letterhead in one of the ways of the split."""
    kind = choose.part("head", HEAD_KINDS)
    return div(*_HEADS[kind](pen, head), cls=f"h h-{kind}")


def _plain(pen: Quill, head: Letterhead) -> Sequence[Html]:
    mark = logo(pen) if pen.style.toss("logo", 0.5) else ""
    return (mark, div(head.name, cls="name"), *(div(line) for line in head.all_lines))


def _bare(_: Quill, head: Letterhead) -> Sequence[Html]:
    return (div(head.name, cls="name"), *(div(line) for line in head.all_lines))


def _inline(pen: Quill, head: Letterhead) -> Sequence[Html]:
    mark = pen.style.pick("inline", (" – ", " · ", " | ", "  "))
    return (
        div(head.name, cls="name"),
        div(join(head.below, mark)),
        div(join((*head.place, *head.contact), mark), cls="small"),
        div(join(head.numbers, mark), cls="small"),
    )


def _logo_left(pen: Quill, head: Letterhead) -> Sequence[Html]:
    return (div(logo(pen)), div(*_bare(pen, head)))


def _wide(_: Quill, head: Letterhead) -> Sequence[Html]:
    right = (*head.place, *head.contact)
    return (
        div(div(head.name, cls="name"), *(div(line) for line in (*head.below, *head.numbers))),
        div(*(div(line) for line in right), css="text-align:right"),
    )


def _thirds(_: Quill, head: Letterhead) -> Sequence[Html]:
    return (
        div(div(head.name, cls="name"), *(div(line) for line in head.below)),
        div(*(div(line) for line in head.place)),
        div(*(div(line) for line in (*head.contact, *head.numbers))),
    )


_HEADS: dict[str, Callable[[Quill, Letterhead], Sequence[Html]]] = {
    "left": _plain,
    "centred": _inline,
    "band": _inline,
    "soft_band": _inline,
    "logo_left": _logo_left,
    "right": _plain,
    "wide": _wide,
    "plate": _bare,
    "thirds": _thirds,
    "framed": _inline,
    "caps": _inline,
    "tag": _bare,
    "columns": _bare,
    "underscore": _inline,
    "corner": _bare,
}


def render_foot(pen: Quill, sentences: Sequence[Html], page: Html = "") -> Markup:
    """The small print at the foot of a page."""
    if not sentences and not page:
        return Markup("")
    ruled = pen.style.toss("foot_rule", 0.4)
    mark = pen.style.pick("foot_mark", (" – ", " · ", " ", " | "))
    return div(join(sentences, mark), " ", span(page), cls="foot ruled" if ruled else "foot")
