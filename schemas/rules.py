"""The rules of one insurer, as data: a versioned YAML file that an analyst can read and change.

Mutuelles contradict each other on what they ask for, so nothing of it is written in code. ``load_rules`` reads such a
file and says, with its line, what is wrong in it.
"""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.decisions import Level
from schemas.errors import ConfigurationError
from schemas.four_eyes import FourEyes
from schemas.readings import LOW_CONFIDENCE, FieldValue, Frozen, Source
from schemas.vocabulary import ClaimType, DecisionKind, DocumentType, FieldName, MissingPiece, ReviewReason
from schemas.yaml_files import parse_yaml

#: Pieces that are papers of their own; the others are things that may be wrong with a paper.
REQUIRABLE_PIECES = frozenset(
    {MissingPiece.FACTURE, MissingPiece.DEVIS, MissingPiece.ORDONNANCE, MissingPiece.DECOMPTE_AM, MissingPiece.RIB}
)


class RuleCode(StrEnum):
    """Stable names of the rules that exist; an insurer weighs them or switches them off."""

    INVOICE_PRESENT = "invoice_present"
    QUOTE_PRESENT = "quote_present"
    PRESCRIPTION_PRESENT = "prescription_present"
    STATEMENT_PRESENT = "statement_present"
    BANK_DETAILS_PRESENT = "bank_details_present"
    PIECES_LEGIBLE = "required_pieces_legible"
    PAGES_COMPLETE = "invoice_pages_complete"
    INVOICE_PAID = "invoice_is_paid"
    PATIENT_MATCHES = "patient_is_claims_patient"
    CARE_DATES_COHERENT = "care_dates_are_coherent"
    WITHIN_CLAIM_LIMIT = "care_within_claim_limit"
    NOT_SENT_BEFORE = "invoice_not_sent_before"
    AMOUNTS_ADD_UP = "amounts_add_up"
    IBAN_VALID = "iban_is_valid"
    AMOUNT_USUAL = "amount_below_threshold"
    EXCESS_USUAL = "fee_excess_below_limit"


class Condition(StrEnum):
    """What must be true of the member for a piece to be asked for."""

    NO_TELETRANSMISSION = "no_teletransmission"
    TELETRANSMISSION = "teletransmission"
    NO_RIB_ON_FILE = "no_rib_on_file"


def _template(*names: str) -> AfterValidator:
    """A validator for a text that may hold only these ``{names}``."""

    def check(text: str) -> str:
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None and name not in names:
                known = ", ".join(f"{{{known}}}" for known in names) or "none"
                raise ValueError(f"unknown placeholder {{{name}}}; known here: {known}")
        return text

    return AfterValidator(check)


Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Euros = Annotated[Decimal, Field(ge=0)]
WorkingDays = Annotated[int, Field(ge=0, le=260)]
Priority = Annotated[int, Field(ge=1, le=5)]
#: Weight of a rule; YAML takes an unquoted "off" for a no, and people write it unquoted.
Weight = Annotated[Level | Literal["off"], BeforeValidator(lambda value: "off" if value is False else value)]


class RequiredPiece(Frozen):
    """A paper that a claim needs.

    Attributes:
        piece: what the member is asked for when it is not there.
        kinds: any of these papers will do.
        when: all of these must hold, else the piece is not needed.
        main: the paper that the claim is about, on which patient, dates and amounts are checked.
    """

    piece: MissingPiece
    kinds: tuple[DocumentType, ...] = Field(min_length=1)
    when: tuple[Condition, ...] = ()
    main: bool = False

    @model_validator(mode="after")
    def _check_piece(self) -> RequiredPiece:
        if self.piece not in REQUIRABLE_PIECES:
            raise ValueError(f"{self.piece.value!r} is no paper; use one of {sorted(REQUIRABLE_PIECES)}")
        return self


