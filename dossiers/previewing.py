"""The texts of an insurer as one dossier's member would read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dossiers.decide import decide
from dossiers.facts import gather_facts
from dossiers.history import PastDossier
from dossiers.telling import fill_piece, write_email, write_message, write_reminder
from dossiers.wording import describe_kind
from schemas.claims import Dossier
from schemas.rules import InsurerRules
from schemas.texts import render
from schemas.vocabulary import DecisionKind, MissingPiece


def list_texts(rules: InsurerRules) -> tuple[str, ...]:
    """The names by which the texts of a rule file can be asked for."""
    kinds = [kind.value for kind in DecisionKind]
    return (
        *kinds,
        *(f"emails.{kind}" for kind in kinds),
        *(f"pieces.{piece.value}" for piece in rules.messages.pieces),
        *(f"instead.{kind.value}" for kind in rules.messages.instead),
        *(("reminder",) if rules.reminders else ()),
    )


def preview_text(
    name: str, dossier: Dossier, rules: InsurerRules, history: Sequence[PastDossier] = (), *, today: date, link: str
) -> str:
    """One text, filled in with the values of a dossier.

    Args:
        name: one of ``list_texts``.
        dossier: whose values.
        rules: whose text.
        history: the member's earlier dossiers.
        today: the day of the decision.
        link: where the dossier can be read.

    Raises:
        KeyError: no text has that name.
    """
    place, _, which = name.rpartition(".")
    decision = decide(dossier, rules, history, today=today)
    facts = gather_facts(dossier, rules, history, today=today)
    if place == "" and which in set(DecisionKind):
        return write_message(facts, DecisionKind(which), decision.findings, decision.due)
    if place == "emails" and which in set(DecisionKind):
        kind = DecisionKind(which)
        subject, body = write_email(rules, kind, reference=dossier.claim.id, due=decision.due, link=link)
        return f"{subject}\n\n{body}"
    if name == "reminder" and rules.reminders:
        subject, body = write_reminder(rules, reference=dossier.claim.id, due=decision.due, link=link)
        return f"{subject}\n\n{body}"
    if place == "pieces" and which in set(MissingPiece):
        piece = MissingPiece(which)
        standing = facts.piece(piece) or facts.main
        return fill_piece(facts, piece, describe_kind(standing.required) if standing else "document")
    if place == "instead":
        texts = {paper.value: text for paper, text in rules.messages.instead.items()}
        return render(texts[which], {})
    raise KeyError(name)
