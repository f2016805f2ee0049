"""What a member asks for, and what the insurer already knows of the member.

Claims come from other systems, so everything in them has a bound: nothing is let in that the database cannot hold (the
lengths are those of its columns), that cannot be a file name, or that no calendar reaches.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from schemas.judgements import Judgement
from schemas.readings import FileReading, Frozen
from schemas.sayings import Saying
from schemas.vocabulary import ClaimType

MAX_FILES = 50


def _check_line(text: str) -> str:
    """Refuse what does not belong on one line of text: control characters, halves of surrogate pairs."""
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise ValueError("holds a control character or a lone surrogate")
    return text


def _check_text(text: str) -> str:
    """Refuse what no database keeps; line ends, and what a word processor leaves behind, are fine."""
    if any(letter == "\0" or unicodedata.category(letter) == "Cs" for letter in text):
        raise ValueError("holds a NUL or a lone surrogate")
    return text


def _check_number(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("holds something that cannot be printed, or nothing but spaces")
    return text


def _check_file(name: str) -> str:
    if name.startswith(".") or "/" in name or "\\" in name:
        raise ValueError("holds a path, or starts with a dot")
    return name


#: Names a folder in the inbox and a dossier for ever.
ClaimId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}$")]
MemberNumber = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(_check_number)]
Name = Annotated[str, StringConstraints(max_length=80), AfterValidator(_check_line)]
LongName = Annotated[str, StringConstraints(max_length=120), AfterValidator(_check_line)]
FileName = Annotated[
    str, StringConstraints(min_length=1, max_length=255), AfterValidator(_check_line), AfterValidator(_check_file)
]
Message = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_check_text)]
UploadDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
BirthDate = Annotated[date, Field(ge=date(1890, 1, 1), le=date(2100, 12, 31))]


class Person(Frozen):
    """Somebody covered by a contract.

    Attributes:
        birth_name: where it differs from ``last``.
        role: "adherent", "conjoint", "enfant"; insurers use other words too, so it stays open.
        nir: 15 characters; never used to find duplicates.
    """

    first: Name
    last: Name
    birth_name: Name | None = None
    birth_date: BirthDate | None = None
    sex: Annotated[str, StringConstraints(max_length=1), AfterValidator(_check_line)] | None = None
    role: Annotated[str, StringConstraints(max_length=20), AfterValidator(_check_line)] = "adherent"
    nir: Annotated[str, StringConstraints(max_length=15), AfterValidator(_check_line)] | None = None

    @property
    def full_name(self) -> str:
        """First name and last name, as a letter would be addressed."""
        return f"{self.first} {self.last}"


class Member(Frozen):
    """A contract and the people it covers.

    Attributes:
        teletransmission: the insurer receives the Assurance Maladie's statements by itself.
        rib_on_file: bank details are known.
        holder: name of the account holder on file.
        covered_from, covered_until: first and last day that the contract covers, None where not known or open.
    """

    member_number: MemberNumber
    mutuelle: LongName = ""
    teletransmission: bool = True
    rib_on_file: bool = True
    iban_on_file: Annotated[str, StringConstraints(max_length=34), AfterValidator(_check_line)] | None = None
    holder: LongName | None = None
    covered_from: date | None = None
    covered_until: date | None = None
    people: tuple[Person, ...] = ()


class Claim(Frozen):
    """One request: a line of ``liasse decide``.

    Attributes:
        files: identifiers of the papers.
        message: what the member wrote with the papers.
    """

    id: ClaimId
    claim_type: ClaimType
    upload_date: UploadDate
    member: Member
    patient: Person
    files: Annotated[tuple[FileName, ...], Field(max_length=MAX_FILES)] = ()
    message: Message | None = None


class LoosePapers(Frozen):
    """Papers that came without a request, as the mail room scans them.

    Attributes:
        id: names them; a dossier is opened under it until they are attached.
        member_number: whose they are, where the sender knows.
        files: identifiers of the papers.
        message: what came with them.
    """

    id: ClaimId
    upload_date: UploadDate
    member_number: MemberNumber | None = None
    files: Annotated[tuple[FileName, ...], Field(max_length=MAX_FILES)] = ()
    message: Message | None = None


class Dossier(Frozen):
    """A claim with the readings of its papers: all that a decision may look at.

    Attributes:
        readings: one for each file of the claim, in upload order.
        judgements: what a person has already looked at.
        sayings: what the member says of the papers.
        contested: the member does not accept what was decided, and nobody has decided again.
    """

    claim: Claim
    readings: tuple[FileReading, ...] = Field(default=())
    judgements: tuple[Judgement, ...] = ()
    sayings: tuple[Saying, ...] = ()
    contested: bool = False