class ClaimRules(Frozen):
    """What one type of claim needs and where it goes.

    Attributes:
        must_be_paid: the main paper must say that it was paid.
        high_amount: total in euros above which a person looks; None for no limit.
        excess_limit_percent: fee excess of a quote, in percent of the base, above which a person looks.
        care_may_follow_invoice: care may be dated after the invoice (stays billed on the way).
        queue: team that handles it.
        priority: 1 (first) to 5, instead of the general one.
    """

    pieces: tuple[RequiredPiece, ...] = ()
    must_be_paid: bool = False
    high_amount: Euros | None = None
    excess_limit_percent: Euros | None = None
    care_may_follow_invoice: bool = False
    queue: str = Field(min_length=1)
    priority: Priority | None = None

    @model_validator(mode="after")
    def _check_pieces(self) -> ClaimRules:
        if sum(piece.main for piece in self.pieces) > 1:
            raise ValueError("only one piece can be the main one")
        names = [piece.piece for piece in self.pieces]
        if len(set(names)) < len(names):
            raise ValueError("the same piece is listed twice")
        return self


class Thresholds(Frozen):
    """How sure the reading must be before a decision rests on it (probabilities).

    Attributes:
        default: for every field not named in ``fields``; where it is left out, the reader's own threshold counts,
            which is set so that a fixed share of what it accepts is right (see the card of its model).
        fields: per field.
        confirmed: enough for a value that something independent confirms (the claim's patient, check digits, a sum).
        type_accept: to take a paper for what it was read as.
        type_rule_out: to be sure that a paper of another type is not the one that seems to be missing.
        sources_that_see_all: where these read a whole page, what was not found is not printed. OCR misses stamps
            and handwriting, so its silence proves nothing.
    """

    default: Probability | None = None
    fields: dict[FieldName, Probability] = Field(default_factory=dict)
    confirmed: Probability
    type_accept: Probability
    type_rule_out: Probability
    sources_that_see_all: tuple[Source, ...] = (Source.TEXT_LAYER, Source.HANDLER)

    def of(self, name: FieldName) -> float | None:
        """The threshold of a field, None where the reader's own counts."""
        return self.fields.get(name, self.default)

    def accept(self, name: FieldName, field: FieldValue) -> bool:
        """Whether a decision may rest on a value.

        A threshold of the insurer's takes the place of the reader's own; what a failed check or illegible letters hold
        back is accepted by neither.
        """
        asked = self.of(name)
        if asked is None:
            return field.held_back is None
        return field.held_back in (None, LOW_CONFIDENCE) and field.confidence >= asked

    def accept_confirmed(self, confidence: float, held_back: str | None) -> bool:
        """Whether a decision may rest on a value that something independent confirms."""
        return held_back in (None, LOW_CONFIDENCE) and confidence >= self.confirmed


class DuplicateRules(Frozen):
    """When two papers are the same one.

    Attributes:
        max_hash_distance: bits that may differ between the 64-bit pictures of two pages.
        min_text_similarity: share of the word signature that must agree for a scan that also looks the same.
        min_text_similarity_alone: the same where only the words can be compared (photo against scan).
    """

    max_hash_distance: int = Field(ge=0, le=64)
    min_text_similarity: Probability
    min_text_similarity_alone: Probability


class NameRules(Frozen):
    """How far a printed name may be from the name on file (similarities from 0 to 1).

    Attributes:
        same: a word at least this similar is the same word, misread.
        different: a word at most this similar is another word; between the two nobody can tell.
    """

    same: Probability
    different: Probability


class Delays(Frozen):
    """Working days, from the day of the upload.

    Attributes:
        decisions: by what became of the dossier.
        holidays_subdivision: French subdivision with holidays of its own, for example "57" or "Alsace-Moselle";
            a name that the ``holidays`` library knows, None for the national ones.
    """

    decisions: dict[DecisionKind, WorkingDays]
    holidays_subdivision: str | None = None

    @model_validator(mode="after")
    def _check_complete(self) -> Delays:
        _require_all("decisions", DecisionKind, self.decisions)
        return self


class Route(Frozen):
    """A reason that sends a dossier to a team of its own."""

    reason: ReviewReason
    queue: str = Field(min_length=1)


class Routing(Frozen):
    """Where dossiers go, and how early they are looked at.

    Attributes:
        priorities: by what became of the dossier, 1 (first) to 5 (last).
        late_priority: of a dossier past its due date.
        routes: the first one whose reason the dossier has wins over the claim's own queue.
    """

    priorities: dict[DecisionKind, Priority]
    late_priority: Priority = 1
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _check_complete(self) -> Routing:
        _require_all("priorities", DecisionKind, self.priorities)
        return self


