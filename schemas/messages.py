"""What the member is told, as texts that the insurer writes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from schemas.complete import require_all
from schemas.handling import RefusalReason
from schemas.readings import Frozen
from schemas.texts import template
from schemas.vocabulary import DecisionKind, DocumentType, MissingPiece

#: What stands for each name while a text is tried out; also what ``liasse rules check`` lists as known.
MESSAGE_NAMES: dict[str, object] = {
    "due": "mercredi 6 mai 2026",
    "claim": "Optique",
    "pieces": ["Il manque l’ordonnance du médecin."],
    "notes": ["La feuille de soins est à envoyer à votre caisse."],
    "reference": "D-0001",
    "insurer": "Mutuelle Exemple",
}
PIECE_NAMES: dict[str, object] = {"kind": "facture d’optique", "claim": "Optique"}
#: What gestionnaires write is read on the site, behind the sign-in.
HANDLER_NAMES: dict[str, object] = {
    "reference": "D-0001",
    "claim": "Optique",
    "patient": "Léa Vasseur",
    "insurer": "Mutuelle Exemple",
}
#: An e-mail passes through hands that no secrecy binds: it knows no care, no paper, no amount, no person.
EMAIL_NAMES: dict[str, object] = {
    "reference": "D-0001",
    "due": "mercredi 6 mai 2026",
    "link": "https://espace.example/dossiers/1",
    "insurer": "Mutuelle Exemple",
}

# fmt: off
_HEALTH_WORDS = re.compile(
    r"\b(ordonnances?|optiques?|lunettes|lentilles|dentaires?|dents?|dentistes?|audio\w*|auditi\w+|hospitali\w+|h[ôo]pita\w+|"
    r"pharmac\w+|m[ée]decins?|m[ée]dica\w+|soins?|consultations?|d[ée]comptes?|diagnosti\w+|maladies?|patient\w*|"
    r"proth[èe]ses?|ost[ée]opath\w+|psycholog\w+|kin[ée]\w*|infirmi\w+|ameli)\b",
    re.IGNORECASE,
)
# fmt: on


def _check_email(text: str) -> str:
    """Refuse a text for e-mail that tells of somebody's health."""
    found = _HEALTH_WORDS.search(text)
    if found:
        raise ValueError(
            f"an e-mail may be read by others and must not say {found.group()!r}; say it on the site, behind the link"
        )
    return text


MessageText = Annotated[str, template(MESSAGE_NAMES)]
EmailText = Annotated[str, template(EMAIL_NAMES), AfterValidator(_check_email)]


class EmailTexts(Frozen):
    """The e-mail that says that something happened, and where to read it.

    Attributes:
        subject, body: may hold ``{{ reference }}``, ``{{ due }}``, ``{{ link }}``, ``{{ insurer }}``.
    """

    subject: EmailText
    body: EmailText

    @model_validator(mode="after")
    def _check_subject(self) -> EmailTexts:
        if "\n" in self.subject.strip():
            raise ValueError("the subject stands on one line")
        return self


class HandlerTemplate(Frozen):
    """A text that gestionnaires begin with and change as they like before the member reads it on the site.

    Attributes:
        name: by which they choose it.
        text: may hold ``{{ reference }}``, ``{{ claim }}``, ``{{ patient }}``, ``{{ insurer }}``.
        reason: of a refusal for which it is proposed first; none for other texts.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, template(HANDLER_NAMES), Field(max_length=4000)]
    reason: RefusalReason | None = None


class Messages(Frozen):
    """What the member is told: on the site, behind a sign-in, and by e-mail.

    Attributes:
        complete, incomplete, to_review: may hold ``{{ due }}`` (a day in full letters), ``{{ claim }}``,
            ``{{ reference }}``, ``{{ insurer }}``, and two lists of sentences: ``pieces`` (what to send) and ``notes``
            (what is good to know and stops nothing).
        pieces: what to do about each missing piece; may hold ``{{ kind }}``, what a person calls the paper, and
            ``{{ claim }}``.
        instead: what to add when this paper was sent in place of the one needed.
        emails: by what became of the dossier.
        written: that a gestionnaire wrote.
        asking, refusing, answering: what gestionnaires begin with when they ask, refuse, or answer a message.
    """

    complete: MessageText
    incomplete: MessageText
    to_review: MessageText
    pieces: dict[MissingPiece, Annotated[str, template(PIECE_NAMES)]]
    instead: dict[DocumentType, Annotated[str, template({})]] = Field(default_factory=dict)
    emails: dict[DecisionKind, EmailTexts]
    written: EmailTexts
    asking: tuple[HandlerTemplate, ...] = ()
    refusing: tuple[HandlerTemplate, ...] = ()
    answering: tuple[HandlerTemplate, ...] = ()

    @model_validator(mode="after")
    def _check_complete(self) -> Messages:
        require_all("pieces", MissingPiece, self.pieces)
        require_all("emails", DecisionKind, self.emails)
        if any(one.reason for one in (*self.asking, *self.answering)):
            raise ValueError("only a text of 'refusing' has a reason")
        for texts in (self.asking, self.refusing, self.answering):
            names = [one.name for one in texts]
            if len(set(names)) < len(names):
                raise ValueError("two texts have the same name")
        if "pieces" not in self.incomplete:
            raise ValueError("incomplete does not say what is missing: it needs {% for piece in pieces %}")
        return self

    def of(self, kind: DecisionKind) -> str:
        """The text of a decision."""
        return {
            DecisionKind.COMPLETE: self.complete,
            DecisionKind.INCOMPLETE: self.incomplete,
            DecisionKind.TO_REVIEW: self.to_review,
        }[kind]
