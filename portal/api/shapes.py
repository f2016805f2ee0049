"""What goes in and comes out of the API, as models; the OpenAPI description is made of them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from schemas import claims
from schemas.statuses import DossierStatus, PieceState, Settlement
from schemas.vocabulary import ClaimType, MissingPiece
from storage.talking import LONGEST

_FIRST, _LAST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _bring_near(moment: dt.datetime) -> dt.datetime:
    """A moment that every time zone has: at the ends of the calendar, some have not."""
    return min(max(moment, _FIRST), _LAST)


Since = Annotated[AwareDatetime, AfterValidator(_bring_near)]
#: Patterns stand in the description, so that a client sees what ``schemas.claims`` would only refuse.
_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_LINE)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z ./_-]{0,31}$")]
PageSize = Annotated[int, Field(ge=1, le=100)]


class Strict(BaseModel):
    """Something sent to us: an unknown name is a mistake worth telling; ninja's own base knows no strict JSON."""

    model_config = ConfigDict(extra="forbid")


class PatientIn(Strict):
    """La personne concernée, telle que le contrat la connaît."""

    first: Name
    last: Name
    birth_date: claims.BirthDate | None = None


class PersonIn(PatientIn):
    """Une personne couverte par le contrat."""

    birth_name: Name | None = None
    sex: Annotated[str, StringConstraints(max_length=1, pattern=r"^[A-Z]?$")] | None = None
    role: Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-zéèêàâôîïûüç -]*$")] = "adherent"
    nir: Annotated[str, StringConstraints(pattern=r"^[0-9AB]{13}([0-9]{2})?$")] | None = None


class MemberIn(Strict):
    """Ce que l’assureur sait du contrat ; remplace ce qui était connu. Les personnes s’ajoutent."""

    teletransmission: bool = True
    rib_on_file: bool = True
    iban_on_file: Annotated[str, StringConstraints(max_length=34, pattern=r"^[0-9A-Z]*$")] | None = None
    holder: Annotated[str, StringConstraints(max_length=120, pattern=_LINE)] | None = None
    covered_from: claims.BirthDate | None = None
    covered_until: claims.BirthDate | None = None
    people: Annotated[tuple[PersonIn, ...], Field(max_length=50)] = ()


class ClaimIn(Strict):
    """Une demande : le contrat, la personne concernée, ce qui est demandé."""

    claim_type: ClaimType
    member_number: Number
    patient: PatientIn
    message: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    member: MemberIn | None = None

    def to_member(self, insurer: str) -> claims.Member | None:
        """The contract as the insurer describes it, None where only its number is given."""
        if self.member is None:
            return None
        known = self.member.model_dump()
        return claims.Member(member_number=self.member_number, mutuelle=insurer, **known)


class PaperOut(Schema):
    """Un document reçu. `refusal` dit pourquoi il n’a pas pu être lu."""

    id: uuid.UUID
    name: str
    sha256: str
    state: PieceState
    received_at: dt.datetime
    refusal: str | None = None
    refusal_fr: str | None = None


class SentOut(Schema):
    """Ce qui est arrivé ; une fois cette réponse reçue, les documents sont en sûreté."""

    id: uuid.UUID
    reference: str
    received: int
    sha256: list[str]
    href: str


class DelayOut(Schema):
    """Délai habituel de ce type de demande, en jours, sans ceux où un document manquait ; mesuré, pas promis."""

    median_days: float
    ninety_percent_days: float
    dossiers: int


class LineOut(Schema):
    """Un dossier dans une liste."""

    id: uuid.UUID
    reference: str
    member_number: str
    claim_type: ClaimType | None
    status: DossierStatus
    status_fr: str
    opened_at: dt.datetime
    changed_at: dt.datetime
    papers: int
    missing: list[MissingPiece]
    href: str


class PageOut(Schema):
    """Une page d’une liste ; next est le curseur de la suivante, nul à la fin."""

    items: list[LineOut]
    next: str | None


class NextActor(Schema):
    """Qui doit agir : machine, member, handler, assurance_maladie ou nobody."""

    code: Annotated[str, StringConstraints(pattern="^(machine|member|handler|assurance_maladie|nobody)$")]
    sentence_fr: str


class DossierOut(Schema):
    """Où en est un dossier. missing est vide tant qu’il n’est pas demandé de complément."""

    id: uuid.UUID
    reference: str
    member_number: str
    patient: str
    claim_type: ClaimType | None
    status: DossierStatus
    status_fr: str
    next_actor: NextActor
    usual_delay: DelayOut | None
    opened_at: dt.datetime
    changed_at: dt.datetime
    rules_version: str | None
    message_fr: str | None
    missing: list[MissingPiece]
    papers: list[PaperOut]


class MissingOut(Schema):
    """Un document demandé à l’adhérent."""

    code: MissingPiece
    label_fr: str
    sentence_fr: str


class MissingListOut(Schema):
    """Ce qui est demandé maintenant ; message_fr est le texte adressé à l’adhérent."""

    status: DossierStatus
    message_fr: str | None
    items: list[MissingOut]


class MessageIn(Strict):
    """Ce que l’adhérent écrit au gestionnaire."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]


class SettlementIn(Strict):
    """Où en est le règlement. on est le jour où il en était ainsi."""

    state: Settlement
    on: dt.date | None = None


class SettlementOut(Schema):
    """Le statut du dossier après ce qui a été dit."""

    status: DossierStatus
    status_fr: str


class MessageOut(Schema):
    """Un message. papers donne les noms des documents envoyés avec lui."""

    id: int
    written_at: dt.datetime
    from_member: bool
    text: str
    papers: list[str]


class MessageListOut(Schema):
    """Les messages, du plus ancien au plus récent ; next se redonne dans after, nul à la fin."""

    items: list[MessageOut]
    next: int | None


class FaultOut(Schema):
    """Ce qui ne va pas dans une demande."""

    field: str
    code: str
    detail: str


class ProblemOut(Schema):
    """Une erreur (RFC 9457). `code` ne change jamais ; `detail` est en français ou en anglais (Accept-Language)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FaultOut] = Field(default_factory=list)


class TokenOut(Schema):
    """Un jeton (RFC 6749)."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class OAuthErrorOut(Schema):
    """Une erreur du point d’accès aux jetons (RFC 6749, 5.2)."""

    error: str
    error_description: str
