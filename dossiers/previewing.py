"""The texts of an insurer as one dossier's member would read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dossiers.decide import decide
from dossiers.facts import gather_facts
from dossiers.history import PastDossier
from dossiers.telling import (
    fill_handler_text,
    fill_piece,
    write_email,
    write_message,
    write_message_email,
    write_reminder,
)
from dossiers.wording import describe_kind
from schemas.claims import Dossier
from schemas.messages import HandlerTemplate
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
        "written",
        *(f"{place}.{one.name}" for place, texts in _handler_texts(rules).items() for one in texts),
    )


def _handler_texts(rules: InsurerRules) -> dict[str, tuple[HandlerTemplate, ...]]:
    messages = rules.messages
    return {"asking": messages.asking, "refusing": messages.refusing, "answering": messages.answering}


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
    place, _, which = name.partition(".")
    if not which:
        place, which = "", name
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
    if name == "written":
        return "\n\n".join(write_message_email(rules, reference=dossier.claim.id, link=link))
    if place in _handler_texts(rules):
        text = next((one.text for one in _handler_texts(rules)[place] if one.name == which), None)
        if text is not None:
            return fill_handler_text(text, rules, dossier.claim)
    if place == "pieces" and which in set(MissingPiece):
        piece = MissingPiece(which)
        standing = facts.piece(piece) or facts.main
        return fill_piece(facts, piece, describe_kind(standing.required) if standing else "document")
    if place == "instead":
        texts = {paper.value: text for paper, text in rules.messages.instead.items()}
        return render(texts[which], {})
    raise KeyError(name)
