"""Looks of the papers: every layout belongs to one split, so that what is measured was never seen in training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from samples.layouts.style import FONTS, MONO, SANS, SERIF
from samples.papers.values import Bill, Other, Paper
from schemas.vocabulary import DocumentType as T

SPLITS = ("train", "calibration", "test")

_BILLS = frozenset(
    {
        T.FACTURE_OPTIQUE,
        T.FACTURE_DENTAIRE,
        T.FACTURE_AUDIO,
        T.NOTE_HONORAIRES,
        T.FACTURE_HOSPITALIERE,
        T.FACTURE_PHARMACIE,
        T.FACTURE_SOINS,
        T.DEVIS_DENTAIRE,
        T.DEVIS_OPTIQUE,
        T.DEVIS_AUDIO,
        T.DEVIS_HONORAIRES,
    }
)


def _any(_: Paper) -> bool:
    return True


@dataclass(frozen=True)
class Layout:
    """A look for some types of paper.

    Attributes:
        name: stable, written in the truth.
        template: file under ``templates/``.
        types: the types that it can print.
        split: "train", "calibration" or "test".
        width, height: of the sheet in millimetres; height 0 for a roll cut after its text.
        weight: how often it is drawn against others.
        fits: whether it can show this paper at all.
        fonts: font stacks that it uses.
        composed: put together from the parts of its split (``samples.layouts.composed``) instead of a template.
    """

    name: str
    template: str
    types: frozenset[T]
    split: str
    width: float = 210
    height: float = 297
    weight: float = 1
    fits: Callable[[Paper], bool] = _any
    fonts: tuple[str, ...] = SANS + SERIF[:1]
    composed: bool = False


def _short(paper: Paper) -> bool:
    return isinstance(paper, Bill) and paper.pages == 1 and len(paper.lines) <= 9


def _receipt(paper: Paper) -> bool:
    """A receipt says by itself that it was paid."""
    return isinstance(paper, Bill) and paper.pages == 1 and len(paper.care) <= 3 and paper.settlement.status == "paid"


def _slip(paper: Paper) -> bool:
    return isinstance(paper, Other) and paper.kind == "card_slip"


def _not_slip(paper: Paper) -> bool:
    return not _slip(paper)


def _only(*types: T) -> frozenset[T]:
    return frozenset(types)


LAYOUTS: tuple[Layout, ...] = (
    Layout("colonnes", "colonnes.html", _BILLS, "train", weight=2),
    Layout("bandeau", "bandeau.html", _BILLS, "train"),
    Layout(
        "lettre", "lettre.html", _only(T.NOTE_HONORAIRES, T.DEVIS_HONORAIRES, T.FACTURE_SOINS), "train", fits=_short
    ),
    Layout("ticket", "ticket.html", _only(T.FACTURE_PHARMACIE), "train", 80, 0, 2, _short, MONO[:2] + SANS[:2]),
    Layout("carnet", "carnet.html", _only(T.NOTE_HONORAIRES), "train", 210, 118, 1, _receipt),
    Layout("devis_offres", "devis_offres.html", _only(T.DEVIS_OPTIQUE, T.DEVIS_AUDIO), "train", weight=1.5),
    Layout("devis_paniers", "devis_paniers.html", _only(T.DEVIS_DENTAIRE), "train", weight=1.5),
    Layout("zebre", "zebre.html", _BILLS, "calibration", fonts=SANS + SERIF),
    Layout(
        "formulaire",
        "formulaire.html",
        _only(T.FACTURE_HOSPITALIERE, T.FACTURE_SOINS, T.FACTURE_DENTAIRE),
        "calibration",
    ),
    Layout(
        "facturette",
        "facturette.html",
        _only(T.NOTE_HONORAIRES, T.FACTURE_PHARMACIE, T.FACTURE_SOINS),
        "calibration",
        148,
        210,
        1,
        _short,
    ),
    Layout("mosaique", "mosaique.html", _BILLS, "test", fonts=SANS + SERIF),
    Layout(
        "registre",
        "registre.html",
        _BILLS - _only(T.NOTE_HONORAIRES, T.DEVIS_HONORAIRES),
        "test",
        weight=0.6,
        fonts=MONO,
    ),
    Layout("recu_cases", "recu_cases.html", _only(T.NOTE_HONORAIRES), "test", 210, 112, 1, _receipt),
    Layout("ticket_double", "ticket_double.html", _only(T.FACTURE_PHARMACIE), "test", 72, 0, 1, _short),
    Layout("ordo_classique", "ordo_classique.html", _only(T.ORDONNANCE), "train", fonts=SANS + SERIF),
    Layout("ordo_manuscrite", "ordo_manuscrite.html", _only(T.ORDONNANCE), "train", 148, 210),
    Layout("ordo_bandeau", "ordo_bandeau.html", _only(T.ORDONNANCE), "calibration"),
    Layout("ordo_cadre", "ordo_cadre.html", _only(T.ORDONNANCE), "test"),
    Layout("decompte_tableau", "decompte_tableau.html", _only(T.DECOMPTE_AM), "train"),
    Layout("decompte_espace", "decompte_espace.html", _only(T.DECOMPTE_AM), "calibration"),
    Layout("decompte_liste", "decompte_liste.html", _only(T.DECOMPTE_AM), "test"),
    Layout("soins_cerfa", "soins_cerfa.html", _only(T.FEUILLE_DE_SOINS), "train"),
    Layout("soins_compacte", "soins_compacte.html", _only(T.FEUILLE_DE_SOINS), "calibration", 210, 148),
    Layout("soins_bleue", "soins_bleue.html", _only(T.FEUILLE_DE_SOINS), "test"),
    Layout("rib_grille", "rib_grille.html", _only(T.RIB), "train"),
    Layout("rib_courrier", "rib_courrier.html", _only(T.RIB), "train"),
    Layout("rib_coupons", "rib_coupons.html", _only(T.RIB), "calibration"),
    Layout("rib_lignes", "rib_lignes.html", _only(T.RIB), "test", 170, 90),
    Layout("droits_lettre", "droits_lettre.html", _only(T.ATTESTATION_DROITS), "train"),
    Layout("droits_colonne", "droits_colonne.html", _only(T.ATTESTATION_DROITS), "calibration"),
    Layout("droits_bloc", "droits_bloc.html", _only(T.ATTESTATION_DROITS), "test"),
    Layout("autre_page", "autre_page.html", _only(T.AUTRE), "train", fits=_not_slip, fonts=SANS + SERIF),
    Layout("autre_ticket_cb", "autre_ticket_cb.html", _only(T.AUTRE), "train", 58, 0, fits=_slip),
    Layout("autre_libre", "autre_libre.html", _only(T.AUTRE), "calibration", fonts=SANS + SERIF, fits=_not_slip),
    Layout("autre_ticket_large", "autre_libre.html", _only(T.AUTRE), "calibration", 110, 150, fits=_slip),
    Layout("autre_cartouche", "autre_cartouche.html", _only(T.AUTRE), "test", fits=_not_slip),
    Layout("autre_ticket_etroit", "autre_ticket_etroit.html", _only(T.AUTRE), "test", 62, 0, fits=_slip),
)

_SHORT_BILLS = _only(
    T.NOTE_HONORAIRES, T.FACTURE_SOINS, T.FACTURE_PHARMACIE, T.FACTURE_OPTIQUE, T.FACTURE_DENTAIRE, T.DEVIS_HONORAIRES
)


def _compose(split: str) -> tuple[Layout, ...]:
    """The composed layouts of a split: every one of them is a family of countless layouts."""
    page = f"composed-{split}"

    def made(name: str, types: frozenset[T], weight: float, **more: Any) -> Layout:
        return Layout(f"composed_{name}_{split}", page, types, split, weight=weight, composed=True, **more)

    return (
        made("bill", _BILLS, 7),
        made("a5", _SHORT_BILLS, 1.2, width=148, height=210, fits=_short),
        made("flat", _only(T.NOTE_HONORAIRES, T.FACTURE_SOINS), 0.8, width=210, height=148, fits=_short),
        made("roll", _only(T.FACTURE_PHARMACIE), 1.5, width=76, height=0, fits=_short, fonts=MONO + SANS[:2]),
        made("ordonnance", _only(T.ORDONNANCE), 3, fonts=FONTS[split]),
        made("ordonnance_a5", _only(T.ORDONNANCE), 2, width=148, height=210),
        made("decompte", _only(T.DECOMPTE_AM), 3),
        made("feuille", _only(T.FEUILLE_DE_SOINS), 3),
        made("rib", _only(T.RIB), 3),
        made("rib_card", _only(T.RIB), 1.5, width=190, height=120),
        made("droits", _only(T.ATTESTATION_DROITS), 3),
        made("autre", _only(T.AUTRE), 3, fits=_not_slip),
        made("slip", _only(T.AUTRE), 2, width=58, height=0, fits=_slip, fonts=MONO[:1] + SANS[5:]),
        made("thin_roll", _only(T.FACTURE_PHARMACIE), 0.7, width=60, height=0, fits=_short, fonts=(SANS[5], *MONO[:1])),
    )


LAYOUTS += tuple(layout for split in SPLITS for layout in _compose(split))


def find_layouts(paper: Paper, split: str = "all") -> list[Layout]:
    """The layouts that can print a paper.

    Args:
        paper: the content.
        split: one of ``SPLITS``, or "all".
    """
    return [x for x in LAYOUTS if paper.type in x.types and split in ("all", x.split) and x.fits(paper)]


def choose_layout(rng: Random, paper: Paper, split: str = "all") -> Layout:
    """One of the layouts of a split that can print a paper.

    Raises:
        LookupError: the split has none; a layout of another split is never taken instead.
    """
    found = find_layouts(paper, split)
    if not found:
        raise LookupError(f"no layout of split {split} prints this {paper.type.value}")
    return rng.choices(found, [layout.weight for layout in found])[0]