class UploadLimits(Frozen):
    """What a member may send at once.

    Attributes:
        formats: file name extensions shown to the member; what a file is gets decided from its content.
    """

    max_files: int = Field(ge=1)
    max_file_bytes: int = Field(ge=1)
    max_total_bytes: int = Field(ge=1)
    formats: tuple[str, ...] = Field(min_length=1)


class Messages(Frozen):
    """What the member is told.

    Attributes:
        complete, to_review: may hold ``{due}``, a day in full letters.
        incomplete: may hold ``{pieces}``, one line for each thing to send.
        pieces: what to do about each missing piece; may hold ``{kind}``, what a person calls the paper.
        instead: what to add when this paper was sent in place of the one needed.
    """

    complete: Annotated[str, _template("due")]
    incomplete: Annotated[str, _template("pieces", "due")]
    to_review: Annotated[str, _template("due")]
    pieces: dict[MissingPiece, Annotated[str, _template("kind")]]
    instead: dict[DocumentType, Annotated[str, _template()]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_complete(self) -> Messages:
        _require_all("pieces", MissingPiece, self.pieces)
        return self


class LegalAmount(Frozen):
    """A figure fixed by law or agreement, from a day on.

    Attributes:
        unit: "euros" or "years".
        source: where the figure stands.
    """

    name: str = Field(min_length=1)
    effective_from: date
    value: Annotated[Decimal, Field(gt=0)]
    unit: Literal["euros", "years"] = "euros"
    source: str = Field(min_length=1)


#: The legal figure that says how long a member has to claim, in years.
CLAIM_LIMIT = "claim_limit"


class InsurerRules(Frozen):
    """All the rules of one insurer, in one version.

    Attributes:
        version: changes whenever the file does; stored with every decision.
        levels: weight of a rule, or "off"; "blocking" where not named. Only a blocking rule asks for a piece or
            sends a dossier to a person; the others are shown.
    """

    name: str = Field(min_length=1)
    version: str = Field(min_length=1)
    valid_from: date
    claims: dict[ClaimType, ClaimRules]
    levels: dict[RuleCode, Weight] = Field(default_factory=dict)
    thresholds: Thresholds
    duplicates: DuplicateRules
    names: NameRules
    delays: Delays
    routing: Routing
    uploads: UploadLimits
    messages: Messages
    four_eyes: FourEyes = FourEyes()
    legal_amounts: tuple[LegalAmount, ...] = ()

    @model_validator(mode="after")
    def _check_complete(self) -> InsurerRules:
        _require_all("claims", ClaimType, self.claims)
        if not any(amount.name == CLAIM_LIMIT for amount in self.legal_amounts):
            raise ValueError(f"legal_amounts has no {CLAIM_LIMIT!r}")
        return self

    @property
    def full_version(self) -> str:
        """Name and version, as stored with a decision."""
        return f"{self.name} {self.version}"

    def level_of(self, code: RuleCode) -> Level | None:
        """The weight of a rule, None where it is switched off."""
        level = self.levels.get(code, Level.BLOCKING)
        return None if level == "off" else Level(level)

    def legal_amount(self, name: str, day: date) -> Decimal | None:
        """The figure in force on a day, None where the file knows none."""
        known = [amount for amount in self.legal_amounts if amount.name == name and amount.effective_from <= day]
        return max(known, key=lambda amount: amount.effective_from).value if known else None


def _require_all(where: str, names: type[StrEnum], given: object) -> None:
    absent = [name.value for name in names if name not in given]  # type: ignore[operator]
    if absent:
        raise ValueError(f"{where} says nothing of: {', '.join(absent)}")


def default_rules_path() -> Path:
    """The rule file of the example insurer that comes with the software."""
    return Path(str(resources.files("samples"))) / "insurers" / "exemple.yaml"


def load_rules(path: Path | None = None) -> InsurerRules:
    """Read an insurer's rule file.

    Args:
        path: of the YAML file; the example insurer where None.

    Raises:
        ConfigurationError: the file is absent or wrong; the message names every fault with its line.
    """
    path = path or default_rules_path()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: the rule file cannot be read: {error}") from error
    return parse_rules(text, str(path))


def parse_rules(text: str, where: str = "rules") -> InsurerRules:
    """Make rules of the text of a rule file.

    Args:
        text: YAML.
        where: name of the file, for the messages.

    Raises:
        ConfigurationError: the text is wrong; the message names every fault with its line.
    """
    return parse_yaml(text, InsurerRules, where)
