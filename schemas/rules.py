"""The rules of one insurer, as data: a versioned YAML file that an analyst can read and change.

Mutuelles contradict each other on what they ask for, so nothing of it is written in code. ``load_rules`` reads such a
file and says, with its line, what is wrong in it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from schemas.assembly import Assembly
from schemas.checks import USUAL_REASONS, CheckRules, ReasonCode, RuleCode
from schemas.complete import require_all
from schemas.contests import Contests
from schemas.edited_files import EditedFiles
from schemas.errors import ConfigurationError
from schemas.four_eyes import FourEyes
from schemas.legal import LegalAmount, PrescriptionValidity, Renewal, find_amount
from schemas.messages import Messages
from schemas.pieces import ClaimRules, Priority
from schemas.readings import LOW_CONFIDENCE, FieldValue, Frozen, Source
from schemas.reminders import Reminders
from schemas.rule_faults import find_faults
from schemas.settings import load_settings
from schemas.vocabulary import REASON_LABELS_FR, ClaimType, DecisionKind, FieldName
from schemas.yaml_files import parse_yaml

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
WorkingDays = Annotated[int, Field(ge=0, le=260)]


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
        return self.accept_read(name, field.confidence, field.held_back)

    def accept_read(self, name: FieldName, confidence: float, held_back: str | None) -> bool:
        """The same, of a value of which only so much is known."""
        asked = self.of(name)
        if asked is None:
            return held_back is None
        return held_back in (None, LOW_CONFIDENCE) and confidence >= asked

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
        holidays_subdivision: French subdivision with holidays of its own, for example "57" (Moselle) or "6AE";
            a name that the ``holidays`` library knows, None for the national ones.
    """

    decisions: dict[DecisionKind, WorkingDays]
    holidays_subdivision: str | None = None

    @model_validator(mode="after")
    def _check_complete(self) -> Delays:
        require_all("decisions", DecisionKind, self.decisions)
        return self


class Route(Frozen):
    """A reason that sends a dossier to a team of its own, or has it looked at earlier.

    Attributes:
        queue: None for the claim's own.
        priority: 1 (first) to 5, where it comes before the one that the dossier would have; None to leave it.
    """

    reason: ReasonCode
    queue: str | None = Field(default=None, min_length=1, max_length=40)
    priority: Priority | None = None


class Routing(Frozen):
    """Where dossiers go, and how early they are looked at.

    Attributes:
        priorities: by what became of the dossier, 1 (first) to 5 (last).
        late_priority: of a dossier past its due date.
        routes: the first one whose reason the dossier has, and that names a queue, wins over the claim's own queue.
    """

    priorities: dict[DecisionKind, Priority]
    late_priority: Priority = 1
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _check_complete(self) -> Routing:
        require_all("priorities", DecisionKind, self.priorities)
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


class MessageWords(Frozen):
    """Words in a member's message that tell what it is. Capitals and accents do not count; ``*`` stands for any ending.

    Attributes:
        complaint: somebody is not content.
        urgent: somebody cannot wait.
    """

    complaint: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()


class InsurerRules(Frozen):
    """All the rules of one insurer, in one version.

    Attributes:
        version: changes whenever the file does; stored with every decision, beside ``content_hash``.
        claims: every type of claim.
        checks: every check, with its weight.
        reasons: reasons of the insurer's own, with what the gestionnaire reads.
        prescriptions: how long prescriptions may be used.
        renewals: how long after one piece of equipment the next is paid for.
        edited_files: what tells that a file was changed.
        words: what tells a complaint, or haste, in a message.
        reminders: to members who do not answer; None for none, and nobody takes over.
        blind_checks: share of the dossiers settled by themselves that somebody reads blind.
        assembly: how papers that come without a request join an open one.
        contests: how a decision is contested; None where the site takes no contests.
    """

    name: str = Field(min_length=1, max_length=60)
    version: str = Field(min_length=1, max_length=19)
    valid_from: date
    claims: dict[ClaimType, ClaimRules]
    checks: dict[RuleCode, CheckRules]
    reasons: dict[ReasonCode, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    thresholds: Thresholds
    duplicates: DuplicateRules
    names: NameRules
    delays: Delays
    routing: Routing
    uploads: UploadLimits
    messages: Messages
    four_eyes: FourEyes = FourEyes()
    edited_files: EditedFiles = EditedFiles()
    words: MessageWords = MessageWords()
    legal_amounts: tuple[LegalAmount, ...] = ()
    prescriptions: tuple[PrescriptionValidity, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    reminders: Reminders | None = None
    blind_checks: Probability = 0.0
    assembly: Assembly = Assembly()
    contests: Contests | None = None

    @property
    def full_version(self) -> str:
        """Name and version, as stored with a decision."""
        return f"{self.name} {self.version}"

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that the rules say, 64 hex digits: comments and the order of names do not count."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def queues(self) -> frozenset[str]:
        """Every queue that a dossier may go to."""
        named = [claim.queue for claim in self.claims.values()] + [route.queue for route in self.routing.routes]
        contests = self.contests.queue if self.contests else None
        return frozenset(name for name in [*named, self.assembly.queue, contests] if name)

    def reason_of(self, code: RuleCode) -> str | None:
        """Why a person must look when a check fails; None for a check that asks for a piece."""
        return self.checks[code].reason or USUAL_REASONS.get(code)

    def name_reason(self, code: str) -> str:
        """What a gestionnaire reads for a reason; one that no file declares any more is named by its code."""
        usual = {reason.value: label for reason, label in REASON_LABELS_FR.items()}
        return self.reasons.get(code) or usual.get(code) or code.replace("_", " ")

    def legal_amount(self, name: str, day: date) -> LegalAmount | None:
        """The figure in force on a day, None where the file knows none."""
        return find_amount(self.legal_amounts, name, day)


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
    return parse_rules(read_rule_file(path), str(path))


def read_rule_file(path: Path) -> str:
    """The text of a rule file.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: the rule file cannot be read: {error}") from error


@lru_cache(maxsize=1)
def installed_rules() -> InsurerRules:
    """The rules that this installation works by (``LIASSE_RULES_FILE``), read once a process.

    Raises:
        ConfigurationError: the rule file is absent or wrong.
    """
    return load_rules(load_settings().rules_file)


def parse_rules(text: str, where: str = "rules") -> InsurerRules:
    """Make rules of the text of a rule file.

    Args:
        text: YAML.
        where: name of the file, for the messages.

    Raises:
        ConfigurationError: the text is wrong; the message names every fault with its line.
    """
    return parse_yaml(text, InsurerRules, where, find_faults)
