"""What the member is told: the insurer's texts, filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dossiers.facts import Facts
from dossiers.papers import Paper
from dossiers.wording import describe_kind, say_day
from schemas.claims import Claim
from schemas.decisions import Finding, Level, Outcome
from schemas.messages import EmailTexts
from schemas.pieces import RequiredPiece
from schemas.rules import InsurerRules
from schemas.texts import render
from schemas.vocabulary import CLAIM_LABELS_FR, DecisionKind, MissingPiece


def write_message(facts: Facts, kind: DecisionKind, findings: Sequence[Finding], due: date) -> str:
    """What the member reads on the site: no name, no amount, yet the kind of paper, so it stays behind the sign-in."""
    blocking = [finding for finding in findings if finding.level is Level.BLOCKING]
    others = [finding for finding in findings if finding.level is not Level.BLOCKING]
    return render(
        facts.rules.messages.of(kind),
        {
            "due": say_day(due, weekday=True),
            "claim": CLAIM_LABELS_FR[facts.claim.claim_type],
            "pieces": [finding.member_fr for finding in blocking if finding.missing and finding.member_fr],
            "notes": [
                finding.member_fr for finding in others if finding.outcome is Outcome.FAILED and finding.member_fr
            ],
            "reference": facts.claim.id,
            "insurer": facts.rules.name,
        },
    )


def write_email(rules: InsurerRules, kind: DecisionKind, *, reference: str, due: date, link: str) -> tuple[str, str]:
    """Subject and body of the e-mail that says that a dossier was decided; nothing of its content.

    Args:
        rules: of the insurer.
        kind: what became of the dossier.
        reference: by which the member knows it.
        due: when the member hears more.
        link: where it can be read, behind a sign-in.
    """
    return _fill_email(rules.messages.emails[kind], rules, reference, due, link)


def write_reminder(rules: InsurerRules, *, reference: str, due: date, link: str) -> tuple[str, str]:
    """Subject and body of the e-mail to a member who was asked for something (see ``write_email``).

    Raises:
        ValueError: this insurer reminds nobody.
    """
    if rules.reminders is None:
        raise ValueError("the rules know no reminders")
    return _fill_email(rules.reminders.email, rules, reference, due, link)


def write_message_email(rules: InsurerRules, *, reference: str, link: str) -> tuple[str, str]:
    """Subject and body of the e-mail that says that a gestionnaire wrote (see ``write_email``)."""
    return _fill_email(rules.messages.written, rules, reference, None, link)


def fill_handler_text(text: str, rules: InsurerRules, claim: Claim) -> str:
    """What a gestionnaire begins with, filled in for a claim."""
    values = {
        "reference": claim.id,
        "claim": CLAIM_LABELS_FR[claim.claim_type],
        "patient": claim.patient.full_name,
        "insurer": rules.name,
    }
    return render(text, values)


def _fill_email(texts: EmailTexts, rules: InsurerRules, reference: str, due: date | None, link: str) -> tuple[str, str]:
    values = {"reference": reference, "link": link, "insurer": rules.name}
    if due is not None:
        values["due"] = say_day(due, weekday=True)
    return render(texts.subject, values).strip(), render(texts.body, values)


def say_piece(facts: Facts, required: RequiredPiece, missing: MissingPiece) -> str:
    """What to do about something that is missing."""
    return fill_piece(facts, missing, describe_kind(required))


def fill_piece(facts: Facts, missing: MissingPiece, kind: str) -> str:
    """What to do about something that is missing, the paper being called ``kind``."""
    values = {"kind": kind, "claim": CLAIM_LABELS_FR[facts.claim.claim_type]}
    return render(facts.rules.messages.pieces[missing], values)


def say_instead(facts: Facts, papers: Iterable[Paper]) -> list[str]:
    """Why these papers do not stand for the one needed, each sentence once."""
    texts = facts.rules.messages.instead
    return list(dict.fromkeys(render(texts[paper.type], {}) for paper in papers if paper.type in texts))
