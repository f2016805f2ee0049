"""What a member asks for, and what the insurer already knows of the member."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from schemas.readings import FileReading, Frozen
from schemas.vocabulary import ClaimType


class Person(Frozen):
    """Somebody covered by a contract.

    Attributes:
        birth_name: where it differs from ``last``.
        role: "adherent", "conjoint", "enfant"; insurers use other words too, so it stays open.
        nir: 15 characters; never used to find duplicates.
    """

    first: str
    last: str
    birth_name: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    role: str = "adherent"
    nir: str | None = None

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
    """

    member_number: str
    mutuelle: str = ""
    teletransmission: bool = True
    rib_on_file: bool = True
    iban_on_file: str | None = None
    holder: str | None = None
    people: tuple[Person, ...] = ()


class Claim(Frozen):
    """One request: a line of ``liasse decide``.

    Attributes:
        files: identifiers of the papers.
        message: what the member wrote with the papers.
    """

    id: str
    claim_type: ClaimType
    upload_date: date
    member: Member
    patient: Person
    files: tuple[str, ...] = ()
    message: str | None = None


class Dossier(Frozen):
    """A claim with the readings of its papers: all that a decision may look at.

    Attributes:
        readings: one for each file of the claim, in upload order.
    """

    claim: Claim
    readings: tuple[FileReading, ...] = Field(default=())
